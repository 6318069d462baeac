// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace paretoscope {

/// One subnet of a staged space: a plain value of 102 bytes that a search copies and compares by the million. Its
/// meaning (which kernel an operator number stands for) is in the SearchSpace that made it.
///
/// Canonical: what depth switches off is zero, so equal subnets compare equal and hash alike. Make one only through the
/// functions of this room, which keep it so.
struct Subnet {
    static constexpr std::size_t kMaxDepths = 18;
    static constexpr std::size_t kMaxWidths = 18;
    static constexpr std::size_t kMaxSlots = 64;

    std::uint16_t resolution = 0;                // pixels; may lie outside the list of the space
    std::array<std::uint8_t, kMaxDepths> depth{}; // the values of OFA's `d`
    std::array<std::uint8_t, kMaxWidths> width{}; // the indices of OFA's `w`; zero where width is not elastic
    std::array<std::uint8_t, kMaxSlots> op{};     // per block position: 0 off, else 1 + kernel index × expansions + expansion index

    bool operator==(const Subnet&) const = default;
    auto operator<=>(const Subnet&) const = default;
};

struct SubnetHash {
    std::size_t operator()(const Subnet& s) const noexcept;
};

} // namespace paretoscope

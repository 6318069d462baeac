// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How an accuracy predictor sees a subnet: a vector of zeros and ones. Two encodings are in use, that of the OFA
// tutorial and that of the `ofa.nas` package; both are given here for any space, as the list of the inputs that are
// one.
#pragma once

#include "space/space.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

enum class EncodingKind {
    Tutorial128, // [k | e | r], resolutions 112 to 224 in steps of 16
    OfaNas, // [r | k | e], block-major (MobileNetArchEncoder)
    OfaNasResNet, // [r | stem | width | e] (ResNetArchEncoder)
};

std::string_view name(EncodingKind kind); // as in a predictor file: "tutorial-128"
/// @throws ValueError naming the encodings that exist.
EncodingKind encodingKindFromName(std::string_view name, const std::string& where);

/// An encoding of one space: a value that does not refer to the space. Blocks that depth switches off have all their
/// inputs zero; depth has no inputs of its own.
class Encoding {
public:
    /// `resolutions` in the order of the one-hot inputs; Tutorial128 takes none but its own eight.
    /// @throws ValueError when the kind does not suit the space, or the list is empty, repeats itself or leaves 1 to
    /// 65535.
    Encoding(EncodingKind kind, const SearchSpace& space, std::vector<int> resolutions, const std::string& where);
    /// The tutorial's encoding. @throws ValueError when the space has not 20 blocks of 3 kernels and 3 expansions.
    static Encoding tutorial(const SearchSpace& space, const std::string& where);

    EncodingKind kind() const { return m_kind; }
    int inputs() const { return m_inputs; }
    /// Inputs beside the resolutions'.
    int architectureInputs() const { return m_inputs - static_cast<int>(m_resolutions.size()); }
    const std::vector<int>& resolutions() const { return m_resolutions; }

    /// Index into `resolutions()`. The tutorial's rule is (r - 112) / 16 without the remainder, so that 170 counts as
    /// 160. @throws ValueError that lists what is known.
    std::size_t resolutionIndex(int resolution) const;
    bool knows(int resolution) const;
    /// The resolution that the encoding takes it for; the same one except in the tutorial's encoding.
    int encodedResolution(int resolution) const { return m_resolutions[resolutionIndex(resolution)]; }

    /// The inputs that are one, ascending. @throws ValueError as resolutionIndex().
    std::vector<int> ones(const Subnet& subnet) const;
    /// The subnet with these inputs. @throws ValueError when no subnet has them.
    Subnet decode(std::span<const int> ones, const SearchSpace& space) const;

    /// Choices as a predictor's first layer gathers them: one term for each operator of each block, each stem and each
    /// width; `terms()[t]` lists the (one or two) inputs that it switches on.
    struct Term {
        int first = 0;
        int second = -1; // none
        bool operator==(const Term&) const = default;
    };
    const std::vector<Term>& terms() const { return m_terms; }
    static constexpr std::size_t kMaxTerms = Subnet::kMaxSlots + Subnet::kMaxWidths + 1;
    /// Writes the terms of a subnet (the resolution is not among them) and returns how many; room for kMaxTerms. The
    /// subnet must lie in the space, the resolution aside; operators beyond it are ignored.
    std::size_t termsOf(const Subnet& subnet, std::uint16_t* terms) const;
    /// Indices into terms(): of an operator (1 and up) of a block, of the stem with or without its residual layer, of a
    /// width. The stem and widths exist for ResNet only.
    std::size_t termOfOp(int slot, int op) const
    {
        return m_firstTermOfSlot[static_cast<std::size_t>(slot)] + static_cast<std::size_t>(op) - 1;
    }
    std::size_t termOfStem(bool residual) const { return m_firstStemTerm + static_cast<std::size_t>(residual); }
    std::size_t termOfWidth(int gene, int index) const
    {
        return m_firstWidthTerm + static_cast<std::size_t>(gene) * m_widthChoices + static_cast<std::size_t>(index);
    }
    /// The input of a resolution index.
    int resolutionInput(std::size_t index) const { return m_firstResolution + static_cast<int>(index); }

    /// Whether the space has the blocks, operators and widths that this was made for.
    bool fits(const SearchSpace& space) const;
    bool operator==(const Encoding&) const = default;

private:
    struct StageChoices { // of the space that this was made for
        int blocks = 0;
        std::vector<int> kernels;
        std::vector<double> expansions;
        bool operator==(const StageChoices&) const = default;
    };
    static std::vector<StageChoices> choicesOf(const SearchSpace& space);
    void layOut(const SearchSpace& space, int firstKernel, int firstExpansion);

    EncodingKind m_kind = EncodingKind::OfaNas;
    std::vector<int> m_resolutions;
    int m_firstResolution = 0;
    int m_inputs = 0;
    std::vector<StageChoices> m_stages;
    std::vector<Term> m_terms;
    std::vector<std::uint16_t> m_firstTermOfSlot;
    std::vector<std::uint8_t> m_opsOfSlot;
    bool m_stem = false;
    std::uint16_t m_firstStemTerm = 0;
    std::uint16_t m_widthGenes = 0;
    std::uint16_t m_widthChoices = 0;
    std::uint16_t m_firstWidthTerm = 0;
};

/// The resolutions of the tutorial's encoding: 112, 128, … 224.
const std::vector<int>& tutorialResolutions();

} // namespace paretoscope

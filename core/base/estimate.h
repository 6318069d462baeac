// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A number that a person is asked to trust: its value, its band, how it came about and from where.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace paretoscope {

/// How a number came about, from best to worst; a total carries the worst kind of its items.
enum class Kind { Measured, Counter, Table, Model, Predicted, Citation, User };

std::string_view name(Kind kind);
/// @throws ValueError naming the kinds that exist.
Kind kindFromName(std::string_view name, const std::string& where);
inline Kind worse(Kind a, Kind b) { return a < b ? b : a; }

/// A value with its band. `low` and `high` are absent where no error is known; the unit stands in the name of the
/// variable that holds the estimate.
struct Estimate {
    double value = 0;
    std::optional<double> low;
    std::optional<double> high;
    Kind kind = Kind::User;
    std::string source;
    bool operator==(const Estimate&) const = default;
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tables that papers print, computed again with our formulas: printed beside computed, and in words where they differ.
#pragma once

#include "base/json.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// How the computed figure meets the printed one.
enum class Agreement { Rounds, Truncated, WithinOnePercent, Differs, NotPrinted, NotComputable };

std::string_view name(Agreement agreement); // "rounds to it", …

struct PaperFigure {
    std::string what; // "kWh", "lb CO2e", …
    std::optional<double> printed;
    std::optional<double> computed; // from the inputs as printed
    std::string remark;
    Agreement agreement = Agreement::NotPrinted;
    /// computed - printed; absent where one is.
    std::optional<double> difference() const;
};

struct PaperRow {
    std::string title;
    std::string inputs;
    std::vector<PaperFigure> figures;
};

struct PaperTable {
    std::string name, title, source;
    std::vector<PaperRow> rows;
    std::vector<std::string> notes; // what is known not to fit, and what to make of the figures
};

/// "strubell", "ofa", "patterson", "carbontracker".
std::vector<std::string> paperTableNames();
/// @throws ValueError that lists the names.
PaperTable paperTable(const std::string& name);
Json toJson(const PaperTable& table);
/// With aligned columns.
std::string paperTableText(const PaperTable& table);

/// A figure whose last printed digit is worth `step`; `percent` allows for inputs that the paper rounded.
PaperFigure comparedFigure(
    std::string what, std::optional<double> printed, std::optional<double> computed, double step, bool percent = false);
PaperTable ofaTable();

} // namespace paretoscope

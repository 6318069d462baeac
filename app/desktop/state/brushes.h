// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Brushes by the names of their columns: those of the metrics ("latency", …), "r" for the resolution and "depth" for the
// number of blocks that are on.
#pragma once

#include "state/table.h"

#include <QString>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace paretoscope::desktop {

inline constexpr std::string_view kResolutionColumn = "r";
inline constexpr std::string_view kDepthColumn = "depth";

/// Nothing for "r", "depth" and names that are none.
std::optional<Metric> metricOfColumn(std::string_view column);

/// Where the numbers of a column stand: looked up once, read often. Of the first device.
class NamedColumn {
public:
    /// Nothing where the table does not have it.
    static std::optional<NamedColumn> find(const Table& table, std::string_view column);
    /// In the metric's own unit; pixels; blocks. The table must be the one it was found in.
    double at(const World& world, const Table& table, std::size_t row) const;

private:
    enum class What { Figure, Resolution, Depth };
    NamedColumn(What what, std::size_t index)
        : m_what(what)
        , m_index(index)
    {
    }
    What m_what;
    std::size_t m_index;
};

/// Within all of them, ends included. A brush on a column that the table does not have asks for nothing, as a limit does:
/// nobody could see why everything is gone.
bool passesBrushes(const World& world, const Table& table, std::size_t row, const std::vector<Brush>& brushes);

/// What somebody typed as a range: "18 20", "18 ms – 20 ms", "0.018 0.02 s", "<20", "≥18". A side that is not named is
/// that of `whole`. A unit at the second number counts for the first, too. Nothing where it is no range.
std::optional<std::pair<double, double>> typedRange(std::optional<Metric> metric, const QString& text, std::pair<double, double> whole);

} // namespace paretoscope::desktop

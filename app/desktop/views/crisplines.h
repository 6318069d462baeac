// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Subnets that are spoken of, as lines over the axes of the parallel coordinates: the suggested one, the selected one, and
// the pins.
#pragma once

#include "state/explorerstate.h"
#include "views/parallelaxes.h"

#include <QPolygonF>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace paretoscope::desktop {

struct CrispLine {
    enum class Role { Pin, Selection, Suggestion };
    Role role;
    char letter; // of a pin
    Subnet subnet;
    bool operator==(const CrispLine&) const = default;
};

class CrispLines {
public:
    /// Whether they are others than before, or `anew`: figures are computed only then. None without a cloud.
    bool follow(const ExplorerState& state, bool anew);

    const std::vector<CrispLine>& lines() const { return m_lines; }
    /// The figures, by line.
    const Table& table() const { return m_table; }
    /// By line; none where an axis is of a figure that is not known.
    std::vector<QPolygonF> over(const AxisLayout& layout) const;
    /// The line that is close enough to be meant.
    std::optional<std::size_t> at(const AxisLayout& layout, const QPointF& point) const;

private:
    std::vector<CrispLine> m_lines;
    std::shared_ptr<const World> m_world;
    Table m_table;
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filter box: "lat<20 & acc>76 & k=7". Terms are joined by & (or "and"); all of them must hold.
#pragma once

#include "state/table.h"

#include <QString>

#include <variant>
#include <vector>

namespace paretoscope::desktop {

struct FilterTerm {
    enum class Sign { Less, LessOrEqual, Greater, GreaterOrEqual, Equal, NotEqual };
    enum class Gene { Resolution, Kernel, Expansion, Depth }; // of any block; depth: of any stage
    std::variant<Metric, Gene> what;
    Sign sign = Sign::Less;
    double value = 0; // in the unit of the metric
    bool operator==(const FilterTerm&) const = default;
};

struct FilterProblem {
    int at = 0; // position in the text
    QString text;
};

class Filter {
public:
    /// Empty text: everything passes. On an error nothing changes and the problem says what and where.
    static std::variant<Filter, FilterProblem> parse(const QString& text);
    const std::vector<FilterTerm>& terms() const { return m_terms; }
    /// A metric that is not known never passes. A gene passes where every block (stage) that is on fulfils it.
    bool passes(const World& world, const Table& table, std::size_t row) const;

private:
    std::vector<FilterTerm> m_terms;
};

} // namespace paretoscope::desktop

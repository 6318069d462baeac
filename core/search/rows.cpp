// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/rows.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cmath>

namespace paretoscope {

void checkRows(std::span<const double> values, std::size_t columns, const char* where)
{
    if (columns == 0 || values.size() % columns != 0)
        throw ValueError({where, "values do not fill their rows", fmt::format("{} values in {} columns", values.size(), columns),
            "a multiple of at least one column"});
    std::size_t nans = 0;
    for (const double v : values)
        nans += v != v;
    if (nans == 0)
        return;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isnan(values[i]))
            throw ValueError({where, "not a number", fmt::format("NaN in row {}, column {}", i / columns, i % columns), "numbers"});
}

void checkFiniteRows(std::span<const double> values, std::size_t columns, const char* where)
{
    checkRows(values, columns, where);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isinf(values[i]))
            throw ValueError({where, "not finite", fmt::format("{} in row {}, column {}", values[i], i / columns, i % columns), "finite numbers"});
}

} // namespace paretoscope

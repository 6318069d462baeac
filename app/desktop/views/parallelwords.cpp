// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/parallelwords.h"

#include "state/brushes.h"
#include "state/metrictext.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace paretoscope::desktop {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(paretoscope::desktop::ParallelView)
};

} // namespace

QString titleOf(const AxisColumn& column)
{
    if (column.metric)
        return title(*column.metric);
    return column.name == kResolutionColumn ? Texts::tr("Resolution") : Texts::tr("Depth");
}

QString shownValue(const AxisColumn& column, double value, bool withUnit)
{
    if (column.metric)
        return shown(*column.metric, value, withUnit);
    const auto text = QLocale().toString(value, 'f', value == std::round(value) ? 0 : 1);
    return withUnit && column.name == kResolutionColumn ? Texts::tr("%1 px").arg(text) : text;
}

QString described(const PlacedAxis& axis, const AxisColumn& column, const Question& question)
{
    auto text = Texts::tr("%1 from %2 to %3").arg(titleOf(column), shownValue(column, axis.range.low, false), shownValue(column, axis.range.high, true));
    if (const auto* b = brushOn(column.name, question.brushes))
        text = Texts::tr("%1, brushed from %2 to %3").arg(text, shownValue(column, b->low, false), shownValue(column, b->high, true));
    const auto* limit = column.metric ? question.limit(*column.metric) : nullptr;
    if (limit && limit->on)
        text = isMaximised(*column.metric) ? Texts::tr("%1, limited to at least %2").arg(text, shownValue(column, limit->value, true)) : Texts::tr("%1, limited to at most %2").arg(text, shownValue(column, limit->value, true));
    return axis.flipped ? Texts::tr("%1, flipped").arg(text) : text;
}

} // namespace paretoscope::desktop

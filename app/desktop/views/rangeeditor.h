// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A range that is typed over an axis. It is there until Enter takes it, Escape gives it up, or the focus goes on.
#pragma once

#include "state/metrictext.h"

#include <QLineEdit>

#include <optional>
#include <utility>

namespace paretoscope::desktop {

class RangeEditor : public QLineEdit {
    Q_OBJECT
public:
    using Range = std::pair<double, double>; // low and high, in the metric's own unit

    explicit RangeEditor(QWidget* parent);

    /// In which unit numbers are, and what a side that is not named is.
    void setMeaning(std::optional<Metric> metric, const Range& whole);
    /// Around this place of its parent, which has the focus again afterwards.
    void open(const std::optional<Range>& range, const QPoint& centre);
    /// What is wrong stays open, so that it can be mended.
    void finish(bool take);

signals:
    void entered(double low, double high);
    /// There is to be no range.
    void emptied();

protected:
    bool event(QEvent* event) override;

private:
    void mark(bool wrong);

    std::optional<Metric> m_metric;
    Range m_whole;
};

} // namespace paretoscope::desktop

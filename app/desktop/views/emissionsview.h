// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the pinned subnets (else the one that is spoken of) emit: stacked by where it comes from, over the inferences with
// the point from which one has emitted less than another, and what designing nets for many targets costs by other ways.
#pragma once

#include "state/emissions.h"
#include "state/explorerstate.h"

#include <QWidget>

#include <vector>

class QChartView;
class QComboBox;
class QLabel;

namespace paretoscope::desktop {

/// A unit of mass that suits the largest of what is shown.
struct MassUnit {
    const char* name;
    double perKg;
};
MassUnit massUnitFor(double kg);

class EmissionsView : public QWidget {
    Q_OBJECT
public:
    explicit EmissionsView(ExplorerState& state, QWidget* parent = nullptr);

    enum class Right { Inferences, Targets };
    void showRight(Right what);
    /// All that is shown, in words.
    QString summary() const;

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Net {
        QString name; // letter of the pin, or a star
        NetEmissions emissions;
    };
    /// What the figures depend on.
    struct Key {
        std::shared_ptr<const World> world;
        CarbonAssumptions carbon;
        std::vector<std::pair<QString, Subnet>> nets;
        bool operator==(const Key&) const = default;
    };

    void follow(ExplorerState::Changes what);
    void retranslate();
    Key key() const;
    void compute();
    void draw();
    void drawBars();
    void drawInferences();
    void drawTargets();
    QString bandText(const std::optional<Estimate>& kg) const;
    QString assumptions() const;
    QStringList breakEvens() const;

    ExplorerState& m_state;
    Key m_key;
    std::vector<Net> m_nets; // with figures
    QStringList m_reasons;   // why there are none
    bool m_stale = true;     // while it could not be seen
    QChartView *m_bars, *m_lines;
    QComboBox* m_right;
    QLabel* m_words;
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The subnet that is spoken of, block by block: what was chosen, and where its work and its parameters are.
#pragma once

#include "state/explorerstate.h"

#include <QWidget>

class QLabel;
class QTableWidget;

namespace paretoscope::desktop {

class ArchitectureStrip;

class ArchitectureView : public QWidget {
    Q_OBJECT
public:
    explicit ArchitectureView(ExplorerState& state, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void follow(ExplorerState::Changes what);
    void retranslate();
    void fill();

    ExplorerState& m_state;
    std::optional<Subnet> m_shown;
    std::shared_ptr<const World> m_world;
    QLabel* m_heading;
    ArchitectureStrip* m_strip;
    QTableWidget* m_blocks;
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of the subnet under the pointer, beside it.
#pragma once

#include "state/explorerstate.h"

#include <QLabel>

namespace paretoscope::desktop {

class HoverCard : public QLabel {
    Q_OBJECT
public:
    HoverCard(const ExplorerState& state, QWidget* parent);
    /// `at`: of the screen. Nothing hides it.
    void point(const std::optional<Subnet>& subnet, const QPoint& at);

private:
    const ExplorerState& m_state;
};

} // namespace paretoscope::desktop

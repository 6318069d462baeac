// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Version, licence, and whose work and data this stands on.
#pragma once

#include "views/textdialog.h"

namespace paretoscope::desktop {

class ExplorerState;

class AboutDialog : public TextDialog {
    Q_OBJECT
public:
    explicit AboutDialog(const ExplorerState& state, QWidget* parent = nullptr);

private:
    static Page pageOf(const ExplorerState& state);
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One page: what the picture shows, how it is read, which keys do what.
#pragma once

#include "views/textdialog.h"

namespace paretoscope::desktop {

class MainActions;

class HelpDialog : public TextDialog {
    Q_OBJECT
public:
    explicit HelpDialog(const MainActions& actions, QWidget* parent = nullptr);

private:
    static Page pageOf(const MainActions& actions);
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person wants of every window, kept in the settings. Shortcuts are kept by MainActions.
#pragma once

#include "views/theme.h"

#include <QString>

namespace paretoscope::desktop {

struct Preferences {
    Theme theme = Theme::System;
    QString language;               // code; empty: that of the system
    QString grid = QStringLiteral("World"); // of bundles that are opened anew, as GridBook::find
    bool restoreLast = false;       // opens what was open last
    bool operator==(const Preferences&) const = default;
};

/// What the settings have, where they make sense; the rest as it is above.
Preferences loadPreferences();
void savePreferences(const Preferences& preferences);

QString nameOf(Theme theme); // "system", "light", "dark"
Theme themeOf(const QString& name);

} // namespace paretoscope::desktop

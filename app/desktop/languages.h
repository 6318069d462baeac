// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Languages of the window: our texts and Qt's own, switched while it is open.
#pragma once

#include <QString>
#include <QStringList>

namespace paretoscope::desktop {

class Languages {
public:
    /// "en", "de", …: those that the program brings.
    static QStringList codes();
    /// In the language itself: "Deutsch".
    static QString nameOf(const QString& code);
    /// Empty: the system's, English where there is no translation. Every window gets a LanguageChange; numbers follow.
    static void apply(const QString& code);
    /// What is in use.
    static QString current();
    static QString next(); // after the one in use
};

} // namespace paretoscope::desktop

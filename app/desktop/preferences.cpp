// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "preferences.h"

#include "languages.h"

#include "carbon/grid.h"

#include <QSettings>

namespace paretoscope::desktop {

QString nameOf(Theme theme)
{
    switch (theme) {
    case Theme::System: return QStringLiteral("system");
    case Theme::Light: return QStringLiteral("light");
    case Theme::Dark: return QStringLiteral("dark");
    }
    return {};
}

Theme themeOf(const QString& name) { return name == u"light" ? Theme::Light : name == u"dark" ? Theme::Dark : Theme::System; }

Preferences loadPreferences()
{
    const QSettings settings;
    Preferences p;
    p.theme = themeOf(settings.value(QStringLiteral("theme")).toString());
    if (const auto language = settings.value(QStringLiteral("language")).toString(); Languages::codes().contains(language))
        p.language = language;
    const auto grid = settings.value(QStringLiteral("grid"), p.grid).toString();
    try { // another version may know other places
        builtInGrids().find(grid.toStdString());
        p.grid = grid;
    } catch (const Error&) {
    }
    p.restoreLast = settings.value(QStringLiteral("restoreLast"), p.restoreLast).toBool();
    return p;
}

void savePreferences(const Preferences& p)
{
    QSettings settings;
    settings.setValue(QStringLiteral("theme"), nameOf(p.theme));
    settings.setValue(QStringLiteral("language"), p.language);
    settings.setValue(QStringLiteral("grid"), p.grid);
    settings.setValue(QStringLiteral("restoreLast"), p.restoreLast);
}

} // namespace paretoscope::desktop

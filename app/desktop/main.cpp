// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "languages.h"
#include "mainwindow.h"

#include <QApplication>
#include <QCommandLineParser>

int main(int argc, char** argv)
{
    using namespace paretoscope::desktop;
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Paretoscope"));
    QApplication::setOrganizationName(QStringLiteral("Paretoscope"));
    QApplication::setApplicationVersion(QStringLiteral(PARETOSCOPE_VERSION));
    const auto preferences = loadPreferences();
    Languages::apply(preferences.language);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption theme(QStringLiteral("theme"), QApplication::translate("main", "light, dark or system"), QStringLiteral("theme"), nameOf(preferences.theme));
    parser.addOption(theme);
    parser.addPositionalArgument(QStringLiteral("file"), QApplication::translate("main", "A bundle: folder, zip, or the id of a shipped one"));
    parser.process(application);
    applyTheme(application, themeOf(parser.value(theme)));
    MainWindow window;
    window.show();
    if (parser.positionalArguments().isEmpty()) {
        if (preferences.restoreLast)
            QMetaObject::invokeMethod(&window, [&] { window.restoreLast(); }, Qt::QueuedConnection);
    } else {
        QMetaObject::invokeMethod(&window, [&] { window.open(parser.positionalArguments().constFirst()); }, Qt::QueuedConnection); // the window is up first
    }
    return QApplication::exec();
}

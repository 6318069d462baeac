// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "languages.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <memory>

// Resources of a static library are not there until they are asked for; outside of every namespace, as Qt wants it.
static void initTranslations() { Q_INIT_RESOURCE(translations); }

namespace paretoscope::desktop {

namespace {

const QString kFolder = QStringLiteral(":/i18n");
const QString kEnglish = QStringLiteral("en");

struct Installed {
    QString code = kEnglish;
    std::unique_ptr<QTranslator> ours, qts;
};

Installed& installed()
{
    static Installed all;
    return all;
}

void install(std::unique_ptr<QTranslator>& slot, const QString& name, const QString& folder)
{
    if (slot)
        QCoreApplication::removeTranslator(slot.get());
    slot = std::make_unique<QTranslator>();
    if (slot->load(name, folder))
        QCoreApplication::installTranslator(slot.get());
    else
        slot.reset();
}

} // namespace

QStringList Languages::codes()
{
    initTranslations();
    QStringList codes{kEnglish};
    for (const auto& file : QDir(kFolder).entryList({QStringLiteral("paretoscope_*.qm")}))
        if (const auto code = file.section(u'_', 1).section(u'.', 0, 0); !codes.contains(code))
            codes += code;
    return codes;
}

QString Languages::nameOf(const QString& code) { return code == kEnglish ? QStringLiteral("English") : QLocale(code).nativeLanguageName(); }

void Languages::apply(const QString& code)
{
    const QLocale system = QLocale::system();
    auto wanted = code;
    if (wanted.isEmpty()) {
        const auto own = QLocale::languageToCode(system.language());
        wanted = codes().contains(own) ? own : kEnglish;
    }
    auto& all = installed();
    all.code = wanted;
    // The numbers of the system's country, where its language is the one that is shown.
    QLocale::setDefault(QLocale::languageToCode(system.language()) == wanted ? system : wanted == kEnglish ? QLocale(QLocale::English) : QLocale(wanted));
    initTranslations();
    install(all.qts, QStringLiteral("qtbase_") + wanted, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(all.ours, QStringLiteral("paretoscope_") + wanted, kFolder);
}

QString Languages::current() { return installed().code; }

QString Languages::next()
{
    const auto all = codes();
    return all[(all.indexOf(current()) + 1) % all.size()];
}

} // namespace paretoscope::desktop

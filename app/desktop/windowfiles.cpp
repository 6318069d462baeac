// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "windowfiles.h"

#include "picture.h"
#include "sessionkeeper.h"
#include "state/issuelog.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QSettings>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr int kMostRecent = 6;
const QString kRecent = QStringLiteral("recent"), kFolder = QStringLiteral("folder"), kLast = QStringLiteral("last");

QString folder() { return QSettings().value(kFolder).toString(); }

} // namespace

WindowFiles::WindowFiles(QWidget& window, SessionKeeper& keeper, IssueLog& issues)
    : m_window(window)
    , m_keeper(keeper)
    , m_issues(issues)
{
}

QString WindowFiles::browse()
{
    const QFileInfo file(QFileDialog::getOpenFileName(&m_window, tr("Open a bundle or a session"), folder(), tr("Bundles and sessions (bundle.json *.zip *%1)").arg(QLatin1String(kSessionSuffix))));
    return file.fileName() == QStringLiteral("bundle.json") ? file.absolutePath() : file.filePath();
}

void WindowFiles::save() { m_keeper.path().isEmpty() ? saveAs() : void(saveTo(m_keeper.path())); }

void WindowFiles::saveAs()
{
    const QString suffix = QLatin1String(kSessionSuffix);
    auto path = QFileDialog::getSaveFileName(&m_window, tr("Save the session"), folder() + u'/' + tr("session") + suffix, tr("Sessions (*%1)").arg(suffix));
    if (path.isEmpty())
        return;
    if (!path.endsWith(suffix))
        path += suffix;
    if (saveTo(path))
        remember(path);
}

bool WindowFiles::saveTo(const QString& path)
{
    const auto problem = m_keeper.save(path);
    if (problem)
        m_issues.problem(tr("The session was not saved"), tr("The file is as it was before."), tr("Save it at another place."), *problem);
    emit said(problem.value_or(QString()));
    return !problem;
}

void WindowFiles::savePicture(QWidget& widget)
{
    QString filter;
    auto path = QFileDialog::getSaveFileName(&m_window, tr("Save the picture"), folder() + u'/' + tr("picture") + QStringLiteral(".png"), pictureFilter(widget), &filter);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += filter.mid(filter.lastIndexOf(u'.')).chopped(1); // "Pictures (*.png)"
    const auto problem = desktop::savePicture(widget, path);
    if (problem)
        m_issues.problem(tr("The picture was not saved"), tr("There is no such file, or it is as it was before."), tr("Save it at another place."), *problem);
    emit said(problem.value_or(QString()));
}

QStringList WindowFiles::recent() { return QSettings().value(kRecent).toStringList(); }

void WindowFiles::remember(const QString& path)
{
    if (!QFileInfo::exists(path)) // a shipped one has its own button
        return;
    auto paths = recent();
    paths.removeAll(path);
    paths.prepend(path);
    paths.resize(std::min<qsizetype>(paths.size(), kMostRecent));
    QSettings settings;
    settings.setValue(kRecent, paths);
    settings.setValue(kFolder, QFileInfo(path).absolutePath());
    emit recentChanged(paths);
}

QString WindowFiles::last() { return QSettings().value(kLast).toString(); }

void WindowFiles::setLast(const QString& pathOrId) { QSettings().setValue(kLast, pathOrId); }

} // namespace paretoscope::desktop

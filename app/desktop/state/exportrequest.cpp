// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/exportrequest.h"

#include "engine/exportnet.h"
#include "space/subnetjson.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace paretoscope::desktop {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Export)
};

QString line(const QString& program, const QStringList& arguments)
{
    auto words = shellQuoted(program);
    for (const auto& a : arguments)
        words += u' ' + shellQuoted(a);
    return words;
}

} // namespace

QStringList exportFormats()
{
    QStringList names;
    for (const auto format : allExportFormats())
        names += QString::fromStdString(std::string(name(format)));
    return names;
}

QStringList argumentsOf(const SearchSpace& space, const ExportRequest& r)
{
    const auto number = [](double v) { return QString::number(v, 'g', 10); };
    QStringList a{QStringLiteral("export"), QStringLiteral("--bundle"), r.bundle, QStringLiteral("--subnet"), QString::fromStdString(toJson(space, r.subnet).dump())};
    a << QStringLiteral("--format") << r.formats.join(u',');
    if (!r.images.isEmpty())
        a << QStringLiteral("--data") << r.images << QStringLiteral("--recalibrate") << QString::number(r.recalibrate);
    for (const auto& d : r.devices)
        a << QStringLiteral("--device") << QString::fromStdString(d);
    a << QStringLiteral("--grid") << QString::fromStdString(r.carbon.grid) << QStringLiteral("--pue") << number(r.carbon.pue);
    return a << QStringLiteral("--charging-efficiency") << number(r.carbon.chargingEfficiency) << QStringLiteral("--out") << r.folder;
}

QString shellCommand(const QString& program, const SearchSpace& space, const ExportRequest& request) { return line(program, argumentsOf(space, request)); }

QString attachCommand(const QString& program, const QString& bundle)
{
    auto out = bundle;
    if (out.endsWith(QStringLiteral(".zip")))
        out.chop(4);
    return line(program, {QStringLiteral("bundle"), QStringLiteral("attach"), bundle, QStringLiteral("--weights"), QStringLiteral("CHECKPOINT.pth"), QStringLiteral("--out"), freePath(out + QStringLiteral("-with-weights"))});
}

QString shellQuoted(const QString& argument)
{
    static const QRegularExpression harmless(QStringLiteral("\\A[A-Za-z0-9_./,:@%+-]+\\z"));
    if (harmless.match(argument).hasMatch())
        return argument;
    auto inside = argument;
    inside.replace(u'\'', QStringLiteral("'\\''"));
    return u'\'' + inside + u'\'';
}

bool isTaken(const QString& path)
{
    const QFileInfo info(path);
    if (info.isSymLink() && !info.exists())
        return true; // to nowhere
    return info.exists() && !(info.isDir() && QDir(path).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot));
}

QString freePath(const QString& path)
{
    auto free = path;
    for (int i = 2; QFileInfo::exists(free) || QFileInfo(free).isSymLink(); ++i)
        free = path + u'-' + QString::number(i);
    return free;
}

std::optional<QString> takeName(const QString& made, const QString& target, const QString& kept)
{
    QDir here;
    if (QFileInfo::exists(target) && !here.rename(target, kept))
        return Texts::tr("%1 could not be renamed to %2.").arg(target, QFileInfo(kept).fileName());
    if (here.rename(made, target))
        return std::nullopt;
    const bool back = !QFileInfo::exists(kept) || here.rename(kept, target);
    const auto problem = Texts::tr("%1 could not be renamed to %2.").arg(made, QFileInfo(target).fileName());
    return back ? problem : QString(problem + u' ' + Texts::tr("What was there is in %1.").arg(kept));
}

void removeUnfinished(const QString& folder, qint64 pid)
{
    if (pid <= 0)
        return;
    const QFileInfo info(folder);
    const auto begin = QStringLiteral(".%1.%2-").arg(info.fileName()).arg(pid);
    QDir beside(info.absolutePath());
    for (const auto& name : beside.entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot))
        if (name.startsWith(begin) && name.endsWith(QStringLiteral(".part")))
            QDir(beside.filePath(name)).removeRecursively();
}

} // namespace paretoscope::desktop

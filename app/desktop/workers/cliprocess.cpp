// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workers/cliprocess.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStandardPaths>

#include <csignal>
#include <utility>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace paretoscope::desktop {

namespace {

const QString kName = QStringLiteral("paretoscope-cli");
constexpr int kUsage = 2, kInterrupted = 130; // exit codes
constexpr int kQuitMs = 1500;
constexpr qsizetype kMostLines = 40; // of what it says
constexpr qsizetype kLongestLine = 1 << 20;

struct SaidError {
    QString problem, allowed;
};

/// The one line of an error, "where: problem: found X; allowed Y", in its parts.
SaidError errorOf(const QStringList& said)
{
    const QString prefix = kName + QStringLiteral(": ");
    QString text;
    for (const auto& line : said) // the last one: what was said before are messages
        if (line.startsWith(prefix))
            text = line.mid(prefix.size());
    if (text.isEmpty() && !said.isEmpty())
        text = said.constLast();
    static const QRegularExpression parts(QStringLiteral("^(.*?)(?:[:;] allowed (.*))?$"));
    const auto match = parts.match(text);
    return {match.captured(1), match.captured(2)};
}

} // namespace

CliProcess::CliProcess(QObject* parent)
    : QObject(parent)
{
    m_grace.setSingleShot(true);
    m_grace.setInterval(kGraceMs);
#ifdef Q_OS_LINUX
    // Even where this program crashes, the child does not go on by itself.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
#endif
    connect(&m_grace, &QTimer::timeout, &m_process, &QProcess::kill);
    connect(&m_process, &QProcess::started, this, [this] { m_pid = m_process.processId(); });
    connect(&m_process, &QProcess::readyReadStandardError, this, &CliProcess::read);
    connect(&m_process, &QProcess::finished, this, [this](int, QProcess::ExitStatus status) { end(status); });
    // Queued: it may be said from within start().
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart && m_running && m_process.state() == QProcess::NotRunning) // of all others `finished` tells
            finish(CliOutcome::How::Failed, {tr("%1 could not be started.").arg(m_process.program()), tr("It may be damaged, or made for another computer."), tr("Install the program again."), m_process.errorString()});
    }, Qt::QueuedConnection);
}

CliProcess::~CliProcess() { abandon(); }

QString CliProcess::program()
{
    for (const auto& path : {QString(QCoreApplication::applicationDirPath() + u'/' + kName), qEnvironmentVariable("PARETOSCOPE_CLI")})
        if (const QFileInfo file(path); file.isFile() && file.isExecutable())
            return file.absoluteFilePath();
    return QStandardPaths::findExecutable(kName);
}

QString CliProcess::shellProgram()
{
    const auto found = program();
    return found.isEmpty() || !QStandardPaths::findExecutable(kName).isEmpty() ? kName : found;
}

void CliProcess::start(const QStringList& arguments)
{
    if (m_running)
        return;
    m_running = true;
    m_cancelled = false;
    m_pid = 0;
    m_rest.clear();
    m_said.clear();
    m_outcome = {};
    const auto path = program();
    if (path.isEmpty()) {
        QMetaObject::invokeMethod(this, [this] {
            finish(CliOutcome::How::Failed,
                {tr("The program %1 was not found.").arg(kName), tr("It does all that runs nets; the window alone cannot."), tr("Install it beside this program or in PATH, or name it in the environment variable PARETOSCOPE_CLI."), {}});
        }, Qt::QueuedConnection);
        return;
    }
    m_process.start(path, arguments + QStringList{QStringLiteral("--json"), QStringLiteral("--progress"), QStringLiteral("json")}, QIODevice::ReadOnly);
}

void CliProcess::cancel()
{
    if (!m_running || m_cancelled)
        return;
    m_cancelled = true;
    m_process.terminate();
    m_grace.start();
}

void CliProcess::abandon()
{
    m_grace.stop();
    m_running = false;
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(kQuitMs)) {
        m_process.kill();
        m_process.waitForFinished(kQuitMs);
    }
}

void CliProcess::read()
{
    if (!m_running)
        return;
    m_rest += m_process.readAllStandardError();
    qsizetype begin = 0;
    for (qsizetype end; (end = m_rest.indexOf('\n', begin)) >= 0; begin = end + 1)
        take(m_rest.mid(begin, end - begin));
    m_rest.remove(0, begin);
    if (m_rest.size() > kLongestLine) // no line of ours
        m_rest.clear();
}

void CliProcess::take(const QByteArray& line)
{
    if (const auto json = QJsonDocument::fromJson(line).object(); json.contains(u"step")) {
        const auto share = qBound(0.0, json[u"share"].toDouble(), 1.0);
        const auto leftS = json[u"leftS"];
        emit progressed({json[u"step"].toString(), share, share > 0 && leftS.isDouble() ? std::optional(leftS.toDouble()) : std::nullopt});
        return;
    }
    const auto text = QString::fromUtf8(line).trimmed();
    if (text.isEmpty())
        return;
    for (const auto* word : {"warning: ", "note: "})
        if (text.startsWith(QLatin1String(word))) {
            m_outcome.notes += text.mid(static_cast<qsizetype>(qstrlen(word)));
            return;
        }
    m_said += text;
    if (m_said.size() > kMostLines)
        m_said.removeFirst();
}

void CliProcess::end(QProcess::ExitStatus status)
{
    if (!m_running)
        return;
    read();
    if (!m_rest.isEmpty())
        take(std::exchange(m_rest, {}));
    m_outcome.output = m_process.readAllStandardOutput();
    if (status == QProcess::NormalExit && m_process.exitCode() == 0)
        finish(CliOutcome::How::Done); // also where the cancelling came too late
    else
        finish(CliOutcome::How::Failed, failureOf(status));
}

void CliProcess::finish(CliOutcome::How how, const CliFailure& failure)
{
    m_grace.stop();
    m_running = false;
    m_outcome.how = how == CliOutcome::How::Failed && m_cancelled ? CliOutcome::How::Cancelled : how;
    m_outcome.failure = failure;
    m_outcome.pid = m_pid;
    emit finished(m_outcome);
}

CliFailure CliProcess::failureOf(QProcess::ExitStatus status) const
{
    const int code = m_process.exitCode(); // of a crash the signal
    const auto details = m_said.size() > 1 ? m_said.join(u'\n') : QString(); // one line is said already
    const auto memory = tr("Close other programs and try again.");
    if (status == QProcess::CrashExit && code == SIGKILL)
        return {tr("%1 was ended from outside.").arg(kName), tr("The system does so where memory runs out; somebody else may have done it, too."), memory, details};
    if (status == QProcess::CrashExit)
        return {tr("%1 has crashed (signal %2).").arg(kName).arg(code), tr("That is a fault of the program; what is open in this window is not touched."), tr("Try again; where it happens twice, report it with what it has said."), m_said.join(u'\n')};
    if (code == kInterrupted)
        return {tr("%1 was interrupted from outside.").arg(kName), tr("Somebody has ended it, or the session ends."), tr("Try again."), details};
    const auto error = errorOf(m_said);
    const auto what = error.problem.isEmpty() ? tr("%1 ended with code %2 and said nothing.").arg(kName).arg(code) : error.problem + u'.';
    if (code == kUsage)
        return {what, tr("%1 does not know what this window asks for: they are of different versions.").arg(kName), tr("Install both from the same package."), details};
    const auto says = [&](const char* text) { return error.problem.contains(QLatin1String(text), Qt::CaseInsensitive); };
    if (says("No space left") || says("quota exceeded"))
        return {what, tr("The disk is full."), tr("Free some space, or choose a folder on another disk."), details};
    if (says("Permission denied") || says("Read-only file system"))
        return {what, tr("This place is closed to you."), tr("Choose another folder."), details};
    if (says("out of memory"))
        return {what, tr("The computer has not enough memory left."), memory, details};
    return {what, {}, error.allowed.isEmpty() ? tr("Change what it names and try again.") : tr("Allowed: %1.").arg(error.allowed), details};
}

} // namespace paretoscope::desktop

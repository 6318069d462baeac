// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line as a child: what needs LibTorch runs there, so that the window starts fast and survives it.
#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <optional>

namespace paretoscope::desktop {

struct CliProgress {
    QString step;
    double share = 0; // of the step, 0 to 1
    std::optional<double> leftS;
};

/// A sentence each.
struct CliFailure {
    QString what, means, todo;
    QString details; // what the command line has said, as it stands, where that is more
};

struct CliOutcome {
    enum class How { Done, Cancelled, Failed };
    How how = How::Failed;
    QByteArray output;  // of standard output
    QStringList notes;  // warnings and notes, without the word
    CliFailure failure; // where it failed
    qint64 pid = 0;     // of the child that has gone; 0: there was none
};

class CliProcess : public QObject {
    Q_OBJECT
public:
    explicit CliProcess(QObject* parent = nullptr);
    /// As abandon().
    ~CliProcess() override;

    /// Beside this program, else what PARETOSCOPE_CLI names, else in PATH. Empty where it is not found.
    static QString program();
    /// What to write in a shell: the bare name where PATH has it.
    static QString shellProgram();

    /// Adds `--json --progress json`. `finished` comes in any case but abandon(), never from within. While one runs
    /// nothing happens.
    void start(const QStringList& arguments);
    /// Asks it to stop; what has not gone after the grace is ended.
    void cancel();
    /// The same, and waits for it, for a second or two: for the end of the program. `finished` does not come.
    void abandon();
    bool running() const { return m_running; }
    qint64 pid() const { return m_pid; } // of what runs or ran last
    void setGrace(int ms) { m_grace.setInterval(ms); }

    static constexpr int kGraceMs = 5000;

signals:
    void progressed(const paretoscope::desktop::CliProgress& progress);
    void finished(const paretoscope::desktop::CliOutcome& outcome);

private:
    void read();
    void take(const QByteArray& line);
    void end(QProcess::ExitStatus status);
    void finish(CliOutcome::How how, const CliFailure& failure = {});
    CliFailure failureOf(QProcess::ExitStatus status) const;

    QProcess m_process;
    QTimer m_grace;
    QByteArray m_rest;  // of a line of standard error
    QStringList m_said; // lines that are no progress
    CliOutcome m_outcome;
    qint64 m_pid = 0;
    bool m_running = false, m_cancelled = false;
};

} // namespace paretoscope::desktop

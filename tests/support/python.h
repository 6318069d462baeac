// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>

#include <string>

namespace testing {

/// A Python that can import torch, if there is one.
class Python {
public:
    Python()
    {
        for (const char* program : {"python3", "/usr/bin/python3"}) {
            m_program = program;
            if (run("import torch"))
                return;
        }
        m_program.clear();
    }
    bool found() const { return !m_program.isEmpty(); }

    bool run(const std::string& script, const QStringList& arguments = {})
    {
        QProcess process;
        process.start(m_program, QStringList{"-c", QString::fromStdString(script)} + arguments);
        process.waitForFinished(120'000);
        error = process.readAllStandardError();
        output = QString::fromUtf8(process.readAllStandardOutput());
        return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0
            && process.error() == QProcess::UnknownError;
    }

    QByteArray error;
    QString output;

private:
    QString m_program;
};

} // namespace testing

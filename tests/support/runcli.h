// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"

#include <QProcess>
#include <QStringList>

#include <string>

namespace testing {

/// What a user's script sees of one run of the command line.
struct Outcome {
    int code = -1; // -1: it crashed or hung
    std::string out;
    std::string err;
    paretoscope::Json json() const { return paretoscope::parseJson(out, "standard output"); }
};

inline Outcome runCli(const QStringList& arguments, const std::string& input = {})
{
    QProcess p;
    p.start(QStringLiteral(PARETOSCOPE_CLI), arguments);
    p.write(input.data(), static_cast<qint64>(input.size()));
    p.closeWriteChannel();
    if (!p.waitForFinished(120'000))
        p.kill();
    return {p.exitStatus() == QProcess::NormalExit ? p.exitCode() : -1, p.readAllStandardOutput().toStdString(), p.readAllStandardError().toStdString()};
}

} // namespace testing

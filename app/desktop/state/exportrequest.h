// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is to be exported, as a value: the arguments of `paretoscope-cli export`, the same as a line for a shell, and the
// names of folders, so that nothing that is there already is lost.
#pragma once

#include "state/question.h"

#include "space/space.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace paretoscope::desktop {

struct ExportRequest {
    QString bundle; // path or id
    Subnet subnet;
    QStringList formats; // as of the command line
    QString folder;      // to be made
    QString images;      // folder of the data set; empty: nothing is recalibrated or measured
    int recalibrate = 2000; // training images; 0: accuracy is measured only
    std::vector<std::string> devices; // for the model card: ids; empty: all of the bundle
    CarbonAssumptions carbon;
    bool operator==(const ExportRequest&) const = default;
};

/// All that the command line writes, in its order.
QStringList exportFormats();
QStringList argumentsOf(const SearchSpace& space, const ExportRequest& request);
/// For a POSIX shell; `program` does the same without the window.
QString shellCommand(const QString& program, const SearchSpace& space, const ExportRequest& request);
/// The line that adds weights to a bundle that has none. The checkpoint is left to be filled in.
QString attachCommand(const QString& program, const QString& bundle);
/// In single quotes where it needs them.
QString shellQuoted(const QString& argument);

/// Whether writing there would touch something: a file, or a folder that holds something.
bool isTaken(const QString& path);
/// `path`, or the first of `path-2`, `path-3`, … that is not there.
QString freePath(const QString& path);

/// What was written to `made` takes the name `target`; what had it stays under `kept`, a free name. What went wrong;
/// then `target` is as it was, and the new files are in `made`.
std::optional<QString> takeName(const QString& made, const QString& target, const QString& kept);
/// What a command line that had no time to clean up has left beside `folder`; `pid` was its number.
void removeUnfinished(const QString& folder, qint64 pid);

} // namespace paretoscope::desktop

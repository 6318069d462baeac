// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What went wrong, and what to be careful of: with the time, what it means, and what to do. Said once, counted after that.
#pragma once

#include "state/explorerstate.h"

#include <QDateTime>
#include <QObject>
#include <QString>

#include <vector>

namespace paretoscope::desktop {

struct Issue {
    enum class Kind {
        Problem, // something was asked for and did not work
        Guard,   // of the open bundle: what its figures cannot be trusted for
    };
    Kind kind = Kind::Problem;
    QString what, means, todo;
    QString details; // as the core has said it, in English
    QDateTime at;    // of the last time
    int times = 1;
};

class IssueLog : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const std::vector<Issue>& issues() const { return m_issues; } // the latest last
    /// One that was there already moves to the end and is counted.
    void add(Issue issue);
    void problem(const QString& what, const QString& means, const QString& todo, const QString& details = {}) { add({Issue::Kind::Problem, what, means, todo, details, {}, 1}); }
    /// Those of the bundle that is open, in place of those of another one.
    void setGuards(std::vector<Issue> guards);
    void clear();

signals:
    void changed();

private:
    std::vector<Issue> m_issues;
};

/// What a bundle and its devices leave open: no predictor, errors that nobody has measured, warnings of the device.
std::vector<Issue> guardsOf(const World& world);

/// To send to somebody who can help: program, system, bundle, question, and the issues.
QString reportOf(const std::vector<Issue>& issues, const ExplorerState& state);

} // namespace paretoscope::desktop

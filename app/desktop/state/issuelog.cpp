// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/issuelog.h"

#include "state/session.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <QSysInfo>

#include <algorithm>

namespace paretoscope::desktop {

void IssueLog::add(Issue issue)
{
    issue.at = QDateTime::currentDateTime();
    const auto same = std::find_if(m_issues.begin(), m_issues.end(), [&](const Issue& i) { return i.kind == issue.kind && i.what == issue.what && i.details == issue.details; });
    if (same != m_issues.end()) {
        issue.times = same->times + 1;
        m_issues.erase(same);
    }
    m_issues.push_back(std::move(issue));
    emit changed();
}

void IssueLog::setGuards(std::vector<Issue> guards)
{
    std::erase_if(m_issues, [](const Issue& i) { return i.kind == Issue::Kind::Guard; });
    for (auto& guard : guards) {
        guard.kind = Issue::Kind::Guard;
        guard.at = QDateTime::currentDateTime();
        m_issues.push_back(std::move(guard));
    }
    emit changed();
}

void IssueLog::clear()
{
    m_issues.clear();
    emit changed();
}

std::vector<Issue> guardsOf(const World& world)
{
    std::vector<Issue> guards;
    const auto guard = [&](const QString& what, const QString& means, const QString& todo, const QString& details = {}) { guards.push_back({Issue::Kind::Guard, what, means, todo, details, {}, 1}); };
    const auto* predictor = world.bundle->predictor();
    if (!predictor) {
        guard(IssueLog::tr("The bundle has no accuracy predictor"), IssueLog::tr("Top-1 of its subnets is not known, and no front can be searched for."),
            IssueLog::tr("Fit one to measured subnets with “paretoscope-cli fit-predictor”, or open another bundle."));
    } else {
        if (!predictor->bands)
            guard(IssueLog::tr("The error of the accuracy predictor was not measured"), IssueLog::tr("Top-1 is shown without an interval: nobody knows how far off it may be."),
                IssueLog::tr("Measure some subnets and fit the predictor to them, with some left out."));
        if (!predictor->optimism)
            guard(IssueLog::tr("It is not known how optimistic the predictor is of what it picks"), IssueLog::tr("The best subnets by a prediction are, on average, less good than it says."),
                IssueLog::tr("Measure the subnet that you choose before you rely on it."));
    }
    for (const auto& known : world.devices) {
        const auto& device = known.device;
        const auto title = QString::fromStdString(device.title);
        if (!device.error)
            guard(IssueLog::tr("The error of the latencies of %1 was not measured").arg(title), IssueLog::tr("They are shown without an interval."), IssueLog::tr("Compare some whole nets on the device with what is predicted."));
        auto warnings = device.warnings;
        for (const auto& range : device.errors)
            if (range.space == world.space().id)
                warnings.insert(warnings.end(), range.warnings.begin(), range.warnings.end());
        for (const auto& warning : warnings)
            guard(IssueLog::tr("%1 comes with a warning").arg(title), IssueLog::tr("Figures of this device are to be read with it in mind."), IssueLog::tr("Look at the details."), QString::fromStdString(warning));
        if (!world.knows({Metric::EnergyJ, 0}))
            guard(IssueLog::tr("The energy of %1 is not known").arg(title), IssueLog::tr("Neither energy nor emissions of an inference can be shown or limited."), IssueLog::tr("Choose a device whose power is known."));
    }
    return guards;
}

QString reportOf(const std::vector<Issue>& issues, const ExplorerState& state)
{
    // In English throughout the head: it goes to those who mend the program.
    QStringList lines{QStringLiteral("Paretoscope %1, Qt %2, %3").arg(QCoreApplication::applicationVersion(), QString::fromLatin1(qVersion()), QSysInfo::prettyProductName())};
    if (const auto& world = state.world()) {
        lines += QStringLiteral("Bundle: %1").arg(QString::fromStdString(world->bundle->id));
        Session session;
        session.bundle = session.bundleId = world->bundle->id;
        session.spaceId = world->space().id;
        session.question = state.question();
        lines += QStringLiteral("Question: %1").arg(QString::fromStdString(toJson(session, world->space()).dump()));
    } else {
        lines += QStringLiteral("No bundle is open.");
    }
    for (const auto& issue : issues) {
        lines += QString();
        lines += QStringLiteral("%1 · %2%3").arg(issue.at.toString(Qt::ISODate), issue.what, issue.times > 1 ? QStringLiteral(" (×%1)").arg(issue.times) : QString());
        for (const auto& text : {issue.means, issue.todo, issue.details})
            if (!text.isEmpty())
                lines += QStringLiteral("  ") + text;
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace paretoscope::desktop

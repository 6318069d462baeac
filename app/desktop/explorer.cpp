// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "explorer.h"

#include <tuple>
#include <utility>

namespace paretoscope::desktop {

namespace {

/// What the figures depend on.
bool sameWorld(const Question& a, const Question& b)
{
    const auto factors = [](const CarbonAssumptions& c) { return std::tie(c.grid, c.pue, c.chargingEfficiency); };
    return a.devices == b.devices && factors(a.carbon) == factors(b.carbon);
}

/// What the front depends on, besides.
bool sameSearch(const Question& a, const Question& b)
{
    const auto active = [](const Question& q) {
        std::vector<MetricLimit> on;
        for (const auto& l : q.limits)
            if (l.on)
                on.push_back(l);
        return on;
    };
    return a.axes.x == b.axes.x && a.axes.y == b.axes.y && active(a) == active(b);
}

} // namespace

Explorer::Explorer(QObject* parent)
    : QObject(parent)
{
    connect(&m_state, &ExplorerState::changed, this, &Explorer::follow);
    connect(&m_loader, &Loader::opened, this, &Explorer::take);
    connect(&m_loader, &Loader::failed, this, [this](const QString& what, const QString& message) {
        if (m_opening && !m_state.world())
            m_state.setPhase(Phase::Empty);
        else
            m_state.setFailure(message);
        m_opening = false;
        emit loadingFailed(what, message);
    });
    connect(&m_loader, &Loader::cancelled, this, [this] {
        const bool opening = std::exchange(m_opening, false);
        if (!m_state.world())
            m_state.setPhase(Phase::Empty);
        else if (opening)
            search(); // it was stopped for the opening
        else
            m_state.setPhase(Phase::Stale); // searching again builds the world first
    });
    connect(&m_searcher, &Searcher::progressed, &m_state, &ExplorerState::setProgress);
    connect(&m_searcher, &Searcher::answered, this, [this](const std::shared_ptr<const Answer>& answer) {
        m_state.setAnswer(answer);
        m_refiner.ask(answer);
    });
    connect(&m_refiner, &Refiner::refined, &m_state, &ExplorerState::setSecond);
    connect(&m_refiner, &Refiner::progressed, &m_state, &ExplorerState::addTrace);
    connect(&m_searcher, &Searcher::failed, this, [this](const QString& message) {
        m_state.setFailure(message);
        emit searchFailed(message);
    });
}

void Explorer::open(const std::string& pathOrId, const std::optional<Question>& question)
{
    m_searcher.cancel();
    m_refiner.cancel();
    m_opening = true;
    m_state.setPhase(Phase::Loading);
    m_loader.open(pathOrId, question);
}

void Explorer::close()
{
    m_loader.cancel(); // first: what it stops may search
    m_searcher.cancel();
    m_refiner.cancel();
    m_source.clear();
    m_seen = m_built = {};
    m_state.close();
}

void Explorer::take(const std::shared_ptr<const Opened>& opened)
{
    m_taking = true;
    m_built = opened->question;
    if (m_opening) {
        m_source = opened->from;
        m_seen = opened->question;
        m_state.open(opened->world, opened->cloud, opened->question);
    } else {
        // An axis that this device knows nothing of shows nothing.
        if (const auto x = opened->question.axes.x; !opened->world->knows({m_state.question().axes.x, 0}))
            m_state.change(tr("Axis"), "", [x](Question& q) { q.axes.x = x; });
        m_seen = m_state.question();
        m_state.setWorld(opened->world, opened->cloud);
    }
    m_opening = false;
    m_taking = false;
    if (!opened->session.empty())
        emit sessionOpened(QString::fromStdString(opened->session));
    search();
}

void Explorer::follow(ExplorerState::Changes what)
{
    if (m_taking || m_opening || !(what & ExplorerState::QuestionChanged) || !m_state.world())
        return;
    const auto& q = m_state.question();
    const bool world = !sameWorld(q, m_seen), asked = !sameSearch(q, m_seen);
    m_seen = q;
    if (world) {
        m_searcher.cancel();
        m_refiner.cancel();
        m_state.setPhase(Phase::Stale);
        m_loader.rebuild(m_state.world()->bundle, m_source, q);
    } else if (asked) {
        search();
    }
}

void Explorer::search()
{
    if (!m_state.world())
        return;
    if (!sameWorld(m_state.question(), m_built)) { // figures of another device or grid are no answer
        m_state.setPhase(Phase::Stale);
        if (!m_loader.busy()) // else it searches when it is done
            m_loader.rebuild(m_state.world()->bundle, m_source, m_state.question());
        return;
    }
    m_refiner.cancel(); // it looks at an answer that is on its way out
    m_state.setPhase(Phase::Searching);
    m_searcher.ask(m_state.world(), m_state.question());
}

void Explorer::stop()
{
    if (m_loader.busy())
        m_loader.cancel();
    else if (m_searcher.busy())
        m_searcher.finish();
    else
        m_refiner.cancel();
}

} // namespace paretoscope::desktop

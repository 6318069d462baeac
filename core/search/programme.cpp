// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/programme.h"

#include <algorithm>
#include <limits>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

} // namespace

Programme::Programme(const SearchTask& task, const LanePlan& plan, std::size_t resolutionIndex, double trim, const std::function<bool()>& stopped)
    : m_task(task)
    , m_space(task.problem->space())
    , m_plan(plan)
    , m_values(task, plan.lanes, resolutionIndex)
    , m_lanes(plan.lanes.size())
    , m_states(m_space.isResNet() ? static_cast<std::size_t>(m_space.widthChoices()) : 1)
    , m_stopped(stopped)
{
    m_genes.resolution = static_cast<std::uint16_t>(task.resolutions()[resolutionIndex]);
    for (const auto& lane : plan.lanes) {
        m_rule.join.push_back(lane.join);
        m_rule.cap.push_back(lane.cap);
    }
    m_rule.stopped = stopped;
    m_rule.floor.assign(m_lanes, 0.0);
    m_trim = trim;
}

ParetoList Programme::run()
{
    listStages();
    boundRemainders();
    auto lists = startLists();
    for (std::size_t stage = 0; stage < m_space.stages.size(); ++stage)
        lists = advance(stage, lists);
    m_rule.cap = caps();
    m_rule.trim = 0;
    std::vector<ParetoList> totals;
    for (std::size_t w = 0; w < m_states; ++w) {
        totals.push_back(std::move(lists[w]));
        auto& total = totals.back();
        for (std::size_t l = 0; l < m_lanes; ++l)
            for (double& v : total.lane[l])
                v = m_plan.lanes[l].join == Join::Sum ? v + m_ends[w][l] : std::max(v, m_ends[w][l]);
    }
    auto all = unite(totals, m_rule);
    m_last.clear();
    for (std::size_t i = 0; i < all.size(); ++i)
        m_last.emplace_back(static_cast<std::uint8_t>(all.right[i]), all.left[i]);
    for (std::size_t i = 0; i < all.size(); ++i)
        all.left[i] = static_cast<std::uint32_t>(i);
    return all;
}

Subnet Programme::subnet(std::size_t index) const
{
    auto [state, entry] = m_last[index];
    Subnet s = m_genes;
    for (std::size_t stage = m_space.stages.size(); stage-- > 0;) {
        const auto& step = m_steps[stage][state];
        const auto before = step.previousState[entry];
        putStage(m_space, s, stage, m_stageLists[stage][before * m_states + state].code[step.stageEntry[entry]]);
        if (m_space.isResNet())
            s.width[stage + 2] = state;
        entry = step.previous[entry];
        state = before;
    }
    const auto& start = m_starts[m_startOf[state][entry]];
    s.width[0] = start.width[0];
    s.width[1] = start.width[1];
    if (m_space.isResNet())
        s.depth[0] = start.depth[0];
    return s;
}

void Programme::askStop() const
{
    if (m_stopped && m_stopped())
        throw SolverStopped{};
}

std::vector<double> Programme::caps() const
{
    std::vector<double> caps;
    for (const auto& lane : m_plan.lanes)
        caps.push_back(lane.cap);
    return caps;
}

Subnet Programme::between(std::size_t stage, std::size_t before, std::size_t after) const
{
    auto s = m_genes;
    if (m_space.isResNet()) {
        s.width[stage + 1] = static_cast<std::uint8_t>(before);
        s.width[stage + 2] = static_cast<std::uint8_t>(after);
    }
    return s;
}

void Programme::listStages()
{
    const auto rule = uncapped();
    const StageLister lister(m_task, m_values, rule);
    m_stageLists.resize(m_space.stages.size());
    for (std::size_t stage = 0; stage < m_space.stages.size(); ++stage)
        for (std::size_t before = 0; before < m_states; ++before)
            for (std::size_t after = 0; after < m_states; ++after) {
                askStop();
                m_stageLists[stage].push_back(lister.list(stage, between(stage, before, after)));
            }
}

MergeRule Programme::uncapped() const
{
    auto rule = m_rule;
    std::fill(rule.cap.begin(), rule.cap.end(), kInfinity);
    rule.trim = 0;
    return rule;
}

void Programme::boundRemainders()
{
    for (std::size_t w = 0; w < m_states; ++w) {
        auto genes = m_genes;
        if (m_space.isResNet())
            genes.width[m_space.stages.size() + 1] = static_cast<std::uint8_t>(w);
        m_ends.emplace_back(m_lanes, 0.0);
        m_values.end(genes, m_ends.back());
    }
    m_least.assign(m_space.stages.size() + 1, {});
    m_least.back() = m_ends;
    for (std::size_t stage = m_space.stages.size(); stage-- > 0;) {
        m_least[stage].assign(m_states, std::vector<double>(m_lanes, kInfinity));
        for (std::size_t before = 0; before < m_states; ++before)
            for (std::size_t after = 0; after < m_states; ++after) {
                const auto& list = m_stageLists[stage][before * m_states + after].list;
                for (std::size_t l = 0; l < m_lanes && list.size() > 0; ++l) {
                    const double least = *std::min_element(list.lane[l].begin(), list.lane[l].end());
                    auto& slot = m_least[stage][before][l];
                    const double rest = m_least[stage + 1][after][l];
                    slot = std::min(slot, m_rule.join[l] == Join::Sum ? least + rest : std::max(least, rest));
                }
            }
    }
}

std::vector<ParetoList> Programme::startLists()
{
    const auto add = [&](Subnet genes) { m_starts.push_back(genes); };
    if (!m_space.isResNet())
        add(m_genes);
    else
        for (const auto stem : m_task.allowed.depths(0))
            for (int w0 = 0; w0 < m_space.widthChoices(); ++w0)
                for (int w1 = 0; w1 < m_space.widthChoices(); ++w1) {
                    auto genes = m_genes;
                    genes.depth[0] = stem;
                    genes.width[0] = static_cast<std::uint8_t>(w0);
                    genes.width[1] = static_cast<std::uint8_t>(w1);
                    add(genes);
                }
    std::vector<ParetoList> lists;
    m_startOf.resize(m_states);
    for (std::size_t w = 0; w < m_states; ++w) {
        ParetoList list(m_lanes);
        for (std::size_t i = 0; i < m_starts.size(); ++i) {
            if (m_space.isResNet() && m_starts[i].width[1] != w)
                continue;
            std::vector<double> row(m_lanes, 0.0);
            m_values.start(m_starts[i], row);
            if (std::none_of(row.begin(), row.end(), [](double v) { return v == kInfinity; }))
                list.add(row, static_cast<std::uint32_t>(i), 0);
        }
        setCaps(0, w);
        lists.push_back(unite({&list, 1}, m_rule));
        for (std::size_t i = 0; i < lists.back().size(); ++i)
            m_startOf[w].push_back(list.left[lists.back().left[i]]);
    }
    return lists;
}

void Programme::setCaps(std::size_t stage, std::size_t state)
{
    for (std::size_t l = 0; l < m_lanes; ++l) {
        const double rest = m_least[stage][state][l];
        m_rule.cap[l] = m_rule.join[l] == Join::Sum ? m_plan.lanes[l].cap - rest : rest > m_plan.lanes[l].cap ? -kInfinity : m_plan.lanes[l].cap;
        m_rule.floor[l] = m_rule.join[l] == Join::Sum && std::isfinite(rest) ? rest : 0;
    }
}

std::vector<ParetoList> Programme::advance(std::size_t stage, const std::vector<ParetoList>& before)
{
    m_steps.emplace_back(m_states);
    std::vector<ParetoList> after;
    for (std::size_t w = 0; w < m_states; ++w) {
        askStop();
        setCaps(stage + 1, w);
        m_rule.trim = stage > 0 ? m_trim : 0;
        std::vector<ParetoList> lists;
        for (std::size_t b = 0; b < m_states; ++b) {
            const auto& options = m_stageLists[stage][b * m_states + w].list;
            lists.push_back(before[b].size() > 0 && options.size() > 0 ? mergeLists(before[b], options, m_rule) : ParetoList(m_lanes));
        }
        askStop();
        auto& step = m_steps.back()[w];
        if (m_states == 1) {
            step.previous = std::move(lists[0].left);
            step.stageEntry = std::move(lists[0].right);
            step.previousState.assign(step.previous.size(), 0);
            after.push_back(std::move(lists[0]));
            after.back().left.resize(step.previous.size());
            after.back().right.resize(step.previous.size());
            continue;
        }
        m_rule.trim = 0;
        auto all = unite(lists, m_rule);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto from = all.right[i];
            step.previous.push_back(lists[from].left[all.left[i]]);
            step.stageEntry.push_back(lists[from].right[all.left[i]]);
            step.previousState.push_back(static_cast<std::uint8_t>(from));
        }
        after.push_back(std::move(all));
    }
    return after;
}

} // namespace paretoscope

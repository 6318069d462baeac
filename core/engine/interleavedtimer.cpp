// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interleavedtimer.h"

#include "base/random.h"
#include "engine/timingsummary.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <utility>

namespace paretoscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kFewestToForecast = 4;  // rounds from which the number of rounds is foretold
constexpr double kMakingShare = 0.15; // of a group's time, about
constexpr int kPasses = 3; // of a chain; the last counts
constexpr std::chrono::milliseconds kBetweenReports{50};

/// Asks often enough that stopping is prompt, and seldom enough that it disturbs nothing.
class Pulse {
public:
    explicit Pulse(const OnStep& onStep)
        : m_onStep(onStep)
    {
    }

    void beat(const std::string& step, double share)
    {
        m_share = std::max(m_share, std::min(share, 1.0)); // a forecast that gets longer does not turn it back
        const auto now = Clock::now();
        if (m_last && now - *m_last < kBetweenReports)
            return;
        m_last = now;
        reportStep(m_onStep, step, m_share);
    }

private:
    const OnStep& m_onStep;
    double m_share = 0;
    std::optional<Clock::time_point> m_last;
};

std::vector<std::size_t> shuffled(std::vector<std::size_t> order, Random random)
{
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    return order;
}

/// One group: what is in memory, what was measured, how far it is.
class GroupTimer {
public:
    GroupTimer(const std::vector<TimedItem>& items, std::vector<std::unique_ptr<TimedRun>>& runs, const TimingOptions& options, int group, int groups, Pulse& pulse)
        : m_items(items)
        , m_runs(runs)
        , m_options(options)
        , m_group(group)
        , m_groups(groups)
        , m_pulse(pulse)
    {
        for (const auto& item : items)
            m_groupOfItem.push_back(item.group);
        m_mine = itemsOfGroup(m_groupOfItem, group);
    }

    void time(std::vector<TimingRound> done, const std::function<void(const TimingRound&)>& onRound)
    {
        m_rounds = std::move(done);
        m_expected = expectedRounds();
        if (complete())
            return;
        make();
        for (int i = 0; i < m_options.warmUpRounds; ++i)
            runRound();
        while (!complete()) {
            m_rounds.push_back(runRound());
            m_expected = expectedRounds();
            onRound(m_rounds.back());
        }
        for (const auto i : m_mine)
            if (m_items[i].group != kEveryGroup)
                m_runs[i].reset();
    }

private:
    bool complete() const { return static_cast<int>(m_rounds.size()) >= m_expected; }

    // Standard errors fall with the root of the number of rounds.
    int expectedRounds() const
    {
        const auto n = static_cast<int>(m_rounds.size());
        if (n < kFewestToForecast)
            return m_options.mostRounds;
        const double overTarget = standardErrorPercent(summarise(m_groupOfItem, m_rounds)) / m_options.targetPercent;
        const double needed = std::ceil(n * overTarget * overTarget);
        return static_cast<int>(std::clamp<double>(needed, std::min(m_options.leastRounds, m_options.mostRounds), m_options.mostRounds));
    }

    void beat(const std::string& doing, double shareOfGroup)
    {
        const auto where = m_groups > 1 ? fmt::format("group {} of {}, ", m_group + 1, m_groups) : std::string();
        m_pulse.beat(where + doing, (m_group + shareOfGroup) / m_groups);
    }

    void make()
    {
        for (std::size_t k = 0; k < m_mine.size(); ++k) {
            beat(fmt::format("preparing {} of {}", k + 1, m_mine.size()), kMakingShare * static_cast<double>(k) / static_cast<double>(m_mine.size()));
            if (auto& run = m_runs[m_mine[k]]; !run)
                run = m_items[m_mine[k]].make();
        }
    }

    /// Places of items in a round.
    using Chain = std::vector<std::size_t>;

    std::vector<Chain> drawChains() const
    {
        std::vector<std::size_t> places(m_mine.size());
        std::iota(places.begin(), places.end(), std::size_t(0));
        // Another seed each time, so that what is resumed does not repeat an order.
        const auto turn = static_cast<std::uint64_t>(m_group) << 32 | m_rounds.size() << 8 | m_begun;
        std::vector<Chain> chains;
        Chain open;
        for (const auto place : shuffled(std::move(places), Random(mix64(m_options.seed) ^ mix64(turn)))) {
            if (m_items[m_mine[place]].alone) {
                chains.push_back({place});
                continue;
            }
            open.push_back(place);
            if (open.size() >= static_cast<std::size_t>(m_options.chain))
                chains.push_back(std::exchange(open, {}));
        }
        if (!open.empty())
            chains.push_back(std::move(open));
        return chains;
    }

    TimingRound runRound()
    {
        const auto chains = drawChains();
        ++m_begun;
        TimingRound round{m_group, std::vector<double>(m_mine.size())};
        std::size_t done = 0;
        for (const auto& chain : chains)
            for (int pass = 0; pass < kPasses; ++pass)
                for (const auto place : chain) {
                    beatInRound(static_cast<double>(done++) / static_cast<double>(kPasses * m_mine.size()));
                    round.ms[place] = m_runs[m_mine[place]]->runMs();
                }
        return round;
    }

    void beatInRound(double shareOfRound)
    {
        const auto rounds = static_cast<double>(m_rounds.size());
        const auto doing = m_begun <= static_cast<unsigned>(m_options.warmUpRounds) ? std::string("warming up") : fmt::format("round {} of about {}", m_rounds.size() + 1, m_expected);
        beat(doing, kMakingShare + (1 - kMakingShare) * (rounds + shareOfRound) / m_expected);
    }

    const std::vector<TimedItem>& m_items;
    std::vector<std::unique_ptr<TimedRun>>& m_runs;
    const TimingOptions& m_options;
    int m_group;
    int m_groups;
    Pulse& m_pulse;
    std::vector<int> m_groupOfItem;
    std::vector<std::size_t> m_mine;
    std::vector<TimingRound> m_rounds;
    int m_expected = 0;
    unsigned m_begun = 0; // rounds of this process, warming up included
};

} // namespace

std::vector<std::size_t> itemsOfGroup(std::span<const int> groupOfItem, int group)
{
    std::vector<std::size_t> mine;
    for (std::size_t i = 0; i < groupOfItem.size(); ++i)
        if (groupOfItem[i] == kEveryGroup || groupOfItem[i] == group)
            mine.push_back(i);
    return mine;
}

void timeInterleaved(const std::vector<TimedItem>& items, const TimingOptions& options, const std::vector<TimingRound>& done,
    const std::function<void(const TimingRound&)>& onRound, const OnStep& onStep)
{
    int groups = 1;
    for (const auto& item : items)
        groups = std::max(groups, item.group + 1);
    Pulse pulse(onStep);
    std::vector<std::unique_ptr<TimedRun>> runs(items.size());
    for (int g = 0; g < groups; ++g) {
        std::vector<TimingRound> doneHere;
        std::copy_if(done.begin(), done.end(), std::back_inserter(doneHere), [&](const TimingRound& r) { return r.group == g; });
        GroupTimer(items, runs, options, g, groups, pulse).time(std::move(doneHere), onRound);
    }
}

} // namespace paretoscope

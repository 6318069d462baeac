// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/sampleplan.h"

#include "base/error.h"
#include "base/random.h"
#include "space/costtable.h"
#include "space/stratified.h"

#include <fmt/format.h>

#include <unordered_set>

namespace paretoscope {

namespace {

constexpr int kTries = 200; // for a subnet that is not there yet

class Planner {
public:
    Planner(const std::shared_ptr<const Parts>& parts, const SamplePlan& plan)
        : m_space(parts->space())
        , m_plan(plan)
        , m_subnets(plan.seed)
        , m_marks(mix64(plan.seed))
    {
        const auto macs = CostTable::macs(parts, m_space.resolutions);
        for (const int r : m_space.resolutions)
            m_samplers.emplace_back(macs, r);
    }

    std::vector<Sample> run()
    {
        for (const auto& end : {m_space.smallest(), m_space.largest()})
            for (const int r : m_space.resolutions) {
                auto s = end;
                s.resolution = static_cast<std::uint16_t>(r);
                add(s, kTrainMark);
            }
        for (std::size_t i = 0; m_samples.size() < m_plan.count; ++i)
            draw(m_samplers[i % m_samplers.size()]);
        return std::move(m_samples);
    }

private:
    void draw(StratifiedSampler& sampler)
    {
        const double u = m_marks.uniform();
        const auto* mark = u < m_plan.heldOut ? kHeldOutMark : u < m_plan.heldOut + m_plan.calibration ? kCalibrationMark : kTrainMark;
        for (int i = 0; i < kTries; ++i)
            if (add(sampler.draw(m_subnets), mark))
                return;
        throw ValueError({"count", "no further subnet is found that is not among the samples already", fmt::format("{}", m_plan.count), fmt::format("about {} in the space {}", m_samples.size(), m_space.id)});
    }

    bool add(const Subnet& subnet, const char* mark)
    {
        if (m_samples.size() >= m_plan.count || !m_known.insert(subnet).second)
            return false;
        m_samples.push_back({subnet, 0, mark, {}});
        return true;
    }

    const SearchSpace& m_space;
    SamplePlan m_plan;
    Random m_subnets, m_marks;
    std::vector<StratifiedSampler> m_samplers;
    std::unordered_set<Subnet, SubnetHash> m_known;
    std::vector<Sample> m_samples;
};

} // namespace

std::vector<Sample> planSamples(const std::shared_ptr<const Parts>& parts, const SamplePlan& plan)
{
    if (plan.calibration < 0 || plan.heldOut < 0 || plan.calibration + plan.heldOut >= 1)
        throw ValueError({"shares", "nothing is left to train on", fmt::format("calibration {:g}, held out {:g}", plan.calibration, plan.heldOut), "together less than 1"});
    return Planner(parts, plan).run();
}

std::optional<MarkedSamples> MarkedSamples::of(std::span<const Sample> samples)
{
    MarkedSamples m;
    for (const auto& s : samples) {
        auto* part = s.split == kTrainMark ? &m.train : s.split == kCalibrationMark ? &m.calibration : s.split == kHeldOutMark ? &m.heldOut : nullptr;
        if (!part)
            return std::nullopt;
        part->push_back(s);
    }
    if (m.train.empty() || m.calibration.empty() || m.heldOut.empty())
        return std::nullopt;
    return m;
}

} // namespace paretoscope

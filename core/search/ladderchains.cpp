// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/ladderchains.h"

#include <algorithm>
#include <cmath>

namespace paretoscope::ladder {

namespace {

constexpr double kResolutionShare = 0.06; // of the proposals
constexpr double kStageShare = 0.06;
constexpr double kWidthShare = 0.15;
constexpr double kJumpShare = 0.10;
constexpr double kSingleShare = 0.4; // of the proposals that change blocks
// Proposals are drawn colder than they are accepted: what the gradient promises most is tried first, and a chain still
// leaves a hill. Measured: 0.3 halves the gap that 1 leaves.
constexpr float kProposalHeat = 0.3f;
constexpr std::size_t kSeen = 1 << 12;

} // namespace

Group::Group(const Engine& engine, std::uint64_t seed)
    : m_engine(&engine)
    , m_random(seed)
    , m_sampler(engine.model)
    , m_seen(kSeen, 0)
    , m_scratch(engine.model.rows().size())
{
}

void Group::reset(std::size_t c, const Subnet& subnet)
{
    auto& chain = chains[c];
    chain.subnet = subnet;
    chain.costs.resize(m_engine->model.rows().size());
    m_engine->model.costs(subnet, chain.costs);
    chain.alive = true;
    m_fresh.push_back(c);
}

bool Group::revive(std::size_t c, const float* gains)
{
    const auto& model = m_engine->model;
    auto& chain = chains[c];
    MoveSampler::Context context;
    context.gains = gains;
    context.budget = chain.budget;
    context.price = chain.price;
    context.temperature = 1e-3f;
    Candidate candidate;
    for (int i = 0; i < 4; ++i) {
        candidate.subnet = model.allowed().uniform(m_random);
        candidate.costs.resize(model.rows().size());
        model.costs(candidate.subnet, candidate.costs);
        if (!m_sampler.repair(candidate, context, m_random))
            continue;
        model.costs(candidate.subnet, candidate.costs);
        if (!m_sampler.fits(candidate, chain.budget))
            continue;
        reset(c, candidate.subnet);
        return true;
    }
    return false;
}

void Group::copyFrom(std::size_t c, const Group& other, std::size_t from)
{
    auto& chain = chains[c];
    const auto& source = other.chains[from];
    chain.subnet = source.subnet;
    chain.raw = source.raw;
    chain.costs = source.costs;
    chain.alive = true;
    const auto stride = m_engine->gradient.stride();
    m_gradients.resize(chains.size() * stride);
    std::copy_n(other.m_gradients.data() + from * stride, stride, m_gradients.data() + c * stride);
}

void Group::begin(const RoundPlan& plan)
{
    found.clear();
    values.clear();
    evaluations = 0;
    m_hasFront = plan.front != nullptr;
    if (m_hasFront)
        m_front = *plan.front;
}

void Group::run(const RoundPlan& plan)
{
    const auto& e = *m_engine;
    const auto stride = e.gradient.stride();
    begin(plan);
    m_gradients.resize(chains.size() * stride);
    m_candidates.resize(chains.size());
    m_rows.resize(chains.size() * stride);
    m_raw.resize(chains.size());

    if (!m_fresh.empty()) {
        m_batch.clear();
        std::sort(m_fresh.begin(), m_fresh.end());
        m_fresh.erase(std::unique(m_fresh.begin(), m_fresh.end()), m_fresh.end());
        for (const auto c : m_fresh)
            m_batch.push_back(chains[c].subnet);
        e.gradient.evaluate(m_batch, std::span(m_raw).first(m_batch.size()), m_rows, m_workspace);
        evaluations += m_batch.size();
        for (std::size_t i = 0; i < m_fresh.size(); ++i) {
            auto& chain = chains[m_fresh[i]];
            chain.raw = m_raw[i];
            std::copy_n(m_rows.data() + i * stride, stride, m_gradients.data() + m_fresh[i] * stride);
            keep(chain.subnet, chain.raw, chain.costs, chain.raw);
        }
        m_fresh.clear();
    }
    for (int step = 0; step < plan.steps && !plan.stopped(); ++step) {
        m_batch.clear();
        m_batchChain.clear();
        for (std::size_t c = 0; c < chains.size(); ++c)
            if (chains[c].alive && propose(c, m_candidates[c], plan.temperature)) {
                m_batch.push_back(m_candidates[c].subnet);
                m_batchChain.push_back(c);
            }
        e.gradient.evaluate(
            m_batch, std::span(m_raw).first(m_batch.size()), m_rows, m_workspace, [&](std::size_t i, float raw) {
                const auto c = m_batchChain[i];
                auto& chain = chains[c];
                keep(m_batch[i], raw, m_candidates[c].costs, chain.raw);
                // Equals are taken, so that a chain drifts along a plateau.
                if (raw < chain.raw
                    && raw - chain.raw < plan.temperature * static_cast<float>(std::log(m_random.uniform() + 0x1p-54)))
                    return false;
                chain.subnet = m_batch[i];
                chain.raw = raw;
                chain.costs = m_candidates[c].costs;
                m_batchChain[i] |= std::size_t{1} << 63;
                ++accepted;
                return true;
            });
        for (std::size_t i = 0; i < m_batch.size(); ++i)
            if (const auto c = m_batchChain[i]; c >> 63)
                std::copy_n(
                    m_rows.data() + i * stride, stride, m_gradients.data() + (c & ~(std::size_t{1} << 63)) * stride);
        evaluations += m_batch.size();
        proposals += m_batch.size();
    }
    settle();
}

void Group::evaluate(std::span<const Subnet> subnets, std::size_t columns, const std::function<bool()>& stopped)
{
    constexpr std::size_t kBatch = 240;
    begin({});
    for (std::size_t i = 0; i < subnets.size() && !stopped(); i += kBatch) {
        const auto n = std::min(kBatch, subnets.size() - i);
        found.insert(found.end(), subnets.begin() + static_cast<std::ptrdiff_t>(i),
            subnets.begin() + static_cast<std::ptrdiff_t>(i + n));
        values.resize((i + n) * columns);
        m_engine->evaluator.evaluate(
            subnets.subspan(i, n), std::span(values).subspan(i * columns), m_evaluatorWorkspace);
        evaluations += n;
    }
}

bool Group::propose(std::size_t c, Candidate& candidate, float temperature)
{
    const auto& e = *m_engine;
    const auto& model = e.model;
    const auto& chain = chains[c];
    candidate.subnet = chain.subnet;
    candidate.costs = chain.costs;
    MoveSampler::Context context;
    context.gains = m_gradients.data() + c * e.gradient.stride();
    context.budget = chain.budget;
    context.temperature = temperature * kProposalHeat;
    context.price = chain.price;
    double tightest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < chain.budget.size(); ++k)
        if (const double slack = (chain.budget[k] - chain.costs[k]) / e.rowScale[k];
            slack < tightest && !model.rows()[k].largestPart) {
            tightest = slack;
            context.bindingRow = k;
        }

    double u = m_random.uniform();
    const auto chosen = [&](double share) {
        const bool yes = u < share;
        u -= share;
        return yes;
    };
    bool whole = true; // not a change of single blocks: all costs anew, then back into the budget
    if (model.allowed().resolutions().size() > 1 && chosen(kResolutionShare))
        changeResolution(candidate);
    else if (chains.size() > 1 && chosen(kStageShare)) {
        const auto& donor = chains[m_random.below(chains.size())];
        if (!donor.alive)
            return false;
        model.copyStage(candidate.subnet, donor.subnet, static_cast<int>(m_random.below(model.space().stages.size())));
    } else if (model.space().isResNet() && chosen(kWidthShare))
        changeWidths(candidate);
    else if (model.hasDepthGaps() && chosen(kJumpShare))
        jumpDepth(candidate, chain);
    else
        whole = false;
    if (whole) {
        model.costs(candidate.subnet, candidate.costs);
        if (!m_sampler.repair(candidate, context, m_random))
            return false;
        m_sampler.fill(candidate, context, 3, m_random);
    } else {
        slotMoves(candidate, context);
    }
    if (candidate.subnet == chain.subnet)
        return false;
    model.costs(candidate.subnet, candidate.costs); // exactly
    return m_sampler.fits(candidate, chain.budget);
}

void Group::slotMoves(Candidate& candidate, MoveSampler::Context context)
{
    if (m_random.uniform() < kSingleShare) {
        if (const auto move = m_sampler.draw(candidate, context, MoveSampler::Goal::Fit, m_random))
            m_sampler.apply(candidate, move);
        return;
    }
    const auto first = m_sampler.draw(candidate, context, MoveSampler::Goal::Free, m_random);
    if (!first)
        return;
    m_sampler.apply(candidate, first);
    context.excludedSlot = first.slot;
    const bool fits = m_sampler.fits(candidate, context.budget);
    if (fits && m_random.uniform() < 0.5)
        return;
    if (const auto second = m_sampler.draw(candidate, context, MoveSampler::Goal::Fit, m_random))
        m_sampler.apply(candidate, second);
    else if (!fits)
        m_sampler.repair(candidate, context, m_random);
}

void Group::changeResolution(Candidate& candidate)
{
    const auto& list = m_engine->model.allowed().resolutions();
    const auto now = static_cast<std::size_t>(
        std::find(list.begin(), list.end(), static_cast<int>(candidate.subnet.resolution)) - list.begin());
    std::size_t next = m_random.below(list.size());
    if (m_random.uniform() < 0.7) // mostly the next one up or down
        next = m_random.uniform() < 0.5 ? now + 1 : now - 1;
    if (next >= list.size())
        next = now == 0 ? 1 : now - 1;
    candidate.subnet.resolution = static_cast<std::uint16_t>(list[next]);
}

void Group::changeWidths(Candidate& candidate)
{
    const auto& model = m_engine->model;
    const auto& stems = model.allowed().depths(0);
    const auto genes = static_cast<std::size_t>(model.space().widthGenes());
    const auto at = m_random.below(genes + 1);
    if (at == genes)
        candidate.subnet.depth[0] = stems[m_random.below(stems.size())];
    else
        candidate.subnet.width[at] =
            static_cast<std::uint8_t>(m_random.below(static_cast<std::uint64_t>(model.space().widthChoices())));
}

void Group::jumpDepth(Candidate& candidate, const Chain& chain)
{
    const auto& model = m_engine->model;
    const auto stage = static_cast<int>(m_random.below(model.space().stages.size()));
    const auto& spec = model.space().stages[static_cast<std::size_t>(stage)];
    auto& depth = candidate.subnet.depth[static_cast<std::size_t>(model.space().depthGene(stage))];
    const int next = m_random.uniform() < 0.5 ? model.depthAbove(stage, depth) : model.depthBelow(stage, depth);
    if (next < 0)
        return;
    const float* gains =
        m_gradients.data() + static_cast<std::size_t>(&chain - chains.data()) * m_engine->gradient.stride();
    for (int b = spec.baseDepth; b < spec.maxBlocks; ++b) {
        const auto slot = static_cast<std::size_t>(spec.firstSlot + b);
        auto& op = candidate.subnet.op[slot];
        const auto& ops = model.allowed().ops(static_cast<int>(slot));
        if (b >= spec.baseDepth + next)
            op = 0;
        else if (op == 0) // the best by gain half of the time, else any
            op = m_random.uniform() < 0.5
                ? ops[m_random.below(ops.size())]
                : *std::max_element(ops.begin(), ops.end(), [&](auto x, auto y) {
                      return gains[model.term(slot) + x - 1u] < gains[model.term(slot) + y - 1u];
                  });
    }
    depth = static_cast<std::uint8_t>(next);
}

void Group::keep(const Subnet& subnet, float raw, std::span<const double> costs, float rival)
{
    if (!m_engine->exact) { // another evaluation only for what may matter
        const double cost = m_engine->model.primaryCost(costs);
        if (raw < (m_hasFront ? m_front.below(cost) : rival) - kFastError)
            return;
        if (m_hasFront)
            m_front.add(cost, raw);
    }
    const auto hash = SubnetHash()(subnet) | 1;
    auto& seen = m_seen[(hash >> 20) % kSeen];
    if (seen == hash)
        return;
    seen = hash;
    found.push_back(subnet);
    if (m_engine->exact) {
        const auto& task = m_engine->model.task();
        const auto& rows = m_engine->model.rows();
        const auto at = values.size();
        values.resize(at + task.dimensions.size(), 0.0);
        values[at + *task.accuracy] = task.problem->top1Percent(raw);
        for (std::size_t k = 0; k < rows.size(); ++k)
            if (rows[k].dimension != Model::kNoDimension)
                values[at + rows[k].dimension] = std::max(values[at + rows[k].dimension], costs[k]);
    }
}

/// Numbers for what the fast evaluation let through.
void Group::settle()
{
    if (m_engine->exact || found.empty())
        return;
    values.resize(found.size() * m_engine->model.task().dimensions.size());
    m_engine->evaluator.evaluate(found, values, m_evaluatorWorkspace);
    evaluations += found.size();
}

} // namespace paretoscope::ladder

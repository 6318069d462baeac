// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/laddermoves.h"

#include <algorithm>
#include <cmath>

namespace paretoscope::ladder {

namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();
constexpr std::size_t kNoise = std::size_t{1} << 15;
constexpr std::size_t kLanes = 16; // operators are laid out in multiples of this
constexpr int kMostRepairs = 12;

/// score += (table - current) * factor, sixteen at a time so that the compiler needs no hint to use vectors.
void addScaled(float* __restrict score, const float* __restrict table, float current, float factor)
{
    for (std::size_t i = 0; i < kLanes; ++i)
        score[i] += (table[i] - current) * factor;
}

void refuseAbove(float* __restrict score, const float* __restrict table, float most)
{
    for (std::size_t i = 0; i < kLanes; ++i)
        score[i] = table[i] <= most ? score[i] : kNever;
}

void addCredit(float* __restrict score, const float* __restrict table, float current, float excess, float factor)
{
    for (std::size_t i = 0; i < kLanes; ++i) {
        const float saved = current - table[i];
        score[i] = saved > 0 ? score[i] + factor * (saved < excess ? saved : excess) : kNever;
    }
}

/// One table for all searches of the process: its logarithms would take a short one's time.
const float* gumbelNumbers()
{
    static const auto table = [] {
        Random random(0x6c616464);
        std::vector<float> numbers(kNoise + Subnet::kMaxSlots * 64);
        for (auto& v : numbers)
            v = static_cast<float>(-std::log(-std::log(random.uniform() + 0x1p-54)));
        return numbers;
    }();
    return table.data();
}

} // namespace

MoveSampler::MoveSampler(const Model& model)
    : m_model(&model)
    , m_noise(gumbelNumbers())
    , m_scores(model.width())
{
}

Move MoveSampler::draw(const Candidate& candidate, const Context& context, Goal goal, Random& random)
{
    const auto& model = *m_model;
    const auto& space = model.space();
    const auto& rows = model.rows();
    const auto width = model.width(), table = model.tableSize();
    const float* costs = model.opCosts(candidate.subnet, m_scratch);
    const float* noise = m_noise + random.below(kNoise);
    const float inverse = 1 / context.temperature;
    const auto binding = context.bindingRow;
    const float price = static_cast<float>(context.price) * inverse;
    Move best;
    float bestScore = kNever;
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        const int stageIndex = static_cast<int>(i);
        const int depth = candidate.subnet.depth[static_cast<std::size_t>(space.depthGene(stageIndex))];
        const int active = stage.baseDepth + depth;
        const bool mayGrow = model.depthAbove(stageIndex, depth) == depth + 1;
        const bool mayShrink = model.depthBelow(stageIndex, depth) == depth - 1 && depth > 0;
        const int tried = active + (mayGrow ? 1 : 0);
        for (int b = 0; b < tried; ++b) {
            const int slotIndex = stage.firstSlot + b;
            if (slotIndex == context.excludedSlot)
                continue;
            const auto slot = static_cast<std::size_t>(slotIndex);
            const auto now = candidate.subnet.op[slot];
            const float* gain = context.gains + model.term(slot);
            const float* allowed = model.allowedOps() + slot * width;
            const float* slotNoise = noise + slot * width;
            const float gainNow = now ? gain[now - 1] : 0.0f;
            const auto ops = static_cast<std::size_t>(stage.ops());
            float* score = m_scores.data();
            std::fill_n(score, width, kNever);
            for (std::size_t op = 1; op <= ops; ++op)
                score[op] = (gain[op - 1] - gainNow) * inverse + slotNoise[op] + allowed[op];
            if (mayShrink && b == active - 1)
                score[0] = -gainNow * inverse + slotNoise[0];
            score[now] = kNever;
            for (std::size_t k = 0; k < rows.size(); ++k) {
                const float* cost = costs + k * table + slot * width;
                for (std::size_t lane = 0; lane < width; lane += kLanes) {
                    float* at = score + lane;
                    const float* from = cost + lane;
                    if (rows[k].largestPart)
                        refuseAbove(at, from, static_cast<float>(context.budget[k]));
                    else if (goal == Goal::Fit)
                        refuseAbove(at, from, cost[now] + static_cast<float>(context.budget[k] - candidate.costs[k]));
                    else if (k == binding && goal == Goal::Free)
                        addScaled(at, from, cost[now], -price);
                    else if (k == binding)
                        addCredit(
                            at, from, cost[now], static_cast<float>(candidate.costs[k] - context.budget[k]), price);
                }
            }
            for (std::size_t op = 0; op <= ops; ++op)
                if (score[op] > bestScore) {
                    bestScore = score[op];
                    best = {slotIndex, static_cast<int>(op)};
                    m_drawnGain = (op ? gain[op - 1] : 0.0f) - gainNow;
                }
        }
    }
    return best;
}

void MoveSampler::apply(Candidate& candidate, Move move)
{
    const auto& model = *m_model;
    const float* costs = model.opCosts(candidate.subnet, m_scratch);
    const auto slot = static_cast<std::size_t>(move.slot);
    const auto now = candidate.subnet.op[slot];
    for (std::size_t k = 0; k < model.rows().size(); ++k)
        if (!model.rows()[k].largestPart) {
            const float* row = costs + k * model.tableSize() + slot * model.width();
            candidate.costs[k] += static_cast<double>(row[move.op]) - static_cast<double>(row[now]);
        }
    model.apply(candidate.subnet, move);
}

bool MoveSampler::fits(const Candidate& candidate, std::span<const double> budget) const
{
    for (std::size_t k = 0; k < budget.size(); ++k)
        if (!(candidate.costs[k] <= budget[k]))
            return false;
    return true;
}

std::size_t MoveSampler::worstRow(const Candidate& candidate, std::span<const double> budget) const
{
    std::size_t worst = budget.size();
    double most = 1;
    for (std::size_t k = 0; k < budget.size(); ++k)
        if (const double share = candidate.costs[k] / budget[k]; share > most && !m_model->rows()[k].largestPart) {
            most = share;
            worst = k;
        }
    return worst;
}

bool MoveSampler::repair(Candidate& candidate, Context context, Random& random)
{
    const auto& model = *m_model;
    for (std::size_t k = 0; k < model.rows().size(); ++k) {
        if (!model.rows()[k].largestPart)
            continue;
        // Blocks that alone exceed the row get the best operator that does not.
        const auto costs = std::vector<float>(model.opCosts(candidate.subnet, m_scratch) + k * model.tableSize(),
            model.opCosts(candidate.subnet, m_scratch) + (k + 1) * model.tableSize());
        for (std::size_t slot = 0; slot < model.slotCount(); ++slot) {
            const auto now = candidate.subnet.op[slot];
            if (now == 0 || costs[slot * model.width() + now] <= context.budget[k])
                continue;
            Move best;
            for (const auto op : model.allowed().ops(static_cast<int>(slot)))
                if (costs[slot * model.width() + op] <= context.budget[k]
                    && (!best
                        || context.gains[model.term(slot) + op - 1u]
                            > context.gains[model.term(slot) + static_cast<std::size_t>(best.op) - 1]))
                    best = {static_cast<int>(slot), op};
            if (!best)
                return false;
            apply(candidate, best);
        }
    }
    for (int i = 0; i < kMostRepairs; ++i) {
        context.bindingRow = worstRow(candidate, context.budget);
        if (context.bindingRow == context.budget.size())
            return true;
        const auto move = draw(candidate, context, Goal::Save, random);
        if (!move)
            return false;
        apply(candidate, move);
    }
    return worstRow(candidate, context.budget) == context.budget.size();
}

void MoveSampler::fill(Candidate& candidate, const Context& context, int moves, Random& random)
{
    for (int i = 0; i < moves; ++i) {
        const auto move = draw(candidate, context, Goal::Fit, random);
        if (!move || m_drawnGain <= 0)
            return;
        apply(candidate, move);
    }
}

} // namespace paretoscope::ladder

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/ladderchains.h"

#include <algorithm>

namespace paretoscope::ladder {

void Group::expand(std::span<const Subnet> members, const RoundPlan& plan)
{
    constexpr std::size_t kBatch = 24;
    const auto& e = *m_engine;
    const auto stride = e.gradient.stride();
    begin(plan);
    m_rows.resize(std::max(m_rows.size(), kBatch * stride));
    m_raw.resize(std::max(m_raw.size(), kBatch));
    MlpPredictor::Workspace workspace;
    std::vector<float> raw;
    for (std::size_t i = 0; i < members.size() && !plan.stopped(); i += kBatch) {
        const auto batch = members.subspan(i, std::min(kBatch, members.size() - i));
        e.gradient.evaluate(batch, std::span(m_raw).first(batch.size()), m_rows, m_workspace);
        m_batch.clear();
        for (std::size_t k = 0; k < batch.size(); ++k)
            promising(batch[k], m_raw[k], m_rows.data() + k * stride);
        raw.resize(m_batch.size());
        e.gradient.predictor().predict(m_batch, raw, workspace);
        for (std::size_t k = 0; k < m_batch.size(); ++k) {
            e.model.costs(m_batch[k], m_scratch);
            keep(m_batch[k], raw[k], m_scratch, 2.0f); // there is a front to compare with
        }
        evaluations += batch.size() + m_batch.size();
    }
    settle();
}

void Group::promising(const Subnet& member, float raw, const float* gains)
{
    constexpr std::size_t kSingles = 24, kTried = kExpansion - 1;
    struct Change {
        Move move;
        float gain = 0, cost = 0, score = 0;
        int stage = 0;
        bool toggles = false;
    };
    const auto& model = m_engine->model;
    const auto& space = model.space();
    model.costs(member, m_scratch);
    const auto primary = model.primaryRows().front();
    const double cost = m_scratch[primary];
    const float* opCosts = model.opCosts(member, m_opCosts) + primary * model.tableSize();
    const double reach = 0.02 * m_engine->rowScale[primary];
    const float price = static_cast<float>(
        std::max(0.0, static_cast<double>(m_front.at(cost + reach)) - static_cast<double>(m_front.at(cost - reach)))
        / (2 * reach));
    std::vector<Change> changes;
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        const int stageIndex = static_cast<int>(i);
        const int depth = member.depth[static_cast<std::size_t>(space.depthGene(stageIndex))];
        const int active = stage.baseDepth + depth;
        const bool grow = model.depthAbove(stageIndex, depth) == depth + 1,
                   shrink = depth > 0 && model.depthBelow(stageIndex, depth) == depth - 1;
        for (int b = 0; b < active + (grow ? 1 : 0); ++b) {
            const auto slot = static_cast<std::size_t>(stage.firstSlot + b);
            const auto now = member.op[slot];
            const float* row = opCosts + slot * model.width();
            const float* gain = gains + model.term(slot);
            const auto add = [&](std::uint8_t op) {
                Change c{{static_cast<int>(slot), op}, (op ? gain[op - 1] : 0.0f) - (now ? gain[now - 1] : 0.0f),
                    row[op] - row[now], 0, stageIndex, op == 0 || now == 0};
                c.score = c.gain - price * c.cost;
                changes.push_back(c);
            };
            for (const auto op : model.allowed().ops(static_cast<int>(slot)))
                if (op != now)
                    add(op);
            if (shrink && b == active - 1)
                add(0);
        }
    }
    const auto kept = std::min(changes.size(), kSingles);
    std::partial_sort(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(kept), changes.end(),
        [](const Change& a, const Change& b) { return a.score > b.score; });
    changes.resize(kept);
    struct Try {
        float rise = 0;
        std::size_t a = 0, b = 0;
    };
    std::vector<Try> tries;
    for (std::size_t a = 0; a < kept; ++a)
        for (std::size_t b = a; b < kept; ++b) {
            const auto &x = changes[a], &y = changes[b];
            if (a != b && (x.move.slot == y.move.slot || (x.stage == y.stage && (x.toggles || y.toggles))))
                continue;
            const float gain = a == b ? x.gain : x.gain + y.gain, extra = a == b ? x.cost : x.cost + y.cost;
            tries.push_back({raw + gain - m_front.at(cost + static_cast<double>(extra)), a, b});
        }
    const auto tried = std::min(tries.size(), kTried);
    std::partial_sort(tries.begin(), tries.begin() + static_cast<std::ptrdiff_t>(tried), tries.end(),
        [](const Try& a, const Try& b) { return a.rise > b.rise; });
    for (std::size_t i = 0; i < tried && tries[i].rise > -2 * kFastError; ++i) {
        Subnet s = member;
        model.apply(s, changes[tries[i].a].move);
        if (tries[i].a != tries[i].b)
            model.apply(s, changes[tries[i].b].move);
        m_batch.push_back(s);
    }
}

} // namespace paretoscope::ladder

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/additive.h"

#include "base/error.h"
#include "predict/additiverow.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace paretoscope {

AdditiveColumns::AdditiveColumns(const SearchSpace& space, bool withStageTerms)
{
    for (const auto& stage : space.stages)
        for (int b = 0; b < stage.maxBlocks; ++b) {
            firstOfSlot.push_back(count);
            count += 1 + (stage.kernels.size() - 1) + (stage.expansions.size() - 1);
        }
    stem = count;
    count += space.isResNet() ? 1 : 0;
    width = count;
    count += static_cast<std::size_t>(space.widthGenes() * (space.widthChoices() - 1));
    stageTerms = count;
    if (withStageTerms)
        count += kStageTerms * space.stages.size();
}

std::array<double, kStageTerms> stageTermsOf(const SearchSpace& space, int stageIndex, const Subnet& s)
{
    const auto& stage = space.stages[static_cast<std::size_t>(stageIndex)];
    double d = 0, k = 0, e = 0;
    for (int b = 0; b < stage.maxBlocks; ++b)
        if (const auto op = s.op[static_cast<std::size_t>(stage.firstSlot + b)]) {
            ++d;
            k += stage.kernelOf(op);
            e += stage.expansionOf(op);
        }
    return {d, d * d, k, e, d * k, d * e, k * e, k * k, e * e};
}

void additiveRow(const SearchSpace& space, const AdditiveColumns& columns, const Subnet& s, std::span<double> row)
{
    std::fill(row.begin(), row.end(), 0.0);
    for (std::size_t slot = 0; slot < columns.firstOfSlot.size(); ++slot) {
        const auto op = s.op[slot];
        if (op == 0)
            continue;
        const auto& stage = space.stages[static_cast<std::size_t>(space.stageOfSlot(static_cast<int>(slot)))];
        const std::size_t k = (op - 1u) / stage.expansions.size(), e = (op - 1u) % stage.expansions.size();
        const std::size_t first = columns.firstOfSlot[slot];
        row[first] = 1;
        if (k > 0)
            row[first + k] = 1;
        if (e > 0)
            row[first + stage.kernels.size() - 1 + e] = 1;
    }
    if (space.stemResidual(s))
        row[columns.stem] = 1;
    const auto perGene = static_cast<std::size_t>(space.widthChoices() - 1);
    for (std::size_t gene = 0; gene < static_cast<std::size_t>(space.widthGenes()); ++gene)
        if (s.width[gene] > 0)
            row[columns.width + gene * perGene + s.width[gene] - 1] = 1;
    if (columns.stageTerms == columns.count)
        return;
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto terms = stageTermsOf(space, static_cast<int>(i), s);
        std::copy(terms.begin(), terms.end(),
            row.begin() + static_cast<std::ptrdiff_t>(columns.stageTerms + i * kStageTerms));
    }
}

std::size_t additiveColumns(const SearchSpace& space, bool stageTerms)
{
    return AdditiveColumns(space, stageTerms).count;
}

AdditivePredictor::AdditivePredictor(
    AdditiveCoefficients coefficients, const SearchSpace& space, const std::string& where)
    : m_coefficients(std::move(coefficients))
    , m_space(space)
{
    const auto& c = m_coefficients;
    const AdditiveColumns columns(space, c.stageTerms);
    const auto check = [&](const char* what, std::size_t found, std::size_t allowed) {
        if (found != allowed)
            throw ValueError({where, fmt::format("wrong number of {} of an additive predictor", what),
                fmt::format("{}", found), fmt::format("{} for {}", allowed, space.id)});
    };
    if (c.resolutions.empty() || c.resolutions.front() < 1 || c.resolutions.back() > 65535
        || std::adjacent_find(c.resolutions.begin(), c.resolutions.end(), std::greater_equal<>())
            != c.resolutions.end())
        throw ValueError({where, "wrong resolutions of an additive predictor",
            fmt::format("{}", fmt::join(c.resolutions, ", ")), "an ascending list from 1 to 65535"});
    check("offsets", c.offsets.size(), c.resolutions.size());
    check("effects", c.effects.size(), columns.count);
    if (!c.slopes.empty())
        check("slopes", c.slopes.size(), columns.count);
    for (const auto* list : {&c.offsets, &c.effects, &c.slopes})
        if (!std::all_of(list->begin(), list->end(), [](float v) { return std::isfinite(v); }))
            throw ValueError({where, "a coefficient of an additive predictor is NaN or infinite", {}, {}});
    if (!std::isfinite(c.centre))
        throw ValueError({where, "the centre of an additive predictor is NaN or infinite", {}, {}});

    m_firstStemColumn = columns.stem;
    m_firstWidthColumn = columns.width;
    for (const auto& stage : space.stages)
        for (int b = 0; b < stage.maxBlocks; ++b) {
            m_firstScore.push_back(m_scoresPerResolution);
            m_scoresPerResolution += static_cast<std::size_t>(stage.ops()) + 1;
        }
    for (std::size_t r = 0; r < c.resolutions.size(); ++r) {
        for (std::size_t slot = 0; slot < columns.firstOfSlot.size(); ++slot) {
            const auto& stage = space.stages[static_cast<std::size_t>(space.stageOfSlot(static_cast<int>(slot)))];
            const std::size_t first = columns.firstOfSlot[slot], expansions = stage.expansions.size();
            m_scores.push_back(0);
            for (std::size_t op = 0; op < static_cast<std::size_t>(stage.ops()); ++op) {
                const std::size_t k = op / expansions, e = op % expansions;
                m_scores.push_back(coefficient(first, r) + (k ? coefficient(first + k, r) : 0.0)
                    + (e ? coefficient(first + stage.kernels.size() - 1 + e, r) : 0.0));
            }
        }
        for (std::size_t column = columns.stageTerms; column < columns.count; ++column)
            m_stageCoefficients.push_back(coefficient(column, r));
    }
}

double AdditivePredictor::coefficient(std::size_t column, std::size_t r) const
{
    const auto& c = m_coefficients;
    const double slope = c.slopes.empty() ? 0.0 : c.slopes[column];
    return c.effects[column] + slope * (c.resolutions[r] - static_cast<double>(c.centre)) / kSlopePixels;
}

std::size_t AdditivePredictor::resolutionIndex(int resolution) const
{
    const auto& list = m_coefficients.resolutions;
    const auto at = std::lower_bound(list.begin(), list.end(), resolution);
    if (at == list.end() || *at != resolution)
        throw ValueError({"accuracy predictor", "the predictor does not know this resolution",
            fmt::format("{}", resolution), fmt::format("{}", fmt::join(list, ", "))});
    return static_cast<std::size_t>(at - list.begin());
}

double AdditivePredictor::stageScore(std::size_t r, int stage, const Subnet& subnet) const
{
    if (!m_coefficients.stageTerms)
        return 0;
    const auto terms = stageTermsOf(m_space, stage, subnet);
    const double* c =
        m_stageCoefficients.data() + (r * m_space.stages.size() + static_cast<std::size_t>(stage)) * kStageTerms;
    double sum = 0;
    for (std::size_t i = 0; i < kStageTerms; ++i)
        sum += c[i] * terms[i];
    return sum;
}

double AdditivePredictor::stemScore(std::size_t r, bool residual) const
{
    return residual && m_space.isResNet() ? coefficient(m_firstStemColumn, r) : 0;
}

double AdditivePredictor::widthScore(std::size_t r, int gene, int index) const
{
    const int perGene = m_space.widthChoices() - 1;
    return index > 0 && gene < m_space.widthGenes()
        ? coefficient(m_firstWidthColumn + static_cast<std::size_t>(gene * perGene + index - 1), r)
        : 0;
}

double AdditivePredictor::predict(const Subnet& s) const
{
    const auto r = resolutionIndex(s.resolution);
    double sum = offset(r);
    for (std::size_t slot = 0; slot < m_firstScore.size(); ++slot)
        sum += score(r, static_cast<int>(slot), s.op[slot]);
    for (int i = 0; i < static_cast<int>(m_space.stages.size()) && hasStageTerms(); ++i)
        sum += stageScore(r, i, s);
    if (m_space.isResNet()) {
        sum += stemScore(r, m_space.stemResidual(s));
        for (int gene = 0; gene < m_space.widthGenes(); ++gene)
            sum += widthScore(r, gene, s.width[static_cast<std::size_t>(gene)]);
    }
    return sum;
}

bool AdditivePredictor::fits(const SearchSpace& space) const
{
    return m_space.isResNet() == space.isResNet() && m_space.widthGenes() == space.widthGenes()
        && (!space.isResNet() || m_space.widthChoices() == space.widthChoices())
        && std::equal(m_space.stages.begin(), m_space.stages.end(), space.stages.begin(), space.stages.end(),
            [](const StageSpec& a, const StageSpec& b) {
                return a.maxBlocks == b.maxBlocks && a.kernels == b.kernels && a.expansions == b.expansions;
            });
}

} // namespace paretoscope

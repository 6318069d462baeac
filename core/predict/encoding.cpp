// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/encoding.h"

#include "base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace paretoscope {

namespace {

constexpr std::array kKinds{EncodingKind::Tutorial128, EncodingKind::OfaNas, EncodingKind::OfaNasResNet};
constexpr int kTutorialFirst = 112, kTutorialStep = 16;
constexpr int kStemInputs = 2;

void checkResolutions(const std::vector<int>& resolutions, const std::string& where)
{
    const auto fail = [&](std::string problem) {
        throw ValueError({where, std::move(problem), fmt::format("{}", fmt::join(resolutions, ", ")),
            "distinct resolutions from 1 to 65535, in the order of the predictor's training"});
    };
    if (resolutions.empty())
        throw ValueError({where, "a predictor needs at least one resolution", {}, {}});
    auto sorted = resolutions;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        fail("a resolution of the predictor stands twice");
    if (sorted.front() < 1 || sorted.back() > 65535)
        fail("a resolution of the predictor is out of range");
}

/// Tutorial128 knows the operators by their values, not by their number.
bool isTutorialSpace(const SearchSpace& space)
{
    return !space.isResNet() && space.slotCount() == 20 && space.stages.size() == 5
        && std::all_of(space.stages.begin(), space.stages.end(), [](const StageSpec& s) {
               return s.maxBlocks == 4 && s.kernels == std::vector<int>{3, 5, 7}
               && s.expansions == std::vector<double>{3, 4, 6};
           });
}

} // namespace

std::string_view name(EncodingKind kind)
{
    switch (kind) {
    case EncodingKind::Tutorial128:
        return "tutorial-128";
    case EncodingKind::OfaNas:
        return "ofa-nas";
    case EncodingKind::OfaNasResNet:
        return "ofa-nas-resnet";
    }
    return "";
}

EncodingKind encodingKindFromName(std::string_view text, const std::string& where)
{
    std::vector<std::string> names;
    for (const auto kind : kKinds) {
        if (name(kind) == text)
            return kind;
        names.emplace_back(name(kind));
    }
    throw ValueError({where, "unknown predictor encoding", quote(text), joinNames(names)});
}

const std::vector<int>& tutorialResolutions()
{
    static const std::vector<int> list{112, 128, 144, 160, 176, 192, 208, 224};
    return list;
}

Encoding Encoding::tutorial(const SearchSpace& space, const std::string& where)
{
    return Encoding(EncodingKind::Tutorial128, space, tutorialResolutions(), where);
}

std::vector<Encoding::StageChoices> Encoding::choicesOf(const SearchSpace& space)
{
    std::vector<StageChoices> choices;
    for (const auto& s : space.stages)
        choices.push_back({s.maxBlocks, s.kernels, s.expansions});
    return choices;
}

Encoding::Encoding(EncodingKind kind, const SearchSpace& space, std::vector<int> resolutions, const std::string& where)
    : m_kind(kind)
    , m_resolutions(std::move(resolutions))
    , m_stages(choicesOf(space))
{
    checkResolutions(m_resolutions, where);
    if (kind == EncodingKind::Tutorial128 && !isTutorialSpace(space))
        throw ValueError({where, "the tutorial's encoding does not fit the space", space.id,
            "5 stages of 4 blocks with kernels 3, 5, 7 and expansions 3, 4, 6"});
    if (kind == EncodingKind::Tutorial128 && m_resolutions != tutorialResolutions())
        throw ValueError(
            {where, "wrong resolutions for the tutorial's encoding", fmt::format("{}", fmt::join(m_resolutions, ", ")),
                fmt::format("{}", fmt::join(tutorialResolutions(), ", "))});
    if ((kind == EncodingKind::OfaNasResNet) != space.isResNet())
        throw ValueError({where, fmt::format("the encoding {} does not fit the space", name(kind)),
            fmt::format("{} ({})", space.id, name(space.family)),
            space.isResNet() ? "ofa-nas-resnet" : "ofa-nas, tutorial-128"});

    int kernels = 0, expansions = 0;
    for (const auto& s : space.stages) {
        kernels += s.maxBlocks * static_cast<int>(s.kernels.size());
        expansions += s.maxBlocks * static_cast<int>(s.expansions.size());
    }
    const int sizes = static_cast<int>(m_resolutions.size());
    if (kind == EncodingKind::Tutorial128) {
        m_firstResolution = kernels + expansions;
        layOut(space, 0, kernels);
        m_inputs = kernels + expansions + sizes;
    } else if (kind == EncodingKind::OfaNas) {
        layOut(space, sizes, sizes + kernels);
        m_inputs = sizes + kernels + expansions;
    } else {
        const int widths = space.widthGenes() * space.widthChoices();
        layOut(space, -1, sizes + kStemInputs + widths);
        m_stem = true;
        m_firstStemTerm = static_cast<std::uint16_t>(m_terms.size());
        for (int i = 0; i < kStemInputs; ++i)
            m_terms.push_back({sizes + i, -1});
        m_firstWidthTerm = static_cast<std::uint16_t>(m_terms.size());
        m_widthGenes = static_cast<std::uint16_t>(space.widthGenes());
        m_widthChoices = static_cast<std::uint16_t>(space.widthChoices());
        for (int i = 0; i < widths; ++i)
            m_terms.push_back({sizes + kStemInputs + i, -1});
        m_inputs = sizes + kStemInputs + widths + expansions;
    }
}

void Encoding::layOut(const SearchSpace& space, int firstKernel, int firstExpansion)
{
    for (const auto& s : space.stages) {
        const int kernels = static_cast<int>(s.kernels.size()), expansions = static_cast<int>(s.expansions.size());
        for (int slot = 0; slot < s.maxBlocks; ++slot) {
            m_firstTermOfSlot.push_back(static_cast<std::uint16_t>(m_terms.size()));
            m_opsOfSlot.push_back(static_cast<std::uint8_t>(s.ops()));
            for (int op = 0; op < s.ops(); ++op) {
                const int k = op / expansions, e = op % expansions;
                if (firstKernel < 0)
                    m_terms.push_back({firstExpansion + e, -1});
                else
                    m_terms.push_back({firstKernel + k, firstExpansion + e});
            }
            if (firstKernel >= 0)
                firstKernel += kernels;
            firstExpansion += expansions;
        }
    }
}

bool Encoding::knows(int resolution) const
{
    if (m_kind == EncodingKind::Tutorial128)
        return resolution >= kTutorialFirst
            && static_cast<std::size_t>((resolution - kTutorialFirst) / kTutorialStep) < m_resolutions.size();
    return std::find(m_resolutions.begin(), m_resolutions.end(), resolution) != m_resolutions.end();
}

std::size_t Encoding::resolutionIndex(int resolution) const
{
    if (!knows(resolution))
        throw ValueError({"accuracy predictor", "the predictor does not know this resolution",
            fmt::format("{}", resolution), fmt::format("{}", fmt::join(m_resolutions, ", "))});
    if (m_kind == EncodingKind::Tutorial128)
        return static_cast<std::size_t>((resolution - kTutorialFirst) / kTutorialStep);
    return static_cast<std::size_t>(
        std::find(m_resolutions.begin(), m_resolutions.end(), resolution) - m_resolutions.begin());
}

std::size_t Encoding::termsOf(const Subnet& subnet, std::uint16_t* terms) const
{
    std::size_t n = 0;
    for (std::size_t slot = 0; slot < m_opsOfSlot.size(); ++slot) {
        const auto op = subnet.op[slot];
        // Written always and counted only where the block is on: no branch to mispredict.
        terms[n] = static_cast<std::uint16_t>(m_firstTermOfSlot[slot] + op - 1);
        n += static_cast<std::size_t>(op != 0 && op <= m_opsOfSlot[slot]);
    }
    if (m_stem)
        terms[n++] = static_cast<std::uint16_t>(m_firstStemTerm + (subnet.depth[0] > 0));
    for (std::uint16_t gene = 0; gene < m_widthGenes; ++gene)
        if (const auto index = subnet.width[gene]; index < m_widthChoices)
            terms[n++] = static_cast<std::uint16_t>(m_firstWidthTerm + gene * m_widthChoices + index);
    return n;
}

std::vector<int> Encoding::ones(const Subnet& subnet) const
{
    std::vector<int> ones{resolutionInput(resolutionIndex(subnet.resolution))};
    std::array<std::uint16_t, kMaxTerms> terms;
    const auto n = termsOf(subnet, terms.data());
    for (std::size_t i = 0; i < n; ++i) {
        const auto& t = m_terms[terms[i]];
        ones.push_back(t.first);
        if (t.second >= 0)
            ones.push_back(t.second);
    }
    std::sort(ones.begin(), ones.end());
    return ones;
}

Subnet Encoding::decode(std::span<const int> given, const SearchSpace& space) const
{
    const auto fail = [](std::string found) {
        throw ValueError({"accuracy predictor", "these inputs are no encoded subnet", std::move(found), {}});
    };
    if (!fits(space))
        fail(fmt::format("the space {}, which has other blocks", space.id));
    std::vector<char> on(static_cast<std::size_t>(m_inputs), 0);
    for (const int i : given) {
        if (i < 0 || i >= m_inputs)
            fail(fmt::format("input {} of {}", i, m_inputs));
        on[static_cast<std::size_t>(i)] = 1;
    }
    const auto isOn = [&](int input) { return input < 0 || on[static_cast<std::size_t>(input)]; };

    Subnet s;
    for (std::size_t r = 0; r < m_resolutions.size(); ++r)
        if (isOn(resolutionInput(r)))
            s.resolution = static_cast<std::uint16_t>(m_resolutions[r]);
    for (std::size_t slot = 0; slot < m_opsOfSlot.size(); ++slot)
        for (std::uint8_t op = 1; op <= m_opsOfSlot[slot]; ++op) {
            const auto& t = m_terms[m_firstTermOfSlot[slot] + op - 1u];
            if (!isOn(t.first) || !isOn(t.second))
                continue;
            // Where several kernels share the input of an expansion, the first stands for all.
            if (s.op[slot] == 0)
                s.op[slot] = op;
        }
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        int blocks = 0;
        while (blocks < stage.maxBlocks && s.op[static_cast<std::size_t>(stage.firstSlot + blocks)] != 0)
            ++blocks;
        const int depth = blocks - stage.baseDepth;
        if (std::find(stage.depths.begin(), stage.depths.end(), depth) == stage.depths.end())
            fail(fmt::format("{} blocks in stage {}", blocks, i));
        s.depth[static_cast<std::size_t>(space.depthGene(static_cast<int>(i)))] = static_cast<std::uint8_t>(depth);
    }
    if (m_stem && isOn(m_terms[m_firstStemTerm + 1u].first))
        s.depth[0] = static_cast<std::uint8_t>(space.stemDepths.back());
    for (std::size_t gene = 0; gene < m_widthGenes; ++gene)
        for (std::size_t w = 0; w < m_widthChoices; ++w)
            if (isOn(m_terms[m_firstWidthTerm + gene * m_widthChoices + w].first))
                s.width[gene] = static_cast<std::uint8_t>(w);
    std::vector<int> sorted(given.begin(), given.end());
    std::sort(sorted.begin(), sorted.end());
    if (s.resolution == 0 || ones(s) != sorted)
        fail("inputs that contradict each other or are missing");
    return s;
}

bool Encoding::fits(const SearchSpace& space) const
{
    return (m_kind == EncodingKind::OfaNasResNet) == space.isResNet() && m_stages == choicesOf(space)
        && (!space.isResNet() || (m_widthGenes == space.widthGenes() && m_widthChoices == space.widthChoices()));
}

} // namespace paretoscope

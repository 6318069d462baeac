// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/space.h"

#include "base/error.h"
#include "base/random.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace paretoscope {

using BigInteger = boost::multiprecision::cpp_int;

std::size_t SubnetHash::operator()(const Subnet& s) const noexcept
{
    static_assert(sizeof(Subnet) == 102 && std::has_unique_object_representations_v<Subnet>);
    std::uint64_t h = 0;
    std::array<std::uint64_t, (sizeof(Subnet) + 7) / 8> words{};
    std::memcpy(words.data(), &s, sizeof(Subnet));
    for (const auto w : words)
        h = mix64(h + 0x9E3779B97F4A7C15u + w);
    return h;
}

std::string_view name(Family family)
{
    switch (family) {
    case Family::MobileNetV3: return "mobilenetv3";
    case Family::ProxylessNas: return "proxyless";
    case Family::ResNet: return "resnet";
    }
    return {};
}

std::string_view name(Activation activation)
{
    switch (activation) {
    case Activation::None: return "none";
    case Activation::Relu: return "relu";
    case Activation::Relu6: return "relu6";
    case Activation::HSwish: return "h_swish";
    }
    return {};
}

int makeDivisible(double v)
{
    int n = std::max(8, static_cast<int>(v + 4) / 8 * 8);
    if (n < 0.9 * v)
        n += 8;
    return n;
}

int expandedChannels(int channels, double expansion) { return makeDivisible(std::nearbyint(channels * expansion)); }

void SearchSpace::finish(const std::string& where)
{
    const auto fail = [&](std::string problem, std::string found, std::string allowed) {
        throw ValueError({where, std::move(problem), std::move(found), std::move(allowed)});
    };
    if (stages.empty() || stages.size() + 2 > Subnet::kMaxDepths)
        fail("wrong number of stages", fmt::format("{}", stages.size()), fmt::format("1 to {}", Subnet::kMaxDepths - 2));
    if (!isResNet() && widthMultipliers.size() != 1)
        fail("width is elastic in ResNet spaces only", fmt::format("{} multipliers", widthMultipliers.size()), "one");
    int slot = 0;
    m_stageOfSlot.clear();
    for (std::size_t i = 0; i < stages.size(); ++i) {
        auto& s = stages[i];
        s.channels.clear();
        for (const double w : widthMultipliers)
            s.channels.push_back(makeDivisible(s.baseChannels * w));
        s.firstSlot = slot;
        s.maxBlocks = s.baseDepth + s.depths.back();
        if (s.baseDepth + s.depths.front() < 1)
            fail(fmt::format("stage {} can vanish", i), fmt::format("{} blocks", s.baseDepth + s.depths.front()), "at least one");
        slot += s.maxBlocks;
        if (slot > static_cast<int>(Subnet::kMaxSlots))
            fail("too many blocks", fmt::format("{} or more", slot), fmt::format("at most {}", Subnet::kMaxSlots));
        if (s.ops() > 254)
            fail(fmt::format("stage {} has too many operators", i), fmt::format("{}", s.ops()), "at most 254");
        if (std::log2(static_cast<double>(s.ops())) * s.maxBlocks > 62)
            fail(fmt::format("stage {} has too many configurations", i), fmt::format("{}^{}", s.ops(), s.maxBlocks), "fewer than 2^62");
        m_stageOfSlot.insert(m_stageOfSlot.end(), static_cast<std::size_t>(s.maxBlocks), static_cast<int>(i));
    }
}

int SearchSpace::stemChannels(int width) const
{
    return makeDivisible(stemBaseChannels * widthMultipliers[static_cast<std::size_t>(width)]);
}
int SearchSpace::stemMidChannels(int width) const { return makeDivisible(stemChannels(width) / 2); }
int SearchSpace::firstBlockChannels() const { return makeDivisible(firstBlockBaseChannels * widthMultipliers.front()); }
int SearchSpace::finalExpandChannels() const
{
    return finalExpandBaseChannels ? makeDivisible(finalExpandBaseChannels * widthMultipliers.front()) : 0;
}
int SearchSpace::featureMixChannels() const
{
    return featureMixBaseChannels ? makeDivisible(featureMixBaseChannels * widthMultipliers.front()) : 0;
}

Subnet SearchSpace::largest() const
{
    Subnet s;
    s.resolution = static_cast<std::uint16_t>(resolutions.back());
    if (isResNet())
        s.depth[0] = static_cast<std::uint8_t>(stemDepths.back());
    for (int w = 0; w < widthGenes(); ++w)
        s.width[static_cast<std::size_t>(w)] = static_cast<std::uint8_t>(widthChoices() - 1);
    for (std::size_t i = 0; i < stages.size(); ++i)
        setStage(s, static_cast<int>(i), stageConfigurations(static_cast<int>(i)) - 1);
    return s;
}

Subnet SearchSpace::smallest() const
{
    Subnet s;
    s.resolution = static_cast<std::uint16_t>(resolutions.front());
    if (isResNet())
        s.depth[0] = static_cast<std::uint8_t>(stemDepths.front());
    for (std::size_t i = 0; i < stages.size(); ++i)
        setStage(s, static_cast<int>(i), 0);
    return s;
}

bool SearchSpace::hasResolution(int resolution) const
{
    return std::binary_search(resolutions.begin(), resolutions.end(), resolution);
}

std::size_t SearchSpace::resolutionIndex(int resolution) const
{
    const auto it = std::lower_bound(resolutions.begin(), resolutions.end(), resolution);
    if (it == resolutions.end() || *it != resolution)
        throw ValueError({id, "resolution outside the space", fmt::format("{}", resolution),
            fmt::format("{}", fmt::join(resolutions, ", "))});
    return static_cast<std::size_t>(it - resolutions.begin());
}

namespace {

std::uint64_t power(std::uint64_t base, int exponent)
{
    std::uint64_t p = 1;
    while (exponent-- > 0)
        p *= base;
    return p;
}

} // namespace

std::uint64_t SearchSpace::stageConfigurations(int stage) const
{
    const auto& s = stages[static_cast<std::size_t>(stage)];
    std::uint64_t n = 0;
    for (const int d : s.depths)
        n += power(static_cast<std::uint64_t>(s.ops()), s.baseDepth + d);
    return n;
}

void SearchSpace::setStage(Subnet& subnet, int stage, std::uint64_t index) const
{
    const auto& s = stages[static_cast<std::size_t>(stage)];
    const auto ops = static_cast<std::uint64_t>(s.ops());
    std::size_t d = 0;
    for (; d + 1 < s.depths.size(); ++d) {
        const auto n = power(ops, s.baseDepth + s.depths[d]);
        if (index < n)
            break;
        index -= n;
    }
    subnet.depth[static_cast<std::size_t>(depthGene(stage))] = static_cast<std::uint8_t>(s.depths[d]);
    const int blocks = s.baseDepth + s.depths[d];
    for (int b = s.maxBlocks - 1; b >= 0; --b) {
        auto& op = subnet.op[static_cast<std::size_t>(s.firstSlot + b)];
        if (b >= blocks) {
            op = 0;
        } else {
            op = static_cast<std::uint8_t>(1 + index % ops);
            index /= ops;
        }
    }
}

std::uint64_t SearchSpace::stageIndex(const Subnet& subnet, int stage) const
{
    const auto& s = stages[static_cast<std::size_t>(stage)];
    const auto ops = static_cast<std::uint64_t>(s.ops());
    const int blocks = activeBlocks(subnet, stage);
    std::uint64_t index = 0;
    for (int b = 0; b < blocks; ++b)
        index = index * ops + (subnet.op[static_cast<std::size_t>(s.firstSlot + b)] - 1u);
    for (const int d : s.depths)
        if (s.baseDepth + d < blocks)
            index += power(ops, s.baseDepth + d);
    return index;
}

namespace {

BigInteger countPerResolution(const SearchSpace& space)
{
    BigInteger n = 1;
    for (std::size_t i = 0; i < space.stages.size(); ++i)
        n *= space.stageConfigurations(static_cast<int>(i));
    if (space.isResNet())
        n *= space.stemDepths.size();
    for (int w = 0; w < space.widthGenes(); ++w)
        n *= space.widthChoices();
    return n;
}

} // namespace

std::string SearchSpace::subnetsPerResolution() const { return countPerResolution(*this).str(); }
std::string SearchSpace::subnets() const { return BigInteger(countPerResolution(*this) * resolutions.size()).str(); }

} // namespace paretoscope

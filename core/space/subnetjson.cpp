// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/subnetjson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

// Collects what is wrong, so that one message tells all of it.
class Problems {
public:
    void add(std::string text) { m_list.push_back(std::move(text)); }
    void throwIfAny(const std::string& where, const SearchSpace& space) const
    {
        if (!m_list.empty())
            throw ValueError({where, "the subnet lies outside the space " + space.id, joinNames(m_list, 6), {}});
    }

private:
    std::vector<std::string> m_list;
};

template <typename T>
int indexOf(const std::vector<T>& choices, double value)
{
    for (std::size_t i = 0; i < choices.size(); ++i)
        if (std::abs(static_cast<double>(choices[i]) - value) < 1e-9)
            return static_cast<int>(i);
    return -1;
}

template <typename T>
int nearest(const std::vector<T>& choices, double value)
{
    std::size_t best = 0;
    for (std::size_t i = 1; i < choices.size(); ++i)
        if (std::abs(static_cast<double>(choices[i]) - value) < std::abs(static_cast<double>(choices[best]) - value))
            best = i;
    return static_cast<int>(best);
}

std::vector<int> range(int n)
{
    std::vector<int> v(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i)
        v[static_cast<std::size_t>(i)] = i;
    return v;
}

// Turns values into choices. `pick(choices, value, name)` returns an index and deals with a value that is no choice.
template <typename Pick>
Subnet assemble(const SearchSpace& space, const Genotype& g, Pick&& pick)
{
    Subnet s;
    const auto at = [](const std::vector<double>& v, int i) { return v.size() == 1 ? v[0] : v[static_cast<std::size_t>(i)]; };
    // A lone depth is "at most so deep" where a stage cannot have it: OFA gives 4 to the last stage of ProxylessNAS, which
    // has one block, and 1 to the stem of a ResNet, which knows 0 and 2.
    const auto depthAt = [&](const std::vector<int>& choices, int i) {
        const double value = at(g.d, i);
        if (g.d.size() != 1 || indexOf(space.stages.front().depths, value) < 0 || choices.front() > value)
            return value;
        return static_cast<double>(*std::prev(std::upper_bound(choices.begin(), choices.end(), value)));
    };
    if (space.isResNet())
        s.depth[0] = static_cast<std::uint8_t>(space.stemDepths[static_cast<std::size_t>(pick(space.stemDepths, depthAt(space.stemDepths, 0), std::string("d[0]")))]);
    const auto widths = range(space.widthChoices());
    for (int i = 0; i < space.widthGenes(); ++i)
        s.width[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(pick(widths, at(g.w, i), fmt::format("w[{}]", i)));
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        const int gene = space.depthGene(static_cast<int>(i));
        const auto depth = stage.depths[static_cast<std::size_t>(pick(stage.depths, depthAt(stage.depths, gene), fmt::format("d[{}]", gene)))];
        s.depth[static_cast<std::size_t>(gene)] = static_cast<std::uint8_t>(depth);
        for (int b = 0; b < stage.baseDepth + depth; ++b) {
            const int slot = stage.firstSlot + b;
            const int k = space.isResNet() ? 0 : pick(stage.kernels, at(g.ks, slot), fmt::format("ks[{}]", slot));
            const int e = pick(stage.expansions, at(g.e, slot), fmt::format("e[{}]", slot));
            s.op[static_cast<std::size_t>(slot)] = static_cast<std::uint8_t>(1 + k * static_cast<int>(stage.expansions.size()) + e);
        }
    }
    return s;
}

std::vector<double> valuesFrom(const JsonView& v)
{
    if (v.json().is_number())
        return {v.number()};
    std::vector<double> values;
    for (const auto& e : v.elements(4096))
        values.push_back(e.json().is_null() ? 0 : e.number());
    if (values.empty())
        v.fail("the list is empty");
    return values;
}

void checkLengths(const SearchSpace& space, const Genotype& g, Problems& problems)
{
    const auto check = [&](const char* name, const std::vector<double>& values, int expected) {
        if (values.empty() && expected > 0)
            problems.add(fmt::format("{} is missing (a list of {})", name, expected));
        else if (expected > 0 && values.size() != 1 && values.size() != static_cast<std::size_t>(expected))
            problems.add(fmt::format("{} has {} entries instead of {}", name, values.size(), expected));
        else if (expected == 0 && !values.empty())
            problems.add(fmt::format("{} has no meaning here", name));
    };
    check("ks", g.ks, space.isResNet() ? 0 : space.slotCount());
    check("e", g.e, space.slotCount());
    check("d", g.d, space.depthGenes());
    check("w", g.w, space.widthGenes());
}

} // namespace

Genotype genotypeFromJson(const JsonView& v)
{
    v.onlyKeys({"ks", "e", "d", "w", "wid", "r", "image_size"});
    Genotype g;
    if (v.has("ks"))
        g.ks = valuesFrom(v.at("ks"));
    if (v.has("e"))
        g.e = valuesFrom(v.at("e"));
    if (v.has("d"))
        g.d = valuesFrom(v.at("d"));
    if (v.has("w"))
        g.w = valuesFrom(v.at("w"));
    if (v.has("r") && v.has("image_size"))
        v.fail("both r and image_size are given", {}, "one of them");
    for (const char* key : {"r", "image_size"}) {
        if (!v.has(key))
            continue;
        const auto r = v.at(key);
        if (!r.json().is_array()) {
            g.resolution = static_cast<int>(r.integer(1, 65535));
            continue;
        }
        const auto list = r.elements();
        if (list.size() != 1)
            r.fail("one resolution is needed", fmt::format("{}", list.size()), "a number or a list of one");
        g.resolution = static_cast<int>(list[0].integer(1, 65535));
    }
    return g;
}

Subnet subnetFromGenotype(const SearchSpace& space, const Genotype& g, const std::string& where, ResolutionRule rule)
{
    Problems problems;
    checkLengths(space, g, problems);
    if (!g.resolution)
        problems.add("the resolution r is missing");
    else if (rule == ResolutionRule::InSpace && !space.hasResolution(*g.resolution))
        problems.add(fmt::format("r is {} (allowed {})", *g.resolution, fmt::join(space.resolutions, " ")));
    else if (*g.resolution < 1 || *g.resolution > 65535)
        problems.add(fmt::format("r is {} (allowed 1 to 65535)", *g.resolution));
    problems.throwIfAny(where, space);
    auto s = assemble(space, g, [&](const auto& choices, double value, const std::string& name) {
        const int i = indexOf(choices, value);
        if (i < 0)
            problems.add(fmt::format("{} is {} (allowed {})", name, value, fmt::join(choices, " ")));
        return std::max(i, 0);
    });
    problems.throwIfAny(where, space);
    s.resolution = static_cast<std::uint16_t>(*g.resolution);
    return s;
}

Repaired repair(const SearchSpace& space, const Genotype& given)
{
    Repaired result;
    Genotype g = given;
    const auto fit = [&](const char* name, std::vector<double>& values, int n) {
        if (n == 0 || values.size() == 1 || values.size() == static_cast<std::size_t>(n))
            return;
        result.changes.push_back(fmt::format("{}: {} entries instead of {}", name, values.size(), n));
        values.resize(static_cast<std::size_t>(n), values.empty() ? 0 : values.back());
    };
    fit("ks", g.ks, space.isResNet() ? 0 : space.slotCount());
    fit("e", g.e, space.slotCount());
    fit("d", g.d, space.depthGenes());
    fit("w", g.w, space.widthGenes());
    result.subnet = assemble(space, g, [&](const auto& choices, double value, const std::string& name) {
        const int i = nearest(choices, value);
        const auto chosen = static_cast<double>(choices[static_cast<std::size_t>(i)]);
        if (std::abs(chosen - value) >= 1e-9)
            result.changes.push_back(fmt::format("{}: {} became {}", name, value, chosen));
        return i;
    });
    const int r = space.resolutions[static_cast<std::size_t>(nearest(space.resolutions, g.resolution.value_or(space.resolutions.back())))];
    if (!g.resolution)
        result.changes.push_back(fmt::format("r: missing, became {}", r));
    else if (r != *g.resolution)
        result.changes.push_back(fmt::format("r: {} became {}", *g.resolution, r));
    result.subnet.resolution = static_cast<std::uint16_t>(r);
    return result;
}

Json toJson(const SearchSpace& space, const Subnet& s)
{
    Json j = Json::object();
    Json ks = Json::array(), e = Json::array(), d = Json::array(), w = Json::array();
    for (int slot = 0; slot < space.slotCount(); ++slot) {
        const auto op = s.op[static_cast<std::size_t>(slot)];
        const auto& stage = space.stages[static_cast<std::size_t>(space.stageOfSlot(slot))];
        ks.push_back(op ? stage.kernelOf(op) : 0);
        e.push_back(plainNumber(op ? stage.expansionOf(op) : 0)); // whole ratios as integers, as OFA writes them
    }
    for (int i = 0; i < space.depthGenes(); ++i)
        d.push_back(s.depth[static_cast<std::size_t>(i)]);
    for (int i = 0; i < space.widthGenes(); ++i)
        w.push_back(s.width[static_cast<std::size_t>(i)]);
    if (space.isResNet()) {
        j["d"] = d;
        j["e"] = e;
        j["w"] = w;
    } else {
        j["ks"] = ks;
        j["e"] = e;
        j["d"] = d;
    }
    j["r"] = Json::array({s.resolution});
    return j;
}

namespace {

std::vector<double> digits(std::string_view text, const char* name, const std::string& where)
{
    std::vector<double> values;
    for (const char c : text) {
        if (c != '-' && (c < '0' || c > '9'))
            throw FormatError({where, fmt::format("{} must be digits", name), quote(text), {}});
        values.push_back(c == '-' ? 0 : c - '0');
    }
    if (values.size() == 1)
        values.push_back(-1); // a lone digit is a list of one here and must not stand for all positions
    return values;
}

} // namespace

Subnet subnetFromDigits(const SearchSpace& space, std::string_view ks, std::string_view e, std::string_view d, int resolution,
    const std::string& where, ResolutionRule rule)
{
    Genotype g;
    g.ks = digits(ks, "ks", where);
    g.e = digits(e, "e", where);
    g.d = digits(d, "d", where);
    g.resolution = resolution;
    return subnetFromGenotype(space, g, where, rule);
}

std::string digitsOf(const SearchSpace& space, const Subnet& subnet)
{
    const auto digit = [&](double value) {
        if (value < 0 || value > 9 || value != static_cast<int>(value))
            throw ValueError({space.id, "a choice of this space is not a single digit, as the columns of sample files hold", fmt::format("{:g}", value), "0 to 9"});
        return static_cast<char>('0' + static_cast<int>(value));
    };
    if (space.isResNet())
        throw ValueError({space.id, "the columns of sample files have no place for the widths of a ResNet", {}, "a MobileNetV3 or ProxylessNAS space"});
    std::string ks, e, d;
    for (int slot = 0; slot < space.slotCount(); ++slot) {
        const auto op = subnet.op[static_cast<std::size_t>(slot)];
        const auto& stage = space.stages[static_cast<std::size_t>(space.stageOfSlot(slot))];
        ks += op ? digit(stage.kernelOf(op)) : '-';
        e += op ? digit(stage.expansionOf(op)) : '-';
    }
    for (int gene = 0; gene < space.depthGenes(); ++gene)
        d += digit(subnet.depth[static_cast<std::size_t>(gene)]);
    return fmt::format("{},{},{}", ks, e, d);
}

Subnet subnetFromOps(const SearchSpace& space, std::string_view depths, std::string_view ops, int resolution,
    const std::string& where, ResolutionRule rule)
{
    Genotype g;
    g.d = digits(depths, "depths", where);
    g.resolution = resolution;
    const auto numbers = digits(ops, "ops", where);
    for (std::size_t i = 0; i < ops.size(); ++i) {
        // Beyond the space's positions the lists only grow long, which is then reported.
        const auto slot = std::min<int>(static_cast<int>(i), space.slotCount() - 1);
        const auto& stage = space.stages[static_cast<std::size_t>(space.stageOfSlot(slot))];
        const auto op = static_cast<int>(numbers[i]);
        const bool known = ops[i] != '-' && op < stage.ops();
        g.ks.push_back(known ? stage.kernelOf(static_cast<std::uint8_t>(op + 1)) : 0);
        g.e.push_back(known ? stage.expansionOf(static_cast<std::uint8_t>(op + 1)) : 0);
    }
    return subnetFromGenotype(space, g, where, rule);
}

void validate(const SearchSpace& space, const Subnet& s, const std::string& where)
{
    Problems problems;
    if (!space.hasResolution(s.resolution))
        problems.add(fmt::format("r is {} (allowed {})", s.resolution, fmt::join(space.resolutions, " ")));
    if (space.isResNet() && indexOf(space.stemDepths, s.depth[0]) < 0)
        problems.add(fmt::format("d[0] is {} (allowed {})", s.depth[0], fmt::join(space.stemDepths, " ")));
    for (int i = 0; i < space.widthGenes(); ++i)
        if (s.width[static_cast<std::size_t>(i)] >= space.widthChoices())
            problems.add(fmt::format("w[{}] is {} (allowed 0 to {})", i, s.width[static_cast<std::size_t>(i)], space.widthChoices() - 1));
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        const int gene = space.depthGene(static_cast<int>(i)), depth = s.depth[static_cast<std::size_t>(gene)];
        if (indexOf(stage.depths, depth) < 0) {
            problems.add(fmt::format("d[{}] is {} (allowed {})", gene, depth, fmt::join(stage.depths, " ")));
            continue;
        }
        for (int b = 0; b < stage.maxBlocks; ++b) {
            const int op = s.op[static_cast<std::size_t>(stage.firstSlot + b)];
            const bool active = b < stage.baseDepth + depth;
            if (active ? op < 1 || op > stage.ops() : op != 0)
                problems.add(fmt::format("block {} has operator {}", stage.firstSlot + b, op));
        }
    }
    problems.throwIfAny(where, space);
}

} // namespace paretoscope

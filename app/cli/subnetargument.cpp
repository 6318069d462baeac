// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "subnetargument.h"

#include "base/file.h"
#include "space/netconfig.h"
#include "space/sampling.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <iostream>
#include <iterator>

namespace paretoscope::cli {

namespace {

constexpr std::size_t kMaxSubnetBytes = 4u << 20;

std::string standardInput()
{
    std::string text;
    char buffer[4096];
    while (std::cin.read(buffer, sizeof buffer), std::cin.gcount() > 0) {
        text.append(buffer, static_cast<std::size_t>(std::cin.gcount()));
        if (text.size() > kMaxSubnetBytes)
            throw IoError({"standard input", "is too large for a subnet", {}, fmt::format("at most {} bytes", kMaxSubnetBytes)});
    }
    return text;
}

std::optional<int> resolutionBeside(const std::string& file)
{
    const auto run = std::filesystem::path(file).parent_path() / "run.config";
    if (!std::filesystem::exists(run))
        return std::nullopt;
    const auto json = readJsonFile(run, kMaxSubnetBytes);
    return static_cast<int>(JsonView(json, run.string()).at("image_size").integer(1, 65535));
}

std::uint64_t seedOf(const std::string& argument, std::uint64_t fallback)
{
    constexpr std::string_view kPrefix = "random:";
    if (argument == "random")
        return fallback;
    std::uint64_t seed = 0;
    const char* end = argument.data() + argument.size();
    const auto [rest, error] = std::from_chars(argument.data() + kPrefix.size(), end, seed);
    if (error != std::errc() || rest != end)
        throw ValueError({"--subnet", "not a seed", quote(argument.substr(kPrefix.size())), "random: and a whole number"});
    return seed;
}

} // namespace

Subnet subnetFromArgument(const std::string& argument, const Parts& parts, std::optional<int> resolution, const Context& context, ResolutionRule rule)
{
    const auto& space = parts.space();
    const auto withResolution = [&](Subnet s) {
        if (resolution)
            s.resolution = static_cast<std::uint16_t>(*resolution);
        if (rule == ResolutionRule::InSpace && !space.hasResolution(s.resolution))
            throw ValueError({argument, "resolution outside the space " + space.id, fmt::format("{}", s.resolution), fmt::format("{}", fmt::join(space.resolutions, ", "))});
        return s;
    };
    if (argument == "max")
        return withResolution(space.largest());
    if (argument == "min")
        return withResolution(space.smallest());
    if (argument == "random" || argument.starts_with("random:")) {
        Random random(seedOf(argument, context.seed));
        return withResolution(uniformSubnet(space, random));
    }
    const bool inlineText = argument.starts_with('{');
    const std::string where = inlineText ? "--subnet" : argument == "-" ? "standard input" : argument;
    const auto text = inlineText ? argument : argument == "-" ? standardInput() : readTextFile(argument, kMaxSubnetBytes);
    const auto json = parseJson(text, where);
    if (looksLikeNetConfig(json)) {
        if (!resolution && !inlineText && argument != "-")
            resolution = resolutionBeside(argument);
        if (!resolution)
            throw ValueError({where, "a net.config does not say its resolution", {}, "--resolution R, or run.config beside the file"});
        const auto subnet = subnetFromNetConfig(parts, JsonView(json, where), *resolution);
        for (const auto& other : subnetsWithTheSameLayers(parts, subnet))
            context.note(fmt::format("warning: {} also fits {}, which a supernet has other weights for; taken is {}", where, toJson(space, other).dump(), toJson(space, subnet).dump()));
        return withResolution(subnet);
    }
    // What other commands print holds the subnet under this key.
    const JsonView view = json.is_object() && json.contains("subnet") ? JsonView(json, where).at("subnet") : JsonView(json, where);
    auto genotype = genotypeFromJson(view);
    if (resolution)
        genotype.resolution = resolution;
    return subnetFromGenotype(space, genotype, where, rule);
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundleargument.h"
#include "subnetargument.h"

#include "space/accounting.h"
#include "space/spacejson.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string space, bundle, subnet;
    std::optional<int> resolution;
};

std::string_view name(BlockType type)
{
    switch (type) {
    case BlockType::Convolution: return "convolution";
    case BlockType::MbConv: return "mbconv";
    case BlockType::Bottleneck: return "bottleneck";
    case BlockType::MaxPool: return "max-pool";
    case BlockType::GlobalPool: return "global-pool";
    case BlockType::Linear: return "linear";
    }
    return {};
}

Json blockJson(const BlockAccount& b)
{
    Json j{{"name", b.block.name}, {"supernetName", b.block.supernetName}, {"type", name(b.block.type)}, {"macs", b.account.macs},
        {"params", b.account.params}, {"weightBytes", b.account.weightBytes()}, {"peakActivationBytes", b.account.peakActivationBytes},
        {"inputSize", b.inputSize}, {"outputSize", b.outputSize}, {"inChannels", b.block.in}, {"outChannels", b.block.out}};
    if (b.block.slot >= 0) {
        j["stage"] = b.block.stage;
        j["slot"] = b.block.slot;
        j["kernel"] = b.block.kernel;
        j["expansion"] = b.block.expansion;
        j["midChannels"] = b.block.mid;
    }
    return j;
}

void describe(const Context& context, const Options& options)
{
    std::shared_ptr<const Parts> parts;
    if (!options.bundle.empty())
        parts = openBundleArgument(context, options.bundle).parts;
    else
        parts = std::make_shared<const Parts>(openSpace(options.space));
    const auto& space = parts->space();
    const auto s = subnetFromArgument(options.subnet, *parts, options.resolution, context, ResolutionRule::Any);
    const auto a = account(*parts, s);
    const auto& t = a.total;
    if (context.json) {
        Json j{{"space", space.id}, {"subnet", toJson(space, s)}, {"macs", t.macs}, {"params", t.params}, {"weightBytes", t.weightBytes()},
            {"peakActivationBytes", t.peakActivationBytes}, {"blocks", Json::array()}};
        if (!space.hasResolution(s.resolution))
            j["warnings"] = {fmt::format("resolution {} lies outside the space", s.resolution)};
        for (const auto& b : a.blocks)
            j["blocks"].push_back(blockJson(b));
        context.print(j);
        return;
    }
    if (!space.hasResolution(s.resolution))
        context.note(fmt::format("warning: resolution {} lies outside the space", s.resolution));
    std::string text = fmt::format("{}\n{:.4f} M MACs, {:.4f} M parameters ({:.2f} MB in float32), peak activation {:.3f} MB\n\n", toJson(space, s).dump(),
        static_cast<double>(t.macs) / 1e6, static_cast<double>(t.params) / 1e6, static_cast<double>(t.weightBytes()) / 1e6, static_cast<double>(t.peakActivationBytes) / 1e6);
    text += fmt::format("{:<20} {:>16} {:>16} {:>3} {:>5} {:>12} {:>10} {:>14}\n", "block", "in", "out", "k", "e", "MACs", "params", "peak bytes");
    for (const auto& b : a.blocks) {
        const auto map = [](int size, int channels) { return fmt::format("{0}x{0}x{1}", size, channels); };
        const bool elastic = b.block.slot >= 0;
        text += fmt::format("{:<20} {:>16} {:>16} {:>3} {:>5} {:>12} {:>10} {:>14}\n", b.block.name, map(b.inputSize, b.block.in), map(b.outputSize, b.block.out),
            elastic ? std::to_string(b.block.kernel) : "", elastic ? fmt::format("{}", b.block.expansion) : "", b.account.macs, b.account.params, b.account.peakActivationBytes);
    }
    context.print(text);
}

} // namespace

void addDescribe(CLI::App& app, Context& context)
{
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("describe", "Count MACs, parameters and memory of a subnet, exactly");
    auto* where = command->add_option_group("space");
    where->add_option("--space", options->space, "A built-in space or a space file");
    where->add_option("--bundle", options->bundle, kBundleHelp);
    where->require_option(1);
    command->add_option("--subnet", options->subnet, kSubnetHelp)->required();
    command->add_option("--resolution", options->resolution, "Another input resolution, in pixels; any")->check(CLI::Range(1, 65535));
    command->callback([options, &context] { describe(context, *options); });
}

} // namespace paretoscope::cli

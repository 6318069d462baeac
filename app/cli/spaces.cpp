// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "context.h"

#include "space/keys.h"
#include "space/spacejson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string id;
    bool keys = false;
};

Json choicesOf(const SearchSpace& s)
{
    Json stages = Json::array();
    for (const auto& stage : s.stages)
        stages.push_back({{"channels", stage.channels}, {"stride", stage.stride}, {"activation", name(stage.activation)},
            {"squeezeExcite", stage.squeezeExcite}, {"baseDepth", stage.baseDepth}, {"maxBlocks", stage.maxBlocks}, {"ks", stage.kernels},
            {"e", plainNumbers(stage.expansions)}, {"d", stage.depths}});
    Json choices = Json::object();
    if (!s.isResNet())
        choices["ks"] = s.stages.front().kernels;
    choices["e"] = plainNumbers(s.stages.front().expansions);
    choices["d"] = s.stages.front().depths;
    if (s.isResNet()) {
        choices["stemD"] = s.stemDepths;
        choices["w"] = s.widthMultipliers;
    }
    choices["r"] = s.resolutions;
    choices["stages"] = std::move(stages);
    return choices;
}

Json summaryOf(const SearchSpace& s)
{
    return {{"id", s.id}, {"title", s.title}, {"source", s.source}, {"family", name(s.family)}, {"classes", s.classes},
        {"subnetsPerResolution", s.subnetsPerResolution()}, {"subnets", s.subnets()}};
}

void listSpaces(const Context& context)
{
    Json list = Json::array();
    std::string text = fmt::format("{:<20} {:>24} {:>12}  {}\n", "id", "subnets a resolution", "resolutions", "title");
    for (const auto& id : builtInSpaceIds()) {
        const auto s = builtInSpace(id);
        list.push_back(summaryOf(s));
        text += fmt::format("{:<20} {:>24} {:>12}  {}\n", s.id, s.subnetsPerResolution(), s.resolutions.size(), s.title);
    }
    text += "\nofa-mbv3-wX and ofa-proxyless-wX exist for any width X from 0.05 to 8; a JSON file describes a space of your own.\n";
    context.json ? context.print(Json{{"spaces", std::move(list)}}) : context.print(text);
}

void showSpace(const Context& context, const Options& options)
{
    const auto s = openSpace(options.id);
    const auto keys = options.keys ? supernetKeys(s) : std::vector<WeightKey>{};
    if (context.json) {
        auto j = summaryOf(s);
        j["choices"] = choicesOf(s);
        if (options.keys) {
            j["keys"] = Json::array();
            for (const auto& k : keys)
                j["keys"].push_back({k.name, k.shape, k.dtype});
        }
        context.print(j);
        return;
    }
    std::string text = fmt::format("{}: {}\nsource: {}\n{} subnets at each of {} resolutions ({}), {} in all; {} classes\n\n", s.id, s.title, s.source,
        s.subnetsPerResolution(), s.resolutions.size(), fmt::join(s.resolutions, " "), s.subnets(), s.classes);
    text += fmt::format("{:<6} {:<20} {:>6} {:<10} {:<4} {:<12} {:<18} {}\n", "stage", "channels", "stride", "activation", "SE", "kernels", "expansions", "depths");
    for (std::size_t i = 0; i < s.stages.size(); ++i) {
        const auto& st = s.stages[i];
        std::vector<int> blocks;
        for (const int d : st.depths)
            blocks.push_back(st.baseDepth + d);
        text += fmt::format("{:<6} {:<20} {:>6} {:<10} {:<4} {:<12} {:<18} {}\n", i + 1, fmt::format("{}", fmt::join(st.channels, " ")), st.stride,
            name(st.activation), st.squeezeExcite ? "yes" : "no", fmt::format("{}", fmt::join(st.kernels, " ")),
            fmt::format("{}", fmt::join(st.expansions, " ")), fmt::join(blocks, " "));
    }
    if (options.keys) {
        text += fmt::format("\n{} keys\n", keys.size());
        for (const auto& k : keys)
            text += fmt::format("{} [{}] {}\n", k.name, fmt::join(k.shape, ", "), k.dtype);
    }
    context.print(text);
}

} // namespace

void addSpaces(CLI::App& app, Context& context)
{
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("spaces", "List the search spaces, or show one");
    command->add_option("ID", options->id, "A built-in space, or a space file");
    command->add_flag("--keys", options->keys, "With the keys of the supernet's weights");
    command->callback([options, &context] { options->id.empty() ? listSpaces(context) : showSpace(context, *options); });
}

} // namespace paretoscope::cli

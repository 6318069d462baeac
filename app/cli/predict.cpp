// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundleargument.h"
#include "devicechoice.h"
#include "figures.h"
#include "subnetargument.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string bundle;
    std::vector<std::string> subnets, devices;
    std::optional<int> resolution;
    CarbonOptions carbon;
};

std::string forPeople(const Target& target, const Json& figures, const std::vector<std::string>& warnings)
{
    auto text = fmt::format("  {}\n    top-1      {}\n    latency    {}\n    energy     {}\n    emissions  {}\n", target.device ? target.device->title : "no device",
        shown(figures["top1Percent"], "%"), shown(figures["latencyMs"], "ms"), shown(figures["energyJ"], "mJ an inference", 1e3),
        shown(figures["co2eGPerMillion"], "g CO2e a million inferences", 1, false));
    if (!figures["top1CorrectedPercent"]["value"].is_null())
        text += fmt::format("    if a search chose it: top-1 {}\n", shown(figures["top1CorrectedPercent"], "%", 1, false));
    text += fmt::format("    {:.2f} M MACs, {:.3f} M parameters, peak activation {:.3f} MB\n", figures["macs"].get<double>() / 1e6, figures["params"].get<double>() / 1e6,
        figures["peakActivationBytes"].get<double>() / 1e6);
    for (const auto& w : warnings)
        text += "    warning: " + w + "\n";
    return text;
}

void predict(const Context& context, const Options& options)
{
    const auto use = usePhase(options.carbon);
    const auto bundle = openBundleArgument(context, options.bundle);
    const auto opened = devicesFromArguments(bundle, options.devices);
    std::vector<Target> targets;
    for (const auto& d : opened)
        targets.push_back(targetOf(&d));
    if (options.devices.empty())
        for (const auto& d : bundle.devices)
            targets.push_back(targetOf(&d));
    if (targets.empty())
        targets.push_back(targetOf(nullptr));

    Json result{{"bundle", bundle.id}, {"predictor", bundle.predictor() ? Json(bundle.predictor()->describe()) : Json(nullptr)}, {"gPerKwh", toJson(use.gPerKwh)},
        {"subnets", Json::array()}};
    auto text = fmt::format("grid: {:g} g CO2e per kWh ({})\n", use.gPerKwh.value, use.gPerKwh.source);
    for (const auto& argument : options.subnets) {
        const auto s = subnetFromArgument(argument, *bundle.parts, options.resolution, context, ResolutionRule::Any);
        Json entry{{"subnet", toJson(bundle.space(), s)}, {"devices", Json::array()}};
        text += entry["subnet"].dump() + "\n";
        for (const auto& target : targets) {
            const auto figures = figuresOf(bundle, target, use, s);
            const auto warnings = warningsOf(bundle, target, s);
            text += forPeople(target, figures, warnings);
            entry["devices"].push_back({{"device", target.device ? Json(target.device->id) : Json(nullptr)}, {"figures", figures}, {"warnings", warnings}});
        }
        result["subnets"].push_back(std::move(entry));
    }
    context.json ? context.print(result) : context.print(text);
}

} // namespace

void addPredict(CLI::App& app, Context& context)
{
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("predict", "Predict accuracy, latency, energy and emissions of subnets");
    command->add_option("--bundle", options->bundle, kBundleHelp)->required();
    command->add_option("--subnet", options->subnets, kSubnetHelp)->required();
    command->add_option("--device", options->devices, "A device of the bundle or the catalogue, a device file, or a latency table; all of the bundle if none is given");
    command->add_option("--resolution", options->resolution, "Another input resolution, in pixels")->check(CLI::Range(1, 65535));
    addCarbonOptions(*command, options->carbon);
    command->callback([options, &context] { predict(context, *options); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "subnetargument.h"

#include "bundle/bundle.h"
#include "space/accounting.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string bundle;
    std::vector<std::string> subnets, devices;
    std::optional<int> resolution;
};

// An estimate that cannot be given keeps its form, so that a reader need not ask which it is.
Json unknown(const std::string& reason)
{
    return {{"value", nullptr}, {"low", nullptr}, {"high", nullptr}, {"kind", nullptr}, {"source", nullptr}, {"reason", reason}};
}

template <typename F>
Json estimateOr(F&& estimate)
{
    try {
        return toJson(estimate());
    } catch (const ValueError& e) {
        return unknown(e.what());
    }
}

Json figuresOf(const Bundle& bundle, const Device* device, const Subnet& s)
{
    const auto t = account(*bundle.parts, s).total;
    Json j{{"macs", t.macs}, {"params", t.params}, {"weightBytes", t.weightBytes()}, {"peakActivationBytes", t.peakActivationBytes}};
    const auto* predictor = bundle.predictor();
    j["top1Percent"] = predictor ? estimateOr([&] { return predictor->top1Percent(s); }) : unknown("the bundle holds no accuracy predictor");
    if (predictor && predictor->calibration)
        j["top1RawPercent"] = estimateOr([&] { return predictor->top1RawPercent(s); });
    j["latencyMs"] = device ? estimateOr([&] { return device->latency(s); }) : unknown("no device is given and the bundle holds none");
    return j;
}

std::vector<std::string> warningsOf(const Bundle& bundle, const Device* device, const Subnet& s)
{
    std::vector<std::string> warnings;
    if (const auto* predictor = bundle.predictor())
        warnings = predictor->outsideTraining(s, bundle.space());
    if (device)
        for (const auto& w : device->warnings)
            warnings.push_back(device->id + ": " + w);
    return warnings;
}

std::string shown(const Json& estimate, const char* unit)
{
    if (estimate["value"].is_null())
        return "unknown (" + estimate["reason"].get<std::string>() + ")";
    auto text = fmt::format("{:.4g} {}", estimate["value"].get<double>(), unit);
    if (!estimate["low"].is_null() && !estimate["high"].is_null())
        text += fmt::format(" [{:.4g}, {:.4g}]", estimate["low"].get<double>(), estimate["high"].get<double>());
    return text + fmt::format("  ({}; {})", estimate["kind"].get<std::string>(), estimate["source"].get<std::string>());
}

void predict(const Context& context, const Options& options)
{
    ProgressReport progress(context);
    const auto bundle = openBundleByName(options.bundle, [&](const auto& step, double share) { return progress.report(step, share); });
    std::vector<Device> opened;
    opened.reserve(options.devices.size());
    std::vector<const Device*> devices;
    for (const auto& d : options.devices) {
        if (const auto* own = bundle.device(d)) {
            devices.push_back(own);
            continue;
        }
        opened.push_back(std::filesystem::exists(d) ? openDevice(d, bundle.parts) : catalogueDevice(d, bundle.parts));
        devices.push_back(&opened.back());
    }
    if (options.devices.empty())
        for (const auto& d : bundle.devices)
            devices.push_back(&d);
    if (devices.empty())
        devices.push_back(nullptr);

    Json result{{"bundle", bundle.id}, {"predictor", bundle.predictor() ? Json(bundle.predictor()->describe()) : Json(nullptr)}, {"subnets", Json::array()}};
    std::string text;
    for (const auto& argument : options.subnets) {
        const auto s = subnetFromArgument(argument, *bundle.parts, options.resolution, context, ResolutionRule::Any);
        Json entry{{"subnet", toJson(bundle.space(), s)}, {"devices", Json::array()}};
        text += entry["subnet"].dump() + "\n";
        for (const auto* device : devices) {
            const auto figures = figuresOf(bundle, device, s);
            auto warnings = warningsOf(bundle, device, s);
            if (!bundle.space().hasResolution(s.resolution))
                warnings.push_back(fmt::format("resolution {} lies outside the space", s.resolution));
            text += fmt::format("  {}\n    top-1     {}\n    latency   {}\n    {:.2f} M MACs, {:.3f} M parameters, peak activation {:.3f} MB\n",
                device ? device->title : "no device", shown(figures["top1Percent"], "%"), shown(figures["latencyMs"], "ms"), figures["macs"].get<double>() / 1e6,
                figures["params"].get<double>() / 1e6, figures["peakActivationBytes"].get<double>() / 1e6);
            for (const auto& w : warnings)
                text += "    warning: " + w + "\n";
            Json row{{"device", device ? Json(device->id) : Json(nullptr)}, {"figures", figures}};
            if (!warnings.empty())
                row["warnings"] = warnings;
            entry["devices"].push_back(std::move(row));
        }
        result["subnets"].push_back(std::move(entry));
    }
    context.json ? context.print(result) : context.print(text);
}

} // namespace

void addPredict(CLI::App& app, Context& context)
{
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("predict", "Predict accuracy and latency of subnets");
    command->add_option("--bundle", options->bundle, "A bundle: folder or zip")->required();
    command->add_option("--subnet", options->subnets, kSubnetHelp)->required();
    command->add_option("--device", options->devices, "A device of the bundle or the catalogue, a device file, or a latency table; all of the bundle if none is given");
    command->add_option("--resolution", options->resolution, "Another input resolution, in pixels")->check(CLI::Range(1, 65535));
    command->callback([options, &context] { predict(context, *options); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundleargument.h"

#include "space/spacejson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string space, bundle;
};

Json errorJson(const DeviceError& e)
{
    const auto optional = [](const auto& v) { return v ? Json(*v) : Json(nullptr); };
    return {{"basis", e.basis}, {"nets", optional(e.nets)}, {"r2", optional(e.r2)}, {"mapePercent", optional(e.mapePercent)}, {"kendallTau", optional(e.kendallTau)},
        {"kendallTauInResolution", optional(e.kendallTauInResolution)}, {"within5Percent", optional(e.within5Percent)}, {"within10Percent", optional(e.within10Percent)},
        {"biasPercent", optional(e.biasPercent)}, {"band90Percent", optional(e.band90Percent)}};
}

std::string errorText(const DeviceError& e)
{
    std::string text;
    const auto add = [&](const char* format, const std::optional<double>& v) {
        if (v)
            text += (text.empty() ? "" : ", ") + fmt::format(fmt::runtime(format), *v);
    };
    add("90 % within ±{:g} %", e.band90Percent);
    add("MAPE {:g} %", e.mapePercent);
    add("tau {:g}", e.kendallTau);
    return text.empty() ? e.basis : text + ": " + e.basis;
}

Json deviceJson(const Device& d)
{
    Json j{{"id", d.id}, {"title", d.title}, {"space", d.spaceId}, {"form", name(d.form)}, {"kind", name(d.kind)}, {"supply", name(d.supply)},
        {"batch", d.conditions.batch}, {"threads", d.conditions.threads ? Json(d.conditions.threads) : Json(nullptr)},
        {"runtime", d.conditions.runtime.empty() ? Json(nullptr) : Json(d.conditions.runtime)}, {"resolutions", d.resolutions()}, {"source", d.source},
        {"licence", d.licence.empty() ? Json(nullptr) : Json(d.licence)}, {"warnings", d.warnings}};
    j["error"] = d.error ? errorJson(*d.error) : Json(nullptr);
    j["errors"] = Json::array();
    for (const auto& e : d.errors)
        if (e.space == d.spaceId) {
            Json range{{"resolutions", {e.lowestResolution, e.highestResolution}}, {"extrapolated", e.extrapolated}};
            range.update(errorJson(e.error));
            range["warnings"] = e.warnings;
            j["errors"].push_back(std::move(range));
        }
    return j;
}

void devices(const Context& context, const Options& options)
{
    std::vector<Device> list;
    if (!options.bundle.empty())
        list = openBundleArgument(context, options.bundle).devices;
    auto ids = builtInSpaceIds();
    if (!options.space.empty())
        ids = {openSpace(options.space).id};
    if (options.bundle.empty())
        for (const auto& id : ids) {
            const auto parts = std::make_shared<const Parts>(openSpace(options.space.empty() ? id : options.space));
            for (const auto& device : catalogueDeviceIds(id))
                list.push_back(catalogueDevice(device, parts));
        }
    Json j{{"devices", Json::array()}};
    std::string text;
    for (const auto& d : list) {
        j["devices"].push_back(deviceJson(d));
        text += fmt::format("{}: {} ({}; batch {}; {} resolutions, {} to {})\n  source: {}\n", d.id, d.title, d.spaceId, d.conditions.batch,
            d.resolutions().size(), d.resolutions().front(), d.resolutions().back(), d.source);
        if (!d.licence.empty())
            text += "  licence: " + d.licence + "\n";
        if (d.errors.empty())
            text += "  error: " + (d.error ? errorText(*d.error) : "not known") + "\n";
        for (const auto& w : d.warnings)
            text += "  warning: " + w + "\n";
        for (const auto& e : d.errors) {
            if (e.space != d.spaceId)
                continue;
            text += fmt::format("  error at {} to {}: {}\n", e.lowestResolution, e.highestResolution, errorText(e.error));
            for (const auto& w : e.warnings)
                text += "    warning: " + w + "\n";
        }
    }
    if (list.empty())
        text = options.bundle.empty() ? "The catalogue holds no device for these spaces; import a latency table (import --latency), or give one to predict --device.\n"
                                      : "The bundle holds no device.\n";
    context.json ? context.print(j) : context.print(text);
}

} // namespace

void addDevices(CLI::App& app, Context& context)
{
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("devices", "List the devices of the catalogue or of a bundle");
    auto* where = command->add_option_group("whose");
    where->add_option("--space", options->space, "Those of the catalogue for this space");
    where->add_option("--bundle", options->bundle, "Those of this bundle (a path, or the id of a shipped one)");
    where->require_option(0, 1);
    command->callback([options, &context] { devices(context, *options); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "context.h"

#include "bundle/bundle.h"
#include "space/spacejson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string space, bundle;
};

Json deviceJson(const Device& d)
{
    Json j{{"id", d.id}, {"title", d.title}, {"space", d.spaceId}, {"form", name(d.form)}, {"kind", name(d.kind)}, {"supply", name(d.supply)},
        {"batch", d.conditions.batch}, {"threads", d.conditions.threads ? Json(d.conditions.threads) : Json(nullptr)},
        {"runtime", d.conditions.runtime.empty() ? Json(nullptr) : Json(d.conditions.runtime)}, {"resolutions", d.resolutions()}, {"source", d.source},
        {"licence", d.licence.empty() ? Json(nullptr) : Json(d.licence)}, {"warnings", d.warnings}};
    j["error"] = nullptr;
    if (d.error) {
        const auto optional = [](const std::optional<double>& v) { return v ? Json(*v) : Json(nullptr); };
        j["error"] = {{"basis", d.error->basis}, {"r2", optional(d.error->r2)}, {"mapePercent", optional(d.error->mapePercent)}, {"kendallTau", optional(d.error->kendallTau)}};
    }
    return j;
}

void devices(const Context& context, const Options& options)
{
    std::vector<Device> list;
    if (!options.bundle.empty())
        list = openBundle(options.bundle).devices;
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
        for (const auto& w : d.warnings)
            text += "  warning: " + w + "\n";
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
    where->add_option("--bundle", options->bundle, "Those of this bundle");
    where->require_option(0, 1);
    command->callback([options, &context] { devices(context, *options); });
}

} // namespace paretoscope::cli

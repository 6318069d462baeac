// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundleargument.h"

#include "bundle/bundlefiles.h"
#include "bundle/import.h"
#include "bundle/shipped.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string from, to, weights, predictor;
    std::vector<int> resolutions;
    std::vector<std::string> devices, names;
};

void done(const Context& context, const std::string& text, Json result)
{
    context.json ? context.print(result) : context.print(text + "\n");
}

void list(const Context& context)
{
    Json j{{"bundles", Json::array()}};
    std::string text;
    for (const auto& shipped : shippedBundles()) {
        const auto json = readJsonFile(shipped.path / kManifestName);
        const auto title = JsonView(json, (shipped.path / kManifestName).string()).stringOr("title", shipped.id);
        j["bundles"].push_back({{"id", shipped.id}, {"title", title}, {"path", shipped.path.string()}});
        text += fmt::format("{}: {}\n  {}\n", shipped.id, title, shipped.path.string());
    }
    if (text.empty())
        text = "No bundles were shipped, or they are not found (set PARETOSCOPE_DATA).\n";
    context.json ? context.print(j) : context.print(text);
}

void attachTo(const Context& context, const Options& o)
{
    checkTarget(o.to);
    auto bundle = openBundleArgument(context, o.from);
    ImportRequest request;
    request.space = bundle.space();
    if (!o.weights.empty())
        request.weights = o.weights;
    if (!o.predictor.empty())
        request.predictor = o.predictor;
    if (!o.resolutions.empty())
        request.predictorResolutions = o.resolutions;
    for (std::size_t i = 0; i < o.devices.size(); ++i)
        request.latencies.push_back({o.devices[i], i < o.names.size() ? o.names[i] : std::string()});
    const auto findings = attach(bundle, request);
    if (interrupted())
        throw Cancelled();
    saveBundle(bundle, o.to);
    std::string text = o.to + ": written";
    for (const auto& f : findings)
        text += "\n  " + f;
    done(context, text, {{"bundle", o.to}, {"findings", findings}});
}

} // namespace

void addBundle(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("bundle", "Pack, unpack and verify bundles, and attach files to them");
    command->require_subcommand(1);
    command->fallthrough();

    command->add_subcommand("list", "List the bundles that come with the program")->callback([&context] { list(context); });

    auto* pack = command->add_subcommand("pack", "Verify a bundle folder and zip it");
    pack->add_option("FOLDER", o->from)->required();
    pack->add_option("ZIP", o->to)->required();
    pack->callback([o, &context] {
        packBundle(findBundle(o->from), o->to);
        done(context, o->to + ": written", {{"bundle", o->to}});
    });

    auto* unpack = command->add_subcommand("unpack", "Verify a zipped bundle and unpack it into a new folder");
    unpack->add_option("ZIP", o->from)->required();
    unpack->add_option("FOLDER", o->to)->required();
    unpack->callback([o, &context] {
        unpackBundle(findBundle(o->from), o->to);
        done(context, o->to + ": written", {{"bundle", o->to}});
    });

    auto* verify = command->add_subcommand("verify", "Check schema, checksums and every file of a bundle");
    verify->add_option("BUNDLE", o->from)->required();
    verify->callback([o, &context] {
        const auto b = openBundleArgument(context, o->from);
        done(context, fmt::format("{}: whole and valid ({}, {} predictors, {} devices{})", o->from, b.space().id, b.predictors.size(), b.devices.size(), b.weights ? ", weights" : ""),
            {{"bundle", o->from}, {"valid", true}, {"space", b.space().id}, {"predictors", b.predictors.size()}, {"devices", b.devices.size()}, {"weights", b.weights.has_value()}});
    });

    auto* attachCommand = command->add_subcommand("attach", "Add weights, a predictor or devices to a bundle");
    attachCommand->add_option("BUNDLE", o->from)->required();
    attachCommand->add_option("--weights", o->weights, "Checkpoint of the supernet");
    attachCommand->add_option("--predictor", o->predictor, "Accuracy predictor; becomes the default one");
    attachCommand->add_option("--predictor-resolutions", o->resolutions, "The resolutions of the predictor's encoding")->delimiter(',')->check(CLI::Range(1, 65535));
    attachCommand->add_option("--device,--latency", o->devices, "Device file or latency table; may be repeated");
    attachCommand->add_option("--device-name", o->names, "Name of the device of each table, in the same order");
    attachCommand->add_option("--out", o->to, "Folder to make, or a name that ends in .zip")->required();
    attachCommand->callback([o, &context] { attachTo(context, *o); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundleargument.h"

#include "bundle/import.h"
#include "space/spacejson.h"

#include <fmt/format.h>

#include <map>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string space, weights, predictor, out, supply, about;
    std::vector<int> resolutions;
    std::vector<std::string> latencies, names;
};

void import(const Context& context, const Options& options)
{
    checkTarget(options.out);
    ImportRequest request;
    request.space = openSpace(options.space);
    if (!options.weights.empty())
        request.weights = options.weights;
    if (!options.predictor.empty())
        request.predictor = options.predictor;
    if (!options.resolutions.empty())
        request.predictorResolutions = options.resolutions;
    for (std::size_t i = 0; i < options.latencies.size(); ++i)
        request.latencies.push_back({options.latencies[i], i < options.names.size() ? options.names[i] : std::string()});
    if (!options.about.empty())
        request.about = options.about;
    if (!options.supply.empty()) {
        const std::map<std::string, Supply> supplies{{"battery", Supply::Battery}, {"mains", Supply::Mains}, {"data-centre", Supply::DataCentre}};
        request.supply = supplies.at(options.supply);
    }
    const auto result = importFiles(request);
    if (interrupted())
        throw Cancelled();
    saveBundle(result.bundle, options.out);

    if (context.json) {
        Json j{{"bundle", options.out}, {"id", result.bundle.id}, {"space", result.bundle.space().id},
            {"predictor", result.bundle.predictor() ? Json(result.bundle.predictor()->describe()) : Json(nullptr)}, {"devices", Json::array()},
            {"weights", result.bundle.weights.has_value()}, {"findings", result.findings}};
        for (const auto& d : result.bundle.devices)
            j["devices"].push_back(d.id);
        context.print(j);
        return;
    }
    std::string text = fmt::format("{}: bundle of the space {}\n", options.out, result.bundle.space().id);
    for (const auto& f : result.findings)
        text += "  " + f + "\n";
    context.print(text);
}

} // namespace

void addImport(CLI::App& app, Context& context)
{
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("import", "Make a bundle of released files");
    command->add_option("--space", options->space, "A built-in space or a space file")->required();
    command->add_option("--weights", options->weights, "Checkpoint of the supernet: .pth (either format) or .safetensors");
    command->add_option("--predictor", options->predictor, "Accuracy predictor: a released .pth, or a file of this program");
    command->add_option("--predictor-resolutions", options->resolutions, "The resolutions of the predictor's encoding, in its order")->delimiter(',')->check(CLI::Range(1, 65535));
    command->add_option("--latency", options->latencies, "Latency table (folder or file) or device file; may be repeated");
    command->add_option("--device-name", options->names, "Name of the device of each --latency, in the same order");
    command->add_option("--supply", options->supply, "Where the imported devices take their electricity from")->check(CLI::IsMember({"battery", "mains", "data-centre"}));
    command->add_option("--about", options->about, "JSON file with id, title, dataSet, training, licences and notes of the bundle, as in bundle.json");
    command->add_option("--out", options->out, "Folder to make, or a name that ends in .zip")->required();
    command->callback([options, &context] {
        if (options->names.size() > options->latencies.size())
            throw CLI::ValidationError("--device-name", fmt::format("{} names for {} --latency", options->names.size(), options->latencies.size()));
        import(context, *options);
    });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "netargument.h"
#include "subnetargument.h"

#include "checkpoint/npy.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

struct Options {
    NetOptions net;
    std::string subnet, in, out, type = "float32";
    std::optional<int> resolution;
    bool extracted = false;
};

void forward(const Context& context, const Options& o)
{
    const auto source = openNetSource(context, o.net, true);
    const auto images = readNpy(o.in);
    const auto subnet = subnetFromArgument(o.subnet, *source.parts, o.resolution, context, ResolutionRule::Any);
    const auto engine = openEngineArgument(context, o.net);
    const auto precision = o.type == "float64" ? NetPrecision::Float64 : NetPrecision::Float32;
    const auto supernet = engine->supernet(source.parts, *source.weights, precision);
    const auto logits = o.extracted ? supernet->extract(subnet)->forward(images) : supernet->forward(subnet, images);
    if (interrupted())
        throw Cancelled();
    writeNpy(o.out, logits);

    const auto& shape = images.shape();
    const bool asNamed = shape[2] == subnet.resolution && shape[3] == subnet.resolution;
    const auto note = asNamed ? std::string() : fmt::format("the images are {} x {}, the subnet's resolution is {}", shape[2], shape[3], subnet.resolution);
    if (logits.hasNonFinite())
        context.note("warning: some logits are NaN or infinite");
    if (!context.json) {
        if (!asNamed)
            context.note("note: " + note);
        context.print(fmt::format("{}: logits {} {} of {} ({})\n", o.out, name(logits.dtype()), toString(logits.shape()), toJson(source.space(), subnet).dump(),
            o.extracted ? "extracted net" : "supernet"));
        return;
    }
    context.print(Json{{"out", o.out}, {"subnet", toJson(source.space(), subnet)}, {"shape", logits.shape()}, {"dtype", name(logits.dtype())}, {"extracted", o.extracted},
        {"weights", source.weightsSource}, {"engine", engine->facts().library}, {"note", note}});
}

} // namespace

void addForward(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("forward", "Logits of a subnet on images in a NumPy file");
    addNetOptions(*command, o->net, true);
    command->add_option("--subnet", o->subnet, kSubnetHelp)->required();
    command->add_option("--resolution", o->resolution, "The subnet's resolution, where it does not say; the images decide what is computed")->check(CLI::Range(1, 65535));
    command->add_option("--input", o->in, "Images, .npy of float32 or float64 [N, channels, height, width], normalised")->required();
    command->add_option("--out", o->out, "The .npy to write: [N, classes]")->required();
    command->add_option("--dtype", o->type, "Number format of weights and sums")->check(CLI::IsMember({"float32", "float64"}))->capture_default_str();
    command->add_flag("--extracted", o->extracted, "Through the net cut out, not the supernet; the same numbers");
    command->callback([o, &context] { forward(context, *o); });
}

} // namespace paretoscope::cli

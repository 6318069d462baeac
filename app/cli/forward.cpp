// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "netargument.h"
#include "subnetargument.h"

#include "base/progress.h"
#include "checkpoint/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>

namespace paretoscope::cli {

namespace {

constexpr std::int64_t kImagesAtOnce = 64;

struct Options {
    NetOptions net;
    std::string subnet, in, out, type = "float32";
    std::optional<int> resolution;
    bool extracted = false;
};

/// Images `first` to `first + count` of the array, without a copy.
Tensor imagesFrom(const Tensor& all, std::int64_t first, std::int64_t count)
{
    auto shape = all.shape();
    shape[0] = count;
    return Tensor(all.dtype(), shape, all.strides(), all.offset() + first * all.strides()[0], all.storage(), std::make_shared<const Tensor>(all));
}

/// In parts, so that memory does not grow with the array and an interruption is heard.
Tensor forwardInParts(const Context& context, const Tensor& images, const std::function<Tensor(const Tensor&)>& forward)
{
    const auto n = images.shape().empty() ? 0 : images.shape()[0];
    if (images.shape().size() != 4 || n <= kImagesAtOnce)
        return forward(images); // which says what is wrong with the array, if something is
    ProgressReport progress(context);
    auto bytes = std::make_shared<Bytes>();
    Tensor part;
    for (std::int64_t i = 0; i < n; i += kImagesAtOnce) {
        if (!progress.report("forward", static_cast<double>(i) / static_cast<double>(n)))
            throw Cancelled();
        part = forward(imagesFrom(images, i, std::min<std::int64_t>(kImagesAtOnce, n - i)));
        const auto more = part.contiguousBytes();
        bytes->insert(bytes->end(), more.begin(), more.end());
    }
    return Tensor(part.dtype(), {n, part.shape()[1]}, *bytes, bytes);
}

void forward(const Context& context, const Options& o)
{
    if (const auto folder = std::filesystem::absolute(o.out).parent_path(); !std::filesystem::is_directory(folder))
        throw IoError({o.out, "cannot be written", "there is no folder " + folder.string(), {}});
    const auto source = openNetSource(context, o.net, true);
    const auto images = readNpy(o.in);
    const auto subnet = subnetFromArgument(o.subnet, *source.parts, o.resolution, context, ResolutionRule::Any);
    const auto engine = openEngineArgument(context, o.net);
    const auto precision = o.type == "float64" ? NetPrecision::Float64 : NetPrecision::Float32;
    const auto supernet = engine->supernet(source.parts, *source.weights, precision);
    const std::shared_ptr<StaticNet> cut = o.extracted ? supernet->extract(subnet) : nullptr;
    const auto logits = forwardInParts(context, images, [&](const Tensor& part) { return cut ? cut->forward(part) : supernet->forward(subnet, part); });
    if (interrupted())
        throw Cancelled();
    writeNpy(o.out, logits);

    std::vector<std::string> warnings;
    if (const auto& shape = images.shape(); shape[2] != subnet.resolution || shape[3] != subnet.resolution)
        warnings.push_back(fmt::format("the images are {} x {}, the subnet's resolution is {}", shape[2], shape[3], subnet.resolution));
    if (logits.hasNonFinite())
        warnings.push_back("some logits are NaN or infinite");
    for (const auto& w : warnings)
        context.note("warning: " + w);
    if (!context.json) {
        context.print(fmt::format("{}: logits {} {} of {} ({})\n", o.out, name(logits.dtype()), toString(logits.shape()), toJson(source.space(), subnet).dump(),
            o.extracted ? "extracted net" : "supernet"));
        return;
    }
    context.print(Json{{"out", o.out}, {"subnet", toJson(source.space(), subnet)}, {"shape", logits.shape()}, {"dtype", name(logits.dtype())}, {"extracted", o.extracted},
        {"weights", source.weightsSource}, {"engine", engine->facts().library}, {"warnings", warnings}});
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

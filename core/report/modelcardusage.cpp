// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/modelcard.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace paretoscope {

namespace {

constexpr const char* kStateDictSnippet = R"(import json, torch  # the package ofa of once-for-all builds the layers
from ofa.imagenet_classification.networks import get_net_by_name
config = json.load(open("net.config"))
net = get_net_by_name(config["name"]).build_from_config(config)
net.load_state_dict(torch.load("init", map_location="cpu")["state_dict"])
net.eval()
)";

constexpr const char* kSafeTensorsSnippet = R"(from safetensors import safe_open
with safe_open("subnet.safetensors", framework="pt") as f:
    weights = {name: f.get_tensor(name) for name in f.keys()}  # as in init
    facts = f.metadata()  # space, subnet, resolution, mean, std
)";

constexpr const char* kTorchScriptSnippet = R"(import torch
net = torch.jit.load("subnet.ts.pt").eval()
images = torch.zeros({})  # prepared as below
logits = net(images)
)";

constexpr const char* kOnnxSnippet = R"(import numpy, onnxruntime
session = onnxruntime.InferenceSession("subnet.onnx", providers=["CPUExecutionProvider"])
images = numpy.zeros(({}), numpy.float32)  # prepared as below
logits = session.run(None, {{session.get_inputs()[0].name: images}})[0]
)";

std::string resizing(const Preprocessing& p, int resolution)
{
    if (p.evaluationCrop <= 0)
        return fmt::format("The image is resized to {0} × {0} pixels, bilinear with antialias.", resolution);
    return fmt::format("The shorter side is resized to {0} pixels, bilinear with antialias; the {1} × {1} pixels in the middle are taken.",
        std::ceil(resolution / p.evaluationCrop), resolution);
}

} // namespace

std::string loadingSnippet(const std::string& file, const ModelCard& c)
{
    const auto shape = fmt::format("1, {}, {}, {}", c.inputChannels, c.resolution, c.resolution);
    if (file == exportfile::kTorchScript)
        return fmt::format(kTorchScriptSnippet, shape);
    if (file == exportfile::kStateDict)
        return kStateDictSnippet;
    if (file == exportfile::kSafeTensors)
        return kSafeTensorsSnippet;
    if (file == exportfile::kOnnx)
        return fmt::format(kOnnxSnippet, shape);
    return {};
}

std::vector<std::string> expectedInput(const ModelCard& c)
{
    std::vector<std::string> text{
        fmt::format("float32, images × channels × height × width: N × {} × {} × {}; channels: {}.", c.inputChannels, c.resolution, c.resolution, c.inputChannels == 3 ? "red, green, blue" : "grey")};
    if (const auto& p = c.preprocessing) {
        text.push_back(resizing(*p, c.resolution));
        text.push_back(fmt::format("Samples of 0 to 255 are divided by 255; then, by channel, the mean ({}) is taken off and the rest divided by the standard deviation ({}).",
            fmt::join(p->mean, ", "), fmt::join(p->deviation, ", ")));
    } else {
        text.push_back("How images are cropped and normalised is not known: the source of the weights does not state it.");
    }
    text.push_back(fmt::format("The output is {} logits an image; softmax makes probabilities of them.", c.classes));
    return text;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundle/import.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/supernetweights.h"
#include "predict/predictorfile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace paretoscope {

namespace fs = std::filesystem;

StateDict readWeights(const fs::path& path)
{
    return path.extension() == ".safetensors" ? readSafeTensors(path).tensors : readPyTorch(path).weights;
}

std::string provenance(const fs::path& path)
{
    const MappedFile file(path);
    return fmt::format("{} (SHA-256 {})", path.filename().string(), sha256(file.bytes()));
}

namespace {

void addWeights(Bundle& b, const fs::path& path, std::vector<std::string>& findings)
{
    std::vector<std::string> filled;
    b.weights = fitToSupernet(readWeights(path), b.space(), path.string(), &filled);
    b.weightsSource = provenance(path);
    findings.push_back(fmt::format("weights: {} tensors fit the supernet of {}", b.weights->size(), b.space().id));
    const auto transforms = std::count_if(filled.begin(), filled.end(), [](const auto& n) { return n.ends_with("_matrix"); });
    if (transforms)
        findings.push_back(fmt::format("weights: {} kernel transforms are absent and start as the identity", transforms));
}

void addPredictor(Bundle& b, const ImportRequest& request, std::vector<std::string>& findings)
{
    auto predictor = openPredictor(*request.predictor, b.space(), request.predictorResolutions);
    findings.push_back("predictor: " + predictor.describe());
    if (!predictor.info.trainedSpace.empty() && predictor.info.trainedSpace != b.space().id)
        findings.push_back(fmt::format("predictor: it was trained for {}, not for {}: its figures are extrapolations", predictor.info.trainedSpace, b.space().id));
    if (!predictor.info.note.empty())
        findings.push_back("predictor: " + predictor.info.note);
    predictor.info.source = provenance(*request.predictor);
    b.predictors.insert(b.predictors.begin(), std::move(predictor));
}

// Published tables do not say what they were measured on; the makers of phones are few.
bool soundsLikeAPhone(std::string_view title)
{
    const auto id = "-" + idFromName(title) + "-";
    for (const char* word : {"-phone-", "-smartphone-", "-iphone", "-samsung-", "-galaxy", "-note8-", "-note10-", "-s7edge-", "-pixel", "-lg-g", "-huawei-", "-xiaomi-", "-oneplus-"})
        if (id.find(word) != std::string::npos)
            return true;
    return false;
}

void addDevice(Bundle& b, const ImportRequest::Latency& latency, std::optional<Supply> supply, std::vector<std::string>& findings)
{
    auto device = openDevice(latency.path, b.parts, latency.name);
    if (supply) {
        device.supply = *supply;
    } else if (device.kind == Kind::Table && soundsLikeAPhone(device.title)) {
        device.supply = Supply::Battery;
        findings.push_back(fmt::format("device {}: taken for a phone on battery because of its name", device.id));
    }
    findings.push_back(fmt::format("device {}: {} form, resolutions {}", device.id, name(device.form), fmt::join(device.resolutions(), ", ")));
    for (const auto& w : device.warnings)
        findings.push_back(fmt::format("device {}: {}", device.id, w));
    const auto same = std::find_if(b.devices.begin(), b.devices.end(), [&](const Device& d) { return d.id == device.id; });
    if (same != b.devices.end()) {
        findings.push_back(fmt::format("device {}: replaces the one that was there", device.id));
        *same = std::move(device);
    } else {
        b.devices.push_back(std::move(device));
    }
}

} // namespace

std::vector<std::string> attach(Bundle& bundle, const ImportRequest& request)
{
    std::vector<std::string> findings;
    if (request.weights)
        addWeights(bundle, *request.weights, findings);
    if (request.predictor)
        addPredictor(bundle, request, findings);
    for (const auto& latency : request.latencies)
        addDevice(bundle, latency, request.supply, findings);
    return findings;
}

ImportResult importFiles(const ImportRequest& request)
{
    ImportResult result;
    auto& b = result.bundle;
    b.parts = std::make_shared<const Parts>(request.space);
    b.id = request.space.id + "-import";
    b.title = request.space.title;
    std::vector<std::string> ids;
    for (const auto& l : request.latencies)
        if (!l.name.empty())
            ids.push_back(idFromName(l.name));
    std::sort(ids.begin(), ids.end());
    if (const auto twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end())
        throw ValueError({{}, "two devices would have the same id", quote(*twice), "a name of its own for each"});
    result.findings = attach(b, request);
    if (request.about)
        describeBundle(b, *request.about);
    else if (request.space.classes == 1000 && request.space.inputChannels == 3)
        b.notes.push_back("Released OFA networks expect ImageNet images: values in 0 to 1, mean .485 .456 .406, standard deviation .229 .224 .225.");
    return result;
}

} // namespace paretoscope

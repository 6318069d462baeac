// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundle/bundle.h"

#include "base/error.h"
#include "base/resource.h"
#include "bundle/bundlefiles.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/supernetweights.h"
#include "predict/predictorfile.h"
#include "predict/samples.h"
#include "space/spacejson.h"

#include <fmt/format.h>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr int kSchema = 1;
constexpr const char* kSpaceName = "space.json";
constexpr const char* kWeightsName = "weights.safetensors";
constexpr const char* kSamplesName = "samples.csv";

std::string predictorName(std::size_t i)
{
    return i == 0 ? std::string(kPredictorFileName) : fmt::format("accuracy_predictor_{}.safetensors", i + 1);
}

Json manifestOf(const Bundle& b)
{
    Json j{{"schema", kSchema}, {"id", b.id}, {"title", b.title}, {"space", kSpaceName}};
    if (b.dataSet)
        j["dataSet"] = {{"name", b.dataSet->name}, {"classes", b.space().classes}, {"mean", b.dataSet->mean}, {"std", b.dataSet->std}};
    if (b.dataSet && b.dataSet->validationImages)
        j["dataSet"]["validationImages"] = b.dataSet->validationImages;
    if (b.training) {
        j["training"] = {{"description", b.training->description}, {"source", b.training->source}};
        if (b.training->energyKwh)
            j["training"]["energyKwh"] = toJson(*b.training->energyKwh);
        if (b.training->co2eKg)
            j["training"]["co2eKg"] = toJson(*b.training->co2eKg);
    }
    if (b.weights)
        j["weights"] = {{"file", kWeightsName}, {"source", b.weightsSource}};
    j["predictors"] = Json::array();
    for (std::size_t i = 0; i < b.predictors.size(); ++i)
        j["predictors"].push_back(predictorName(i));
    j["devices"] = Json::array();
    for (const auto& d : b.devices)
        j["devices"].push_back("devices/" + d.id + ".json");
    if (b.samplesCsv)
        j["samples"] = kSamplesName;
    j["licences"] = Json::array();
    for (const auto& l : b.licences)
        j["licences"].push_back({{"what", l.what}, {"licence", l.licence}, {"source", l.source}});
    j["notes"] = b.notes;
    return j;
}

Bytes bytesOf(std::string_view text)
{
    const auto view = asBytes(text);
    return {view.begin(), view.end()};
}

const Content& contentOf(const std::map<std::string, Content>& contents, const JsonView& name)
{
    const auto it = contents.find(name.string());
    if (it == contents.end())
        name.fail("the file is not listed under \"files\"", quote(name.string()));
    return it->second;
}

void readDescription(Bundle& b, const JsonView& v)
{
    b.id = v.at("id").string();
    b.title = v.stringOr("title", b.id);
    if (v.has("dataSet")) {
        const auto d = v.at("dataSet");
        d.onlyKeys({"name", "classes", "mean", "std", "validationImages"});
        if (const auto n = d.at("classes").integer(1, 1'000'000); n != b.space().classes)
            d.at("classes").fail("not the classes of the space", fmt::format("{}", n), fmt::format("{}", b.space().classes));
        b.dataSet = DataSetFacts{d.at("name").string(), d.has("mean") ? d.at("mean").numbers() : std::vector<double>{},
            d.has("std") ? d.at("std").numbers(0) : std::vector<double>{}, d.has("validationImages") ? static_cast<std::size_t>(d.at("validationImages").integer(1, 1 << 30)) : 0};
        for (const auto* list : {&b.dataSet->mean, &b.dataSet->std})
            if (!list->empty() && list->size() != static_cast<std::size_t>(b.space().inputChannels))
                d.fail("normalisation needs one value a channel", fmt::format("{}", list->size()), fmt::format("{}", b.space().inputChannels));
    }
    if (v.has("training")) {
        const auto t = v.at("training");
        t.onlyKeys({"description", "source", "energyKwh", "co2eKg"});
        b.training = TrainingRecord{t.at("description").string(), t.stringOr("source", {}), std::nullopt, std::nullopt};
        if (t.has("energyKwh"))
            b.training->energyKwh = estimateFromJson(t.at("energyKwh"));
        if (t.has("co2eKg"))
            b.training->co2eKg = estimateFromJson(t.at("co2eKg"));
    }
    if (v.has("licences"))
        for (const auto& l : v.at("licences").elements(1000)) {
            l.onlyKeys({"what", "licence", "source"});
            b.licences.push_back({l.at("what").string(), l.at("licence").string(), l.stringOr("source", {})});
        }
    if (v.has("notes"))
        for (const auto& n : v.at("notes").elements(1000))
            b.notes.push_back(n.string());
}

} // namespace

void describeBundle(Bundle& bundle, const fs::path& about)
{
    const auto json = readJsonFile(about);
    describeBundle(bundle, JsonView(json, about.string()));
}

void describeBundle(Bundle& bundle, const JsonView& view)
{
    view.onlyKeys({"id", "title", "dataSet", "training", "licences", "notes"});
    bundle.dataSet.reset();
    bundle.training.reset();
    bundle.licences.clear();
    bundle.notes.clear();
    readDescription(bundle, view);
}

const Device* Bundle::device(const std::string& deviceId) const
{
    for (const auto& d : devices)
        if (d.id == deviceId)
            return &d;
    return nullptr;
}

Bundle openBundle(const fs::path& path, const OnStep& onStep)
{
    const auto step = [&](const std::string& name, double share) { reportStep(onStep, name, share); };
    step("read", 0);
    const BundleFiles files(path);
    const auto manifestContent = files.read(kManifestName);
    const auto manifestJson = parseJson(asText(manifestContent.bytes), files.whereOf(kManifestName));
    const JsonView manifest(manifestJson, files.whereOf(kManifestName));
    if (const auto schema = manifest.at("schema").integer(1, 1'000'000); schema > kSchema)
        manifest.at("schema").fail("the bundle was written by a newer version of the program", fmt::format("schema {}", schema), fmt::format("schema {}", kSchema));
    manifest.onlyKeys({"schema", "id", "title", "space", "dataSet", "training", "weights", "predictors", "devices", "samples",
        "licences", "notes", "files"});
    const auto contents = verifiedContents(files, manifest, [&](const std::string& name, double share) { step("verify " + name, 0.8 * share); });

    Bundle b;
    const auto spaceName = manifest.at("space").string();
    const auto spaceJson = parseJson(asText(contentOf(contents, manifest.at("space")).bytes), files.whereOf(spaceName));
    b.parts = std::make_shared<const Parts>(spaceFromJson(JsonView(spaceJson, files.whereOf(spaceName))));
    readDescription(b, manifest);

    step("weights", 0.8);
    if (manifest.has("weights")) {
        const auto w = manifest.at("weights");
        w.onlyKeys({"file", "source"});
        const auto& c = contentOf(contents, w.at("file"));
        const auto where = files.whereOf(w.at("file").string());
        b.weights = fitToSupernet(readSafeTensors(c.bytes, c.owner, where).tensors, b.space(), where);
        b.weightsSource = w.stringOr("source", {});
    }
    step("predictors", 0.9);
    if (manifest.has("predictors"))
        for (const auto& p : manifest.at("predictors").elements(100)) {
            const auto& c = contentOf(contents, p);
            b.predictors.push_back(loadPredictor(c.bytes, c.owner, files.whereOf(p.string()), b.space()));
        }
    step("devices", 0.95);
    if (manifest.has("devices"))
        for (const auto& d : manifest.at("devices").elements(1000)) {
            const auto where = files.whereOf(d.string());
            const auto json = parseJson(asText(contentOf(contents, d).bytes), where);
            b.devices.push_back(deviceFromJson(JsonView(json, where), b.parts));
        }
    if (manifest.has("samples")) {
        const auto& c = contentOf(contents, manifest.at("samples"));
        b.samplesCsv = std::string(asText(c.bytes));
        readSamples(*b.samplesCsv, files.whereOf(manifest.at("samples").string()), b.space());
    }
    step("done", 1);
    return b;
}

void saveBundle(const Bundle& b, const fs::path& target)
{
    std::map<std::string, Bytes> contents;
    contents[kSpaceName] = bytesOf(printJson(toJson(b.space())));
    if (b.weights)
        contents[kWeightsName] = makeSafeTensors(*b.weights);
    for (std::size_t i = 0; i < b.predictors.size(); ++i)
        contents[predictorName(i)] = makePredictorFile(b.predictors[i]);
    for (const auto& d : b.devices)
        contents["devices/" + d.id + ".json"] = bytesOf(printJson(toJson(d)));
    if (b.samplesCsv)
        contents[kSamplesName] = bytesOf(*b.samplesCsv);
    writeBundleFiles(manifestOf(b), contents, target);
}

namespace {

struct Verified {
    Json manifest;
    std::map<std::string, Content> contents;
};

Verified verified(const fs::path& path)
{
    const BundleFiles files(path);
    const auto content = files.read(kManifestName);
    Verified v;
    v.manifest = parseJson(asText(content.bytes), files.whereOf(kManifestName));
    v.contents = verifiedContents(files, JsonView(v.manifest, files.whereOf(kManifestName)));
    return v;
}

void rewrite(const fs::path& from, const fs::path& to)
{
    const auto v = verified(from);
    std::map<std::string, Bytes> contents;
    for (const auto& [name, c] : v.contents)
        contents[name] = Bytes(c.bytes.begin(), c.bytes.end());
    writeBundleFiles(v.manifest, contents, to);
}

} // namespace

void verifyBundle(const fs::path& path) { verified(path); }

void packBundle(const fs::path& folder, const fs::path& zip)
{
    if (zip.extension() != ".zip")
        throw ValueError({zip.string(), "a packed bundle must have a name that ends in .zip", {}, {}});
    rewrite(folder, zip);
}

void unpackBundle(const fs::path& zip, const fs::path& folder)
{
    if (folder.extension() == ".zip")
        throw ValueError({folder.string(), "the target of unpacking must be a folder", {}, {}});
    rewrite(zip, folder);
}

} // namespace paretoscope

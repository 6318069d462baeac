// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trainingcheckpoint.h"

#include "checkpoint/safetensors.h"
#include "space/subnetjson.h"

namespace paretoscope {

namespace {

constexpr int kSchema = 1;
constexpr std::int64_t kMost = std::int64_t(1) << 40;
constexpr const char* kMetadata = "paretoscope.training";
constexpr std::string_view kWeights = "weights/", kMomentum = "momentum/", kTeacher = "teacher/";

Json sumsJson(const EpochSums& s)
{
    return {{"loss", s.loss}, {"distillation", s.distillation}, {"classification", s.classification}, {"gradientNorm", s.gradientNorm}, {"steps", s.steps}, {"seconds", s.seconds}};
}

EpochSums sumsFromJson(const JsonView& v)
{
    v.onlyKeys({"loss", "distillation", "classification", "gradientNorm", "steps", "seconds"});
    EpochSums s;
    s.loss = v.at("loss").number();
    s.distillation = v.at("distillation").number();
    s.classification = v.at("classification").number();
    s.gradientNorm = v.at("gradientNorm").number(0);
    s.steps = static_cast<std::size_t>(v.at("steps").integer(0, kMost));
    s.seconds = v.at("seconds").number(0);
    return s;
}

Json accuracyJson(const SearchSpace& space, const SubnetAccuracy& a)
{
    return {{"which", a.which}, {"subnet", toJson(space, a.subnet)}, {"correct", a.correct}, {"images", a.images}};
}

SubnetAccuracy accuracyFromJson(const SearchSpace& space, const JsonView& v)
{
    v.onlyKeys({"which", "subnet", "correct", "images"});
    SubnetAccuracy a;
    a.which = v.at("which").string();
    a.subnet = subnetFromGenotype(space, genotypeFromJson(v.at("subnet")), v.at("subnet").where());
    a.images = static_cast<std::size_t>(v.at("images").integer(1, kMost));
    a.correct = static_cast<std::size_t>(v.at("correct").integer(0, static_cast<std::int64_t>(a.images)));
    return a;
}

Json epochJson(const SearchSpace& space, const EpochRecord& e)
{
    Json accuracies = Json::array();
    for (const auto& a : e.accuracies)
        accuracies.push_back(accuracyJson(space, a));
    return {{"phase", e.phase}, {"epoch", e.epoch}, {"learningRate", e.learningRate}, {"sums", sumsJson(e.sums)}, {"accuracies", std::move(accuracies)}};
}

EpochRecord epochFromJson(const SearchSpace& space, const JsonView& v)
{
    v.onlyKeys({"phase", "epoch", "learningRate", "sums", "accuracies"});
    EpochRecord e;
    e.phase = static_cast<std::size_t>(v.at("phase").integer(0, 1000));
    e.epoch = static_cast<int>(v.at("epoch").integer(0, 1 << 30));
    e.learningRate = v.at("learningRate").number(0);
    e.sums = sumsFromJson(v.at("sums"));
    for (const auto& a : v.at("accuracies").elements())
        e.accuracies.push_back(accuracyFromJson(space, a));
    return e;
}

void append(StateDict& all, std::string_view prefix, const StateDict& part)
{
    for (const auto& [name, tensor] : part.tensors())
        all.add(std::string(prefix) + name, tensor);
}

} // namespace

void saveTrainingState(const std::filesystem::path& path, const TrainingState& state, const SearchSpace& space)
{
    StateDict all;
    append(all, kWeights, state.weights);
    append(all, kMomentum, state.momentum);
    append(all, kTeacher, state.teacher);
    Json epochs = Json::array();
    for (const auto& e : state.epochs)
        epochs.push_back(epochJson(space, e));
    const Json json{{"schema", kSchema}, {"phase", state.phase}, {"epoch", state.epoch}, {"batch", state.batch}, {"begun", state.begun}, {"sums", sumsJson(state.sums)},
        {"epochs", std::move(epochs)}, {"config", state.config}, {"host", state.host}};
    writeSafeTensors(path, all, {{kMetadata, printJson(json)}});
}

TrainingState loadTrainingState(const std::filesystem::path& path, const SearchSpace& space)
{
    const auto file = readSafeTensors(path);
    const auto where = path.string();
    const auto text = file.metadata.find(kMetadata);
    if (text == file.metadata.end())
        throw FormatError({where, "this is no checkpoint of a training run", {}, "checkpoint.safetensors of a run folder"});
    const auto json = parseJson(text->second, where);
    const JsonView v(json, where);
    v.onlyKeys({"schema", "phase", "epoch", "batch", "begun", "sums", "epochs", "config", "host"});
    v.at("schema").integer(kSchema, kSchema);
    TrainingState s;
    s.phase = static_cast<std::size_t>(v.at("phase").integer(0, 1000));
    s.epoch = static_cast<int>(v.at("epoch").integer(0, 1 << 30));
    s.batch = static_cast<std::size_t>(v.at("batch").integer(0, kMost));
    s.begun = v.booleanOr("begun", true);
    s.sums = sumsFromJson(v.at("sums"));
    for (const auto& e : v.at("epochs").elements())
        s.epochs.push_back(epochFromJson(space, e));
    s.config = v.at("config").json();
    if (v.has("host"))
        s.host = v.at("host").json();
    for (const auto& [name, tensor] : file.tensors.tensors()) {
        const auto part = [&](std::string_view prefix, StateDict& dict) {
            const bool mine = name.starts_with(prefix);
            if (mine)
                dict.add(name.substr(prefix.size()), tensor);
            return mine;
        };
        if (!part(kWeights, s.weights) && !part(kMomentum, s.momentum) && !part(kTeacher, s.teacher))
            throw FormatError({where, "unknown tensor", name, {}});
    }
    return s;
}

} // namespace paretoscope

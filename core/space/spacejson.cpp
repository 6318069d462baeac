// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/spacejson.h"

#include "base/resource.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace paretoscope {

namespace {

constexpr int kSchema = 1;
constexpr int kMaxChannels = 65536;

Family familyFrom(const JsonView& v)
{
    const auto text = v.string();
    for (const auto f : {Family::MobileNetV3, Family::ProxylessNas, Family::ResNet})
        if (name(f) == text)
            return f;
    v.fail("unknown family", quote(text), "mobilenetv3, proxyless, resnet");
}

Activation activationFrom(const JsonView& v)
{
    const auto text = v.string();
    for (const auto a : {Activation::Relu, Activation::Relu6, Activation::HSwish})
        if (name(a) == text)
            return a;
    v.fail("unknown activation", quote(text), "relu, relu6, h_swish");
}

template <typename T>
std::vector<T> ascending(const JsonView& v, std::vector<T> values)
{
    if (values.empty())
        v.fail("the list is empty", "nothing", "at least one choice");
    if (std::adjacent_find(values.begin(), values.end(), std::greater_equal<T>()) != values.end())
        v.fail("choices must ascend without repeats", v.json().dump(), {});
    return values;
}

std::vector<int> kernelsFrom(const JsonView& v)
{
    auto values = ascending(v, v.integers(1, 31, 16));
    for (const int k : values)
        if (k % 2 == 0)
            v.fail("a kernel size must be odd", fmt::format("{}", k), "1, 3, 5, 7, …");
    return values;
}

std::vector<double> expansionsFrom(const JsonView& v) { return ascending(v, v.numbers(0.01, 64, 16)); }
std::vector<int> depthsFrom(const JsonView& v) { return ascending(v, v.integers(0, 32, 32)); }

std::vector<int> resolutionsFrom(const JsonView& v)
{
    if (!v.json().is_object())
        return ascending(v, v.integers(4, 4096, 1024));
    v.onlyKeys({"from", "to", "step"});
    const auto from = v.at("from").integer(4, 4096), to = v.at("to").integer(from, 4096), step = v.at("step").integer(1, 4096);
    std::vector<int> values;
    for (auto r = from; r <= to; r += step)
        values.push_back(static_cast<int>(r));
    return values;
}

int channelsFrom(const JsonView& v) { return static_cast<int>(v.integer(1, kMaxChannels)); }

void readMbConv(SearchSpace& s, const JsonView& v)
{
    v.onlyKeys({"schema", "id", "title", "source", "family", "inputChannels", "classes", "resolutions", "widthMultiplier",
        "batchNorm", "choices", "stem", "firstBlock", "stages", "head"});
    s.widthMultipliers = {v.numberOr("widthMultiplier", 1.0, 0.01, 16)};

    const auto choices = v.at("choices");
    choices.onlyKeys({"kernels", "expansions", "depths"});
    const auto stem = v.at("stem");
    stem.onlyKeys({"channels", "stride", "activation"});
    s.stemBaseChannels = channelsFrom(stem.at("channels"));
    s.stemStride = static_cast<int>(stem.at("stride").integer(1, 4));
    s.stemActivation = activationFrom(stem.at("activation"));

    const auto first = v.at("firstBlock");
    first.onlyKeys({"channels", "activation", "squeezeExcite", "shortcut"});
    s.firstBlockBaseChannels = channelsFrom(first.at("channels"));
    s.firstBlockActivation = activationFrom(first.at("activation"));
    s.firstBlockSqueezeExcite = first.booleanOr("squeezeExcite", false);
    s.firstBlockShortcut = first.booleanOr("shortcut", false);

    for (const auto& e : v.at("stages").elements(Subnet::kMaxDepths)) {
        e.onlyKeys({"channels", "stride", "activation", "squeezeExcite", "kernels", "expansions", "depths"});
        const auto own = [&](const char* key) { return e.has(key) ? e.at(key) : choices.at(key); };
        StageSpec stage;
        stage.baseChannels = channelsFrom(e.at("channels"));
        stage.stride = static_cast<int>(e.at("stride").integer(1, 4));
        stage.activation = activationFrom(e.at("activation"));
        stage.squeezeExcite = e.booleanOr("squeezeExcite", false);
        stage.kernels = kernelsFrom(own("kernels"));
        stage.expansions = expansionsFrom(own("expansions"));
        stage.depths = depthsFrom(own("depths"));
        s.stages.push_back(std::move(stage));
    }

    const auto head = v.at("head");
    if (s.family == Family::MobileNetV3) {
        head.onlyKeys({"finalExpandChannels", "featureMixChannels", "activation"});
        s.finalExpandBaseChannels = channelsFrom(head.at("finalExpandChannels"));
    } else {
        head.onlyKeys({"featureMixChannels", "activation"});
    }
    s.featureMixBaseChannels = channelsFrom(head.at("featureMixChannels"));
    s.headActivation = activationFrom(head.at("activation"));
}

void readResNet(SearchSpace& s, const JsonView& v)
{
    v.onlyKeys({"schema", "id", "title", "source", "family", "inputChannels", "classes", "resolutions", "widthMultipliers",
        "batchNorm", "choices", "stem", "stages"});
    const auto widths = v.at("widthMultipliers");
    s.widthMultipliers = ascending(widths, widths.numbers(0.01, 16, 16));
    const auto choices = v.at("choices");
    choices.onlyKeys({"expansions", "depths"});
    const auto stem = v.at("stem");
    stem.onlyKeys({"channels", "activation"});
    s.stemBaseChannels = channelsFrom(stem.at("channels"));
    s.stemActivation = activationFrom(stem.at("activation"));
    s.headActivation = s.stemActivation;
    const auto depths = depthsFrom(choices.at("depths"));
    // The residual stem layer is kept for the largest depth only, so only the two ends are distinct.
    s.stemDepths = depths.size() > 1 ? std::vector{depths.front(), depths.back()} : depths;
    for (const auto& e : v.at("stages").elements(Subnet::kMaxDepths)) {
        e.onlyKeys({"channels", "stride", "baseDepth"});
        StageSpec stage;
        stage.baseChannels = channelsFrom(e.at("channels"));
        stage.stride = static_cast<int>(e.at("stride").integer(1, 4));
        stage.baseDepth = static_cast<int>(e.at("baseDepth").integer(0, 32));
        stage.activation = s.stemActivation;
        stage.kernels = {3};
        stage.expansions = expansionsFrom(choices.at("expansions"));
        stage.depths = depths;
        s.stages.push_back(std::move(stage));
    }
}

} // namespace

SearchSpace spaceFromJson(const JsonView& v)
{
    v.at("schema").integer(kSchema, kSchema);
    SearchSpace s;
    s.id = v.at("id").string();
    s.title = v.stringOr("title", s.id);
    s.source = v.stringOr("source", {});
    s.family = familyFrom(v.at("family"));
    s.inputChannels = static_cast<int>(v.at("inputChannels").integer(1, 4096));
    s.classes = static_cast<int>(v.at("classes").integer(1, 1'000'000));
    s.resolutions = resolutionsFrom(v.at("resolutions"));
    const auto bn = v.at("batchNorm");
    bn.onlyKeys({"momentum", "eps"});
    s.bnMomentum = bn.at("momentum").number(0, 1);
    s.bnEps = bn.at("eps").number(1e-12, 1);
    s.isResNet() ? readResNet(s, v) : readMbConv(s, v);
    s.finish(v.where());
    return s;
}

Json toJson(const SearchSpace& s)
{
    Json j{{"schema", kSchema}, {"id", s.id}, {"title", s.title}, {"source", s.source}, {"family", name(s.family)},
        {"inputChannels", s.inputChannels}, {"classes", s.classes}, {"resolutions", s.resolutions}};
    if (s.isResNet())
        j["widthMultipliers"] = s.widthMultipliers;
    else
        j["widthMultiplier"] = s.widthMultipliers.front();
    j["batchNorm"] = {{"momentum", s.bnMomentum}, {"eps", s.bnEps}};
    const auto& first = s.stages.front();
    if (s.isResNet()) {
        j["choices"] = {{"expansions", plainNumbers(first.expansions)}, {"depths", first.depths}};
        j["stem"] = {{"channels", s.stemBaseChannels}, {"activation", name(s.stemActivation)}};
        for (const auto& stage : s.stages)
            j["stages"].push_back({{"channels", stage.baseChannels}, {"stride", stage.stride}, {"baseDepth", stage.baseDepth}});
        return j;
    }
    j["choices"] = {{"kernels", first.kernels}, {"expansions", plainNumbers(first.expansions)}, {"depths", first.depths}};
    j["stem"] = {{"channels", s.stemBaseChannels}, {"stride", s.stemStride}, {"activation", name(s.stemActivation)}};
    j["firstBlock"] = {{"channels", s.firstBlockBaseChannels}, {"activation", name(s.firstBlockActivation)},
        {"squeezeExcite", s.firstBlockSqueezeExcite}, {"shortcut", s.firstBlockShortcut}};
    for (const auto& stage : s.stages) {
        Json e{{"channels", stage.baseChannels}, {"stride", stage.stride}, {"activation", name(stage.activation)},
            {"squeezeExcite", stage.squeezeExcite}};
        if (stage.kernels != first.kernels)
            e["kernels"] = stage.kernels;
        if (stage.expansions != first.expansions)
            e["expansions"] = plainNumbers(stage.expansions);
        if (stage.depths != first.depths)
            e["depths"] = stage.depths;
        j["stages"].push_back(std::move(e));
    }
    if (s.family == Family::MobileNetV3)
        j["head"]["finalExpandChannels"] = s.finalExpandBaseChannels;
    j["head"]["featureMixChannels"] = s.featureMixBaseChannels;
    j["head"]["activation"] = name(s.headActivation);
    return j;
}

namespace {

std::optional<SearchSpace> embeddedSpace(const std::string& id)
{
    const auto file = "spaces/" + id + ".json";
    for (const auto& e : embeddedFiles())
        if (e.name == file) {
            const auto json = parseJson(e.content, file);
            return spaceFromJson(JsonView(json, file));
        }
    return std::nullopt;
}

} // namespace

std::vector<std::string> builtInSpaceIds()
{
    return {"ofa-mbv3-w1.0", "ofa-mbv3-w1.2", "ofa-proxyless-w1.3", "ofa-resnet50", "fashion-mbv3"};
}

SearchSpace builtInSpace(const std::string& id)
{
    if (auto space = embeddedSpace(id))
        return *space;
    // "family-wX": the family's file with another width multiplier.
    if (const auto at = id.rfind("-w"); at != std::string::npos) {
        double width = 0;
        const char* end = id.data() + id.size();
        const auto [rest, error] = std::from_chars(id.data() + at + 2, end, width);
        auto space = embeddedSpace(id.substr(0, at));
        if (error == std::errc() && rest == end && width >= 0.05 && width <= 8 && space && !space->isResNet()) {
            space->id = id;
            space->title += fmt::format(", width {}", id.substr(at + 2));
            space->widthMultipliers = {width};
            space->finish(id);
            return *space;
        }
    }
    throw ValueError({{}, "there is no built-in space with this id", quote(id),
        joinNames(builtInSpaceIds()) + "; ofa-mbv3-wX and ofa-proxyless-wX for any width X from 0.05 to 8; or a space file"});
}

SearchSpace openSpace(const std::string& idOrPath)
{
    if (idOrPath.find('/') == std::string::npos && !std::filesystem::exists(idOrPath))
        return builtInSpace(idOrPath);
    const auto json = readJsonFile(idOrPath, 4u << 20);
    return spaceFromJson(JsonView(json, idOrPath));
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trainingconfig.h"

#include "base/random.h"
#include "space/sampling.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace paretoscope {

namespace {

constexpr int kSchema = 1;
constexpr int kMostEpochs = 100'000;
constexpr int kMostSubnets = 64;

constexpr std::pair<Augmentation::Crop, std::string_view> kCrops[] = {
    {Augmentation::Crop::None, "none"}, {Augmentation::Crop::Resized, "resized"}, {Augmentation::Crop::Shift, "shift"}};
constexpr std::pair<Distillation, std::string_view> kDistillations[] = {
    {Distillation::CrossEntropy, "cross-entropy"}, {Distillation::MeanSquaredError, "mse"}};
constexpr std::pair<SubnetDraw, std::string_view> kDraws[] = {{SubnetDraw::Uniform, "uniform"}, {SubnetDraw::Sandwich, "sandwich"}};

template<class T, std::size_t N> T oneOf(const std::pair<T, std::string_view> (&names)[N], const JsonView& v)
{
    const auto text = v.string();
    std::vector<std::string> all;
    for (const auto& [value, name] : names) {
        if (text == name)
            return value;
        all.emplace_back(name);
    }
    v.fail("no such choice", quote(text), joinNames(all));
}

template<class T, std::size_t N> std::string nameOf(const std::pair<T, std::string_view> (&names)[N], T value)
{
    return std::string(std::find_if(names, names + N, [&](const auto& n) { return n.first == value; })->second);
}

int integerOr(const JsonView& v, const char* key, int fallback, int low, int high)
{
    return v.has(key) ? static_cast<int>(v.at(key).integer(low, high)) : fallback;
}

std::size_t countOr(const JsonView& v, const char* key, std::size_t fallback, std::int64_t low)
{
    return v.has(key) ? static_cast<std::size_t>(v.at(key).integer(low, 1 << 30)) : fallback;
}

Augmentation augmentationFromJson(const JsonView& v)
{
    v.onlyKeys({"crop", "area", "aspect", "pad", "flip", "brightness", "saturation", "cutout"});
    const auto pair = [&](const char* key, double& low, double& high, double least, double most) {
        if (!v.has(key))
            return;
        const auto values = v.at(key).numbers(least, most, 2);
        if (values.size() != 2 || values[0] > values[1])
            v.at(key).fail("not a range", {}, "two numbers, the smaller one first");
        low = values[0];
        high = values[1];
    };
    Augmentation a;
    if (v.has("crop"))
        a.crop = oneOf(kCrops, v.at("crop"));
    pair("area", a.minArea, a.maxArea, 1e-3, 1);
    pair("aspect", a.minAspect, a.maxAspect, 0.01, 100);
    a.pad = integerOr(v, "pad", 0, 0, 4096);
    a.flip = v.numberOr("flip", 0, 0, 1);
    a.brightness = v.numberOr("brightness", 0, 0, 10);
    a.saturation = v.numberOr("saturation", 0, 0, 10);
    a.cutout = integerOr(v, "cutout", 0, 0, 65535);
    return a;
}

Json toJson(const Augmentation& a)
{
    Json j{{"crop", nameOf(kCrops, a.crop)}};
    if (a.crop == Augmentation::Crop::Resized) {
        j["area"] = plainNumbers({a.minArea, a.maxArea});
        j["aspect"] = plainNumbers({a.minAspect, a.maxAspect});
    }
    if (a.crop == Augmentation::Crop::Shift)
        j["pad"] = a.pad;
    j["flip"] = plainNumber(a.flip);
    j["brightness"] = plainNumber(a.brightness);
    j["saturation"] = plainNumber(a.saturation);
    j["cutout"] = a.cutout;
    return j;
}

TrainingPhase phaseFromJson(const JsonView& v)
{
    v.onlyKeys({"name", "kernels", "expansions", "depths", "resolutions", "draw", "subnetsPerStep", "epochs", "warmupEpochs", "learningRate", "warmupLearningRate", "distill"});
    const auto integers = [&](const char* key) {
        auto list = v.has(key) ? v.at(key).integers(0, 65535) : std::vector<int>();
        std::sort(list.begin(), list.end());
        return list;
    };
    TrainingPhase p;
    p.name = v.at("name").string();
    if (p.name.empty() || p.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ ") != std::string::npos)
        v.at("name").fail("not a name of a phase", quote(p.name), "letters, digits, blanks, - and _");
    p.kernels = integers("kernels");
    if (v.has("expansions"))
        p.expansions = v.at("expansions").numbers(0, 100);
    std::sort(p.expansions.begin(), p.expansions.end());
    p.depths = integers("depths");
    p.resolutions = integers("resolutions");
    if (v.has("draw"))
        p.draw = oneOf(kDraws, v.at("draw"));
    p.subnetsPerStep = integerOr(v, "subnetsPerStep", 1, 1, kMostSubnets);
    p.epochs = static_cast<int>(v.at("epochs").integer(1, kMostEpochs));
    p.warmupEpochs = integerOr(v, "warmupEpochs", 0, 0, kMostEpochs);
    p.learningRate = v.at("learningRate").number(0, 1000);
    p.warmupLearningRate = v.numberOr("warmupLearningRate", 0, 0, 1000);
    p.distill = v.booleanOr("distill", false);
    return p;
}

Json toJson(const TrainingPhase& p)
{
    Json j{{"name", p.name}};
    if (!p.kernels.empty())
        j["kernels"] = p.kernels;
    if (!p.expansions.empty())
        j["expansions"] = plainNumbers(p.expansions);
    if (!p.depths.empty())
        j["depths"] = p.depths;
    if (!p.resolutions.empty())
        j["resolutions"] = p.resolutions;
    j["draw"] = nameOf(kDraws, p.draw);
    j["subnetsPerStep"] = p.subnetsPerStep;
    j["epochs"] = p.epochs;
    j["warmupEpochs"] = p.warmupEpochs;
    j["learningRate"] = plainNumber(p.learningRate);
    j["warmupLearningRate"] = plainNumber(p.warmupLearningRate);
    j["distill"] = p.distill;
    return j;
}

/// Those of `all` that stand in `some`, the largest where none does; all where `some` is empty, or where there is no choice
/// anyway.
template<class T> std::vector<T> chosen(const std::vector<T>& all, const std::vector<T>& some)
{
    if (some.empty() || all.size() < 2)
        return all;
    std::vector<T> result;
    std::copy_if(all.begin(), all.end(), std::back_inserter(result), [&](const T& v) { return std::find(some.begin(), some.end(), v) != some.end(); });
    if (result.empty()) // a stage whose choices are all smaller
        result.push_back(all.back());
    return result;
}

template<class T> bool holds(const std::vector<T>& all, const std::vector<T>& some)
{
    return std::all_of(some.begin(), some.end(), [&](const T& v) { return std::find(all.begin(), all.end(), v) != all.end(); });
}

/// A choice of the space, as the phases take it up.
template<class T> class Growth {
public:
    Growth(const char* what, std::vector<T> all, bool fromLargest)
        : m_what(what)
        , m_all(std::move(all))
        , m_fromLargest(fromLargest)
    {
    }
    void next(const std::string& where, const std::vector<T>& listed)
    {
        const auto fail = [&](std::string problem, const std::vector<T>& found, std::string allowed) {
            throw ValueError({where, fmt::format("{}: {}", m_what, problem), fmt::format("{}", fmt::join(found, ", ")), std::move(allowed)});
        };
        const auto list = listed.empty() ? m_all : listed;
        if (!holds(m_all, list))
            fail("the space does not have all of them", list, fmt::format("some of {}", fmt::join(m_all, ", ")));
        if (m_fromLargest && (list.size() > m_all.size() || !std::equal(list.rbegin(), list.rend(), m_all.rbegin())))
            fail("they must grow from the largest downwards, without a gap", list, fmt::format("the last of {}", fmt::join(m_all, ", ")));
        if (!holds(list, m_before))
            fail("the phase cannot follow, because what was trained before is left out", list, fmt::format("at least {}", fmt::join(m_before, ", ")));
        m_before = list;
    }

private:
    const char* m_what;
    std::vector<T> m_all, m_before;
    bool m_fromLargest;
};

/// Everything that any stage can choose, ascending.
template<class T> std::vector<T> union_(const SearchSpace& space, std::vector<T> StageSpec::* list, std::vector<T> more = {})
{
    for (const auto& s : space.stages)
        more.insert(more.end(), (s.*list).begin(), (s.*list).end());
    std::sort(more.begin(), more.end());
    more.erase(std::unique(more.begin(), more.end()), more.end());
    return more;
}

} // namespace

TrainingConfig trainingConfigFromJson(const JsonView& v)
{
    v.onlyKeys({"schema", "about", "space", "dataSet", "seed", "batchSize", "augmentation", "loss", "optimizer", "validation", "phases"});
    v.at("schema").integer(kSchema, kSchema);
    TrainingConfig c;
    c.about = v.has("about") ? v.at("about").json() : Json::object();
    c.space = v.at("space").string();
    if (v.has("dataSet")) {
        const auto data = v.at("dataSet");
        data.onlyKeys({"name", "imageSize", "validationImages"});
        c.dataSet = data.stringOr("name", "");
        if (data.has("imageSize")) {
            c.imageSize = data.at("imageSize").integers(1, 65535, 2);
            if (c.imageSize.size() != 2)
                data.at("imageSize").fail("not the size of an image", {}, "height and width");
        }
        c.validationImages = countOr(data, "validationImages", c.validationImages, 1);
    }
    c.seed = countOr(v, "seed", 1, 0);
    c.batchSize = countOr(v, "batchSize", c.batchSize, 2);
    if (v.has("augmentation"))
        c.augmentation = augmentationFromJson(v.at("augmentation"));
    if (v.has("loss")) {
        const auto loss = v.at("loss");
        loss.onlyKeys({"labelSmoothing", "distillationRatio", "distillation"});
        c.loss.labelSmoothing = loss.numberOr("labelSmoothing", c.loss.labelSmoothing, 0, 1);
        c.loss.distillationRatio = loss.numberOr("distillationRatio", c.loss.distillationRatio, 0, 1000);
        if (loss.has("distillation"))
            c.loss.distillation = oneOf(kDistillations, loss.at("distillation"));
    }
    if (v.has("optimizer")) {
        const auto optimizer = v.at("optimizer");
        optimizer.onlyKeys({"momentum", "weightDecay"});
        c.momentum = optimizer.numberOr("momentum", c.momentum, 0, 0.9999);
        c.weightDecay = optimizer.numberOr("weightDecay", c.weightDecay, 0, 1);
    }
    if (v.has("validation")) {
        const auto validation = v.at("validation");
        validation.onlyKeys({"everyEpochs", "images", "recalibrationImages"});
        c.validateEvery = integerOr(validation, "everyEpochs", c.validateEvery, 1, kMostEpochs);
        c.validateOn = countOr(validation, "images", c.validateOn, 1);
        c.recalibrationImages = countOr(validation, "recalibrationImages", c.recalibrationImages, 2);
    }
    for (const auto& phase : v.at("phases").elements(100))
        c.phases.push_back(phaseFromJson(phase));
    return c;
}

Json toJson(const TrainingConfig& c)
{
    Json phases = Json::array();
    for (const auto& p : c.phases)
        phases.push_back(toJson(p));
    Json data{{"name", c.dataSet}};
    if (!c.imageSize.empty())
        data["imageSize"] = c.imageSize;
    data["validationImages"] = c.validationImages;
    return {{"schema", kSchema}, {"about", c.about}, {"space", c.space}, {"dataSet", std::move(data)}, {"seed", c.seed}, {"batchSize", c.batchSize},
        {"augmentation", toJson(c.augmentation)},
        {"loss", {{"labelSmoothing", plainNumber(c.loss.labelSmoothing)}, {"distillationRatio", plainNumber(c.loss.distillationRatio)}, {"distillation", nameOf(kDistillations, c.loss.distillation)}}},
        {"optimizer", {{"momentum", plainNumber(c.momentum)}, {"weightDecay", plainNumber(c.weightDecay)}}},
        {"validation", {{"everyEpochs", c.validateEvery}, {"images", c.validateOn}, {"recalibrationImages", c.recalibrationImages}}},
        {"phases", std::move(phases)}};
}

void checkTrainingConfig(const TrainingConfig& config, const SearchSpace& space)
{
    if (config.phases.empty())
        throw ValueError({"phases", "there is nothing to train", {}, "at least one phase"});
    Growth<int> kernels("kernels", union_(space, &StageSpec::kernels), true), depths("depths", union_(space, &StageSpec::depths, space.stemDepths), true),
        resolutions("resolutions", space.resolutions, false);
    Growth<double> expansions("expansions", union_(space, &StageSpec::expansions), true);
    std::vector<std::string> names;
    for (const auto& p : config.phases) {
        const auto where = fmt::format("phase {}", quote(p.name));
        if (std::find(names.begin(), names.end(), p.name) != names.end())
            throw ValueError({where, "two phases have this name", {}, "another name"});
        if (p.distill && names.empty())
            throw ValueError({where, "the first phase has no teacher to distil from", {}, "\"distill\": false, or a phase before it"});
        names.push_back(p.name);
        kernels.next(where, p.kernels);
        expansions.next(where, p.expansions);
        depths.next(where, p.depths);
        resolutions.next(where, p.resolutions);
        if (p.draw == SubnetDraw::Sandwich && p.subnetsPerStep < 2)
            throw ValueError({where, "a sandwich needs the largest and the smallest subnet in every step", fmt::format("subnetsPerStep {}", p.subnetsPerStep), "at least 2"});
    }
}

SearchSpace spaceOfPhase(const SearchSpace& space, const TrainingPhase& phase)
{
    auto s = space;
    s.resolutions = chosen(s.resolutions, phase.resolutions);
    s.stemDepths = chosen(s.stemDepths, phase.depths);
    for (auto& stage : s.stages) {
        stage.kernels = chosen(stage.kernels, phase.kernels);
        stage.expansions = chosen(stage.expansions, phase.expansions);
        stage.depths = chosen(stage.depths, phase.depths);
    }
    s.finish(fmt::format("phase {}", quote(phase.name)));
    return s;
}

Subnet subnetOfPhase(const SearchSpace& space, const SearchSpace& phaseSpace, const Subnet& subnet)
{
    const auto index = [](const auto& list, auto value) { return std::find(list.begin(), list.end(), value) - list.begin(); };
    auto s = subnet;
    for (int slot = 0; slot < space.slotCount(); ++slot) {
        auto& op = s.op[static_cast<std::size_t>(slot)];
        if (op == 0)
            continue;
        const auto stage = static_cast<std::size_t>(space.stageOfSlot(slot));
        const auto& to = space.stages[stage];
        const auto& from = phaseSpace.stages[stage];
        op = static_cast<std::uint8_t>(1 + index(to.kernels, from.kernelOf(op)) * static_cast<std::ptrdiff_t>(to.expansions.size()) + index(to.expansions, from.expansionOf(op)));
    }
    return s;
}

std::vector<Subnet> subnetsOfStep(const SearchSpace& space, const SearchSpace& phaseSpace, const TrainingPhase& phase, std::uint64_t seed, std::size_t phaseIndex, std::size_t step, int resolution)
{
    std::vector<Subnet> subnets;
    const auto add = [&](Subnet s) {
        s.resolution = static_cast<std::uint16_t>(resolution);
        subnets.push_back(subnetOfPhase(space, phaseSpace, s));
    };
    int drawn = phase.subnetsPerStep;
    if (phase.draw == SubnetDraw::Sandwich) {
        add(phaseSpace.largest());
        add(phaseSpace.smallest());
        drawn -= 2;
    }
    for (int i = 0; i < drawn; ++i) {
        PythonRandom random(drawSeed(seed, phaseIndex, step * kMostSubnets + static_cast<std::size_t>(i)));
        add(referenceSubnet(phaseSpace, random, resolution));
    }
    return subnets;
}

} // namespace paretoscope

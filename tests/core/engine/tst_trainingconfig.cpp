// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "engine/trainingconfig.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"

#include <algorithm>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

const auto kExample = std::string(PARETOSCOPE_SOURCE_DIR) + "/resources/training/fashion-mnist.json";

TrainingConfig configFrom(const Json& json) { return trainingConfigFromJson(JsonView(json, "c.json")); }

/// All that must be there.
Json smallest() { return {{"schema", 1}, {"space", "fashion-mbv3"}, {"phases", {{{"name", "full"}, {"epochs", 1}, {"learningRate", 0.1}}}}}; }

TrainingPhase phase(std::vector<int> kernels, std::vector<double> expansions, std::vector<int> depths)
{
    TrainingPhase p;
    p.kernels = std::move(kernels);
    p.expansions = std::move(expansions);
    p.depths = std::move(depths);
    p.subnetsPerStep = 3;
    return p;
}

/// Progressive shrinking in this space.
std::vector<TrainingPhase> phasesOf(const SearchSpace& space)
{
    if (space.isResNet())
        return {phase({}, {0.35}, {2}), phase({}, {0.35}, {1, 2}), phase({}, {0.35}, {}), phase({}, {0.25, 0.35}, {}), phase({}, {}, {})};
    const auto& e = space.stages[0].expansions;
    const auto& d = space.stages[0].depths;
    return {phase({7}, {e[2]}, {d[2]}), phase({5, 7}, {e[2]}, {d[2]}), phase({}, {e[2]}, {d[2]}), phase({}, {e[2]}, {d[1], d[2]}),
        phase({}, {e[2]}, {}), phase({}, {e[1], e[2]}, {}), phase({}, {}, {})};
}

/// What a list of a phase leaves of a list of the space.
template<class T> std::vector<T> allowed(const std::vector<T>& all, const std::vector<T>& listed) { return listed.empty() || all.size() < 2 ? all : listed; }

template<class T, class U> bool has(const std::vector<T>& list, U value) { return std::find(list.begin(), list.end(), static_cast<T>(value)) != list.end(); }

} // namespace

class TestTrainingConfig : public QObject {
    Q_OBJECT
private slots:
    void exampleReadsBack();
    void everyValueReadsBack();
    void defaults();
    void refusesWhatIsNotAllowed_data();
    void refusesWhatIsNotAllowed();
    void phasesThatCannotBe_data();
    void phasesThatCannotBe();
    void phasesThatCanBe();
    void drawsWhatThePhaseHas_data();
    void drawsWhatThePhaseHas();
    void sandwich_data();
    void sandwich();
    void stagesWithChoicesOfTheirOwn();
};

void TestTrainingConfig::exampleReadsBack()
{
    const auto config = trainingConfigFromJson(JsonView(readJsonFile(kExample), kExample));
    const auto json = toJson(config);
    compareText(printJson(toJson(configFrom(json))), printJson(json));
    compareText(config.space, "fashion-mbv3");
    compareText(config.about["id"].get<std::string>(), "fashion-mnist");
    QCOMPARE(config.imageSize, (std::vector<int>{28, 28}));
    auto augmentation = Augmentation::smallGrey();
    augmentation.cutout = 0;
    QVERIFY(config.augmentation == augmentation);
    QCOMPARE(config.validateEvery, 2);
    QCOMPARE(config.validateOn, std::size_t(5000));
    QCOMPARE(config.phases.size(), std::size_t(6));
    QCOMPARE(config.phases[0].kernels, std::vector<int>{7});
    QCOMPARE(config.phases[0].totalEpochs(), 25);
    QVERIFY(!config.phases[0].distill && config.phases[5].distill);
    QVERIFY(config.phases[1].kernels.empty());
    QCOMPARE(config.phases[4].expansions, (std::vector<double>{3, 4}));
    checkTrainingConfig(config, builtInSpace(config.space));
}

void TestTrainingConfig::everyValueReadsBack()
{
    const auto text = R"({
        "schema": 1, "about": {"id": "x", "any": [1, {"thing": null}]}, "space": "a/space.json",
        "dataSet": {"name": "Flowers", "imageSize": [300, 200], "validationImages": 7}, "seed": 987654321, "batchSize": 3,
        "augmentation": {"crop": "resized", "area": [0.25, 0.75], "aspect": [0.5, 2], "flip": 0.25, "brightness": 0.125, "saturation": 0.3, "cutout": 5},
        "loss": {"labelSmoothing": 0.05, "distillationRatio": 2.5, "distillation": "mse"}, "optimizer": {"momentum": 0.8, "weightDecay": 4e-5},
        "validation": {"everyEpochs": 3, "images": 11, "recalibrationImages": 13},
        "phases": [{"name": "A b-c_1", "kernels": [7, 5], "expansions": [4, 3], "depths": [3, 2], "resolutions": [28, 16], "draw": "sandwich", "subnetsPerStep": 4,
            "epochs": 9, "warmupEpochs": 2, "learningRate": 0.7, "warmupLearningRate": 0.3, "distill": true}]})";
    const auto config = configFrom(parseJson(text, "text"));
    const auto json = toJson(config);
    compareText(printJson(toJson(configFrom(json))), printJson(json));
    auto expected = parseJson(text, "text"); // lists ascend from then on
    auto& p = expected["phases"][0];
    for (const char* list : {"kernels", "expansions", "depths", "resolutions"})
        std::reverse(p[list].begin(), p[list].end());
    compareText(printJson(json), printJson(expected));
    QCOMPARE(config.augmentation.maxAspect, 2.0);
    QCOMPARE(config.loss.distillation, Distillation::MeanSquaredError);
    QCOMPARE(config.phases[0].draw, SubnetDraw::Sandwich);
    QCOMPARE(config.phases[0].totalEpochs(), 11);
}

void TestTrainingConfig::defaults()
{
    const auto config = configFrom(smallest());
    QVERIFY(config.imageSize.empty() && config.dataSet.empty());
    QVERIFY(config.augmentation == Augmentation());
    QCOMPARE(config.validationImages, std::size_t(10'000));
    QCOMPARE(config.batchSize, std::size_t(128));
    QCOMPARE(config.loss.labelSmoothing, 0.1);
    QCOMPARE(config.loss.distillationRatio, 1.0);
    QCOMPARE(config.momentum, 0.9);
    QCOMPARE(config.weightDecay, 3e-5);
    const auto& p = config.phases[0];
    QVERIFY(p.kernels.empty() && p.expansions.empty() && p.depths.empty() && p.resolutions.empty() && !p.distill);
    QCOMPARE(p.draw, SubnetDraw::Uniform);
    QCOMPARE(p.subnetsPerStep, 1);
    QCOMPARE(p.warmupEpochs, 0);
    const auto space = builtInSpace("fashion-mbv3");
    checkTrainingConfig(config, space);
    QVERIFY(spaceOfPhase(space, p) == space);
}

void TestTrainingConfig::refusesWhatIsNotAllowed_data()
{
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("message");
    const auto add = [](const char* pointer, const char* value, const char* message) {
        QTest::newRow(qPrintable(QString(pointer) + " " + value)) << pointer << value << "c.json: " + QString(message);
    };
    add("/learningRate", "0.1", "unknown key: found \"learningRate\"; allowed schema, about, space, dataSet, seed, batchSize, augmentation, loss, optimizer, validation, phases");
    add("/dataSet", "{\"images\": 5}", "dataSet: unknown key: found \"images\"; allowed name, imageSize, validationImages");
    add("/augmentation", "{\"rotate\": 5}", "augmentation: unknown key: found \"rotate\"; allowed crop, area, aspect, pad, flip, brightness, saturation, cutout");
    add("/loss", "{\"smoothing\": 0}", "loss: unknown key: found \"smoothing\"; allowed labelSmoothing, distillationRatio, distillation");
    add("/optimizer", "{\"name\": \"Adam\"}", "optimizer: unknown key: found \"name\"; allowed momentum, weightDecay");
    add("/validation", "{\"every\": 1}", "validation: unknown key: found \"every\"; allowed everyEpochs, images, recalibrationImages");
    add("/phases/0/expands", "[4]",
        "phases[0]: unknown key: found \"expands\"; allowed name, kernels, expansions, depths, resolutions, draw, subnetsPerStep, epochs, warmupEpochs, learningRate, warmupLearningRate, distill");
    add("/schema", "2", "schema: number out of range: found 2; allowed 1 to 1");
    add("/space", "null", "the key \"space\" is missing");
    add("/space", "7", "space: not a string: found 7; allowed a string");
    add("/seed", "-1", "seed: number out of range: found -1; allowed 0 to 1073741824");
    add("/batchSize", "1", "batchSize: number out of range: found 1; allowed 2 to 1073741824");
    add("/batchSize", "2.5", "batchSize: not a whole number: found 2.5; allowed a whole number from 2 to 1073741824");
    add("/dataSet", "[]", "dataSet: not an object: found a list; allowed an object");
    add("/dataSet", "{\"imageSize\": [28]}", "dataSet.imageSize: not the size of an image: allowed height and width");
    add("/dataSet", "{\"validationImages\": 0}", "dataSet.validationImages: number out of range: found 0; allowed 1 to 1073741824");
    add("/augmentation", "{\"crop\": \"random\"}", "augmentation.crop: no such choice: found \"random\"; allowed none, resized, shift");
    add("/augmentation", "{\"area\": [0.9, 0.1]}", "augmentation.area: not a range: allowed two numbers, the smaller one first");
    add("/augmentation", "{\"aspect\": [1]}", "augmentation.aspect: not a range: allowed two numbers, the smaller one first");
    add("/augmentation", "{\"flip\": 2}", "augmentation.flip: number out of range: found 2; allowed 0 to 1");
    add("/loss", "{\"distillation\": \"kl\"}", "loss.distillation: no such choice: found \"kl\"; allowed cross-entropy, mse");
    add("/optimizer", "{\"momentum\": 1}", "optimizer.momentum: number out of range: found 1; allowed 0 to 0.9999");
    add("/validation", "{\"recalibrationImages\": 1}", "validation.recalibrationImages: number out of range: found 1; allowed 2 to 1073741824");
    add("/phases", "{}", "phases: not a list: found an object; allowed a list");
    add("/phases/0/name", "\"\"", "phases[0].name: not a name of a phase: found \"\"; allowed letters, digits, blanks, - and _");
    add("/phases/0/name", "\"a,b\"", "phases[0].name: not a name of a phase: found \"a,b\"; allowed letters, digits, blanks, - and _");
    add("/phases/0/draw", "\"smallest\"", "phases[0].draw: no such choice: found \"smallest\"; allowed uniform, sandwich");
    add("/phases/0/kernels", "7", "phases[0].kernels: not a list: found 7; allowed a list");
    add("/phases/0/kernels", "[\"7\"]", "phases[0].kernels[0]: not a whole number: found the string \"7\"; allowed a whole number from 0 to 65535");
    add("/phases/0/expansions", "[\"4\"]", "phases[0].expansions[0]: not a number: found the string \"4\"; allowed a number");
    add("/phases/0/subnetsPerStep", "65", "phases[0].subnetsPerStep: number out of range: found 65; allowed 1 to 64");
    add("/phases/0/epochs", "0", "phases[0].epochs: number out of range: found 0; allowed 1 to 100000");
    add("/phases/0/epochs", "null", "phases[0]: the key \"epochs\" is missing");
    add("/phases/0/warmupEpochs", "-1", "phases[0].warmupEpochs: number out of range: found -1; allowed 0 to 100000");
    add("/phases/0/learningRate", "-0.1", "phases[0].learningRate: number out of range: found -0.1; allowed 0 to 1000");
    add("/phases/0/distill", "1", "phases[0].distill: not a truth value: found 1; allowed true or false");
}

void TestTrainingConfig::refusesWhatIsNotAllowed()
{
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QString, message);
    auto json = smallest();
    json[Json::json_pointer(pointer.toStdString())] = parseJson(value.toStdString(), "value");
    compareText(messageOf([&] { configFrom(json); }), message.toStdString());
}

void TestTrainingConfig::phasesThatCannotBe_data()
{
    QTest::addColumn<QString>("space");
    QTest::addColumn<QString>("phases"); // what each adds to a name, an epoch and a rate
    QTest::addColumn<QString>("message");
    const auto add = [](const char* name, const char* phases, const char* message, const char* space = "fashion-mbv3") { QTest::newRow(name) << space << phases << message; };
    add("none", "[]", "phases: there is nothing to train: allowed at least one phase");
    add("kernel", "[{\"kernels\": [7, 9]}]", "phase \"0\": kernels: the space does not have all of them: found 7, 9; allowed some of 3, 5, 7");
    add("expansion", "[{\"expansions\": [6]}]", "phase \"0\": expansions: the space does not have all of them: found 6; allowed some of 2, 3, 4");
    add("depth", "[{\"depths\": [4]}]", "phase \"0\": depths: the space does not have all of them: found 4; allowed some of 1, 2, 3");
    add("resolution", "[{}, {\"resolutions\": [30]}]", "phase \"1\": resolutions: the space does not have all of them: found 30; allowed some of 16, 20, 24, 28");
    add("gap", "[{\"kernels\": [7]}, {\"kernels\": [3, 7]}]", "phase \"1\": kernels: they must grow from the largest downwards, without a gap: found 3, 7; allowed the last of 3, 5, 7");
    add("not the largest", "[{\"depths\": [1, 2]}]", "phase \"0\": depths: they must grow from the largest downwards, without a gap: found 1, 2; allowed the last of 1, 2, 3");
    add("twice", "[{\"kernels\": [5, 7, 7]}]", "phase \"0\": kernels: they must grow from the largest downwards, without a gap: found 5, 7, 7; allowed the last of 3, 5, 7");
    add("smallest twice", "[{\"kernels\": [3, 3, 5, 7]}]", "phase \"0\": kernels: they must grow from the largest downwards, without a gap: found 3, 3, 5, 7; allowed the last of 3, 5, 7");
    add("kernel left out", "[{\"kernels\": [5, 7]}, {\"kernels\": [7]}]", "phase \"1\": kernels: the phase cannot follow, because what was trained before is left out: found 7; allowed at least 5, 7");
    add("expansion left out", "[{}, {\"expansions\": [3, 4]}]", "phase \"1\": expansions: the phase cannot follow, because what was trained before is left out: found 3, 4; allowed at least 2, 3, 4");
    add("resolution left out", "[{\"resolutions\": [16, 28]}, {\"resolutions\": [20, 28]}]",
        "phase \"1\": resolutions: the phase cannot follow, because what was trained before is left out: found 20, 28; allowed at least 16, 28");
    add("teacher", "[{\"distill\": true}]", "phase \"0\": the first phase has no teacher to distil from: allowed \"distill\": false, or a phase before it");
    add("name", "[{\"name\": \"x\"}, {\"name\": \"x\"}]", "phase \"x\": two phases have this name: allowed another name");
    add("half a sandwich", "[{\"draw\": \"sandwich\"}]", "phase \"0\": a sandwich needs the largest and the smallest subnet in every step: found subnetsPerStep 1; allowed at least 2");
    add("OFA", "[{\"expansions\": [3, 6]}]", "phase \"0\": expansions: they must grow from the largest downwards, without a gap: found 3, 6; allowed the last of 3, 4, 6", "ofa-mbv3-w1.0");
    add("ResNet", "[{\"expansions\": [0.3]}]", "phase \"0\": expansions: the space does not have all of them: found 0.3; allowed some of 0.2, 0.25, 0.35", "ofa-resnet50");
    add("ResNet's kernels", "[{\"kernels\": [7]}]", "phase \"0\": kernels: the space does not have all of them: found 7; allowed some of 3", "ofa-resnet50");
}

void TestTrainingConfig::phasesThatCannotBe()
{
    QFETCH(QString, space);
    QFETCH(QString, phases);
    QFETCH(QString, message);
    auto json = smallest();
    json["phases"] = Json::array();
    for (const auto& p : parseJson(phases.toStdString(), "phases")) {
        json["phases"].push_back({{"name", std::to_string(json["phases"].size())}, {"epochs", 1}, {"learningRate", 0.1}});
        json["phases"].back().update(p);
    }
    const auto config = configFrom(json);
    compareText(messageOf([&] { checkTrainingConfig(config, builtInSpace(space.toStdString())); }), message.toStdString());
}

void TestTrainingConfig::phasesThatCanBe()
{
    for (const char* id : {"fashion-mbv3", "ofa-mbv3-w1.0", "ofa-proxyless-w1.3", "ofa-resnet50"}) {
        const auto space = builtInSpace(id);
        TrainingConfig config;
        config.phases = phasesOf(space);
        for (std::size_t i = 0; i < config.phases.size(); ++i) {
            config.phases[i].name = std::to_string(i);
            config.phases[i].distill = i > 0;
        }
        compareText(messageOf([&] { checkTrainingConfig(config, space); }), "no error");
    }
}

void TestTrainingConfig::drawsWhatThePhaseHas_data()
{
    QTest::addColumn<QString>("id");
    for (const char* id : {"fashion-mbv3", "ofa-mbv3-w1.0", "ofa-proxyless-w1.3", "ofa-resnet50"})
        QTest::newRow(id) << id;
}

void TestTrainingConfig::drawsWhatThePhaseHas()
{
    QFETCH(QString, id);
    const auto space = builtInSpace(id.toStdString());
    const auto phases = phasesOf(space);
    for (std::size_t i = 0; i < phases.size(); ++i) {
        const auto& p = phases[i];
        const auto phaseSpace = spaceOfPhase(space, p);
        const int resolution = space.resolutions[i % space.resolutions.size()];
        // A phase keeps the largest choices, so its largest subnet is that of the space.
        QVERIFY(subnetOfPhase(space, phaseSpace, phaseSpace.largest()) == space.largest());
        std::set<int> kernels, depths;
        std::set<double> expansions;
        std::set<Subnet> distinct;
        for (std::size_t step = 0; step < 40; ++step) {
            const auto drawn = subnetsOfStep(space, phaseSpace, p, 5, i, step, resolution);
            QCOMPARE(drawn.size(), std::size_t(3));
            QVERIFY(subnetsOfStep(space, phaseSpace, p, 5, i, step, resolution) == drawn);
            for (const auto& s : drawn) {
                compareText(messageOf([&] { validate(space, s, "drawn"); }), "no error");
                QCOMPARE(int(s.resolution), resolution);
                distinct.insert(s);
                if (space.isResNet()) // whose stem has but two depths
                    QVERIFY(has(p.depths.empty() ? space.stemDepths : std::vector{space.stemDepths.back()}, s.depth[0]));
                for (std::size_t k = 0; k < space.stages.size(); ++k) {
                    const auto& stage = space.stages[k];
                    const int depth = s.depth[static_cast<std::size_t>(space.depthGene(static_cast<int>(k)))];
                    QVERIFY(has(allowed(stage.depths, p.depths), depth));
                    depths.insert(depth);
                    for (int b = 0; b < space.activeBlocks(s, static_cast<int>(k)); ++b) {
                        const auto op = s.op[static_cast<std::size_t>(stage.firstSlot + b)];
                        QVERIFY(has(allowed(stage.kernels, p.kernels), stage.kernelOf(op)));
                        QVERIFY(has(allowed(stage.expansions, p.expansions), stage.expansionOf(op)));
                        kernels.insert(stage.kernelOf(op));
                        expansions.insert(stage.expansionOf(op));
                    }
                }
            }
        }
        // Everything that the phase has is drawn.
        const auto& first = space.stages.front();
        QCOMPARE(kernels.size(), allowed(first.kernels, p.kernels).size());
        QCOMPARE(expansions.size(), allowed(first.expansions, p.expansions).size());
        const bool lone = space.stages.back().depths.size() == 1; // a depth that no other stage has
        QCOMPARE(depths.size(), allowed(first.depths, p.depths).size() + (lone ? 1 : 0));
        if (i == 0 && !space.isResNet()) {
            QCOMPARE(distinct.size(), std::size_t(1)); // nothing to draw
            continue;
        }
        const auto drawn = [&](std::uint64_t seed, std::size_t index, std::size_t step) { return subnetsOfStep(space, phaseSpace, p, seed, index, step, resolution); };
        QVERIFY(drawn(5, i, 0) != drawn(5, i, 1));
        QVERIFY(drawn(5, i, 0) != drawn(6, i, 0));
        QVERIFY(drawn(5, i, 0) != drawn(5, i + 1, 0));
        QVERIFY(drawn(5, i, 0)[0] != drawn(5, i, 0)[1]);
    }
}

void TestTrainingConfig::sandwich_data() { drawsWhatThePhaseHas_data(); }

void TestTrainingConfig::sandwich()
{
    QFETCH(QString, id);
    const auto space = builtInSpace(id.toStdString());
    auto phases = phasesOf(space);
    for (auto& p : phases) {
        p.draw = SubnetDraw::Sandwich;
        p.subnetsPerStep = 4;
        const auto phaseSpace = spaceOfPhase(space, p);
        const auto drawn = subnetsOfStep(space, phaseSpace, p, 1, 2, 3, 20);
        QCOMPARE(drawn.size(), std::size_t(4));
        auto largest = space.largest();
        largest.resolution = 20;
        QVERIFY(drawn[0] == largest);
        // The smallest one by the values of the phase.
        const auto& smallest = drawn[1];
        QCOMPARE(int(smallest.resolution), 20);
        for (std::size_t k = 0; k < space.stages.size(); ++k) {
            const auto& stage = space.stages[k];
            QCOMPARE(int(smallest.depth[static_cast<std::size_t>(space.depthGene(static_cast<int>(k)))]), allowed(stage.depths, p.depths).front());
            const auto op = smallest.op[static_cast<std::size_t>(stage.firstSlot)];
            QCOMPARE(stage.kernelOf(op), allowed(stage.kernels, p.kernels).front());
            QCOMPARE(stage.expansionOf(op), allowed(stage.expansions, p.expansions).front());
        }
        p.subnetsPerStep = 2;
        QVERIFY(subnetsOfStep(space, phaseSpace, p, 1, 2, 3, 20) == std::vector<Subnet>(drawn.begin(), drawn.begin() + 2));
    }
    auto smallest = space.smallest();
    smallest.resolution = 20;
    QVERIFY(subnetsOfStep(space, spaceOfPhase(space, phases.back()), phases.back(), 1, 2, 3, 20)[1] == smallest);
}

// A stage that has none of what is listed keeps its largest choice, as the net that is trained first does.
void TestTrainingConfig::stagesWithChoicesOfTheirOwn()
{
    auto space = builtInSpace("fashion-mbv3");
    space.stages[1].kernels = {3, 5};
    space.stages[1].expansions = {2, 3};
    space.stages[2].depths = {1, 2};
    space.finish("own");
    TrainingConfig config;
    config.phases = {phase({7}, {4}, {3}), phase({5, 7}, {3, 4}, {2, 3}), phase({}, {}, {})};
    for (std::size_t i = 0; i < config.phases.size(); ++i)
        config.phases[i].name = std::to_string(i);
    compareText(messageOf([&] { checkTrainingConfig(config, space); }), "no error");
    const auto first = spaceOfPhase(space, config.phases[0]);
    QCOMPARE(first.stages[0].kernels, std::vector<int>{7});
    QCOMPARE(first.stages[1].kernels, std::vector<int>{5});
    QCOMPARE(first.stages[1].expansions, std::vector<double>{3});
    QCOMPARE(first.stages[2].depths, std::vector<int>{2});
    for (const auto& p : config.phases) {
        const auto phaseSpace = spaceOfPhase(space, p);
        QVERIFY(subnetOfPhase(space, phaseSpace, phaseSpace.largest()) == space.largest());
        for (const auto& s : subnetsOfStep(space, phaseSpace, p, 1, 0, 0, 28))
            compareText(messageOf([&] { validate(space, s, "drawn"); }), "no error");
    }
}

QTEST_GUILESS_MAIN(TestTrainingConfig)
#include "tst_trainingconfig.moc"

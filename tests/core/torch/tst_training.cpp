// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Losses, learning rates, draws and five steps of training against the reference implementation; what a trainer carries
// from step to step; gradients in single precision against those in double.
#include "fixturenets.h"

#include "base/json.h"
#include "base/random.h"
#include "engine/schedule.h"

using namespace paretoscope;
using testing::compareText;
using testing::doublesOf;
using testing::engine;
using testing::fixtureInput;
using testing::messageOf;

namespace {

Json fixture(const char* name) { return readJsonFile(testing::referenceDir() / "fixtures/ofa" / name); }

bool close(double found, double expected, double relative) { return std::abs(found - expected) <= relative * std::max(1.0, std::abs(expected)); }

#define VERIFY_NEAR(found, expected, relative)                                                                         \
    QVERIFY2(close(found, expected, relative), qPrintable(QStringLiteral("%1 instead of %2").arg(found, 0, 'g', 15).arg(double(expected), 0, 'g', 15)))

/// Sum, sum of absolute values and first value, as the trace has them.
std::vector<double> checksum(const Tensor& tensor)
{
    std::vector<double> values;
    if (tensor.dtype() == DType::I64) {
        std::int64_t v = 0;
        std::memcpy(&v, tensor.contiguousBytes().data(), sizeof v);
        values = {static_cast<double>(v)};
    } else {
        values = tensor.toDoubles();
    }
    double sum = 0, absolute = 0;
    for (const double v : values) {
        sum += v;
        absolute += std::abs(v);
    }
    return {sum, absolute, values.front()};
}

TrainingStep smallStep(const SearchSpace& space, int i)
{
    return {fixtureInput("train:" + std::to_string(i), {4, 3, 32, 32}), {0, 1, 2, 3}, {space.smallest(), space.largest()}, 0.05};
}

void train(Trainer& trainer, const SearchSpace& space, int first, int count)
{
    for (int i = first; i < first + count; ++i)
        trainer.step(smallStep(space, i));
}

bool sameBits(const StateDict& a, const StateDict& b)
{
    return std::equal(a.tensors().begin(), a.tensors().end(), b.tensors().begin(), b.tensors().end(), [](const NamedTensor& x, const NamedTensor& y) {
        return x.name == y.name && x.tensor.dtype() == y.tensor.dtype() && x.tensor.contiguousBytes() == y.tensor.contiguousBytes();
    });
}

/// The largest subnet with one kernel everywhere.
Subnet withKernel(const SearchSpace& space, int kernel)
{
    auto s = space.largest();
    for (std::size_t slot = 0; slot < s.op.size(); ++slot)
        if (s.op[slot]) {
            const auto& stage = space.stages[static_cast<std::size_t>(space.stageOfSlot(static_cast<int>(slot)))];
            const auto index = std::find(stage.kernels.begin(), stage.kernels.end(), kernel) - stage.kernels.begin();
            s.op[slot] = static_cast<std::uint8_t>((static_cast<std::size_t>(index) + 1) * stage.expansions.size());
        }
    return s;
}

/// The gradients of one step: without weight decay, what momentum is after the first one.
StateDict gradientsOf(const std::shared_ptr<const Parts>& parts, const StateDict& weights, const TrainingStep& step, NetPrecision precision)
{
    const auto net = engine().supernet(parts, weights, precision);
    TrainerOptions options;
    options.weightDecay = 0;
    const auto trainer = net->trainer(options, nullptr);
    trainer->step(step);
    return trainer->momentum();
}

} // namespace

class TestTraining : public QObject {
    Q_OBJECT
private slots:
    void losses();
    void learningRates();
    void draws();
    void fiveSteps();
    void gradientsAndTeacherAreLetGo();
    void momentumGoesOn_data();
    void momentumGoesOn();
    void fixedParametersStay();
    void singlePrecisionGradients_data();
    void singlePrecisionGradients();
    void errors();
};

void TestTraining::losses()
{
    NEED_REFERENCE("fixtures/ofa/losses_lr_rng.json");
    const auto f = fixture("losses_lr_rng.json")["loss"];
    const auto inDouble = [](const char* tag) { return Tensor::fromDoubles({4, 10}, fixtureInput(tag, {4, 10}).toDoubles()); };
    const auto logits = inDouble("loss:logits"), teacher = inDouble("loss:teacher");
    const auto labels = f["labels"].get<std::vector<std::int64_t>>();
    LossOptions plain{0, 1, Distillation::CrossEntropy};
    VERIFY_NEAR(engine().loss(logits, labels, nullptr, plain).classification, f["ce"].get<double>(), 1e-12);
    LossOptions smooth;
    const auto both = engine().loss(logits, labels, &teacher, smooth);
    VERIFY_NEAR(both.classification, f["ce_label_smooth_0_1"].get<double>(), 1e-12);
    VERIFY_NEAR(both.distillation, f["kd_ce"].get<double>(), 1e-12);
    VERIFY_NEAR(both.total, both.classification + both.distillation, 1e-14);
    LossOptions squared;
    squared.distillation = Distillation::MeanSquaredError;
    squared.distillationRatio = 0.5;
    const auto mse = engine().loss(logits, labels, &teacher, squared);
    VERIFY_NEAR(mse.distillation, f["kd_mse"].get<double>(), 1e-12);
    VERIFY_NEAR(mse.total, mse.classification + 0.5 * mse.distillation, 1e-14);
}

void TestTraining::learningRates()
{
    NEED_REFERENCE("fixtures/ofa/losses_lr_rng.json");
    const auto f = fixture("losses_lr_rng.json")["lr"];
    const std::map<std::string, LearningRates> phases{{"kernel", {3e-2, 0.96, 120, 5, 621}}, {"depth1", {2.5e-3, 0.08, 25, 0, 621}}, {"depth2", {7.5e-3, 0.24, 120, 5, 621}},
        {"expand1", {2.5e-3, 0.08, 25, 0, 621}}, {"expand2", {7.5e-3, 0.24, 120, 5, 621}}};
    for (const auto& [phase, rates] : phases)
        for (const auto& row : f[phase])
            VERIFY_NEAR(rates.at(row[0], row[1]), row[2].get<double>(), 1e-12);
}

void TestTraining::draws()
{
    NEED_REFERENCE("fixtures/ofa/losses_lr_rng.json");
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto f = fixture("losses_lr_rng.json");
    for (const auto& row : f["subnet_seed"]) {
        const auto step = row["epoch"].get<std::size_t>() * row["nBatch"].get<std::size_t>() + row["batch"].get<std::size_t>();
        const auto seed = referenceSubnetSeed(step, row["subnet"]);
        QCOMPARE(seed, row["seed"].get<std::uint64_t>());
        PythonRandom random(seed);
        QVERIFY(referenceSubnet(space, random, 224) == testing::fixtureSubnet(space, Json{{"arch", row["arch"]}, {"image_size", 224}}));
    }
}

void TestTraining::fiveSteps()
{
    NEED_REFERENCE("fixtures/ofa/train_trace_tiny_mbv3.json");
    const auto trace = fixture("train_trace_tiny_mbv3.json");
    const auto parts = std::make_shared<const Parts>(testing::fixtureSpace("tiny_mbv3"));
    const auto& space = parts->space();
    const auto net = engine().supernet(parts, testing::fixtureWeights(space), NetPrecision::Float64);
    const int batch = trace["B"], r = trace["R"];
    TrainerOptions options;
    options.weightDecay = trace["weight_decay"];
    {
        const auto trainer = net->trainer(options, net->extract(space.largest()));
        for (const auto& s : trace["steps"]) {
            TrainingStep step{fixtureInput(s["x"], {batch, 3, r, r}), s["labels"].get<std::vector<std::int64_t>>(), {}, s["lr"]};
            for (const auto& subnet : s["subnets"])
                step.subnets.push_back(testing::fixtureSubnet(space, subnet));
            const auto report = trainer->step(step);
            QCOMPARE(report.losses.size(), s["subnets"].size());
            for (std::size_t i = 0; i < report.losses.size(); ++i) {
                const auto& e = s["subnets"][i];
                VERIFY_NEAR(report.losses[i].distillation, e["kd"].get<double>(), 1e-9);
                VERIFY_NEAR(report.losses[i].classification, e["ce"].get<double>(), 1e-9);
                VERIFY_NEAR(report.losses[i].total, e["loss"].get<double>(), 1e-9);
            }
            VERIFY_NEAR(report.gradientNorm, s["grad_norm"].get<double>(), 1e-9);
            const auto weights = net->weights();
            for (const char* group : {"after", "buffers"})
                for (const auto& [key, e] : s[group].items()) {
                    const auto found = checksum(*weights.find(key));
                    const bool buffer = std::string(group) == "buffers";
                    VERIFY_NEAR(found[0], e[0].get<double>(), 1e-8);
                    VERIFY_NEAR(found[buffer ? 2 : 1], e[1].get<double>(), 1e-8);
                    if (!buffer)
                        VERIFY_NEAR(found[2], e[2].get<double>(), 1e-9);
                }
        }
    }
    const auto images = fixtureInput("input:48", {1, 3, 48, 48});
    QVERIFY_CLOSE(net->forward(space.largest(), images).toDoubles(), doublesOf(trace["final_eval_logits"]["max"]), 1e-8);
    QVERIFY_CLOSE(net->forward(space.smallest(), images).toDoubles(), doublesOf(trace["final_eval_logits"]["min"]), 1e-8);
}

void TestTraining::gradientsAndTeacherAreLetGo()
{
    const auto parts = std::make_shared<const Parts>(testing::fixtureSpace("tiny_mbv3_b"));
    const auto& space = parts->space();
    const auto net = engine().supernet(parts, testing::fixtureWeights(space), NetPrecision::Float32);
    const auto teacher = std::shared_ptr<StaticNet>(net->extract(space.largest()));
    const TrainingStep step{fixtureInput("train", {4, 3, 32, 32}), {0, 1, 2, 3}, {space.smallest(), space.largest()}, 0.01};
    {
        const auto trainer = net->trainer({}, teacher);
        double first = 0, last = 0;
        for (int i = 0; i < 40; ++i) {
            last = trainer->step(step).losses[1].classification;
            first = i == 0 ? last : first;
        }
        QVERIFY2(last < 0.8 * first, qPrintable(QStringLiteral("%1 to %2").arg(first).arg(last))); // it learns four images
    }
    QCOMPARE(teacher.use_count(), 1L);
    // The trainer is gone: forward, extraction and another trainer work on the trained weights.
    const auto images = fixtureInput("input:32", {1, 3, 32, 32});
    QVERIFY(net->extract(space.largest())->forward(images).contiguousBytes() == net->forward(space.largest(), images).contiguousBytes());
    net->trainer({}, nullptr)->step(step);
}

void TestTraining::momentumGoesOn_data()
{
    QTest::addColumn<NetPrecision>("precision");
    QTest::newRow("float32") << NetPrecision::Float32;
    QTest::newRow("float64") << NetPrecision::Float64;
}

// Six steps are three, and three more by another trainer on another net.
void TestTraining::momentumGoesOn()
{
    QFETCH(NetPrecision, precision);
    const auto parts = std::make_shared<const Parts>(testing::fixtureSpace("tiny_mbv3_b"));
    const auto& space = parts->space();
    const auto straight = engine().supernet(parts, testing::fixtureWeights(space), precision);
    const auto straightTrainer = straight->trainer({}, nullptr);
    train(*straightTrainer, space, 0, 6);

    auto first = engine().supernet(parts, testing::fixtureWeights(space), precision);
    auto firstTrainer = first->trainer({}, nullptr);
    train(*firstTrainer, space, 0, 3);
    const auto second = engine().supernet(parts, first->weights(), precision);
    const auto secondTrainer = second->trainer({}, nullptr);
    const auto forgetful = engine().supernet(parts, first->weights(), precision);
    secondTrainer->setMomentum(firstTrainer->momentum());
    train(*firstTrainer, space, 3, 1); // what was taken up is a copy
    firstTrainer.reset();
    first.reset();
    train(*secondTrainer, space, 3, 3);
    QVERIFY(sameBits(second->weights(), straight->weights()));
    QVERIFY(sameBits(secondTrainer->momentum(), straightTrainer->momentum()));
    train(*forgetful->trainer({}, nullptr), space, 3, 3);
    QVERIFY(!sameBits(forgetful->weights(), straight->weights()));

    const auto momentum = straightTrainer->momentum();
    const auto key = momentum.tensors()[1].name;
    StateDict missing, misshapen;
    for (const auto& [name, tensor] : momentum.tensors()) {
        if (name != key)
            missing.add(name, tensor);
        misshapen.add(name, name == key ? Tensor::fromFloats({3}, {1, 2, 3}) : tensor);
    }
    compareText(messageOf([&] { secondTrainer->setMomentum(missing); }), "momentum: the weights are not those of the net: found 1 problems: " + key + " is missing");
    compareText(messageOf([&] { secondTrainer->setMomentum(misshapen); }),
        "momentum: the weights are not those of the net: found 1 problems: " + key + " has the shape [3] instead of " + toString(momentum.tensors()[1].tensor.shape()));
    QVERIFY(sameBits(secondTrainer->momentum(), momentum)); // nothing was taken
}

void TestTraining::fixedParametersStay()
{
    const auto parts = std::make_shared<const Parts>(testing::fixtureSpace("tiny_mbv3_b"));
    const auto& space = parts->space();
    const auto before = testing::fixtureWeights(space);
    TrainerOptions options;
    for (const auto& [name, tensor] : before.tensors())
        if (name.ends_with("_matrix") || name == "first_conv.conv.weight")
            options.fixed.push_back(name);
    QVERIFY(options.fixed.size() > 2);
    const auto net = engine().supernet(parts, before, NetPrecision::Float32);
    const auto trainer = net->trainer(options, nullptr);
    train(*trainer, space, 0, 3);
    const auto after = net->weights(), momentum = trainer->momentum();
    std::size_t fixed = 0;
    for (const auto& [name, tensor] : before.tensors()) {
        const bool stays = std::find(options.fixed.begin(), options.fixed.end(), name) != options.fixed.end();
        fixed += stays;
        QVERIFY2((after.find(name)->contiguousBytes() == tensor.contiguousBytes()) == stays, name.c_str());
        if (stays)
            QVERIFY(!momentum.find(name));
    }
    QCOMPARE(fixed, options.fixed.size());
    // They are trained again once they are not fixed any more.
    train(*net->trainer({}, nullptr), space, 3, 1);
    for (const auto& name : options.fixed)
        QVERIFY2(net->weights().find(name)->contiguousBytes() != before.find(name)->contiguousBytes(), name.c_str());
}

void TestTraining::singlePrecisionGradients_data()
{
    QTest::addColumn<int>("kernel");
    QTest::addColumn<int>("resolution");
    QTest::addColumn<int>("images");
    for (const int kernel : {3, 5, 7})
        for (const auto& [resolution, images] : {std::pair{16, 3}, {20, 4}, {28, 2}, {29, 3}})
            QTest::addRow("%d at %d", kernel, resolution) << kernel << resolution << images;
}

// In single precision depthwise convolutions have a gradient of their own. Strides 1 and 2 and odd maps (29, 15, 8, 4)
// come along, and channels that are no multiple of what it takes at once (8, 24, 72, 120). Where an activation bends,
// rounding would decide about gradients: its inputs are shifted away from there.
void TestTraining::singlePrecisionGradients()
{
    QFETCH(int, kernel);
    QFETCH(int, resolution);
    QFETCH(int, images);
    auto space = builtInSpace("fashion-mbv3");
    space.stemActivation = space.headActivation = Activation::Relu; // bends at 0 only
    for (auto& stage : space.stages)
        stage.activation = Activation::Relu;
    const auto parts = std::make_shared<const Parts>(space);
    const auto initial = engine().initialWeights(*parts, 7);
    StateDict weights;
    for (const auto& [name, tensor] : initial.tensors()) {
        const std::vector<float> shift(static_cast<std::size_t>(tensor.elements()), 4.f);
        weights.add(name, name.ends_with("bn.bias") && !testing::contains(name, "point_linear") ? Tensor::fromFloats(tensor.shape(), shift) : tensor);
    }
    auto narrow = withKernel(space, kernel);
    for (auto& op : narrow.op)
        op = static_cast<std::uint8_t>(op ? op - 1 : 0); // the next smaller expansion
    TrainingStep step{fixtureInput("grey", {images, 1, resolution, resolution}), {1, 2, 3, 4}, {withKernel(space, kernel), narrow}, 0.01};
    step.labels.resize(static_cast<std::size_t>(images));
    const auto single = gradientsOf(parts, weights, step, NetPrecision::Float32), exact = gradientsOf(parts, weights, step, NetPrecision::Float64);
    QCOMPARE(single.size(), exact.size());
    int depthwise = 0;
    for (const auto& [name, tensor] : exact.tensors()) {
        if (!testing::contains(name, "depth_conv.conv")) // kernels and their transforms
            continue;
        const auto e = tensor.toDoubles(), f = single.find(name)->toDoubles();
        double norm = 0, error = 0;
        for (std::size_t i = 0; i < e.size(); ++i) {
            norm += e[i] * e[i];
            error += (f[i] - e[i]) * (f[i] - e[i]);
        }
        depthwise += norm > 0;
        QVERIFY2(std::sqrt(error) <= 1e-4 * std::sqrt(norm), qPrintable(QString("%1: off by %2 of %3").arg(name.c_str()).arg(std::sqrt(error)).arg(std::sqrt(norm))));
    }
    QVERIFY(depthwise >= 10);
    QVERIFY(sameBits(gradientsOf(parts, weights, step, NetPrecision::Float32), single));
}

void TestTraining::errors()
{
    const auto parts = std::make_shared<const Parts>(testing::fixtureSpace("tiny_mbv3_b"));
    const auto net = engine().supernet(parts, testing::fixtureWeights(parts->space()), NetPrecision::Float32);
    const auto trainer = net->trainer({}, nullptr);
    const auto images = fixtureInput("train", {2, 3, 32, 32});
    const auto run = [&](std::vector<std::int64_t> labels) { return messageOf([&] { trainer->step({images, labels, {parts->space().largest()}, 0.1}); }); };
    compareText(run({0}), "labels: are not one an image: found 1; allowed 2");
    compareText(run({0, 7}), "labels: no such class: found 7; allowed 0 to 6");
    // One image whose map has shrunk to a pixel: its variance would be 0 / 0.
    const auto message = messageOf([&] { trainer->step({fixtureInput("train", {1, 3, 32, 32}), {0}, {parts->space().largest()}, 0.1}); });
    QVERIFY2(testing::contains(message, "one value a channel has no variance to train with: found [1, "), message.c_str());
}

QTEST_GUILESS_MAIN(TestTraining)
#include "tst_training.moc"

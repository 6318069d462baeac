// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Losses, learning rates, draws and five steps of training against the reference implementation.
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

} // namespace

class TestTraining : public QObject {
    Q_OBJECT
private slots:
    void losses();
    void learningRates();
    void draws();
    void fiveSteps();
    void gradientsAndTeacherAreLetGo();
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

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Progressive shrinking of a small supernet on a few images of noise: stopped and gone on with, and what each phase
// leaves behind.
#include "fixturenets.h"

#include "base/file.h"
#include "base/progress.h"
#include "engine/schedule.h"
#include "engine/training.h"

#include <array>
#include <map>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::engine;
using testing::messageOf;
using testing::without;

namespace {

constexpr std::size_t kBatches = 4, kBatch = 8, kValidation = 10;

const std::shared_ptr<const Parts>& parts()
{
    static const auto small = std::make_shared<const Parts>(builtInSpace("fashion-mbv3"));
    return small;
}

TrainingPhase phase(const char* name, std::vector<int> kernels, std::vector<double> expansions, std::vector<int> depths, int subnets, int epochs)
{
    TrainingPhase p;
    p.name = name;
    p.kernels = std::move(kernels);
    p.expansions = std::move(expansions);
    p.depths = std::move(depths);
    p.subnetsPerStep = subnets;
    p.epochs = epochs;
    p.resolutions = {16, 20};
    p.learningRate = 0.05;
    p.distill = true;
    return p;
}

TrainingConfig config()
{
    TrainingConfig c;
    c.space = "fashion-mbv3";
    c.seed = 3;
    c.batchSize = kBatch;
    c.augmentation = Augmentation::smallGrey();
    c.validateEvery = 2;
    c.recalibrationImages = 12;
    c.phases = {phase("full", {7}, {4}, {3}, 1, 1), phase("kernel", {}, {4}, {3}, 1, 2), phase("depth", {}, {4}, {}, 2, 1),
        phase("expand 1", {}, {3, 4}, {}, 2, 1), phase("expand 2", {}, {}, {}, 3, 2)};
    c.phases[0].distill = false;
    c.phases[0].warmupEpochs = 1;
    c.phases[0].warmupLearningRate = 0.01;
    c.phases[4].draw = SubnetDraw::Sandwich;
    c.phases[4].resolutions = {16, 20, 28};
    return c;
}

DataSplits noise(std::size_t train, std::size_t validation)
{
    Random random(1);
    std::vector<std::uint8_t> pixels((train + validation) * 784);
    for (auto& p : pixels)
        p = static_cast<std::uint8_t>(random.below(256));
    auto data = std::make_shared<DataSet>();
    data->images = std::make_shared<PackedImages>(1, 28, 28, std::move(pixels));
    for (std::size_t i = 0; i < train + validation; ++i)
        data->labels.push_back(static_cast<std::int32_t>(i % 10));
    for (int i = 0; i < 10; ++i)
        data->classNames.push_back(std::to_string(i));
    DataSplits splits{wholeDataSet(data), {data, {}}, {data, {}}};
    splits.validation.images.assign(splits.train.images.begin() + static_cast<std::ptrdiff_t>(train), splits.train.images.end());
    splits.train.images.resize(train);
    return splits;
}

using Contents = std::map<std::string, Bytes>;

Contents contentsOf(const StateDict& dict)
{
    Contents all;
    for (const auto& [name, tensor] : dict.tensors())
        all[name] = tensor.contiguousBytes();
    return all;
}

StateDict copyOf(const StateDict& dict)
{
    StateDict copy;
    for (const auto& [name, tensor] : dict.tensors()) {
        const auto bytes = std::make_shared<Bytes>(tensor.contiguousBytes());
        copy.add(name, Tensor(tensor.dtype(), tensor.shape(), *bytes, bytes));
    }
    return copy;
}

TrainingState copyOf(TrainingState state)
{
    for (auto* dict : {&state.weights, &state.momentum, &state.teacher})
        *dict = copyOf(*dict);
    return state;
}

bool isStatistic(const std::string& name) { return testing::contains(name, "running_") || name.ends_with("num_batches_tracked"); }

/// Without what the clock says.
std::vector<EpochRecord> curveOf(const TrainingState& state)
{
    auto curve = state.epochs;
    for (auto& e : curve)
        e.sums.seconds = 0;
    return curve;
}

/// A run that was not disturbed.
struct Undisturbed {
    std::vector<std::string> events;
    std::vector<TrainingState> begin; // of each phase, before its first step
    std::vector<StateDict> end;       // weights as each phase has trained them
    std::vector<StateDict> handed;    // to onPhaseEnd
    std::vector<TrainingProgress> progress;
    std::vector<EpochRecord> curve;
    Contents weights, lastTeacher;
};

} // namespace

class TestTrainingRun : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void eventsAndCurve();
    void phasesEndWithCompleteWeights();
    void channelsAreSorted();
    void transformsWaitForTheirKernels();
    void teacherIsKept();
    void stoppedInEveryPhase();
    void costsAreMeasuredOnTheSide();
    void divergenceKeepsTheCheckpoint();
    void refusesWhatCannotBeTrained();
    void phasesToComeMayChange();
    void refusesStatesThatDoNotBelong();

private:
    TrainingSetup setup(const TrainingConfig& c = config()) const { return {c, parts(), m_data, {1, {0.5}, {0.25}, 0}, m_checkpoint, 1}; }
    TrainingState saved() const { return loadTrainingState(m_checkpoint, parts()->space()); }
    /// The message without the folder of the checkpoint.
    std::string said(const std::string& message) const { return without(message, m_dir.path().toStdString()); }

    QTemporaryDir m_dir;
    std::filesystem::path m_checkpoint;
    DataSplits m_data = noise(kBatch * kBatches + 3, kValidation); // three are left out of every epoch
    Undisturbed m_whole;
};

void TestTrainingRun::initTestCase()
{
    m_checkpoint = m_dir.path().toStdString() + "/c.safetensors";
    Training training(engine(), setup());
    QVERIFY(!training.finished());
    QCOMPARE(training.batches(), kBatches);
    TrainingHost host;
    host.onPhaseBegin = [&](std::size_t i) {
        m_whole.events.push_back("begin " + std::to_string(i));
    };
    host.onEpoch = [&](const EpochRecord& e) {
        m_whole.events.push_back("epoch " + std::to_string(e.phase) + "." + std::to_string(e.epoch));
        QVERIFY(training.state().epochs.back() == e);
    };
    host.onPhaseEnd = [&](std::size_t i, const StateDict& weights) {
        m_whole.events.push_back("end " + std::to_string(i));
        m_whole.end.push_back(copyOf(training.state().weights));
        m_whole.handed.push_back(weights);
    };
    host.onProgress = [&](const TrainingProgress& p) {
        m_whole.progress.push_back(p);
        if (p.doing == "training" && p.epoch == 0 && p.batch == 0)
            m_whole.begin.push_back(copyOf(training.state()));
        return true;
    };
    int states = 0;
    host.state = [&] { return Json{{"states", ++states}}; };
    training.run(host);
    QVERIFY(training.finished());
    m_whole.curve = curveOf(training.state());
    m_whole.weights = contentsOf(training.state().weights);
    m_whole.lastTeacher = contentsOf(training.state().teacher);

    const auto state = saved();
    QCOMPARE(state.phase, std::size_t(5));
    QVERIFY(curveOf(state) == m_whole.curve);
    QVERIFY(contentsOf(state.weights) == m_whole.weights);
    QVERIFY(state.momentum.empty());
    QCOMPARE(state.host["states"].get<int>(), states);
    compareText(state.config.dump(), toJson(config()).dump());
    Training again(engine(), setup(), saved()); // there is nothing more to do
    QVERIFY(again.finished());
    again.run({});
    QVERIFY(curveOf(again.state()) == m_whole.curve);
}

void TestTrainingRun::eventsAndCurve()
{
    const std::vector<std::string> events{"begin 0", "epoch 0.0", "epoch 0.1", "end 0", "begin 1", "epoch 1.0", "epoch 1.1", "end 1", "begin 2", "epoch 2.0", "end 2",
        "begin 3", "epoch 3.0", "end 3", "begin 4", "epoch 4.0", "epoch 4.1", "end 4"};
    QCOMPARE(m_whole.events, events);
    QCOMPARE(m_whole.curve.size(), std::size_t(8));
    const auto c = config();
    for (const auto& e : m_whole.curve) {
        const auto& p = c.phases[e.phase];
        QCOMPARE(e.learningRate, (LearningRates{p.warmupLearningRate, p.learningRate, p.epochs, p.warmupEpochs, kBatches}.at(e.epoch, kBatches - 1)));
        QCOMPARE(e.sums.steps, kBatches);
        QVERIFY(e.sums.loss > 0 && e.sums.gradientNorm > 0 && e.sums.classification > 0);
        QVERIFY(p.distill ? e.sums.distillation > 0 : e.sums.distillation == 0);
        QVERIFY(std::abs(e.sums.loss - e.sums.distillation - e.sums.classification) < 1e-5 * e.sums.loss);
        // Every second epoch, and the last one of a phase.
        const bool last = e.epoch + 1 == p.totalEpochs();
        QCOMPARE(e.accuracies.size(), std::size_t(last ? 3 : 0));
        if (!last)
            continue;
        const auto phaseSpace = spaceOfPhase(parts()->space(), p);
        compareText(e.accuracies[0].which, "largest");
        compareText(e.accuracies[1].which, "smallest");
        compareText(e.accuracies[2].which, "random");
        auto largest = parts()->space().largest();
        largest.resolution = static_cast<std::uint16_t>(p.resolutions.back());
        QVERIFY(e.accuracies[0].subnet == largest);
        QVERIFY(e.accuracies[1].subnet == subnetOfPhase(parts()->space(), phaseSpace, phaseSpace.smallest()));
        for (const auto& a : e.accuracies) {
            QCOMPARE(a.images, kValidation);
            validate(parts()->space(), a.subnet, a.which);
        }
    }
    std::size_t training = 0, validating = 0;
    for (const auto& p : m_whole.progress) {
        training += p.doing == "training";
        validating += p.doing == "validating";
        QCOMPARE(p.batches, kBatches);
        QVERIFY(p.share >= 0 && p.share <= 1 && p.secondsLeft >= 0);
    }
    QCOMPARE(training, 8 * kBatches);
    QCOMPARE(training + validating, m_whole.progress.size());
    QVERIFY(validating > 5);
}

void TestTrainingRun::phasesEndWithCompleteWeights()
{
    const auto keys = supernetKeys(parts()->space());
    QCOMPARE(m_whole.handed.size(), std::size_t(5));
    for (std::size_t i = 0; i < 5; ++i) {
        const auto& all = m_whole.handed[i].tensors();
        QCOMPARE(all.size(), keys.size());
        for (std::size_t k = 0; k < keys.size(); ++k) {
            QCOMPARE(all[k].name, keys[k].name);
            QCOMPARE(all[k].tensor.shape(), keys[k].shape);
            QVERIFY(keys[k].dtype == "int64" || !all[k].tensor.hasNonFinite());
            // Recalibration is on a copy and changes statistics only.
            if (!isStatistic(keys[k].name))
                QVERIFY2(all[k].tensor.contiguousBytes() == m_whole.end[i].tensors()[k].tensor.contiguousBytes(), keys[k].name.c_str());
        }
        const auto mean = "blocks.5.conv.depth_conv.bn.bn.running_mean";
        QVERIFY(m_whole.handed[i].find(mean)->contiguousBytes() != m_whole.end[i].find(mean)->contiguousBytes());
    }
    QVERIFY(contentsOf(m_whole.end.back()) == m_whole.weights);
}

/// What is read of the first channels, in no order.
std::multiset<std::vector<double>> columnsOf(const Tensor& reader, std::size_t first)
{
    const auto in = static_cast<std::size_t>(reader.shape()[1]);
    const auto values = reader.toDoubles();
    std::vector<std::vector<double>> columns(first);
    for (std::size_t k = 0; k < values.size(); ++k)
        if (k % in < first)
            columns[k % in].push_back(values[k]);
    return {columns.begin(), columns.end()};
}

void TestTrainingRun::channelsAreSorted()
{
    const auto& space = parts()->space();
    const auto images = testing::fixtureInput("grey", {8, 1, 28, 28});
    const auto logits = [&](const StateDict& weights) { return engine().supernet(parts(), weights, NetPrecision::Float32)->forward(space.largest(), images).toDoubles(); };
    for (std::size_t i = 0; i + 1 < 5; ++i) {
        const auto &before = m_whole.end[i], &after = m_whole.begin[i + 1].weights;
        const bool sorts = i >= 2; // smaller expansions are to come
        QCOMPARE(contentsOf(before) != contentsOf(after), sorts);
        if (!sorts)
            continue;
        QVERIFY_CLOSE(logits(after), logits(before), 1e-4);
        // What reads the hidden channels of a block: the important ones lead, in the second sorting inside of what was
        // trained as one.
        const auto& reader = *after.find("blocks.4.conv.point_linear.conv.conv.weight");
        const auto out = static_cast<std::size_t>(reader.shape()[0]), in = static_cast<std::size_t>(reader.shape()[1]);
        QCOMPARE(in, std::size_t(64)); // four times 16
        const auto values = reader.toDoubles();
        std::vector<double> importance(in);
        for (std::size_t k = 0; k < values.size(); ++k)
            importance[k % in] += std::abs(values[k]);
        QCOMPARE(values.size(), out * in);
        const auto descends = [&](std::ptrdiff_t first, std::ptrdiff_t last, double tolerance) {
            return std::is_sorted(importance.begin() + first, importance.begin() + last, [&](double a, double b) { return a > b + tolerance; });
        };
        QVERIFY(descends(0, 48, 1e-4));
        QVERIFY(descends(48, 64, 0.02)); // sorted with 2e5 taken off, in single precision
        if (i == 2)
            QVERIFY(descends(0, 64, 1e-4));
        else
            QVERIFY(columnsOf(reader, 48) == columnsOf(*before.find("blocks.4.conv.point_linear.conv.conv.weight"), 48));
    }
}

void TestTrainingRun::transformsWaitForTheirKernels()
{
    const auto isIdentity = [](const Tensor& t) {
        const auto v = t.toFloats();
        const auto n = static_cast<std::size_t>(t.shape()[0]);
        for (std::size_t i = 0; i < v.size(); ++i)
            if (v[i] != (i / n == i % n ? 1.f : 0.f))
                return false;
        return true;
    };
    std::size_t transforms = 0;
    for (const auto& [name, tensor] : m_whole.end[0].tensors())
        if (name.ends_with("_matrix")) {
            ++transforms;
            QVERIFY2(isIdentity(tensor), name.c_str());
            QVERIFY2(!isIdentity(*m_whole.end[1].find(name)), name.c_str());
        }
    QCOMPARE(transforms, std::size_t(18)); // two of each of nine blocks

    auto c = config();
    c.phases = {c.phases[0], phase("kernel 5", {5, 7}, {4}, {3}, 2, 1)};
    auto state = m_whole.begin[1];
    state.config = toJson(c);
    Training training(engine(), setup(c), state);
    training.run({});
    for (const auto& [name, tensor] : training.state().weights.tensors())
        if (name.ends_with("_matrix"))
            QCOMPARE(isIdentity(tensor), name.ends_with("5to3_matrix"));
}

void TestTrainingRun::teacherIsKept()
{
    QVERIFY(m_whole.begin[0].teacher.empty());
    const auto first = contentsOf(engine().supernet(parts(), m_whole.end[0], NetPrecision::Float32)->extract(parts()->space().largest())->weights());
    std::vector<Contents> all;
    for (const auto& s : m_whole.begin)
        all.push_back(contentsOf(s.teacher));
    all.push_back(m_whole.lastTeacher);
    for (std::size_t i = 1; i < all.size(); ++i) {
        QCOMPARE(all[i].size(), first.size());
        for (const auto& [name, bytes] : first)
            if (!isStatistic(name)) // they drift, because the teacher runs as in training
                QVERIFY2(all[i].at(name) == bytes, name.c_str());
    }
}

void TestTrainingRun::stoppedInEveryPhase()
{
    // In the middle, at beginnings, behind the last batch (-1), while the net is validated, and before a phase begins (-2).
    const std::vector<std::array<int, 3>> places{{0, 0, 0}, {0, 0, 2}, {0, 1, 3}, {1, 0, 1}, {1, 1, 0}, {1, 1, -1},
        {2, 0, 2}, {3, 0, -2}, {3, 0, 0}, {3, 0, 1}, {4, 0, 3}, {4, 1, 2}, {4, 1, -1}};
    std::filesystem::remove(m_checkpoint);
    std::optional<TrainingState> state;
    std::vector<std::string> ends;
    for (std::size_t i = 0; i <= places.size(); ++i) {
        Training training(engine(), setup(), state);
        TrainingHost host;
        bool stopped = false;
        host.onProgress = [&](const TrainingProgress& p) {
            const std::array<int, 3> here{static_cast<int>(p.phase), p.epoch, p.doing == "training" ? static_cast<int>(p.batch) : -1};
            stopped = i < places.size() && here == places[i];
            return !stopped;
        };
        host.onPhaseBegin = [&](std::size_t phase) {
            stopped = i < places.size() && places[i] == std::array{static_cast<int>(phase), 0, -2};
            if (stopped)
                throw Cancelled();
        };
        host.onPhaseEnd = [&](std::size_t phase, const StateDict&) { ends.push_back(std::to_string(phase)); };
        if (i < places.size())
            QVERIFY_THROWS_EXCEPTION(Cancelled, training.run(host));
        else
            training.run(host);
        QCOMPARE(stopped, i < places.size());
        state = saved();
        if (stopped) {
            const auto& [phase, epoch, batch] = places[i];
            QCOMPARE(static_cast<int>(state->phase), phase);
            QCOMPARE(state->epoch, epoch);
            QCOMPARE(state->begun, batch > -2);
            if (batch >= 0)
                QCOMPARE(static_cast<int>(state->batch), batch);
            QCOMPARE(state->sums.steps, state->batch);
        }
    }
    QCOMPARE(ends, (std::vector<std::string>{"0", "1", "2", "3", "4"})); // each once
    const auto curve = curveOf(*state);
    QCOMPARE(curve.size(), m_whole.curve.size());
    for (std::size_t i = 0; i < curve.size(); ++i)
        QVERIFY2(curve[i] == m_whole.curve[i], qPrintable(QString("epoch %1: loss %2 instead of %3").arg(i).arg(curve[i].sums.loss, 0, 'g', 17).arg(m_whole.curve[i].sums.loss, 0, 'g', 17)));
    QVERIFY(contentsOf(state->weights) == m_whole.weights);
    for (const auto& [name, tensor] : state->teacher.tensors())
        QVERIFY2(isStatistic(name) || tensor.contiguousBytes() == m_whole.lastTeacher.at(name), name.c_str());
}

void TestTrainingRun::costsAreMeasuredOnTheSide()
{
    std::filesystem::remove(m_checkpoint);
    {
        Training training(engine(), setup());
        QVERIFY_THROWS_EXCEPTION(Cancelled, training.measureCosts([](std::size_t phase) { return phase < 1; }));
    }
    Training training(engine(), setup());
    std::vector<std::size_t> phases;
    const auto costs = training.measureCosts([&](std::size_t phase) {
        phases.push_back(phase);
        return true;
    });
    QVERIFY(!std::filesystem::exists(m_checkpoint));
    QCOMPARE(phases, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    QCOMPARE(costs.size(), std::size_t(5));
    for (std::size_t i = 0; i < 5; ++i) {
        QVERIFY(costs[i].stepMs > 0 && costs[i].validationMs > 0 && costs[i].seconds() > 0);
        const auto epochs = static_cast<std::size_t>(config().phases[i].totalEpochs());
        QCOMPARE(costs[i].steps, kBatches * epochs);
        QCOMPARE(costs[i].validations, (epochs + 1) / 2);
    }
    std::vector<TrainingProgress> progress;
    TrainingHost host;
    host.onProgress = [&](const TrainingProgress& p) {
        progress.push_back(p);
        return p.phase < 3;
    };
    QVERIFY_THROWS_EXCEPTION(Cancelled, training.run(host));
    const auto curve = curveOf(training.state());
    QVERIFY(std::equal(curve.begin(), curve.end(), m_whole.curve.begin(), m_whole.curve.begin() + 5));
    QVERIFY(contentsOf(training.state().weights) == contentsOf(m_whole.begin[3].weights));
    for (const auto& p : progress)
        QVERIFY(p.secondsLeft > 0 && p.share >= 0 && p.share < 1);
    for (const auto& e : training.state().epochs) { // the clock runs while a step does
        const double expected = kBatches * costs[e.phase].stepMs / 1000;
        QVERIFY2(e.sums.seconds > 0.2 * expected, qPrintable(QString("%1 s, expected about %2").arg(e.sums.seconds).arg(expected)));
    }
    QVERIFY(progress.front().secondsLeft > progress.back().secondsLeft);

    // What is finished is not measured again.
    Training rest(engine(), setup(), saved());
    const auto left = rest.measureCosts();
    for (std::size_t i = 0; i < 5; ++i)
        QCOMPARE(left[i].stepMs > 0, i >= 3);
}

void TestTrainingRun::divergenceKeepsTheCheckpoint()
{
    auto c = config();
    c.phases[1].learningRate = 1e30;
    auto state = m_whole.begin[1];
    state.config = toJson(c);
    const auto diverge = [&] {
        std::string message;
        try {
            Training(engine(), setup(c), state).run({});
        } catch (const EngineError& e) {
            message = e.what();
        }
        const auto minus = message.find("-nan"); // its sign differs between processors
        return minus == std::string::npos ? message : message.erase(minus, 1);
    };
    compareText(diverge(),
        "phase \"kernel\", epoch 1, batch 2: training has diverged: the loss or its gradient is no number any more: found loss nan, norm of the gradient nan; allowed a smaller learningRate; the checkpoint before it is kept");
    const auto kept = saved();
    QCOMPARE(kept.phase, std::size_t(1));
    QCOMPARE(kept.epoch, 0);
    QCOMPARE(kept.batch, std::size_t(0));
    QCOMPARE(kept.epochs.size(), std::size_t(2));
    QVERIFY(contentsOf(kept.weights) == contentsOf(m_whole.begin[1].weights));
    Training(engine(), setup(c), kept);

    // The last step of an epoch: it is the validation that finds out.
    c.batchSize = m_data.train.size();
    c.validateEvery = 1;
    state.config = toJson(c);
    const auto message = diverge();
    QVERIFY2(testing::contains(message, "the net's logits are not finite"), message.c_str());
    QVERIFY(contentsOf(saved().weights) == contentsOf(m_whole.begin[1].weights));
}

void TestTrainingRun::refusesWhatCannotBeTrained()
{
    const auto refusal = [&](const TrainingSetup& s) { return messageOf([&] { Training(engine(), s); }); };
    auto s = setup();
    s.config.batchSize = 100;
    compareText(refusal(s), "batchSize: there are fewer images to train on: found 100; allowed at most 35");
    s = setup();
    s.data.validation.images.clear();
    compareText(refusal(s), "validationImages: no image is held out for validation: allowed at least one");
    s = setup();
    s.config.phases[0].distill = true;
    compareText(refusal(s), "phase \"full\": the first phase has no teacher to distil from: allowed \"distill\": false, or a phase before it");
    s = setup();
    s.checkpoint = m_dir.path().toStdString() + "/none/c.safetensors";
    compareText(said(messageOf([&] { Training(engine(), s).run({}); })), "/none/c.safetensors: cannot be written: found No such file or directory");
}

void TestTrainingRun::phasesToComeMayChange()
{
    const auto may = [&](const TrainingState& state, const TrainingConfig& c) { return !testing::contains(messageOf([&] { Training(engine(), setup(c), state); }), "another configuration"); };
    auto other = config();
    other.phases[2].learningRate = 0.01;
    QVERIFY(may(m_whole.begin[1], other));
    QVERIFY(!may(m_whole.begin[2], other));
    auto notBegun = m_whole.begin[2];
    notBegun.begun = false;
    QVERIFY(may(notBegun, other));
    other.phases.resize(2);
    QVERIFY(may(m_whole.begin[1], other));
    QVERIFY(!may(m_whole.begin[2], other));
    other = config();
    other.phases[0].learningRate = 0.01;
    QVERIFY(!may(m_whole.begin[1], other));

    // A finished run goes on with one more phase.
    auto state = m_whole.begin[4];
    state.phase = 5;
    state.begun = false;
    other = config();
    other.phases.push_back(other.phases.back());
    other.phases.back().name = "more";
    other.phases.back().epochs = 1;
    state.epochs = m_whole.curve;
    Training training(engine(), setup(other), state);
    QVERIFY(!training.finished());
    training.run({});
    QCOMPARE(training.state().epochs.size(), m_whole.curve.size() + 1);
    QCOMPARE(training.state().epochs.back().phase, std::size_t(5));
}

void TestTrainingRun::refusesStatesThatDoNotBelong()
{
    TrainingState whole;
    {
        Training training(engine(), setup());
        TrainingHost host;
        host.onProgress = [](const TrainingProgress& p) { return p.batch < 1; };
        QVERIFY_THROWS_EXCEPTION(Cancelled, training.run(host));
        whole = saved();
    }
    const auto refusal = [&](const TrainingState& state, const TrainingConfig& c = config()) { return said(messageOf([&] { Training(engine(), setup(c), state); })); };
    compareText(refusal(whole), "no error");
    auto c = config();
    c.weightDecay = 1e-5;
    compareText(refusal(whole, c),
        "/c.safetensors: the checkpoint belongs to a run with another configuration: allowed the configuration that the run began with; only phases that have not begun may change");
    auto s = whole;
    s.batch = kBatches + 1;
    compareText(refusal(s), "/c.safetensors: the checkpoint stands where the run never is: found phase 0, epoch 0, batch 5");
    s = whole;
    s.epoch = 2;
    compareText(refusal(s), "/c.safetensors: the checkpoint stands where the run never is: found phase 0, epoch 2, batch 1");
    s = whole;
    s.phase = 6;
    compareText(refusal(s), "/c.safetensors: the checkpoint stands where the run never is: found phase 6, epoch 0, batch 1");
    s = whole;
    s.weights = {};
    for (const auto& [name, tensor] : whole.weights.tensors())
        if (name != "classifier.linear.bias")
            s.weights.add(name, tensor);
    compareText(refusal(s), "supernet of fashion-mbv3: the weights are not those of the net: found 1 problems: classifier.linear.bias is missing");
    s = whole;
    s.epochs.push_back({5, 0, 0.1, {1, 0, 1, 1, 4, 1}, {}});
    compareText(refusal(s), "/c.safetensors: the checkpoint holds an epoch that the run never has: found phase 5, epoch 0, 4 steps");
    s = whole;
    s.momentum = {};
    s.momentum.add("x", Tensor::fromFloats({1}, {1}));
    Training training(engine(), setup(), s);
    const auto message = messageOf([&] { training.run({}); });
    QVERIFY2(message.starts_with("momentum: the weights are not those of the net: found "), message.c_str());
}

QTEST_GUILESS_MAIN(TestTrainingRun)
#include "tst_trainingrun.moc"

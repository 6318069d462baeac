// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predictorfixtures.h"

#include "predict/mlpgradient.h"

#include <bit>
#include <thread>

using namespace paretoscope;

class TestMlpGradient : public QObject {
    Q_OBJECT
private slots:
    void againstDoublePrecision_data();
    void againstDoublePrecision();
    void againstFiniteDifferences();
    void oddShapesAndDepths();
    void sameBitsInAnyBatch();
    void realPredictor();
};

namespace {

bool isExact(MlpBackend backend) { return backend != MlpBackend::Avx512Bf16; }

struct DoubleResult {
    double raw = 0;
    std::vector<double> gradient; // by input of the encoding
};

/// Forward and backward in double precision, by the textbook.
DoubleResult inDouble(const MlpPredictor& mlp, const Subnet& subnet, double nudge = 0, int nudged = -1)
{
    const auto& layers = mlp.weights().layers;
    std::vector<std::vector<double>> sums;
    std::vector<double> in(static_cast<std::size_t>(mlp.encoding().inputs()), 0.0);
    for (const int one : mlp.encoding().ones(subnet))
        in[static_cast<std::size_t>(one)] = 1;
    if (nudged >= 0)
        in[static_cast<std::size_t>(nudged)] += nudge;
    for (const auto& l : layers) {
        std::vector<double> out(static_cast<std::size_t>(l.outputs));
        for (std::size_t o = 0; o < out.size(); ++o) {
            out[o] = l.bias.empty() ? 0.0 : l.bias[o];
            for (std::size_t i = 0; i < in.size(); ++i)
                out[o] += l.weight[o * in.size() + i] * in[i];
        }
        sums.push_back(out);
        in = out;
        for (double& x : in)
            x = std::max(x, 0.0);
    }
    DoubleResult result{sums.back()[0] + mlp.weights().baseAccuracy.value_or(0.0f), {1.0}};
    for (std::size_t l = layers.size(); l-- > 0;) {
        const auto inputs = static_cast<std::size_t>(layers[l].inputs);
        std::vector<double> back(inputs, 0.0);
        for (std::size_t i = 0; i < inputs; ++i) {
            if (l > 0 && sums[l - 1][i] <= 0)
                continue;
            for (std::size_t o = 0; o < result.gradient.size(); ++o)
                back[i] += layers[l].weight[o * inputs + i] * result.gradient[o];
        }
        result.gradient = back;
    }
    return result;
}

std::vector<double> byTerm(const MlpPredictor& mlp, const std::vector<double>& gradient)
{
    const auto& encoding = mlp.encoding();
    const auto at = [&](int input) { return gradient[static_cast<std::size_t>(input)]; };
    std::vector<double> row;
    for (const auto& t : encoding.terms())
        row.push_back(at(t.first) + (t.second < 0 ? 0.0 : at(t.second)));
    for (std::size_t r = 0; r < encoding.resolutions().size(); ++r)
        row.push_back(at(encoding.resolutionInput(r)));
    return row;
}

struct Rows {
    std::vector<float> raw;
    std::vector<float> gradients;
};

Rows evaluate(const MlpGradient& gradient, std::span<const Subnet> subnets)
{
    Rows rows{std::vector<float>(subnets.size()), std::vector<float>(subnets.size() * gradient.stride(), -7.0f)};
    MlpGradient::Workspace workspace;
    gradient.evaluate(subnets, rows.raw, rows.gradients, workspace);
    return rows;
}

/// Largest deviation of a gradient from double precision, over all backends that are exact; nothing else may be there.
void compareAll(const std::shared_ptr<const MlpPredictor>& mlp, const std::vector<Subnet>& subnets, double tolerance,
    double toleranceHalf)
{
    std::vector<DoubleResult> expected;
    for (const auto& s : subnets)
        expected.push_back(inDouble(*mlp, s));
    for (const auto backend : availableBackends()) {
        const auto p = mlp->withBackend(backend);
        const MlpGradient gradient(p);
        QVERIFY(gradient.stride() % 16 == 0);
        QCOMPARE(gradient.firstResolution(), p->encoding().terms().size());
        const auto rows = evaluate(gradient, subnets);
        MlpPredictor::Workspace workspace;
        std::vector<float> predicted(subnets.size());
        p->predict(subnets, predicted, workspace);
        double worst = 0;
        for (std::size_t i = 0; i < subnets.size(); ++i) {
            QCOMPARE(std::bit_cast<std::uint32_t>(rows.raw[i]), std::bit_cast<std::uint32_t>(predicted[i]));
            const auto terms = byTerm(*p, expected[i].gradient);
            const float* row = rows.gradients.data() + i * gradient.stride();
            for (std::size_t t = 0; t < gradient.stride(); ++t)
                worst = std::max(worst, std::abs(row[t] - (t < terms.size() ? terms[t] : 0.0)));
        }
        QVERIFY2(worst < (isExact(backend) ? tolerance : toleranceHalf),
            qPrintable(QString("%1: %2").arg(QString::fromStdString(std::string(name(backend)))).arg(worst)));
    }
}

std::shared_ptr<const MlpPredictor> formula(const char* space, EncodingKind kind, const std::vector<int>& resolutions)
{
    const Encoding encoding(kind, builtInSpace(space), resolutions, "t");
    const auto layout = kind == EncodingKind::Tutorial128 ? MlpLayout::Sequential : MlpLayout::OfaNas;
    return std::make_shared<const MlpPredictor>(
        testing::formulaTensors(layout, encoding.inputs()), encoding, "formula");
}

} // namespace

void TestMlpGradient::againstDoublePrecision_data()
{
    QTest::addColumn<QString>("space");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QList<int>>("resolutions");
    QTest::newRow("tutorial") << "ofa-mbv3-w1.2" << static_cast<int>(EncodingKind::Tutorial128)
                              << QList<int>{112, 128, 144, 160, 176, 192, 208, 224};
    QTest::newRow("mbv3") << "ofa-mbv3-w1.0" << static_cast<int>(EncodingKind::OfaNas) << QList<int>{160, 224};
    QTest::newRow("proxyless") << "ofa-proxyless-w1.3" << static_cast<int>(EncodingKind::OfaNas)
                               << QList<int>{128, 160, 224};
    QTest::newRow("resnet") << "ofa-resnet50" << static_cast<int>(EncodingKind::OfaNasResNet) << QList<int>{224, 128};
}

void TestMlpGradient::againstDoublePrecision()
{
    QFETCH(QString, space);
    QFETCH(int, kind);
    QFETCH(QList<int>, resolutions);
    const std::vector<int> list(resolutions.begin(), resolutions.end());
    const auto id = space.toStdString();
    const auto mlp = formula(id.c_str(), static_cast<EncodingKind>(kind), list);
    // In bfloat16 units near their kink open or shut, which moves a gradient of about 0.1 by some hundredths.
    compareAll(mlp, testing::randomSubnets(builtInSpace(id), 23, 5, list), 2e-6, 5e-2);
}

void TestMlpGradient::againstFiniteDifferences()
{
    const auto mlp = formula("ofa-mbv3-w1.2", EncodingKind::Tutorial128, tutorialResolutions());
    const MlpGradient gradient(mlp);
    const auto subnets = testing::randomSubnets(builtInSpace("ofa-mbv3-w1.2"), 5, 17, {160, 224});
    const auto rows = evaluate(gradient, subnets);
    const auto& encoding = mlp->encoding();
    constexpr double kStep = 1e-7; // small enough that no unit passes its kink
    for (std::size_t i = 0; i < subnets.size(); ++i) {
        const auto at = [&](int input) {
            return (inDouble(*mlp, subnets[i], kStep, input).raw - inDouble(*mlp, subnets[i], -kStep, input).raw)
                / (2 * kStep);
        };
        const float* row = rows.gradients.data() + i * gradient.stride();
        for (const auto& [slot, op] : {std::pair{0, 1}, {3, 9}, {7, 5}, {19, 2}}) {
            const auto t = encoding.termOfOp(slot, op);
            const auto term = encoding.terms()[t];
            QVERIFY(std::abs(row[t] - (at(term.first) + at(term.second))) < 1e-5);
        }
        QVERIFY(std::abs(row[gradient.firstResolution() + 3] - at(encoding.resolutionInput(3))) < 1e-5);
    }
}

void TestMlpGradient::oddShapesAndDepths()
{
    const auto space = builtInSpace("ofa-resnet50");
    const Encoding encoding(EncodingKind::OfaNasResNet, space, {224, 128}, "t");
    const auto subnets = testing::randomSubnets(space, 13, 9, {128, 224});
    Random random(4);
    for (const std::vector<int>& hidden : {std::vector<int>{1}, {7}, {16, 3}, {17, 33, 95}, {100, 81, 161, 5}}) {
        MlpWeights weights;
        int inputs = encoding.inputs();
        auto widths = hidden;
        widths.push_back(1);
        for (const int width : widths) {
            LinearWeights l{inputs, width, {}, {}};
            for (int i = 0; i < inputs * width; ++i)
                l.weight.push_back(static_cast<float>((2 * random.uniform() - 1) * std::sqrt(3.0 / inputs)));
            for (int i = 0; i < width; ++i)
                l.bias.push_back(static_cast<float>(0.1 * random.uniform()));
            weights.layers.push_back(l);
            inputs = width;
        }
        compareAll(std::make_shared<const MlpPredictor>(weights, encoding), subnets, 2e-6, 0.2);
    }
}

void TestMlpGradient::sameBitsInAnyBatch()
{
    const auto mlp = formula("ofa-mbv3-w1.2", EncodingKind::Tutorial128, tutorialResolutions());
    const auto subnets = testing::randomSubnets(builtInSpace("ofa-mbv3-w1.2"), 260, 3, tutorialResolutions());
    for (const auto backend : availableBackends()) {
        const MlpGradient gradient(mlp->withBackend(backend));
        const auto all = evaluate(gradient, subnets);
        for (const std::size_t size : {1u, 2u, 5u, 7u, 119u, 121u, 241u}) {
            const std::size_t begin = size % 13;
            const auto part = evaluate(gradient, std::span(subnets).subspan(begin, size));
            QVERIFY(std::equal(part.raw.begin(), part.raw.end(), all.raw.begin() + static_cast<std::ptrdiff_t>(begin)));
            QVERIFY(std::equal(part.gradients.begin(), part.gradients.end(),
                all.gradients.begin() + static_cast<std::ptrdiff_t>(begin * gradient.stride())));
        }
        // Only those that are wanted, at the same bits; the others' rows stay as they were.
        Rows some{std::vector<float>(subnets.size()), std::vector<float>(subnets.size() * gradient.stride(), -7.0f)};
        MlpGradient::Workspace workspace;
        std::vector<std::size_t> asked;
        gradient.evaluate(subnets, some.raw, some.gradients, workspace, [&](std::size_t i, float raw) {
            asked.push_back(i);
            return raw == all.raw[i] && i % 3 == 1;
        });
        QVERIFY(some.raw == all.raw);
        for (std::size_t i = 0; i < subnets.size(); ++i) {
            QCOMPARE(asked[i], i);
            for (std::size_t t = 0; t < gradient.stride(); ++t)
                QCOMPARE(some.gradients[i * gradient.stride() + t],
                    i % 3 == 1 ? all.gradients[i * gradient.stride() + t] : -7.0f);
        }
        std::vector<Rows> found(3);
        {
            std::vector<std::jthread> threads;
            for (auto& out : found)
                threads.emplace_back([&] { out = evaluate(gradient, subnets); });
        }
        for (const auto& out : found)
            QVERIFY(out.raw == all.raw && out.gradients == all.gradients);
    }
    evaluate(MlpGradient(mlp), {}); // an empty batch is fine
}

void TestMlpGradient::realPredictor()
{
    NEED_REFERENCE(testing::kRealPredictor);
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto mlp = openPredictor(testing::referenceDir() / testing::kRealPredictor, space).sharedMlp();
    compareAll(mlp, testing::randomSubnets(space, 50, 21, {160, 176, 192, 208, 224}), 1e-5, 3e-3);
}

QTEST_APPLESS_MAIN(TestMlpGradient)
#include "tst_mlpgradient.moc"

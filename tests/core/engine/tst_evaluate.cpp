// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "engine/evaluate.h"

#include <limits>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

/// Grey images of one pixel that say which of them they are; image i is of class i % classes.
DataSubset numbered(std::size_t images, std::size_t classes)
{
    auto set = std::make_shared<DataSet>();
    std::vector<std::uint8_t> pixels;
    for (std::size_t i = 0; i < images; ++i) {
        pixels.push_back(static_cast<std::uint8_t>(i));
        set->labels.push_back(static_cast<std::int32_t>(i % classes));
    }
    for (std::size_t c = 0; c < classes; ++c)
        set->classNames.push_back("class " + std::to_string(c));
    set->images = std::make_shared<PackedImages>(1, 1, 1, pixels);
    return wholeDataSet(set);
}

LoaderRequest request(DataSubset images, std::size_t batch = 4)
{
    LoaderRequest r;
    r.images = std::move(images);
    r.preprocessing = {1, {0}, {1}, 0};
    r.resolution = fixedResolution(1);
    r.batchSize = batch;
    r.threads = 2;
    return r;
}

/// A net that answers by the number of the image.
Forward answering(std::size_t classes, std::function<std::vector<float>(std::size_t image)> logits)
{
    return [classes, logits](const Tensor& images) {
        std::vector<float> all;
        for (const float v : images.toFloats())
            for (const float l : logits(static_cast<std::size_t>(std::lround(v * 255))))
                all.push_back(l);
        return Tensor::fromFloats({images.shape()[0], static_cast<std::int64_t>(classes)}, all);
    };
}

} // namespace

class TestEvaluate : public QObject {
    Q_OBJECT
private slots:
    void counts();
    void tiesGoToTheLowerClass();
    void fewerClassesThanFive();
    void logitsThatMeanNothing();
    void progressAndCancelling();
    void errorsOfTheNetComeThrough();
    void batchesAreNotCopied();
    void wilsonInterval_data();
    void wilsonInterval();
    void sharesThatAreNone();
};

// The label stands at rank image % 7 of ten classes, so that of 70 images 10 are right and 50 are among five.
void TestEvaluate::counts()
{
    const auto forward = answering(10, [](std::size_t image) {
        std::vector<float> v;
        const auto label = image % 10, rank = image % 7;
        for (std::size_t c = 0; c < 10; ++c)
            v.push_back(c == label ? 0.f : (c + 10 - label) % 10 <= rank ? 1.f + static_cast<float>(c) : -1.f);
        return v;
    });
    for (const std::size_t batch : {1u, 4u, 64u, 100u}) { // the last one not full, or the only one
        const auto e = evaluate(forward, request(numbered(70, 10), batch));
        QCOMPARE(e.images, std::size_t(70));
        QCOMPARE(e.top1, std::size_t(10));
        QCOMPARE(e.top5, std::size_t(50));
        QCOMPARE(e.classes.size(), std::size_t(10));
        for (const auto& c : e.classes)
            QVERIFY(c.images == 7 && c.correct == 1);
        compareText(e.classes[3].name, "class 3");
    }
}

void TestEvaluate::tiesGoToTheLowerClass()
{
    const auto flat = answering(10, [](std::size_t) { return std::vector<float>(10, 0.5f); });
    const auto e = evaluate(flat, request(numbered(30, 10)));
    QCOMPARE(e.top1, std::size_t(3)); // class 0
    QCOMPARE(e.top5, std::size_t(15)); // classes 0 to 4
    QCOMPARE(e.classes[0].correct, std::size_t(3));
    QCOMPARE(e.classes[1].correct, std::size_t(0));
}

void TestEvaluate::fewerClassesThanFive()
{
    const auto e = evaluate(answering(3, [](std::size_t) { return std::vector<float>{2, 1, 0}; }), request(numbered(9, 3)));
    QCOMPARE(e.top1, std::size_t(3));
    QCOMPARE(e.top5, std::size_t(9));
}

void TestEvaluate::logitsThatMeanNothing()
{
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        const auto message = messageOf([&] {
            evaluate(answering(3, [bad](std::size_t image) { return std::vector<float>{0, image == 6 ? bad : 0, 0}; }), request(numbered(9, 3)));
        });
        compareText(message, std::string("batch 1: the net's logits are not finite, so that no class can be told from them: found ") + (std::isnan(bad) ? "nan" : "inf")
                + " for class 1 of image 6; allowed finite logits: the weights or the statistics of batch norm are damaged");
    }
    compareText(messageOf([] { evaluate([](const Tensor&) { return Tensor::fromFloats({4, 7}, std::vector<float>(28)); }, request(numbered(9, 3))); }),
        "batch 0: the net's logits have another shape: found [4, 7]; allowed [4, 3] (images, classes of the data set)");
    compareText(messageOf([] { evaluate([](const Tensor& t) { return t; }, request(numbered(0, 3))); }), "evaluation: there is no image to evaluate on");
}

void TestEvaluate::progressAndCancelling()
{
    const auto forward = answering(3, [](std::size_t) { return std::vector<float>(3); });
    std::vector<double> shares;
    evaluate(forward, request(numbered(9, 3)), [&](const std::string& step, double share) {
        compareText(step, "evaluating");
        shares.push_back(share);
        return true;
    });
    QCOMPARE(shares, (std::vector<double>{0, 4.0 / 9, 8.0 / 9, 1}));
    int calls = 0;
    const auto stopAtOnce = [&] { evaluate([&](const Tensor& t) { ++calls; return forward(t); }, request(numbered(9, 3)), [](const std::string&, double share) { return share == 0; }); };
    QVERIFY_EXCEPTION_THROWN(stopAtOnce(), Cancelled);
    QCOMPARE(calls, 1);
}

void TestEvaluate::errorsOfTheNetComeThrough()
{
    compareText(messageOf([] { evaluate([](const Tensor&) -> Tensor { throw ValueError({"net", "is tired", {}, {}}); }, request(numbered(9, 3))); }), "net: is tired");
}

void TestEvaluate::batchesAreNotCopied()
{
    auto batch = std::make_shared<DataBatch>();
    batch->channels = 3;
    batch->resolution = 2;
    batch->pixels.assign(24, 0.25f);
    batch->labels = {0, 1};
    const std::weak_ptr<DataBatch> alive = batch;
    const void* pixels = batch->pixels.data();
    const auto t = std::make_unique<Tensor>(imagesOf(std::move(batch)));
    QCOMPARE(t->shape(), (Shape{2, 3, 2, 2}));
    QCOMPARE(static_cast<const void*>(t->storage().data()), pixels);
    QVERIFY(!alive.expired());
    // A net that keeps its images still has them when later batches are made.
    std::vector<Tensor> kept;
    evaluate([&](const Tensor& images) { kept.push_back(images); return Tensor::fromFloats({images.shape()[0], 3}, std::vector<float>(static_cast<std::size_t>(images.shape()[0]) * 3)); },
        request(numbered(9, 3), 3));
    for (std::size_t b = 0; b < 3; ++b)
        QCOMPARE(kept[b].toFloats(), (std::vector<float>{static_cast<float>(3 * b) / 255, static_cast<float>(3 * b + 1) / 255, static_cast<float>(3 * b + 2) / 255}));
}

void TestEvaluate::wilsonInterval_data()
{
    QTest::addColumn<int>("correct");
    QTest::addColumn<int>("images");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    // The roots in p of (share - p)² n = z² p (1 - p), z = 1.6448536, found by bisection elsewhere.
    QTest::newRow("half") << 50 << 100 << 41.88478 << 58.11522;
    QTest::newRow("none") << 0 << 10 << 0.0 << 21.29420;
    QTest::newRow("all") << 10 << 10 << 78.70580 << 100.0;
    QTest::newRow("Fashion-MNIST") << 9193 << 10000 << 91.47056 << 92.36676;
}

void TestEvaluate::wilsonInterval()
{
    QFETCH(int, correct);
    QFETCH(int, images);
    QFETCH(double, low);
    QFETCH(double, high);
    const auto e = accuracyEstimate(static_cast<std::size_t>(correct), static_cast<std::size_t>(images), "test images");
    QCOMPARE(e.value, 100.0 * correct / images);
    QVERIFY2(std::abs(*e.low - low) < 1e-5 && std::abs(*e.high - high) < 1e-5, qPrintable(QString("%1 %2").arg(*e.low, 0, 'f', 5).arg(*e.high, 0, 'f', 5)));
    QVERIFY(*e.low <= e.value && e.value <= *e.high);
    QVERIFY(e.kind == Kind::Measured);
    compareText(e.source, "test images; band: 90 % Wilson score interval of the sampling error of " + std::to_string(images) + " images");
}

void TestEvaluate::sharesThatAreNone()
{
    compareText(messageOf([] { accuracyEstimate(0, 0, "x"); }), "accuracy: not a share of images: found 0 of 0; allowed at least one image, and no more right than there are");
    compareText(messageOf([] { accuracyEstimate(3, 2, "x"); }), "accuracy: not a share of images: found 3 of 2; allowed at least one image, and no more right than there are");
}

QTEST_GUILESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"

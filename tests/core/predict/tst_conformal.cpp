// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predictorfixtures.h"

#include "base/random.h"
#include "predict/conformal.h"

#include <algorithm>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestConformal : public QObject {
    Q_OBJECT
private slots:
    void quantileIsTheFiniteSampleOne();
    void coversWhatItPromises_data();
    void coversWhatItPromises();
    void fewNetsArePooledAndSaySo();
    void tooFewNetsGiveNoInterval();
    void jsonRoundTrips();
    void errorsAreNamed();
};

namespace {

/// Skewed and heavy-tailed: nothing normal is assumed.
double draw(Random& random)
{
    const double u = random.uniform();
    return (random.uniform() < 0.3 ? -1 : 1) * 0.2 * (1 / std::sqrt(1 - u) - 1);
}

} // namespace

void TestConformal::quantileIsTheFiniteSampleOne()
{
    std::vector<double> values;
    for (int i = 1; i <= 9; ++i)
        values.insert(values.begin(), i);
    QCOMPARE(conformalHalfWidth(values, 0.9).value(), 9.0); // rank ⌈10 · 0.9⌉ = 9 of 9
    QCOMPARE(conformalHalfWidth(values, 0.8).value(), 8.0);
    QCOMPARE(conformalHalfWidth(values, 0.81).value(), 9.0);
    QCOMPARE(conformalHalfWidth(values, 0.5).value(), 5.0);
    QVERIFY(!conformalHalfWidth(values, 0.91)); // rank 10 of 9
    QVERIFY(!conformalHalfWidth({}, 0.5));
}

void TestConformal::coversWhatItPromises_data()
{
    QTest::addColumn<int>("nets");
    QTest::addColumn<double>("level");
    QTest::newRow("20 nets, 90 %") << 20 << 0.9;
    QTest::newRow("57 nets, 90 %") << 57 << 0.9;
    QTest::newRow("500 nets, 95 %") << 500 << 0.95;
}

void TestConformal::coversWhatItPromises()
{
    QFETCH(int, nets);
    QFETCH(double, level);
    // One new net a calibration set: independent trials, covered with probability rank / (n + 1).
    Random random(7);
    constexpr int kTrials = 20000;
    int covered = 0;
    for (int t = 0; t < kTrials; ++t) {
        std::vector<Residual> residuals;
        for (int i = 0; i < nets; ++i)
            residuals.push_back({160, draw(random)});
        covered += std::abs(draw(random)) <= fitConformal(residuals, level).halfWidthPercent(160).value();
    }
    const double p = std::ceil((nets + 1) * level - 1e-9) / (nets + 1), found = covered / static_cast<double>(kTrials);
    QVERIFY(p >= level);
    // Four standard deviations of the binomial share.
    QVERIFY2(std::abs(found - p) < 4 * std::sqrt(p * (1 - p) / kTrials), qPrintable(QString::number(found)));
}

void TestConformal::fewNetsArePooledAndSaySo()
{
    std::vector<Residual> residuals;
    for (int i = 0; i < 96; ++i)
        residuals.push_back({192, (i % 2 ? 1 : -1) * 0.01 * i});
    for (int i = 0; i < 7; ++i)
        residuals.push_back({176, 2});
    const auto bands = fitConformal(residuals);
    QCOMPARE(bands.nets, 103);
    QCOMPARE(bands.halfWidthPercent(192).value(), 0.87); // rank ⌈97 · 0.9⌉ = 88
    QCOMPARE(bands.halfWidthPercent(176), bands.pooledHalfWidthPercent);
    QCOMPARE(bands.halfWidthPercent(224), bands.pooledHalfWidthPercent);
    QCOMPARE(bands.pooledHalfWidthPercent.value(), 0.93); // rank 94 of 103
    compareText(bands.describe(192), "90 % split-conformal, 96 nets at 192");
    compareText(bands.describe(176), "90 % split-conformal, pooled over 103 nets (7 at 176)");
    compareText(bands.describe(224), "90 % split-conformal, pooled over 103 nets (0 at 224)");
}

void TestConformal::tooFewNetsGiveNoInterval()
{
    const auto bands = fitConformal(std::vector<Residual>(19, {160, 0.1}));
    QVERIFY(!bands.halfWidthPercent(160));
    QVERIFY(bands.rows.empty());
    compareText(bands.describe(160), "");
    QVERIFY(!fitConformal(std::vector<Residual>(30, {160, 0.1}), 0.99).halfWidthPercent(160)); // rank 31 of 30
    QVERIFY(fitConformal(std::vector<Residual>(30, {160, 0.1}), 0.95).halfWidthPercent(160));
}

void TestConformal::jsonRoundTrips()
{
    std::vector<Residual> residuals;
    Random random(3);
    for (int i = 0; i < 90; ++i)
        residuals.push_back({i % 10 ? 160 : 176, draw(random)});
    for (const auto& bands : {fitConformal(residuals), fitConformal({}), fitConformal(residuals, 0.8)}) {
        const auto json = parseJson(toJson(bands).dump(), "b.json");
        QVERIFY(conformalFromJson(JsonView(json, "b.json")) == bands);
    }
}

void TestConformal::errorsAreNamed()
{
    compareText(messageOf([] { fitConformal({}, 1); }),
        "conformal interval: level out of range: found 1; allowed between 0 and 1");
    compareText(messageOf([] {
        fitConformal(std::vector<Residual>{{160, std::nan("")}});
    }),
        "conformal interval: a residual is not finite: found nan at 160");
    const auto json = parseJson(R"({"level": 2, "nets": 1, "rows": []})", "b.json");
    compareText(messageOf([&] { conformalFromJson(JsonView(json, "b.json")); }),
        "b.json: level: number out of range: found 2; allowed 1e-06 to 0.999999");
}

QTEST_APPLESS_MAIN(TestConformal)
#include "tst_conformal.moc"

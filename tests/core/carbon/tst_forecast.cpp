// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "carbon/forecast.h"
#include "carbon/formula.h"

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

Json forecast(const Json& request) { return trackFormulas().at(0).run(JsonView(request, "request")); }

} // namespace

class TestForecast : public QObject {
    Q_OBJECT
private slots:
    void caseOfThePeer();
    void anyNumberOfEpochs();
    void medianWithoutTheFirst();
    void bandShrinks();
    void scalesWithEnergy();
    void progress();
    void carbon();
    void errors_data();
    void errors();
    void lines_data();
    void lines();
};

void TestForecast::caseOfThePeer()
{
    NEED_REFERENCE("cases/carbon.json");
    int found = 0;
    for (const auto& c : readJsonFile(testing::referenceDir() / "cases/carbon.json"))
        if (c["formula"] == "forecast") {
            ++found;
            const auto out = forecast(c["inputs"]);
            for (const auto& [key, value] : c["expect"].items())
                QVERIFY2(out.contains(key) && out[key].get<double>() == value.get<double>(), key.c_str());
        }
    QVERIFY(found >= 1);
}

void TestForecast::anyNumberOfEpochs()
{
    const auto out = forecast({{"epochs_total", 8}, {"epoch_kwh", {1, 2, 6}}});
    QCOMPARE(out["predict_3_epochs_kwh"].get<double>(), 24.0);
    QCOMPARE(out["epochs_done"].get<int>(), 3);
    QVERIFY(!out.contains("predict_time_s") && !out.contains("forecast_time_s"));
    // Ours: 9 done and 5 more of the median of 2 and 6.
    QVERIFY(close(out["forecast_kwh"]["value"].get<double>(), 29));
    compareText(out["forecast_kwh"]["kind"].get<std::string>(), "predicted");
}

void TestForecast::medianWithoutTheFirst()
{
    const std::vector<double> kwh{0.2, 1, 1, 50, 1}, s{9, 1, 1, 1, 1};
    const auto f = forecastEpochs(kwh, s, 10);
    QVERIFY(close(f.energyKwh.value, 53.2 + 5)); // one slow epoch does not count five times
    QVERIFY(close(f.timeS.value, 13 + 5));
    compareText(f.energyKwh.source, "5 of 10 epochs, median without the first");
    QVERIFY(f.energyKwh.low && *f.energyKwh.low >= 53.2 && *f.energyKwh.high > f.energyKwh.value);
}

void TestForecast::bandShrinks()
{
    double last = 1e9;
    for (const int k : {1, 3, 10, 50}) {
        const std::vector<double> kwh(static_cast<std::size_t>(k), 1.0);
        const auto f = forecastEpochs(kwh, {}, 1000);
        const double width = *f.energyKwh.high / f.energyKwh.value;
        QVERIFY(width <= last);
        last = width;
        QVERIFY(close(f.energyKwh.value, 1000));
    }
    QVERIFY(close(extrapolationFactor(1), 1.2) && close(extrapolationFactor(3), 1.1) && close(extrapolationFactor(10), 1.05));
    QVERIFY(close(extrapolationFactor(2), std::exp(std::log(1.2) + (std::log(1.1) - std::log(1.2)) * std::log(2) / std::log(3))));
    QVERIFY(close(student95(1), 6.314) && std::abs(student95(60) - 1.671) < 2e-3);
    const std::vector<double> whole(5, 2.0);
    const auto done = forecastEpochs(whole, {}, 5);
    QVERIFY(close(*done.energyKwh.low, 10) && close(*done.energyKwh.high, 10));
}

void TestForecast::scalesWithEnergy()
{
    const std::vector<double> one{0.5, 0.7, 0.6}, ten{5, 7, 6};
    const auto a = forecastEpochs(one, {}, 30), b = forecastEpochs(ten, {}, 30);
    QVERIFY(close(10 * a.energyKwh.value, b.energyKwh.value) && close(10 * *a.energyKwh.high, *b.energyKwh.high));
}

void TestForecast::progress()
{
    const auto out = forecast({{"progress", 0.25}, {"energy_kwh", 2}, {"time_s", 100}});
    QVERIFY(close(out["forecast_kwh"]["value"].get<double>(), 8) && close(out["forecast_time_s"]["value"].get<double>(), 400));
}

void TestForecast::carbon()
{
    const auto out = forecast({{"epochs_total", 10}, {"epoch_kwh", {1}}, {"g_per_kwh", 400}, {"pue", 1.5}});
    QVERIFY(close(out["forecast_co2e_g"]["value"].get<double>(), 6000));
}

void TestForecast::errors_data()
{
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("message");
    QTest::newRow("none") << "{}" << "request.epochs_total";
    QTest::newRow("no epoch") << R"({"epochs_total":3,"epoch_kwh":[]})" << "epoch_kwh: no epoch is finished yet: found 0 epochs; allowed at least 1";
    QTest::newRow("total below") << R"({"epochs_total":1,"epoch_kwh":[1,2]})" << "epochs_total: out of range: found 1; allowed 2 (epochs done) to 10000000";
    QTest::newRow("negative") << R"({"epochs_total":1,"epoch_kwh":[-1]})" << "epoch_kwh";
    QTest::newRow("progress") << R"({"progress":0,"energy_kwh":1})" << "progress: out of range: found 0; allowed more than 0, at most 1";
    QTest::newRow("misspelt") << R"({"epochs":1,"epoch_kwh":[1]})" << "epochs";
    QTest::newRow("pue") << R"({"epochs_total":3,"epoch_kwh":[1],"g_per_kwh":4,"pue":0.9})" << "pue";
}

void TestForecast::errors()
{
    QFETCH(QString, request);
    QFETCH(QString, message);
    const auto json = parseJson(request.toStdString(), "request");
    const auto found = messageOf([&] { forecast(json); });
    QVERIFY2(found != "no error" && testing::contains(found, message.startsWith("request.") ? "epochs_total" : message.toStdString()), found.c_str());
}

void TestForecast::lines_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("epoch");
    QTest::addColumn<int>("total");
    QTest::newRow("keras") << "Epoch 3/100" << 3 << 100;
    QTest::newRow("colon") << "epoch: 3" << 3 << 0;
    QTest::newRow("brackets") << "Epoch [3/100], Step [7/600], Loss: 0.1" << 3 << 100;
    QTest::newRow("bare") << "[3/100] loss 0.2" << 3 << 100;
    QTest::newRow("of") << "Training epoch 3 of 100" << 3 << 100;
    QTest::newRow("equals") << "INFO epoch=12 loss=1.5" << 12 << 0;
    QTest::newRow("tab") << "Epoch: [0][10/500]" << 0 << 0;
    QTest::newRow("loss") << "loss 3/100" << -1 << 0;
    QTest::newRow("share") << "epoch 0.5 done" << -1 << 0;
    QTest::newRow("word") << "epochs left: 3" << -1 << 0;
    QTest::newRow("sub") << "subepoch 3/10" << -1 << 0;
    QTest::newRow("empty") << "" << -1 << 0;
    QTest::newRow("huge") << "Epoch 99999999999999" << -1 << 0;
    QTest::newRow("total below") << "Epoch 7/3" << 7 << 0;
}

void TestForecast::lines()
{
    QFETCH(QString, line);
    QFETCH(int, epoch);
    QFETCH(int, total);
    const auto found = epochOfLine(line.toStdString());
    QCOMPARE(found ? found->epoch : -1, epoch);
    QCOMPARE(found ? found->total : 0, total);
}

QTEST_APPLESS_MAIN(TestForecast)
#include "tst_forecast.moc"

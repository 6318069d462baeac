// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "bundle/ledgerrequest.h"
#include "carbon/formula.h"
#include "space/spacejson.h"

#include <QTest>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestLedgerRequest : public QObject {
    Q_OBJECT
private slots:
    void trainingAndUseAddUp();
    void bandsAreCountedOnce();
    void trainingIsSharedAndDevicesAreMade();
    void withoutTraining();
    void batteryAndDataCentre();
    void errors();
};

namespace {

Bundle bundle()
{
    Bundle b;
    b.id = "small";
    b.parts = std::make_shared<const Parts>(builtInSpace("fashion-mbv3"));
    b.training = TrainingRecord{"trained", "a test", Estimate{2, 1, 4, Kind::Model, "an estimate"}, Estimate{0.8, 0.4, 1.6, Kind::Model, "400 g/kWh"}};
    return b;
}

Device device(Supply supply)
{
    Device d;
    d.id = "box";
    d.title = "A box";
    d.supply = supply;
    return d;
}

const Estimate kEnergyJ{0.01, 0.005, 0.02, Kind::Model, "a model"};

Json item(const Json& answer, const std::string& phase)
{
    for (const auto& i : answer["items"])
        if (i["phase"] == phase)
            return i;
    return nullptr;
}

double kg(const Json& item) { return item["co2eKg"]["value"].get<double>(); }

} // namespace

void TestLedgerRequest::trainingAndUseAddUp()
{
    SubnetUse d;
    d.grid = "500";
    d.devices = 10;
    d.inferencesPerDay = 1000;
    d.lifeYears = 2;
    const auto request = ledgerRequest(bundle(), device(Supply::Mains), kEnergyJ, d);
    const auto answer = formula("ledger").run(JsonView(request, "test"));
    // Training at its own intensity (0.8 kg), not at that of the use; use: 0.01 J x 10 x 1000 x 730.5 (or 730) / 3.6e6 x 500 g.
    QVERIFY(std::abs(kg(item(answer, "training")) - 0.8) < 0.1);
    const double use = 0.01 * 10 * 1000 * 365.25 * 2 / 3.6e6 * 0.5;
    QVERIFY2(std::abs(kg(item(answer, "inference")) / use - 1) < 0.15, item(answer, "inference").dump().c_str()); // the middle of the draws
}

void TestLedgerRequest::bandsAreCountedOnce()
{
    const auto request = ledgerRequest(bundle(), device(Supply::Mains), kEnergyJ, {});
    const auto training = item(formula("ledger").run(JsonView(request, "test")), "training")["co2eKg"];
    const double low = training["low"].get<double>(), high = training["high"].get<double>();
    QVERIFY2(low > 0.3 && low < 0.5 && high > 1.3 && high < 1.9, training.dump().c_str()); // 0.4 to 1.6, as in the bundle
}

void TestLedgerRequest::trainingIsSharedAndDevicesAreMade()
{
    SubnetUse d;
    d.targets = 40;
    d.embodiedKg = 55;
    d.latencyMs = 16;
    d.devices = 10;
    const auto request = ledgerRequest(bundle(), device(Supply::Battery), kEnergyJ, d);
    const auto answer = formula("ledger").run(JsonView(request, "test"));
    QVERIFY(std::abs(kg(item(answer, "training")) - 0.8 / 40) < 0.002);
    compareText(item(answer, "training")["name"].get<std::string>(), "supernet small, a part of 40");
    QVERIFY(kg(item(answer, "embodied-devices")) > 0);
    d.latencyMs = 0;
    compareText(messageOf([&] { ledgerRequest(bundle(), device(Supply::Battery), kEnergyJ, d); }), "latency, which the embodied part follows from,: must be above 0: found 0");
}

void TestLedgerRequest::withoutTraining()
{
    auto b = bundle();
    b.training->energyKwh.reset();
    QVERIFY(trainingItem(b).is_null());
    QVERIFY(!ledgerRequest(b, device(Supply::Mains), kEnergyJ, {}).contains("training"));
    b.training.reset();
    QVERIFY(trainingItem(b).is_null());
}

void TestLedgerRequest::batteryAndDataCentre()
{
    const auto battery = ledgerRequest(bundle(), device(Supply::Battery), kEnergyJ, {});
    QCOMPARE(battery["devices"][0]["charger_eff"].get<double>(), 0.85);
    QCOMPARE(battery["pue"].get<double>(), 1.0);
    const auto centre = ledgerRequest(bundle(), device(Supply::DataCentre), kEnergyJ, {});
    QCOMPARE(centre["devices"][0]["charger_eff"].get<double>(), 1.0);
    QCOMPARE(centre["pue"].get<double>(), 1.56);
    QCOMPARE(centre["training"]["pue"].get<double>(), 1.0); // whatever was measured there holds its own
    compareText(centre["g_per_kwh"].get<std::string>(), "World");
}

void TestLedgerRequest::errors()
{
    SubnetUse d;
    d.devices = 0;
    compareText(messageOf([&] { ledgerRequest(bundle(), device(Supply::Mains), kEnergyJ, d); }), "devices: must be above 0: found 0");
}

QTEST_GUILESS_MAIN(TestLedgerRequest)
#include "tst_ledgerrequest.moc"

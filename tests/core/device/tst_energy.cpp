// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "device/energy.h"
#include "space/accounting.h"
#include "space/sampling.h"
#include "space/stratified.h"

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;

namespace {

Estimate cited(double value, double low, double high, const char* source = "a row") { return {value, low, high, Kind::Citation, source}; }

// Latency that is not proportional to MACs: every block costs a constant besides.
Device phone()
{
    const auto parts = std::make_shared<const Parts>(fixtureSpace("mbv3_w1.0"));
    Device d;
    d.id = "phone";
    d.source = "a table";
    d.spaceId = parts->space().id;
    d.supply = Supply::Battery;
    d.sums.push_back(CostTable::make(parts, {128, 160, 192, 224}, [](std::size_t, int, const Block& b, int size) {
        return b.slot < 0 ? 0.1 : 0.3 + static_cast<double>(account(b, size).macs) / 2e7;
    }));
    return d;
}

} // namespace

class TestEnergy : public QObject {
    Q_OBJECT
private slots:
    void bothWaysByHand();
    void joinedMeetsTheGeometricMeanOnAverage();
    void onlyAPowerRepeatsLatencyAndSaysSo();
    void onlyWorkIsWork();
    void tableIsAdditive();
    void disagreementWidensTheBand();
    void nothingKnownIsAnError();
    void classesAreCited();
    void movedBytesByHand();
    void maximumFormIsTheLargestOfItsTables();
    void aBatchSharesItsTime();
};

void TestEnergy::bothWaysByHand()
{
    // 58 ms at 2.5 W are 145 mJ; 230 M MACs at 149 pJ are 34.27 mJ (worked case I01, here on a subnet's own figures).
    auto d = phone();
    d.powerW["active"] = cited(2.5, 1, 5);
    d.workPj["pointwiseMac"] = d.workPj["depthwiseMac"] = d.workPj["denseMac"] = cited(149, 104, 214);
    const EnergyModel model(d);
    const auto s = d.sums[0].parts().space().largest();
    QCOMPARE(*model.byPowerJ(s), 2.5 * d.latencyMs(s) / 1000);
    QVERIFY(std::abs(*model.byWorkJ(s) - 149e-12 * static_cast<double>(account(d.sums[0].parts(), s).total.macs)) < 1e-12);
    const auto power = *model.byPower(s);
    QVERIFY(std::abs(*power.low - power.value / 2.5) < 1e-12 && std::abs(*power.high - power.value * 2) < 1e-12);
}

void TestEnergy::joinedMeetsTheGeometricMeanOnAverage()
{
    auto d = phone();
    assumeEnergyOf(d, "phone-cpu");
    const EnergyModel model(d);
    // Other subnets than those it was calibrated on.
    Random random(99);
    double mean = 0;
    int n = 0;
    for (const int r : d.resolutions()) {
        StratifiedSampler sampler(CostTable::macs(d.sums[0].sharedParts(), {r}), r);
        for (int i = 0; i < 250; ++i, ++n) {
            const auto s = sampler.draw(random);
            mean += std::log(std::sqrt(*model.byPowerJ(s) * *model.byWorkJ(s)) / model.energyJ(s));
        }
    }
    QVERIFY2(std::abs(mean / n) < 0.01, qPrintable(QString::number(mean / n)));
    QVERIFY(!model.repeatsLatency());
    // Energy orders subnets otherwise than latency does.
    int swapped = 0;
    for (int i = 0; i < 200; ++i) {
        const auto a = uniformSubnet(d.sums[0].parts().space(), random, 160), b = uniformSubnet(d.sums[0].parts().space(), random, 160);
        swapped += (d.latencyMs(a) < d.latencyMs(b)) != (model.energyJ(a) < model.energyJ(b));
    }
    QVERIFY2(swapped > 0, qPrintable(QString::number(swapped)));
}

void TestEnergy::onlyAPowerRepeatsLatencyAndSaysSo()
{
    auto d = phone();
    d.powerW["active"] = cited(2, 1, 4);
    const EnergyModel model(d);
    const auto s = d.sums[0].parts().space().largest();
    QVERIFY(model.repeatsLatency());
    compareText(model.notes().front(), "only a power is known of this device: energy is latency times a constant, and both order subnets alike");
    QCOMPARE(model.energyJ(s), 2 * d.latencyMs(s) * 1e-3);
    QVERIFY(!model.byWorkJ(s));
    const auto e = model.energy(s);
    QCOMPARE(*e.low, e.value / 2);
    QVERIFY(e.kind == Kind::Citation);
}

void TestEnergy::onlyWorkIsWork()
{
    auto d = phone();
    d.workPj["pointwiseMac"] = cited(100, 50, 200);
    const EnergyModel model(d);
    const auto s = d.sums[0].parts().space().smallest();
    QCOMPARE(model.energyJ(s), *model.byWorkJ(s));
    QVERIFY(!model.byPowerJ(s) && !model.repeatsLatency());
}

void TestEnergy::tableIsAdditive()
{
    auto d = phone();
    assumeEnergyOf(d, "phone-cpu");
    const EnergyModel model(d);
    const auto tables = model.tables();
    QCOMPARE(tables.size(), 1u);
    const auto& table = tables.front();
    Random random(4);
    for (int i = 0; i < 100; ++i) {
        const auto s = uniformSubnet(d.sums[0].parts().space(), random, 192);
        QVERIFY(std::abs(table.cost(s) / model.energyJ(s) - 1) < 1e-12);
    }
}

void TestEnergy::disagreementWidensTheBand()
{
    auto d = phone();
    d.powerW["active"] = cited(2.5, 1, 5);
    d.powerW["awake"] = cited(0.3, 0.25, 0.35);
    d.workPj["pointwiseMac"] = d.workPj["depthwiseMac"] = d.workPj["denseMac"] = cited(1, 0.5, 2);
    const EnergyModel model(d);
    const auto s = d.sums[0].parts().space().largest();
    const auto e = model.energy(s);
    QVERIFY(*e.low <= *model.byWorkJ(s) && *e.high >= *model.byPowerJ(s));
    QVERIFY2(testing::contains(model.notes().front(), "latency table and power row are likely of different devices"), model.notes().front().c_str());
}

void TestEnergy::nothingKnownIsAnError()
{
    compareText(messageOf([] { EnergyModel model(phone()); }),
        "phone: nothing is known of the power of this device: allowed powerW or workPj in its device file, or an energy class");
    auto d = phone();
    compareText(messageOf([&] { assumeEnergyOf(d, "toaster"); }), "phone: unknown energy class: found \"toaster\"; allowed phone-cpu, phone-gpu");
}

void TestEnergy::classesAreCited()
{
    for (const auto& c : energyClasses()) {
        auto d = phone();
        assumeEnergyOf(d, c);
        for (const auto* map : {&d.powerW, &d.workPj})
            for (const auto& [key, e] : *map)
                QVERIFY2(e.low && e.high && !e.source.empty(), key.c_str());
        QCOMPARE(d.warnings.size(), 1u);
    }
    // What a device says of itself is kept.
    auto own = phone();
    own.powerW["active"] = cited(9, 8, 10);
    assumeEnergyOf(own, "phone-cpu");
    QCOMPARE(own.powerW["active"].value, 9.0);
}

void TestEnergy::movedBytesByHand()
{
    const Parts parts(fixtureSpace("mbv3_w1.0"));
    // first_conv at 224: 3 maps of 224², 16 of 112², 432 weights and 32 of batch norm.
    QCOMPARE(movedBytes(parts.block(0, 0), 224), 4u * (3u * 224u * 224u + 16u * 112u * 112u + 432u + 32u));
}

void TestEnergy::maximumFormIsTheLargestOfItsTables()
{
    for (const char* energyClass : {"phone-gpu", ""}) {
        auto d = phone();
        d.form = LatencyForm::MaxOfSums;
        d.conditions.batch = 32;
        d.sums.push_back(CostTable::make(d.sums[0].sharedParts(), d.resolutions(), [](std::size_t, int v, const Block& b, int) { return b.slot < 0 ? 0.0 : 3.0 / (1 + v); }));
        if (*energyClass)
            assumeEnergyOf(d, energyClass);
        else
            d.powerW["active"] = cited(250, 25, 250);
        const EnergyModel model(d);
        const auto tables = model.tables();
        QCOMPARE(tables.size(), 2u);
        Random random(9);
        int first = 0;
        for (int i = 0; i < 200; ++i) {
            const auto s = uniformSubnet(d.sums[0].parts().space(), random, 192);
            QVERIFY(std::abs(std::max(tables[0].cost(s), tables[1].cost(s)) / model.energyJ(s) - 1) < 1e-12);
            first += tables[0].cost(s) > tables[1].cost(s);
        }
        QVERIFY2(first > 0 && first < 200, std::to_string(first).c_str()); // both sides are seen
    }
}

void TestEnergy::aBatchSharesItsTime()
{
    auto d = phone();
    d.powerW["active"] = cited(2, 1, 4);
    const auto s = d.sums[0].parts().space().smallest();
    const double alone = EnergyModel(d).energyJ(s);
    d.conditions.batch = 64;
    const EnergyModel model(d);
    QVERIFY(std::abs(model.energyJ(s) * 64 / alone - 1) < 1e-12);
    QVERIFY(std::abs(model.tables().front().cost(s) * 64 / alone - 1) < 1e-12);
    compareText(model.energy(s).source, "2 W × latency of a batch / 64: a row");
    // Work is counted by inference already.
    d.powerW.clear();
    d.workPj["pointwiseMac"] = cited(100, 50, 200);
    const double work = EnergyModel(d).energyJ(s);
    d.conditions.batch = 1;
    QCOMPARE(EnergyModel(d).energyJ(s), work);
}

QTEST_APPLESS_MAIN(TestEnergy)
#include "tst_energy.moc"

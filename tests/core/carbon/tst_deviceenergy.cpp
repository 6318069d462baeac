// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "carbon/deviceenergy.h"
#include "carbon/grid.h"
#include "device/latencytable.h"
#include "space/accounting.h"
#include "space/stratified.h"

#include <algorithm>
#include <array>

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;

namespace {

Device deviceCalled(const char* title, Supply supply)
{
    const auto parts = std::make_shared<const Parts>(fixtureSpace("mbv3_w1.0"));
    Device d;
    d.id = idFromName(title);
    d.title = title;
    d.source = "a table";
    d.spaceId = parts->space().id;
    d.supply = supply;
    d.sums.push_back(CostTable::make(parts, {160, 224}, [](std::size_t, int, const Block& b, int size) {
        return 0.2 + static_cast<double>(account(b, size).macs) / 1e7;
    }));
    return d;
}

} // namespace

class TestDeviceEnergy : public QObject {
    Q_OBJECT
private slots:
    void phonesTakeTheirClass();
    void processorsTakeTheirRow();
    void unknownDevicesSayWhy();
    void emissionsByHand();
    void factorsOutOfRange();
    void leastEnergyIsNotLeastLatencyOnNote10();
};

void TestDeviceEnergy::phonesTakeTheirClass()
{
    const auto e = energyOf(deviceCalled("Phone", Supply::Battery));
    QVERIFY(e.model && !e.model->repeatsLatency());
    compareText(e.warnings.front(), "power and work per MAC are those of the class phone-cpu, not measured on this device");
}

void TestDeviceEnergy::processorsTakeTheirRow()
{
    const auto e = energyOf(deviceCalled("Intel Core i7-8700K", Supply::Mains));
    QVERIFY(e.model && e.model->repeatsLatency());
    QVERIFY(std::any_of(e.warnings.begin(), e.warnings.end(), [](const auto& w) { return testing::contains(w, "energy is latency times a constant"); }));
    const auto d = deviceCalled("Intel Core i7-8700K", Supply::Mains);
    const auto s = d.sums[0].parts().space().largest();
    QVERIFY(std::abs(e.model->energyJ(s) - 95 * 0.55 * d.latencyMs(s) / 1000) < 1e-9);
}

void TestDeviceEnergy::unknownDevicesSayWhy()
{
    const auto e = energyOf(deviceCalled("Toaster", Supply::Mains));
    QVERIFY(!e.model);
    compareText(e.reason, "nothing is known of the power of Toaster: give powerW or workPj in a device file, or import it with --supply battery");
}

void TestDeviceEnergy::emissionsByHand()
{
    const Estimate energyJ{0.05, 0.025, 0.1, Kind::Citation, "e"};
    const Estimate grid{472.94, 472.94 / 1.1, 472.94 * 1.1, Kind::Citation, "g"};
    const auto phone = co2eGPerMillion(energyJ, Supply::Battery, {grid, 0.85, 1.56});
    QVERIFY(std::abs(phone.value - 0.05 * 1e6 / 3.6e6 / 0.85 * 472.94) < 1e-9);
    QVERIFY(*phone.low < phone.value / 2 && *phone.high > phone.value * 2);
    QVERIFY(std::abs(co2eGPerMillion(energyJ, Supply::Mains, {grid, 0.85, 1.56}).value - 0.05 / 3.6 * 472.94) < 1e-9);
    QVERIFY(std::abs(co2eGPerMillion(energyJ, Supply::DataCentre, {grid, 0.85, 1.2}).value - 0.05 / 3.6 * 472.94 * 1.2) < 1e-9);
    // Another grid multiplies and measures nothing again.
    auto clean = grid;
    clean.value /= 10;
    clean.low = *grid.low / 10;
    clean.high = *grid.high / 10;
    QVERIFY(std::abs(co2eGPerMillion(energyJ, Supply::Battery, {clean, 0.85, 1.56}).value * 10 - phone.value) < 1e-9);
}

void TestDeviceEnergy::factorsOutOfRange()
{
    const Estimate e{1, 1, 1, Kind::User, "e"};
    compareText(messageOf([&] { co2eGPerMillion(e, Supply::DataCentre, {e, 0.85, 0.9}); }), "PUE: out of range: found 0.9; allowed at least 1");
    compareText(messageOf([&] { co2eGPerMillion(e, Supply::Battery, {e, 1.5, 1}); }), "charging efficiency: out of range: found 1.5; allowed above 0 and at most 1");
    compareText(messageOf([&] { co2eGPerMillion(e, Supply::Battery, {e, 0, 1}); }), "charging efficiency: out of range: found 0; allowed above 0 and at most 1");
}

// What the third axis is worth on real data: at equal MACs, does least energy choose another subnet than least latency?
void TestDeviceEnergy::leastEnergyIsNotLeastLatencyOnNote10()
{
    NEED_REFERENCE("real/once-for-all/note10");
    const auto parts = std::make_shared<const Parts>(fixtureSpace("mbv3_w1.2"));
    const auto device = [&] {
        auto d = deviceFromTable(testing::referenceDir() / "real/once-for-all/note10", "Samsung Note10", parts);
        d.supply = Supply::Battery;
        return d;
    }();
    const auto e = energyOf(device);
    const int r = 192;
    const auto macs = CostTable::macs(parts, {r});
    StratifiedSampler sampler(macs, r, 40);
    Random random(3);
    // In each of 20 bands of equal MACs and each total depth: the extra energy of the fastest, the extra latency of the most frugal.
    struct Best {
        double leastLatencyMs = 1e9, energyOfFastestJ = 0, leastEnergyJ = 1e9, latencyOfFrugalMs = 0;
    };
    std::array<Best, 20> byMacs;
    std::array<Best, 21> byDepth;
    int inverted = 0, pairs = 0;
    Subnet previous;
    for (int i = 0; i < 20'000; ++i) {
        const auto s = sampler.draw(random);
        const double latencyMs = device.latencyMs(s), energyJ = e.model->energyJ(s);
        const auto note = [&](Best& b) {
            if (latencyMs < b.leastLatencyMs) {
                b.leastLatencyMs = latencyMs;
                b.energyOfFastestJ = energyJ;
            }
            if (energyJ < b.leastEnergyJ) {
                b.leastEnergyJ = energyJ;
                b.latencyOfFrugalMs = latencyMs;
            }
        };
        const double share = (macs.cost(s) - sampler.lowest()) / (sampler.highest() - sampler.lowest());
        note(byMacs[static_cast<std::size_t>(std::clamp(share * 20, 0.0, 19.0))]);
        note(byDepth[static_cast<std::size_t>(s.depth[0] + s.depth[1] + s.depth[2] + s.depth[3] + s.depth[4])]);
        if (i) {
            ++pairs;
            inverted += (latencyMs < device.latencyMs(previous)) != (energyJ < e.model->energyJ(previous));
        }
        previous = s;
    }
    const auto report = [](const char* what, const auto& groups) {
        double extraEnergy = 0, extraLatency = 0;
        int n = 0;
        for (const Best& b : groups)
            if (b.leastLatencyMs < 1e9) {
                ++n;
                extraEnergy = std::max(extraEnergy, b.energyOfFastestJ / b.leastEnergyJ - 1);
                extraLatency = std::max(extraLatency, b.latencyOfFrugalMs / b.leastLatencyMs - 1);
            }
        qInfo("%s (%d groups): the fastest needs up to %.1f %% more energy than the most frugal, which is up to %.1f %% slower", what, n, 100 * extraEnergy, 100 * extraLatency);
        return std::max(extraEnergy, extraLatency);
    };
    qInfo("kappa %.3f; %.1f %% of random pairs are ordered differently by energy and by latency", e.model->kappa(), 100.0 * inverted / pairs);
    for (const auto& w : e.warnings)
        qInfo("%s", w.c_str());
    QVERIFY(inverted > 0);
    QVERIFY(report("equal MACs", byMacs) > 0);
    report("equal depth", byDepth);
}

QTEST_APPLESS_MAIN(TestDeviceEnergy)
#include "tst_deviceenergy.moc"

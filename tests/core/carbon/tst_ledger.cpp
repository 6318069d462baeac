// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "carbon/embodied.h"
#include "carbon/ledger.h"
#include "carbon/sci.h"

#include <fmt/format.h>

#include <functional>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

bool near(double a, double b, double relative = 1e-12) { return std::abs(a - b) <= relative * std::max(1e-300, std::abs(b)); }

Quantity quantity(double value, double factor, std::string id = {}, Kind kind = Kind::Model)
{
    return {withFactor(value, factor, kind, "made for a test"), std::move(id), 0, std::numeric_limits<double>::max()};
}

Computation computation(const std::string& title, double gpuHours)
{
    Computation c;
    c.name = title;
    c.gpuHours = gpuHours;
    c.wattsPerGpu = quantity(188.15, 1.35, "watts");
    c.pue = quantity(1.58, 1.03, "pue");
    c.gPerKwh = quantity(432.7, 1.1, "grid US");
    return c;
}

Deployment phones(const std::string& title, double devices)
{
    Deployment d;
    d.fleet.name = title;
    d.fleet.devices = devices;
    d.fleet.inferencesPerDay = 10;
    auto charger = quantity(0.85, 1, "charger", Kind::Citation);
    charger.estimate.low = 0.75;
    charger.estimate.high = 0.92;
    charger.atMost = 1;
    d.fleet.chargingEfficiency = charger;
    const auto france = quantity(44.18, 1.1, "grid FR"), germany = quantity(342.06, 1.1, "grid DE"), joule = quantity(0.05, 2, "phone");
    d.fleet.mix = std::vector<GridShare>(2);
    d.fleet.mix[0] = GridShare{"FR", 0.4, france};
    d.fleet.mix[1] = GridShare{"DE", 0.6, germany};
    d.energyJ = joule;
    d.lifeYears = 3;
    return d;
}

LedgerInputs family()
{
    LedgerInputs in;
    in.search = {computation("predictor", 40)};
    in.training = {computation("supernet", 1200)};
    in.training[0].machine = ComputeMachine{quantity(3700, 1.6, "node"), 8, 5, 0.5};
    in.discardedFactor = quantity(0.5, 1.5);
    in.fineTuning = {computation("tuning", 25)};
    in.targets = 4;
    in.use = {phones("phones A", 1e5), phones("phones B", 2e5)};
    in.use[0].making = PhoneMaking{quantity(55.5, 1.6, "phone made"), 0.02, 3, 3};
    return in;
}

double phaseKg(const Ledger& l, LedgerPhase phase)
{
    for (const auto& p : l.phases)
        if (p.phase == phase)
            return p.co2eKg.value;
    return 0;
}

} // namespace

class TestLedger : public QObject {
    Q_OBJECT
private slots:
    void valuesAreTheFormulas();
    void totalsAreSums();
    void timeScalesEnergyAndCarbon();
    void carbonOfSumIsSumOfCarbon();
    void regionLeavesEnergy();
    void noDevicesLeaveTheConstantCost();
    void noTargetsLeaveTheConstantCost();
    void everyFigureHasBandKindAndSource();
    void worstKindWins();
    void sameTwice();
    void embodiedNeverExceedsTheDevice();
    void overtaking();
    void marginalView();
    void energyFromTwoWays();
    void batteryAndCalibration();
    void sciRates();
    void errors_data();
    void errors();
};

void TestLedger::valuesAreTheFormulas()
{
    const auto l = ledger(family());
    const double perHour = 188.15e-3 * 1.58 * 0.4327;
    QVERIFY(near(phaseKg(l, LedgerPhase::Search), 40 * perHour));
    QVERIFY(near(phaseKg(l, LedgerPhase::Training), 1200 * perHour));
    QVERIFY(near(phaseKg(l, LedgerPhase::Discarded), 600 * perHour));
    QVERIFY(near(phaseKg(l, LedgerPhase::FineTuning), 100 * perHour));
    QVERIFY(near(phaseKg(l, LedgerPhase::EmbodiedCompute), 3700.0 * 1200 / 8 / (5 * 8760 * 0.5)));
    const double inferences = 3e5 * 10 * 365 * 3;
    QVERIFY(near(l.inferences, inferences));
    QVERIFY(near(phaseKg(l, LedgerPhase::Inference), inferences * 0.05 / 0.85 / 3.6e6 * (0.4 * 44.18 + 0.6 * 342.06) / 1000));
    QVERIFY(near(phaseKg(l, LedgerPhase::EmbodiedDevices), 1e5 * 55.5 * 0.02 * 10 / (3 * 3600)));
    QVERIFY(near(l.designKg.value, 1940 * perHour));
    QVERIFY(near(l.designKgPerTarget->value, 1940 * perHour / 4));
    QVERIFY(near(l.co2eGPerInference->value, l.co2eKg.value * 1000 / inferences));
}

void TestLedger::totalsAreSums()
{
    const auto l = ledger(family());
    double it = 0, facility = 0, kg = 0, phases = 0, shares = 0;
    for (const auto& i : l.items) {
        it += i.itKwh ? i.itKwh->value : 0;
        facility += i.facilityKwh ? i.facilityKwh->value : 0;
        kg += i.co2eKg.value;
    }
    for (const auto& p : l.phases) {
        phases += p.co2eKg.value;
        shares += p.share;
    }
    QVERIFY(near(it, l.itKwh.value) && near(facility, l.facilityKwh.value) && near(kg, l.co2eKg.value) && near(phases, l.co2eKg.value));
    QVERIFY(near(shares, 1));
    QCOMPARE(l.phases.size(), std::size_t(7));
    double tornado = 0;
    for (const auto& s : l.tornado)
        tornado += s.share;
    QVERIFY(tornado <= 1 + 1e-12 && tornado > 0.9);
    compareText(l.tornado[0].name, "watts"); // shared by all computations, and most of the kilograms are theirs
}

void TestLedger::timeScalesEnergyAndCarbon()
{
    for (const double k : {0.5, 3.0, 1000.0}) {
        LedgerInputs one, more;
        one.training = {computation("t", 10)};
        more.training = {computation("t", 10 * k)};
        const auto a = ledger(one), b = ledger(more);
        QVERIFY(near(b.itKwh.value, k * a.itKwh.value) && near(b.facilityKwh.value, k * a.facilityKwh.value) && near(b.co2eKg.value, k * a.co2eKg.value));
        QVERIFY(near(*b.co2eKg.low, k * *a.co2eKg.low) && near(*b.co2eKg.high, k * *a.co2eKg.high));
    }
}

void TestLedger::carbonOfSumIsSumOfCarbon()
{
    auto split = computation("t", 30), rest = computation("u", 70), whole = computation("v", 100);
    LedgerInputs two, one;
    two.training = {split, rest};
    one.training = {whole};
    const auto a = ledger(two), b = ledger(one);
    QVERIFY(near(a.co2eKg.value, b.co2eKg.value));
    // Watts, PUE and grid are shared, so the band of the sum is that of the whole.
    QVERIFY(near(*a.co2eKg.low, *b.co2eKg.low) && near(*a.co2eKg.high, *b.co2eKg.high));
}

void TestLedger::regionLeavesEnergy()
{
    auto here = family(), there = family();
    for (auto* list : {&there.search, &there.training, &there.fineTuning})
        for (auto& c : *list)
            c.gPerKwh = quantity(432.7 * 0.1, 1.1, "grid SE");
    const auto a = ledger(here), b = ledger(there);
    QCOMPARE(b.itKwh, a.itKwh);
    QCOMPARE(b.facilityKwh, a.facilityKwh);
    for (const auto phase : {LedgerPhase::Search, LedgerPhase::Training, LedgerPhase::Discarded, LedgerPhase::FineTuning})
        QVERIFY(near(phaseKg(b, phase), 0.1 * phaseKg(a, phase)));
    for (const auto phase : {LedgerPhase::Inference, LedgerPhase::EmbodiedCompute, LedgerPhase::EmbodiedDevices})
        QCOMPARE(phaseKg(b, phase), phaseKg(a, phase));
}

void TestLedger::noDevicesLeaveTheConstantCost()
{
    auto in = family();
    for (auto& d : in.use)
        d.fleet.devices = 0;
    const auto l = ledger(in);
    QCOMPARE(phaseKg(l, LedgerPhase::Inference), 0.0);
    QCOMPARE(phaseKg(l, LedgerPhase::EmbodiedDevices), 0.0);
    QVERIFY(near(l.co2eKg.value, l.designKg.value + phaseKg(l, LedgerPhase::EmbodiedCompute)));
    QVERIFY(!l.co2eGPerInference && !l.overtakingInferences);
}

void TestLedger::noTargetsLeaveTheConstantCost()
{
    auto in = family();
    in.targets = 0;
    const auto l = ledger(in);
    QCOMPARE(phaseKg(l, LedgerPhase::FineTuning), 0.0);
    QVERIFY(!l.designKgPerTarget);
    QVERIFY(near(l.designKg.value, phaseKg(l, LedgerPhase::Search) + phaseKg(l, LedgerPhase::Training) + phaseKg(l, LedgerPhase::Discarded)));
}

void TestLedger::everyFigureHasBandKindAndSource()
{
    const auto l = ledger(family());
    const auto check = [](const Estimate& e) {
        QVERIFY(e.low && e.high && *e.low <= e.value && e.value <= *e.high);
        QVERIFY(*e.low < *e.high);
        QVERIFY(!e.source.empty());
        QVERIFY(e.kind >= Kind::Model);
    };
    for (const auto& i : l.items) {
        check(i.co2eKg);
        if (i.itKwh) {
            check(*i.itKwh);
            check(*i.facilityKwh);
        }
    }
    for (const auto& p : l.phases)
        check(p.co2eKg);
    check(l.co2eKg);
    check(*l.co2eGPerInference);
    check(*l.overtakingInferences);
    QVERIFY(l.withoutBand.empty());
}

void TestLedger::worstKindWins()
{
    LedgerInputs in;
    in.training = {computation("t", 1)};
    in.training[0].itKwh = quantity(5, 1.05, {}, Kind::Counter);
    in.training[0].pue = exactQuantity(1);
    in.training[0].gPerKwh = quantity(400, 1.1, {}, Kind::Table);
    QVERIFY(ledger(in).itKwh.kind == Kind::Counter);
    QVERIFY(ledger(in).co2eKg.kind == Kind::Table);
    in.search = {in.training[0]};
    in.search[0].itKwh = quantity(0.001, 2, {}, Kind::User); // however small
    QVERIFY(ledger(in).co2eKg.kind == Kind::User);
}

void TestLedger::sameTwice()
{
    const auto a = ledger(family()), b = ledger(family());
    QCOMPARE(a.co2eKg, b.co2eKg);
    QCOMPARE(a.tornado, b.tornado);
    auto other = family();
    other.seed = 2;
    const auto c = ledger(other);
    QCOMPARE(c.co2eKg.value, a.co2eKg.value);
    QVERIFY(c.co2eKg.low != a.co2eKg.low && near(*c.co2eKg.low, *a.co2eKg.low, 0.05));
}

void TestLedger::embodiedNeverExceedsTheDevice()
{
    QVERIFY(near(1e6 * sciShare(1, 4, 1), 28.5388127854, 1e-11)); // the standard's example: 28.5 g
    QCOMPARE(sciShare(4 * 8760, 4, 1), 1.0);
    QVERIFY(testing::contains(messageOf([] { sciShare(4 * 8760 + 1, 4, 1); }), "a job cannot carry more than was made"));
    QVERIFY(testing::contains(messageOf([] { sciShare(1, 4, 1.01); }), "share: number out of range"));
    for (double seconds = 1; seconds < 1e12; seconds *= 10)
        QVERIFY(phoneShare(seconds, 3, 3) <= 1);
    auto in = family();
    in.use[0].making->secondsPerInference = 1e6; // more than there are seconds
    for (const auto& i : ledger(in).items)
        if (i.phase == LedgerPhase::EmbodiedDevices)
            QVERIFY(i.co2eKg.value <= 1e5 * 55.5 * (1 + 1e-12));
    // A net that is used for ten years on a phone that lasts three carries one phone's share, not three.
    in.use[0].lifeYears = 10;
    for (const auto& i : ledger(in).items)
        if (i.phase == LedgerPhase::EmbodiedDevices)
            QVERIFY(i.co2eKg.value <= 1e5 * 55.5 * (1 + 1e-12));
    QVERIFY(near(serverSharePerHour(5, 0.5) * 5 * 8760 * 0.5, 1));
}

void TestLedger::overtaking()
{
    const auto l = ledger(family());
    const double perInference = phaseKg(l, LedgerPhase::Inference) / l.inferences;
    QVERIFY(near(l.overtakingInferences->value, l.designKg.value / perInference));
    QVERIFY(near(l.overtakingDays->value, l.overtakingInferences->value / 3e6));
    QVERIFY(!l.inferenceOvertakes == (l.overtakingInferences->value > l.inferences));
    QVERIFY(l.probabilityOvertakes >= 0 && l.probabilityOvertakes <= 1);
    auto many = family();
    many.use[0].fleet.devices = 1e12;
    QVERIFY(ledger(many).inferenceOvertakes);
    QVERIFY(ledger(many).probabilityOvertakes > 0.999);
}

void TestLedger::marginalView()
{
    MarginalInputs in;
    in.nameA = "large";
    in.nameB = "small";
    in.energyJA = quantity(0.06, 2, "phone");
    in.energyJB = quantity(0.05, 2, "phone");
    in.chargingEfficiency = {{0.85, 0.75, 0.92, Kind::Citation, "charger"}, {}, 0, 1};
    in.gPerKwh = quantity(472.94, 1.1, "grid");
    in.extraKg = quantity(75 * 0.128638858878, 1.37);
    in.inferencesPerDay = 1e7;
    const auto m = marginal(in);
    QVERIFY(near(m.savedGPerMillion.value, 1e6 * 0.01 / 0.85 / 3.6e6 * 472.94));
    QCOMPARE(m.probabilityBLess, 1.0); // one phone's error hits both nets alike
    QVERIFY(near(m.paybackInferences->value, 6.2425e9, 1e-4));
    QVERIFY(near(m.paybackDays->value, m.paybackInferences->value / 1e7));
    compareText(m.text, "small emits less than large with probability 1.00");
    in.energyJA.id.clear();
    in.energyJB.id.clear();
    const auto apart = marginal(in);
    QVERIFY(apart.probabilityBLess > 0.5 && apart.probabilityBLess < 0.7);
    QVERIFY(!apart.paybackInferences->low);
    std::swap(in.energyJA, in.energyJB);
    const auto worse = marginal(in);
    QVERIFY(worse.savedGPerMillion.value < 0 && !worse.paybackInferences);
    QVERIFY(testing::contains(worse.text, "small emits more than large"));
}

void TestLedger::energyFromTwoWays()
{
    MonteCarlo world;
    InferenceInputs in;
    in.latencyMs = quantity(58, 1.05);
    in.activeW = quantity(2.5, 1.2);
    in.work = {{"pjPerMac", 230e6, quantity(149, 1.434)}};
    const auto e = inferenceEnergy(world, in);
    QVERIFY(near(e.timeJ->value(), 0.145) && near(e.workJ->value(), 0.03427) && near(*e.ratio, 4.23110592355, 1e-11));
    QVERIFY(near(e.energyJ.value(), 0.0704921981499, 1e-11));
    QVERIFY(e.warning && testing::contains(*e.warning, "different phones"));
    // With wide bands the two ways agree, and nothing is said.
    in.activeW = quantity(2.5, 3);
    in.work[0].pjEach = quantity(149, 3);
    QVERIFY(!inferenceEnergy(world, in).warning);
    // Calibrated: the factor times the sum, which adds up over blocks.
    in.calibration = quantity(0.4, 1.1);
    QVERIFY(near(inferenceEnergy(world, in).energyJ.value(), 0.4 * (0.145 + 0.03427)));
    // A batch shares its latency; waiting is paid by each inference.
    InferenceInputs batch;
    batch.latencyMs = quantity(100, 1);
    batch.activeW = quantity(200, 1);
    batch.batch = 8;
    batch.waitMs = 10;
    batch.idleW = quantity(50, 1);
    QVERIFY(near(inferenceEnergy(world, batch).energyJ.value(), 2.5 + 0.5));
    auto in2 = family();
    in2.use[0].energyJ.reset();
    in2.use[0].work.latencyMs = quantity(58, 1.05);
    in2.use[0].work.activeW = quantity(2.5, 1.2);
    in2.use[0].work.work = {{"pjPerMac", 230e6, quantity(149, 1.434)}};
    QCOMPARE(ledger(in2).warnings.size(), std::size_t(1));
}

void TestLedger::batteryAndCalibration()
{
    MonteCarlo world;
    Battery battery;
    battery.capacityMah = 5000;
    const auto v = batteryView(world, battery, Uncertain(0.05), Uncertain(0.85));
    QVERIFY(near(v.capacityWh, 19.25) && near(v.inferencesPerCharge.value(), 1.386e6) && near(v.percentPer1000.value(), 0.0721500721501, 1e-11));
    QVERIFY(near(v.wallJ.value(), 0.0588235294118, 1e-11) && !v.wearKg);
    const std::vector<double> time{4, 1, 9}, work{1, 1, 4};
    const double logs = std::log(2.0 / 5) + std::log(1.0 / 2) + std::log(6.0 / 13);
    QVERIFY(near(calibrationFactor(time, work), std::exp(logs / 3), 1e-13));
    compareText(messageOf([&] { calibrationFactor(time, std::vector<double>{1}); }), "calibration: the lists do not pair up: found 3 and 1 values; allowed the same number of both, at least 1");
}

void TestLedger::sciRates()
{
    QVERIFY(near(sciScore(Uncertain(0.5), Uncertain(350), Uncertain(120), 1000).value(), 0.295));
    compareText(messageOf([] { sciScore(Uncertain(1), Uncertain(1), Uncertain(1), 0); }), "r: number out of range: found 0; allowed more than 0: a rate needs something to divide by");
    compareText(messageOf([] { sciScore(Uncertain(-1), Uncertain(1), Uncertain(1), 1); }), "e_kwh: number out of range: found -1; allowed 0 or more");
    QVERIFY(testing::contains(sciStatement({}), "Offsets and market-based values are not counted"));
}

void TestLedger::errors_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("message");
    int i = 0;
    for (const char* text : {"training.supernet.pue: number out of range: found 0.99; allowed 1 or more",
             "training.supernet.gpuHours: number out of range: found -1; allowed 0 or more",
             "training.supernet.gpuHours: number out of range: found nan; allowed 0 or more",
             "training.supernet.grid: a value with a band is not a number from 0: found -1; allowed 0 or more",
             "phones A.devices: number out of range: found -1; allowed 0 or more",
             "phones A.inferencesPerDay: number out of range: found inf; allowed 0 or more",
             "phones A.mix: the shares do not add up to 1: found 0.9; allowed 1",
             "phones A.mix: the mix of countries is empty: allowed one or more grids",
             "phones A.energyJ: a value with a band is not a number from 0: found nan; allowed 0 or more",
             "phones A.chargingEfficiency: number out of range: found 0; allowed above 0 up to 1",
             "targets: number out of range: found -1; allowed 0 or more",
             "training.supernet: the energy is not given: allowed IT energy, or GPU-hours and watts per GPU",
             "util: number out of range: found 0; allowed above 0 up to 1"})
        QTest::newRow(qPrintable(QString::number(i))) << i << QString(text), ++i;
}

void TestLedger::errors()
{
    QFETCH(int, which);
    QFETCH(QString, message);
    const double nan = std::nan("");
    const std::vector<std::function<void(LedgerInputs&)>> faults{
        [](LedgerInputs& in) { in.training[0].pue = exactQuantity(0.99); },
        [](LedgerInputs& in) { in.training[0].gpuHours = -1; },
        [=](LedgerInputs& in) { in.training[0].gpuHours = nan; },
        [](LedgerInputs& in) { in.training[0].gPerKwh.estimate = {-1, {}, {}, Kind::User, {}}; },
        [](LedgerInputs& in) { in.use[0].fleet.devices = -1; },
        [](LedgerInputs& in) { in.use[0].fleet.inferencesPerDay = std::numeric_limits<double>::infinity(); },
        [](LedgerInputs& in) { in.use[0].fleet.mix[0].share = 0.3; },
        [](LedgerInputs& in) { in.use[0].fleet.mix.clear(); },
        [=](LedgerInputs& in) { in.use[0].energyJ->estimate = {nan, {}, {}, Kind::User, {}}; },
        [](LedgerInputs& in) { in.use[0].fleet.chargingEfficiency = exactQuantity(0); },
        [](LedgerInputs& in) { in.targets = -1; },
        [](LedgerInputs& in) { in.training[0].wattsPerGpu.reset(); },
        [](LedgerInputs& in) { in.training[0].machine->utilisation = 0; },
    };
    auto in = family();
    faults.at(static_cast<std::size_t>(which))(in);
    compareText(messageOf([&] { ledger(in); }), message.toStdString());
}

QTEST_APPLESS_MAIN(TestLedger)
#include "tst_ledger.moc"

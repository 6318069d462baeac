// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faketree.h"
#include "support.h"

#include "base/file.h"
#include "carbon/tracker.h"

#include <fmt/format.h>

#include <atomic>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::FakeSystem;
using testing::messageOf;

namespace {

bool close(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(1e-6, std::abs(b)); }

TrackerOptions manual()
{
    TrackerOptions o;
    o.thread = false;
    o.intensityGPerKwh = meterBand(400, 1.1, Kind::Table, "grid");
    o.zone = "Test";
    return o;
}

// A package that draws `watt` while the clock runs.
struct Job {
    FakeSystem s;
    double joule = 0;
    Job() { set(); }
    void set() { s.files->rapl("0", "package-0", static_cast<std::uint64_t>(joule * 1e6)); }
    void pass(double seconds, double watt)
    {
        s.clock->now += seconds;
        joule += seconds * watt;
        set();
    }
    std::unique_ptr<Tracker> tracker(TrackerOptions o, std::optional<RunReport> before = {})
    {
        return std::make_unique<Tracker>(probeMeters(s.options), std::move(o), s.files, "/r", s.clock, std::move(before));
    }
};

const ComponentEnergy component(const RunReport& r, Component c)
{
    for (const auto& e : r.components)
        if (e.component == c)
            return e;
    return {};
}

class Throwing final : public EnergyMeter {
public:
    int left = 0;
    std::string name() const override { return "shaky"; }
    Kind kind() const override { return Kind::Counter; }
    double bandFactor() const override { return 1.05; }
    std::string source() const override { return "shaky"; }
    std::vector<Reading> read() override
    {
        if (left-- <= 0)
            throw std::runtime_error("the bus fell off");
        return {{"gpu", Component::Gpu, {}, {}, 100.0, 0, {}, {}}};
    }
};

} // namespace

class TestTracker : public QObject {
    Q_OBJECT
private slots:
    void energyCarbonAndBand();
    void zoneChangesCarbonOnly();
    void lastPartialInterval();
    void missingSensorsAreNeverZero();
    void counterThatDiesFallsToTheEstimate();
    void readerThatThrows();
    void suspend();
    void idleIsTakenOff();
    void sharesAddUpToOne();
    void shortJobHasAShare();
    void phasesAndEpochs();
    void budgetOnce();
    void stopAndResume();
    void wallMeterIsTheTotal();
    void wallMeterThatDoesNotFit();
    void batteryIsTheTotal();
    void badOptions();
    void thread();
    void callbackThatThrows();
};

void TestTracker::energyCarbonAndBand()
{
    Job job;
    auto o = manual();
    o.pue = userValue(1.5, "user");
    auto t = job.tracker(o);
    t->start();
    for (int i = 0; i < 3600; ++i) {
        job.pass(1, 100);
        t->sample();
    }
    const auto r = t->stop();
    const auto cpu = component(r, Component::Cpu);
    QVERIFY(close(cpu.energyKwh.value, 0.1) && close(cpu.powerW.value, 100));
    QVERIFY(cpu.energyKwh.kind == Kind::Counter && close(*cpu.energyKwh.high, 0.105));
    compareText(cpu.meter, "RAPL (powercap)");
    QVERIFY(component(r, Component::Ram).energyKwh.kind == Kind::Model);
    QVERIFY(close(r.energyItKwh.value, 0.1 + component(r, Component::Ram).energyKwh.value));
    QVERIFY(close(r.energyKwh.value, 1.5 * r.energyItKwh.value));
    QVERIFY(close(r.co2eG.value, 400 * r.energyKwh.value));
    QVERIFY(*r.co2eG.low < r.co2eG.value && *r.co2eG.high > r.co2eG.value);
    QVERIFY(r.reasons.empty() && r.log.empty());
    QVERIFY(t->stop() == r);
}

void TestTracker::zoneChangesCarbonOnly()
{
    double kwh = 0, g = 0;
    for (const double intensity : {400.0, 40.0}) {
        Job job;
        auto o = manual();
        o.intensityGPerKwh = meterBand(intensity, 1.1, Kind::Table, "grid");
        auto t = job.tracker(o);
        t->start();
        job.pass(100, 50);
        const auto r = t->stop();
        if (kwh > 0) {
            QVERIFY(close(r.energyKwh.value, kwh) && close(r.co2eG.value, g / 10));
        }
        kwh = r.energyKwh.value;
        g = r.co2eG.value;
    }
}

void TestTracker::lastPartialInterval()
{
    Job job;
    auto t = job.tracker(manual());
    t->start();
    job.pass(0.3, 100); // shorter than the interval: never sampled
    QVERIFY(close(component(t->stop(), Component::Cpu).energyKwh.value * 3.6e6, 30));
}

void TestTracker::missingSensorsAreNeverZero()
{
    // Case X04.
    Job job;
    job.s.files->errors["/r/sys/class/powercap/intel-rapl:0/energy_uj"] = EACCES;
    auto t = job.tracker(manual());
    t->start();
    job.pass(100, 100);
    job.s.files->ticks(5000, 5000);
    const auto r = t->stop();
    const auto cpu = component(r, Component::Cpu);
    compareText(cpu.meter, "estimate");
    QVERIFY(close(cpu.energyKwh.value * 3.6e6, 100 * 55) && close(*cpu.energyKwh.low, cpu.energyKwh.value / 2));
    QVERIFY(contains(r.reasons.at(0), "intel-rapl:0/energy_uj") && contains(r.reasons.at(0), "chmod a+r"));
    QVERIFY(r.energyItKwh.kind == Kind::Model);
}

void TestTracker::counterThatDiesFallsToTheEstimate()
{
    Job job;
    auto t = job.tracker(manual());
    job.s.files->errors["/r/sys/class/powercap/intel-rapl:0/energy_uj"] = EIO;
    t->start();
    job.pass(10, 100);
    job.s.files->ticks(100, 0);
    t->sample();
    const auto r = t->stop();
    compareText(component(r, Component::Cpu).meter, "estimate");
    QVERIFY(close(component(r, Component::Cpu).energyKwh.value * 3.6e6, 1000));
    QVERIFY(contains(r.reasons.at(0), "The counter never gave a reading."));
    QVERIFY(contains(r.log.at(0), "Input/output error"));
}

void TestTracker::readerThatThrows()
{
    Job job;
    auto set = probeMeters(job.s.options);
    auto shaky = std::make_shared<Throwing>();
    shaky->left = 3;
    set.meters.push_back(shaky);
    Tracker t(std::move(set), manual(), job.s.files, "/r", job.s.clock);
    t.start();
    for (int i = 0; i < 10; ++i) {
        job.pass(1, 100);
        t.sample();
    }
    const auto r = t.stop();
    QVERIFY(close(component(r, Component::Cpu).energyKwh.value * 3.6e6, 1000)); // the others go on
    const auto gpu = component(r, Component::Gpu);
    QVERIFY(close(gpu.energyKwh.value * 3.6e6, 1000)); // 2 s measured, 8 s filled, with a wider band
    QVERIFY(*gpu.energyKwh.high / gpu.energyKwh.value > 1.5);
    compareText(r.log.at(0), "shaky gpu: 80.0 % of the time had no reading and was filled with the mean of the rest");
    compareText(r.log.at(1), "shaky: the bus fell off; the job goes on without this reading");
}

void TestTracker::suspend()
{
    Job job;
    auto t = job.tracker(manual());
    t->start();
    job.pass(10, 100);
    t->sample();
    job.s.clock->slept = 3600;
    job.joule = 5; // counters restart
    job.pass(1, 100);
    t->sample();
    job.pass(9, 100);
    const auto r = t->stop();
    QVERIFY(close(r.durationS, 20) && close(r.suspendedS, 3600));
    QVERIFY(close(component(r, Component::Cpu).energyKwh.value * 3.6e6, 2000));
    QVERIFY(contains(r.log.at(1), "the computer slept for 3600.0 s; not counted"));
}

void TestTracker::idleIsTakenOff()
{
    Job job;
    // The clock moves by itself while the idle power is measured.
    class Running final : public Clock {
    public:
        explicit Running(Job& j)
            : m_job(j)
        {
        }
        double monotonicS() override
        {
            if (idle)
                m_job.pass(0.5, 40);
            return m_job.s.clock->now;
        }
        double bootS() override { return m_job.s.clock->now; }
        double unixS() override { return 0; }
        bool idle = true;

    private:
        Job& m_job;
    };
    auto clock = std::make_shared<Running>(job);
    auto o = manual();
    o.attribution = Attribution::Net;
    Tracker t(probeMeters(job.s.options), o, job.s.files, "/r", clock);
    t.start();
    clock->idle = false;
    const auto begin = t.state();
    job.pass(100, 100);
    const auto r = t.stop();
    QVERIFY(begin.durationS < 1);
    const double joule = component(r, Component::Cpu).energyKwh.value * 3.6e6;
    QVERIFY2(std::abs(joule - 100 * 60) < 200, qPrintable(QString::number(joule)));
    compareText(r.attribution, "net");
}

void TestTracker::sharesAddUpToOne()
{
    Job job;
    const std::vector<std::uint64_t> ticks{300, 500, 200};
    std::vector<std::unique_ptr<Tracker>> trackers;
    for (int p = 0; p < 3; ++p)
        job.s.files->process(100 + p, 7);
    job.s.files->process(200, 0);
    for (int p = 0; p < 3; ++p) {
        auto o = manual();
        o.attribution = Attribution::Share;
        o.process = 100 + p;
        trackers.push_back(job.tracker(o));
        trackers.back()->start();
    }
    for (int p = 0; p < 2; ++p)
        job.s.files->process(100 + p, 7 + ticks[static_cast<std::size_t>(p)]);
    job.s.files->process(102, 7, "200 "); // its child did the work
    job.s.files->process(200, 200);
    job.s.files->ticks(1000, 9000); // a load of a tenth: still everything belongs to somebody
    job.pass(100, 80);
    double sum = 0;
    for (int p = 0; p < 3; ++p) {
        const double kwh = component(trackers[static_cast<std::size_t>(p)]->stop(), Component::Cpu).energyKwh.value;
        QVERIFY(close(kwh * 3.6e6, 8000 * static_cast<double>(ticks[static_cast<std::size_t>(p)]) / 1000));
        sum += kwh;
    }
    QVERIFY(close(sum * 3.6e6, 8000));
}

void TestTracker::shortJobHasAShare()
{
    Job job;
    job.s.files->process(100, 7);
    auto o = manual();
    o.attribution = Attribution::Share;
    o.process = 100;
    auto t = job.tracker(o);
    t->start();
    job.pass(0.005, 100); // no tick passed
    QVERIFY(close(component(t->stop(), Component::Cpu).energyKwh.value * 3.6e6, 0.5));
}

void TestTracker::phasesAndEpochs()
{
    Job job;
    job.s.files->text.erase("/r/proc/meminfo"); // the processor alone, for round numbers
    auto o = manual();
    o.epochsTotal = 10;
    auto t = job.tracker(o);
    t->start();
    t->phase("measuring");
    job.pass(5, 36); // of no epoch
    t->phase("search");
    job.pass(10, 36);
    t->epochDone();
    t->phase("train");
    for (int i = 0; i < 3; ++i) {
        job.pass(20, 36);
        t->epochDone();
    }
    job.pass(40, 36);
    t->epochDone(2);
    const auto s = t->state();
    QCOMPARE(s.phases.size(), 3u);
    QVERIFY(close(s.phases[1].energyKwh, 1e-4) && close(s.phases[2].energyKwh, 10e-4));
    QCOMPARE(s.epochKwh.size(), 6u);
    QVERIFY(close(s.epochKwh[0], 1e-4) && close(s.epochKwh[5], 2e-4) && close(s.epochS[5], 20));
    QVERIFY(close(s.forecast->energyKwh.value, 11e-4 + 4 * 2e-4));
    const auto r = t->stop();
    compareText(r.phases.back().name, "train");
}

void TestTracker::budgetOnce()
{
    Job job;
    int told = 0;
    auto o = manual();
    o.budgetCo2eG = 1; // 2.5 Wh
    o.onBudget = [&](const RunReport& r) {
        ++told;
        QVERIFY(r.co2eG.value >= 1 && r.budgetReached);
    };
    auto t = job.tracker(o);
    t->start();
    for (int i = 0; i < 200; ++i) {
        job.pass(1, 100);
        t->sample();
    }
    QCOMPARE(told, 1);
    QVERIFY(t->stop().budgetReached);
}

void TestTracker::stopAndResume()
{
    Job job;
    auto o = manual();
    o.epochsTotal = 10;
    auto first = job.tracker(o);
    first->start();
    job.pass(100, 60);
    first->epochDone();
    const auto json = parseJson(printJson(toJson(first->stop())), "run.json");
    auto second = job.tracker(manual(), runReportFromJson(JsonView(json, "run.json")));
    second->start();
    job.pass(100, 60);
    second->epochDone();
    const auto r = second->stop();
    QVERIFY(close(r.durationS, 200) && close(component(r, Component::Cpu).energyKwh.value * 3.6e6, 12000));
    QVERIFY(close(*component(r, Component::Cpu).energyKwh.high * 3.6e6, 12000 * 1.05));
    QCOMPARE(r.epochKwh.size(), 2u);
    QCOMPARE(r.epochsTotal, 10);
    compareText(r.begin, json["begin"].get<std::string>());
    compareText(r.runId, json["runId"].get<std::string>());
}

void TestTracker::wallMeterIsTheTotal()
{
    QTemporaryDir dir;
    const auto path = dir.filePath("wall.csv").toStdString();
    Job job;
    const double begin = job.s.clock->unixS();
    writeFileAtomically(path, fmt::format("time,watt\n{:.1f},150\n{:.1f},150\n", begin - 5, begin + 500));
    auto o = manual();
    o.wallMeter = path;
    auto t = job.tracker(o);
    t->start();
    job.pass(100, 60);
    const auto r = t->stop();
    QVERIFY(close(r.energyItKwh.value * 3.6e6, 15000) && r.energyItKwh.kind == Kind::Measured);
    QVERIFY(close(component(r, Component::Cpu).energyKwh.value * 3.6e6, 6000)); // shown, and not added
}

void TestTracker::wallMeterThatDoesNotFit()
{
    QTemporaryDir dir;
    const auto path = dir.filePath("wall.csv").toStdString();
    writeFileAtomically(path, "time,watt\n1,150\n2,150\n");
    Job job;
    auto o = manual();
    o.wallMeter = path;
    auto t = job.tracker(o);
    t->start();
    job.pass(100, 60);
    QVERIFY(contains(messageOf([&] { t->stop(); }), "the wall meter does not cover the run"));
    QVERIFY(close(component(t->state(), Component::Cpu).energyKwh.value * 3.6e6, 6000));
}

void TestTracker::batteryIsTheTotal()
{
    for (const bool plugged : {false, true}) {
        Job job;
        const std::string folder = "/r/sys/class/power_supply/BAT0/";
        job.s.files->text[folder + "type"] = "Battery\n";
        job.s.files->text[folder + "status"] = "Discharging\n";
        job.s.files->text[folder + "power_now"] = "25000000\n";
        auto t = job.tracker(manual());
        t->start();
        job.pass(50, 10);
        t->sample();
        if (plugged)
            job.s.files->text[folder + "status"] = "Charging\n";
        job.pass(50, 10);
        t->sample();
        const auto r = t->stop();
        if (plugged) {
            QVERIFY(!contains(r.energyItKwh.source, "battery"));
            QVERIFY(contains(r.log.at(0), "of the time on mains; not used"));
        } else {
            QVERIFY(close(r.energyItKwh.value * 3.6e6, 2500));
        }
    }
}

void TestTracker::badOptions()
{
    Job job;
    auto o = manual();
    o.pue = userValue(0.9, "user");
    compareText(messageOf([&] { job.tracker(o); }), "PUE: must be at least 1: found 0.9; allowed 1 (own computer) to 3");
    o = manual();
    o.intervalS = 0;
    compareText(messageOf([&] { job.tracker(o); }), "interval: out of range: found 0 s; allowed 0.1 to 30 s");
    o = manual();
    o.intensityGPerKwh.value = std::nan("");
    compareText(messageOf([&] { job.tracker(o); }), "intensity: must be a number of at least 0: found nan; allowed g CO2e per kWh");
    compareText(messageOf([&] { attributionFromName("all", "--attribution"); }), "--attribution: unknown attribution: found \"all\"; allowed machine, net, share");
    auto t = job.tracker(manual());
    t->start();
    compareText(messageOf([&] { t->start(); }), "tracker: was started before: allowed one start");
}

void TestTracker::thread()
{
    TrackerOptions o = manual();
    o.thread = true;
    o.intervalS = 0.1;
    std::atomic<int> samples = 0;
    o.onSample = [&](const RunReport&) { ++samples; };
    ProbeOptions probe;
    probe.nvmlLibrary.clear();
    Tracker t(probeMeters(probe), o);
    t.start();
    QTRY_VERIFY_WITH_TIMEOUT(samples >= 3, 20'000);
    t.epochDone();
    const auto s = t.state();
    QVERIFY(s.durationS > 0.2 && s.energyItKwh.value > 0);
    const auto r = t.stop();
    const int at = samples;
    QTest::qSleep(250);
    QCOMPARE(samples.load(), at);
    QVERIFY(r.durationS >= s.durationS);
}

void TestTracker::callbackThatThrows()
{
    Job job;
    auto o = manual();
    o.onSample = [](const RunReport&) { throw std::runtime_error("no"); };
    auto t = job.tracker(o);
    t->start();
    job.pass(1, 10);
    t->sample();
    QVERIFY(contains(t->state().log.at(0), "a callback failed: no"));
}

QTEST_GUILESS_MAIN(TestTracker)
#include "tst_tracker.moc"

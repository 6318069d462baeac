// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faketree.h"
#include "support.h"

#include "carbon/battery.h"
#include "carbon/hwmon.h"
#include "carbon/meteraccount.h"
#include "carbon/wallmeter.h"

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::FakeSystem;
using testing::messageOf;

namespace {

const ChannelTotal channel(const MeterAccount& account, const std::string& id)
{
    for (const auto& t : account.totals())
        if (t.channel == id)
            return t;
    return {};
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

} // namespace

class TestMeters : public QObject {
    Q_OBJECT
private slots:
    void wrap();
    void wrapWithoutRangeIsDiscarded();
    void packageAndDramOfTwoSockets();
    void nestedDomainsAndRepeats();
    void failedReadKeepsTheLast();
    void impossiblePowerIsRejected();
    void longGapIsAmbiguous();
    void sleepIsNotCounted();
    void powerIsTrapezoid();
    void badPower();
    void permissionNamesFileAndFix();
    void permissionFallsToPerf();
    void perfNeedsPermission();
    void virtualMachine();
    void container();
    void unknownProcessor();
    void userTdp();
    void raplOfAmd();
    void hwmonGpus();
    void battery();
    void wallMeterLogs();
    void wallMeterErrors_data();
    void wallMeterErrors();
    void times();
    void estimateFollowsLoad();
    void memoryRule();
    void bands();
};

void TestMeters::wrap()
{
    // Case C05.
    QCOMPARE(*MeterAccount::difference(262143000000, 100000, 262143328850), 428850u);
    FakeSystem s;
    s.files->rapl("0", "package-0", 262143000000);
    auto probe = probeRapl(s.files, "/r", 100);
    QVERIFY(probe.state == MeterState::Ready);
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    s.files->rapl("0", "package-0", 100000);
    a.add(1, 0, probe.meter->read());
    QVERIFY(close(*a.energyJ(Component::Cpu), 0.42885));
    QCOMPARE(channel(a, "package-0").wraps, 1);
    QVERIFY(a.log().empty());
}

void TestMeters::wrapWithoutRangeIsDiscarded()
{
    FakeSystem s;
    s.files->rapl("0", "package-0", 1'000'000'000, {});
    auto probe = probeRapl(s.files, "/r", 100);
    compareText(probe.notes.at(0), "package-0 does not state its range; an interval in which it wraps is discarded");
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    s.files->rapl("0", "package-0", 1'050'000'000, {});
    a.add(1, 0, probe.meter->read());
    s.files->rapl("0", "package-0", 5, {});
    a.add(2, 0, probe.meter->read());
    const auto t = channel(a, "package-0");
    QCOMPARE(t.discarded, 1);
    QVERIFY(close(t.energyJ, 50) && close(t.filledJ, 50)); // the second without a reading is as the first
    compareText(a.log().at(0), "package-0: the counter went back from 1050000000 to 5 µJ and its range is not known; 1.0 s discarded");
}

void TestMeters::packageAndDramOfTwoSockets()
{
    // Case C07; psys, core and uncore stand beside them and must not count.
    FakeSystem s;
    const auto set = [&](std::uint64_t joule) {
        s.files->rapl("0", "package-0", 5 * joule * 1'000'000);
        s.files->rapl("0:0", "core", 4 * joule * 1'000'000);
        s.files->rapl("0:1", "uncore", joule * 1'000'000);
        s.files->rapl("0:2", "dram", joule * 1'000'000);
        s.files->rapl("1", "package-1", 5 * joule * 1'000'000);
        s.files->rapl("1:0", "dram", joule * 1'000'000);
        s.files->rapl("2", "psys", 100 * joule * 1'000'000);
    };
    set(0);
    auto probe = probeRapl(s.files, "/r", 100);
    compareText(probe.message, "CPU package and memory measured by RAPL. Fans, disks, power supply are not included; a wall meter usually reads "
                               "1.5-2x more on an idle desktop.");
    QVERIFY(contains(probe.notes.at(0), "psys is left out"));
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    set(20);
    a.add(1, 0, probe.meter->read());
    QVERIFY(close(*a.energyJ(Component::Cpu), 200));
    QVERIFY(close(*a.energyJ(Component::Dram), 40));
    QVERIFY(close(*a.energyJ(Component::Cpu) + *a.energyJ(Component::Dram), 240));
}

void TestMeters::nestedDomainsAndRepeats()
{
    FakeSystem s;
    const std::string folder = "/r/sys/class/powercap/intel-rapl:0/";
    s.files->rapl("0", "package-0", 0);
    s.files->text[folder + "intel-rapl:0:0/name"] = "dram\n";
    s.files->text[folder + "intel-rapl:0:0/energy_uj"] = "7\n";
    s.files->rapl("1", "package-0-die-0", 0);
    s.files->text["/r/sys/class/powercap/intel-rapl-mmio:0/name"] = "package-0\n";
    s.files->text["/r/sys/class/powercap/intel-rapl-mmio:0/energy_uj"] = "9\n";
    auto probe = probeRapl(s.files, "/r", 100);
    const auto readings = probe.meter->read();
    QCOMPARE(readings.size(), 2u);
    compareText(readings[0].channel, "package-0");
    compareText(readings[1].channel, "package-0/dram");
    QVERIFY(std::find(probe.notes.begin(), probe.notes.end(), "package-0-die-0 is left out: it repeats package-0") != probe.notes.end());
}

void TestMeters::failedReadKeepsTheLast()
{
    FakeSystem s;
    s.files->rapl("0", "package-0", 1'000'000);
    auto probe = probeRapl(s.files, "/r", 100);
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    s.files->errors["/r/sys/class/powercap/intel-rapl:0/energy_uj"] = EIO;
    a.add(1, 0, probe.meter->read());
    a.add(2, 0, probe.meter->read());
    s.files->errors.clear();
    s.files->rapl("0", "package-0", 91'000'000);
    a.add(3, 0, probe.meter->read());
    const auto t = channel(a, "package-0");
    QVERIFY(close(t.energyJ, 90) && close(t.filledS, 0)); // codecarbon: 62,143 J and then 200,000 J more
    QCOMPARE(t.failedReads, 2);
    QCOMPARE(a.log().size(), 1u);
    compareText(a.log()[0], "package-0: /r/sys/class/powercap/intel-rapl:0/energy_uj: Input/output error; the last good reading is kept");
}

void TestMeters::impossiblePowerIsRejected()
{
    FakeSystem s;
    s.files->rapl("0", "package-0", 1'000'000'000);
    auto probe = probeRapl(s.files, "/r", 100);
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    s.files->rapl("0", "package-0", 1'050'000'000);
    a.add(1, 0, probe.meter->read());
    s.files->rapl("0", "package-0", 10); // reset: unwrapped it would be 261 kJ
    a.add(2, 0, probe.meter->read());
    s.files->rapl("0", "package-0", 50'000'010);
    a.add(3, 0, probe.meter->read());
    const auto t = channel(a, "package-0");
    QCOMPARE(t.rejected, 1);
    QVERIFY(close(t.energyJ, 100) && close(t.filledJ, 50));
    compareText(a.log().at(0), "package-0: 261093 J in 1.00 s is 2.6109e+05 W, more than 300 W can be; rejected");
}

void TestMeters::longGapIsAmbiguous()
{
    Reading r{"package-0", Component::Cpu, 0, 65'532'610'987, {}, 300, 40.0, {}};
    MeterAccount a;
    a.add(0, 0, {r});
    r.energyUj = 1'000'000;
    a.add(1000, 0, {r}); // at 100 W the counter may have turned once
    QCOMPARE(channel(a, "package-0").discarded, 1);
    QVERIFY(close(*a.energyJ(Component::Cpu), 40'000)); // what the meter says to assume
}

void TestMeters::sleepIsNotCounted()
{
    Reading r{"package-0", Component::Cpu, 0, 65'532'610'987, {}, 0, {}, {}};
    MeterAccount a;
    a.add(0, 0, {r});
    r.energyUj = 10'000'000;
    a.add(1, 0, {r});
    r.energyUj = 3; // counters restart in sleep
    a.add(2, 3600, {r});
    QVERIFY(close(*a.energyJ(Component::Cpu), 20));
    compareText(a.log().at(0), "package-0: the computer slept; the interval is discarded and 1.0 s awake are filled");
}

void TestMeters::powerIsTrapezoid()
{
    Reading r{"gpu", Component::Gpu, {}, {}, 100.0, 0, {}, {}};
    MeterAccount a;
    a.add(0, 0, {r});
    r.powerW = 200;
    a.add(2, 0, {r});
    QVERIFY(close(*a.energyJ(Component::Gpu), 300));
    QVERIFY(close(a.powerW(Component::Gpu), 150));
}

void TestMeters::badPower()
{
    Reading r{"gpu", Component::Gpu, {}, {}, 100.0, 0, {}, {}};
    MeterAccount a;
    a.add(0, 0, {r});
    a.add(1, 0, {r});
    r.powerW = std::nan("");
    a.add(2, 0, {r});
    r.powerW = -5;
    a.add(3, 0, {r});
    r.powerW = 100;
    a.add(4, 0, {r});
    a.add(5, 0, {r});
    const auto t = channel(a, "gpu");
    QVERIFY(close(t.measuredS, 2) && close(t.filledS, 3) && close(*a.energyJ(Component::Gpu), 500));
    compareText(a.log().at(0), "gpu: power nan W cannot be; the last good reading is kept");
}

void TestMeters::permissionNamesFileAndFix()
{
    // Case X04.
    FakeSystem s;
    s.files->rapl("0", "package-0", 5);
    s.files->errors["/r/sys/class/powercap/intel-rapl:0/energy_uj"] = EACCES;
    const auto set = probeMeters(s.options);
    QVERIFY(set.lines.at(0).state == MeterState::Permission);
    QVERIFY(set.meters.empty());
    compareText(set.reasons.at(0), "This kernel lets only root read CPU energy (/r/sys/class/powercap/intel-rapl:0/energy_uj; since Linux 5.10, CVE-2020-8694). To "
        "measure instead of estimate: `sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj` (until reboot), or add a udev/tmpfiles rule. Anyone on "
        "this computer could then read it, which can leak secrets on shared machines. CPU energy is estimated from load and TDP (100 W); real use is likely "
        "between half and twice the figure.");
    compareText(set.lines.at(2).message, "No NVIDIA driver found.");
}

void TestMeters::permissionFallsToPerf()
{
    FakeSystem s;
    s.files->rapl("0", "package-0", 5);
    s.files->errors["/r/sys/class/powercap/intel-rapl:0/energy_uj"] = EPERM;
    const std::string folder = "/r/sys/bus/event_source/devices/power/";
    s.files->text[folder + "type"] = "23\n";
    s.files->text[folder + "cpumask"] = "0,8\n";
    s.files->text[folder + "events/energy-pkg"] = "event=0x02\n";
    s.files->text[folder + "events/energy-pkg.scale"] = "2.5e-1\n";
    std::vector<int> opened, closed;
    std::uint64_t count = 0;
    s.options.perf.open = [&](std::uint32_t type, std::uint64_t config, int cpu) {
        opened.push_back(static_cast<int>(type * 1000 + config * 100) + cpu);
        return 50 + cpu;
    };
    s.options.perf.read = [&](int) { return std::optional(count); };
    s.options.perf.close = [&](int fd) { closed.push_back(fd); };
    {
        const auto set = probeMeters(s.options);
        QCOMPARE(set.meters.size(), 1u);
        QVERIFY(set.reasons.empty());
        MeterAccount a;
        a.add(0, 0, set.meters[0]->read());
        count = 400;
        a.add(1, 0, set.meters[0]->read());
        QVERIFY(close(*a.energyJ(Component::Cpu), 200)); // 400 x 0.25 J on each of two packages
    }
    QCOMPARE(opened, (std::vector<int>{23200, 23208}));
    QCOMPARE(closed, (std::vector<int>{50, 58}));
}

void TestMeters::perfNeedsPermission()
{
    FakeSystem s;
    const std::string folder = "/r/sys/bus/event_source/devices/power/";
    s.files->text[folder + "type"] = "23\n";
    s.files->text[folder + "cpumask"] = "0\n";
    s.files->text[folder + "events/energy-pkg"] = "event=0x02\n";
    s.files->text[folder + "events/energy-pkg.scale"] = "2.3e-10\n";
    const auto probe = probePerfRapl(s.files, "/r", 100, s.options.perf);
    QVERIFY(probe.state == MeterState::Permission);
    compareText(probe.message, "The power event needs kernel.perf_event_paranoid <= 0 or CAP_PERFMON: `sudo sysctl kernel.perf_event_paranoid=0`.");
}

void TestMeters::virtualMachine()
{
    FakeSystem s;
    s.files->cpu("AMD EPYC", 2, "fpu hypervisor sse");
    const auto set = probeMeters(s.options);
    QVERIFY(set.lines.at(0).state == MeterState::Absent);
    compareText(set.reasons.at(0), "This is a virtual machine; the host does not share its energy counters. Values below are estimates from CPU time: real use "
        "is likely between 4 and 30 W at full load (2 vCPU of \"AMD EPYC\", 2 to 15 W each).");
    QVERIFY(set.estimate->cpu().tdpW.value == 10 && *set.estimate->cpu().tdpW.low == 4 && *set.estimate->cpu().tdpW.high == 30);
}

void TestMeters::container()
{
    FakeSystem s;
    s.files->text["/r/.dockerenv"] = "";
    const auto set = probeMeters(s.options);
    compareText(set.reasons.at(0), "/sys is hidden or masked by the container runtime (Docker hides powercap since 24.0.7 and 23.0.8). Run the tracker on the "
        "host. CPU energy is estimated from load and TDP (100 W); real use is likely between half and twice the figure.");
}

void TestMeters::unknownProcessor()
{
    FakeSystem s;
    s.files->cpu("Mystery 9000", 8);
    const auto set = probeMeters(s.options);
    compareText(set.reasons.at(0), "No CPU energy counter (powercap) is exposed by this system. CPU model 'Mystery 9000' is not in the table; using 6.93 W per core. "
        "Enter its TDP to narrow the range.");
    const auto& w = set.estimate->cpu().tdpW;
    QVERIFY(close(*w.high / w.value, 5) && close(w.value / *w.low, 5));
    QVERIFY(!catalogueTdp()("AMD EPYC")); // a family is no model: 8, 60 or 500 W by the peers
}

void TestMeters::userTdp()
{
    FakeSystem s;
    s.files->cpu("AMD EPYC", 2, "hypervisor");
    s.options.packageTdpW = 30;
    const auto set = probeMeters(s.options);
    QVERIFY(set.estimate->cpu().tdpW.value == 30 && *set.estimate->cpu().tdpW.high == 60);
    s.options.packageTdpW = 0;
    compareText(messageOf([&] { probeMeters(s.options); }), "TDP: must be positive: found 0 W; allowed more than 0 W");
}

void TestMeters::raplOfAmd()
{
    FakeSystem s; // package only, core inside; memory stays an estimate
    s.files->rapl("0", "package-0", 0);
    s.files->rapl("0:0", "core", 0);
    const auto set = probeMeters(s.options);
    QVERIFY(contains(set.measured.at(0), "CPU package measured by RAPL"));
    QCOMPARE(set.meters.at(0)->read().size(), 1u);
}

void TestMeters::hwmonGpus()
{
    FakeSystem s;
    const std::string folder = "/r/sys/class/hwmon/";
    s.files->text[folder + "hwmon0/name"] = "coretemp\n";
    s.files->text[folder + "hwmon0/power1_average"] = "1\n";
    s.files->text[folder + "hwmon1/name"] = "amdgpu\n";
    s.files->text[folder + "hwmon1/power1_average"] = "200000000\n";
    s.files->text[folder + "hwmon1/power1_cap"] = "500000000\n";
    s.files->text[folder + "hwmon2/name"] = "amdgpu\n";
    s.files->text[folder + "hwmon2/power1_average"] = "0\n";
    s.files->text[folder + "hwmon3/name"] = "xe\n";
    s.files->text[folder + "hwmon3/energy1_input"] = "5000000\n";
    auto probe = probeHwmon(s.files, "/r");
    compareText(probe.message, "2 GPUs measured by the kernel's sensors.");
    compareText(probe.notes.at(0), "amdgpu hwmon2 reads 0 W and is left out");
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    s.files->text[folder + "hwmon3/energy1_input"] = "15000000\n";
    a.add(1, 0, probe.meter->read());
    QVERIFY(close(*a.energyJ(Component::Gpu), 210));
}

void TestMeters::battery()
{
    FakeSystem s;
    const std::string folder = "/r/sys/class/power_supply/";
    s.files->text[folder + "AC/type"] = "Mains\n";
    s.files->text[folder + "BAT0/type"] = "Battery\n";
    s.files->text[folder + "BAT0/status"] = "Discharging\n";
    s.files->text[folder + "BAT0/current_now"] = "-2000000\n";
    s.files->text[folder + "BAT0/voltage_now"] = "11000000\n";
    s.files->text[folder + "mouse/type"] = "Battery\n";
    s.files->text[folder + "mouse/scope"] = "Device\n";
    s.files->text[folder + "mouse/power_now"] = "99000000\n";
    auto probe = probeBattery(s.files, "/r");
    QVERIFY(probe.state == MeterState::Ready);
    QVERIFY(close(*probe.meter->read().at(0).powerW, 22));
    s.files->text[folder + "BAT0/power_now"] = "15000000\n";
    QVERIFY(close(*probe.meter->read().at(0).powerW, 15));
    s.files->text[folder + "BAT0/status"] = "Charging\n";
    compareText(probe.meter->read().at(0).failure, "on mains: the battery does not tell what the computer draws");
    QVERIFY(!probeBattery(s.files, "/r").meter);
}

void TestMeters::wallMeterLogs()
{
    const auto watts = wallMeterLog("time,watt\n1000,100\n1010,200\n1020,200\n", "w.csv");
    QVERIFY(close(watts.energyJ(1000, 1020), 3500));
    QVERIFY(close(watts.energyJ(1005, 1010), 875));
    const auto kwh = wallMeterLog("# plug\ntime,kWh\n2025-06-15T12:00:00Z,5\n2025-06-15T13:00:00Z,5.5\n", "w.csv");
    QVERIFY(close(kwh.energyJ(kwh.unixS[0], kwh.unixS[0] + 1800), 0.25 * 3.6e6));
    compareText(messageOf([&] { watts.energyJ(900, 1010); }),
        "w.csv: the wall meter does not cover the run: found 1970-01-01T00:16:40Z to 1970-01-01T00:17:00Z; allowed 1970-01-01T00:15:00Z to 1970-01-01T00:16:50Z");
    const auto hole = wallMeterLog("time,watt\n0,1\n5000,1\n", "w.csv");
    QVERIFY(contains(messageOf([&] { hole.energyJ(0, 10); }), "the wall meter has a hole in the run: found 5000 s"));
}

void TestMeters::wallMeterErrors_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("header") << "a,b\n" << "w.csv:1: not the header of a wall meter: found \"a,b\"; allowed time,watt or time,kwh";
    QTest::newRow("decimal comma") << "time,watt\n1,2,5\n" << "w.csv:2: more than two columns, or a decimal comma: found \"1,2,5\"; allowed decimal points";
    QTest::newRow("semicolon") << "time;watt\n"
                               << "w.csv:1: columns are parted by semicolons (and decimals perhaps by commas): found \"time;watt\"; allowed time,watt with decimal points";
    QTest::newRow("nan") << "time,watt\n1,nan\n" << "w.csv:2: not a reading: found \"nan\"; allowed a number of at least 0";
    QTest::newRow("back") << "time,watt\n2,1\n1,1\n" << "w.csv:3: time does not go on: found \"1\"; allowed ascending times";
    QTest::newRow("kwh back") << "time,kwh\n1,5\n2,4\n" << "w.csv:3: the cumulative kWh go back: found \"4\"; allowed at least 5";
    QTest::newRow("short") << "time,kwh\n1,5\n" << "w.csv: a wall meter needs two readings: found 1";
}

void TestMeters::wallMeterErrors()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { wallMeterLog(text.toStdString(), "w.csv"); }), message.toStdString());
}

void TestMeters::times()
{
    QVERIFY(close(unixFromIso("2025-06-15T12:00:00.5Z", "t"), 1749988800.5));
    QVERIFY(close(unixFromIso("2025-06-15T14:00:00+02:00", "t"), 1749988800));
    QVERIFY(close(unixFromIso("2025-06-15 12:00", "t"), 1749988800));
    compareText(isoFromUnix(1749988800.9), "2025-06-15T12:00:00Z");
    for (const char* bad : {"", "2025-13-01T00:00", "2025-06-15T12:61:00", "2025-06-15T12:00:00+1", "x025-06-15T12:00:00Z"})
        QVERIFY(messageOf([&] { unixFromIso(bad, "t"); }).starts_with("t: not a time"));
}

void TestMeters::estimateFollowsLoad()
{
    FakeSystem s;
    const auto set = probeMeters(s.options);
    MeterAccount a;
    s.files->ticks(100, 100);
    a.add(s.clock->now, 0, set.estimate->read());
    s.clock->now += 2;
    s.files->ticks(200, 200); // half busy
    a.add(s.clock->now, 0, set.estimate->read());
    QVERIFY(close(*a.energyJ(Component::Cpu), 2 * 100 * 0.55));
    QVERIFY(std::abs(*a.energyJ(Component::Ram) - 2 * 0.3725 * 16.384) < 1e-4);
}

void TestMeters::memoryRule()
{
    QVERIFY(close(ramPowerW(64).value, 23.84)); // case C03: 18 to 25 W by the tools
    const auto large = ramPowerW(1024);
    QVERIFY(*large.low < 45 && *large.high > 400 && large.value > 100 && large.value < 200);
}

void TestMeters::bands()
{
    const auto a = meterBand(10, 2, Kind::Model, "a"), b = meterBand(3, 1.5, Kind::Table, "b");
    const auto p = meterProduct(a, b);
    QVERIFY(close(p.value, 30) && close(*p.high, 30 * std::exp(std::hypot(std::log(2.0), std::log(1.5)))) && p.kind == Kind::Model);
    const auto s = meterSum({a, a});
    QVERIFY(close(s.value, 20) && close(*s.high, 20 + std::hypot(10, 10)));
    QVERIFY(!meterProduct(a, {1, {}, {}, Kind::Table, "c"}).high);
    QVERIFY(close(*meterProduct(a, {1, {}, {}, Kind::User, "c"}).high, 20));
}

QTEST_APPLESS_MAIN(TestMeters)
#include "tst_meters.moc"

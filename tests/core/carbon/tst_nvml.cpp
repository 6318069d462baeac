// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faketree.h"
#include "support.h"

#include "carbon/meteraccount.h"

#include <cstring>
#include <dlfcn.h>

using namespace paretoscope;
using testing::compareText;
using testing::FakeSystem;

namespace {

// The stub that the test sets and that the meter loads are the same library in memory.
struct Stub {
    void* library = dlopen(PARETOSCOPE_STUB_NVML, RTLD_NOW);
    template <typename F>
    F get(const char* symbol) const
    {
        F function = nullptr;
        void* address = dlsym(library, symbol);
        std::memcpy(&function, &address, sizeof(function));
        return function;
    }
    void reset(unsigned count, int error = 0) const { get<void (*)(unsigned, int)>("stubReset")(count, error); }
    void energy(unsigned device, unsigned long long mj, int error = 0) const
    {
        get<void (*)(unsigned, unsigned long long, int)>("stubEnergy")(device, mj, error);
    }
    void power(unsigned device, unsigned mw, int error = 0) const { get<void (*)(unsigned, unsigned, int)>("stubPower")(device, mw, error); }
    void handle(unsigned device, int error) const { get<void (*)(unsigned, int)>("stubHandle")(device, error); }
    void process(unsigned device, unsigned pid, unsigned sm, unsigned other) const
    {
        get<void (*)(unsigned, unsigned, unsigned, unsigned)>("stubProcess")(device, pid, sm, other);
    }
    int open() const { return get<int (*)()>("stubOpen")(); }
};

const Stub& stub()
{
    static const Stub s;
    return s;
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

} // namespace

class TestNvml : public QObject {
    Q_OBJECT
private slots:
    void noDriver();
    void notNvml();
    void initErrorIsPrinted();
    void noGpu();
    void devicesAreSummed();
    void noCounterFallsToPower();
    void oneOfSeveralFails();
    void lostWhileRunning();
    void sharesOfProcesses();
    void selectedGpuIsAssumed();
};

void TestNvml::noDriver()
{
    const auto probe = probeNvml("/nonexistent/libnvidia-ml.so.1");
    QVERIFY(probe.state == MeterState::Absent);
    compareText(probe.message, "No NVIDIA driver found.");
}

void TestNvml::notNvml()
{
    const auto probe = probeNvml("libm.so.6");
    QVERIFY(probe.state == MeterState::Failed);
    compareText(probe.message, "libm.so.6 is not an NVML library.");
}

void TestNvml::initErrorIsPrinted()
{
    stub().reset(1, 9);
    FakeSystem s;
    s.options.nvmlLibrary = PARETOSCOPE_STUB_NVML;
    const auto set = probeMeters(s.options);
    compareText(set.reasons.back(), "The NVIDIA driver does not answer: Driver Not Loaded.");
    QCOMPARE(stub().open(), 0);
}

void TestNvml::noGpu()
{
    stub().reset(0);
    compareText(probeNvml(PARETOSCOPE_STUB_NVML).message, "The NVIDIA driver lists no GPU.");
    QCOMPARE(stub().open(), 0);
}

void TestNvml::devicesAreSummed()
{
    // Case K04: 8 GPUs x 250 W x 1 h are 2 kWh; carbontracker since 2.0.0 says 0.25.
    stub().reset(8);
    {
        auto probe = probeNvml(PARETOSCOPE_STUB_NVML);
        compareText(probe.message, "8 GPUs measured by NVML.");
        MeterAccount a;
        a.add(0, 0, probe.meter->read());
        for (unsigned i = 0; i < 8; ++i)
            stub().energy(i, 900'000'000);
        a.add(3600, 0, probe.meter->read());
        QVERIFY(close(*a.energyJ(Component::Gpu) / 3.6e6, 2.0));
        compareText(gpuNames(*probe.meter).at(7), "GPU 7 (Stub 300)");
        QCOMPARE(stub().open(), 1);
    }
    QCOMPARE(stub().open(), 0);
}

void TestNvml::noCounterFallsToPower()
{
    stub().reset(1);
    stub().energy(0, 0, 3);
    auto probe = probeNvml(PARETOSCOPE_STUB_NVML);
    compareText(probe.notes.at(0), "GPU 0 (Stub 300) has no energy counter; its power is sampled");
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    stub().power(0, 200'000);
    a.add(10, 0, probe.meter->read());
    QVERIFY(close(*a.energyJ(Component::Gpu), 1500)); // never 0
}

void TestNvml::oneOfSeveralFails()
{
    stub().reset(3);
    stub().handle(1, 15);
    auto probe = probeNvml(PARETOSCOPE_STUB_NVML);
    compareText(probe.notes.at(0), "GPU 1 gives no reading (GPU is lost); 150 W are assumed");
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    stub().energy(0, 1'000'000);
    stub().energy(2, 1'000'000);
    a.add(10, 0, probe.meter->read());
    QVERIFY(close(*a.energyJ(Component::Gpu), 1000 + 1000 + 1500));
    QVERIFY(close(a.filledShare(Component::Gpu), 1.0 / 3));
}

void TestNvml::lostWhileRunning()
{
    stub().reset(1);
    auto probe = probeNvml(PARETOSCOPE_STUB_NVML);
    MeterAccount a;
    a.add(0, 0, probe.meter->read());
    stub().energy(0, 100'000);
    a.add(1, 0, probe.meter->read());
    stub().energy(0, 0, 15);
    a.add(2, 0, probe.meter->read());
    QVERIFY(close(*a.energyJ(Component::Gpu), 200)); // the second second is as the first
    compareText(a.log().at(0), "GPU 0 (Stub 300): energy counter: GPU is lost; the last good reading is kept");
    stub().energy(0, 300'000);
    a.add(3, 0, probe.meter->read());
    QVERIFY(close(*a.energyJ(Component::Gpu), 300)); // and the counter knew
}

void TestNvml::sharesOfProcesses()
{
    stub().reset(2);
    stub().process(0, 42, 60, 20);
    stub().process(1, 43, 20, 0);
    auto probe = probeNvml(PARETOSCOPE_STUB_NVML);
    const double a = *gpuShare(*probe.meter, {42}), b = *gpuShare(*probe.meter, {43}), other = *gpuShare(*probe.meter, {999'999});
    QVERIFY(close(a, 0.6) && close(b, 0.2) && close(a + b + other, 1));
    stub().reset(1);
    QVERIFY(!gpuShare(*probe.meter, {42}));
}

void TestNvml::selectedGpuIsAssumed()
{
    FakeSystem s;
    s.options.gpu = AssumedGpu{"NVIDIA T4", 70, 2};
    const auto set = probeMeters(s.options);
    compareText(set.reasons.back(), "No NVIDIA driver found; GPU energy is estimated from the device you selected (2 x 70 W x 0.75).");
    QVERIFY(close(*set.meters.back()->read().at(0).powerW, 105));
    QVERIFY(set.meters.back()->kind() == Kind::Model);
}

QTEST_APPLESS_MAIN(TestNvml)
#include "tst_nvml.moc"

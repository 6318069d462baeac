// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An NVML for tests: as many devices as asked for, each with a counter, a power and an error that the test sets.
#include <array>
#include <cstring>

namespace {

struct Device {
    unsigned long long mj = 0;
    unsigned mw = 100'000, limitMw = 300'000;
    int energyError = 0, powerError = 0, handleError = 0;
    unsigned pid = 0, sm = 0, otherSm = 0;
};

std::array<Device, 8> g_devices;
unsigned g_count = 1;
int g_initError = 0;
int g_open = 0;

} // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

// What a test sets. Codes of NVML: 3 not supported, 9 driver not loaded, 15 GPU is lost.
EXPORTED void stubReset(unsigned count, int initError)
{
    g_devices = {};
    g_count = count;
    g_initError = initError;
}
EXPORTED void stubEnergy(unsigned device, unsigned long long mj, int error)
{
    g_devices[device].mj = mj;
    g_devices[device].energyError = error;
}
EXPORTED void stubPower(unsigned device, unsigned mw, int error)
{
    g_devices[device].mw = mw;
    g_devices[device].powerError = error;
}
EXPORTED void stubHandle(unsigned device, int error) { g_devices[device].handleError = error; }
EXPORTED void stubProcess(unsigned device, unsigned pid, unsigned sm, unsigned otherSm)
{
    g_devices[device].pid = pid;
    g_devices[device].sm = sm;
    g_devices[device].otherSm = otherSm;
}
EXPORTED int stubOpen() { return g_open; }

EXPORTED int nvmlInit_v2()
{
    g_open += g_initError == 0;
    return g_initError;
}
EXPORTED int nvmlShutdown()
{
    --g_open;
    return 0;
}
EXPORTED const char* nvmlErrorString(int code)
{
    switch (code) {
    case 0: return "Success";
    case 3: return "Not Supported";
    case 9: return "Driver Not Loaded";
    case 15: return "GPU is lost";
    default: return "Unknown Error";
    }
}
EXPORTED int nvmlDeviceGetCount_v2(unsigned* count)
{
    *count = g_count;
    return 0;
}
EXPORTED int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device)
{
    *device = &g_devices[index];
    return g_devices[index].handleError;
}
EXPORTED int nvmlDeviceGetName(void*, char* name, unsigned length)
{
    std::strncpy(name, "Stub 300", length);
    return 0;
}
EXPORTED int nvmlDeviceGetTotalEnergyConsumption(void* device, unsigned long long* mj)
{
    *mj = static_cast<Device*>(device)->mj;
    return static_cast<Device*>(device)->energyError;
}
EXPORTED int nvmlDeviceGetPowerUsage(void* device, unsigned* mw)
{
    *mw = static_cast<Device*>(device)->mw;
    return static_cast<Device*>(device)->powerError;
}
EXPORTED int nvmlDeviceGetPowerManagementLimit(void* device, unsigned* mw)
{
    *mw = static_cast<Device*>(device)->limitMw;
    return 0;
}

struct StubSample {
    unsigned pid;
    unsigned long long timeStamp;
    unsigned smUtil, memUtil, encUtil, decUtil;
};
EXPORTED int nvmlDeviceGetProcessUtilization(void* device, StubSample* samples, unsigned* count, unsigned long long)
{
    const auto* d = static_cast<Device*>(device);
    samples[0] = {d->pid, 1, d->sm, 0, 0, 0};
    samples[1] = {999'999, 1, d->otherSm, 0, 0, 0};
    *count = 2;
    return 0;
}

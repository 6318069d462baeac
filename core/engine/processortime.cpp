// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/processortime.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace paretoscope {

namespace {

double processorMs()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e3 * static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_nsec);
}

class OwnTimeRun final : public TimedRun {
public:
    explicit OwnTimeRun(std::unique_ptr<TimedRun> run)
        : m_run(std::move(run))
    {
    }

    // The processor time includes writing the input, so that an undisturbed run keeps its own, shorter time.
    double runMs() override
    {
        const double begin = processorMs();
        const double ms = m_run->runMs();
        return std::min(ms, processorMs() - begin);
    }

private:
    std::unique_ptr<TimedRun> m_run;
};

} // namespace

std::unique_ptr<TimedRun> withoutPreemption(std::unique_ptr<TimedRun> run) { return std::make_unique<OwnTimeRun>(std::move(run)); }

} // namespace paretoscope

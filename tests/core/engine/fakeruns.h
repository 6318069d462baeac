// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Work whose true time is known, on a computer that disturbs it.
#pragma once

#include "base/random.h"
#include "engine/interleavedtimer.h"

#include <cmath>
#include <functional>
#include <memory>

namespace testing {

struct FakeComputer {
    double outlierShare = 0;  // of the runs, ten times as slow
    double jitter = 0;        // up to this share on top, uniform
    std::function<double(int run)> slowdown = [](int) { return 1.0; };
    paretoscope::Random random{5};
    int runs = 0;
    int made = 0;
    int alive = 0;

    double ms(double trueMs)
    {
        double t = trueMs * slowdown(runs++) * (1 + jitter * random.uniform());
        if (random.uniform() < outlierShare)
            t *= 10;
        return t;
    }
};

class FakeRun final : public paretoscope::TimedRun {
public:
    FakeRun(FakeComputer& computer, double trueMs)
        : m_computer(computer)
        , m_trueMs(trueMs)
    {
        ++computer.made;
        ++computer.alive;
    }
    ~FakeRun() override { --m_computer.alive; }
    double runMs() override { return m_computer.ms(m_trueMs); }

private:
    FakeComputer& m_computer;
    double m_trueMs;
};

inline paretoscope::MakeRun fakeRun(FakeComputer& computer, double trueMs)
{
    return [&computer, trueMs] { return std::make_unique<FakeRun>(computer, trueMs); };
}

} // namespace testing

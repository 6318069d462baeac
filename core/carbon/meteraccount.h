// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Adds up the readings of one meter by the rules of the carbon specification (section 2): a wrapped counter is
// unwrapped, a failed read keeps the last good one, what cannot be true is rejected and counted, and time without a
// reading is filled with the mean power of the rest, never with zero.
#pragma once

#include "carbon/meter.h"

#include <map>

namespace paretoscope {

/// What became of one channel.
struct ChannelTotal {
    std::string channel;
    Component component = Component::Cpu;
    double energyJ = 0;   // of accepted intervals
    double measuredS = 0; // their length
    double filledS = 0;   // awake time without an accepted interval
    double filledJ = 0;   // what was assumed for it
    double lastPowerW = 0;
    int intervals = 0, failedReads = 0, rejected = 0, discarded = 0, wraps = 0;
    bool usable = true;   // false: not one reading and nothing to assume
};

class MeterAccount {
public:
    /// The difference of two counter values. @returns nothing when it went back and its range is not known.
    static std::optional<std::uint64_t> difference(std::uint64_t before, std::uint64_t now, std::optional<std::uint64_t> range);

    /// Readings at a moment (monotonic time). `sleptS` is how long the computer slept since the last call: what a counter
    /// did meanwhile is not known, so the interval starts anew.
    void add(double monotonicS, double sleptS, const std::vector<Reading>& readings);
    /// The whole read failed (a meter that threw).
    void failed(double monotonicS, const std::string& reason);

    std::vector<ChannelTotal> totals() const;
    /// Joule of one component so far, filled time included. @returns nothing when no channel of it is usable.
    std::optional<double> energyJ(Component component) const;
    /// Share of the time that was filled, 0 to 1.
    double filledShare(Component component) const;
    /// Watt during the last accepted intervals.
    double powerW(Component component) const;
    bool has(Component component) const;
    /// One line for each new kind of trouble; repeats are counted in the totals.
    const std::vector<std::string>& log() const { return m_log; }

private:
    struct Channel {
        ChannelTotal total;
        std::optional<std::uint64_t> counterUj;
        std::optional<double> powerW;
        std::optional<double> atS;   // of the last good reading
        double seenS = 0;            // of the last call, good or not
        double fallbackW = -1;       // below 0: none
        bool toldFailure = false;
    };
    void addTo(Channel& channel, double monotonicS, bool slept, const Reading& reading);
    void say(std::string line);

    std::map<std::string, Channel> m_channels;
    std::vector<std::string> m_log;
};

} // namespace paretoscope

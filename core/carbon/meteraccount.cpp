// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/meteraccount.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

constexpr double kSleepNoticedS = 0.5; // the two clocks are not read at the same moment
constexpr std::size_t kMostLines = 200;

// Filled time has no reading of its own: the mean of the rest, else what the meter says to assume.
double fillW(const ChannelTotal& t, double fallbackW) { return t.measuredS > 0 ? t.energyJ / t.measuredS : std::max(fallbackW, 0.0); }

} // namespace

std::optional<std::uint64_t> MeterAccount::difference(std::uint64_t before, std::uint64_t now, std::optional<std::uint64_t> range)
{
    if (now >= before)
        return now - before;
    if (!range || before > *range)
        return std::nullopt;
    return *range - before + now;
}

void MeterAccount::say(std::string line)
{
    if (m_log.size() < kMostLines)
        m_log.push_back(std::move(line));
}

void MeterAccount::add(double now, double sleptS, const std::vector<Reading>& readings)
{
    const bool slept = sleptS > kSleepNoticedS;
    for (const auto& r : readings) {
        auto [at, isNew] = m_channels.try_emplace(r.channel);
        auto& c = at->second;
        if (isNew) {
            c.total.channel = r.channel;
            c.total.component = r.component;
            c.seenS = now;
        }
        if (r.fallbackW)
            c.fallbackW = *r.fallbackW;
        addTo(c, now, slept, r);
        c.seenS = now;
    }
}

void MeterAccount::failed(double now, const std::string& reason)
{
    for (auto& [id, c] : m_channels) {
        Reading r;
        r.channel = id;
        r.component = c.total.component;
        r.failure = reason;
        addTo(c, now, false, r);
        c.seenS = now;
    }
}

void MeterAccount::addTo(Channel& c, double now, bool slept, const Reading& r)
{
    auto& t = c.total;
    const bool badPower = r.powerW && (!std::isfinite(*r.powerW) || *r.powerW < 0);
    if (!r.failure.empty() || badPower || (!r.energyUj && !r.powerW)) {
        // The last good value and its time stay: the next good read of a counter covers this time too.
        ++t.failedReads;
        if (!c.toldFailure)
            say(fmt::format("{}: {}; the last good reading is kept", r.channel,
                badPower ? fmt::format("power {} W cannot be", *r.powerW) : r.failure.empty() ? std::string("no reading") : r.failure));
        c.toldFailure = true;
        if (!c.atS || !c.counterUj) { // a power cannot catch up later
            t.filledS += now - c.seenS;
            if (c.powerW)
                c.atS = std::nullopt;
        }
        return;
    }
    c.toldFailure = false;
    if (!c.atS) {
        t.filledS += now - c.seenS;
    } else {
        const double dt = now - *c.atS;
        if (slept) {
            ++t.discarded;
            t.filledS += dt;
            say(fmt::format("{}: the computer slept; the interval is discarded and {:.1f} s awake are filled", r.channel, dt));
        } else if (dt > 0) {
            std::optional<double> joule;
            if (r.energyUj && c.counterUj) {
                const bool back = *r.energyUj < *c.counterUj;
                const auto d = difference(*c.counterUj, *r.energyUj, r.energyRangeUj);
                // Two turns of a counter look like one: with a range shorter than the time allows nothing can be said.
                const bool ambiguous = r.energyRangeUj && r.limitW > 0 && dt * r.limitW / 3 * 1e6 > static_cast<double>(*r.energyRangeUj);
                if (!d || ambiguous) {
                    ++t.discarded;
                    t.filledS += dt;
                    say(!d ? fmt::format("{}: the counter went back from {} to {} µJ and its range is not known; {:.1f} s discarded",
                                 r.channel, *c.counterUj, *r.energyUj, dt)
                           : fmt::format("{}: {:.1f} s without a reading, longer than a turn of the counter; discarded", r.channel, dt));
                } else {
                    joule = 1e-6 * static_cast<double>(*d);
                    t.wraps += back;
                }
            } else if (r.powerW && c.powerW) {
                joule = 0.5 * (*r.powerW + *c.powerW) * dt;
            } else {
                t.filledS += dt;
            }
            if (joule && r.limitW > 0 && *joule / dt > r.limitW) {
                ++t.rejected;
                t.filledS += dt;
                say(fmt::format("{}: {:.6g} J in {:.2f} s is {:.5g} W, more than {:.5g} W can be; rejected", r.channel, *joule, dt,
                    *joule / dt, r.limitW));
            } else if (joule) {
                t.energyJ += *joule;
                t.measuredS += dt;
                t.lastPowerW = *joule / dt;
                ++t.intervals;
            }
        }
    }
    c.counterUj = r.energyUj;
    c.powerW = r.powerW;
    c.atS = now;
}

std::vector<ChannelTotal> MeterAccount::totals() const
{
    std::vector<ChannelTotal> list;
    for (const auto& [id, c] : m_channels) {
        auto t = c.total;
        // Time since the last good reading of a counter is open until the next one.
        const double open = c.atS ? c.seenS - *c.atS : 0;
        t.filledS += open;
        t.filledJ = t.filledS * fillW(t, c.fallbackW);
        t.usable = t.measuredS > 0 || c.fallbackW >= 0 || t.filledS == 0;
        list.push_back(std::move(t));
    }
    return list;
}

std::optional<double> MeterAccount::energyJ(Component component) const
{
    std::optional<double> sum;
    for (const auto& t : totals())
        if (t.component == component && t.usable)
            sum = sum.value_or(0) + t.energyJ + t.filledJ;
    return sum;
}

double MeterAccount::filledShare(Component component) const
{
    double filled = 0, all = 0;
    for (const auto& t : totals())
        if (t.component == component) {
            filled += t.filledS;
            all += t.filledS + t.measuredS;
        }
    return all > 0 ? filled / all : 0;
}

double MeterAccount::powerW(Component component) const
{
    double w = 0;
    for (const auto& [id, c] : m_channels)
        if (c.total.component == component)
            w += c.total.intervals ? c.total.lastPowerW : std::max(c.fallbackW, 0.0);
    return w;
}

bool MeterAccount::has(Component component) const
{
    return std::any_of(m_channels.begin(), m_channels.end(), [&](const auto& c) { return c.second.total.component == component; });
}

} // namespace paretoscope

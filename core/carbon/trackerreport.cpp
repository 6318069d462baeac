// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tracker knows, as a report: bands by meter and by the time that had to be filled.
#include "carbon/tracker.h"
#include "carbon/wallmeter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sys/utsname.h>

namespace paretoscope {

namespace {

constexpr double kFilledFactor = 2;       // what is known of a time without readings
constexpr double kShareFactor = 1.3;      // processor time is not energy: cores clock and sleep apart

std::string osName()
{
    utsname u{};
    return uname(&u) == 0 ? fmt::format("{} {}", u.sysname, u.release) : std::string();
}

} // namespace

RunReport Tracker::report() const
{
    RunReport r;
    r.project = m_options.project;
    r.command = m_options.command;
    r.attribution = std::string(name(m_options.attribution));
    const double duration = m_started ? m_nowS - m_beginS : 0;
    r.durationS = duration;
    r.suspendedS = m_suspendedS;
    r.begin = m_before ? m_before->begin : isoFromUnix(m_beginUnixS);
    r.end = isoFromUnix(m_nowUnixS);
    r.runId = m_before ? m_before->runId : fmt::format("{}-{:08x}", r.begin, static_cast<std::uint32_t>(std::hash<std::string>{}(m_options.command + fmt::format("{}", m_beginUnixS))));
    r.pue = m_options.pue;
    r.intensityGPerKwh = m_options.intensityGPerKwh;
    r.zone = m_options.zone;
    r.zoneIso3 = m_options.zoneIso3;
    r.zoneYear = m_options.zoneYear;
    r.basis = m_options.basis;
    r.cpuModel = m_meters.facts.model;
    r.cpuThreads = m_meters.facts.threads;
    r.ramGb = m_meters.facts.memoryGb;
    r.gpus = m_meters.gpus;
    r.os = osName();
    r.measured = m_meters.measured;
    r.reasons = m_meters.reasons;
    r.warnings = m_warnings;

    const auto& estimate = *m_meters.estimate;
    std::set<const Source*> used;
    for (const auto& entry : m_attributed) {
        const auto component = entry.first;
        const auto& a = entry.second;
        const auto machine = machineJ(component);
        if (!machine)
            continue;
        const auto& source = *machine->second;
        const double filled = source.account.filledShare(component);
        if (component == Component::Box && !boxCounts()) {
            r.log.push_back(fmt::format("battery: {:.0f} % of the time on mains; not used", 100 * filled));
            continue;
        }
        const bool estimated = &source == &m_sources.back();
        ComponentEnergy c{component, {}, {}, source.meter->name()};
        const auto band = [&](double value) {
            Estimate e = estimated ? component == Component::Cpu ? estimate.cpu().tdpW : estimate.ramW()
                                   : meterBand(1, source.meter->bandFactor(), source.meter->kind(), source.meter->source());
            e = meterScaled(e, e.value > 0 ? 1 / e.value : 0);
            if (!estimated && filled > 0.001) {
                const double extra = std::exp(filled * std::log(kFilledFactor));
                e = meterProduct(e, meterBand(1, extra, Kind::Model, fmt::format("{:.1f} % of the time filled", 100 * filled)));
            }
            if (m_options.attribution == Attribution::Share && component != Component::Gpu)
                e = meterProduct(e, meterBand(1, kShareFactor, Kind::Model, "by share of processor time"));
            return meterScaled(e, value);
        };
        c.energyKwh = band(a.energyJ / 3.6e6);
        c.powerW = band(m_stopped && duration > 0 ? a.energyJ / duration : a.powerW);
        if (!estimated && filled > 0.001)
            r.log.push_back(fmt::format("{} {}: {:.1f} % of the time had no reading and was filled with the mean of the rest", source.meter->name(),
                name(component), 100 * filled));
        if (estimated && component == Component::Cpu && used.insert(&source).second && m_meters.reasons.empty())
            r.reasons.push_back("The counter never gave a reading. " + estimate.cpu().reason);
        if (m_options.attribution == Attribution::Net && a.energyJ == 0 && duration > 0)
            r.log.push_back(fmt::format("{}: no more than the idle {:.3g} W", name(component), a.idleW));
        r.components.push_back(std::move(c));
    }
    if (m_share && m_attributed.contains(Component::Gpu) && !m_gpuShareKnown)
        r.warnings.push_back("the driver does not tell whose work a GPU does: all of it is counted");
    if (m_wallJ) {
        std::erase_if(r.components, [](const ComponentEnergy& c) { return c.component == Component::Box; });
        const auto source = "wall meter " + m_options.wallMeter.filename().string();
        r.components.push_back({Component::Box, meterBand(*m_wallJ / 3.6e6, 1.02, Kind::Measured, source),
            meterBand(duration > 0 ? *m_wallJ / duration : 0, 1.02, Kind::Measured, source), "wall meter"});
        r.measured.insert(r.measured.begin(), "The whole computer was measured by a wall meter; the components below it are parts of that.");
        if (m_options.attribution != Attribution::Machine)
            r.warnings.push_back("a wall meter cannot tell processes apart: the total is that of the machine");
    }
    if (m_before) {
        r.durationS += m_before->durationS;
        r.suspendedS += m_before->suspendedS;
        for (const auto& old : m_before->components) {
            auto at = std::find_if(r.components.begin(), r.components.end(), [&](const auto& c) { return c.component == old.component; });
            if (at == r.components.end()) {
                r.components.push_back(old);
                continue;
            }
            // The same meter errs the same way in both sessions: the bands add up plainly.
            const auto add = [](std::optional<double>& a, const std::optional<double>& b) { a = a && b ? std::optional(*a + *b) : std::nullopt; };
            at->energyKwh.value += old.energyKwh.value;
            add(at->energyKwh.low, old.energyKwh.low);
            add(at->energyKwh.high, old.energyKwh.high);
            at->energyKwh.kind = worse(at->energyKwh.kind, old.energyKwh.kind);
        }
        r.log.insert(r.log.begin(), m_before->log.begin(), m_before->log.end());
    }
    addUp(r);

    r.phases = m_phases;
    if (!m_phase.empty())
        r.phases.push_back({m_phase, m_nowS - m_phaseBeginS, std::max(0.0, energyItJ() - m_phaseBeginJ) / 3.6e6});
    r.epochKwh = m_epochKwh;
    r.epochS = m_epochS;
    r.epochsTotal = m_options.epochsTotal;
    if (!m_epochKwh.empty() && m_options.epochsTotal >= static_cast<int>(m_epochKwh.size()))
        r.forecast = forecastEpochs(m_epochKwh, m_epochS, m_options.epochsTotal);
    r.budgetCo2eG = m_options.budgetCo2eG;
    r.budgetReached = m_budgetTold;
    r.log.insert(r.log.end(), m_log.begin(), m_log.end());
    for (const auto& s : m_sources)
        r.log.insert(r.log.end(), s.account.log().begin(), s.account.log().end());
    r.citations = {"Energy: " + r.energyItKwh.source, "Intensity: " + r.intensityGPerKwh.source, "PUE: " + r.pue.source};
    return r;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/ledger.h"

#include "base/error.h"
#include "carbon/embodied.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace paretoscope {

std::string_view name(LedgerPhase phase)
{
    static constexpr std::array<std::string_view, 7> kNames{
        "search", "training", "discarded", "fine-tuning", "embodied-compute", "inference", "embodied-devices"};
    return kNames[static_cast<std::size_t>(phase)];
}

namespace {

constexpr std::size_t kPhases = 7;

void need(bool condition, const std::string& where, double found, const char* allowed)
{
    if (!condition || !std::isfinite(found))
        throw ValueError({where, "number out of range", fmt::format("{}", found), allowed});
}

struct Amounts {
    Uncertain itKwh, facilityKwh, kg;
    bool used = false;
    void add(const Uncertain& it, const Uncertain& facility, const Uncertain& carbon)
    {
        itKwh += it;
        facilityKwh += facility;
        kg += carbon;
        used = true;
    }
};

class Book {
public:
    explicit Book(const LedgerInputs& in)
        : m_in(in)
        , m_world(in.seed, in.draws)
    {
        need(in.targets >= 0, "targets", in.targets, "0 or more");
    }

    Ledger close()
    {
        for (const auto& c : m_in.search)
            compute(LedgerPhase::Search, c, 1);
        for (const auto& c : m_in.training)
            compute(LedgerPhase::Training, c, 1);
        if (m_in.discardedFactor)
            discarded();
        for (const auto& c : m_in.fineTuning)
            compute(LedgerPhase::FineTuning, c, m_in.targets);
        for (const auto& d : m_in.use)
            deploy(d);
        totals();
        return std::move(m_out);
    }

private:
    void post(LedgerPhase phase, std::string title, const Uncertain& it, const Uncertain& facility, const Uncertain& kg, std::string note = {})
    {
        m_phases[static_cast<std::size_t>(phase)].add(it, facility, kg);
        m_out.items.push_back({phase, std::move(title), m_world.estimate(it), m_world.estimate(facility), m_world.estimate(kg), std::move(note)});
    }

    void postEmbodied(LedgerPhase phase, std::string title, const Uncertain& kg, std::string note)
    {
        m_phases[static_cast<std::size_t>(phase)].add({}, {}, kg);
        m_out.items.push_back({phase, std::move(title), {}, {}, m_world.estimate(kg), std::move(note)});
    }

    void compute(LedgerPhase phase, const Computation& c, double times)
    {
        const std::string where = fmt::format("{}.{}", name(phase), c.name);
        need(c.gpuHours >= 0, where + ".gpuHours", c.gpuHours, "0 or more");
        Uncertain it;
        if (c.itKwh)
            it = m_world.input(where + ".itKwh", *c.itKwh);
        else if (c.wattsPerGpu)
            it = m_world.input(where + ".wattsPerGpu", *c.wattsPerGpu) * (c.gpuHours / 1000);
        else
            throw ValueError({where, "the energy is not given", {}, "IT energy, or GPU-hours and watts per GPU"});
        it *= times;
        auto pue = c.pue;
        pue.atLeast = 1;
        const auto facility = it * m_world.input(where + ".pue", pue);
        const auto kg = facility * m_world.input(where + ".grid", c.gPerKwh) * 1e-3;
        post(phase, c.name, it, facility, kg, times == 1 ? "" : fmt::format("for {:g} targets", times));
        if (c.machine) {
            need(c.machine->gpus > 0, where + ".machine.gpus", c.machine->gpus, "more than 0");
            const double hours = c.gpuHours * times / c.machine->gpus;
            const double part = hours * serverSharePerHour(c.machine->lifeYears, c.machine->utilisation);
            postEmbodied(LedgerPhase::EmbodiedCompute, c.name, m_world.input(where + ".machine.embodied", c.machine->embodiedKg) * part,
                fmt::format("{:.3g} machine-hours of {:g} years used {:g} % of the time", hours, c.machine->lifeYears, 100 * c.machine->utilisation));
        }
    }

    void discarded()
    {
        const auto& final = m_phases[static_cast<std::size_t>(LedgerPhase::Training)];
        const auto m = m_world.input("discardedFactor", *m_in.discardedFactor);
        post(LedgerPhase::Discarded, "experiments thrown away", final.itKwh * m, final.facilityKwh * m, final.kg * m,
            fmt::format("{:g} times the training", m.value()));
    }

    void deploy(const Deployment& d)
    {
        const auto& where = d.fleet.name;
        need(d.lifeYears >= 0, where + ".lifeYears", d.lifeYears, "0 or more");
        std::string note;
        Uncertain joule;
        if (d.energyJ) {
            joule = m_world.input(where + ".energyJ", *d.energyJ);
        } else {
            auto energy = inferenceEnergy(m_world, d.work, where);
            joule = std::move(energy.energyJ);
            note = "energy of an inference: " + energy.how;
            if (energy.warning)
                m_out.warnings.push_back(where + ": " + *energy.warning);
        }
        const auto use = fleetUse(m_world, d.fleet, joule);
        const double inferences = use.inferencesPerYear * d.lifeYears;
        m_out.inferences += inferences;
        m_inferencesPerYear += use.inferencesPerYear;
        m_useKgPerYear += use.kgPerYear;
        post(LedgerPhase::Inference, where, use.deviceKwhPerYear * d.lifeYears, use.wallKwhPerYear * d.lifeYears, use.kgPerYear * d.lifeYears, note);
        if (d.making) {
            const double seconds = d.making->secondsPerInference * d.fleet.inferencesPerDay * 365 * d.making->lifeYears;
            const double part = phoneShare(seconds, d.making->lifeYears, d.making->screenHoursPerDay);
            // A net that is used for part of the device's life carries that part of its share; never more than the device.
            const double years = std::min(1.0, d.lifeYears / d.making->lifeYears);
            postEmbodied(LedgerPhase::EmbodiedDevices, where, m_world.input(where + ".embodied", d.making->embodiedKg) * (part * years * d.fleet.devices),
                fmt::format("{:.3g} % of each device, by time spent inferring", 100 * part * years));
        }
    }

    void totals()
    {
        Amounts all, design;
        for (std::size_t p = 0; p < kPhases; ++p) {
            const auto& a = m_phases[p];
            if (!a.used)
                continue;
            all.add(a.itKwh, a.facilityKwh, a.kg);
            if (p <= static_cast<std::size_t>(LedgerPhase::FineTuning))
                design.add(a.itKwh, a.facilityKwh, a.kg);
        }
        for (std::size_t p = 0; p < kPhases; ++p)
            if (const auto& a = m_phases[p]; a.used)
                m_out.phases.push_back({static_cast<LedgerPhase>(p), m_world.estimate(a.itKwh), m_world.estimate(a.facilityKwh), m_world.estimate(a.kg),
                    all.kg.value() > 0 ? a.kg.value() / all.kg.value() : 0});
        m_out.itKwh = m_world.estimate(all.itKwh);
        m_out.facilityKwh = m_world.estimate(all.facilityKwh);
        m_out.co2eKg = m_world.estimate(all.kg);
        m_out.tornado = m_world.tornado(all.kg);
        m_out.withoutBand = m_world.withoutBand(all.kg);
        m_out.targets = m_in.targets;
        m_out.designKg = m_world.estimate(design.kg);
        if (m_in.targets > 0)
            m_out.designKgPerTarget = m_world.estimate(design.kg / m_in.targets);
        if (m_out.inferences > 0) {
            const auto& use = m_phases[static_cast<std::size_t>(LedgerPhase::Inference)];
            m_out.co2eGPerInference = m_world.estimate(all.kg * (1e3 / m_out.inferences));
            m_out.useGPerInference = m_world.estimate(use.kg * (1e3 / m_out.inferences));
            m_out.inferenceOvertakes = use.kg.value() > design.kg.value();
            m_out.probabilityOvertakes = probabilityLess(design.kg, use.kg);
        }
        if (m_inferencesPerYear > 0 && m_useKgPerYear.value() > 0) {
            const auto years = design.kg / m_useKgPerYear;
            m_out.overtakingInferences = m_world.estimate(years * m_inferencesPerYear);
            m_out.overtakingDays = m_world.estimate(years * 365.0);
        }
    }

    const LedgerInputs& m_in;
    MonteCarlo m_world;
    Ledger m_out;
    std::array<Amounts, kPhases> m_phases;
    double m_inferencesPerYear = 0;
    Uncertain m_useKgPerYear;
};

} // namespace

Ledger ledger(const LedgerInputs& inputs) { return Book(inputs).close(); }

Marginal marginal(const MarginalInputs& in)
{
    MonteCarlo world(in.seed);
    auto pue = in.pue;
    pue.atLeast = 1;
    auto efficiency = in.chargingEfficiency;
    efficiency.atMost = 1;
    need(efficiency.estimate.value > 0, "chargingEfficiency", efficiency.estimate.value, "above 0 up to 1");
    need(in.inferencesPerDay >= 0, "inferencesPerDay", in.inferencesPerDay, "0 or more");
    const auto gPerJoule = world.input("grid", in.gPerKwh) * world.input("pue", pue) / world.input("chargingEfficiency", efficiency) * (1 / 3.6e6);
    const auto a = world.input(in.nameA + ".energyJ", in.energyJA) * gPerJoule * 1e6;
    const auto b = world.input(in.nameB + ".energyJ", in.energyJB) * gPerJoule * 1e6;
    const auto saved = a - b;
    Marginal m;
    m.gPerMillionA = world.estimate(a);
    m.gPerMillionB = world.estimate(b);
    m.savedGPerMillion = world.estimate(saved);
    m.probabilityBLess = probabilityLess(b, a);
    m.tornado = world.tornado(saved);
    m.text = fmt::format("{} emits {} than {} with probability {:.2f}", in.nameB, saved.value() >= 0 ? "less" : "more", in.nameA,
        saved.value() >= 0 ? m.probabilityBLess : 1 - m.probabilityBLess);
    if (in.extraKg && saved.value() > 0) {
        const auto inferences = world.input("extraKg", *in.extraKg) * 1e9 / saved;
        m.paybackInferences = world.estimate(inferences);
        // Where B saves nothing in some worlds, those worlds never pay back.
        if (probabilityLess(b, a) < 1) {
            m.paybackInferences->low.reset();
            m.paybackInferences->high.reset();
        }
        if (in.inferencesPerDay > 0) {
            auto days = *m.paybackInferences;
            days.value /= in.inferencesPerDay;
            for (auto* side : {&days.low, &days.high})
                if (*side)
                    **side /= in.inferencesPerDay;
            m.paybackDays = days;
        }
    }
    return m;
}

} // namespace paretoscope

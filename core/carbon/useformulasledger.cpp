// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole ledger as one request.
#include "carbon/designcost.h"
#include "carbon/facts.h"
#include "carbon/ledger.h"
#include "carbon/useledgerfields.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope::use {

namespace {

std::vector<JsonView> oneOrMore(const JsonView& view) { return view.json().is_array() ? view.elements(1000) : std::vector<JsonView>{view}; }

class Reader {
public:
    explicit Reader(const Request& r)
        : m_r(r)
    {
    }

    Json run()
    {
        LedgerInputs in;
        in.targets = m_r.numberOr("targets", 1);
        in.seed = static_cast<std::uint64_t>(m_r.numberOr("seed", double(kLedgerSeed)));
        in.draws = static_cast<std::size_t>(m_r.numberOr("draws", double(kLedgerDraws)));
        const auto computations = [&](const char* key) {
            std::vector<Computation> list;
            if (m_r.has(key))
                for (const auto& v : oneOrMore(m_r.at(key)))
                    list.push_back(computation(Request(v, computeFields()), list.empty() ? std::string(key) : fmt::format("{} {}", key, list.size() + 1)));
            return list;
        };
        in.search = computations("search");
        in.training = computations("training");
        in.fineTuning = computations("fine_tuning");
        if (m_r.has("discarded"))
            in.discardedFactor = m_r.quantity("discarded");
        if (m_r.has("devices"))
            for (const auto& v : oneOrMore(m_r.at("devices")))
                in.use.push_back(deployment(Request(v, deviceFields()), fmt::format("devices {}", in.use.size() + 1)));
        if (in.search.empty() && in.training.empty() && in.fineTuning.empty() && in.use.empty() && !m_r.has("method") && !m_r.has("marginal"))
            m_r.missing("search, training, fine_tuning, devices, method or marginal");
        Json a = Json::object();
        write(a, paretoscope::ledger(in));
        if (m_r.has("method") || m_r.has("compare"))
            a["amortisation"] = compare(in.targets);
        if (m_r.has("marginal"))
            a["marginal"] = marginalJson(Request(m_r.at("marginal"), marginalFields()), in.seed);
        putAssumptions(a, m_assumptions);
        return a;
    }

private:
    void assume(const std::string& text)
    {
        if (std::find(m_assumptions.begin(), m_assumptions.end(), text) == m_assumptions.end())
            m_assumptions.push_back(text);
    }

    // The request's own grid and PUE are one place: computations that do not say otherwise share its errors.
    Quantity grid(const Request& r, const std::string& owner)
    {
        if (r.has("g_per_kwh")) {
            auto q = r.quantity("g_per_kwh");
            if (q.id.empty())
                q.id = "grid of " + owner;
            return q;
        }
        if (m_r.has("g_per_kwh")) {
            auto q = m_r.quantity("g_per_kwh");
            if (q.id.empty())
                q.id = "grid";
            return q;
        }
        assume("the place is not given: the World's average");
        return worldGrid();
    }

    ComputeMachine machine(const Request& r)
    {
        ComputeMachine m;
        m.embodiedKg = r.quantity("te_kg");
        if (m.embodiedKg.id.empty())
            m.embodiedKg.id = "machine";
        m.gpus = r.numberOr("gpus", m.gpus);
        m.lifeYears = r.numberOr("life_years", m.lifeYears);
        m.utilisation = r.numberOr("util", m.utilisation);
        return m;
    }

    Computation computation(const Request& r, const std::string& fallback)
    {
        Computation c;
        c.name = r.textOr("name", fallback);
        c.gpuHours = r.numberOr("gpu_hours", 0);
        if (r.has("it_kwh"))
            c.itKwh = r.quantity("it_kwh");
        else if (r.has("gpu_hours") && r.has("w_per_gpu"))
            c.wattsPerGpu = r.quantity("w_per_gpu");
        else
            r.missing("it_kwh, or gpu_hours and w_per_gpu");
        if (c.wattsPerGpu && c.wattsPerGpu->id.empty())
            c.wattsPerGpu->id = "watts per GPU";
        if (r.has("pue")) {
            c.pue = pueOf(r, "pue", c.pue);
            if (c.pue.id.empty())
                c.pue.id = "pue of " + c.name;
        } else if (m_r.has("pue")) {
            c.pue = pueOf(m_r, "pue", c.pue);
            if (c.pue.id.empty())
                c.pue.id = "pue";
        } else {
            assume("the PUE is not given: 1.56, an average data centre (Uptime Institute 2024)");
            c.pue = {withFactor(kPueUnknown, bandfactor::kPueUnknown, Kind::Citation, "Uptime Institute 2024"), "pue", 1, 100};
        }
        c.gPerKwh = grid(r, c.name);
        if (r.has("machine"))
            c.machine = machine(Request(r.at("machine"), machineFields()));
        else if (m_r.has("machine"))
            c.machine = machine(Request(m_r.at("machine"), machineFields()));
        if (c.machine && !r.has("gpu_hours"))
            r.missing("gpu_hours, for the machine's embodied share");
        return c;
    }

    Deployment deployment(const Request& r, const std::string& fallback)
    {
        Deployment d;
        d.fleet.name = r.textOr("name", fallback);
        d.fleet.devices = r.number("devices");
        d.fleet.inferencesPerDay = r.number("inferences_per_day");
        d.lifeYears = r.numberOr("life_years", 3);
        if (!r.has("life_years"))
            assume("devices are used for 3 years");
        if (!r.has("charger_eff"))
            assume("efficiency of charger and cell 0.85 (0.75 to 0.92)");
        d.fleet.chargingEfficiency = efficiencyOf(r, "charger_eff", phoneEfficiency());
        d.fleet.pue = pueOf(r, "pue", exactQuantity(1));
        if (r.has("network_j"))
            d.fleet.networkJ = r.quantity("network_j");
        if (r.has("mix") && r.has("g_per_kwh"))
            r.view().fail("two keys say the same", "mix, g_per_kwh", "one of them");
        if (r.has("mix")) {
            for (const auto& part : mixFrom(r.at("mix")))
                d.fleet.mix.push_back({part.zone, part.share, part.gPerKwh});
        } else if (r.has("g_per_kwh")) {
            d.fleet.mix.push_back({"its grid", 1, grid(r, d.fleet.name)});
        } else {
            // Phones are not where the data centre is: its grid would be a guess.
            assume("the countries of the devices are not given: the World's average");
            d.fleet.mix.push_back({"World", 1, worldGrid()});
        }
        if (r.has("j_per_inference")) {
            d.energyJ = r.quantity("j_per_inference");
        } else {
            if (r.has("latency_ms") && r.has("power_w")) {
                d.work.latencyMs = r.quantity("latency_ms");
                d.work.activeW = r.quantity("power_w");
            }
            if (r.has("mmacs") && r.has("pj_per_mac"))
                d.work.work.push_back({"pjPerMac", r.number("mmacs") * 1e6, r.quantity("pj_per_mac")});
            if (r.has("calibration"))
                d.work.calibration = r.quantity("calibration");
            if (!d.work.latencyMs && d.work.work.empty())
                r.missing("j_per_inference; latency_ms and power_w; or mmacs and pj_per_mac");
        }
        if (r.has("embodied")) {
            const Request e(r.at("embodied"), makingFields());
            PhoneMaking making;
            making.embodiedKg = e.quantity("te_kg");
            making.lifeYears = e.numberOr("life_years", making.lifeYears);
            making.screenHoursPerDay = e.numberOr("screen_hours_per_day", making.screenHoursPerDay);
            if (e.has("latency_ms"))
                making.secondsPerInference = e.number("latency_ms") * 1e-3;
            else if (r.has("latency_ms"))
                making.secondsPerInference = r.quantity("latency_ms").estimate.value * 1e-3;
            else
                e.missing("latency_ms");
            d.making = making;
        }
        return d;
    }

    static DesignStrategy method(const Request& r)
    {
        return {r.textOr("model", "ours"), r.numberOr("const_gpuh", 0), r.numberOr("search_per_n", 0), r.numberOr("train_per_n", 0)};
    }

    Json compare(double targets)
    {
        // Without a method of our own: the OFA paper's, no fine-tuning.
        DesignStrategy ours{"OFA with PS", 1240, 0, 0};
        if (m_r.has("method"))
            ours = method(Request(m_r.at("method"), methodFields()));
        std::vector<DesignStrategy> others;
        if (m_r.has("compare"))
            for (const auto& v : m_r.at("compare").elements(1000))
                others.push_back(method(Request(v, methodFields())));
        else
            for (const auto& row : designMethods()) // the paper's table
                if (!row.model.starts_with("OFA"))
                    others.push_back({row.model, row.hours.constant, row.hours.search, row.hours.train});
        Estimate k;
        if (m_r.has("kg_per_gpuh")) {
            k = m_r.quantity("kg_per_gpuh").estimate;
        } else {
            k = withFactor(DesignRates{}.kgPerGpuHour(), 1.37, Kind::Citation, "OFA, ICLR 2020, Table 1");
            assume(fmt::format("{:.5f} kg per GPU-hour, as in the OFA paper", k.value));
        }
        const auto kg = [&](double gpuh) { return product(gpuh, {{"kg_per_gpuh", k, 1}}); };
        Json list = Json::array();
        for (const auto& b : breakEvens(ours, others, targets)) {
            Json j{{"model", b.other}, {"gpuh", b.otherGpuh}, {"kg", b.otherGpuh * k.value}, {"times_ours", b.timesLess}, {"ours_costs_more", b.costsMore}, {"text", b.text}};
            j["break_even_targets"] = b.targets ? Json(*b.targets) : Json(nullptr);
            j["first_target"] = b.first ? Json(*b.first) : Json(nullptr);
            put(j, "co2eKg", kg(b.otherGpuh));
            list.push_back(j);
        }
        const auto point = amortisation(ours, {targets}, k.value)[0];
        Json a{{"model", ours.name}, {"strategy", std::string(1, ours.strategy())}, {"targets", targets}, {"gpuh", point.gpuh}, {"kg", point.kg},
            {"gpuh_per_target", point.gpuhPerTarget ? Json(*point.gpuhPerTarget) : Json(nullptr)},
            {"kg_per_target", point.kgPerTarget ? Json(*point.kgPerTarget) : Json(nullptr)}, {"limit_kg_per_target", ours.perTarget() * k.value}};
        put(a, "co2eKg", kg(point.gpuh));
        if (point.gpuhPerTarget)
            put(a, "co2eKgPerTarget", kg(*point.gpuhPerTarget));
        a["compare"] = list;
        return a;
    }

    Json marginalJson(const Request& r, std::uint64_t seed)
    {
        MarginalInputs in;
        in.nameA = r.textOr("a_name", in.nameA);
        in.nameB = r.textOr("b_name", in.nameB);
        in.energyJA = r.quantity("a_j");
        in.energyJB = r.quantity("b_j");
        in.chargingEfficiency = efficiencyOf(r, "charger_eff", phoneEfficiency());
        in.pue = pueOf(r, "pue", in.pue);
        in.gPerKwh = grid(r, "marginal");
        if (r.has("extra_kg"))
            in.extraKg = r.quantity("extra_kg");
        in.inferencesPerDay = r.numberOr("inferences_per_day", 0);
        in.seed = seed;
        const auto m = paretoscope::marginal(in);
        Json j{{"probability_b_less", m.probabilityBLess}, {"text", m.text}};
        put(j, "gPerMillionA", m.gPerMillionA);
        put(j, "gPerMillionB", m.gPerMillionB);
        put(j, "savedGPerMillion", m.savedGPerMillion);
        if (m.paybackInferences)
            put(j, "paybackInferences", *m.paybackInferences);
        if (m.paybackDays)
            put(j, "paybackDays", *m.paybackDays);
        j["tornado"] = toJson(m.tornado);
        return j;
    }

    static void write(Json& a, const Ledger& l)
    {
        a["it_kwh"] = l.itKwh.value;
        a["facility_kwh"] = l.facilityKwh.value;
        a["kg"] = l.co2eKg.value;
        a["inferences"] = l.inferences;
        a["targets"] = l.targets;
        const auto maybe = [&](const char* key, const std::optional<Estimate>& e) {
            if (e)
                put(a, key, *e);
        };
        Json items = Json::array();
        for (const auto& i : l.items) {
            Json j{{"phase", name(i.phase)}, {"name", i.name}};
            j["itKwh"] = i.itKwh ? paretoscope::toJson(*i.itKwh) : Json(nullptr);
            j["facilityKwh"] = i.facilityKwh ? paretoscope::toJson(*i.facilityKwh) : Json(nullptr);
            put(j, "co2eKg", i.co2eKg);
            if (!i.note.empty())
                j["note"] = i.note;
            items.push_back(j);
        }
        a["items"] = items;
        Json phases = Json::array();
        for (const auto& p : l.phases) {
            Json j{{"phase", name(p.phase)}, {"share", p.share}};
            put(j, "itKwh", p.itKwh);
            put(j, "facilityKwh", p.facilityKwh);
            put(j, "co2eKg", p.co2eKg);
            phases.push_back(j);
        }
        a["phases"] = phases;
        put(a, "itKwh", l.itKwh);
        put(a, "facilityKwh", l.facilityKwh);
        put(a, "co2eKg", l.co2eKg);
        put(a, "designKg", l.designKg);
        maybe("designKgPerTarget", l.designKgPerTarget);
        maybe("co2eGPerInference", l.co2eGPerInference);
        maybe("useGPerInference", l.useGPerInference);
        maybe("overtakingInferences", l.overtakingInferences);
        maybe("overtakingDays", l.overtakingDays);
        if (l.inferences > 0) {
            a["inference_overtakes_design"] = l.inferenceOvertakes;
            a["probability_overtakes"] = l.probabilityOvertakes;
        }
        a["tornado"] = toJson(l.tornado);
        if (!l.withoutBand.empty())
            a["without_band"] = l.withoutBand;
        if (!l.warnings.empty())
            a["warnings"] = l.warnings;
    }

    const Request& m_r;
    Assumptions m_assumptions;
};

Json runLedger(const JsonView& view)
{
    const Request r(view, ledgerFields());
    return Reader(r).run();
}

} // namespace

Formula ledgerFormula()
{
    const Json example{{"targets", 40}, {"g_per_kwh", 432.7}, {"pue", 1.58}, {"machine", {{"te_kg", 3700}, {"gpus", 8}, {"life_years", 5}, {"util", 0.5}}},
        {"search", {{"name", "accuracy data and predictor"}, {"gpu_hours", 40}, {"w_per_gpu", 188.15}}},
        {"training", {{"name", "supernet"}, {"gpu_hours", 1200}, {"w_per_gpu", 188.15}}}, {"discarded", 0.5}, {"fine_tuning", {{"gpu_hours", 25}, {"w_per_gpu", 188.15}}},
        {"devices",
            Json::array({{{"name", "phones"}, {"devices", 1000000}, {"inferences_per_day", 10}, {"life_years", 3}, {"j_per_inference", 0.05}, {"charger_eff", 0.85},
                {"mix", Json::array({{{"zone", "FR"}, {"share", 0.4}, {"g_per_kwh", 44.18}}, {{"zone", "DE"}, {"share", 0.6}, {"g_per_kwh", 342.06}}})},
                {"embodied", {{"te_kg", 55.5}, {"life_years", 3}, {"screen_hours_per_day", 3}, {"latency_ms", 20}}}}})},
        {"method", {{"model", "OFA with PS #25"}, {"const_gpuh", 1240}, {"train_per_n", 25}}},
        {"compare", Json::array({{{"model", "ProxylessNAS"}, {"search_per_n", 200}, {"train_per_n", 300}}})},
        {"marginal", {{"a_j", {{"value", 0.06}, {"factor", 2.0}, {"id", "phone"}}}, {"b_j", {{"value", 0.05}, {"factor", 2.0}, {"id", "phone"}}}, {"extra_kg", 9.65}, {"g_per_kwh", 472.94}}}};
    return {"ledger", "one ledger from the search to the last inference, with bands, amortisation and break-evens (spec 6.3)", ledgerSchema(), example, runLedger};
}

} // namespace paretoscope::use

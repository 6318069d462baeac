// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/useledgerfields.h"

#include "carbon/ledger.h"

namespace paretoscope::use {

const Fields& machineFields()
{
    static const Fields fields{
        {"te_kg", Type::Quantity, "embodied of the whole machine, kg (3700 for eight A100)", {"embodied_kg"}, 0, true, kMost, bandfactor::kEmbodiedClass},
        {"gpus", Type::Number, "GPUs in it (8)", {}, 0, true},
        {"life_years", Type::Number, "years of service (5)", {}, 0, true},
        {"util", Type::Number, "productive share of its life (0.5)", {"utilisation", "utilization"}, 0, true, 1},
    };
    return fields;
}

const Fields& computeFields()
{
    static const Fields fields{
        {"name", Type::Text, "name of the computation"},
        {"it_kwh", Type::Quantity, "IT energy, kWh; else gpu_hours and w_per_gpu", {}, 0, false, kMost, bandfactor::kNodeWatts},
        {"gpu_hours", Type::Number, "GPU-hours", {"gpuh"}},
        {"w_per_gpu", Type::Quantity, "watts of the node over its GPUs", {}, 0, true, kMost, bandfactor::kNodeWatts},
        pueField(),
        gridField(),
        {"machine", Type::Object, "the machine, for its embodied share"},
    };
    return fields;
}

const Fields& makingFields()
{
    static const Fields fields{
        {"te_kg", Type::Quantity, "embodied of one device, kg", {"embodied_kg"}, 0, true, kMost, bandfactor::kEmbodiedClass},
        {"life_years", Type::Number, "years the device lasts (3)", {}, 0, true},
        {"screen_hours_per_day", Type::Number, "hours a day with the screen on (3)", {}, 0, true, 24},
        {"latency_ms", Type::Number, "time one inference takes, ms", {}, 0, true},
    };
    return fields;
}

const Fields& deviceFields()
{
    static const Fields fields{
        {"name", Type::Text, "name of the kind of device"},
        {"devices", Type::Number, "number of devices", {"count", "n"}},
        {"inferences_per_day", Type::Number, "inferences of one device and day", {"per_day", "r"}},
        {"life_years", Type::Number, "years of use (3)", {"years"}},
        energyField(),
        {"latency_ms", Type::Quantity, "latency of an inference, ms", {}, 0, true},
        {"power_w", Type::Quantity, "power while inferring, W", {"w"}, 0, true, kMost, bandfactor::kPowerActive},
        {"mmacs", Type::Number, "million multiply-accumulates", {}, 0, true},
        {"pj_per_mac", Type::Quantity, "picojoule per multiply-accumulate", {}, 0, true, kMost, bandfactor::kPjPerMac},
        {"calibration", Type::Quantity, "calibration factor kappa of the device", {"kappa"}, 0, true, kMost, 1.2},
        efficiencyField(),
        pueField(),
        {"network_j", Type::Quantity, "joule of the network for each inference that is sent away"},
        {"mix", Type::Any, "countries: a list of {zone, share, g_per_kwh} or {zone: share}"},
        gridField(),
        {"embodied", Type::Object, "the device's own making, by time spent inferring (left out unless given)"},
    };
    return fields;
}

const Fields& methodFields()
{
    static const Fields fields{
        {"model", Type::Text, "name of the method", {"name"}},
        {"const_gpuh", Type::Number, "GPU-hours spent once"},
        {"search_per_n", Type::Number, "GPU-hours of search for each target", {"search_gpuh_per_n"}},
        {"train_per_n", Type::Number, "GPU-hours of training for each target", {"train_gpuh_per_n"}},
    };
    return fields;
}

const Fields& marginalFields()
{
    static const Fields fields{
        {"a_j", Type::Quantity, "joule of an inference of subnet A", {}, 0, true, kMost, bandfactor::kInferenceJ},
        {"b_j", Type::Quantity, "joule of an inference of subnet B", {}, 0, true, kMost, bandfactor::kInferenceJ},
        {"a_name", Type::Text, "name of A"},
        {"b_name", Type::Text, "name of B"},
        efficiencyField(),
        pueField(),
        gridField(),
        {"extra_kg", Type::Quantity, "what B cost more to find or tune, kg", {}, 0, false, kMost, 1.37},
        {"inferences_per_day", Type::Number, "inferences of the whole fleet and day"},
    };
    return fields;
}

const Fields& ledgerFields()
{
    static const Fields fields{
        {"targets", Type::Number, "nets that are deployed (1); 0 leaves what is spent once", {"n"}},
        gridField(),
        pueField(),
        {"machine", Type::Object, "the machine of all computations, for its embodied share"},
        {"search", Type::Any, "a computation or a list: {name, it_kwh or gpu_hours and w_per_gpu, pue, g_per_kwh, machine}"},
        {"training", Type::Any, "as search", {"train"}},
        {"discarded", Type::Quantity, "experiments thrown away over training: 0.5 (OLMo), 1.7 (BLOOM) or your own", {"discarded_factor", "m"}, 0, false, kMost, 1.5},
        {"fine_tuning", Type::Any, "as search, for one target"},
        {"devices", Type::Any, "a kind of device or a list: {name, devices, inferences_per_day, life_years, j_per_inference, charger_eff, mix, embodied}", {"use"}},
        {"method", Type::Object, "our strategy {model, const_gpuh, search_per_n, train_per_n}, to compare"},
        {"compare", Type::List, "other strategies, as method; without it the rows of the OFA paper"},
        {"kg_per_gpuh", Type::Quantity, "kg CO2e of a GPU-hour, for method and compare (0.12864, the OFA paper)", {}, 0, true, kMost, 1.37},
        {"marginal", Type::Object, "two subnets: {a_j, b_j, charger_eff, g_per_kwh, extra_kg, inferences_per_day}"},
        {"seed", Type::Number, "seed of the draws (1)", {}, 0, false, 9e15},
        {"draws", Type::Number, "number of draws (4096)", {}, 16, false, 65536},
    };
    return fields;
}

Json ledgerSchema()
{
    auto schema = schemaOf("ledger", ledgerFields());
    // The objects inside, spelt out.
    const auto inner = [&](const char* key, const char* title, const Fields& fields, bool list) {
        auto object = schemaOf(title, fields);
        object.erase("$schema");
        auto& place = schema["properties"][key];
        const auto text = place["description"];
        place = list ? Json{{"oneOf", {object, {{"type", "array"}, {"items", object}}}}} : object;
        place["description"] = text;
    };
    for (const char* key : {"search", "training", "fine_tuning"})
        inner(key, "computation", computeFields(), true);
    inner("devices", "kind of device", deviceFields(), true);
    inner("machine", "machine", machineFields(), false);
    inner("method", "strategy", methodFields(), false);
    inner("marginal", "two subnets", marginalFields(), false);
    return schema;
}

} // namespace paretoscope::use

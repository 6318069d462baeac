// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/facts.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

constexpr double kHuge = 1e15;

// Every list is made the same way: one row of the file, one value.
template <typename Fact, typename Read>
std::vector<Fact> readFacts(const char* file, Read&& read)
{
    const auto table = FactTable::embedded(file);
    std::vector<Fact> facts;
    facts.reserve(table.size());
    for (std::size_t i = 0; i < table.size(); ++i)
        facts.push_back(read(table.row(i)));
    return facts;
}

void checkBand(
    const FactTable::Row& row, double value, const std::optional<double>& low, const std::optional<double>& high)
{
    if ((low && *low > value) || (high && *high < value))
        row.cell("low").fail("the band does not hold the value", fmt::format("{:g}", value));
}

template <typename Fact, typename Key>
const Fact& factByKey(const std::vector<Fact>& facts, const std::string& key, const char* problem, Key&& keyOf)
{
    for (const auto& f : facts)
        if (keyOf(f) == key)
            return f;
    std::vector<std::string> keys;
    for (const auto& f : facts)
        keys.push_back(keyOf(f));
    throw ValueError({{}, problem, quote(key), joinNames(nearestTexts(key, keys))});
}

template <std::size_t N>
std::array<double, N> hours(const JsonView& cell)
{
    const auto values = cell.numbers(0, 1e5, N);
    if (values.size() != N)
        cell.fail("wrong number of hours", std::to_string(values.size()), std::to_string(N));
    std::array<double, N> a{};
    std::copy(values.begin(), values.end(), a.begin());
    return a;
}

std::vector<IntensityProfile> readProfiles()
{
    const auto table = FactTable::embedded("profiles");
    std::vector<IntensityProfile> profiles;
    std::vector<int> months; // read so far, for each profile
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto row = table.row(i);
        const auto zone = row.text("zone");
        const auto month = row.integer("month", 1, 12);
        auto p = std::find_if(profiles.begin(), profiles.end(), [&](const auto& x) { return x.zone == zone; });
        if (p == profiles.end()) {
            profiles.push_back({zone, row.integer("year", 1990, 2100), {}, {}, row.source()});
            months.push_back(0);
            p = profiles.end() - 1;
        }
        auto& next = months[static_cast<std::size_t>(p - profiles.begin())];
        if (month != ++next)
            row.cell("month").fail("the months are not in order", std::to_string(month), std::to_string(next));
        p->relative[static_cast<std::size_t>(month - 1)] = hours<24>(row.cell("relativeByHour"));
        p->gPerKwh[static_cast<std::size_t>(month - 1)] = hours<24>(row.cell("gPerKwhByHour"));
    }
    for (std::size_t i = 0; i < profiles.size(); ++i)
        if (months[i] != 12)
            throw FormatError({"facts/profiles.json", "a profile lacks months", profiles[i].zone, "12 months"});
    return profiles;
}

} // namespace

const std::vector<EmbodiedFact>& embodiedFacts()
{
    static const auto facts = readFacts<EmbodiedFact>("embodied", [](const FactTable::Row& r) {
        EmbodiedFact f{r.text("id"), r.text("title"), r.number("kgCo2e", 1e-9, kHuge), r.optional("low", 0, kHuge),
            r.optional("high", 0, kHuge), r.text("per"), r.optional("lifetimeYears", 0.1, 100), r.text("basis"),
            r.text("note"), r.source()};
        checkBand(r, f.kgCo2e, f.low, f.high);
        return f;
    });
    return facts;
}

const EmbodiedFact& embodiedFact(const std::string& id)
{
    return factByKey(
        embodiedFacts(), id, "there is no embodied figure with this id", [](const auto& f) { return f.id; });
}

const std::vector<InferenceEnergyFact>& inferenceEnergyFacts()
{
    static const auto facts = readFacts<InferenceEnergyFact>("inferenceenergy", [](const FactTable::Row& r) {
        return InferenceEnergyFact{r.text("device"), r.text("model"), r.optional("megaMacs", 0, kHuge),
            r.optional("latencyMs", 0, kHuge), r.number("energyMilliJ", 1e-9, kHuge),
            r.optional("energyMilliJLow", 0, kHuge), r.optional("energyMilliJHigh", 0, kHuge),
            r.optional("impliedW", 0, kHuge), r.optional("pjPerMac", 0, kHuge), r.text("boundary"),
            r.text("confidence"), r.text("note"), r.source()};
    });
    return facts;
}

const std::vector<EquivalentFact>& equivalentFacts()
{
    static const auto facts = readFacts<EquivalentFact>("equivalents", [](const FactTable::Row& r) {
        return EquivalentFact{
            r.text("key"), r.text("unit"), r.number("value", 1e-9, kHuge), r.text("note"), r.source()};
    });
    return facts;
}

const EquivalentFact& equivalentFact(const std::string& key)
{
    return factByKey(
        equivalentFacts(), key, "there is no equivalent with this key", [](const auto& f) { return f.key; });
}

const std::vector<FuelFact>& fuelFacts()
{
    static const auto facts = readFacts<FuelFact>("fuelfactors", [](const FactTable::Row& r) {
        return FuelFact{r.text("fuel"), r.number("lifecycleGPerKwh", 0, 5000), r.number("directGPerKwh", 0, 5000),
            r.optional("codecarbonGPerKwh", 0, 5000), r.source()};
    });
    return facts;
}

const FuelFact& fuelFact(const std::string& fuel)
{
    return factByKey(fuelFacts(), fuel, "there is no factor for this fuel", [](const auto& f) { return f.fuel; });
}

const std::vector<PueFact>& pueFacts()
{
    static const auto facts = readFacts<PueFact>("pue", [](const FactTable::Row& r) {
        return PueFact{r.text("scope"), r.has("year") ? std::optional(r.integer("year", 1990, 2100)) : std::nullopt,
            r.number("pue", 1, 10), r.text("note"), r.source()};
    });
    return facts;
}

const std::vector<Green500Fact>& green500Facts()
{
    static const auto facts = readFacts<Green500Fact>("green500", [](const FactTable::Row& r) {
        return Green500Fact{
            r.integer("year", 1990, 2100), r.text("system"), r.number("gflopsPerWatt", 1e-6, 1e6), r.source()};
    });
    return facts;
}

const std::vector<IntensityProfile>& intensityProfiles()
{
    static const auto profiles = readProfiles();
    return profiles;
}

const IntensityProfile* intensityProfile(const std::string& zone)
{
    for (const auto& p : intensityProfiles())
        if (p.zone == zone)
            return &p;
    return nullptr;
}

const std::vector<ShiftFact>& shiftFacts()
{
    static const auto facts = readFacts<ShiftFact>("shiftstatistics", [](const FactTable::Row& r) {
        const auto share = [&](const char* column) { return r.number(column, 0, 1); };
        return ShiftFact{r.text("zone"), r.integer("year", 1990, 2100), r.number("meanGPerKwh", 0, 5000),
            r.number("p5GPerKwh", 0, 5000), r.number("p95GPerKwh", 0, 5000), r.number("medianDailyMaxOverMin", 1, 1000),
            {share("save1h"), share("save4h"), share("save24h"), share("save168h")},
            {share("pause4h"), share("pause24h"), share("pause168h")}, r.source()};
    });
    return facts;
}

} // namespace paretoscope

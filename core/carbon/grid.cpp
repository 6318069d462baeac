// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/grid.h"

#include "base/error.h"
#include "carbon/factband.h"
#include "carbon/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace paretoscope {

namespace {

constexpr std::array<std::string_view, 7> kLevels{
    "world", "aggregate", "country", "country_alt", "us_state", "us_egrid_subregion", "user"};
constexpr double kMaxGPerKwh = 5000; // no plant emits more; a larger number is kg or a slip
// A tiny hydro grid that the source rounds to nothing stands in the table as 0; life cycle of hydro (IPCC 2014).
constexpr double kZeroGridGPerKwh = 24;

std::string lower(std::string_view text)
{
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos
        ? std::string()
        : std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

/// "The Philippines" → "philippines", "Congo (DRC)" → "congo": what people leave away.
std::string shortName(std::string_view name)
{
    auto text = lower(name.substr(0, name.find_first_of("([")));
    if (text.starts_with("the "))
        text.erase(0, 4);
    return folded(text);
}

std::string withYear(int year) { return year ? fmt::format(", {}", year) : std::string(); }

Intensity intensityOf(const GridZone& z)
{
    Intensity i;
    const bool zero = z.level != GridLevel::User && z.gPerKwh == 0;
    const double value = zero ? kZeroGridGPerKwh : z.gPerKwh;
    const auto kind = z.level == GridLevel::User ? Kind::User : Kind::Table;
    i.gPerKwh = banded(value, z.flag.empty() ? bandfactor::kGridYear : bandfactor::kGridFlagged, kind,
        fmt::format("{} ({}){}, {}, {}", z.name, z.id, withYear(z.year), z.source.basis, z.source.source));
    i.zone = z.id;
    i.title = z.name;
    i.year = z.year;
    i.basis = z.source.basis;
    i.licence = z.source.licence;
    i.flag = z.flag;
    if (zero)
        i.warnings.push_back(fmt::format(
            "the source rounds {} to 0 g/kWh; {:g} g/kWh (life cycle of hydro) is used instead", z.name, value));
    else if (!z.flag.empty())
        i.warnings.push_back(fmt::format("{} is flagged in the table: {}", z.name, z.flag));
    return i;
}

Intensity intensityOf(const CloudRegion& r)
{
    Intensity i;
    i.gPerKwh = banded(r.gPerKwh, r.flag.empty() ? bandfactor::kGridYear : bandfactor::kGridFlagged, Kind::Table,
        fmt::format("{} {} ({}){}, {}, {}{}", r.provider, r.region, r.location, withYear(r.year), r.source.basis,
            r.source.source, r.mappedTo.empty() ? std::string() : " [" + r.mappedTo + "]"));
    i.zone = r.provider + " " + r.region;
    i.title = r.location;
    i.year = r.year;
    i.basis = r.source.basis;
    i.licence = r.source.licence;
    i.flag = r.flag;
    i.pue = r.pue ? banded(*r.pue, bandfactor::kPueStated, Kind::Table,
                fmt::format("{} {}{}, {}", r.provider, r.region, withYear(r.pueYear.value_or(0)), r.pueSource))
                  : banded(r.fallbackPue, bandfactor::kPueUnknown, Kind::Table,
                      fmt::format("mean of the {} fleet; none is published for {}", r.provider, r.region));
    i.pue->low = std::max(1.0, *i.pue->low); // a PUE cannot be below 1
    if (!r.flag.empty())
        i.warnings.push_back(fmt::format("{} {}: {}", r.provider, r.region, r.flag));
    return i;
}

Intensity intensityOf(const IntensitySeries& s)
{
    Intensity i;
    const auto hours = static_cast<std::int64_t>(s.gPerKwh.size());
    i.gPerKwh = banded(s.mean(), bandfactor::kGridYear, Kind::User,
        fmt::format("mean of {} hours from {} in {}, {}", hours, hourToText(s.firstHour), s.source, s.basis));
    i.zone = s.zone;
    i.title = s.zone;
    i.basis = s.basis;
    i.licence = "the user's";
    if (s.interpolated > 0)
        i.warnings.push_back(fmt::format("{} missing hours of {} were interpolated", s.interpolated, s.zone));
    return i;
}

std::optional<Intensity> number(const std::string& text)
{
    double value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end) {
        const bool comma = !text.empty() && text.find_first_not_of("0123456789,") == std::string::npos;
        if (comma && text.find(',') != std::string::npos)
            throw ValueError({{}, "a number with a decimal comma", quote(text), "a decimal point, such as 412.5"});
        return {};
    }
    if (!std::isfinite(value) || value < 0 || value > kMaxGPerKwh)
        throw ValueError(
            {{}, "the intensity is out of range", text, fmt::format("0 to {:g} g CO2e per kWh", kMaxGPerKwh)});
    Intensity i;
    i.gPerKwh = {value, {}, {}, Kind::User, fmt::format("{} g/kWh given by the user", text)};
    i.zone = i.basis = i.licence = "user";
    i.title = text + " g/kWh";
    if (value == 0)
        i.warnings.emplace_back("0 g/kWh: certificates and offsets are no part of a location-based total");
    return i;
}

std::string described(const GridZone& z) { return z.id == z.name ? z.id : fmt::format("{} ({})", z.id, z.name); }

GridLevel levelOf(const JsonView& cell)
{
    const auto text = cell.string();
    const auto found = std::find(kLevels.begin(), kLevels.end() - 1, text);
    if (found == kLevels.end() - 1)
        cell.fail("unknown level", quote(text));
    return static_cast<GridLevel>(found - kLevels.begin());
}

std::vector<GridZone> readZones(const FactTable& table)
{
    std::vector<GridZone> zones;
    zones.reserve(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto r = table.row(i);
        zones.push_back({r.text("id"), levelOf(r.cell("level")), r.text("iso2"), r.text("iso3"), r.text("name"),
            r.number("gPerKwh", 0, kMaxGPerKwh), r.integer("year", 1990, 2100), r.text("flag"), r.source()});
        if (zones.back().level == GridLevel::Country
            && (zones.back().iso2.size() != 2 || zones.back().iso3.size() != 3))
            r.cell("iso2").fail("a country needs both ISO codes");
    }
    return zones;
}

std::vector<CloudRegion> readRegions()
{
    const auto table = FactTable::embedded("cloudregions");
    std::vector<CloudRegion> regions;
    regions.reserve(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto r = table.row(i);
        CloudRegion c;
        c.provider = r.text("provider");
        c.region = r.text("region");
        c.location = r.text("location");
        c.iso2 = r.text("iso2");
        c.electricityMapsZone = r.text("electricityMapsZone");
        c.mappedTo = r.text("mappedTo");
        c.gPerKwh = r.number("gPerKwh", 0, kMaxGPerKwh);
        c.year = r.integer("year", 1990, 2100);
        c.carbonFreeShare = r.optional("carbonFreeShare", 0, 1);
        c.pue = r.optional("pue", 1, 10);
        if (c.pue) {
            c.pueYear = r.integer("pueYear", 1990, 2100);
            c.pueSource = r.source("pueSource").source;
        }
        c.fallbackPue = r.number("fallbackPue", 1, 10);
        c.flag = r.text("flag");
        const auto history = r.cell("gPerKwh2019To2024").elements(6);
        if (history.size() != c.gPerKwh2019To2024.size())
            r.cell("gPerKwh2019To2024").fail("wrong number of years");
        for (std::size_t y = 0; y < history.size(); ++y)
            if (!history[y].json().is_null())
                c.gPerKwh2019To2024[y] = history[y].number(0, kMaxGPerKwh);
        c.source = r.source();
        regions.push_back(std::move(c));
    }
    return regions;
}

bool isCalled(const CloudRegion& r, const std::string& text)
{
    const auto key = lower(text);
    if (key == r.region)
        return true;
    return key.size() == r.provider.size() + 1 + r.region.size() && key.starts_with(r.provider)
        && key.ends_with(r.region) && std::string_view(" /:").find(key[r.provider.size()]) != std::string_view::npos;
}

bool isCoded(const GridZone& z, const std::string& text)
{
    const auto key = lower(text);
    const bool country = z.level == GridLevel::Country;
    return key == lower(z.id) || (country && (key == lower(z.iso2) || key == lower(z.iso3)))
        || (z.level == GridLevel::UsSubregion && "egrid-" + key == lower(z.id));
}

} // namespace

std::string_view name(GridLevel level) { return kLevels[static_cast<std::size_t>(level)]; }

double IntensitySeries::mean() const
{
    return std::accumulate(gPerKwh.begin(), gPerKwh.end(), 0.0) / static_cast<double>(gPerKwh.size());
}

double IntensitySeries::at(std::int64_t hour) const
{
    const auto last = firstHour + static_cast<std::int64_t>(gPerKwh.size()) - 1;
    if (hour < firstHour || hour > last)
        throw ValueError({source, "the series does not reach this hour", hourToText(hour),
            hourToText(firstHour) + " to " + hourToText(last)});
    return gPerKwh[static_cast<std::size_t>(hour - firstHour)];
}

std::string basisFamily(std::string_view basis)
{
    for (const auto* family : {"lifecycle", "direct", "operational"})
        if (basis.starts_with(family))
            return family;
    return "user";
}

std::vector<std::string> mixedBases(const std::vector<Intensity>& intensities)
{
    std::vector<std::string> seen;
    for (const auto& i : intensities) {
        // Consumption and production differ too, by what crosses the border.
        const auto basis = i.basis.substr(0, i.basis.find(" ("));
        if (basis != "user" && std::find(seen.begin(), seen.end(), basis) == seen.end())
            seen.push_back(basis);
    }
    if (seen.size() < 2)
        return {};
    return {"intensities of different bases are put side by side: " + joinNames(seen)};
}

GridBook::GridBook()
{
    const auto table = FactTable::embedded("grid");
    m_zones = readZones(table);
    m_regions = readRegions();
    for (const auto& [alias, id] : table.view().at("aliases").items())
        m_aliases.emplace_back(folded(alias), id.string());
}

Intensity GridBook::find(const std::string& text) const
{
    const auto wanted = trimmed(text);
    if (wanted.empty())
        throw ValueError(
            {{}, "no place is given", {}, "a zone such as FR, US-CA or us-east-1; World; or a number in g/kWh"});
    if (auto given = number(wanted))
        return *given;
    const auto key = folded(wanted);
    for (const auto& s : m_series)
        if (lower(s.zone) == lower(wanted))
            return intensityOf(s);
    for (const auto& z : m_user)
        if (isCoded(z, wanted) || folded(z.name) == key)
            return intensityOf(z);
    for (const auto& r : m_regions)
        if (isCalled(r, wanted))
            return intensityOf(r);
    for (const auto& z : m_zones)
        if (isCoded(z, wanted))
            return intensityOf(z);
    const auto chosen = [&](auto&& nameOf) -> const GridZone* {
        std::vector<const GridZone*> found;
        std::vector<std::string> names;
        for (const auto& z : m_zones)
            if (!key.empty() && nameOf(z.name) == key) {
                found.push_back(&z);
                names.push_back(described(z) + ", " + std::string(name(z.level)));
            }
        if (found.size() > 1)
            throw ValueError({{}, "several zones have this name", quote(wanted), joinNames(names)});
        return found.empty() ? nullptr : found.front();
    };
    if (const auto* z = chosen([](const auto& n) { return folded(n); }))
        return intensityOf(*z);
    for (const auto& [alias, id] : m_aliases)
        if (alias == key)
            return find(id);
    if (const auto* z = chosen([](const auto& n) { return shortName(n); }))
        return intensityOf(*z);

    std::vector<std::string> names;
    std::vector<std::string> suggestions; // regions at the place of this name come first
    for (const auto& r : m_regions) {
        if (key.size() >= 3 && folded(r.location).find(key) != std::string::npos)
            suggestions.push_back(fmt::format("{} {} ({})", r.provider, r.region, r.location));
        names.push_back(r.region);
    }
    for (const auto& z : m_zones)
        names.push_back(z.name);
    for (const auto& n : nearestTexts(wanted, names)) {
        const auto zone = std::find_if(m_zones.begin(), m_zones.end(), [&](const auto& z) { return z.name == n; });
        suggestions.push_back(zone == m_zones.end() ? n : described(*zone));
    }
    throw ValueError({{}, "there is no grid zone with this name", quote(wanted),
        joinNames(suggestions, 6) + "; World; or a number in g/kWh"});
}

Intensity GridBook::findOrWorld(const std::string& text) const
{
    try {
        return find(text);
    } catch (const ValueError& e) {
        auto world = find("World");
        world.warnings.push_back(fmt::format("the world average stands in for {}: {}", quote(text), e.parts().problem));
        world.flag = "fallback_world";
        world.gPerKwh = banded(world.gPerKwh.value, bandfactor::kGridFlagged, Kind::Table,
            world.gPerKwh.source + fmt::format(", in place of {}", quote(text)));
        return world;
    }
}

const GridBook& builtInGrids()
{
    static const GridBook book;
    return book;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The user's own intensities: zones or hourly series from CSV.
#include "carbon/grid.h"

#include "base/error.h"
#include "base/file.h"
#include "carbon/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <map>
#include <utility>

namespace paretoscope {

namespace {

constexpr int kLongestGapHours = 3; // longer ones would invent a night or a day
constexpr double kMaxGPerKwh = 5000;
constexpr std::size_t kMaxBytes = 64u << 20;

struct CsvLine {
    std::size_t number = 0;
    std::vector<std::string> cells;
};

struct Csv {
    std::string where;
    char separator = ',';
    std::vector<CsvLine> lines; // the first is the header

    std::string at(const CsvLine& line) const { return fmt::format("{}:{}", where, line.number); }
};

// RFC 4180 with either line ending, an optional byte order mark, and ';' where the header uses it.
Csv parseCsv(std::string_view text, const std::string& where)
{
    Csv csv;
    csv.where = where;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const auto header = text.substr(0, text.find('\n'));
    if (header.find(',') == std::string_view::npos && header.find(';') != std::string_view::npos)
        csv.separator = ';';
    CsvLine line{1, {}};
    std::string cell;
    std::size_t number = 1;
    bool quoted = false, wasQuoted = false;
    const auto endLine = [&] {
        line.cells.push_back(std::exchange(cell, {}));
        if (line.cells.size() > 1 || !line.cells.front().empty())
            csv.lines.push_back(std::move(line));
        line = {number + 1, {}};
        wasQuoted = false;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
                cell += '"';
                ++i;
            } else if (c == '"') {
                quoted = false;
            } else {
                cell += c;
            }
        } else if (c == '"' && cell.empty() && !wasQuoted) {
            quoted = wasQuoted = true;
        } else if (c == csv.separator) {
            line.cells.push_back(std::exchange(cell, {}));
            wasQuoted = false;
        } else if (c == '\n') {
            endLine();
        } else if (c != '\r') {
            cell += c;
        }
        number += c == '\n';
    }
    if (quoted)
        throw FormatError({csv.at(line), "a quotation mark is not closed", {}, {}});
    if (!cell.empty() || !line.cells.empty())
        endLine();
    if (csv.lines.size() < 2)
        throw FormatError({where, "there is nothing in the file", fmt::format("{} lines", csv.lines.size()),
            "a header and at least one row"});
    const auto columns = csv.lines.front().cells.size();
    for (const auto& l : csv.lines)
        if (l.cells.size() != columns)
            throw FormatError({csv.at(l), "wrong number of cells (a number with a decimal comma?)",
                std::to_string(l.cells.size()), std::to_string(columns)});
    return csv;
}

double numberOf(const Csv& csv, const CsvLine& line, std::size_t column)
{
    const auto& text = line.cells[column];
    double value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end) {
        const bool comma =
            text.find(',') != std::string::npos && text.find_first_not_of("0123456789,.-") == std::string::npos;
        throw FormatError({csv.at(line), comma ? "a number with a decimal comma" : "not a number", quote(text),
            comma ? "a decimal point" : "g CO2e per kWh"});
    }
    if (!std::isfinite(value) || value < 0 || value > kMaxGPerKwh)
        throw FormatError({csv.at(line), "the intensity is out of range", text,
            fmt::format("0 to {:g} g CO2e per kWh", kMaxGPerKwh)});
    return value;
}

// Which column holds what; kNone where there is none.
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Columns {
    std::size_t time = kNone, zone = kNone, name = kNone, value = kNone, year = kNone, basisColumn = kNone,
                source = kNone;
    std::string basis;
};

Columns columnsOf(const Csv& csv)
{
    Columns c;
    const auto& header = csv.lines.front().cells;
    std::size_t direct = kNone, lifeCycle = kNone;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const auto h = folded(header[i]);
        if (h.starts_with("datetime") || h == "time" || h == "timestamp")
            c.time = c.time == kNone ? i : c.time;
        else if (h == "zoneid" || h == "id" || h == "zone")
            c.zone = i;
        else if (h == "zonename" || h == "name")
            c.name = i;
        else if (h == "gperkwh" || h == "gco2eperkwh" || h == "gco2perkwh")
            c.value = i;
        else if (h == "year")
            c.year = i;
        else if (h == "basis")
            c.basisColumn = i;
        else if (h == "source")
            c.source = i;
        else if (h.starts_with("carbonintensity"))
            (h.find("lifecycle") != std::string::npos || h.find("lca") != std::string::npos ? lifeCycle : direct) = i;
    }
    c.basis = "as in the user's file";
    if (c.value == kNone && (lifeCycle != kNone || direct != kNone)) {
        c.value = lifeCycle != kNone ? lifeCycle : direct;
        c.basis = lifeCycle != kNone ? "lifecycle/consumption" : "direct/consumption";
    }
    if (c.value == kNone || (c.time == kNone && c.zone == kNone))
        throw FormatError({csv.at(csv.lines.front()), "the columns are not known", quote(joinNames(header)),
            "time,g_per_kwh; id,name,g_per_kwh; or an export of Electricity Maps"});
    return c;
}

bool digits(std::string_view text, std::size_t at, std::size_t count, int& value)
{
    if (at + count > text.size())
        return false;
    const auto [stop, error] = std::from_chars(text.data() + at, text.data() + at + count, value);
    return error == std::errc() && stop == text.data() + at + count && text[at] != '-';
}

std::int64_t minuteFromIso(std::string_view text, const std::string& where)
{
    const auto bad = [&]() -> std::int64_t {
        throw FormatError({where, "not a time", quote(text), "ISO 8601, such as 2024-03-01T05:00Z"});
    };
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (!digits(text, 0, 4, year) || text.size() < 10 || text[4] != '-' || !digits(text, 5, 2, month) || text[7] != '-'
        || !digits(text, 8, 2, day))
        return bad();
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
        std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return bad();
    std::size_t at = 10;
    int offset = 0;
    if (at < text.size()) {
        if ((text[at] != 'T' && text[at] != ' ') || !digits(text, at + 1, 2, hour) || hour > 23)
            return bad();
        at += 3;
        if (at + 2 < text.size() && text[at] == ':') {
            if (!digits(text, at + 1, 2, minute) || minute > 59)
                return bad();
            at += 3;
        }
        if (at + 2 < text.size() && text[at] == ':') {
            if (!digits(text, at + 1, 2, second) || second > 60)
                return bad();
            at += 3;
            if (at < text.size() && text[at] == '.')
                at = std::min(text.size(), text.find_first_not_of("0123456789", at + 1));
        }
        const auto rest = text.substr(at);
        if (rest.size() >= 3 && (rest[0] == '+' || rest[0] == '-')) {
            int hours = 0, minutes = 0;
            const bool colon = rest.size() == 6 && rest[3] == ':';
            if (!digits(rest, 1, 2, hours) || hours > 14
                || (rest.size() > 3 && !digits(rest, colon ? 4 : 3, 2, minutes))
                || (rest.size() > 3 && !colon && rest.size() != 5))
                return bad();
            offset = (rest[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
        } else if (!rest.empty() && rest != "Z" && rest != "z" && rest != " UTC") {
            return bad();
        }
    }
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return (static_cast<std::int64_t>(days) * 24 + hour) * 60 + minute - offset;
}

std::int64_t floorHour(std::int64_t minute) { return minute >= 0 ? minute / 60 : -((59 - minute) / 60); }

struct Sample {
    std::int64_t minute = 0;
    double gPerKwh = 0;
    std::size_t line = 0;
};

IntensitySeries seriesOf(const Csv& csv, std::string zone, std::vector<Sample> samples, const std::string& basis)
{
    std::sort(samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.minute < b.minute; });
    IntensitySeries s{std::move(zone), floorHour(samples.front().minute), {}, basis, csv.where, 0};
    for (std::size_t i = 0; i < samples.size();) {
        const auto hour = floorHour(samples[i].minute);
        double sum = 0;
        int count = 0;
        // Readings within an hour are averaged.
        for (; i < samples.size() && floorHour(samples[i].minute) == hour; ++i, ++count) {
            if (count > 0 && samples[i].minute == samples[i - 1].minute)
                throw FormatError(
                    {fmt::format("{}:{}", csv.where, samples[i].line), "a time stands twice", hourToText(hour), {}});
            sum += samples[i].gPerKwh;
        }
        const auto next = s.firstHour + static_cast<std::int64_t>(s.gPerKwh.size());
        const auto missing = hour - next;
        if (missing > kLongestGapHours)
            throw FormatError({csv.where, fmt::format("the series of {} has a gap", s.zone),
                fmt::format("nothing from {} to {} ({} hours)", hourToText(next), hourToText(hour - 1), missing),
                fmt::format("at most {} missing hours in a row", kLongestGapHours)});
        const double value = sum / count;
        if (missing > 0) {
            const double before = s.gPerKwh.back();
            for (std::int64_t k = 1; k <= missing; ++k)
                s.gPerKwh.push_back(
                    before + (value - before) * static_cast<double>(k) / static_cast<double>(missing + 1));
            s.interpolated += static_cast<int>(missing);
        }
        s.gPerKwh.push_back(value);
    }
    return s;
}

struct UserGrids {
    std::vector<GridZone> zones;
    std::vector<IntensitySeries> series;
};

GridZone zoneOf(const Csv& csv, const Columns& c, const CsvLine& line)
{
    const auto cell = [&](std::size_t column) { return column == kNone ? std::string() : line.cells[column]; };
    GridZone z;
    z.level = GridLevel::User;
    z.id = cell(c.zone);
    if (z.id.empty())
        throw FormatError({csv.at(line), "the zone has no id", {}, {}});
    z.name = cell(c.name).empty() ? z.id : cell(c.name);
    z.gPerKwh = numberOf(csv, line, c.value);
    const auto year = c.time != kNone ? cell(c.time).substr(0, 4) : cell(c.year);
    if (!year.empty() && !digits(year, 0, year.size(), z.year))
        throw FormatError({csv.at(line), "not a year", quote(year), {}});
    z.source = {cell(c.source).empty() ? csv.where : cell(c.source), "the user's",
        cell(c.basisColumn).empty() ? c.basis : cell(c.basisColumn), {}, {}};
    return z;
}

UserGrids userGrids(std::string_view text, const std::string& where)
{
    const auto csv = parseCsv(text, where);
    const auto c = columnsOf(csv);
    UserGrids grids;
    if (c.time == kNone) {
        for (std::size_t i = 1; i < csv.lines.size(); ++i)
            grids.zones.push_back(zoneOf(csv, c, csv.lines[i]));
        return grids;
    }
    std::map<std::string, std::vector<Sample>> samples;
    std::map<std::string, const CsvLine*> first;
    for (std::size_t i = 1; i < csv.lines.size(); ++i) {
        const auto& line = csv.lines[i];
        const auto zone = c.zone == kNone ? std::filesystem::path(where).stem().string() : line.cells[c.zone];
        const auto minute = minuteFromIso(line.cells[c.time], csv.at(line));
        if (line.cells[c.value].empty())
            continue; // a missing reading: short ones are interpolated below
        samples[zone].push_back({minute, numberOf(csv, line, c.value), line.number});
        first.emplace(zone, &line);
    }
    if (samples.empty())
        throw FormatError({where, "the series holds no value", {}, {}});
    for (auto& [zone, list] : samples)
        if (list.size() == 1 && c.zone != kNone)
            grids.zones.push_back(zoneOf(csv, c, *first.at(zone))); // a yearly export: one mean for each zone
        else
            grids.series.push_back(seriesOf(csv, zone, std::move(list), c.basis));
    return grids;
}

} // namespace

std::int64_t hourFromIso(std::string_view text, const std::string& where)
{
    return floorHour(minuteFromIso(text, where));
}

std::string hourToText(std::int64_t hour)
{
    const auto days = hour >= 0 ? hour / 24 : -((23 - hour) / 24);
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
    return fmt::format("{:04}-{:02}-{:02} {:02}:00 UTC", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), hour - days * 24);
}

void GridBook::addCsvText(std::string_view text, const std::string& where)
{
    auto grids = userGrids(text, where);
    // What was added last is looked at first.
    m_user.insert(m_user.begin(), grids.zones.begin(), grids.zones.end());
    m_series.insert(m_series.begin(), grids.series.begin(), grids.series.end());
}

void GridBook::addCsv(const std::filesystem::path& path) { addCsvText(readTextFile(path, kMaxBytes), path.string()); }

IntensitySeries intensitySeriesFromCsv(std::string_view text, const std::string& where)
{
    auto grids = userGrids(text, where);
    if (grids.series.size() != 1)
        throw FormatError({where, "not the series of one zone",
            fmt::format("{} series and {} yearly values", grids.series.size(), grids.zones.size()),
            "one series with a value an hour"});
    return std::move(grids.series.front());
}

IntensitySeries readIntensitySeries(const std::filesystem::path& path)
{
    return intensitySeriesFromCsv(readTextFile(path, kMaxBytes), path.string());
}

} // namespace paretoscope

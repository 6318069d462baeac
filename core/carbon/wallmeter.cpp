// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/wallmeter.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

namespace paretoscope {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\""), end = text.find_last_not_of(" \t\r\"");
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

bool wholeNumber(std::string_view text, double& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

std::string lower(std::string_view text)
{
    std::string out(text);
    for (auto& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

} // namespace

double unixFromIso(std::string_view text, const std::string& where)
{
    text = trimmed(text);
    double seconds = 0;
    if (wholeNumber(text, seconds))
        return seconds;
    const auto fail = [&]() -> double {
        throw FormatError({where, "not a time", quote(text), "seconds since 1970 or 2026-03-01T12:00:05Z"});
    };
    const auto digits = [&](std::size_t at, std::size_t n) {
        int value = 0;
        if (at + n > text.size())
            fail();
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + n, value);
        if (error != std::errc() || end != text.data() + at + n || value < 0)
            fail();
        return value;
    };
    if (text.size() < 16 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':')
        fail();
    namespace ch = std::chrono;
    const ch::year_month_day date(ch::year(digits(0, 4)), ch::month(static_cast<unsigned>(digits(5, 2))), ch::day(static_cast<unsigned>(digits(8, 2))));
    const int hour = digits(11, 2), minute = digits(14, 2);
    if (!date.ok() || hour > 24 || minute > 59)
        fail();
    seconds = 86400.0 * static_cast<double>(ch::sys_days(date).time_since_epoch().count()) + 3600.0 * hour + 60.0 * minute;
    auto rest = text.substr(16);
    if (rest.starts_with(':')) {
        double s = 0;
        const auto length = std::min(rest.find_first_not_of("0123456789.", 1), rest.size());
        if (!wholeNumber(rest.substr(1, length - 1), s) || s >= 61)
            fail();
        seconds += s;
        rest = rest.substr(length);
    }
    if (rest.empty() || rest == "Z")
        return seconds;
    const auto at = text.size() - rest.size();
    if ((rest[0] != '+' && rest[0] != '-') || rest.size() < 5)
        fail();
    const double offset = 3600.0 * digits(at + 1, 2) + 60.0 * digits(at + (rest[3] == ':' ? 4u : 3u), 2);
    return seconds + (rest[0] == '+' ? -offset : offset);
}

std::string isoFromUnix(double unixS)
{
    namespace ch = std::chrono;
    if (!(std::abs(unixS) < 2e11))
        return "1970-01-01T00:00:00Z";
    const auto seconds = ch::sys_seconds(ch::seconds(static_cast<long long>(std::floor(unixS))));
    const auto day = ch::floor<ch::days>(seconds);
    const ch::year_month_day date(day);
    const ch::hh_mm_ss time(seconds - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

WallMeterLog wallMeterLog(std::string_view text, const std::string& where)
{
    WallMeterLog log;
    log.where = where;
    std::size_t line = 0;
    bool header = true;
    while (!text.empty()) {
        ++line;
        const auto end = std::min(text.find('\n'), text.size());
        const auto row = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (row.empty() || row.starts_with('#'))
            continue;
        const auto here = fmt::format("{}:{}", where, line);
        const auto comma = row.find(',');
        if (row.find(';') != std::string_view::npos)
            throw FormatError({here, "columns are parted by semicolons (and decimals perhaps by commas)", quote(row), "time,watt with decimal points"});
        if (comma == std::string_view::npos)
            throw FormatError({here, "not two columns", quote(row), "time,watt or time,kwh"});
        if (header) {
            const auto what = lower(trimmed(row.substr(comma + 1)));
            if (lower(trimmed(row.substr(0, comma))) != "time" || (what != "watt" && what != "w" && what != "kwh"))
                throw FormatError({here, "not the header of a wall meter", quote(row), "time,watt or time,kwh"});
            log.cumulative = what == "kwh";
            header = false;
            continue;
        }
        const auto cell = trimmed(row.substr(comma + 1));
        double value = 0;
        if (cell.find(',') != std::string_view::npos)
            throw FormatError({here, "more than two columns, or a decimal comma", quote(row), "decimal points"});
        if (!wholeNumber(cell, value) || value < 0)
            throw FormatError({here, "not a reading", quote(cell), "a number of at least 0"});
        const double time = unixFromIso(row.substr(0, comma), here);
        if (!log.unixS.empty() && time <= log.unixS.back())
            throw FormatError({here, "time does not go on", quote(row.substr(0, comma)), "ascending times"});
        if (log.cumulative && !log.values.empty() && value < log.values.back())
            throw FormatError({here, "the cumulative kWh go back", quote(cell), fmt::format("at least {:g}", log.values.back())});
        log.unixS.push_back(time);
        log.values.push_back(value);
    }
    if (log.unixS.size() < 2)
        throw FormatError({where, "a wall meter needs two readings", fmt::format("{}", log.unixS.size()), {}});
    return log;
}

WallMeterLog readWallMeterLog(const std::filesystem::path& path) { return wallMeterLog(readTextFile(path), path.string()); }

double WallMeterLog::energyJ(double begin, double end) const
{
    constexpr double kSlackS = 1; // clocks of meter and computer differ by that at least
    if (begin < unixS.front() - kSlackS || end > unixS.back() + kSlackS)
        throw ValueError({where, "the wall meter does not cover the run", isoFromUnix(unixS.front()) + " to " + isoFromUnix(unixS.back()),
            isoFromUnix(begin) + " to " + isoFromUnix(end)});
    begin = std::clamp(begin, unixS.front(), unixS.back());
    end = std::clamp(end, begin, unixS.back());
    double joule = 0;
    for (std::size_t i = 1; i < unixS.size(); ++i) {
        const double a = std::max(begin, unixS[i - 1]), b = std::min(end, unixS[i]), length = unixS[i] - unixS[i - 1];
        if (b <= a)
            continue;
        if (!cumulative && length > 600)
            throw ValueError({where, "the wall meter has a hole in the run", fmt::format("{:g} s after {}", length, isoFromUnix(unixS[i - 1])),
                "at most 600 s"});
        const auto at = [&](double t) { return values[i - 1] + (values[i] - values[i - 1]) * (t - unixS[i - 1]) / length; };
        joule += cumulative ? (at(b) - at(a)) * 3.6e6 : 0.5 * (at(a) + at(b)) * (b - a);
    }
    return joule;
}

} // namespace paretoscope

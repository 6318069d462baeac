// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/facts.h"
#include "carbon/grid.h"
#include "carbon/shift.h"
#include "carbon/userequest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope::use {

namespace {

constexpr std::size_t kMostHours = 200'000; // 22 years

const Fields& shiftFields()
{
    static const Fields fields{
        {"series", Type::List, "intensities, g per kWh, one an hour; or {time, g_per_kwh}",
            {"g_per_kwh", "g", "hourly", "hourly_g_per_kwh", "g_per_kwh_hourly", "ci", "intensities", "ci_g_per_kwh"}},
        {"csv", Type::Text, "path of a CSV with the columns time (ISO 8601) and g_per_kwh"},
        {"zone", Type::Text, "a place whose shape of a year is known: FR, GB, DE; others are flat"},
        {"profile", Type::List, "12 lists (months) of 24 numbers (hours, UTC), relative to the mean of the year"},
        {"mean_g_per_kwh", Type::Number, "mean intensity that zone or profile are scaled to", {"year_g_per_kwh"}},
        {"duration_h", Type::Number, "hours that the job runs", {"hours", "job_h", "length_h", "duration", "l", "L"}, 0, true, double(kMostHours)},
        {"start", Type::Any, "earliest start: an hour of the series (0), or a time in ISO 8601", {"earliest", "start_h", "earliest_h", "s", "now"}},
        {"finish_by", Type::Any, "latest finish: an hour of the series, or a time", {"deadline", "finish_by_h", "deadline_h", "latest_finish", "latest_finish_h", "d"}},
        {"window_h", Type::Number, "hours from the earliest start to the latest finish", {"window"}, 0, true, double(kMostHours)},
        {"slack_h", Type::Number, "hours by which the start may wait", {"within_h", "slack", "max_delay_h"}, 0, false, double(kMostHours)},
        {"overhead_h", Type::Number, "energy of one pause, as hours of running", {"overhead_h_per_pause", "overhead"}, 0, false, 1000},
        {"kwh", Type::Quantity, "facility energy of the job", {"energy_kwh", "e_kwh"}, 0, false, kMost, bandfactor::kNodeWatts},
        {"every_start", Type::Truth, "also the mean saving over every start of the series (whole hours; needs slack_h)"},
    };
    return fields;
}

struct Series {
    std::vector<double> gPerKwh;
    std::optional<std::int64_t> firstHour; // since 1970, where it has times
    std::string source;
    double factor = bandfactor::kGridYear; // of one hour's intensity
};

Series givenSeries(const Request& r)
{
    Series s;
    s.source = "series of the request";
    const auto list = r.at("series");
    const auto elements = list.elements(kMostHours);
    if (elements.empty())
        list.fail("the series is empty", {}, "one value an hour");
    if (elements[0].json().is_object()) {
        std::string csv = "time,g_per_kwh\n";
        for (const auto& e : elements) {
            e.onlyKeys({"time", "g_per_kwh"});
            const auto time = e.at("time").string();
            hourFromIso(time, e.at("time").where());
            csv += fmt::format("{},{}\n", time, numberFrom(e.at("g_per_kwh"), 0));
        }
        auto read = intensitySeriesFromCsv(csv, list.where());
        s.gPerKwh = std::move(read.gPerKwh);
        s.firstHour = read.firstHour;
        return s;
    }
    for (const auto& e : elements) {
        if (e.json().is_null())
            throw ValueError({e.where(), "the series has a gap", "null", "a number for every hour (a CSV with times may have gaps of 3 h)"});
        s.gPerKwh.push_back(numberFrom(e, 0));
    }
    return s;
}

std::int64_t hourOf(const JsonView& view, const Series& s, const char* what)
{
    if (view.json().is_string()) {
        if (!s.firstHour)
            view.fail("the series has no times", quote(view.string()), fmt::format("{} as a number of hours", what));
        return hourFromIso(view.string(), view.where()) - *s.firstHour;
    }
    const double hour = numberFrom(view, 0, false, double(kMostHours));
    if (hour != std::floor(hour))
        throw ValueError({view.where(), "not a whole hour", view.json().dump(), "a whole number of hours"});
    return static_cast<std::int64_t>(hour);
}

// A year's shape gives a series from the start on; without a start, from the beginning of its year.
Series shapedSeries(const Request& r, std::size_t hours, Assumptions& assumptions)
{
    Series s;
    std::array<std::array<double, 24>, 12> shape{};
    for (auto& month : shape)
        month.fill(1);
    double mean = r.numberOr("mean_g_per_kwh", 0);
    if (r.has("profile")) {
        const auto months = r.at("profile").elements(12);
        for (std::size_t m = 0; m < months.size(); ++m) {
            const auto day = months[m].numbers(0, kMost, 24);
            if (months.size() != 12 || day.size() != 24)
                r.at("profile").fail("not the shape of a year", fmt::format("{} lists, one of {}", months.size(), day.size()), "12 lists of 24 numbers");
            std::copy(day.begin(), day.end(), shape[m].begin());
        }
        if (months.size() != 12)
            r.at("profile").fail("not the shape of a year", fmt::format("{} lists", months.size()), "12 lists of 24 numbers");
        if (!r.has("mean_g_per_kwh"))
            r.missing("mean_g_per_kwh");
        s.source = "profile of the request";
    } else {
        const auto zone = r.textOr("zone", "World");
        const auto place = builtInGrids().find(zone);
        if (!r.has("mean_g_per_kwh"))
            mean = place.gPerKwh.value;
        if (const auto* known = intensityProfile(place.zone)) {
            shape = known->relative;
            s.source = fmt::format("shape of {} in {}, scaled to {:g} g/kWh", place.zone, known->year, mean);
            s.factor = place.zone == "GB" ? 1.7 : 1.9; // hours of one year around the shape's mean
        } else {
            s.source = fmt::format("{} is taken as flat: no shape of its year is known", place.zone);
            assumptions.push_back(s.source + "; load a CSV to shift");
        }
    }
    std::int64_t first = hourFromIso("2020-01-01T00:00Z", "start");
    if (r.has("start") && r.at("start").json().is_string())
        first = hourFromIso(r.at("start").string(), r.at("start").where());
    s.gPerKwh = seriesFromProfile(shape, mean, first, hours);
    s.firstHour = first;
    return s;
}

Json planJson(const ShiftPlan& plan, const Series& s, double now, double mean, const std::optional<Quantity>& kwh)
{
    Json pieces = Json::array();
    for (const auto& piece : plan.pieces) {
        Json p{{"start_h", piece.start}, {"hours", piece.hours}};
        if (s.firstHour)
            p["time"] = hourToText(*s.firstHour + static_cast<std::int64_t>(piece.start));
        pieces.push_back(p);
    }
    Json j{{"g_per_kwh", plan.gPerKwh}, {"saving_vs_now", ShiftResult::saving(plan.gPerKwh, now)}, {"saving_vs_mean", ShiftResult::saving(plan.gPerKwh, mean)},
        {"pauses", plan.pauses()}, {"pieces", pieces}};
    if (kwh) {
        j["g"] = kwh->estimate.value * plan.gPerKwh;
        j["saved_g"] = kwh->estimate.value * (now - plan.gPerKwh);
        put(j, "co2eG", product(1, {{"kwh", kwh->estimate, 1}, {"grid", withFactor(plan.gPerKwh, s.factor, Kind::User, s.source), 1}}));
    }
    return j;
}

Json runShift(const JsonView& view)
{
    const Request r(view, shiftFields());
    const int sources = int(r.has("series")) + int(r.has("csv")) + int(r.has("profile")) + int(r.has("zone"));
    if (sources == 0)
        r.missing("series, csv, profile with mean_g_per_kwh, or zone");
    if (sources > 1)
        view.fail("two keys say the same", "series, csv, profile, zone", "one of them");
    if (int(r.has("finish_by")) + int(r.has("window_h")) + int(r.has("slack_h")) > 1)
        view.fail("two keys say the same", "finish_by, window_h, slack_h", "one of them");
    const double duration = r.number("duration_h");
    const auto needed = static_cast<std::size_t>(std::ceil(duration - 1e-9));
    Assumptions assumptions;
    Series s;
    if (r.has("series")) {
        s = givenSeries(r);
    } else if (r.has("csv")) {
        auto read = readIntensitySeries(r.textOr("csv", ""));
        s = {std::move(read.gPerKwh), read.firstHour, read.source, bandfactor::kGridYear};
    } else {
        // Long enough for the window; a year where nothing says how long.
        std::size_t hours = 8760;
        if (r.has("window_h"))
            hours = static_cast<std::size_t>(std::ceil(r.number("window_h")));
        else if (r.has("slack_h"))
            hours = needed + static_cast<std::size_t>(r.number("slack_h"));
        else if (!r.has("finish_by"))
            hours = needed + 24;
        if (r.truth("every_start"))
            hours = std::max<std::size_t>(hours, 8784);
        if (r.has("start") && r.at("start").json().is_number())
            hours += static_cast<std::size_t>(numberFrom(r.at("start"), 0, false, double(kMostHours)));
        s = shapedSeries(r, hours, assumptions);
        if (!r.has("finish_by") && !r.has("window_h") && !r.has("slack_h"))
            assumptions.emplace_back("the start may wait for 24 h");
    }
    ShiftRequest q;
    q.gPerKwh = s.gPerKwh;
    q.durationH = duration;
    q.overheadHPerPause = r.numberOr("overhead_h", 0);
    const auto inSeries = [&](const JsonView& v, std::int64_t hour) {
        if (hour < 0 || hour > static_cast<std::int64_t>(s.gPerKwh.size()))
            throw ValueError({v.where(), "the time lies outside the series", v.json().dump(), fmt::format("0 to {} hours", s.gPerKwh.size())});
        return static_cast<std::size_t>(hour);
    };
    if (r.has("start"))
        q.earliest = inSeries(r.at("start"), hourOf(r.at("start"), s, "the start"));
    q.finishBy = s.gPerKwh.size();
    if (r.has("finish_by"))
        q.finishBy = inSeries(r.at("finish_by"), hourOf(r.at("finish_by"), s, "the latest finish"));
    else if (r.has("window_h"))
        q.finishBy = inSeries(r.at("window_h"), static_cast<std::int64_t>(q.earliest) + static_cast<std::int64_t>(r.number("window_h")));
    else if (r.has("slack_h"))
        q.finishBy = std::min(s.gPerKwh.size(), q.earliest + needed + static_cast<std::size_t>(r.number("slack_h")));
    else if (!r.has("series") && !r.has("csv"))
        q.finishBy = std::min(s.gPerKwh.size(), q.earliest + needed + 24);
    const auto result = paretoscope::shift(q);
    const double now = result.now.gPerKwh, mean = result.windowMeanGPerKwh;
    const auto kwh = r.has("kwh") ? std::optional(r.quantity("kwh")) : std::nullopt;
    const auto& best = result.block;
    Json a{{"start_h", best.pieces[0].start}, {"best_start", best.pieces[0].start}, {"best_start_h", best.pieces[0].start}, {"start_hour", best.pieces[0].start},
        {"best_g_per_kwh", best.gPerKwh}, {"now_g_per_kwh", now}, {"mean_g_per_kwh", mean}, {"pause_g_per_kwh", result.pause.gPerKwh},
        {"saving", ShiftResult::saving(best.gPerKwh, now)}, {"saving_vs_now", ShiftResult::saving(best.gPerKwh, now)},
        {"saving_vs_mean", ShiftResult::saving(best.gPerKwh, mean)}, {"saving_pct", 100 * ShiftResult::saving(best.gPerKwh, now)},
        {"pause_saving", ShiftResult::saving(result.pause.gPerKwh, now)}, {"pause_saving_vs_now", ShiftResult::saving(result.pause.gPerKwh, now)}};
    a["block"] = planJson(result.block, s, now, mean, kwh);
    a["pause"] = planJson(result.pause, s, now, mean, kwh);
    if (kwh) {
        a["now_g"] = kwh->estimate.value * now;
        a["g"] = kwh->estimate.value * best.gPerKwh;
    }
    if (r.truth("every_start")) {
        if (!r.has("slack_h") || duration != std::floor(duration))
            r.missing("slack_h and a whole duration_h for every_start");
        const auto average = averageSaving(s.gPerKwh, needed, static_cast<std::size_t>(r.number("slack_h")));
        a["average_saving"] = average.block;
        a["average_pause_saving"] = average.pause;
        a["starts"] = average.starts;
    }
    a["source"] = s.source;
    putAssumptions(a, assumptions);
    return a;
}

} // namespace

Formula shiftFormula()
{
    return {"shift", "when to run a job: the cleanest block, and the cleanest hours with pauses (spec 7.4)", schemaOf("shift", shiftFields()),
        {{"series", {300, 280, 250, 180, 120, 110, 160, 240, 310, 330, 320, 300}}, {"duration_h", 3}, {"start", 0}, {"finish_by", 12}, {"kwh", 10}}, runShift};
}

} // namespace paretoscope::use

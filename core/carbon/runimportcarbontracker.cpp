// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Carbontracker's logs. The output log holds totals ("Actual consumption for 3 epoch(s): Time, Energy, CO2eq"), the
// standard log the mean power of each epoch and device, from which the total can be checked.
#include "base/error.h"
#include "carbon/runimport.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

namespace paretoscope {

namespace {

constexpr std::size_t kMostEpochs = 1'000'000;

struct Totals {
    int epochs = 0;
    double timeS = 0, kwh = 0, co2eG = 0;
    bool hasCo2 = false;
};

struct EpochPowers {
    double durationS = 0;
    std::map<std::string, std::vector<double>> powersW; // component → devices
};

bool number(std::string_view text, double& value)
{
    const auto begin = text.find_first_not_of(" \t[");
    if (begin == std::string_view::npos)
        return false;
    const auto [end, error] = std::from_chars(text.data() + begin, text.data() + text.size(), value);
    return error == std::errc() && (end == text.data() + text.size() || *end != ',');
}

// "1 day, 0:03:33.25" → seconds
std::optional<double> seconds(std::string_view text)
{
    double days = 0;
    if (const auto day = text.find(" day"); day != std::string_view::npos) {
        if (!number(text.substr(0, day), days))
            return std::nullopt;
        text = text.substr(std::min(text.find(',', day), text.size() - 1) + 1);
    }
    const auto first = text.find(':'), second = first == std::string_view::npos ? first : text.find(':', first + 1);
    double h = 0, m = 0, s = 0;
    if (second == std::string_view::npos || !number(text.substr(0, first), h) || !number(text.substr(first + 1, second - first - 1), m)
        || !number(text.substr(second + 1), s) || h < 0 || m < 0 || s < 0 || !(days >= 0 && days < 1e6) || h > 1e7)
        return std::nullopt;
    return 86400 * days + 3600 * h + 60 * m + s;
}

std::string_view after(std::string_view line, std::string_view mark)
{
    const auto at = line.find(mark);
    return at == std::string_view::npos ? std::string_view() : line.substr(at + mark.size());
}

double figure(std::string_view text, const char* what, const std::string& where)
{
    double value = 0;
    const auto begin = text.find_first_not_of(" \t");
    const auto cell = begin == std::string_view::npos ? text : text.substr(begin);
    const auto comma = cell.find(',');
    if (comma != std::string_view::npos && comma > 0 && comma + 1 < cell.size() && cell[comma + 1] >= '0' && cell[comma + 1] <= '9')
        throw FormatError({where, std::string(what) + " has a decimal comma", quote(cell), "a decimal point"});
    if (!number(cell, value) || !std::isfinite(value))
        throw FormatError({where, std::string(what) + " is no finite number", quote(cell), "a number"});
    if (value < 0 || value > 1e15)
        throw FormatError({where, std::string(what) + " is out of range", quote(cell), "0 to 1e15"});
    return value;
}

struct Log {
    std::optional<Totals> actual, predicted;
    std::vector<EpochPowers> epochs;
    std::map<std::string, int> devices; // as listed
    std::vector<std::string> gpuNames;
    std::string version, location, cpu, begin;
    std::optional<double> intensity;
    bool defaultIntensity = false, noRead = false;
};

void listDevices(std::string_view text, Log& log)
{
    for (;;) {
        const auto with = text.find(" with device(s) ");
        if (with == std::string_view::npos)
            return;
        auto component = text.substr(0, with);
        component = component.substr(component.find_last_of(' ') == std::string_view::npos ? 0 : component.find_last_of(' ') + 1);
        text = text.substr(with + 16);
        const auto end = std::min({text.find(". "), text.find(".\n"), text.ends_with('.') ? text.size() - 1 : text.size()});
        const auto names = text.substr(0, end);
        std::string lower(component);
        for (auto& c : lower)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        log.devices[lower] = 1 + static_cast<int>(std::count(names.begin(), names.end(), ','));
        if (lower == "gpu")
            log.gpuNames = {std::string(names)};
        else if (lower == "cpu")
            log.cpu = names;
        text = text.substr(std::min(end + 1, text.size()));
    }
}

void readLog(std::string_view text, const std::string& where, Log& log)
{
    std::optional<Totals>* open = nullptr;
    std::size_t line = 0;
    while (!text.empty()) {
        ++line;
        const auto end = std::min(text.find('\n'), text.size());
        auto row = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (row.ends_with('\r'))
            row.remove_suffix(1);
        const auto here = fmt::format("{}:{}", where, line);
        if (log.begin.empty() && row.size() > 19 && row[4] == '-' && row[13] == ':')
            log.begin = std::string(row.substr(0, 10)) + "T" + std::string(row.substr(11, 8));
        if (const auto v = after(row, "carbontracker version "); !v.empty())
            log.version = v.substr(0, v.find_first_of(" \t"));
        if (const auto d = after(row, "components were found:"); !d.empty())
            listDevices(d, log);
        const bool actual = row.find("Actual consumption") != std::string_view::npos;
        if (actual || row.find("Predicted consumption") != std::string_view::npos) {
            open = actual ? &log.actual : &log.predicted;
            *open = Totals{};
            double n = 0;
            if (const auto f = after(row, "consumption for "); !f.empty() && number(f, n) && n >= 0 && n < 1e7)
                (*open)->epochs = static_cast<int>(n);
            continue;
        }
        if (open) {
            if (const auto t = after(row, "Time:"); !t.empty()) {
                const auto s = seconds(t);
                if (!s)
                    throw FormatError({here, "not a time", quote(t), "h:mm:ss"});
                (*open)->timeS = *s;
            } else if (const auto e = after(row, "Energy:"); !e.empty()) {
                (*open)->kwh = figure(e, "the energy", here);
            } else if (const auto c = after(row, "CO2eq:"); !c.empty()) {
                (*open)->co2eG = figure(c, "CO2eq", here);
                (*open)->hasCo2 = true;
                open = nullptr;
            }
        }
        if (const auto i = after(row, "carbon intensity during training was "); !i.empty()) {
            log.intensity = figure(i, "the intensity", here);
            const auto at = after(row, "location: ");
            log.location = at.ends_with('.') ? at.substr(0, at.size() - 1) : at;
        }
        log.defaultIntensity = log.defaultIntensity || row.find("Defaulting to average carbon intensity") != std::string_view::npos
            || row.find("Live carbon intensity could not be fetched") != std::string_view::npos;
        log.noRead = log.noRead || row.find("read-permission") != std::string_view::npos;
        if (const auto d = after(row, "Duration: "); !d.empty() && log.epochs.size() < kMostEpochs) {
            if (const auto s = seconds(d))
                log.epochs.push_back({*s, {}});
        }
        if (const auto p = after(row, "Average power usage (W) for "); !p.empty() && !log.epochs.empty()) {
            const auto colon = p.find(':');
            if (colon == std::string_view::npos)
                continue;
            auto& list = log.epochs.back().powersW[std::string(p.substr(0, colon))];
            auto rest = p.substr(colon + 1);
            double w = 0;
            for (auto at = rest.find_first_of("0123456789.-"); at != std::string_view::npos && list.size() < 1024; at = rest.find_first_of("0123456789.-")) {
                rest.remove_prefix(at);
                const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), w);
                if (error == std::errc() && std::isfinite(w) && std::abs(w) < 1e9)
                    list.push_back(w);
                rest.remove_prefix(std::max<std::size_t>(1, static_cast<std::size_t>(stop - rest.data())));
            }
        }
    }
}

bool near(double a, double b, double relative) { return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b)); }

} // namespace

ImportedRun importCarbontracker(std::string_view output, std::string_view standard, const std::string& where, const IntensityLookup& intensity)
{
    Log log;
    readLog(standard, where, log);
    readLog(output, where, log);
    const auto& totals = log.actual ? log.actual : log.predicted;
    double sumKwh = 0, meanKwh = 0, epochsS = 0;
    std::map<std::string, double> componentJ;
    for (const auto& e : log.epochs) {
        epochsS += e.durationS;
        for (const auto& [c, list] : e.powersW) {
            double sum = 0;
            for (const double w : list)
                sum += w;
            componentJ[c] += sum * e.durationS;
            sumKwh += sum * e.durationS / 3.6e6;
            meanKwh += list.empty() ? 0 : sum / static_cast<double>(list.size()) * e.durationS / 3.6e6;
        }
    }
    if (!totals && componentJ.empty())
        throw FormatError({where, "holds no figure of Carbontracker", log.version.empty() ? std::string() : "version " + log.version,
            "\"Actual consumption … Energy … kWh\" (output log) or \"Average power usage (W)\" (standard log)"});

    ImportedRun i;
    i.tool = "carbontracker";
    i.toolVersion = log.version;
    i.where = where;
    auto& r = i.run;
    auto& faults = i.faults;
    const auto tool = "carbontracker " + (log.version.empty() ? std::string("(version not stated)") : log.version);
    r.project = "carbontracker";
    r.begin = log.begin;
    r.durationS = totals && totals->timeS > 0 ? totals->timeS : epochsS;
    r.cpuModel = log.cpu;
    r.gpus = log.gpuNames;
    if (!log.actual && log.predicted)
        faults.push_back("only a prediction was logged: the figures are of the whole job, not of what ran");

    std::size_t most = 0;
    for (const auto& [c, n] : log.devices)
        most = std::max(most, static_cast<std::size_t>(n));
    for (const auto& e : log.epochs)
        for (const auto& [c, list] : e.powersW)
            most = std::max(most, list.size());
    const bool since2 = !log.version.empty() && log.version[0] >= '2' && log.version[0] <= '9';
    // The printed energy over what powers and times give is the PUE; where it fits the mean of the devices they were averaged.
    double pue = 1;
    const bool comparable = log.actual && sumKwh > 0 && log.actual->epochs == static_cast<int>(log.epochs.size());
    if (comparable && log.actual->kwh > 0) {
        const double bySum = log.actual->kwh / sumKwh, byMean = meanKwh > 0 ? log.actual->kwh / meanKwh : 0;
        const bool averaged = most > 1 && bySum < 0.98 && byMean > 0.98 && byMean < 2;
        if (averaged)
            faults.push_back(fmt::format("the energy of {} devices was averaged instead of added (carbontracker since 2.0.0): {:.6g} kWh printed, {:.6g} kWh "
                "with PUE {:.3g} added up; the larger is used", most, log.actual->kwh, sumKwh * byMean, byMean));
        const double found = averaged ? byMean : bySum;
        if (found > 3 || found < 0.5)
            faults.push_back(fmt::format("the printed energy is {:.3g} times what powers and times give: a unit slipped", found));
        else
            pue = std::max(1.0, near(found, 1, 0.01) ? 1.0 : found);
        if (pue > 1)
            faults.push_back(fmt::format("PUE {:.3g} is in the printed energy; the powers are without it (and so is the PDF of Carbontracker)", pue));
    } else if (most > 1 && (since2 || log.version.empty())) {
        faults.push_back(fmt::format("{} devices of one kind: carbontracker {} averages them instead of adding; the printed energy may be up to {} times too low",
            most, since2 ? log.version : "since 2.0.0", most));
    }
    for (const auto& [c, list] : componentJ)
        if (list <= 0)
            faults.push_back(fmt::format("the energy of {} is 0: {}", c, log.noRead ? "RAPL may be read by root only, and 0 was recorded" : "its sensor gave nothing; the total is too low"));
    for (const auto& [c, n] : log.devices)
        if (!componentJ.contains(c) && !log.epochs.empty())
            faults.push_back(fmt::format("{} is listed and has no power: it is not in the total", c));
    std::set<std::string> impossible;
    for (const auto& e : log.epochs)
        for (const auto& [c, list] : e.powersW)
            if (std::any_of(list.begin(), list.end(), [](double w) { return w < 0 || w > 5000; }))
                impossible.insert(c);
    for (const auto& c : impossible)
        faults.push_back(fmt::format("a power of {} is negative or above 5000 W: a counter wrapped or its range was added", c));
    const double it = sumKwh > 0 ? sumKwh : totals ? totals->kwh : 0;
    for (const auto& [c, joule] : componentJ) {
        const auto component = c == "gpu" ? Component::Gpu : Component::Cpu;
        const double factor = joule > 0 ? 1.2 : 5;
        const auto source = tool + ", mean power of each epoch x its time";
        r.components.push_back({component, meterBand(std::max(0.0, joule) / 3.6e6, factor, Kind::Counter, source),
            meterBand(epochsS > 0 ? std::max(0.0, joule) / epochsS : 0, factor, Kind::Counter, source), tool});
    }
    r.pue = userValue(pue, pue > 1 ? tool : "not stated");
    r.energyItKwh = meterBand(it, sumKwh > 0 ? 1.2 : 1.6, Kind::Counter, sumKwh > 0 ? tool : tool + ", printed total, PUE included or not");
    r.energyKwh = meterProduct(r.energyItKwh, r.pue);
    double g = log.intensity.value_or(0);
    if (totals && totals->hasCo2 && totals->kwh > 0) {
        const double printed = totals->co2eG / totals->kwh;
        if (g > 0 && !near(g, printed, 0.02) && printed > 0)
            faults.push_back(fmt::format("the printed CO2 is at {:.4g} g/kWh and the stated intensity is {:.4g}", printed, g));
        g = printed > 0 ? printed : g;
    }
    if (g > 0 && (g > 2000 || g < 1))
        faults.push_back(fmt::format("the intensity is {:.4g} g/kWh, which no grid has: a unit slipped", g));
    for (const double constant : {294.21, 475.0, 481.0})
        if (g > 0 && near(g, constant, 1e-4))
            faults.push_back(fmt::format("the intensity is {:g} g/kWh, a constant of the tool: the place was not known", constant));
    if (log.defaultIntensity)
        faults.push_back("no live intensity: the tool used an average");
    const auto comma = log.location.find_last_of(',');
    const auto country = comma == std::string::npos ? std::string() : log.location.substr(std::min(comma + 2, log.location.size()));
    if (const auto table = intensity && !country.empty() && g > 0 ? intensity(country) : std::nullopt; table && (g > 2 * *table || 2 * g < *table))
        faults.push_back(fmt::format("the intensity is {:.0f} g/kWh and that of {} is about {:.0f}: another country, region or hour", g, country, *table));
    if (g <= 0)
        faults.push_back("no intensity is stated: no carbon can be given");
    r.intensityGPerKwh = g > 0 ? meterBand(g, 1.5, Kind::Table, tool) : Estimate{0, {}, {}, Kind::Table, "not stated"};
    r.co2eG = meterProduct(r.energyKwh, r.intensityGPerKwh);
    r.zone = log.location;
    for (const auto& e : log.epochs) {
        double joule = 0;
        for (const auto& [c, list] : e.powersW)
            for (const double w : list)
                joule += std::max(0.0, w) * e.durationS;
        r.epochS.push_back(e.durationS);
        r.epochKwh.push_back(joule / 3.6e6);
    }
    if (log.predicted)
        r.epochsTotal = log.predicted->epochs;
    r.warnings = faults;
    r.citations = {tool};
    return i;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// codecarbon's emissions.csv. Columns changed between versions, so they are found by name: energy in kWh, emissions in
// kg, power in W, duration in s.
#include "base/error.h"
#include "carbon/runimport.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace paretoscope {

namespace {

constexpr std::size_t kMostRows = 1'000'000, kMostColumns = 200;
constexpr double kJoulePerKwh = 3.6e6;

// Cells of one record; quotes may hold commas, quotes and line ends.
struct CsvReader {
    std::string_view text;
    std::size_t at = 0;
    std::size_t line = 1;
    bool done() const { return at >= text.size(); }
    std::vector<std::string> record(const std::string& where)
    {
        std::vector<std::string> cells(1);
        bool quoted = false;
        const auto start = line;
        for (; at < text.size(); ++at) {
            const char c = text[at];
            line += c == '\n';
            if (quoted) {
                if (c != '"')
                    cells.back() += c;
                else if (at + 1 < text.size() && text[at + 1] == '"')
                    cells.back() += text[++at];
                else
                    quoted = false;
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                if (cells.size() >= kMostColumns)
                    throw FormatError({fmt::format("{}:{}", where, start), "too many columns", {}, fmt::format("at most {}", kMostColumns)});
                cells.emplace_back();
            } else if (c == '\n') {
                ++at;
                return cells;
            } else if (c != '\r') {
                cells.back() += c;
            }
        }
        if (quoted)
            throw FormatError({fmt::format("{}:{}", where, start), "a quote is not closed", {}, {}});
        return cells;
    }
};

struct Row {
    const std::vector<std::string>& header;
    std::vector<std::string> cells;
    std::string where; // file:line

    const std::string& text(std::string_view column) const
    {
        static const std::string kEmpty;
        const auto at = static_cast<std::size_t>(std::find(header.begin(), header.end(), column) - header.begin());
        return at < cells.size() ? cells[at] : kEmpty;
    }
    std::optional<double> number(std::string_view column) const
    {
        const auto& cell = text(column);
        if (cell.empty())
            return std::nullopt;
        double value = 0;
        const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        const auto here = fmt::format("{}, column {}", where, column);
        if (cell.find(',') != std::string::npos)
            throw FormatError({here, "a decimal comma", quote(cell), "a decimal point"});
        if (error != std::errc() || end != cell.data() + cell.size())
            throw FormatError({here, "not a number", quote(cell), "a number"});
        if (!std::isfinite(value))
            throw FormatError({here, "not a finite number", quote(cell), "a number"});
        if (std::abs(value) > 1e15)
            throw FormatError({here, "out of range", quote(cell), "less than 1e15"});
        return value;
    }
    double needed(std::string_view column) const
    {
        if (const auto v = number(column))
            return *v;
        throw FormatError({fmt::format("{}, column {}", where, column), "is empty", {}, "a number"});
    }
};

bool near(double a, double b, double relative) { return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b)); }

// Ranges of RAPL counters, joule; and what codecarbon was seen to add after one failed read.
constexpr std::array kRangesJ{262'143.328850, 65'532.610987, 62'143.0};

void sensorFaults(const Row& row, double duration, std::vector<std::string>& faults, bool& cpuConstant)
{
    const auto cpuW = row.number("cpu_power"), gpuW = row.number("gpu_power");
    const double cpuJ = row.number("cpu_energy").value_or(0) * kJoulePerKwh, gpuJ = row.number("gpu_energy").value_or(0) * kJoulePerKwh;
    for (const char* column : {"cpu_energy", "gpu_energy", "ram_energy", "energy_consumed", "emissions"})
        if (row.number(column).value_or(0) < 0)
            faults.push_back(fmt::format("{} is negative: a counter wrapped and its range was not known (codecarbon #322, #1309)", column));
    if (duration > 0 && !row.text("cpu_energy").empty() && cpuJ == 0)
        faults.push_back("the energy of the CPU is 0: its counter could not be read; the total is too low");
    if (duration > 0 && gpuJ == 0 && row.number("gpu_count").value_or(0) > 0)
        faults.push_back(fmt::format("the energy of {:g} GPU(s) is 0: the driver has no energy counter (codecarbon #1316); the total is too low",
            *row.number("gpu_count")));
    if (cpuW && *cpuW > 0 && cpuJ > 0 && duration > 0) {
        const double extra = cpuJ - *cpuW * duration;
        for (const double range : kRangesJ) {
            const double times = std::round(extra / range);
            if (times >= 1 && times <= 100 && *cpuW * duration < range && near(extra, times * range, 0.01)) {
                faults.push_back(fmt::format("the CPU holds {:.0f} J more than its power explains, {:g} x {:.0f} J: the range of a counter was added "
                    "after a failed read", extra, times, range));
                break;
            }
        }
        // The last power equals the mean power to many digits only where it never changed.
        cpuConstant = near(cpuJ, *cpuW * duration, 0.002);
        if (cpuConstant)
            faults.push_back(fmt::format("the CPU's power was a constant {:g} W{}, not a reading", *cpuW,
                near(*cpuW, 42.5, 1e-6) || near(*cpuW, 85, 1e-6) ? " (the fallback for an unknown processor)" : " (such as half of a TDP)"));
        if (cpuJ / duration > 2000)
            faults.push_back(fmt::format("the CPU's mean power is {:.0f} W, more than can be", cpuJ / duration));
    }
    if (gpuW && gpuJ > 0 && duration > 0 && gpuJ / duration > 1000 * std::max(1.0, row.number("gpu_count").value_or(1)))
        faults.push_back(fmt::format("the GPUs' mean power is {:.0f} W, more than can be", gpuJ / duration));
}

void totalFaults(const Row& row, double duration, double pue, const IntensityLookup& intensity, std::vector<std::string>& faults)
{
    const double kwh = row.needed("energy_consumed"), kg = row.needed("emissions");
    const double parts = row.number("cpu_energy").value_or(0) + row.number("gpu_energy").value_or(0) + row.number("ram_energy").value_or(0);
    if (parts > 0 && kwh > 0 && !near(parts, kwh, 0.005)) {
        if (pue > 1 && near(parts * pue, kwh, 0.005))
            faults.push_back(fmt::format("PUE {:g} is in the energy but not in the components and powers (codecarbon #1320)", pue));
        else
            faults.push_back(fmt::format("the components add up to {:.6g} kWh and the total is {:.6g} kWh", parts, kwh));
    } else if (pue > 1 && parts > 0 && near(parts, kwh, 0.005)) {
        faults.push_back(fmt::format("PUE {:g} is stated; the total equals the components, which hold it already or never did", pue));
    }
    if (pue < 1)
        faults.push_back(fmt::format("PUE {:g} is below 1, which cannot be; 1 is used", pue));
    if (const auto rate = row.number("emissions_rate"); rate && duration > 0 && kg > 0) {
        const double factor = *rate * duration / kg;
        if (near(factor, 1000, 0.02))
            faults.push_back("emissions_rate is in g/s although the column means kg/s (units changed between versions)");
        else if (!near(factor, 1, 0.05) && factor > 0)
            faults.push_back(fmt::format("emissions_rate is {:.3g} times emissions / duration", factor));
    }
    if (!(kwh > 0) || !(kg > 0))
        return;
    const double g = 1000 * kg / kwh;
    const auto& country = row.text("country_iso_code");
    if (g > 2000 || g < 1)
        faults.push_back(fmt::format("the intensity is {:.4g} g/kWh, which no grid has: a unit slipped (a gram value taken for kilogram, or the reverse)", g));
    else if (near(g, 475, 0.002))
        faults.push_back("the intensity is 475 g/kWh, the world average of the tool: it did not know the place");
    else if (const auto table = intensity && !country.empty() ? intensity(country) : std::nullopt; table && (g > 2 * *table || 2 * g < *table))
        faults.push_back(fmt::format("the intensity is {:.0f} g/kWh and that of {} is about {:.0f}: another country, region or year", g, country, *table));
    if (country == "CAN" && row.text("longitude").empty() && row.text("latitude").empty())
        faults.push_back("Canada without coordinates: codecarbon assumes Canada when it cannot find the place (#854, #1101)");
}

ImportedRun importRow(const Row& row, const IntensityLookup& intensity)
{
    ImportedRun i;
    i.tool = "codecarbon";
    i.toolVersion = row.text("codecarbon_version");
    i.where = row.where;
    auto& r = i.run;
    r.project = row.text("project_name").empty() ? "codecarbon" : row.text("project_name");
    r.runId = row.text("run_id");
    r.end = row.text("timestamp");
    r.durationS = row.needed("duration");
    if (r.durationS < 0)
        throw FormatError({row.where + ", column duration", "is negative", row.text("duration"), "at least 0 s"});
    double pue = row.number("pue").value_or(1);
    bool constant = false;
    sensorFaults(row, r.durationS, i.faults, constant);
    totalFaults(row, r.durationS, pue, intensity, i.faults);
    pue = std::max(pue, 1.0);
    const double kwh = std::max(0.0, row.needed("energy_consumed")), kg = std::max(0.0, row.needed("emissions"));

    const auto version = "codecarbon " + (i.toolVersion.empty() ? std::string("(version not stated)") : i.toolVersion);
    const auto component = [&](Component c, const char* energy, const char* power, double factor, Kind kind, const char* how) {
        const auto value = row.number(energy);
        if (!value)
            return;
        const auto source = fmt::format("{}, {}", version, how);
        const double w = row.number(power).value_or(r.durationS > 0 ? *value * kJoulePerKwh / r.durationS : 0);
        r.components.push_back({c, meterBand(std::max(0.0, *value), factor, kind, source), meterBand(std::max(0.0, w), factor, kind, source), version});
    };
    const bool cpuRead = !constant && row.number("cpu_energy").value_or(0) > 0;
    component(Component::Cpu, "cpu_energy", "cpu_power", cpuRead ? 2 : 5, Kind::Model, cpuRead ? "counter or load model, not told apart" : "constant or nothing");
    component(Component::Gpu, "gpu_energy", "gpu_power", 1.05, Kind::Counter, "NVML");
    component(Component::Ram, "ram_energy", "ram_power", 2, Kind::Model, "rule by size");
    r.pue = userValue(pue, row.text("pue").empty() ? "not stated" : version);
    // The total as it is printed; the band that the components allow.
    double low = 0, high = 0;
    for (const auto& c : r.components) {
        low = std::hypot(low, c.energyKwh.value - *c.energyKwh.low);
        high = std::hypot(high, *c.energyKwh.high - c.energyKwh.value);
    }
    const double it = kwh / pue;
    r.energyItKwh = {it, std::max(0.0, it - low), it + high, Kind::Model, version};
    if (r.components.empty())
        r.energyItKwh = meterBand(it, 2, Kind::Model, version + ", total only");
    r.energyKwh = meterProduct(r.energyItKwh, r.pue);
    r.intensityGPerKwh = kwh > 0 ? meterBand(1000 * kg / kwh, 1.5, Kind::Table, version) : Estimate{0, {}, {}, Kind::Table, "no energy"};
    r.co2eG = meterProduct(r.energyKwh, r.intensityGPerKwh);
    r.zoneIso3 = row.text("country_iso_code");
    r.zone = row.text("country_name").empty() ? r.zoneIso3 : row.text("country_name");
    r.attribution = row.text("tracking_mode") == "process" ? "share" : "machine";
    r.cpuModel = row.text("cpu_model");
    r.os = row.text("os");
    r.cpuThreads = static_cast<int>(std::clamp(row.number("cpu_count").value_or(0), 0.0, 1e6));
    r.ramGb = std::max(0.0, row.number("ram_total_size").value_or(0));
    if (!row.text("gpu_model").empty())
        r.gpus = {row.text("gpu_model")};
    r.warnings = i.faults;
    r.citations = {version};
    return i;
}

} // namespace

std::vector<ImportedRun> importCodecarbon(std::string_view text, const std::string& where, const IntensityLookup& intensity)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    CsvReader reader{text};
    const auto header = reader.record(where);
    if (header.size() == 1 && header[0].find(';') != std::string::npos)
        throw FormatError({where + ":1", "columns are parted by semicolons (and decimals perhaps by commas)", quote(header[0]),
            "commas and decimal points, as codecarbon writes them"});
    std::vector<std::string> missing;
    for (const char* column : {"timestamp", "duration", "emissions", "energy_consumed"})
        if (std::find(header.begin(), header.end(), column) == header.end())
            missing.push_back(column);
    if (!missing.empty())
        throw FormatError({where + ":1", missing.size() == 4 ? "neither an emissions.csv of codecarbon nor a log of Carbontracker" : "columns of codecarbon are missing",
            quote(fmt::format("{}", fmt::join(header, ",")), 60), "with " + joinNames(missing)});
    std::vector<ImportedRun> runs;
    while (!reader.done()) {
        const auto here = fmt::format("{}:{}", where, reader.line);
        auto cells = reader.record(where);
        if (cells.size() == 1 && cells[0].empty())
            continue;
        if (cells.size() != header.size())
            throw FormatError({here, cells.size() > header.size() ? "more cells than columns (a decimal comma?)" : "fewer cells than columns",
                fmt::format("{}", cells.size()), fmt::format("{}", header.size())});
        if (runs.size() >= kMostRows)
            throw FormatError({here, "too many rows", {}, fmt::format("at most {}", kMostRows)});
        runs.push_back(importRow({header, std::move(cells), here}, intensity));
    }
    if (runs.empty())
        throw FormatError({where, "holds no run", "a header only", "at least one row"});
    return runs;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/runreport.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

std::string plainText(double value, int digits)
{
    if (value == 0 || !std::isfinite(value))
        return fmt::format("{:g}", value);
    // Rounding first decides where the first digit stands: 0.0999 is 0.10 with two digits.
    const double size = std::floor(std::log10(std::abs(std::stod(fmt::format("{:.{}e}", value, digits - 1)))));
    if (size < -6 || size > 9)
        return fmt::format("{:.{}e}", value, digits - 1);
    const double unit = std::pow(10.0, size - digits + 1);
    return size >= digits ? fmt::format("{:.0f}", std::round(value / unit) * unit)
                          : fmt::format("{:.{}f}", value, static_cast<int>(std::max(0.0, digits - 1 - size)));
}

std::string estimateText(const Estimate& e, const std::string& unit)
{
    const auto tail = unit.empty() ? std::string() : " " + unit;
    if (!e.low || !e.high || e.value <= 0)
        return plainText(e.value, 2) + tail + (e.low && e.high ? "" : " (no error known)");
    if (*e.low == e.value && *e.high == e.value)
        return plainText(e.value, 3) + tail;
    const double factor = std::max(*e.low > 0 ? e.value / *e.low : 10.0, *e.high / e.value);
    const int digits = factor > 1.3 ? 2 : 3;
    return fmt::format("{} ({} to {}){}", plainText(e.value, digits), plainText(*e.low, digits), plainText(*e.high, digits), tail);
}

namespace {

std::string csvCell(std::string text)
{
    for (auto& c : text)
        if (static_cast<unsigned char>(c) < 0x20)
            c = ' ';
    if (!text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos)
        text.insert(0, 1, '\'');
    if (text.find_first_of(",\"") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"')
            quoted += '"';
    }
    return quoted + '"';
}

std::string csvNumber(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : std::string(); }

// Sum over the components that codecarbon calls by one name; it has no dram of its own.
double sumOver(const RunReport& r, std::initializer_list<Component> which, bool energy)
{
    double sum = 0;
    for (const auto& c : r.components)
        if (std::find(which.begin(), which.end(), c.component) != which.end())
            sum += energy ? c.energyKwh.value : c.powerW.value;
    return sum;
}

std::string latex(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (std::string_view("&%$#_{}").find(c) != std::string_view::npos)
            out += '\\';
        if (c == '~' || c == '^')
            out += fmt::format("\\{}{{}}", c);
        else if (c == '\\')
            out += "\\textbackslash{}";
        else
            out += c;
    }
    return out;
}

std::string markdown(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (std::string_view("|*_`<>[]\\").find(c) != std::string_view::npos)
            out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

std::string hours(double s)
{
    return s < 60 ? plainText(s, 3) + " s" : s < 3600 ? plainText(s / 60, 3) + " min" : plainText(s / 3600, 3) + " h";
}

std::string energy(const Estimate& kwh)
{
    const double top = kwh.high.value_or(kwh.value);
    return top >= 1 ? estimateText(kwh, "kWh") : top >= 1e-3 ? estimateText(meterScaled(kwh, 1e3), "Wh") : estimateText(meterScaled(kwh, 3.6e6), "J");
}

// The largest unit in which the value is at least 1.
std::string co2(const Estimate& e)
{
    const double top = e.high.value_or(e.value);
    return top >= 1e6 ? estimateText(meterScaled(e, 1e-6), "t CO2e") : top >= 1e3 ? estimateText(meterScaled(e, 1e-3), "kg CO2e")
        : top >= 0.1                                                     ? estimateText(e, "g CO2e")
                                                                         : estimateText(meterScaled(e, 1e3), "mg CO2e");
}

std::string hardware(const RunReport& r)
{
    std::string text = r.cpuModel.empty() ? "an unknown processor" : r.cpuModel;
    if (r.cpuThreads)
        text += fmt::format(" ({} threads)", r.cpuThreads);
    if (r.ramGb > 0)
        text += fmt::format(", {} GB of memory", plainText(r.ramGb, 3));
    for (const auto& g : r.gpus)
        text += ", " + g;
    return text;
}

std::string place(const RunReport& r)
{
    return (r.zone.empty() ? std::string("a place not stated") : r.zone) + (r.zoneYear ? fmt::format(" in {}", r.zoneYear) : std::string());
}

std::string how(const RunReport& r)
{
    switch (r.energyItKwh.kind) {
    case Kind::Measured: return "measured at the wall";
    case Kind::Counter: return "read from counters";
    default: return fmt::format("partly or wholly estimated ({})", name(r.energyItKwh.kind));
    }
}

} // namespace

std::string runReportsCsv(const std::vector<RunReport>& reports)
{
    std::string out = "timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,"
                      "gpu_energy,ram_energy,energy_consumed,water_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,"
                      "python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,tracking_mode,"
                      "cpu_utilization_percent,gpu_utilization_percent,ram_utilization_percent,ram_used_gb,on_cloud,pue,wue,"
                      "emissions_low,emissions_high,energy_consumed_low,energy_consumed_high,energy_it,g_per_kwh,zone_year,energy_kind,suspended_s,"
                      "exit_code,reasons\n";
    for (const auto& r : reports) {
        const bool country = r.zoneIso3.size() == 3;
        std::vector<std::string> cells{r.end.empty() ? r.begin : r.end, r.project, r.runId, "", csvNumber(r.durationS), csvNumber(r.co2eG.value / 1000),
            csvNumber(r.durationS > 0 ? r.co2eG.value / 1000 / r.durationS : 0), csvNumber(sumOver(r, {Component::Cpu}, false)),
            csvNumber(sumOver(r, {Component::Gpu}, false)), csvNumber(sumOver(r, {Component::Ram, Component::Dram}, false)),
            csvNumber(sumOver(r, {Component::Cpu}, true)), csvNumber(sumOver(r, {Component::Gpu}, true)),
            csvNumber(sumOver(r, {Component::Ram, Component::Dram}, true)), csvNumber(r.energyKwh.value), "", country ? r.zone : "", r.zoneIso3,
            country ? "" : r.zone, "", "", r.os, "", "", r.cpuThreads ? fmt::format("{}", r.cpuThreads) : "", r.cpuModel,
            fmt::format("{}", r.gpus.size()), fmt::format("{}", fmt::join(r.gpus, "; ")), "", "", r.ramGb > 0 ? csvNumber(r.ramGb) : "",
            r.attribution == "share" ? "process" : "machine", "", "", "", "", "N", csvNumber(r.pue.value), "",
            csvNumber(r.co2eG.low ? std::optional(*r.co2eG.low / 1000) : std::nullopt),
            csvNumber(r.co2eG.high ? std::optional(*r.co2eG.high / 1000) : std::nullopt), csvNumber(r.energyKwh.low), csvNumber(r.energyKwh.high),
            csvNumber(r.energyItKwh.value), csvNumber(r.intensityGPerKwh.value), r.zoneYear ? fmt::format("{}", r.zoneYear) : "",
            std::string(name(r.energyItKwh.kind)), csvNumber(r.suspendedS), r.exitCode ? fmt::format("{}", *r.exitCode) : "",
            fmt::format("{}", fmt::join(r.reasons, " "))};
        for (std::size_t i = 0; i < cells.size(); ++i)
            (i ? out += ',' : out) += csvCell(cells[i]);
        out += '\n';
    }
    return out;
}

std::string runReportMarkdown(const RunReport& r)
{
    std::string out = fmt::format("# Energy and carbon of a run\n\n| | |\n|---|---|\n| Run | {} |\n| Hardware | {} |\n| Time | {} |\n| IT energy | {} |\n"
                                  "| PUE | {} |\n| Facility energy | {} |\n| Intensity | {}, {} |\n| **Carbon** | **{}** |\n| Attribution | {} |\n",
        markdown(r.command.empty() ? r.project : r.command), markdown(hardware(r)), hours(r.durationS), estimateText(r.energyItKwh, "kWh"),
        estimateText(r.pue, ""), estimateText(r.energyKwh, "kWh"), estimateText(r.intensityGPerKwh, "g/kWh"), markdown(place(r)), co2(r.co2eG),
        r.attribution);
    out += "\n| Component | Energy | Mean power | By |\n|---|---|---|---|\n";
    for (const auto& c : r.components)
        out += fmt::format("| {} | {} | {} | {} ({}) |\n", name(c.component), estimateText(c.energyKwh, "kWh"), estimateText(c.powerW, "W"),
            markdown(c.meter), name(c.energyKwh.kind));
    if (r.forecast)
        out += fmt::format("\nForecast for {} epochs: {}, {} s.\n", r.forecast->epochsTotal, estimateText(r.forecast->energyKwh, "kWh IT"),
            estimateText(r.forecast->timeS, ""));
    const auto list = [&](const char* title, const std::vector<std::string>& lines) {
        if (!lines.empty())
            out += fmt::format("\n## {}\n\n", title);
        for (const auto& l : lines)
            out += "- " + markdown(l) + "\n";
    };
    list("Measured", r.measured);
    list("Not measured, and why", r.reasons);
    list("Warnings", r.warnings);
    if (!r.equivalents.empty()) {
        out += "\n## For comparison\n\n";
        for (const auto& e : r.equivalents)
            out += fmt::format("- {}\n", estimateText(e.amount, markdown(e.text)));
    }
    list("Sources", r.citations);
    return out;
}

std::string runReportLatex(const RunReport& r)
{
    const auto dashes = [](std::string text) { return latex(text); };
    std::string out = fmt::format("\\paragraph{{Energy and carbon.}}\nThe run used {} for {}. Its IT energy was {}, {}. With a power usage "
                                  "effectiveness of {} this is {} of facility energy. At {} ({}{}) it emitted {}. Ranges are 5th to 95th "
                                  "percentiles; intensities are location-based.",
        dashes(hardware(r)), hours(r.durationS), estimateText(r.energyItKwh, "kWh"), dashes(how(r)), estimateText(r.pue, ""),
        estimateText(r.energyKwh, "kWh"), estimateText(r.intensityGPerKwh, "g/kWh"), dashes(place(r)), r.basis.empty() ? "" : ", " + dashes(r.basis),
        co2(r.co2eG));
    for (std::size_t at = 0; (at = out.find("CO2e", at)) != std::string::npos; at += 10)
        out.replace(at, 4, "CO$_2$e");
    if (!r.equivalents.empty()) {
        out += " For comparison:";
        for (std::size_t i = 0; i < r.equivalents.size(); ++i)
            out += fmt::format("{} {}", i ? ";" : "", estimateText(r.equivalents[i].amount, latex(r.equivalents[i].text)));
        out += '.';
    }
    out += "\n";
    if (!r.citations.empty()) {
        out += "\\begin{itemize}\n";
        for (const auto& c : r.citations)
            out += "  \\item " + latex(c) + "\n";
        out += "\\end{itemize}\n";
    }
    return out;
}

std::string runReportText(const RunReport& r)
{
    std::string out = fmt::format("{} of {}: {} ({}), {} at {} g/kWh ({}, PUE {})\n", hours(r.durationS),
        r.attribution == "share" ? "this process's share" : r.attribution == "net" ? "this machine, idle taken off" : "this machine",
        energy(r.energyKwh), name(r.energyItKwh.kind), co2(r.co2eG), plainText(r.intensityGPerKwh.value, 3), place(r), plainText(r.pue.value, 3));
    for (const auto& c : r.components)
        out += fmt::format("  {}: {}, mean {}; {}\n", name(c.component), energy(c.energyKwh), estimateText(c.powerW, "W"), c.meter);
    if (r.forecast)
        out += fmt::format("  forecast for {} epochs (after {}): {} IT\n", r.forecast->epochsTotal, r.forecast->epochsDone,
            energy(r.forecast->energyKwh));
    if (r.suspendedS > 0)
        out += fmt::format("  asleep for {} s, not counted\n", plainText(r.suspendedS, 3));
    for (const auto* list : {&r.measured, &r.reasons, &r.warnings})
        for (const auto& line : *list)
            out += "  " + line + "\n";
    if (!r.log.empty())
        out += fmt::format("  {} readings were held, rejected or discarded; the first: {}\n", r.log.size(), r.log.front());
    return out;
}

} // namespace paretoscope

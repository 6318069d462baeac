// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon.h"
#include "carbonledger.h"

#include "base/file.h"
#include "carbon/formula.h"
#include "carbon/papertables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <memory>

namespace paretoscope::cli {

namespace {

constexpr std::size_t kMaxRequestBytes = 64u << 20;

struct FormulaOptions {
    std::string request;
    bool schema = false;
    LedgerRequestSource ofBundle;
};

Json readRequest(const std::string& path)
{
    if (path != "-")
        return readJsonFile(path, kMaxRequestBytes);
    const std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    return parseJson(text, "--request");
}

bool isEstimate(const Json& j)
{
    return j.is_object() && j.contains("value") && j.contains("kind") && j.contains("source");
}

std::string shownNumber(const Json& j)
{
    return j.is_number_float() ? fmt::format("{:.10g}", j.get<double>())
        : j.is_string()        ? j.get<std::string>()
                               : j.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// So many significant digits, without an exponent in the range that people read at a glance.
std::string significant(double value, int digits)
{
    if (value == 0 || !(std::abs(value) >= 1e-4 && std::abs(value) < 1e7))
        return fmt::format("{:.{}g}", value, digits);
    const int whole = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
    if (whole <= digits)
        return fmt::format("{:.{}f}", value, digits - whole);
    const double unit = std::pow(10.0, whole - digits);
    return fmt::format("{:.0f}", std::round(value / unit) * unit);
}

// Two digits where the band is wide, else three: no digit that the band denies.
std::string shownEstimate(const Json& e)
{
    if (!e["value"].is_number() || !e["low"].is_number() || !e["high"].is_number())
        return fmt::format("{}  ({}; {})", shownNumber(e["value"]), shownNumber(e["kind"]), shownNumber(e["source"]));
    const double value = e["value"].get<double>(), low = e["low"].get<double>(), high = e["high"].get<double>();
    const int digits = value > 0 && (high / value > 1.3 || value / low > 1.3) ? 2 : 3;
    return fmt::format("{} [{}, {}]  ({}; {})", significant(value, digits), significant(low, digits), significant(high, digits),
        shownNumber(e["kind"]), shownNumber(e["source"]));
}

void addLines(const Json& j, int indent, std::string& text)
{
    const std::string pad(static_cast<std::size_t>(indent), ' ');
    const auto line = [&](const std::string& head, const Json& value) {
        const bool flat =
            !value.is_structured() || (value.is_array() && std::none_of(value.begin(), value.end(), [](const Json& e) {
                return e.is_structured() || e.is_string();
            }));
        if (isEstimate(value)) {
            text += fmt::format("{}{} {}\n", pad, head, shownEstimate(value));
        } else if (flat) {
            text += fmt::format("{}{} {}\n", pad, head, shownNumber(value));
        } else if (!value.empty()) {
            text += fmt::format("{}{}\n", pad, head);
            addLines(value, indent + 2, text);
        }
    };
    if (j.is_array())
        for (const auto& value : j)
            line("-", value);
    else
        for (const auto& [key, value] : j.items())
            line(key + ":", value);
}

void runFormula(const Context& context, const Formula& formula, const FormulaOptions& options)
{
    if (options.schema) {
        context.print(Json{{"schema", formula.schema}, {"example", formula.example}});
        return;
    }
    const auto made = options.ofBundle ? options.ofBundle() : std::nullopt;
    const auto request = made ? *made : readRequest(options.request);
    const auto answer = formula.run(JsonView(request, made ? "--bundle" : options.request == "-" ? "--request" : options.request));
    if (context.json) {
        context.print(answer);
        return;
    }
    std::string text;
    addLines(answer, 0, text);
    context.print(text);
}

} // namespace

void addCarbon(CLI::App& app, Context& context)
{
    auto* command = app.add_subcommand(
        "carbon", "One ledger from search to the last inference: formulas, tables of papers, measuring");
    command->require_subcommand(1);
    command->fallthrough();
    for (const auto& f : formulas()) {
        auto options = std::make_shared<FormulaOptions>();
        auto* one = command->add_subcommand(f.name, f.summary);
        one->fallthrough();
        auto* what = one->add_option_group("what");
        what->add_option("--request", options->request, "The request: a JSON file, or - for standard input");
        what->add_flag("--schema", options->schema, "Print the JSON Schema of the request and an example");
        what->require_option(1);
        if (std::string_view(f.name) == "ledger")
            options->ofBundle = addLedgerOfBundle(*one, *what, context);
        one->callback([&f, options, &context] { runFormula(context, f, *options); });
    }
    auto* tables = command->add_subcommand(
        "tables", "Tables that papers print, computed again: printed, computed, difference, and why");
    tables->fallthrough();
    auto wanted = std::make_shared<std::string>();
    tables->add_option("TABLE", *wanted, "strubell, ofa, patterson or carbontracker")
        ->required()
        ->check(CLI::IsMember(paperTableNames()));
    tables->callback([wanted, &context] {
        const auto table = paperTable(*wanted);
        context.json ? context.print(toJson(table)) : context.print(paperTableText(table));
    });
    addCarbonTrack(*command, context);
}

} // namespace paretoscope::cli

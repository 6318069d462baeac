// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon.h"

#include "carbon/hardware.h"

#include <fmt/format.h>

#include <memory>

namespace paretoscope::cli {

namespace {

void hardware(const Context& context, const std::string& text)
{
    auto rows = searchHardware(text);
    const auto* chosen = text.empty() ? nullptr : findHardware(text);
    if (rows.empty() && chosen)
        rows.push_back(chosen);
    if (rows.empty())
        hardwareFact(text); // says what is near
    const auto number = [](const auto& v) { return v ? Json(*v) : Json(nullptr); };
    const auto string = [](const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); };
    Json j{{"hardware", Json::array()}, {"chosen", chosen ? Json(chosen->title()) : Json(nullptr)}};
    std::string lines;
    for (const auto* f : rows) {
        j["hardware"].push_back({{"class", f->className}, {"title", f->title()}, {"vendor", string(f->vendor)},
            {"model", f->model}, {"power", toJson(f->powerEstimate())}, {"unit", f->unit}, {"basis", f->basis},
            {"idleW", number(f->idleW)}, {"typicalW", number(f->typicalW)}, {"tflopsFp32", number(f->tflopsFp32)},
            {"tflopsFp16Dense", number(f->tflopsFp16Dense)}, {"gflopsPerWattFp32", number(f->gflopsPerWattFp32)},
            {"memoryGb", number(f->memoryGb)}, {"year", number(f->year)}, {"source", f->source.source},
            {"licence", f->source.licence}, {"confidence", f->confidence}, {"flag", string(f->note)}});
        lines += fmt::format("{:44} {:>9.4g} {:7} {}{}\n", f->title(), f->power, f->unit, f->basis,
            f->tflopsFp32 ? fmt::format(", {:g} TFLOPS FP32", *f->tflopsFp32) : std::string());
        lines += fmt::format("    {}; {}; {}; confidence {}{}\n",
            f->year ? std::to_string(*f->year) : std::string("no year"), f->source.source, f->source.licence,
            f->confidence, f->note.empty() ? std::string() : "; " + f->note);
    }
    context.json ? context.print(j) : context.print(lines);
}

} // namespace

void addHardware(CLI::App& app, Context& context)
{
    auto text = std::make_shared<std::string>();
    auto* command = app.add_subcommand("hardware", "List the power of hardware, with source, year and licence");
    command->add_option(
        "TEXT", *text, "Words of a name or a class (gpu, cpu, edge, phone, memory); all if none is given");
    command->callback([text, &context] { hardware(context, *text); });
}

} // namespace paretoscope::cli

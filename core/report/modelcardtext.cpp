// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/modelcard.h"

#include "carbon/runreport.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

/// Texts of bundles and class names are somebody else's: they may not make markup or break a table.
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (std::string_view("|*_`<>[]\\#").find(c) != std::string_view::npos)
            out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
}

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t n)
{
    auto text = std::to_string(n);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

int firstDigit(double v) { return static_cast<int>(std::floor(std::log10(std::abs(v)))); }

/// All three numbers to the place of the second digit of half the band; two digits of each where the band is wide.
std::string bandText(double value, double low, double high)
{
    const double half = (high - low) / 2;
    if (half > std::abs(value) / 2)
        return fmt::format("{} ({} to {})", plainText(value, 2), plainText(low, 2), plainText(high, 2));
    const int decimals = std::max(0, std::min(1 - firstDigit(half), 5 - firstDigit(value)));
    return fmt::format("{1:.{0}f} ({2:.{0}f} to {3:.{0}f})", decimals, value, low, high);
}

std::string valueText(const Estimate& e, std::string_view unit, double scale = 1)
{
    if (!e.low || !e.high)
        return fmt::format("{} {} (no error known)", plainText(scale * e.value, 3), unit);
    if (*e.low == *e.high)
        return fmt::format("{} {}", plainText(scale * e.value, 3), unit);
    return fmt::format("{} {}", bandText(scale * e.value, scale * *e.low, scale * *e.high), unit);
}

std::string cell(const CardFigure& f, std::string_view unit, double scale = 1)
{
    return f.estimate ? fmt::format("{}, {}", valueText(*f.estimate, unit, scale), name(f.estimate->kind)) : "unknown";
}

std::string why(const CardFigure& f) { return escaped(f.estimate ? f.estimate->source : f.reason); }

std::string list(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& l : lines)
        text += "- " + escaped(l) + "\n";
    return text;
}

std::string summary(const ModelCard& c)
{
    auto text = fmt::format("# {}\n\nA convolutional net that tells {} classes of images apart, cut out of the once-for-all supernet {} ({}). Written by {}.\n\n", escaped(c.title), c.classes,
        escaped(c.spaceId), escaped(c.spaceTitle), escaped(c.program));
    text += "| quantity | value | how |\n| --- | ---: | --- |\n";
    const auto row = [&](const char* what, std::uint64_t n, const char* unit, const char* how) { text += fmt::format("| {} | {} {} | {} |\n", what, grouped(n), unit, how); };
    row("work of an image", c.account.macs, "MACs", "counted: multiply-accumulates of convolutions and linear layers");
    row("parameters", c.account.params, "parameters", "counted: all that is trained, batch norm included");
    row("weights", c.account.weightBytes(), "bytes", "counted: float32");
    row("peak activation", c.account.peakActivationBytes, "bytes", "counted: float32, one image; the largest input, output and held shortcut of a layer");
    return text;
}

std::string architecture(const ModelCard& c)
{
    auto text = fmt::format("\n## Architecture\n\nSubnet `{}`\n\n", c.subnet.dump());
    text += "| layers | blocks | kernel | expansion | channels | stride | resolution (pixels) | MACs | parameters |\n| --- | ---: | --- | --- | ---: | ---: | --- | ---: | ---: |\n";
    const auto joined = [](const auto& values) { return values.empty() ? std::string("–") : fmt::format("{}", fmt::join(values, ", ")); };
    for (const auto& l : c.layers)
        text += fmt::format("| {} | {} | {} | {} | {} | {} | {} → {} | {} | {} |\n", escaped(l.name), l.blocks, joined(l.kernels), joined(l.expansions), l.channels, l.stride, l.inputSize,
            l.outputSize, grouped(l.macs), grouped(l.params));
    return text;
}

std::string classTable(const CardMeasurement& m)
{
    std::string text = "\nBy class, measured (the band is the 90 % Wilson score interval of the sampling error):\n\n| class | images | right | top-1 |\n| --- | ---: | ---: | --- |\n";
    for (const auto& k : m.classes)
        text += fmt::format("| {} | {} | {} | {} |\n", escaped(k.name), k.images, k.correct, k.images ? valueText(accuracyEstimate(k.correct, k.images, {}), "%") : "unknown: no image");
    return text;
}

std::string accuracy(const ModelCard& c)
{
    std::string text = "\n## Accuracy\n\n| figure | value and kind | how |\n| --- | --- | --- |\n";
    const auto row = [&](const char* what, const CardFigure& f) { text += fmt::format("| {} | {} | {} |\n", what, cell(f, "%"), why(f)); };
    row("top-1, predicted", c.predictedTop1Percent);
    row("top-1, predicted, if a search chose this subnet", c.correctedTop1Percent);
    if (!c.measured)
        return text + "\nNot measured: no data was given.\n";
    row("top-1, measured", {c.measured->top1Percent, {}});
    row("top-5, measured", {c.measured->top5Percent, {}});
    const auto recalibrated = c.recalibrationImages ? fmt::format("after recalibration of batch norm on {} training images", grouped(c.recalibrationImages)) : std::string("without recalibration of batch norm");
    text += fmt::format("\nMeasured on {} {} images of {}, {}.\n", grouped(c.measured->images), escaped(c.measured->split), escaped(c.measured->dataSet), recalibrated);
    return text + classTable(*c.measured);
}

/// Where each figure comes from. Emissions come from the energy: only what is added to it is said again.
std::string howOf(const CardDevice& d)
{
    auto emissions = d.co2eGPerMillion;
    if (emissions.estimate && d.energyJ.estimate && emissions.estimate->source.starts_with(d.energyJ.estimate->source))
        emissions.estimate->source.replace(0, d.energyJ.estimate->source.size(), "from the energy");
    auto text = fmt::format("\n{}:\n\n- latency: {}\n- energy: {}\n- emissions: {}\n", escaped(d.title), why(d.latencyMs), why(d.energyJ), why(emissions));
    for (const auto& w : d.warnings)
        text += "- warning: " + escaped(w) + "\n";
    return text;
}

std::string costs(const ModelCard& c)
{
    std::string text = "\n## Latency, energy and emissions of use\n\n";
    if (c.devices.empty())
        return text + "No device was named, and the bundle holds none.\n";
    text += "| device | latency | energy of an inference | emissions of a million inferences |\n| --- | --- | --- | --- |\n";
    for (const auto& d : c.devices)
        text += fmt::format("| {} | {} | {} | {} |\n", escaped(d.title), cell(d.latencyMs, d.batch == 1 ? "ms" : fmt::format("ms of a batch of {}", d.batch)),
            cell(d.energyJ, "mJ", 1e3), cell(d.co2eGPerMillion, "g CO2e"));
    for (const auto& d : c.devices)
        text += howOf(d);
    return text;
}

std::string carbon(const ModelCard& c)
{
    auto text = fmt::format("\n## Carbon\n\n- Electricity of use: {}, {} ({})\n", valueText(c.gPerKwh, "g CO2e/kWh"), name(c.gPerKwh.kind), escaped(c.gPerKwh.source));
    text += list(c.assumptions);
    const auto figure = [](const char* what, const std::optional<Estimate>& e, const char* unit) {
        return e ? fmt::format("- {}: {}, {} ({})\n", what, valueText(*e, unit), name(e->kind), escaped(e->source)) : fmt::format("- {}: not stated by the source\n", what);
    };
    text += figure("Energy of training the supernet", c.training ? c.training->energyKwh : std::nullopt, "kWh");
    text += figure("Emissions of training the supernet, shared by all nets that are cut out of it", c.training ? c.training->co2eKg : std::nullopt, "kg CO2e");
    if (c.training)
        text += fmt::format("- Training: {} ({})\n", escaped(c.training->description), escaped(c.training->source));
    return text;
}

std::string files(const ModelCard& c)
{
    if (c.files.empty())
        return "\n## Files\n\nNone was written beside this card.\n";
    std::string text = "\n## Files\n\n| file | bytes | largest difference of a logit, reloaded | check |\n| --- | ---: | ---: | --- |\n";
    for (const auto& f : c.files)
        text += fmt::format("| {} | {} | {} | {} |\n", escaped(f.name), grouped(f.bytes), f.maxAbsDifference ? *f.maxAbsDifference == 0 ? "0" : fmt::format("{:.1e}", *f.maxAbsDifference) : "–", f.note);
    for (const auto& f : c.files)
        if (const auto snippet = loadingSnippet(f.name, c); !snippet.empty())
            text += fmt::format("\n{}:\n\n```python\n{}```\n", escaped(f.name), snippet);
    return text;
}

std::string provenance(const ModelCard& c)
{
    std::string text = "\n## Provenance and licences\n\n";
    if (!c.bundle.empty())
        text += "- Bundle: " + escaped(c.bundle) + "\n";
    text += fmt::format("- Weights: {}\n- Batch norm: {}\n- Engine: {}\n", escaped(c.weightsSource),
        c.recalibrationImages ? fmt::format("recalibrated on {} training images", grouped(c.recalibrationImages)) : "as cut out of the supernet, not recalibrated", escaped(c.engine));
    for (const auto& l : c.licences)
        text += fmt::format("- Licence of {}: {} ({})\n", escaped(l.what), escaped(l.licence), escaped(l.source));
    if (c.licences.empty())
        text += "- Licences: not stated by the source of the weights\n";
    return text + list(c.notes) + fmt::format("- Checksums of all files: {}\n", exportfile::kProvenance);
}

} // namespace

std::string modelCardMarkdown(const ModelCard& c)
{
    auto text = summary(c);
    if (!c.warnings.empty())
        text += "\n## Warnings\n\n" + list(c.warnings);
    text += architecture(c) + accuracy(c) + costs(c) + carbon(c) + files(c);
    return text + "\n## Expected input\n\n" + list(expectedInput(c)) + provenance(c);
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "deviceoptions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

namespace paretoscope::cli {

void addDeviceOptions(CLI::App& command, DeviceOptions& o)
{
    command.add_option("--name", o.name, "Title of the device, such as \"Samsung Note10\"; the power of a processor is looked up by it")->required();
    command.add_option("--id", o.id, "Its id, if not made from the name");
    command.add_option("--out", o.out, "The device file to write")->required();
    command.add_option("--supply", o.supply, "Where the device takes its electricity from")->check(CLI::IsMember({"battery", "mains", "data-centre"}))->capture_default_str();
    auto* power = command.add_option("--power-w", o.powerW, "Power of the whole device while it infers, in watt: value, low, high")->expected(3)->check(CLI::PositiveNumber);
    auto* source = command.add_option("--power-source", o.powerSource, "Where that power comes from")->needs(power);
    power->needs(source);
}

void checkDeviceOptions(const DeviceOptions& o)
{
    if (!o.id.empty() && idFromName(o.id) != o.id)
        throw ValueError({"--id", "not an id", quote(o.id), "lower-case letters, digits, dots and hyphens"});
    if (!o.powerW.empty() && !(o.powerW[1] <= o.powerW[0] && o.powerW[0] <= o.powerW[2]))
        throw ValueError({"--power-w", "not a value with its band", fmt::format("{:g}", fmt::join(o.powerW, ", ")), "value, low, high with low <= value <= high"});
}

void applyDeviceOptions(const DeviceOptions& o, Device& d)
{
    d.title = o.name;
    d.id = o.id.empty() ? idFromName(o.name) : o.id;
    d.supply = std::map<std::string, Supply>{{"battery", Supply::Battery}, {"mains", Supply::Mains}, {"data-centre", Supply::DataCentre}}.at(o.supply);
    if (!o.powerW.empty())
        d.powerW["active"] = {o.powerW[0], o.powerW[1], o.powerW[2], Kind::Citation, o.powerSource};
}

Json errorJson(const DeviceError& e)
{
    const auto optional = [](const auto& v) { return v ? Json(*v) : Json(nullptr); };
    return {{"basis", e.basis}, {"nets", optional(e.nets)}, {"r2", optional(e.r2)}, {"mapePercent", optional(e.mapePercent)}, {"kendallTau", optional(e.kendallTau)},
        {"kendallTauInResolution", optional(e.kendallTauInResolution)}, {"within5Percent", optional(e.within5Percent)}, {"within10Percent", optional(e.within10Percent)},
        {"biasPercent", optional(e.biasPercent)}, {"band90Percent", optional(e.band90Percent)}};
}

std::string errorForPeople(const DeviceError& e)
{
    std::string text;
    if (e.r2)
        text += fmt::format(" R² {:.4f},", *e.r2);
    if (e.mapePercent)
        text += fmt::format(" MAPE {:.2f} %,", *e.mapePercent);
    if (e.kendallTau && e.kendallTauInResolution)
        text += fmt::format(" tau {:.3f} ({:.3f} inside a resolution), within ±5 % {:.1f} %, within ±10 % {:.1f} %,", *e.kendallTau, *e.kendallTauInResolution,
            e.within5Percent.value_or(0), e.within10Percent.value_or(0));
    return text + fmt::format(" 90 % band ±{:g} %\n    {}\n", e.band90Percent.value_or(0), e.basis);
}

} // namespace paretoscope::cli

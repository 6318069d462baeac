// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "context.h"

#include "bundle/identify.h"
#include "bundle/shipped.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

std::string accuracyText(const Json& p)
{
    auto text = fmt::format("  {}: {}\n", p["title"].get<std::string>(), p["predictor"].get<std::string>());
    if (!p["heldOut"].is_null()) {
        text += "    held-out errors, " + p["heldOut"]["basis"].get<std::string>() + "\n";
        for (const auto& row : p["heldOut"]["rows"])
            text += fmt::format("      {:>4} {:>6} nets  tau {:.3f}  RMSE {:.3f} pp\n", row["resolution"].is_null() ? "all" : row["resolution"].dump(),
                row["nets"].get<int>(), row["kendallTau"].get<double>(), row["rmsePercent"].get<double>());
    }
    if (!p["bands"].is_null())
        for (const auto& row : p["bands"]["rows"])
            text += fmt::format("      {:>4} band ±{:.2f} pp{}\n", row["resolution"].get<int>(), row["halfWidthPercent"].get<double>(),
                row.contains("basis") ? ", " + row["basis"].get<std::string>() : std::string());
    return text;
}

void info(const Context& context, const std::string& path)
{
    const auto i = identify(findBundle(path));
    if (context.json) {
        Json j{{"path", path}, {"kind", i.kind}, {"format", i.format}, {"summary", i.summary}, {"fits", i.fits}, {"problems", i.problems}};
        for (const auto& [key, value] : i.details.items())
            j[key] = value;
        context.print(j);
        return;
    }
    std::string text = fmt::format("{}: {} ({})\n  {}\n", path, i.kind, i.format, i.summary);
    text += "  fits: " + (i.fits.empty() ? std::string("no built-in space") : joinNames(i.fits)) + "\n";
    for (const auto& [key, value] : i.details.items())
        if (key != "tensors" && key != "accuracy" && !value.empty())
            text += fmt::format("  {}: {}\n", key, value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (i.details.contains("accuracy"))
        for (const auto& p : i.details["accuracy"])
            text += accuracyText(p);
    if (i.details.contains("tensors"))
        for (const auto& t : i.details["tensors"])
            text += fmt::format("    {} {} {}\n", t[0].get<std::string>(), t[1].dump(), t[2].get<std::string>());
    for (const auto& p : i.problems)
        text += "  problem: " + p + "\n";
    context.print(text);
}

} // namespace

void addInfo(CLI::App& app, Context& context)
{
    auto path = std::make_shared<std::string>();
    auto* command = app.add_subcommand("info", "Say what a file is: bundle, checkpoint, predictor, table, …");
    command->add_option("PATH", *path, "File or folder, or the id of a shipped bundle")->required();
    command->callback([path, &context] { info(context, *path); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "context.h"

#include "bundle/identify.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

void info(const Context& context, const std::string& path)
{
    const auto i = identify(path);
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
        if (key != "tensors" && !value.empty())
            text += fmt::format("  {}: {}\n", key, value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace));
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
    command->add_option("PATH", *path, "File or folder")->required();
    command->callback([path, &context] { info(context, *path); });
}

} // namespace paretoscope::cli

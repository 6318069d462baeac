// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon.h"
#include "context.h"

#include "base/progress.h"

#include <fmt/format.h>

#include <new>

using namespace paretoscope;

int main(int argc, char** argv)
{
    cli::watchInterruption();
    cli::Context context;
    CLI::App app{"Explores the trade-off of accuracy, latency and carbon of once-for-all networks.", "paretoscope-cli"};
    app.set_version_flag("--version", "paretoscope-cli " PARETOSCOPE_VERSION);
    app.require_subcommand(1);
    app.fallthrough(); // the options below may stand behind the command
    app.set_help_all_flag("--help-all", "Help of all commands");
    app.add_flag("--json", context.json, "One JSON document on standard output and nothing else there");
    app.add_option("--progress", context.progress, "auto (text on a terminal), none, text, or json (one object a line on standard error)")
        ->check(CLI::IsMember({"auto", "none", "text", "json"}));
    app.add_option("--seed", context.seed, "Seed of everything random")->capture_default_str();
    app.add_option("--threads", context.threads, "Threads to use; 0: all processors")->check(CLI::Range(0, 4096));
    cli::addSpaces(app, context);
    cli::addInfo(app, context);
    cli::addImport(app, context);
    cli::addDescribe(app, context);
    cli::addPredict(app, context);
    cli::addSearch(app, context);
    cli::addDevices(app, context);
    cli::addFitDevice(app, context);
    cli::addBundle(app, context);
    cli::addFitPredictor(app, context);
    cli::addForward(app, context);
    cli::addTrain(app, context);
    cli::addSample(app, context);
    cli::addEvaluate(app, context);
    cli::addMeasure(app, context);
    cli::addProfile(app, context);
    cli::addExport(app, context);
    cli::addGrids(app, context);
    cli::addHardware(app, context);
    cli::addCarbon(app, context);

    const auto fail = [&](const char* text) {
        fmt::print(stderr, "paretoscope-cli: {}\n", text);
        return cli::kFailed;
    };
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0)
            return app.exit(e); // help and version
        fmt::print(stderr, "paretoscope-cli: {} (see --help)\n", e.what());
        return cli::kUsage;
    } catch (const cli::ExitWith& e) {
        return e.code;
    } catch (const Cancelled&) {
        fmt::print(stderr, "paretoscope-cli: interrupted; nothing was changed\n");
        return cli::kInterrupted;
    } catch (const std::bad_alloc&) {
        return fail("out of memory");
    } catch (const std::exception& e) {
        return fail(e.what());
    }
    return cli::interrupted() ? cli::kInterrupted : cli::kDone;
}

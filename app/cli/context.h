// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every command shares: the options that stand everywhere, where results and progress go, and interruption.
#pragma once

#include "base/json.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace paretoscope::cli {

enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kInfeasible = 3, kInterrupted = 130 };

/// Thrown to end with a code that is not ours, such as that of a child process; everything is printed already.
struct ExitWith {
    int code;
};

struct Context {
    bool json = false;
    std::string progress = "auto";
    std::uint64_t seed = 1;
    int threads = 0; // 0: as many as there are processors

    /// Results, on standard output. A write that fails (a full disk, a closed pipe) is an error.
    void print(const std::string& text) const;
    void print(const Json& result) const { print(printJson(result)); }
    /// Messages, on standard error.
    void note(const std::string& text) const;
};

/// One long piece of work. People see nothing during its first 0.3 s; both they and programs get ten reports a second and
/// every new step.
class ProgressReport {
public:
    explicit ProgressReport(const Context& context);
    ~ProgressReport();
    ProgressReport(const ProgressReport&) = delete;
    ProgressReport& operator=(const ProgressReport&) = delete;
    /// `share` from 0 to 1; `more` joins the object of a JSON line. Returns false when the user has interrupted.
    bool report(const std::string& step, double share, const Json& more = {});

private:
    enum class Style { None, Text, Json };
    Style m_style;
    std::chrono::steady_clock::time_point m_begin;
    std::chrono::steady_clock::time_point m_last;
    std::string m_step;
    bool m_lineOpen = false;
};

/// Remembers SIGINT, SIGTERM and SIGHUP, so that what is being written can be taken back; a closed pipe becomes an error.
void watchInterruption();
bool interrupted();

// Each adds its command to the application; the command runs from CLI11's callback.
void addSpaces(CLI::App& app, Context& context);
void addInfo(CLI::App& app, Context& context);
void addImport(CLI::App& app, Context& context);
void addDescribe(CLI::App& app, Context& context);
void addPredict(CLI::App& app, Context& context);
void addSearch(CLI::App& app, Context& context);
void addDevices(CLI::App& app, Context& context);
void addFitDevice(CLI::App& app, Context& context);
void addBundle(CLI::App& app, Context& context);
void addFitPredictor(CLI::App& app, Context& context);
void addForward(CLI::App& app, Context& context);
void addTrain(CLI::App& app, Context& context);
void addSample(CLI::App& app, Context& context);
void addEvaluate(CLI::App& app, Context& context);
void addMeasure(CLI::App& app, Context& context);
void addProfile(CLI::App& app, Context& context);
void addExport(CLI::App& app, Context& context);

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "context.h"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace paretoscope::cli {

namespace {

std::atomic<bool> g_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free); // or a signal handler could not set it

constexpr std::chrono::milliseconds kQuiet{300};
constexpr std::chrono::milliseconds kBetweenReports{100};

} // namespace

void watchInterruption()
{
    struct sigaction action { };
    action.sa_handler = [](int) { g_interrupted = true; };
    action.sa_flags = static_cast<int>(SA_RESETHAND); // the second time it ends the program at once
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    struct sigaction hangUp { };
    sigaction(SIGHUP, nullptr, &hangUp);
    if (hangUp.sa_handler != SIG_IGN) // under nohup it goes on
        sigaction(SIGHUP, &action, nullptr);
    // A reader that has gone and a file that may not grow are errors of writing, which clean up after themselves.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

bool interrupted() { return g_interrupted; }

void Context::print(const std::string& text) const
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw IoError({"standard output", "cannot be written", std::strerror(errno), {}});
}

void Context::note(const std::string& text) const { fmt::print(stderr, "{}\n", text); }

ProgressReport::ProgressReport(const Context& context)
    : m_style(context.progress == "json" ? Style::Json
              : context.progress == "text" || (context.progress == "auto" && isatty(STDERR_FILENO)) ? Style::Text
                                                                                                 : Style::None)
    , m_begin(std::chrono::steady_clock::now())
    , m_last(m_begin)
{
}

ProgressReport::~ProgressReport()
{
    if (m_lineOpen)
        fmt::print(stderr, "\r\033[K");
}

bool ProgressReport::report(const std::string& step, double share, const Json& more)
{
    const auto now = std::chrono::steady_clock::now();
    const bool due = now - m_last >= kBetweenReports;
    if ((m_style == Style::Json && (due || step != m_step || share >= 1)) || (m_style == Style::Text && due && now - m_begin >= kQuiet)) {
        m_last = now;
        m_step = step;
        const double spent = std::chrono::duration<double>(now - m_begin).count();
        const double left = share > 0 ? spent * (1 - share) / share : 0;
        if (m_style == Style::Json) {
            Json line{{"step", step}, {"share", share}, {"spentS", spent}, {"leftS", left}};
            if (more.is_object())
                line.update(more);
            fmt::print(stderr, "{}\n", line.dump(-1, ' ', false, Json::error_handler_t::replace)); // a path may be no UTF-8
        } else {
            fmt::print(stderr, "\r\033[K{:3.0f} % {} ({:.0f} s left)", 100 * share, step, left);
            std::fflush(stderr);
            m_lineOpen = true;
        }
    }
    return !interrupted();
}

} // namespace paretoscope::cli

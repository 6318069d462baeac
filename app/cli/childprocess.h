// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope::cli {

/// Another program, run as if it had been called directly: its outputs pass through, signals sent to this program reach
/// it, and its exit code is ours.
class ChildProcess {
public:
    /// @param outTo where its standard output goes on to: STDOUT_FILENO or STDERR_FILENO.
    ChildProcess(std::vector<std::string> command, int outTo);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// @returns its process id, or -errno when it cannot be started.
    int start();
    /// Passes its outputs on until it has ended, and hands every piece to `seen`. It stays in /proc until `wait`, so that
    /// its last processor time can be read.
    void passThrough(const std::function<void(std::string_view)>& seen);
    /// Its exit code, or 128 + the signal that ended it.
    int wait();

private:
    struct Pipes;
    class SignalForwarding;
    std::vector<std::string> m_command;
    int m_outTo;
    int m_child = 0;
    std::unique_ptr<SignalForwarding> m_signals;
    std::unique_ptr<Pipes> m_pipes;
};

} // namespace paretoscope::cli

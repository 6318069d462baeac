// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "childprocess.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace paretoscope::cli {

namespace {

constexpr std::array kForwarded{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

std::atomic<int> g_child{0};
static_assert(std::atomic<int>::is_always_lock_free); // or a signal handler could not read it

// A signal from the terminal reached the child already, which is in the same group; one from a process did not.
void forward(int signal, siginfo_t* info, void*)
{
    const int child = g_child;
    if (child > 0 && info->si_code <= 0)
        kill(child, signal);
}

struct Pipe {
    std::array<int, 2> ends{-1, -1};
    Pipe()
    {
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            throw IoError({"pipe", "cannot be made", std::strerror(errno), {}});
    }
    ~Pipe()
    {
        closeEnd(0);
        closeEnd(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void closeEnd(std::size_t i)
    {
        if (ends[i] >= 0)
            close(std::exchange(ends[i], -1));
    }
};

// Starts the command with its outputs on pipes; its process id, or -errno.
int spawn(const std::vector<std::string>& command, Pipe& out, Pipe* err)
{
    std::vector<char*> arguments;
    for (const auto& a : command)
        arguments.push_back(const_cast<char*>(a.c_str())); // the interface predates const; nothing is written
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
    if (err)
        posix_spawn_file_actions_adddup2(&actions, err->ends[1], STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t child = 0;
    const int error = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error ? -error : child;
}

bool writeAll(int fd, std::string_view text)
{
    while (!text.empty()) {
        const auto n = write(fd, text.data(), text.size());
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        text.remove_prefix(n > 0 ? static_cast<std::size_t>(n) : 0);
    }
    return true;
}

// Whether the child has ended. It stays in /proc until it is reaped, so that its last processor time can be read.
bool hasEnded(int child, bool wait)
{
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT | (wait ? 0 : WNOHANG)) == 0 && info.si_pid == child;
}

} // namespace

class ChildProcess::SignalForwarding {
public:
    SignalForwarding()
    {
        struct sigaction action { };
        action.sa_sigaction = forward;
        action.sa_flags = SA_SIGINFO | SA_RESTART;
        for (std::size_t i = 0; i < kForwarded.size(); ++i)
            sigaction(kForwarded[i], &action, &m_before[i]);
        struct sigaction ignore { };
        ignore.sa_handler = SIG_IGN;
        sigaction(SIGPIPE, &ignore, &m_pipe);
    }
    ~SignalForwarding()
    {
        for (std::size_t i = 0; i < kForwarded.size(); ++i)
            sigaction(kForwarded[i], &m_before[i], nullptr);
        sigaction(SIGPIPE, &m_pipe, nullptr);
    }
    SignalForwarding(const SignalForwarding&) = delete;
    SignalForwarding& operator=(const SignalForwarding&) = delete;

private:
    std::array<struct sigaction, kForwarded.size()> m_before{};
    struct sigaction m_pipe { };
};

struct ChildProcess::Pipes {
    Pipe out;
    std::optional<Pipe> err; // only where it is no terminal: a progress bar needs its terminal
};

ChildProcess::ChildProcess(std::vector<std::string> command, int outTo)
    : m_command(std::move(command))
    , m_outTo(outTo)
    , m_signals(std::make_unique<SignalForwarding>())
    , m_pipes(std::make_unique<Pipes>())
{
    if (!isatty(STDERR_FILENO))
        m_pipes->err.emplace();
}

ChildProcess::~ChildProcess() { g_child = 0; }

int ChildProcess::start()
{
    m_child = spawn(m_command, m_pipes->out, m_pipes->err ? &*m_pipes->err : nullptr);
    g_child = std::max(m_child, 0);
    return m_child;
}

void ChildProcess::passThrough(const std::function<void(std::string_view)>& seen)
{
    auto& out = m_pipes->out;
    auto* err = m_pipes->err ? &*m_pipes->err : nullptr;
    out.closeEnd(1);
    if (err)
        err->closeEnd(1);
    bool ended = false;
    std::array<char, 65536> buffer;
    for (;;) {
        std::array<pollfd, 2> fds{{{out.ends[0], POLLIN, 0}, {err ? err->ends[0] : -1, POLLIN, 0}}};
        // What it left running may hold the pipes open: after its end only what is there already is passed on.
        const int ready = poll(fds.data(), fds.size(), ended ? 0 : 100);
        for (std::size_t i = 0; ready > 0 && i < fds.size(); ++i)
            if (fds[i].revents) {
                auto& from = i == 0 ? out : *err;
                const auto n = read(from.ends[0], buffer.data(), buffer.size());
                if (n < 0 && (errno == EINTR || errno == EAGAIN))
                    continue;
                const std::string_view text(buffer.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
                // Nobody reads our output any more: the child shall notice it as it would without us.
                if (n <= 0 || !writeAll(i == 0 ? m_outTo : STDERR_FILENO, text))
                    from.closeEnd(0);
                seen(text);
            }
        if (ended && ready <= 0)
            return;
        if (!ended)
            ended = hasEnded(m_child, out.ends[0] < 0 && (!err || err->ends[0] < 0));
    }
}

int ChildProcess::wait()
{
    g_child = 0;
    int status = 0;
    while (waitpid(m_child, &status, 0) < 0 && errno == EINTR) { }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace paretoscope::cli

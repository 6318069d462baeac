// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/trackershare.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace paretoscope {

namespace {

std::vector<std::uint64_t> numbers(std::string_view text)
{
    std::vector<std::uint64_t> list;
    for (std::size_t at = 0; at < text.size() && list.size() < 100'000;) {
        at = std::min(text.find_first_not_of(" \n", at), text.size());
        const auto end = std::min(text.find_first_of(" \n", at), text.size());
        std::uint64_t value = 0;
        std::from_chars(text.data() + at, text.data() + end, value);
        if (end > at)
            list.push_back(value);
        at = end;
    }
    return list;
}

} // namespace

std::optional<ProcessTree> readProcessTree(FileSource& files, const std::filesystem::path& root, int process)
{
    ProcessTree tree;
    std::set<int> seen;
    std::vector<int> open{process};
    while (!open.empty() && seen.size() < 65'536) {
        const int pid = open.back();
        open.pop_back();
        if (!seen.insert(pid).second)
            continue;
        const auto folder = root / "proc" / std::to_string(pid);
        const auto stat = files.read(folder / "stat");
        // The name stands in brackets and may hold anything, brackets too.
        const auto bracket = stat.text.rfind(')');
        if (stat.error || bracket == std::string::npos) {
            if (pid == process)
                return std::nullopt;
            continue;
        }
        const auto fields = numbers(std::string_view(stat.text).substr(bracket + 1)); // from field 3, state
        if (fields.size() < 15)
            continue;
        for (std::size_t i = 11; i < 15; ++i) // utime, stime, cutime, cstime
            tree.ticks += fields[i];
        tree.processes.push_back(pid);
        for (const auto& task : files.list(folder / "task"))
            for (const auto child : numbers(files.read(folder / "task" / task / "children").text))
                open.push_back(static_cast<int>(child));
    }
    return tree;
}

ShareMeter::ShareMeter(std::shared_ptr<FileSource> files, std::filesystem::path root, int process)
    : m_files(std::move(files))
    , m_root(std::move(root))
    , m_process(process)
{
    if (const auto t = readCpuTicks(*m_files, m_root))
        m_busy = t->busy;
    if (const auto t = readProcessTree(*m_files, m_root, m_process)) {
        m_ticks = t->ticks;
        m_processes = t->processes;
    }
}

std::optional<double> ShareMeter::share()
{
    const auto busy = readCpuTicks(*m_files, m_root);
    const auto tree = readProcessTree(*m_files, m_root, m_process);
    if (!busy || busy->busy <= m_busy)
        return std::nullopt;
    // A descendant that nobody waited for takes its ticks along: the sum may fall, the share not.
    const double mine = tree && tree->ticks > m_ticks ? static_cast<double>(tree->ticks - m_ticks) : 0;
    const double all = std::max(static_cast<double>(busy->busy - m_busy), mine);
    m_busy = busy->busy;
    if (tree) {
        m_ticks = tree->ticks;
        m_processes = tree->processes;
    }
    return mine / all;
}

} // namespace paretoscope

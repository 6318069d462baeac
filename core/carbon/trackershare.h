// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The share of a process and its descendants in the work of the computer.
#pragma once

#include "carbon/cpuestimate.h"

namespace paretoscope {

/// Ticks of processor time of a process, of what it waited for and of its living descendants, from /proc below `root`.
/// Nothing when the process is gone.
struct ProcessTree {
    std::uint64_t ticks = 0;
    std::vector<int> processes;
};
std::optional<ProcessTree> readProcessTree(FileSource& files, const std::filesystem::path& root, int process);

/// Interval by interval: ticks of the tree over the busy ticks of the computer. Shares of simultaneous processes that are
/// busy add up to 1, whatever the load is.
class ShareMeter {
public:
    ShareMeter(std::shared_ptr<FileSource> files, std::filesystem::path root, int process);
    /// 0 to 1 since the last call; nothing while nobody has worked for a tick: then ask again later.
    std::optional<double> share();
    const std::vector<int>& processes() const { return m_processes; }

private:
    std::shared_ptr<FileSource> m_files;
    std::filesystem::path m_root;
    int m_process;
    std::uint64_t m_busy = 0, m_ticks = 0;
    std::vector<int> m_processes;
};

} // namespace paretoscope

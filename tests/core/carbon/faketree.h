// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A made-up /sys and /proc with every fault that can be asked for, and clocks that a test moves.
#pragma once

#include "carbon/meterprobe.h"

#include <cerrno>
#include <map>
#include <set>

namespace testing {

class FakeFiles final : public paretoscope::FileSource {
public:
    std::map<std::string, std::string> text;
    std::map<std::string, int> errors;

    paretoscope::FileText read(const std::filesystem::path& path) override
    {
        if (const auto e = errors.find(path.string()); e != errors.end())
            return {e->second, {}};
        const auto at = text.find(path.string());
        return at == text.end() ? paretoscope::FileText{ENOENT, {}} : paretoscope::FileText{0, at->second};
    }
    std::vector<std::string> list(const std::filesystem::path& folder) override
    {
        std::set<std::string> names;
        const auto start = folder.string() + "/";
        for (const auto& [path, content] : text)
            if (path.starts_with(start))
                names.insert(path.substr(start.size(), path.find('/', start.size()) - start.size()));
        return {names.begin(), names.end()};
    }

    // A RAPL domain below /r; `id` like "0" or "0:1".
    void rapl(const std::string& id, const std::string& name, std::uint64_t uj, const std::string& range = "262143328850\n")
    {
        const auto folder = "/r/sys/class/powercap/intel-rapl:" + id + "/";
        text[folder + "name"] = name + "\n";
        text[folder + "energy_uj"] = std::to_string(uj) + "\n";
        if (!range.empty())
            text[folder + "max_energy_range_uj"] = range;
    }
    void ticks(std::uint64_t busy, std::uint64_t idle)
    {
        text["/r/proc/stat"] = "cpu  " + std::to_string(busy) + " 0 0 " + std::to_string(idle) + " 0 0 0 0 0 0\n";
    }
    void cpu(const std::string& model, int threads, const std::string& flags = "fpu")
    {
        std::string info;
        for (int i = 0; i < threads; ++i)
            info += "processor\t: " + std::to_string(i) + "\nmodel name\t: " + model + "\nphysical id\t: 0\ncore id\t\t: " + std::to_string(i)
                + "\nflags\t\t: " + flags + "\n\n";
        text["/r/proc/cpuinfo"] = info;
        text["/r/proc/meminfo"] = "MemTotal:       16000000 kB\n";
    }
    void process(int pid, std::uint64_t ticks, const std::string& children = {})
    {
        const auto folder = "/r/proc/" + std::to_string(pid);
        text[folder + "/stat"] = std::to_string(pid) + " (a) b) S 1 1 1 0 -1 0 0 0 0 0 " + std::to_string(ticks) + " 0 0 0 20 0 1 0 5\n";
        text[folder + "/task/" + std::to_string(pid) + "/children"] = children;
    }
};

class FakeClock final : public paretoscope::Clock {
public:
    double now = 100, slept = 0;
    double monotonicS() override { return now; }
    double bootS() override { return now + slept; }
    double unixS() override { return 1'750'000'000 + now + slept; }
};

struct FakeSystem {
    std::shared_ptr<FakeFiles> files = std::make_shared<FakeFiles>();
    std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
    paretoscope::ProbeOptions options;
    FakeSystem()
    {
        options.files = files;
        options.root = "/r";
        options.clock = clock;
        options.nvmlLibrary = "/nonexistent/libnvidia-ml.so.1";
        options.tdp = [](const std::string& model) -> std::optional<std::pair<double, std::string>> {
            return model == "Known 100" ? std::optional(std::pair(100.0, std::string("TDP of Known 100 (100 W)"))) : std::nullopt;
        };
        options.perf.open = [](std::uint32_t, std::uint64_t, int) { return -EACCES; };
        options.perf.read = [](int) -> std::optional<std::uint64_t> { return std::nullopt; };
        options.perf.close = [](int) {};
        files->cpu("Known 100", 4);
        files->ticks(0, 0);
    }
};

} // namespace testing

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/metric.h"

#include "base/error.h"
#include "search/request.h"

#include <algorithm>
#include <array>
#include <vector>

namespace paretoscope {

namespace {

struct MetricText {
    std::string_view name;
    std::string_view unit;
};
constexpr std::array<MetricText, 8> kMetrics{{{"top1", "%"}, {"latency", "ms"}, {"energy", "J"}, {"co2e", "g per million"}, {"macs", ""}, {"params", ""},
    {"weight-bytes", "bytes"}, {"peak-activation-bytes", "bytes"}}};
constexpr std::array<std::string_view, 7> kAlgorithms{"auto", "exact", "ladder", "evolution", "evolution-nas", "nsga2", "random"};

template <typename Names, typename Text>
std::size_t indexOf(const Names& names, Text text, std::string_view wanted, const char* what, const std::string& where)
{
    std::vector<std::string> all;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (text(names[i]) == wanted)
            return i;
        all.emplace_back(text(names[i]));
    }
    throw ValueError({where, what, quote(wanted), joinNames(all)});
}

} // namespace

std::string_view name(Metric metric) { return kMetrics[static_cast<std::size_t>(metric)].name; }
std::string_view unit(Metric metric) { return kMetrics[static_cast<std::size_t>(metric)].unit; }

Metric metricFromName(std::string_view wanted, const std::string& where)
{
    return static_cast<Metric>(indexOf(kMetrics, [](const MetricText& m) { return m.name; }, wanted, "unknown objective", where));
}

std::string_view name(Algorithm algorithm) { return kAlgorithms[static_cast<std::size_t>(algorithm)]; }

Algorithm algorithmFromName(std::string_view wanted, const std::string& where)
{
    return static_cast<Algorithm>(indexOf(kAlgorithms, [](std::string_view n) { return n; }, wanted, "unknown algorithm", where));
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The problems that search benchmarks share: the official predictor with the Note10 and i7-8700K tables and with MACs,
// and how much of the best known front a front covers. Needs the reference material (PARETOSCOPE_REFERENCE_DIR).
#pragma once

#include "base/file.h"
#include "device/device.h"
#include "predict/predictorfile.h"
#include "search/archive.h"
#include "search/problem.h"
#include "space/spacejson.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace bench {

using namespace paretoscope;

inline std::filesystem::path referenceDir()
{
    const char* set = std::getenv("PARETOSCOPE_REFERENCE_DIR");
    return set && *set ? std::filesystem::path(set) : std::filesystem::path(PARETOSCOPE_SOURCE_DIR) / "../shared";
}

inline std::shared_ptr<const Parts> referenceParts()
{
    static const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.2"));
    return parts;
}

inline AccuracyPredictor officialPredictor()
{
    return openPredictor(referenceDir() / "real/once-for-all/acc_predictor.pth", referenceParts()->space());
}

/// The official predictor with the table of a device: "real/once-for-all/note10", "real/nsganetv2/i7-8700K_lut.yaml".
inline SearchProblem deviceProblem(const char* table)
{
    const auto device = openDevice(referenceDir() / table, referenceParts());
    return {referenceParts(), officialPredictor(), {{device.id, device.sums, {}, 0, 1}}};
}
/// Resolutions 160 to 224 in steps of 16.
inline SearchProblem note10Problem() { return deviceProblem("real/once-for-all/note10"); }
inline SearchProblem i7Problem() { return deviceProblem("real/nsganetv2/i7-8700K_lut.yaml"); }
/// Without a device: top-1 and MACs.
inline SearchProblem macsProblem() { return {referenceParts(), officialPredictor(), {}}; }

/// Top-1 and the first device's latency, at most 60 ms, as in the reference front.
inline SearchRequest frontRequest(Algorithm algorithm)
{
    SearchRequest r;
    r.algorithm = algorithm;
    r.objectives = {{Metric::Top1Percent, 0}, {Metric::LatencyMs, 0}};
    r.limits = {{{Metric::LatencyMs, 0}, {}, 60.0}};
    return r;
}

/// Hypervolume of rows (cost ascending, accuracy) against a reference point.
inline double hypervolume2(const std::vector<std::pair<double, double>>& front, double mostCost, double leastAccuracy)
{
    double sum = 0, best = leastAccuracy;
    for (const auto& [cost, accuracy] : front)
        if (cost < mostCost && accuracy > best) {
            sum += (mostCost - cost) * (accuracy - best);
            best = accuracy;
        }
    return sum;
}

/// The best front known for the official predictor and the Note10 table.
class Note10Reference {
public:
    static constexpr double kMostMs = 60;
    Note10Reference()
    {
        std::istringstream text(readTextFile(referenceDir() / "fixtures/search/front_note10_w1.2.csv"));
        std::string line;
        std::getline(text, line);
        while (std::getline(text, line))
            m_front.emplace_back(
                std::strtod(line.c_str(), nullptr), std::strtod(line.c_str() + line.find(',') + 1, nullptr));
        m_least = m_front.front().second - 0.002;
        m_whole = hypervolume2(m_front, kMostMs, m_least);
    }
    /// ms × fraction; 3.91417 as published beside the front.
    double whole() const { return m_whole; }
    /// Percent of it. The front has top-1 in percent as its first column and ms as its second, ascending in ms.
    double percent(const Points& front) const
    {
        std::vector<std::pair<double, double>> rows;
        for (std::size_t i = 0; i < front.size(); ++i)
            rows.emplace_back(front.at(i, 1), front.at(i, 0) / 100);
        return 100 * hypervolume2(rows, kMostMs, m_least) / m_whole;
    }

private:
    std::vector<std::pair<double, double>> m_front; // ms, fraction
    double m_least = 0;
    double m_whole = 0;
};

inline double median(std::vector<double> v)
{
    std::sort(v.begin(), v.end());
    const auto n = v.size();
    return n == 0 ? 0 : n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

} // namespace bench

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/optimism.h"

#include "base/error.h"
#include "base/random.h"
#include "search/exact.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace paretoscope {

namespace {

constexpr std::size_t kFewestInAPart = 60;
constexpr int kLargestDivisor = 8;

/// Random order within each resolution and group, dealt out in turn, so that every part holds a like share of each.
std::vector<std::size_t> dealt(std::span<const Sample> samples, Random& random)
{
    std::map<std::pair<int, std::string>, std::vector<std::size_t>> cells;
    for (std::size_t i = 0; i < samples.size(); ++i)
        cells[{samples[i].subnet.resolution, samples[i].group}].push_back(i);
    std::vector<std::size_t> order;
    for (auto& [key, cell] : cells) {
        for (std::size_t i = cell.size(); i > 1; --i)
            std::swap(cell[i - 1], cell[random.below(i)]);
        order.insert(order.end(), cell.begin(), cell.end());
    }
    return order;
}

AccuracyPredictor fitted(const SearchSpace& space, std::span<const Sample> samples, const std::vector<std::size_t>& order, std::size_t part, std::size_t parts, const AdditiveOptions& options)
{
    std::vector<Sample> own;
    for (std::size_t i = part; i < order.size(); i += parts)
        own.push_back(samples[order[i]]);
    auto fit = fitAdditive(space, own, options, "selection optimism");
    return {std::make_shared<const AdditivePredictor>(std::move(fit.coefficients), space, "selection optimism"), {}};
}

/// Mean of what the first predictor promises beyond what the second one sees, evenly along the cost axis.
double excessPercent(const std::shared_ptr<const Parts>& parts, const AccuracyPredictor& chooser, const AccuracyPredictor& judge)
{
    const SearchProblem problem(parts, chooser, {});
    SearchRequest request;
    request.objectives = {{Metric::Top1Percent}, {Metric::Macs}};
    const auto front = solveExact(prepare(problem, request), 0, {}).front;
    double sum = 0, weights = 0;
    for (std::size_t i = 0; i < front.size(); ++i) {
        // A point stands for the budgets from its cost to that of the next.
        const double width = i + 1 < front.size() ? front.at(i + 1, 1) - front.at(i, 1) : 0;
        sum += width * (front.at(i, 0) - 100 * judge.predict(front.subnets[i]));
        weights += width;
    }
    return weights > 0 ? sum / weights : 0;
}

} // namespace

OptimismEstimate estimateOptimism(const std::shared_ptr<const Parts>& parts, std::span<const Sample> samples, const AdditiveOptions& options, int splits, std::uint64_t seed)
{
    if (samples.size() / kLargestDivisor < kFewestInAPart)
        throw ValueError({"selection optimism", "too few samples", fmt::format("{}", samples.size()), fmt::format("{} or more", kLargestDivisor * kFewestInAPart)});
    Random random(seed);
    OptimismEstimate estimate;
    for (int divisor = 2; divisor <= kLargestDivisor; divisor *= 2) {
        double sum = 0, squares = 0;
        int pairs = 0;
        for (int split = 0; split < splits; ++split) {
            const auto order = dealt(samples, random);
            const auto a = fitted(parts->space(), samples, order, 0, static_cast<std::size_t>(divisor), options);
            const auto b = fitted(parts->space(), samples, order, 1, static_cast<std::size_t>(divisor), options);
            for (const double excess : {excessPercent(parts, a, b), excessPercent(parts, b, a)}) {
                sum += excess;
                squares += excess * excess;
                ++pairs;
            }
        }
        const double mean = sum / pairs;
        estimate.sizes.push_back({samples.size() / static_cast<std::size_t>(divisor), mean, std::sqrt(std::max(0.0, squares / pairs - mean * mean))});
    }
    // ln excess = a - p ln n, by least squares over the sizes; the excess of the largest parts where there is no such law.
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (const auto& s : estimate.sizes) {
        if (!(s.percent > 0))
            continue;
        const double lx = std::log(static_cast<double>(s.samples)), ly = std::log(s.percent);
        ++n;
        x += lx;
        y += ly;
        xx += lx * lx;
        xy += lx * ly;
    }
    const auto& largest = estimate.sizes.front();
    const double slope = n >= 2 ? std::min(0.0, (n * xy - x * y) / (n * xx - x * x)) : 0;
    estimate.percent = std::max(0.0, largest.percent) * std::pow(2.0, slope);
    estimate.sdPercent = largest.sdPercent * std::pow(2.0, slope);
    return estimate;
}

} // namespace paretoscope

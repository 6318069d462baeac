// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/relativefit.h"

#include "base/rankstats.h"
#include "device/nnls.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace paretoscope {

namespace {

constexpr double kSharpness = 0.01; // relative errors below 1 % weigh alike
constexpr int kReweightings = 10;
constexpr double kStarts[] = {0.3, 0.6}; // share of the rows that the launch side has at first
constexpr int kDeals = 15;
constexpr std::size_t kFewestOfASide = 20;

double relativeError(double predicted, double measured) { return predicted / measured - 1; }

void reweight(std::span<double> weights, const FitRows& rows, std::span<const std::size_t> which, const std::vector<Coefficients>& sums)
{
    for (const auto i : which)
        weights[i] = 1 / std::max(kSharpness, std::abs(relativeError(predictMs(sums, rows.row(i)), rows.ms[i])));
}

} // namespace

void FitRows::add(std::span<const double> features, double timeMs, int pixels)
{
    x.insert(x.end(), features.begin(), features.end());
    ms.push_back(timeMs);
    resolution.push_back(pixels);
}

double dot(std::span<const double> a, std::span<const double> b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

double predictMs(const std::vector<Coefficients>& sums, std::span<const double> row)
{
    double ms = dot(sums.front(), row);
    for (std::size_t i = 1; i < sums.size(); ++i)
        ms = std::max(ms, dot(sums[i], row));
    return ms;
}

Coefficients fitRelative(const FitRows& rows, std::span<const std::size_t> which, const Columns& columns, std::span<const double> weights)
{
    std::vector<std::size_t> used;
    for (std::size_t j = 0; j < rows.columns; ++j)
        if (columns[j])
            used.push_back(j);
    std::vector<double> a, b;
    a.reserve(which.size() * used.size());
    b.reserve(which.size());
    for (const auto i : which) {
        const double w = weights.empty() ? 1.0 : std::sqrt(weights[i]);
        const auto row = rows.row(i);
        for (const auto j : used)
            a.push_back(w * row[j] / rows.ms[i]);
        b.push_back(w);
    }
    const auto x = nonNegativeLeastSquares(a, b, used.size());
    Coefficients all(rows.columns, 0.0);
    for (std::size_t k = 0; k < used.size(); ++k)
        all[used[k]] = x[k];
    return all;
}

Coefficients fitRobust(const FitRows& rows, std::span<const std::size_t> which, const Columns& columns)
{
    std::vector<double> weights(rows.size(), 1.0);
    auto fit = fitRelative(rows, which, columns);
    for (int i = 0; i < kReweightings; ++i) {
        reweight(weights, rows, which, {fit});
        fit = fitRelative(rows, which, columns, weights);
    }
    return fit;
}

std::vector<Coefficients> fitMax(const FitRows& rows, std::span<const std::size_t> which, const Columns& launch, const Columns& work)
{
    const auto firstLaunch = fitRelative(rows, which, launch), firstWork = fitRelative(rows, which, work);
    std::vector<double> lean; // how much more the work side says than the launch side
    for (const auto i : which)
        lean.push_back(dot(firstWork, rows.row(i)) / std::max(1e-12, dot(firstLaunch, rows.row(i))));
    auto sorted = lean;
    std::sort(sorted.begin(), sorted.end());

    double least = std::numeric_limits<double>::infinity();
    std::vector<Coefficients> best{fitRobust(rows, which, work)};
    std::vector<double> weights(rows.size());
    for (const double share : kStarts) {
        const double cut = sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
        std::vector<char> worksMore;
        for (const double l : lean)
            worksMore.push_back(l > cut);
        std::fill(weights.begin(), weights.end(), 1.0);
        for (int deal = 0; deal < kDeals; ++deal) {
            std::vector<std::size_t> launchRows, workRows;
            for (std::size_t k = 0; k < which.size(); ++k)
                (worksMore[k] ? workRows : launchRows).push_back(which[k]);
            if (launchRows.size() < kFewestOfASide || workRows.size() < kFewestOfASide)
                break;
            const std::vector<Coefficients> sums{fitRelative(rows, launchRows, launch, weights), fitRelative(rows, workRows, work, weights)};
            double total = 0;
            for (std::size_t k = 0; k < which.size(); ++k) {
                const auto row = rows.row(which[k]);
                worksMore[k] = dot(sums[1], row) > dot(sums[0], row);
                total += std::abs(relativeError(predictMs(sums, row), rows.ms[which[k]]));
            }
            if (total < least) {
                least = total;
                best = sums;
            }
            reweight(weights, rows, which, sums);
        }
    }
    return best;
}

DeviceError errorOf(std::span<const double> predicted, std::span<const double> measured, std::span<const int> resolution, std::string basis)
{
    const auto n = static_cast<double>(measured.size());
    const double mean = std::accumulate(measured.begin(), measured.end(), 0.0) / n;
    double squares = 0, spread = 0, absolute = 0, bias = 0, within5 = 0, within10 = 0;
    std::vector<double> off; // of the measured from the predicted, as a band is read
    std::map<int, std::pair<std::vector<double>, std::vector<double>>> byResolution;
    for (std::size_t i = 0; i < measured.size(); ++i) {
        const double e = relativeError(predicted[i], measured[i]);
        squares += (predicted[i] - measured[i]) * (predicted[i] - measured[i]);
        spread += (measured[i] - mean) * (measured[i] - mean);
        absolute += std::abs(e);
        bias += e;
        within5 += std::abs(e) <= 0.05;
        within10 += std::abs(e) <= 0.10;
        off.push_back(std::abs(measured[i] / predicted[i] - 1));
        auto& [p, m] = byResolution[resolution[i]];
        p.push_back(predicted[i]);
        m.push_back(measured[i]);
    }
    double tau = 0;
    for (const auto& [r, pair] : byResolution)
        tau += kendallTau(pair.first, pair.second) * static_cast<double>(pair.first.size()) / n;
    std::sort(off.begin(), off.end());
    const auto at90 = static_cast<std::size_t>(std::ceil(0.9 * n)) - 1;

    DeviceError error;
    error.basis = std::move(basis);
    error.nets = static_cast<int>(measured.size());
    // Four digits of shares that are near 1, two of percents: more would be noise.
    const auto digits = [](double v, double scale) { return std::round(v * scale) / scale; };
    if (spread > 0)
        error.r2 = digits(1 - squares / spread, 1e4);
    error.mapePercent = digits(100 * absolute / n, 100);
    error.kendallTau = digits(kendallTau(predicted, measured), 1e4);
    error.kendallTauInResolution = digits(tau, 1e4);
    error.within5Percent = digits(100 * within5 / n, 10);
    error.within10Percent = digits(100 * within10 / n, 10);
    error.biasPercent = digits(100 * bias / n, 100);
    error.band90Percent = std::ceil(1000 * off[at90]) / 10;
    return error;
}

double rounded(double value)
{
    const auto text = fmt::format("{:.5e}", value);
    double result = value;
    std::from_chars(text.data(), text.data() + text.size(), result);
    return result;
}

void roundCoefficients(std::vector<Coefficients>& sums)
{
    for (auto& sum : sums)
        for (auto& c : sum)
            c = rounded(c);
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/forecast.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <vector>

namespace paretoscope {

double extrapolationFactor(double k)
{
    const auto between = [](double x, double x0, double f0, double x1, double f1) {
        return std::exp(std::log(f0) + (std::log(f1) - std::log(f0)) * (std::log(x) - std::log(x0)) / (std::log(x1) - std::log(x0)));
    };
    return k <= 1 ? 1.2 : k >= 10 ? 1.05 : k <= 3 ? between(k, 1, 1.2, 3, 1.1) : between(k, 3, 1.1, 10, 1.05);
}

double student95(int degrees)
{
    constexpr std::array kT{6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746,
        1.740, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697};
    const auto n = static_cast<std::size_t>(std::max(degrees, 1));
    // Beyond the table the first term of the expansion around the normal quantile is right to three digits.
    return n <= kT.size() ? kT[n - 1] : 1.6449 + 1.5236 / static_cast<double>(n);
}

namespace {

constexpr int kMostEpochs = 10'000'000;

double median(std::vector<double> v)
{
    std::sort(v.begin(), v.end());
    const auto n = v.size();
    return n % 2 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

Estimate extrapolate(std::span<const double> epochs, int total, const char* what)
{
    const int k = static_cast<int>(epochs.size());
    for (std::size_t i = 0; i < epochs.size(); ++i)
        if (!(epochs[i] >= 0) || !std::isfinite(epochs[i]))
            throw ValueError({fmt::format("{}[{}]", what, i), "an epoch cannot use this", fmt::format("{}", epochs[i]), "a number of at least 0"});
    if (k < 1)
        throw ValueError({what, "no epoch is finished yet", "0 epochs", "at least 1"});
    if (total < k || total > kMostEpochs)
        throw ValueError({"epochs_total", "out of range", fmt::format("{}", total), fmt::format("{} (epochs done) to {}", k, kMostEpochs)});
    const std::vector<double> used(epochs.begin() + (k >= 3 ? 1 : 0), epochs.end());
    const double mean = std::accumulate(used.begin(), used.end(), 0.0) / static_cast<double>(used.size());
    const double each = k >= 3 ? median(used) : mean;
    const double done = std::accumulate(epochs.begin(), epochs.end(), 0.0), left = total - k;
    double spread = 0; // of one epoch
    if (used.size() > 1) {
        double squares = 0;
        for (const double x : used)
            squares += (x - mean) * (x - mean);
        const auto m = static_cast<double>(used.size());
        spread = student95(static_cast<int>(used.size()) - 1) * std::sqrt(squares / (m - 1)) / std::sqrt(m);
    }
    const double f = extrapolationFactor(k);
    Estimate e{done + left * each, {}, {}, Kind::Predicted, {}};
    e.low = done + left * std::max(0.0, each - std::hypot(each - each / f, spread));
    e.high = done + left * (each + std::hypot(each * f - each, spread));
    e.source = fmt::format("{} of {} epochs, {}", k, total, k >= 3 ? "median without the first" : "mean");
    return e;
}

} // namespace

Forecast forecastEpochs(std::span<const double> kwh, std::span<const double> s, int total)
{
    Forecast f;
    f.epochsDone = static_cast<int>(kwh.size());
    f.epochsTotal = total;
    f.energyKwh = extrapolate(kwh, total, "epoch_kwh");
    f.timeS = s.empty() ? Estimate{0, {}, {}, Kind::Predicted, "no times"} : extrapolate(s, total, "epoch_s");
    return f;
}

Forecast forecastProgress(double kwh, double s, double progress)
{
    if (!(progress > 0) || progress > 1)
        throw ValueError({"progress", "out of range", fmt::format("{}", progress), "more than 0, at most 1"});
    if (!(kwh >= 0) || !(s >= 0) || !std::isfinite(kwh) || !std::isfinite(s))
        throw ValueError({"energy and time so far", "out of range", fmt::format("{} kWh, {} s", kwh, s), "numbers of at least 0"});
    // Progress of a tenth is as much as the first epoch of ten.
    const double f = progress >= 1 ? 1 : extrapolationFactor(std::max(1.0, 10 * progress));
    const auto whole = [&](double done) {
        const double left = done / progress - done;
        return Estimate{done / progress, done + left / f, done + left * f, Kind::Predicted, fmt::format("{:.3g} % of the job", 100 * progress)};
    };
    Forecast result;
    result.energyKwh = whole(kwh);
    result.timeS = whole(s);
    return result;
}

namespace {

struct Scanner {
    std::string_view text;
    std::size_t at = 0;
    void spaces()
    {
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t'))
            ++at;
    }
    bool take(char c)
    {
        const bool is = at < text.size() && text[at] == c;
        at += is;
        return is;
    }
    std::optional<int> number()
    {
        int value = 0;
        const auto* begin = text.data() + at;
        const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
        if (error != std::errc() || value < 0 || value > kMostEpochs)
            return std::nullopt;
        at += static_cast<std::size_t>(end - begin);
        return value;
    }
    // "3/100", "3 / 100", "3 of 100", "3"
    std::optional<EpochLine> count()
    {
        const auto epoch = number();
        if (!epoch || (at < text.size() && text[at] == '.')) // a version, a share
            return std::nullopt;
        EpochLine line{*epoch, 0, false};
        const auto back = at;
        spaces();
        const bool of = text.substr(at).starts_with("of ");
        if (of || take('/')) {
            at += of ? 3 : 0;
            spaces();
            const auto total = number();
            if (!total || *total < *epoch || *total == 0)
                at = back;
            else
                line.total = *total;
        } else {
            at = back;
        }
        return line;
    }
};

} // namespace

std::optional<EpochLine> epochOfLine(std::string_view text)
{
    text = text.substr(0, 400);
    for (std::size_t i = 0; i + 5 <= text.size(); ++i) {
        const auto is = [&](char c, std::size_t k) { return (text[i + k] | 0x20) == c; };
        if (!(is('e', 0) && is('p', 1) && is('o', 2) && is('c', 3) && is('h', 4)))
            continue;
        if (i > 0 && ((text[i - 1] | 0x20) >= 'a' && (text[i - 1] | 0x20) <= 'z'))
            continue; // "subepoch"
        Scanner s{text, i + 5};
        while (s.at < text.size() && (text[s.at] == ' ' || text[s.at] == ':' || text[s.at] == '=' || text[s.at] == '[' || text[s.at] == '(' || text[s.at] == '#'))
            ++s.at;
        if (auto line = s.count())
            return line;
    }
    Scanner s{text, 0};
    s.spaces();
    if (s.take('[')) {
        s.spaces();
        auto line = s.count();
        s.spaces();
        if (line && line->total > 0 && s.take(']')) {
            line->bare = true;
            return line;
        }
    }
    return std::nullopt;
}

} // namespace paretoscope

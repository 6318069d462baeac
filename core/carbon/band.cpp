// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/band.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

// Without branches and calls, so that a loop over it becomes vector instructions.
inline double exponential(double x)
{
    constexpr double kLn2High = 6.93147180369123816490e-01, kLn2Low = 1.90821492927058770002e-10;
    constexpr double kRound = 0x1.8p52; // adding it leaves a whole number in the low bits
    constexpr double c[]{1.0, 1.0, 0.5, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800,
        1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800, 1.0 / 87178291200};
    x = x < -700 ? -700 : x > 700 ? 700 : x;
    const double shifted = x * 1.4426950408889634 + kRound;
    const double k = shifted - kRound;
    const double r = (x - k * kLn2High) - k * kLn2Low;
    double sum = c[14];
    for (int i = 13; i >= 0; --i)
        sum = sum * r + c[i];
    const auto power = (std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(kRound) + 1023) << 52;
    return sum * std::bit_cast<double>(power);
}

} // namespace

double portableExp(double x) { return exponential(x); }

void portableExp(std::span<double> values)
{
    for (auto& v : values)
        v = exponential(v);
}

double portableLog(double x)
{
    int exponent = 0;
    double m = std::frexp(x, &exponent);
    if (m < 0.70710678118654752) {
        m *= 2;
        --exponent;
    }
    const double t = (m - 1) / (m + 1), t2 = t * t;
    double sum = 0;
    for (int i = 21; i >= 1; i -= 2) // |t| < 0.172, so that t^23/23 is below 1e-18
        sum = sum * t2 + 1.0 / i;
    return exponent * 0.69314718055994531 + 2 * t * sum;
}

LogBand logBand(const Estimate& e)
{
    const auto bad = [&](const char* problem, const std::string& allowed) {
        throw ValueError({{}, problem, fmt::format("{}", e.value), allowed});
    };
    if (!std::isfinite(e.value) || e.value < 0)
        bad("a value with a band is not a number from 0", "0 or more");
    if ((e.low && !(*e.low <= e.value)) || (e.high && !(*e.high >= e.value && std::isfinite(*e.high))))
        bad("the band does not enclose its value", "low <= value <= high");
    if (!hasBand(e) || e.value == 0)
        return {};
    if (!(*e.low > 0))
        bad("the band reaches 0, which a factor cannot", "low above 0 where the value is");
    return {portableLog(e.value / *e.low), portableLog(*e.high / e.value)};
}

Estimate withFactor(double value, double factor, Kind kind, std::string source)
{
    if (!std::isfinite(value) || value < 0)
        throw ValueError({{}, "a value with a band is not a number from 0", fmt::format("{}", value), "0 or more"});
    if (!std::isfinite(factor) || factor < 1)
        throw ValueError({{}, "not the factor of a band", fmt::format("{}", factor), "1 or more"});
    return {value, value / factor, value * factor, kind, std::move(source)};
}

Estimate exactly(double value) { return {value, value, value, Kind::Measured, {}}; }

std::string joinSources(const std::vector<std::string>& sources)
{
    std::vector<std::string> different;
    for (const auto& s : sources)
        if (!s.empty() && std::find(different.begin(), different.end(), s) == different.end())
            different.push_back(s);
    std::string text;
    constexpr std::size_t kShown = 8;
    for (std::size_t i = 0; i < different.size() && i < kShown; ++i)
        text += (i ? "; " : "") + different[i];
    if (different.size() > kShown)
        text += fmt::format("; and {} more", different.size() - kShown);
    return text;
}

namespace {

// The sides of estimate^exponent: a negative power turns the band round.
LogBand raised(const LogBand& band, double exponent)
{
    const double size = std::abs(exponent);
    return exponent < 0 ? LogBand{band.high * size, band.low * size} : LogBand{band.low * size, band.high * size};
}

double valueOf(double scale, const std::vector<BandFactor>& factors)
{
    double value = scale;
    for (const auto& f : factors) {
        if (f.estimate.value == 0 && f.exponent < 0)
            throw ValueError({f.name, "division by zero", "0", "more than 0"});
        if (f.exponent == 1)
            value *= f.estimate.value;
        else if (f.exponent == -1)
            value /= f.estimate.value;
        else
            value *= std::pow(f.estimate.value, f.exponent);
    }
    return value;
}

double meanSquare(const LogBand& band) { return (band.low * band.low + band.high * band.high) / 2; }

} // namespace

Estimate product(double scale, const std::vector<BandFactor>& factors)
{
    Estimate result;
    result.kind = Kind::Measured;
    bool banded = true;
    double low = 0, high = 0;
    std::vector<std::string> sources;
    for (const auto& f : factors) {
        const auto side = raised(logBand(f.estimate), f.exponent);
        low += side.low * side.low;
        high += side.high * side.high;
        banded = banded && hasBand(f.estimate);
        result.kind = worse(result.kind, f.estimate.kind);
        sources.push_back(f.estimate.source);
    }
    result.value = valueOf(scale, factors);
    if (banded) {
        result.low = low == 0 ? result.value : result.value * portableExp(-std::sqrt(low));
        result.high = high == 0 ? result.value : result.value * portableExp(std::sqrt(high));
    }
    result.source = joinSources(sources);
    return result;
}

std::vector<VarianceShare> tornado(const std::vector<BandFactor>& factors)
{
    std::vector<VarianceShare> shares;
    double total = 0;
    for (const auto& f : factors) {
        shares.push_back({f.name, meanSquare(raised(logBand(f.estimate), f.exponent))});
        total += shares.back().share;
    }
    for (auto& s : shares)
        s.share = total > 0 ? s.share / total : 0;
    std::stable_sort(shares.begin(), shares.end(), [](const VarianceShare& a, const VarianceShare& b) {
        return a.share != b.share ? a.share > b.share : a.name < b.name;
    });
    return shares;
}

std::pair<double, double> intervalProduct(double scale, const std::vector<BandFactor>& factors)
{
    double low = scale, high = scale;
    for (const auto& f : factors) {
        logBand(f.estimate); // checks it
        double a = f.estimate.low.value_or(f.estimate.value), b = f.estimate.high.value_or(f.estimate.value);
        if (f.exponent < 0)
            std::swap(a, b);
        if (f.exponent < 0 && !(a > 0 && b > 0))
            throw ValueError({f.name, "division by zero", "0", "more than 0"});
        low *= f.exponent == 1 ? a : std::pow(a, f.exponent);
        high *= f.exponent == 1 ? b : std::pow(b, f.exponent);
    }
    return {low, high};
}

int significantDigits(const Estimate& e)
{
    if (!hasBand(e))
        return 2;
    const auto band = logBand(e);
    return std::max(band.low, band.high) > portableLog(1.3) ? 2 : 3;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sums and comparisons of uncertain numbers by Monte Carlo with common random numbers: one draw a shared input, so that
// "A emits less than B" is asked in the same worlds. Every run on every machine draws the same numbers.
#pragma once

#include "base/estimate.h"
#include "carbon/band.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace paretoscope {

inline constexpr std::size_t kLedgerDraws = 4096;
inline constexpr std::uint64_t kLedgerSeed = 1;

/// An uncertain input. Inputs with the same id share the draw: the intensity of one grid, the PUE of one centre, the
/// power of one phone; their medians and factors may differ. An empty id stands for an error of its own.
struct Quantity {
    Estimate estimate;
    std::string id;
    double atLeast = 0; // draws are cut here: a PUE is never below 1, an efficiency never above 1
    double atMost = std::numeric_limits<double>::max();
    bool operator==(const Quantity&) const = default;
};

/// The quantity of a number that is exact.
inline Quantity exactQuantity(double value) { return {exactly(value), {}, 0, std::numeric_limits<double>::max()}; }

/// A number worked out of inputs: its value at their medians, and its value in every world that was drawn.
class Uncertain {
public:
    Uncertain() = default;
    /// An exact number.
    Uncertain(double value)
        : m_value(value)
    {
    }
    double value() const { return m_value; }
    /// Empty where the number is the same in every world.
    const std::vector<double>& draws() const { return m_draws; }
    double draw(std::size_t i) const { return m_draws.empty() ? m_value : m_draws[i]; }
    const std::vector<std::size_t>& inputs() const { return m_inputs; }

    Uncertain& operator+=(const Uncertain& other);
    Uncertain& operator-=(const Uncertain& other);
    Uncertain& operator*=(const Uncertain& other);
    /// A division by 0 gives infinity in that world; callers check the medians before.
    Uncertain& operator/=(const Uncertain& other);
    friend Uncertain operator+(Uncertain a, const Uncertain& b) { return std::move(a += b); }
    friend Uncertain operator-(Uncertain a, const Uncertain& b) { return std::move(a -= b); }
    friend Uncertain operator*(Uncertain a, const Uncertain& b) { return std::move(a *= b); }
    friend Uncertain operator/(Uncertain a, const Uncertain& b) { return std::move(a /= b); }
    friend Uncertain sqrt(Uncertain a);

private:
    friend class MonteCarlo;
    template <typename F>
    void combine(const Uncertain& other, F f);
    double m_value = 0;
    std::vector<double> m_draws;
    std::vector<std::size_t> m_inputs; // sorted; which inputs of the MonteCarlo it depends on
};

/// The probability that a < b, ties counted half: the share of worlds.
double probabilityLess(const Uncertain& a, const Uncertain& b);

class MonteCarlo {
public:
    /// @throws ValueError unless 16 <= draws <= 1,048,576.
    explicit MonteCarlo(std::uint64_t seed = kLedgerSeed, std::size_t draws = kLedgerDraws);

    std::uint64_t seed() const { return m_seed; }
    std::size_t size() const { return m_z.size(); }

    /// Draws an input: stratified (one draw in each of `size()` equal slices of probability, in an order that depends on
    /// the seed and the id only). The name stands in errors and serves as id where there is none.
    /// @throws ValueError as logBand, with the name.
    Uncertain input(const std::string& name, const Quantity& quantity);

    /// Value at the medians, P5 and P95 of the worlds (widened to enclose the value), worst kind, sources.
    Estimate estimate(const Uncertain& u) const;
    /// The p-th quantile of the worlds, p in (0, 1).
    double percentile(const Uncertain& u, double p) const;
    /// Which inputs the spread comes from: squared correlations with the logarithm of the number, normalised to 1,
    /// by id. Equals the shares of logarithmic variance where the number is a product. Largest first; at most `atMost`.
    std::vector<VarianceShare> tornado(const Uncertain& u, std::size_t atMost = 16) const;
    /// Names of inputs of `u` whose error is not known; the band is without them.
    std::vector<std::string> withoutBand(const Uncertain& u) const;

private:
    struct Input {
        std::string name;
        std::string id;
        Kind kind;
        std::string source;
        bool banded;
        bool varies;
    };
    const std::vector<double>& scores(const std::string& id);

    std::uint64_t m_seed;
    std::vector<double> m_z;                              // normal scores of the slices, ascending
    std::map<std::string, std::vector<double>> m_scores; // the same in the order of each id
    std::vector<Input> m_inputs;
    std::map<std::string, std::vector<std::pair<Quantity, Uncertain>>> m_known; // by name: asking twice adds nothing
};

/// Φ⁻¹(p), 0 < p < 1 (Wichura 1988, AS 241, PPND16; relative error about 1e-16).
double normalQuantile(double p);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/montecarlo.h"

#include "base/error.h"
#include "base/random.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace paretoscope {

namespace {

template <std::size_t n>
double polynomial(const std::array<double, n>& c, double x)
{
    double sum = c[n - 1];
    for (std::size_t i = n - 1; i-- > 0;)
        sum = sum * x + c[i];
    return sum;
}

// Normal scores of equal slices of probability, symmetric by construction, so that a median stays one to the last bit.
std::vector<double> normalScores(std::size_t n)
{
    std::vector<double> z(n, 0.0);
    for (std::size_t i = 0; i < n / 2; ++i) {
        z[i] = normalQuantile((static_cast<double>(i) + 0.5) / static_cast<double>(n));
        z[n - 1 - i] = -z[i];
    }
    return z;
}

std::uint64_t hashOf(const std::string& text)
{
    std::uint64_t h = 0xcbf29ce484222325u;
    for (const char c : text)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return h;
}

} // namespace

double normalQuantile(double p)
{
    using C = std::array<double, 8>;
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        constexpr C a{3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
            4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
        constexpr C b{1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
            2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3};
        const double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    const double tail = std::sqrt(-portableLog(q < 0 ? p : 1 - p));
    double z = 0;
    if (tail <= 5) {
        constexpr C c{1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
            1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
        constexpr C d{1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
            1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
        z = polynomial(c, tail - 1.6) / polynomial(d, tail - 1.6);
    } else {
        constexpr C e{6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
            2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
        constexpr C f{1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
            7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
        z = polynomial(e, tail - 5) / polynomial(f, tail - 5);
    }
    return q < 0 ? -z : z;
}

template <typename F>
void Uncertain::combine(const Uncertain& other, F f)
{
    if (m_draws.empty() && !other.m_draws.empty())
        m_draws.assign(other.m_draws.size(), m_value);
    if (!other.m_draws.empty())
        for (std::size_t i = 0; i < m_draws.size(); ++i)
            m_draws[i] = f(m_draws[i], other.m_draws[i]);
    else
        for (auto& d : m_draws)
            d = f(d, other.m_value);
    m_value = f(m_value, other.m_value);
    if (!other.m_inputs.empty() && m_inputs != other.m_inputs) {
        std::vector<std::size_t> both;
        both.reserve(m_inputs.size() + other.m_inputs.size());
        std::set_union(m_inputs.begin(), m_inputs.end(), other.m_inputs.begin(), other.m_inputs.end(), std::back_inserter(both));
        m_inputs = std::move(both);
    }
}

Uncertain& Uncertain::operator+=(const Uncertain& o)
{
    combine(o, [](double a, double b) { return a + b; });
    return *this;
}

Uncertain& Uncertain::operator-=(const Uncertain& o)
{
    combine(o, [](double a, double b) { return a - b; });
    return *this;
}

Uncertain& Uncertain::operator*=(const Uncertain& o)
{
    combine(o, [](double a, double b) { return a * b; });
    return *this;
}

Uncertain& Uncertain::operator/=(const Uncertain& o)
{
    combine(o, [](double a, double b) { return a / b; });
    return *this;
}

Uncertain sqrt(Uncertain a)
{
    for (auto& d : a.m_draws)
        d = std::sqrt(d);
    a.m_value = std::sqrt(a.m_value);
    return a;
}

double probabilityLess(const Uncertain& a, const Uncertain& b)
{
    const auto n = std::max(a.draws().size(), b.draws().size());
    if (n == 0)
        return a.value() < b.value() ? 1 : a.value() == b.value() ? 0.5 : 0;
    std::size_t twice = 0;
    for (std::size_t i = 0; i < n; ++i)
        twice += a.draw(i) < b.draw(i) ? 2u : a.draw(i) == b.draw(i) ? 1u : 0u;
    return static_cast<double>(twice) / (2 * static_cast<double>(n));
}

MonteCarlo::MonteCarlo(std::uint64_t seed, std::size_t draws)
    : m_seed(seed)
{
    if (draws < 16 || draws > (1u << 20))
        throw ValueError({"draws", "wrong number of draws", fmt::format("{}", draws), "16 to 1048576"});
    static const auto usual = normalScores(kLedgerDraws);
    m_z = draws == kLedgerDraws ? usual : normalScores(draws);
}

const std::vector<double>& MonteCarlo::scores(const std::string& id)
{
    const auto [it, fresh] = m_scores.try_emplace(id);
    if (fresh) {
        it->second = m_z;
        Random random(m_seed ^ mix64(hashOf(id)));
        for (std::size_t i = it->second.size() - 1; i > 0; --i) {
            // The high half times the range: no division, and a bias below 2^-40.
            const auto j = static_cast<std::size_t>(((random.next() >> 32) * (i + 1)) >> 32);
            std::swap(it->second[i], it->second[j]);
        }
    }
    return it->second;
}

Uncertain MonteCarlo::input(const std::string& name, const Quantity& q)
{
    LogBand band;
    try {
        band = logBand(q.estimate);
    } catch (const ValueError& e) {
        auto parts = e.parts();
        parts.where = name;
        throw ValueError(parts);
    }
    if (q.estimate.value < q.atLeast || q.estimate.value > q.atMost)
        throw ValueError({name, "number out of range", fmt::format("{}", q.estimate.value),
            q.atMost < std::numeric_limits<double>::max() ? fmt::format("{} to {}", q.atLeast, q.atMost) : fmt::format("{} or more", q.atLeast)});
    auto& known = m_known[name];
    for (const auto& [before, drawn] : known)
        if (before == q)
            return drawn;
    Uncertain u(q.estimate.value);
    if (band.low > 0 || band.high > 0) {
        const auto& z = scores(q.id.empty() ? name : q.id);
        const double low = band.low / kZ95, high = band.high / kZ95;
        u.m_draws.resize(z.size());
        for (std::size_t i = 0; i < z.size(); ++i)
            u.m_draws[i] = z[i] * (z[i] < 0 ? low : high);
        portableExp(u.m_draws);
        for (auto& d : u.m_draws)
            d = std::clamp(d * q.estimate.value, q.atLeast, q.atMost);
    }
    if (q.estimate != exactly(q.estimate.value)) { // a definition leaves no trace
        u.m_inputs = {m_inputs.size()};
        m_inputs.push_back({name, q.id.empty() ? name : q.id, q.estimate.kind, q.estimate.source, hasBand(q.estimate), !u.m_draws.empty()});
    }
    known.emplace_back(q, u);
    return u;
}

namespace {

// The value at each (ascending) position k + fraction of the sorted draws, without sorting them: a histogram finds the
// few draws that matter.
class Quantiles {
public:
    explicit Quantiles(const std::vector<double>& draws)
        : m_draws(draws)
    {
        const auto [low, high] = std::minmax_element(draws.begin(), draws.end());
        m_low = *low;
        m_high = *high;
        m_scale = m_high - m_low > 1e-300 ? (kBuckets - 1) / (m_high - m_low) : 0;
        for (const double d : draws)
            ++m_counts[bucket(d)];
    }

    double at(double p) const
    {
        const auto n = static_cast<double>(m_draws.size());
        const double position = std::clamp(p * n - 0.5, 0.0, n - 1);
        const auto k = static_cast<std::size_t>(position);
        const double a = ordered(k), fraction = position - static_cast<double>(k);
        return fraction > 0 ? a + fraction * (ordered(k + 1) - a) : a;
    }

private:
    static constexpr std::size_t kBuckets = 1024;
    std::size_t bucket(double d) const { return static_cast<std::size_t>((d - m_low) * m_scale); }

    double ordered(std::size_t k) const
    {
        std::size_t b = 0, before = 0;
        while (before + m_counts[b] <= k)
            before += m_counts[b++];
        if (b != m_bucket) {
            m_bucket = b;
            m_inside.clear();
            for (const double d : m_draws)
                if (bucket(d) == b)
                    m_inside.push_back(d);
            std::sort(m_inside.begin(), m_inside.end());
        }
        return m_inside[k - before];
    }

    const std::vector<double>& m_draws;
    double m_low = 0, m_high = 0, m_scale = 0;
    std::array<std::size_t, kBuckets> m_counts{};
    mutable std::size_t m_bucket = kBuckets;
    mutable std::vector<double> m_inside;
};

// A world with infinities or none at all has no percentiles worth naming.
bool allFinite(const std::vector<double>& draws)
{
    double sum = 0;
    for (const double d : draws)
        sum += d * 0;
    return sum == 0;
}

} // namespace

Estimate MonteCarlo::estimate(const Uncertain& u) const
{
    Estimate e;
    e.value = u.value();
    e.kind = Kind::Measured;
    std::vector<std::string> sources;
    for (const auto i : u.inputs()) {
        e.kind = worse(e.kind, m_inputs[i].kind);
        sources.push_back(m_inputs[i].source);
    }
    e.source = joinSources(sources);
    const bool known = u.inputs().empty()
        || std::any_of(u.inputs().begin(), u.inputs().end(), [&](std::size_t i) { return m_inputs[i].banded; });
    if (!u.draws().empty() && allFinite(u.draws())) {
        const Quantiles quantiles(u.draws());
        e.low = std::min(e.value, quantiles.at(0.05));
        e.high = std::max(e.value, quantiles.at(0.95));
    } else if (u.draws().empty() && known) {
        e.low = e.high = e.value;
    }
    return e;
}

double MonteCarlo::percentile(const Uncertain& u, double p) const
{
    return u.draws().empty() ? u.value() : Quantiles(u.draws()).at(p);
}

std::vector<VarianceShare> MonteCarlo::tornado(const Uncertain& u, std::size_t atMost) const
{
    std::vector<VarianceShare> shares;
    if (u.draws().empty() || !allFinite(u.draws()))
        return shares;
    // Logarithms where the number is positive in every world, else the number itself (a difference).
    auto y = u.draws();
    if (std::all_of(y.begin(), y.end(), [](double d) { return d > 0; }))
        for (auto& d : y)
            d = portableLog(d);
    const auto n = static_cast<double>(y.size());
    const double mean = std::accumulate(y.begin(), y.end(), 0.0) / n;
    std::map<std::string, std::size_t> seen;
    double total = 0;
    for (const auto i : u.inputs()) {
        const auto& input = m_inputs[i];
        if (!input.varies || !seen.emplace(input.id, i).second)
            continue;
        const auto& z = m_scores.at(input.id);
        double covariance = 0;
        for (std::size_t k = 0; k < y.size(); ++k)
            covariance += (y[k] - mean) * z[k];
        shares.push_back({input.id, covariance * covariance});
        total += shares.back().share;
    }
    for (auto& s : shares)
        s.share = total > 0 ? s.share / total : 0;
    std::stable_sort(shares.begin(), shares.end(), [](const VarianceShare& a, const VarianceShare& b) {
        return a.share != b.share ? a.share > b.share : a.name < b.name;
    });
    if (shares.size() > atMost)
        shares.resize(atMost);
    return shares;
}

std::vector<std::string> MonteCarlo::withoutBand(const Uncertain& u) const
{
    std::vector<std::string> names;
    for (const auto i : u.inputs())
        if (!m_inputs[i].banded)
            names.push_back(m_inputs[i].name);
    return names;
}

} // namespace paretoscope

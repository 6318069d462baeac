// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random numbers that are the same on every platform: our own generator for our own draws, and the two generators of
// the reference implementation, needed to replay its published runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace paretoscope {

/// xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64. The draws do not depend on the standard library.
class Random {
public:
    explicit Random(std::uint64_t seed);
    std::uint64_t next();
    /// Uniform in [0, n), without bias. n > 0.
    std::uint64_t below(std::uint64_t n);
    /// Uniform in [0, 1) with 53 bits.
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
    std::uint64_t m_state[4];
};

/// splitmix64's finaliser: a good 64-bit mixer.
constexpr std::uint64_t mix64(std::uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/// Python's `random.Random(seed)`: MT19937 seeded by the 32-bit limbs of |seed|.
class PythonRandom {
public:
    explicit PythonRandom(std::uint64_t seed);
    /// `getrandbits(bits)`, 1 <= bits <= 32.
    std::uint32_t bits(int bits) { return static_cast<std::uint32_t>(m_engine()) >> (32 - bits); }
    /// `random()`, in [0, 1).
    double uniform();
    /// The index that `choice` takes out of n.
    std::size_t choice(std::size_t n);
    /// The index of one draw of `choices` without weights.
    std::size_t weightless(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }

private:
    std::mt19937 m_engine;
};

/// NumPy's legacy `numpy.random.seed(seed)`.
class NumpyRandom {
public:
    explicit NumpyRandom(std::uint32_t seed)
        : m_engine(seed)
    {
    }
    /// `numpy.random.randint(n)`, n > 0.
    std::uint32_t below(std::uint32_t n);

private:
    std::mt19937 m_engine;
};

} // namespace paretoscope

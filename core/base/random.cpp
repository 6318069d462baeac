// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <algorithm>
#include <bit>
#include <locale>
#include <sstream>
#include <vector>

namespace paretoscope {

Random::Random(std::uint64_t seed)
{
    for (auto& s : m_state)
        s = mix64(seed += 0x9E3779B97F4A7C15u);
}

std::uint64_t Random::next()
{
    auto& s = m_state;
    const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t n)
{
    const std::uint64_t threshold = (0 - n) % n; // 2^64 mod n: draws below it would favour small values
    for (;;)
        if (const auto r = next(); r >= threshold)
            return r % n;
}

namespace {

// Matsumoto and Nishimura's init_by_array; std::mt19937 has no constructor for it, but its text form is its state.
std::mt19937 seededByArray(const std::vector<std::uint32_t>& key)
{
    constexpr int n = 624;
    std::uint32_t mt[n];
    mt[0] = 19650218u;
    for (int i = 1; i < n; ++i)
        mt[i] = 1812433253u * (mt[i - 1] ^ (mt[i - 1] >> 30)) + static_cast<std::uint32_t>(i);
    int i = 1;
    std::size_t j = 0;
    for (int k = n; k > 0; --k) {
        mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1664525u)) + key[j] + static_cast<std::uint32_t>(j);
        if (++i == n) {
            mt[0] = mt[n - 1];
            i = 1;
        }
        j = (j + 1) % key.size();
    }
    for (int k = n - 1; k > 0; --k) {
        mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1566083941u)) - static_cast<std::uint32_t>(i);
        if (++i == n) {
            mt[0] = mt[n - 1];
            i = 1;
        }
    }
    mt[0] = 0x80000000u;
    std::stringstream state;
    state.imbue(std::locale::classic());
    for (const auto word : mt)
        state << word << ' ';
    state << n;
    std::mt19937 engine;
    state >> engine;
    return engine;
}

} // namespace

PythonRandom::PythonRandom(std::uint64_t seed)
{
    std::vector<std::uint32_t> limbs{static_cast<std::uint32_t>(seed)};
    if (seed >> 32)
        limbs.push_back(static_cast<std::uint32_t>(seed >> 32));
    m_engine = seededByArray(limbs);
}

double PythonRandom::uniform()
{
    const auto a = static_cast<std::uint32_t>(m_engine()) >> 5;
    const auto b = static_cast<std::uint32_t>(m_engine()) >> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
}

std::size_t PythonRandom::choice(std::size_t n)
{
    const int width = static_cast<int>(std::bit_width(n));
    for (;;)
        if (const auto r = bits(width); r < n)
            return r;
}

std::uint32_t NumpyRandom::below(std::uint32_t n)
{
    const std::uint32_t range = n - 1;
    if (range == 0)
        return 0;
    const std::uint32_t mask = (range == 0xffffffffu) ? range : (1u << std::bit_width(range)) - 1;
    for (;;)
        if (const auto r = static_cast<std::uint32_t>(m_engine()) & mask; r <= range)
            return r;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small data set in the format of Fashion-MNIST, 28 x 28 grey, made of noise.
#pragma once

#include "base/file.h"
#include "base/random.h"

#include <filesystem>
#include <string>
#include <vector>

namespace testing {

inline std::string bigEndian(std::uint32_t v)
{
    return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}

/// An IDX file of unsigned bytes.
inline std::string idx(const std::vector<std::uint32_t>& sizes, const std::string& values, int type = 8)
{
    std::string out{'\0', '\0', static_cast<char>(type), static_cast<char>(sizes.size())};
    for (const auto s : sizes)
        out += bigEndian(s);
    return out + values;
}

/// Image i is of class i % classes.
inline void writeNoiseData(const std::string& folder, std::uint32_t train, std::uint32_t test, std::uint32_t classes)
{
    std::filesystem::create_directories(folder);
    paretoscope::Random random(1);
    for (const auto& [name, n] : {std::pair<std::string, std::uint32_t>{"train", train}, {"t10k", test}}) {
        std::string pixels(n * 784u, '\0'), labels;
        for (auto& p : pixels)
            p = static_cast<char>(random.below(256));
        for (std::uint32_t i = 0; i < n; ++i)
            labels += static_cast<char>(i % classes);
        paretoscope::writeFileAtomically(folder + "/" + name + "-images-idx3-ubyte", idx({n, 28, 28}, pixels));
        paretoscope::writeFileAtomically(folder + "/" + name + "-labels-idx1-ubyte", idx({n}, labels));
    }
}

} // namespace testing

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What several tests share: where the reference material is, how an error reads, and how values are compared.
#pragma once

#include "base/error.h"
#include "base/json.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

namespace testing {

namespace fs = std::filesystem;

/// Material outside the repository: fixtures of the reference implementation and real released files.
inline fs::path referenceDir()
{
    const char* set = std::getenv("PARETOSCOPE_REFERENCE_DIR");
    return set && *set ? fs::path(set) : fs::path(PARETOSCOPE_DEFAULT_REFERENCE_DIR);
}

inline fs::path dataDir() { return fs::path(PARETOSCOPE_SOURCE_DIR) / "tests/data"; }

/// The message of the error that `f` throws, or "no error".
template <typename F>
std::string messageOf(F&& f)
{
    try {
        f();
    } catch (const paretoscope::Error& e) {
        return e.what();
    } catch (const std::exception& e) {
        return std::string("not one of ours: ") + e.what();
    }
    return "no error";
}

/// Gives up the right to read and write everything while it lives, so that a permission can be missing even where the
/// tests run as root.
class Unprivileged {
public:
    Unprivileged()
        : m_before(geteuid())
        , m_works(m_before != 0 || seteuid(65534) == 0)
    {
    }
    ~Unprivileged()
    {
        if (geteuid() != m_before && seteuid(m_before) != 0)
            std::abort();
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    bool works() const { return m_works; }

private:
    uid_t m_before;
    bool m_works;
};

/// Compares texts and prints both when they differ.
inline void compareText(const std::string& found, const std::string& expected)
{
    QCOMPARE(QString::fromStdString(found), QString::fromStdString(expected));
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The message without the folder that the test made, so that it can be pinned.
inline std::string without(std::string text, const std::string& folder)
{
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder))
        text.erase(at, folder.size());
    return text;
}

/// Fixture rule: element i of the tensor called `key`, uniform in [0, 1) with 24 bits.
inline double fixtureUniform(const std::string& key, std::uint64_t i)
{
    std::uint64_t h = 0xcbf29ce484222325u;
    for (const char c : key)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    std::uint64_t z = h + (i + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return static_cast<double>(z >> 40) * 0x1p-24;
}

/// Fixture rule: the value of one weight (README of the OFA fixtures), rounded to float32.
inline float fixtureWeight(const std::string& key, const std::vector<std::int64_t>& shape, std::uint64_t i)
{
    const auto endsWith = [&](const char* tail) {
        const std::string t(tail);
        return key.size() >= t.size() && key.compare(key.size() - t.size(), t.size(), t) == 0;
    };
    const double u = fixtureUniform(key, i), s = 2 * u - 1;
    double v = 0.1 * s;
    if (endsWith("running_mean"))
        v = 0.3 * s;
    else if (endsWith("running_var"))
        v = 1 + 2 * u;
    else if (endsWith("bn.weight"))
        v = 0.5 + u;
    else if (endsWith("bn.bias"))
        v = 0.2 * s;
    else if (endsWith("_matrix"))
        v = (i / static_cast<std::uint64_t>(shape[1]) == i % static_cast<std::uint64_t>(shape[1]) ? 1.0 : 0.0) + 0.1 * s;
    else if (shape.size() == 4)
        v = s * std::sqrt(6.0 / static_cast<double>(shape[1] * shape[2] * shape[3]));
    else if (shape.size() == 2)
        v = s * std::sqrt(3.0 / static_cast<double>(shape[1]));
    else if (endsWith("base_acc"))
        v = 0.7;
    return static_cast<float>(v);
}

} // namespace testing

/// Skips the test, loudly, when a file or folder of the reference material is absent.
#define NEED_REFERENCE(relative)                                                                                       \
    if (!std::filesystem::exists(testing::referenceDir() / (relative)))                                               \
    QSKIP(qPrintable(QString::fromStdString("reference material absent: "                                             \
        + (testing::referenceDir() / (relative)).string() + " (set PARETOSCOPE_REFERENCE_DIR)")))

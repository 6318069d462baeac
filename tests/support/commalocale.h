// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <clocale>
#include <locale>
#include <string>

namespace testing {

/// While it lives, the C++ locale has comma decimals and grouping; made here because a machine may have none installed.
/// Where one is installed, the C locale follows.
class CommaLocale {
public:
    CommaLocale()
        : m_before(std::locale::global(std::locale(std::locale::classic(), new Commas)))
        , m_beforeC(std::setlocale(LC_NUMERIC, nullptr))
    {
        for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"})
            if (std::setlocale(LC_NUMERIC, name))
                break;
    }
    ~CommaLocale()
    {
        std::locale::global(m_before);
        std::setlocale(LC_NUMERIC, m_beforeC.c_str());
    }
    CommaLocale(const CommaLocale&) = delete;
    CommaLocale& operator=(const CommaLocale&) = delete;

private:
    struct Commas : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    std::locale m_before;
    std::string m_beforeC;
};

} // namespace testing

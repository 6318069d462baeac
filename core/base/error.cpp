// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

std::string oneLine(const ErrorParts& p)
{
    std::string s;
    if (!p.where.empty())
        s += p.where + ": ";
    s += p.problem;
    if (!p.found.empty())
        s += ": found " + p.found;
    if (!p.allowed.empty())
        s += (p.found.empty() ? ": allowed " : "; allowed ") + p.allowed;
    for (char& c : s)
        if (c == '\n' || c == '\r')
            c = ' ';
    return s;
}

} // namespace

Error::Error(ErrorParts parts)
    : std::runtime_error(oneLine(parts))
    , m_parts(std::move(parts))
{
}

std::string joinNames(const std::vector<std::string>& names, std::size_t atMost)
{
    std::string s;
    for (std::size_t i = 0; i < names.size() && i < atMost; ++i) {
        if (i)
            s += ", ";
        s += names[i];
    }
    if (names.size() > atMost)
        s += fmt::format(" and {} more", names.size() - atMost);
    return s;
}

std::string quote(std::string_view text, std::size_t atMost)
{
    std::string s = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == atMost) {
            s += "…";
            break;
        }
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\')
            s += static_cast<char>(c);
        else
            s += fmt::format("\\x{:02x}", c);
    }
    return s + "\"";
}

} // namespace paretoscope

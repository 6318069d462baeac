// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/estimate.h"

#include "base/error.h"

#include <array>

namespace paretoscope {

namespace {
constexpr std::array<std::string_view, 7> kNames{"measured", "counter", "table", "model", "predicted", "citation", "user"};
}

std::string_view name(Kind kind) { return kNames[static_cast<std::size_t>(kind)]; }

Kind kindFromName(std::string_view text, const std::string& where)
{
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (kNames[i] == text)
            return static_cast<Kind>(i);
    throw ValueError({where, "unknown kind of figure", quote(text),
        joinNames(std::vector<std::string>(kNames.begin(), kNames.end()))});
}

} // namespace paretoscope

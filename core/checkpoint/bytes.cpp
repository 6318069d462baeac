// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/bytes.h"

namespace paretoscope {

bool isUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i++]);
        if (first < 0x80)
            continue;
        const int more = first >= 0xf0 && first < 0xf5 ? 3
            : first >= 0xe0 && first < 0xf0            ? 2
            : first >= 0xc2 && first < 0xe0            ? 1
                                                       : 0;
        if (more == 0 || text.size() - i < static_cast<std::size_t>(more))
            return false;
        // The first follow-up byte excludes overlong forms, surrogates and what lies beyond U+10FFFF.
        const auto second = static_cast<unsigned char>(text[i]);
        const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high)
            return false;
        for (int k = 1; k < more; ++k)
            if ((static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]) & 0xc0) != 0x80)
                return false;
        i += static_cast<std::size_t>(more);
    }
    return true;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/facts.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace paretoscope {

namespace {

// Latin letters with marks, as UTF-8, that occur in names of places and in what people type.
const std::map<std::string_view, std::string_view>& plainLetters()
{
    static const auto letters = [] {
        std::map<std::string_view, std::string_view> m;
        const auto add = [&](std::initializer_list<std::string_view> marked, std::string_view plain) {
            for (const auto c : marked)
                m[c] = plain;
        };
        add({"à", "á", "â", "ã", "ä", "å", "ā", "ă", "ą", "À", "Á", "Â", "Ã", "Ä", "Å", "Ā", "Ă", "Ą"}, "a");
        add({"ç", "ć", "č", "Ç", "Ć", "Č"}, "c");
        add({"ð", "đ", "ď", "Ð", "Đ", "Ď"}, "d");
        add({"è", "é", "ê", "ë", "ē", "ė", "ę", "ě", "È", "É", "Ê", "Ë", "Ē", "Ė", "Ę", "Ě"}, "e");
        add({"ğ", "Ğ"}, "g");
        add({"ì", "í", "î", "ï", "ī", "ı", "Ì", "Í", "Î", "Ï", "Ī", "İ"}, "i");
        add({"ł", "ľ", "Ł", "Ľ"}, "l");
        add({"ñ", "ń", "ň", "Ñ", "Ń", "Ň"}, "n");
        add({"ò", "ó", "ô", "õ", "ö", "ø", "ō", "ő", "Ò", "Ó", "Ô", "Õ", "Ö", "Ø", "Ō", "Ő"}, "o");
        add({"ř", "Ř"}, "r");
        add({"ś", "ş", "š", "ș", "Ś", "Ş", "Š", "Ș"}, "s");
        add({"ß"}, "ss");
        add({"ť", "ț", "Ť", "Ț"}, "t");
        add({"ù", "ú", "û", "ü", "ū", "ů", "ű", "Ù", "Ú", "Û", "Ü", "Ū", "Ů", "Ű"}, "u");
        add({"ý", "ÿ", "Ý", "Ÿ"}, "y");
        add({"ź", "ż", "ž", "Ź", "Ż", "Ž"}, "z");
        add({"æ", "Æ"}, "ae");
        add({"œ", "Œ"}, "oe");
        return m;
    }();
    return letters;
}

} // namespace

std::string folded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool combining =
            (c == 0xCC || c == 0xCD) && i + 1 < text.size(); // U+0300 to U+036F: a mark on the letter before
        if (c < 0x80) {
            if (c >= 'A' && c <= 'Z')
                out += static_cast<char>(c - 'A' + 'a');
            else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
                out += static_cast<char>(c);
            ++i;
            continue;
        }
        const std::size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        const auto letter = text.substr(i, length);
        const auto found = plainLetters().find(letter);
        if (found != plainLetters().end())
            out += found->second;
        else if (!combining)
            out += letter; // another script: kept, so that it is not taken for an empty text
        i += length;
    }
    return out;
}

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row[b.size()];
}

std::vector<std::string> nearestTexts(
    std::string_view wanted, const std::vector<std::string>& texts, std::size_t atMost)
{
    const auto w = folded(wanted.substr(0, 200));
    std::vector<std::pair<std::size_t, std::size_t>> order; // distance, index
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto t = folded(texts[i]);
        const bool contained = w.size() >= 3 && t.find(w) != std::string::npos;
        order.emplace_back(contained ? 1 : editDistance(w, t), i);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> nearest;
    for (const auto& [distance, i] : order)
        if (nearest.size() < atMost && std::find(nearest.begin(), nearest.end(), texts[i]) == nearest.end())
            nearest.push_back(texts[i]);
    return nearest;
}

} // namespace paretoscope

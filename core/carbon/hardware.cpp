// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/hardware.h"

#include "carbon/factband.h"
#include "carbon/facts.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

std::vector<HardwareFact> readHardware()
{
    const auto table = FactTable::embedded("hardware");
    std::vector<HardwareFact> facts;
    facts.reserve(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto r = table.row(i);
        HardwareFact f;
        f.className = r.text("class");
        f.vendor = r.text("vendor") == "any" ? "" : r.text("vendor");
        f.model = r.text("model");
        f.power = r.number("power", 1e-3, 1e6);
        f.unit = r.text("unit");
        f.basis = r.text("basis");
        f.idleW = r.optional("idleW", 0, f.power);
        f.typicalW = r.optional("typicalW", 0, 1e6);
        f.tflopsFp32 = r.optional("tflopsFp32", 0, 1e6);
        f.tflopsFp16Dense = r.optional("tflopsFp16Dense", 0, 1e6);
        f.gflopsPerWattFp32 = r.optional("gflopsPerWattFp32", 0, 1e6);
        f.memoryGb = r.optional("memoryGb", 0, 1e6);
        if (r.has("year"))
            f.year = r.integer("year", 1990, 2100);
        f.confidence = r.text("confidence");
        if (f.confidence != "high" && f.confidence != "medium" && f.confidence != "low")
            r.cell("confidence").fail("unknown confidence", quote(f.confidence), "high, medium, low");
        f.note = r.text("note");
        f.source = r.source();
        facts.push_back(std::move(f));
    }
    return facts;
}

// What operating systems put around the name of a model.
bool isFiller(const std::string& word)
{
    static const std::vector<std::string> kFillers{"r", "tm", "c", "cpu", "gpu", "processor", "with", "the", "graphics",
        "corporation", "inc", "intel", "amd", "nvidia", "geforce", "tesla", "core", "cores"};
    return std::find(kFillers.begin(), kFillers.end(), word) != kFillers.end();
}

// Words in lower case. Anything that is neither letter, digit nor dot ends a word; "@ 2.40GHz" and "64-Core" are
// dropped.
std::vector<std::string> wordsOf(std::string_view text, bool keepFillers)
{
    std::vector<std::string> words;
    std::string word;
    const auto finish = [&] {
        const bool clock = word.size() > 3 && word.ends_with("ghz");
        if (!word.empty() && !clock && (keepFillers || !isFiller(word)))
            words.push_back(word);
        word.clear();
    };
    for (const char c : text) {
        const auto low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || (low == '.' && !word.empty()))
            word += low;
        else
            finish();
    }
    finish();
    return words;
}

// "V100 SXM2 16/32GB" stands for both sizes: the sizes tell nothing.
std::vector<std::string> tellingWords(const std::string& model)
{
    const auto slash = model.find('/');
    if (slash == std::string::npos)
        return wordsOf(model, false);
    const auto begin = model.rfind(' ', slash), end = model.find(' ', slash);
    return wordsOf(model.substr(0, begin == std::string::npos ? 0 : begin)
            + (end == std::string::npos ? std::string() : model.substr(end)),
        false);
}

bool holdsAll(const std::vector<std::string>& all, const std::vector<std::string>& wanted)
{
    return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const auto& w) {
        return std::find(all.begin(), all.end(), w) != all.end();
    });
}

} // namespace

Estimate HardwareFact::powerEstimate() const
{
    const double factor = className == "cpu_default" ? 5
        : confidence == "high"                       ? 1.05
        : confidence == "medium"                     ? 1.2
                                                     : 2;
    return banded(
        power, factor, Kind::Table, fmt::format("{}, {}: {} ({})", title(), basis, source.source, source.licence));
}

const std::vector<HardwareFact>& hardwareFacts()
{
    static const auto facts = readHardware();
    return facts;
}

const HardwareFact* findHardware(const std::string& text, const std::string& className)
{
    const auto fits = [&](const HardwareFact& f) { return className.empty() || f.className == className; };
    const auto key = folded(text);
    for (const auto& f : hardwareFacts())
        if (fits(f) && !key.empty() && (folded(f.title()) == key || folded(f.model) == key))
            return &f;

    // The longest model whose words all occur: "Xeon E5-2699 v4" and not "Xeon E5-2699 v3"; never a defaults row.
    auto words = wordsOf(text, false);
    for (auto& w : words)
        if (w == "hbm3")
            w = "sxm"; // "NVIDIA H100 80GB HBM3" is the SXM board; the PCIe one says so
    const HardwareFact* best = nullptr;
    std::size_t bestLength = 0;
    for (const auto& f : hardwareFacts()) {
        if (!fits(f) || f.className == "cpu_default" || f.className == "memory" || f.className.starts_with("node"))
            continue;
        const auto model = tellingWords(f.model);
        std::size_t length = 0;
        for (const auto& w : model)
            length += w.size();
        // A name without a digit ("Titan") is no evidence.
        const bool telling = std::any_of(model.begin(), model.end(),
            [](const auto& w) { return w.find_first_of("0123456789") != std::string::npos; });
        if (telling && holdsAll(words, model) && length > bestLength) {
            best = &f;
            bestLength = length;
        }
    }
    if (best)
        return best;

    // The text is shorter than the row: "T4", "H100 SXM". It must leave no choice of power.
    for (const auto& f : hardwareFacts()) {
        if (!fits(f) || f.className == "cpu_default" || f.className == "memory"
            || !holdsAll(wordsOf(f.title(), false), words))
            continue;
        if (best && best->power != f.power)
            return nullptr;
        best = best ? best : &f;
    }
    return best;
}

const HardwareFact& hardwareFact(const std::string& text, const std::string& className)
{
    if (const auto* found = findHardware(text, className))
        return *found;
    std::vector<std::string> titles;
    for (const auto* f : searchHardware(text))
        if (className.empty() || f->className == className)
            titles.push_back(f->title());
    const bool several = titles.size() > 1;
    if (!several) {
        titles.clear();
        for (const auto& f : hardwareFacts())
            if (className.empty() || f.className == className)
                titles.push_back(f.title());
        titles = nearestTexts(text, titles);
    }
    throw ValueError({{}, several ? "several rows of the hardware table fit" : "there is no such hardware in the table",
        quote(text), joinNames(titles) + "; or a power in watt"});
}

std::vector<const HardwareFact*> searchHardware(const std::string& text)
{
    std::vector<const HardwareFact*> rows;
    const auto words = wordsOf(text, true);
    for (const auto& f : hardwareFacts()) {
        const auto all = folded(f.className + " " + f.title());
        if (std::all_of(
                words.begin(), words.end(), [&](const auto& w) { return all.find(folded(w)) != std::string::npos; }))
            rows.push_back(&f);
    }
    return rows;
}

} // namespace paretoscope

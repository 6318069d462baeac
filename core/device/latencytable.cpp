// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/latencytable.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <istream>
#include <set>
#include <streambuf>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxFileBytes = 64u << 20;
constexpr std::size_t kMaxEntries = 1'000'000;

// Collects `key: {mean: x, …}` and `key: x` from the events of the YAML parser. Working on events and not on a tree,
// nothing is ever expanded: an alias is an error.
class EntryCollector final : public YAML::EventHandler {
public:
    EntryCollector(std::string where, LatencyTable::Entries& entries)
        : m_where(std::move(where))
        , m_entries(entries)
    {
    }

    void OnDocumentStart(const YAML::Mark&) override { }
    void OnDocumentEnd() override { }
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { scalar(mark, ""); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { fail(mark, "YAML aliases are refused", {}); }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override
    {
        noTag(mark, tag);
        scalar(mark, value);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        fail(mark, "not a latency table", "a list");
    }
    void OnSequenceEnd() override { }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        noTag(mark, tag);
        if (m_depth == 2 || (m_depth == 1 && m_key.empty()))
            fail(mark, "not a latency table", "a map within a value");
        ++m_depth;
        m_field.clear();
        m_hasMean = false;
    }
    void OnMapEnd() override
    {
        if (--m_depth == 1) {
            if (!m_hasMean)
                fail(m_keyMark, "the entry " + quote(m_key) + " has no \"mean\"", {});
            m_key.clear();
        }
    }

private:
    void noTag(const YAML::Mark& mark, const std::string& tag) const
    {
        if (!tag.empty() && tag != "?" && tag != "!")
            fail(mark, "YAML tags are refused", quote(tag));
    }

    void scalar(const YAML::Mark& mark, const std::string& text)
    {
        if (m_depth == 0)
            fail(mark, "not a latency table", text.empty() ? "nothing" : quote(text, 40));
        if (m_depth == 1) {
            if (!m_key.empty()) { // `key: 1.5`
                add(mark, text);
                m_key.clear();
            } else {
                m_key = text;
                m_keyMark = mark;
                if (m_key.empty())
                    fail(mark, "an entry has no name", {});
            }
            return;
        }
        if (m_field.empty()) {
            m_field = text.empty() ? "~" : text;
            return;
        }
        if (m_field == "mean") {
            add(mark, text);
            m_hasMean = true;
        }
        m_field.clear();
    }

    void add(const YAML::Mark& mark, const std::string& text)
    {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value < 0)
            fail(mark, "the latency of " + quote(m_key) + " is not a number of milliseconds", quote(text, 40));
        if (m_entries.size() >= kMaxEntries)
            fail(mark, "too many entries", {});
        if (!m_entries.emplace(m_key, LatencyEntry{value}).second)
            fail(mark, "an entry stands twice", quote(m_key, 160));
    }

    [[noreturn]] void fail(const YAML::Mark& mark, std::string problem, std::string found) const
    {
        throw FormatError({fmt::format("{}:{}", m_where, mark.line + 1), std::move(problem), std::move(found), {}});
    }

    std::string m_where;
    LatencyTable::Entries& m_entries;
    int m_depth = 0;
    std::string m_key;
    YAML::Mark m_keyMark;
    std::string m_field;
    bool m_hasMean = false;
};

class ViewBuffer final : public std::streambuf {
public:
    explicit ViewBuffer(std::string_view text)
    {
        char* begin = const_cast<char*>(text.data()); // the buffer is read only
        setg(begin, begin, begin + text.size());
    }
};

// "160_lookup_table.yaml" → 160; nothing when the name does not begin with a number.
std::optional<int> resolutionOfName(const fs::path& file)
{
    const auto name = file.filename().string();
    int r = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), r);
    if (error != std::errc() || end == name.data() || r <= 0 || (*end != '_' && *end != '.'))
        return std::nullopt;
    return r;
}

bool isTableFile(const fs::path& file)
{
    const auto extension = file.extension().string();
    return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

std::string tensor(int size, int channels) { return fmt::format("{0}x{0}x{1}", size, channels); }

} // namespace

std::string_view name(TableGrammar grammar) { return grammar == TableGrammar::Ofa ? "ofa" : "layers"; }

std::size_t LatencyTable::size() const
{
    std::size_t n = 0;
    for (const auto& [r, entries] : files)
        n += entries.size();
    return n;
}

LatencyTable::Entries parseLatencyEntries(std::string_view text, const std::string& where)
{
    LatencyTable::Entries entries;
    EntryCollector collector(where, entries);
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    try {
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(collector))
            throw FormatError({where, "not a latency table", "nothing", {}});
    } catch (const YAML::Exception& e) {
        throw FormatError({fmt::format("{}:{}", where, e.mark.line + 1), "not valid YAML (" + e.msg + ")", {}, {}});
    }
    if (entries.empty())
        throw FormatError({where, "not a latency table", "no entry", {}});
    return entries;
}

LatencyTable readLatencyTable(const fs::path& path)
{
    LatencyTable table;
    table.source = path.string();
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        for (const auto& file : listFolder(path)) {
            const auto r = resolutionOfName(file);
            if (!r || !isTableFile(file))
                continue;
            if (table.files.contains(*r))
                throw FormatError({file.string(), "two files for one resolution", fmt::format("{}", *r), {}});
            table.files[*r] = parseLatencyEntries(readTextFile(file, kMaxFileBytes), file.string());
        }
        if (table.files.empty())
            throw FormatError({path.string(), "the folder holds no latency table", {},
                "files such as 160_lookup_table.yaml, the resolution in front"});
    } else {
        table.files[resolutionOfName(path).value_or(0)] = parseLatencyEntries(readTextFile(path, kMaxFileBytes), path.string());
    }
    const auto& first = table.files.begin()->second;
    const auto any = [&](std::string_view prefix) {
        const auto it = first.lower_bound(prefix);
        return it != first.end() && it->first.starts_with(prefix);
    };
    if (any("expanded_conv-input:"))
        table.grammar = TableGrammar::Ofa;
    else if (any("MBConv-input:"))
        table.grammar = TableGrammar::Layers;
    else
        throw FormatError({path.string(), "the keys have no known grammar", quote(first.begin()->first),
            "expanded_conv-input:HxWxC-… (OFA) or MBConv-input:HxWxC-… (layers)"});
    return table;
}

std::optional<std::string> tableKey(TableGrammar grammar, const SearchSpace& space, const Block& b, int inputSize)
{
    if (space.isResNet())
        return std::nullopt;
    const int out = strided(inputSize, b.stride);
    const auto conv = [&](const char* type) {
        return fmt::format("{}-input:{}-output:{}", type, tensor(inputSize, b.in), tensor(out, b.out));
    };
    const bool ofa = grammar == TableGrammar::Ofa;
    switch (b.type) {
    case BlockType::MbConv: {
        const bool channels = ofa && space.family == Family::MobileNetV3;
        auto key = conv(ofa ? "expanded_conv" : "MBConv");
        key += channels ? fmt::format("-expand:{}", b.mid) : fmt::format("-expand:{}", b.expansion);
        key += fmt::format("-kernel:{}-stride:{}-idskip:{:d}", b.kernel, b.stride, b.shortcut == Shortcut::Identity);
        if (space.family == Family::MobileNetV3 || !ofa)
            key += fmt::format("-se:{:d}", b.squeezeExcite.has_value());
        if (space.family == Family::MobileNetV3 && ofa)
            key += fmt::format("-hs:{:d}", b.activation == Activation::HSwish);
        return key;
    }
    case BlockType::Convolution:
        if (b.name == "first_conv")
            return conv(ofa ? "Conv" : "first_conv");
        if (b.name == "final_expand_layer")
            return conv(ofa ? "Conv_1" : "final_expand_layer");
        if (space.family == Family::ProxylessNas)
            return conv(ofa ? "Conv_1" : "feature_mix_layer");
        return conv(ofa ? "Conv_2" : "feature_mix_layer");
    case BlockType::GlobalPool:
        if (!ofa || space.family == Family::ProxylessNas)
            return std::nullopt;
        return fmt::format("AvgPool2D-input:{}-output:{}", tensor(inputSize, b.in), tensor(1, b.out));
    case BlockType::Linear:
        return ofa ? fmt::format("Logits-input:{}-output:{}", tensor(inputSize, b.in), b.out)
                   : fmt::format("classifier-input:{}-output:{}", b.in, b.out);
    default: return std::nullopt;
    }
}

std::vector<int> tableResolutions(const LatencyTable& table, const Parts& parts)
{
    std::vector<int> resolutions;
    const auto first = parts.block(0, 0);
    for (const int r : parts.space().resolutions) {
        if (table.files.contains(r)) {
            resolutions.push_back(r);
        } else if (const auto all = table.files.find(0); all != table.files.end()) {
            const auto key = tableKey(table.grammar, parts.space(), first, r);
            if (key && all->second.contains(*key))
                resolutions.push_back(r);
        }
    }
    return resolutions;
}

CostTable toCostTable(const LatencyTable& table, std::shared_ptr<const Parts> parts)
{
    const auto& space = parts->space();
    if (space.isResNet())
        throw ValueError({table.source, "latency tables have no grammar for ResNet spaces", space.id, "a device file"});
    const auto resolutions = tableResolutions(table, *parts);
    if (resolutions.empty()) {
        std::vector<int> has;
        for (const auto& [r, entries] : table.files)
            has.push_back(r);
        throw ValueError({table.source, "the table has no resolution of the space " + space.id,
            has.front() ? fmt::format("{}", fmt::join(has, ", ")) : "no entry of its first convolution",
            fmt::format("{}", fmt::join(space.resolutions, ", "))});
    }
    std::vector<std::string> missing;
    std::set<std::string> seen;
    std::size_t column = 0;
    int resolution = 0;
    const LatencyTable::Entries* entries = nullptr;
    auto cost = CostTable::make(parts, resolutions, [&](std::size_t part, int variant, const Block& block, int inputSize) {
        if (part == 0 && variant == 0) {
            resolution = resolutions[column++];
            const auto own = table.files.find(resolution);
            entries = own != table.files.end() ? &own->second : &table.files.at(0);
        }
        const auto key = tableKey(table.grammar, space, block, inputSize);
        if (!key)
            return 0.0;
        if (const auto it = entries->find(*key); it != entries->end())
            return it->second.meanMs;
        auto name = table.files.contains(0) ? *key : fmt::format("{} at {}", *key, resolution);
        if (seen.insert(name).second)
            missing.push_back(std::move(name));
        return 0.0;
    });
    if (!missing.empty())
        throw ValueError({table.source, fmt::format("{} entries that the space {} needs are missing", missing.size(), space.id),
            joinNames(missing, 4), {}});
    return cost;
}

} // namespace paretoscope

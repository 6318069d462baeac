// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/samples.h"

#include "base/error.h"
#include "base/file.h"
#include "space/subnetjson.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace paretoscope {

namespace {

constexpr std::size_t kMostFields = 64;
constexpr std::size_t kMostSamples = 10'000'000;

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// The fields of one line; a field in quotes may hold commas and doubled quotes.
std::vector<std::string> fieldsOf(std::string_view line, const std::string& where)
{
    std::vector<std::string> fields;
    for (std::size_t at = 0;;) {
        std::string field;
        while (at < line.size() && (line[at] == ' ' || line[at] == '\t'))
            ++at;
        if (at < line.size() && line[at] == '"') {
            for (++at;; ++at) {
                if (at >= line.size())
                    throw FormatError({where, "a quote is not closed", quote(line), {}});
                if (line[at] == '"' && (at + 1 >= line.size() || line[at + 1] != '"'))
                    break;
                at += line[at] == '"';
                field += line[at];
            }
            const auto comma = std::min(line.find(',', ++at), line.size());
            if (!trimmed(line.substr(at, comma - at)).empty())
                throw FormatError({where, "text after a closed quote", quote(line), {}});
            at = comma;
        } else {
            const auto comma = std::min(line.find(',', at), line.size());
            field = trimmed(line.substr(at, comma - at));
            at = comma;
        }
        fields.push_back(std::move(field));
        if (at >= line.size())
            return fields;
        if (fields.size() >= kMostFields)
            throw FormatError({where, "too many fields in a line", {}, fmt::format("at most {}", kMostFields)});
        ++at; // the comma
    }
}

template <typename T>
bool parseAll(std::string_view text, T& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

struct Grammar {
    std::vector<std::string_view> needed;
    std::vector<std::string_view> optional;
};

const Grammar kDigits{{"ks", "e", "d", "r", "top1_percent"}, {"split", "group"}};
const Grammar kPublished{{"source", "res", "depths", "ops", "top1"}, {"params", "macs"}};

std::string listed(const Grammar& grammar)
{
    return fmt::format("{}[,{}]", fmt::join(grammar.needed, ","), fmt::join(grammar.optional, "][,"));
}

class SampleReader {
public:
    SampleReader(std::string where, const SearchSpace& space)
        : m_where(std::move(where))
        , m_space(space)
    {
    }

    std::vector<Sample> read(std::string_view text)
    {
        constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
        if (text.starts_with(kByteOrderMark))
            text.remove_prefix(kByteOrderMark.size());
        std::size_t number = 0;
        bool header = false;
        std::size_t emptyLine = 0;
        while (!text.empty()) {
            ++number;
            const auto end = std::min(text.find('\n'), text.size());
            auto line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            const auto where = fmt::format("{}:{}", m_where, number);
            if (trimmed(line).empty()) {
                emptyLine = emptyLine ? emptyLine : number;
                continue;
            }
            if (emptyLine && header)
                throw FormatError({fmt::format("{}:{}", m_where, emptyLine), "an empty line between samples", {}, {}});
            if (!header)
                readHeader(fieldsOf(line, where), where);
            else
                readLine(fieldsOf(line, where), where);
            header = true;
            emptyLine = 0;
        }
        if (!header)
            throw FormatError({m_where, "no samples: the file is empty", {},
                fmt::format("a header, {} or {}", listed(kDigits), listed(kPublished))});
        if (m_samples.empty())
            throw FormatError({m_where, "no samples: nothing follows the header", {}, {}});
        refuseFractions();
        return std::move(m_samples);
    }

private:
    void readHeader(std::vector<std::string> names, const std::string& where)
    {
        const bool published = std::find(names.begin(), names.end(), "ops") != names.end();
        const auto& grammar = published ? kPublished : kDigits;
        m_published = published;
        m_fields = names.size();
        std::vector<std::string> problems;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto is = [&](std::string_view n) { return n == names[i]; };
            const bool known = std::any_of(grammar.needed.begin(), grammar.needed.end(), is)
                || std::any_of(grammar.optional.begin(), grammar.optional.end(), is);
            if (!known)
                problems.push_back(fmt::format("column {} is unknown", quote(names[i])));
            else if (!m_columns.emplace(names[i], i).second)
                problems.push_back(fmt::format("column {} stands twice", names[i]));
        }
        for (const auto n : grammar.needed)
            if (!m_columns.contains(std::string(n)))
                problems.push_back(fmt::format("column {} is missing", n));
        if (!problems.empty())
            throw FormatError({where, "not the header of a sample file", joinNames(problems),
                published ? listed(kPublished) : listed(kDigits) + " or " + listed(kPublished)});
    }

    void readLine(const std::vector<std::string>& fields, const std::string& where)
    {
        if (m_samples.size() >= kMostSamples)
            throw FormatError({where, "too many samples", {}, fmt::format("at most {}", kMostSamples)});
        if (fields.size() != m_fields)
            throw FormatError({where, "wrong number of fields", fmt::format("{}", fields.size()),
                fmt::format("{}, as in the header{}", m_fields,
                    fields.size() > m_fields ? " (numbers take a point, not a comma)" : "")});
        const auto field = [&](const char* column) -> const std::string& { return fields[m_columns.at(column)]; };
        const auto optional = [&](const char* column) {
            const auto at = m_columns.find(column);
            return at == m_columns.end() ? std::string() : fields[at->second];
        };
        Sample sample;
        const char* resolutionColumn = m_published ? "res" : "r";
        int resolution = 0;
        if (!parseAll(field(resolutionColumn), resolution))
            throw FormatError(
                {where, fmt::format("{} is not a whole number", resolutionColumn), quote(field(resolutionColumn)), {}});
        if (m_published) {
            sample.subnet = subnetFromOps(m_space, field("depths"), field("ops"), resolution, where);
            sample.group = field("source");
        } else {
            sample.subnet = subnetFromDigits(m_space, field("ks"), field("e"), field("d"), resolution, where);
            sample.split = optional("split");
            sample.group = optional("group");
        }
        sample.top1Percent =
            percent(m_published ? "top1" : "top1_percent", field(m_published ? "top1" : "top1_percent"), where);
        m_samples.push_back(std::move(sample));
    }

    static double percent(const char* column, const std::string& text, const std::string& where)
    {
        double value = 0;
        if (!parseAll(text, value) || !std::isfinite(value))
            throw FormatError({where, fmt::format("{} is not a number", column), quote(text),
                text.find(',') != std::string::npos ? "a number with a decimal point" : "a finite number"});
        if (value < 0 || value > 100)
            throw ValueError({where, fmt::format("{} out of range", column), text, "0 to 100"});
        return value;
    }

    /// Accuracies from 0 to 1 would pass as very bad ones.
    void refuseFractions() const
    {
        const auto largest = std::max_element(m_samples.begin(), m_samples.end(),
            [](const Sample& a, const Sample& b) { return a.top1Percent < b.top1Percent; });
        if (largest->top1Percent <= 1 && largest->top1Percent > 0)
            throw ValueError({m_where, "the accuracies look like fractions, not percent",
                fmt::format("at most {}", largest->top1Percent), "percent, 0 to 100"});
    }

    std::string m_where;
    const SearchSpace& m_space;
    bool m_published = false;
    std::size_t m_fields = 0;
    std::map<std::string, std::size_t> m_columns;
    std::vector<Sample> m_samples;
};

} // namespace

std::vector<Sample> readSamples(std::string_view text, const std::string& where, const SearchSpace& space)
{
    return SampleReader(where, space).read(text);
}

std::vector<Sample> readSamples(const std::filesystem::path& path, const SearchSpace& space)
{
    return readSamples(readTextFile(path), path.string(), space);
}

std::string samplesCsv(const SearchSpace& space, const std::vector<Sample>& samples)
{
    const bool splits = std::any_of(samples.begin(), samples.end(), [](const Sample& s) { return !s.split.empty(); });
    auto csv = fmt::format("ks,e,d,r,top1_percent{}\n", splits ? ",split" : "");
    for (const auto& s : samples) {
        csv += fmt::format("{},{},{}", digitsOf(space, s.subnet), s.subnet.resolution, s.top1Percent);
        csv += splits ? "," + s.split + "\n" : "\n";
    }
    return csv;
}

} // namespace paretoscope

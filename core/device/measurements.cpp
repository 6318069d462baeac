// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/measurements.h"

#include "base/error.h"
#include "base/file.h"
#include "space/subnetjson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace paretoscope {

namespace {

constexpr std::size_t kMostFields = 4096;
constexpr std::size_t kMostRows = 10'000'000;
constexpr double kMostMs = 1e7; // nearly three hours
constexpr const char* kOwnColumn = "latency_ms";

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r";
    const auto begin = text.find_first_not_of(kBlank);
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::vector<std::string_view> fieldsOf(std::string_view line, const std::string& where)
{
    std::vector<std::string_view> fields;
    for (;;) {
        const auto comma = line.find(',');
        auto field = trimmed(line.substr(0, comma));
        if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
            field = field.substr(1, field.size() - 2);
        fields.push_back(field);
        if (comma == std::string_view::npos)
            return fields;
        if (fields.size() >= kMostFields)
            throw FormatError({where, "too many fields in a line", {}, fmt::format("at most {}", kMostFields)});
        line.remove_prefix(comma + 1);
    }
}

template <typename T>
bool parseAll(std::string_view text, T& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

class Reader {
public:
    Reader(std::string where, const SearchSpace& space, std::string column)
        : m_where(std::move(where))
        , m_space(space)
        , m_latency(std::move(column))
    {
    }

    std::vector<Measurement> read(std::string_view text)
    {
        constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
        if (text.starts_with(kByteOrderMark))
            text.remove_prefix(kByteOrderMark.size());
        std::vector<Measurement> rows;
        for (std::size_t number = 1; !text.empty(); ++number) {
            const auto end = std::min(text.find('\n'), text.size());
            const auto line = trimmed(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
            const auto where = fmt::format("{}:{}", m_where, number);
            if (line.empty()) {
                if (trimmed(text).find_first_not_of('\n') != std::string_view::npos)
                    throw FormatError({where, "an empty line between measurements", {}, {}});
                continue;
            }
            const auto fields = fieldsOf(line, where);
            if (m_columns.empty())
                readHeader(fields, where);
            else if (rows.size() >= kMostRows)
                throw FormatError({where, "too many measurements", {}, fmt::format("at most {}", kMostRows)});
            else
                rows.push_back(readRow(fields, where));
        }
        if (rows.empty())
            throw FormatError({m_where, "no measurements", {}, fmt::format("a header, ks,e,d,r,{0} or depths,ops,res,{0}, and a line a subnet", m_latency)});
        return rows;
    }

private:
    void readHeader(const std::vector<std::string_view>& names, const std::string& where)
    {
        m_digits = std::find(names.begin(), names.end(), "ops") == names.end();
        auto needed = m_digits ? std::vector<std::string>{"ks", "e", "d", "r"} : std::vector<std::string>{"depths", "ops", "res"};
        needed.push_back(m_latency);
        std::vector<std::string> problems;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::string column(names[i]);
            const bool known = std::find(needed.begin(), needed.end(), column) != needed.end();
            if (!known && m_latency == kOwnColumn)
                problems.push_back(fmt::format("column {} is unknown", quote(column)));
            else if (!m_columns.emplace(column, i).second)
                problems.push_back(fmt::format("column {} stands twice", quote(column)));
        }
        for (const auto& column : needed)
            if (!m_columns.contains(column))
                problems.push_back(fmt::format("column {} is missing", column));
        if (!problems.empty())
            throw FormatError({where, "not the header of a file of measurements", joinNames(problems), fmt::format("ks,e,d,r,{0} or depths,ops,res,{0}", m_latency)});
        m_fields = names.size();
    }

    Measurement readRow(const std::vector<std::string_view>& fields, const std::string& where) const
    {
        if (fields.size() != m_fields)
            throw FormatError({where, "wrong number of fields", fmt::format("{}", fields.size()),
                fmt::format("{}, as in the header{}", m_fields, fields.size() > m_fields ? " (numbers take a point, not a comma)" : "")});
        const auto field = [&](const std::string& column) { return fields[m_columns.find(column)->second]; };
        Measurement m;
        int resolution = 0;
        const char* resolutionColumn = m_digits ? "r" : "res";
        if (!parseAll(field(resolutionColumn), resolution))
            throw FormatError({where, fmt::format("{} is not a whole number", resolutionColumn), quote(field(resolutionColumn)), {}});
        m.subnet = m_digits ? subnetFromDigits(m_space, field("ks"), field("e"), field("d"), resolution, where)
                            : subnetFromOps(m_space, field("depths"), field("ops"), resolution, where);
        const auto text = field(m_latency);
        if (!parseAll(text, m.latencyMs) || !std::isfinite(m.latencyMs))
            throw FormatError({where, fmt::format("{} is not a number", m_latency), quote(text), "milliseconds, with a decimal point"});
        if (m.latencyMs <= 0 || m.latencyMs > kMostMs)
            throw ValueError({where, fmt::format("{} out of range", m_latency), std::string(text), fmt::format("above 0, at most {:g} ms", kMostMs)});
        return m;
    }

    std::string m_where;
    const SearchSpace& m_space;
    std::string m_latency;
    bool m_digits = true;
    std::size_t m_fields = 0;
    std::map<std::string, std::size_t, std::less<>> m_columns;
};

} // namespace

std::vector<Measurement> readMeasurements(std::string_view text, const std::string& where, const SearchSpace& space, const std::string& column)
{
    return Reader(where, space, column).read(text);
}

std::vector<Measurement> readMeasurements(const std::filesystem::path& path, const SearchSpace& space, const std::string& column)
{
    return readMeasurements(readTextFile(path), path.string(), space, column);
}

} // namespace paretoscope

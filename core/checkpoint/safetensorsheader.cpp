// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/safetensorsheader.h"

#include "base/error.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>

namespace paretoscope {

namespace {

constexpr std::array<std::string_view, 10> kNames{"F16", "BF16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "BOOL"};
constexpr std::size_t kMaxDimensions = 64;

/// Receives the events of the parser. The header is {name: {"dtype": …, "shape": […], "data_offsets": [begin, end]}},
/// and "__metadata__" is an object of texts; whatever else comes is an error where it comes.
class Handler {
public:
    explicit Handler(const std::string& where)
        : m_where(where)
    {
    }

    SafeTensorsHeader take() { return std::move(m_header); }

    bool null() { return unexpected("null"); }
    bool boolean(bool value) { return unexpected(value ? "true" : "false"); }
    bool number_integer(std::int64_t value) { return unexpected(fmt::format("{}", value)); }
    bool number_float(double, const std::string& text) { return unexpected(text); }
    bool binary(std::vector<std::uint8_t>&) { return unexpected("bytes"); }

    bool number_unsigned(std::uint64_t value)
    {
        if (m_state != State::Numbers)
            return unexpected(fmt::format("{}", value));
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            fail("a number is too large", fmt::format("{}", value));
        if (m_numbers.size() >= kMaxDimensions)
            fail("a list is too long", {}, fmt::format("at most {} numbers", kMaxDimensions));
        m_numbers.push_back(static_cast<std::int64_t>(value));
        return true;
    }

    bool string(std::string& value)
    {
        if (m_state == State::MetadataValue) {
            if (!m_header.metadata.emplace(m_key, value).second)
                fail("a key stands twice in __metadata__", quote(m_key));
            m_state = State::Metadata;
            return true;
        }
        if (m_state != State::Value || m_key != "dtype")
            return unexpected("the text " + quote(value, 40));
        const auto it = std::find(kNames.begin(), kNames.end(), value);
        if (it == kNames.end())
            fail("unknown dtype", quote(value), joinNames({kNames.begin(), kNames.end()}));
        m_entry.dtype = static_cast<DType>(it - kNames.begin());
        m_state = State::Entry;
        return true;
    }

    bool start_object(std::size_t)
    {
        if (m_state == State::Start)
            m_state = State::Top;
        else if (m_state == State::Tensor && m_entry.name == "__metadata__")
            m_state = State::Metadata;
        else if (m_state == State::Tensor)
            m_state = State::Entry;
        else
            return unexpected("an object");
        return true;
    }

    bool key(std::string& value)
    {
        if (m_state == State::Top) {
            m_entry = {};
            m_entry.name = value;
            m_has = {};
            if (!m_names.insert(value).second)
                throw FormatError({m_where, "two tensors have the same name", quote(value), {}});
            m_state = State::Tensor;
        } else if (m_state == State::Metadata) {
            m_key = value;
            m_state = State::MetadataValue;
        } else {
            const auto it = std::find(kKeys.begin(), kKeys.end(), value);
            if (it == kKeys.end())
                fail("unknown key", quote(value), joinNames({kKeys.begin(), kKeys.end()}));
            if (std::exchange(m_has[static_cast<std::size_t>(it - kKeys.begin())], true))
                fail("a key stands twice", quote(value));
            m_key = value;
            m_state = State::Value;
        }
        return true;
    }

    bool end_object()
    {
        if (m_state == State::Entry) {
            for (std::size_t i = 0; i < kKeys.size(); ++i)
                if (!m_has[i])
                    fail(fmt::format("the key \"{}\" is missing", kKeys[i]));
            m_header.entries.push_back(std::move(m_entry));
        }
        m_state = m_state == State::Top ? State::End : State::Top;
        return true;
    }

    bool start_array(std::size_t)
    {
        if (m_state != State::Value || m_key == "dtype")
            return unexpected("a list");
        m_numbers.clear();
        m_state = State::Numbers;
        return true;
    }

    bool end_array()
    {
        if (m_key == "shape") {
            m_entry.shape = m_numbers;
        } else {
            if (m_numbers.size() != 2)
                fail("data_offsets is not a pair", fmt::format("{} numbers", m_numbers.size()), "2");
            m_entry.begin = static_cast<std::uint64_t>(m_numbers[0]);
            m_entry.end = static_cast<std::uint64_t>(m_numbers[1]);
        }
        m_state = State::Entry;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&)
    {
        throw FormatError(
            {m_where, "its header is not valid JSON", fmt::format("an error at byte {} of it", position), {}});
    }

private:
    enum class State { Start, Top, Tensor, Entry, Value, Numbers, Metadata, MetadataValue, End };
    static constexpr std::array<std::string_view, 3> kKeys{"dtype", "shape", "data_offsets"};

    [[noreturn]] void fail(std::string problem, std::string found = {}, std::string allowed = {}) const
    {
        throw FormatError({m_entry.name.empty() ? m_where : m_where + ": " + quote(m_entry.name, 200),
            std::move(problem), std::move(found), std::move(allowed)});
    }

    [[noreturn]] bool unexpected(std::string found) const
    {
        switch (m_state) {
        case State::Start:
            fail("its header is not an object", std::move(found));
        case State::MetadataValue:
            fail("a value of __metadata__ is not a text", std::move(found));
        case State::Value:
            fail(m_key + " has a value of the wrong kind", std::move(found),
                m_key == "dtype" ? "a text" : "a list of numbers");
        case State::Numbers:
            fail(m_key + " holds what is no size", std::move(found), "whole numbers that are not negative");
        default:
            fail("is described by what is no object", std::move(found));
        }
    }

    std::string m_where;
    SafeTensorsHeader m_header;
    State m_state = State::Start;
    HeaderEntry m_entry;
    std::array<bool, 3> m_has{};
    std::string m_key;
    std::vector<std::int64_t> m_numbers;
    std::unordered_set<std::string> m_names;
};

} // namespace

std::string_view safeTensorsName(DType dtype) { return kNames[static_cast<std::size_t>(dtype)]; }

SafeTensorsHeader parseSafeTensorsHeader(std::string_view json, const std::string& where)
{
    // The format asks for "{" at once; white space may only pad the end.
    if (!json.starts_with('{'))
        throw FormatError({where, "its header is not an object", quote(json.substr(0, 16)), "\"{\" at its beginning"});
    Handler handler(where);
    nlohmann::json::sax_parse(json.begin(), json.end(), &handler);
    return handler.take();
}

} // namespace paretoscope

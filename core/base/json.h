// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading JSON with a schema: every access names the file and the path of the key, so that an error says exactly what
// is wrong. Writing keeps the order of keys and does not depend on the user's locale.
#pragma once

#include "base/error.h"
#include "base/estimate.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace paretoscope {

using Json = nlohmann::ordered_json;

/// Parses one JSON document. Comments, duplicate keys, NaN and nesting deeper than 64 are refused.
/// @throws FormatError with `where`, line and column.
Json parseJson(std::string_view text, const std::string& where);

/// The document as text with two spaces of indentation and a final newline; flat arrays of numbers stay on one line.
std::string printJson(const Json& json);

/// One value of a document together with the path to it. Cheap to copy; the document must outlive it.
class JsonView {
public:
    JsonView(const Json& json, std::string where)
        : m_json(&json)
        , m_where(std::move(where))
    {
    }

    const Json& json() const { return *m_json; }
    /// `file: stages[2].kernels`
    const std::string& where() const { return m_where; }

    bool has(const char* key) const { return m_json->is_object() && m_json->contains(key) && !(*m_json)[key].is_null(); }
    /// The value of a required key. @throws FormatError when the key is missing or this is not an object.
    JsonView at(const char* key) const;
    /// @throws FormatError when an object holds a key that is not in the list: a misspelt option must not be ignored.
    void onlyKeys(std::initializer_list<std::string_view> keys) const;

    std::vector<JsonView> elements(std::size_t atMost = 1'000'000) const;
    std::vector<std::pair<std::string, JsonView>> items() const;

    std::string string() const;
    bool boolean() const;
    double number(double low = -std::numeric_limits<double>::max(), double high = std::numeric_limits<double>::max()) const;
    std::int64_t integer(std::int64_t low, std::int64_t high) const;
    std::vector<int> integers(int low, int high, std::size_t atMost = 4096) const;
    std::vector<double> numbers(double low = -std::numeric_limits<double>::max(),
        double high = std::numeric_limits<double>::max(), std::size_t atMost = 1'000'000) const;

    std::string stringOr(const char* key, std::string fallback) const { return has(key) ? at(key).string() : fallback; }
    double numberOr(const char* key, double fallback, double low, double high) const
    {
        return has(key) ? at(key).number(low, high) : fallback;
    }
    bool booleanOr(const char* key, bool fallback) const { return has(key) ? at(key).boolean() : fallback; }

    [[noreturn]] void fail(std::string problem, std::string found = {}, std::string allowed = {}) const;

private:
    const Json* m_json;
    std::string m_where;
};

/// The number as JSON, without a fraction where it has none: 3 and not 3.0.
Json plainNumber(double value);
Json plainNumbers(const std::vector<double>& values);

/// Reads the file and parses it. @throws IoError, FormatError.
Json readJsonFile(const std::filesystem::path& path, std::size_t atMostBytes = 64u << 20);

/// `{value, low, high, kind, source}`, the form of every estimate in every output.
Json toJson(const Estimate& estimate);
Estimate estimateFromJson(const JsonView& view);

} // namespace paretoscope

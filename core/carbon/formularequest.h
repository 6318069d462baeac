// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The request of a formula: one table of fields gives its JSON Schema, its ranges and its errors.
#pragma once

#include "base/json.h"
#include "carbon/grid.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

enum class FieldType { Number, Integer, Text, Truth, Numbers, Object, List, Any };

struct RequestField {
    const char* key = nullptr;
    FieldType type = FieldType::Number;
    const char* text = nullptr; // what it is, with its unit
    double low = 0;
    double high = std::numeric_limits<double>::max();
    bool open = false; // `low` itself is not allowed
};

using RequestFields = std::vector<RequestField>;

/// JSON Schema of a request with these fields; `others` describes further keys with numbers where they are allowed.
Json schemaOf(const std::string& title, const RequestFields& fields, const std::vector<std::string>& required = {},
    const char* others = nullptr);

/// Checked access. A missing or unknown key and a wrong type are FormatErrors, a number out of range (NaN, too) is a
/// ValueError; all name the key.
class FormulaRequest {
public:
    /// With `others`, keys outside the table are left to the caller. @throws FormatError for unknown keys
    FormulaRequest(const JsonView& view, const RequestFields& fields, bool others = false);

    const JsonView& view() const { return m_view; }
    bool has(const char* key) const { return m_view.has(key); }
    bool hasAny(std::initializer_list<const char*> keys) const;
    double number(const char* key) const { return checked(field(key), m_view.at(key)); }
    double numberOr(const char* key, double fallback) const { return has(key) ? number(key) : fallback; }
    std::optional<double> optional(const char* key) const
    {
        return has(key) ? std::optional(number(key)) : std::nullopt;
    }
    /// One number counts as a list of one.
    std::vector<double> numbers(const char* key) const;
    std::string text(const char* key) const { return m_view.at(key).string(); }
    bool truth(const char* key) const { return m_view.booleanOr(key, false); }
    /// The keys outside the table. @throws FormatError for one that is nearly a key of the table: a slip
    std::vector<std::pair<std::string, JsonView>> others() const;
    /// The number of a key that stands in no table.
    double other(const JsonView& value, double low, double high = std::numeric_limits<double>::max()) const;
    [[noreturn]] void missing(const std::string& what) const;

private:
    const RequestField& field(const char* key) const;
    double checked(const RequestField& field, const JsonView& value) const;
    JsonView m_view;
    const RequestFields* m_fields;
};

/// The fields that say where the electricity comes from: g_per_kwh, zone, grid_csv.
void addPlaceFields(RequestFields& fields);
/// What they say; World where they say nothing, with a warning. `zone` may be a cloud region.
Intensity placeOf(const FormulaRequest& request);
/// The PUE that is given, that of the cloud region, or of an unknown data centre.
Estimate pueOf(const FormulaRequest& request, const Intensity* place);

} // namespace paretoscope

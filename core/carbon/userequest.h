// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Requests of the use-phase formulas. A field may have several names, and a number may come bare, as [low, mid, high] or
// as {value, low, high, factor, kind, source, id}; a bare number takes the band that is known for its sort.
#pragma once

#include "base/json.h"
#include "carbon/formula.h"
#include "carbon/montecarlo.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope::use {

inline constexpr double kMost = 1e30; // beyond any quantity that a person means; keeps sums finite

enum class Type {
    Number,   // exact
    Quantity, // with a band
    Grid,     // a quantity in g/kWh, or the name of a place
    Numbers,
    Text,
    Truth,
    Object,
    List,
    Any,
};

struct Field {
    const char* key;
    Type type;
    const char* text; // what it is, with its unit
    std::vector<const char*> aliases = {};
    double low = 0;
    bool open = false; // `low` itself is not allowed
    double high = kMost;
    double factor = 1; // the band of a bare number
};

using Fields = std::vector<Field>;

/// JSON Schema (2020-12) of the fields, aliases included, closed against other keys.
Json schemaOf(const std::string& title, const Fields& fields);

class Request {
public:
    /// @throws FormatError for an unknown key and for a thing that is said twice under two names.
    Request(const JsonView& view, const Fields& fields);

    const JsonView& view() const { return m_view; }
    bool has(const char* key) const { return nameOf(key) != nullptr; }
    JsonView at(const char* key) const;
    /// @throws FormatError for a wrong type, ValueError out of range; both name the key as the user wrote it.
    double number(const char* key) const;
    double numberOr(const char* key, double fallback) const { return has(key) ? number(key) : fallback; }
    std::optional<double> optional(const char* key) const { return has(key) ? std::optional(number(key)) : std::nullopt; }
    Quantity quantity(const char* key) const;
    std::vector<double> numbers(const char* key) const;
    std::string textOr(const char* key, std::string fallback) const { return has(key) ? at(key).string() : fallback; }
    bool truth(const char* key) const { return has(key) && at(key).boolean(); }
    [[noreturn]] void missing(const std::string& what) const { m_view.fail("the request is not complete", {}, what); }

private:
    const Field& field(const char* key) const;
    const char* nameOf(const char* key) const; // the name under which it stands, or null

    JsonView m_view;
    const Fields* m_fields;
};

/// A quantity in any of its forms, within the range of its field.
Quantity quantityFrom(const JsonView& view, const Field& field);
/// A number in range. @throws FormatError, ValueError.
double numberFrom(const JsonView& view, double low, bool open = false, double high = kMost);
/// The grid of a name, with the band and the id of its row. @throws ValueError with suggestions.
Quantity gridFrom(const std::string& place);
/// World, for requests that do not say where.
Quantity worldGrid();

/// Common fields, so that they read alike everywhere.
Field energyField(const char* key = "j_per_inference");
Field efficiencyField();
Field pueField();
Field gridField(const char* key = "g_per_kwh");
/// 0.85 (0.75 to 0.92): charger and cell of a phone.
Quantity phoneEfficiency();
/// The factor of a PUE or an efficiency of exactly 1 is 1, and bands do not cross it.
Quantity efficiencyOf(const Request& request, const char* key, const Quantity& fallback);
Quantity pueOf(const Request& request, const char* key, const Quantity& fallback);

Json toJson(const std::vector<VarianceShare>& shares);
/// Gathers what was assumed, for the answer.
using Assumptions = std::vector<std::string>;
void put(Json& answer, const char* key, const Estimate& estimate);
void putAssumptions(Json& answer, const Assumptions& assumptions);

// One file each.
Formula inferenceFormula();
Formula batteryFormula();
Formula fleetFormula();
Formula paybackFormula();
Formula embodiedFormula();
Formula shiftFormula();
Formula sciFormula();
Formula combineFormula();
Formula ledgerFormula();

/// A mix of grids in any of its forms: a list of {zone, share, g_per_kwh}, or {zone: share or {share, g_per_kwh}}.
struct MixPart {
    std::string zone;
    double share;
    Quantity gPerKwh;
};
std::vector<MixPart> mixFrom(const JsonView& view);

} // namespace paretoscope::use

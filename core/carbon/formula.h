// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The formulas of the ledger as requests and answers in JSON: one interface for the command line, the tests and reports.
#pragma once

#include "base/json.h"

#include <functional>
#include <string>
#include <vector>

namespace paretoscope {

/// One formula. `run` takes a request (an object) and returns an object whose keys carry their units; it throws
/// FormatError with the key for what is missing or of the wrong type and ValueError for what is out of range.
struct Formula {
    std::string name;    // "strubell"
    std::string summary; // one line, with the source
    Json schema;         // JSON Schema of the request
    Json example;        // a request that works
    std::function<Json(const JsonView&)> run;
};

std::vector<Formula> trainingFormulas(); // training, from-flops, strubell, patterson, design-cost, break-even, mix, cpu-power, what-if, equivalents
std::vector<Formula> useFormulas();      // inference, battery, fleet, payback, embodied, shift, sci, combine, ledger
std::vector<Formula> trackFormulas();    // forecast

/// All of them, by name.
const std::vector<Formula>& formulas();
/// @throws ValueError that lists the names.
const Formula& formula(const std::string& name);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/userequest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope::use {

namespace {

const Fields& combineFields()
{
    static const Fields fields{
        {"factors", Type::Any,
            "inputs of a product: a list of F, of [low, mid, high], or of {name, value, factor or low and high, exponent, id}; or {name: F or [low, mid, high]}",
            {"F", "f", "inputs", "bands"}},
        {"value", Type::Number, "a number that the product is multiplied with (1)", {"scale", "median", "m"}},
        {"a", Type::List, "inputs of a product A, to compare with b; inputs with one id share their error"},
        {"b", Type::List, "inputs of a product B"},
    };
    return fields;
}

const Fields& factorFields()
{
    static const Fields fields{
        {"name", Type::Text, "name in the tornado list"},
        {"value", Type::Number, "median", {"mid", "median"}},
        {"factor", Type::Number, "F: P5 = value / F, P95 = value * F", {"F", "f"}, 1},
        {"low", Type::Number, "P5", {"lo", "p5"}},
        {"high", Type::Number, "P95", {"hi", "p95"}},
        {"exponent", Type::Number, "power, 1 or -1", {"power"}, -16, false, 16},
        {"id", Type::Text, "inputs with one id share their error"},
    };
    return fields;
}

struct Input {
    BandFactor factor;
    std::string id;
};

Input inputFrom(const JsonView& view, const std::string& name)
{
    Input in{{name, {}, 1}, {}};
    auto& e = in.factor.estimate;
    if (view.json().is_array()) {
        const auto parts = view.elements(3);
        if (parts.size() != 3)
            view.fail("not a band", fmt::format("{} numbers", parts.size()), "low, middle, high");
        e = {numberFrom(parts[1], 0), numberFrom(parts[0], 0), numberFrom(parts[2], 0), Kind::User, "given in the request"};
    } else if (view.json().is_object()) {
        const Request r(view, factorFields());
        in.factor.name = r.textOr("name", name);
        in.factor.exponent = r.has("exponent") ? r.number("exponent") : 1;
        in.id = r.textOr("id", "");
        const double value = r.numberOr("value", 1);
        if (r.has("factor") && (r.has("low") || r.has("high")))
            view.fail("two keys say the same", "factor, low, high", "factor, or low and high");
        if (r.has("low") != r.has("high"))
            view.fail("half a band", r.has("low") ? "low" : "high", "low and high, or neither");
        if (r.has("low"))
            e = {value, r.number("low"), r.number("high"), Kind::User, "given in the request"};
        else
            e = withFactor(value, r.numberOr("factor", 1), Kind::User, "given in the request");
    } else {
        e = withFactor(1, numberFrom(view, 1), Kind::User, "given in the request");
    }
    try {
        logBand(e);
    } catch (const ValueError& error) {
        auto parts = error.parts();
        parts.where = view.where();
        throw ValueError(parts);
    }
    return in;
}

std::vector<Input> inputsFrom(const JsonView& view)
{
    std::vector<Input> inputs;
    std::size_t i = 0;
    if (view.json().is_array())
        for (const auto& e : view.elements(1000))
            inputs.push_back(inputFrom(e, fmt::format("factors[{}]", i++)));
    else
        for (const auto& [key, value] : view.items())
            inputs.push_back(inputFrom(value, key));
    if (inputs.empty())
        view.fail("nothing to combine", "an empty list", "one or more inputs");
    return inputs;
}

std::vector<BandFactor> factorsOf(const std::vector<Input>& inputs)
{
    std::vector<BandFactor> factors;
    for (const auto& in : inputs)
        factors.push_back(in.factor);
    return factors;
}

Uncertain drawn(MonteCarlo& world, const std::vector<Input>& inputs, const std::string& prefix)
{
    Uncertain u(1);
    for (const auto& in : inputs) {
        const auto x = world.input(prefix + in.factor.name, {in.factor.estimate, in.id, 0, std::numeric_limits<double>::max()});
        if (in.factor.exponent == 1)
            u *= x;
        else if (in.factor.exponent == -1)
            u /= x;
        else
            throw ValueError({in.factor.name + ".exponent", "a comparison needs products and quotients", fmt::format("{:g}", in.factor.exponent), "1 or -1"});
    }
    return u;
}

Json runCombine(const JsonView& view)
{
    const Request r(view, combineFields());
    Json a = Json::object();
    if (r.has("a") != r.has("b"))
        r.missing("a and b together");
    if (!r.has("factors") && !r.has("a"))
        r.missing("factors, or a and b");
    if (r.has("factors")) {
        const auto inputs = inputsFrom(r.at("factors"));
        const auto factors = factorsOf(inputs);
        const double scale = r.numberOr("value", 1);
        const auto p = product(scale, factors);
        const auto [lo, hi] = intervalProduct(scale, factors);
        const double down = p.value > 0 ? p.value / *p.low : 1, up = p.value > 0 ? *p.high / p.value : 1;
        const double both = std::sqrt(down * up);
        a = {{"lo", lo}, {"mid", p.value}, {"hi", hi}, {"value", p.value}, {"F", both}, {"factor", both}, {"ln_F", portableLog(both)}, {"F_low", down},
            {"F_high", up}, {"p5", *p.low}, {"p95", *p.high}, {"low", *p.low}, {"high", *p.high}};
        const auto sorted = tornado(factors);
        const auto shareOf = [&](const std::string& name) {
            double share = 0;
            for (const auto& s : sorted)
                share = s.name == name ? s.share : share;
            return share;
        };
        Json shares = r.at("factors").json().is_array() ? Json::array() : Json::object();
        for (const auto& f : factors) {
            if (shares.is_array())
                shares.push_back(shareOf(f.name));
            else
                shares[f.name] = shareOf(f.name);
        }
        a["shares"] = shares;
        a["variance_shares"] = shares;
        a["tornado"] = toJson(sorted);
        put(a, "product", p);
    }
    if (r.has("a")) {
        const auto first = inputsFrom(r.at("a")), second = inputsFrom(r.at("b"));
        MonteCarlo world;
        const auto ua = drawn(world, first, "a."), ub = drawn(world, second, "b.");
        put(a, "a", world.estimate(ua));
        put(a, "b", world.estimate(ub));
        put(a, "ratioBOverA", world.estimate(ub / ua));
        a["probability_a_less"] = probabilityLess(ua, ub);
        a["tornadoOfRatio"] = toJson(world.tornado(ub / ua));
    }
    return a;
}

} // namespace

Formula combineFormula()
{
    return {"combine", "bands of a product: ln F = sqrt(sum of ln F squared), variance shares, plain lo and hi products; P(A < B) (spec 8)",
        schemaOf("combine", combineFields()), {{"factors", {{{"name", "grid"}, {"factor", 1.1}}, {{"name", "node watts"}, {"factor", 1.35}}, {{"name", "phone J"}, {"factor", 2.0}}}}},
        runCombine};
}

} // namespace paretoscope::use

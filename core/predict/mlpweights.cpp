// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlpweights.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace paretoscope {

namespace {

constexpr std::string_view kWrapped = "module."; // torch.nn.DataParallel
constexpr int kMostLayers = 64;
constexpr std::int64_t kWidest = 1 << 16;

/// The number before the first dot, and what follows the dot.
bool splitNumber(std::string_view text, int& number, std::string_view& rest)
{
    const auto dot = text.find('.');
    if (dot == 0 || dot == std::string_view::npos || dot > 4 || (dot > 1 && text[0] == '0'))
        return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + dot, number);
    rest = text.substr(dot + 1);
    return error == std::errc() && end == text.data() + dot;
}

struct Key {
    int layer = 0; // counts the linear layers
    bool isBias = false;
    bool isFinal = false; // OfaNas: "layers.3.weight", without the ".0"
};

bool parseSequential(std::string_view text, Key& key)
{
    int number = 0;
    std::string_view rest;
    if (!splitNumber(text, number, rest) || number % 2 != 0 || (rest != "weight" && rest != "bias"))
        return false;
    key = {number / 2, rest == "bias", false};
    return true;
}

bool parseOfaNas(std::string_view text, Key& key)
{
    constexpr std::string_view prefix = "layers.";
    std::string_view rest;
    if (!text.starts_with(prefix) || !splitNumber(text.substr(prefix.size()), key.layer, rest))
        return false;
    key.isFinal = !rest.starts_with("0.");
    if (!key.isFinal)
        rest.remove_prefix(2);
    key.isBias = rest == "bias";
    return rest == "weight" || rest == "bias";
}

std::string_view unwrapped(std::string_view text, bool wrapped)
{
    return wrapped ? text.substr(kWrapped.size()) : text;
}

bool allWrapped(const StateDict& tensors)
{
    return !tensors.empty()
        && std::all_of(tensors.tensors().begin(), tensors.tensors().end(),
            [](const NamedTensor& t) { return t.name.starts_with(kWrapped); });
}

bool hasOfaNasNames(const StateDict& tensors, bool wrapped)
{
    return std::any_of(tensors.tensors().begin(), tensors.tensors().end(), [&](const NamedTensor& t) {
        const auto text = unwrapped(t.name, wrapped);
        return text.starts_with("layers.") || text == "base_acc";
    });
}

std::string weightName(MlpLayout layout, int layer, int layers, const char* what)
{
    if (layout == MlpLayout::Sequential)
        return fmt::format("{}.{}", 2 * layer, what);
    return layer + 1 < layers ? fmt::format("layers.{}.0.{}", layer, what) : fmt::format("layers.{}.{}", layer, what);
}

class Reader {
public:
    Reader(const StateDict& tensors, const std::string& where)
        : m_where(where)
        , m_wrapped(allWrapped(tensors))
    {
        m_weights.layout = hasOfaNasNames(tensors, m_wrapped) ? MlpLayout::OfaNas : MlpLayout::Sequential;
        for (const auto& t : tensors.tensors())
            m_tensors.emplace(std::string(unwrapped(t.name, m_wrapped)), &t.tensor);
    }

    MlpWeights read()
    {
        const int layers = countLayers();
        std::int64_t inputs = -1;
        for (int i = 0; i < layers; ++i) {
            const bool last = i + 1 == layers;
            const bool biasOptional = last && m_weights.layout == MlpLayout::OfaNas;
            LinearWeights linear;
            const auto weightKey = weightName(m_weights.layout, i, layers, "weight");
            std::int64_t outputs = -1;
            if (const auto* t = take(weightKey, false)) {
                const auto& shape = t->shape();
                const bool twoDimensions = shape.size() == 2;
                const bool rowsFit = twoDimensions && shape[0] > 0 && shape[0] <= kWidest;
                const bool fits = rowsFit && shape[1] > 0 && shape[1] <= kWidest && (inputs < 0 || shape[1] == inputs)
                    && (!last || shape[0] == 1);
                if (!fits)
                    add(fmt::format("{} has shape {} instead of [{}, {}]", weightKey, toString(shape),
                        last ? "1" : (rowsFit ? fmt::format("{}", shape[0]) : "outputs"),
                        inputs < 0 ? "inputs" : fmt::format("{}", inputs)));
                if (twoDimensions)
                    outputs = shape[0];
                if (fits && usable(weightKey, *t))
                    linear = {static_cast<int>(shape[1]), static_cast<int>(shape[0]), t->toFloats(), {}};
            }
            const auto biasKey = weightName(m_weights.layout, i, layers, "bias");
            if (const auto* t = take(biasKey, biasOptional)) {
                const bool fits = t->shape().size() == 1 && (outputs < 0 || t->shape()[0] == outputs);
                if (!fits)
                    add(fmt::format("{} has shape {} instead of [{}]", biasKey, toString(t->shape()),
                        outputs < 0 ? "outputs" : fmt::format("{}", outputs)));
                if (fits && usable(biasKey, *t))
                    linear.bias = t->toFloats();
            }
            inputs = outputs;
            m_weights.layers.push_back(std::move(linear));
        }
        if (m_weights.layout == MlpLayout::OfaNas)
            readBase();
        for (const auto& [key, tensor] : m_tensors)
            if (!m_taken.contains(key))
                add(fmt::format("{} is unknown", quote(key)));
        if (!m_problems.empty())
            throw FormatError({m_where, "not the weights of an accuracy predictor", joinNames(m_problems),
                m_weights.layout == MlpLayout::OfaNas
                    ? "layers.{i}.0.weight, layers.{i}.0.bias, last layers.{n}.weight, base_acc, all float32"
                    : "0.weight, 0.bias, 2.weight, … (every second number), all float32"});
        return std::move(m_weights);
    }

private:
    /// From the highest number that occurs, so that what is missing below it is reported.
    int countLayers()
    {
        int last = -1, lastFinal = -1;
        for (const auto& [key, tensor] : m_tensors) {
            Key parsed;
            const bool known =
                m_weights.layout == MlpLayout::OfaNas ? parseOfaNas(key, parsed) : parseSequential(key, parsed);
            if (known && parsed.layer < kMostLayers)
                (parsed.isFinal ? lastFinal : last) = std::max(parsed.isFinal ? lastFinal : last, parsed.layer);
        }
        if (m_weights.layout == MlpLayout::Sequential)
            return std::max(last + 1, 2);
        return std::max({last + 2, lastFinal + 1, 2});
    }

    void readBase()
    {
        const auto* t = take("base_acc", true);
        if (!t)
            return;
        if (t->elements() != 1)
            add(fmt::format("base_acc has shape {} instead of []", toString(t->shape())));
        else if (usable("base_acc", *t))
            m_weights.baseAccuracy = t->toFloats()[0];
    }

    const Tensor* take(const std::string& key, bool optional)
    {
        const auto found = m_tensors.find(key);
        if (found == m_tensors.end()) {
            if (!optional)
                add(fmt::format("{} is missing", key));
            return nullptr;
        }
        m_taken.insert(key);
        return found->second;
    }

    bool usable(const std::string& key, const Tensor& t)
    {
        if (t.dtype() != DType::F32) {
            add(fmt::format("{} is {} instead of float32", key, name(t.dtype())));
            return false;
        }
        if (t.hasNonFinite()) {
            add(fmt::format("{} holds NaN or infinite values", key));
            return false;
        }
        return true;
    }

    void add(std::string problem) { m_problems.push_back(std::move(problem)); }

    std::string m_where;
    bool m_wrapped = false;
    MlpWeights m_weights;
    std::map<std::string, const Tensor*> m_tensors;
    std::set<std::string> m_taken;
    std::vector<std::string> m_problems;
};

} // namespace

bool looksLikeMlp(const StateDict& tensors)
{
    const bool wrapped = allWrapped(tensors);
    const auto* first = tensors.find(wrapped ? "module.0.weight" : "0.weight");
    if (!first)
        first = tensors.find(wrapped ? "module.layers.0.0.weight" : "layers.0.0.weight");
    return first && first->shape().size() == 2;
}

MlpWeights readMlpWeights(const StateDict& tensors, const std::string& where) { return Reader(tensors, where).read(); }

StateDict toStateDict(const MlpWeights& weights)
{
    StateDict tensors;
    const int layers = static_cast<int>(weights.layers.size());
    for (int i = 0; i < layers; ++i) {
        const auto& l = weights.layers[static_cast<std::size_t>(i)];
        tensors.add(
            weightName(weights.layout, i, layers, "weight"), Tensor::fromFloats({l.outputs, l.inputs}, l.weight));
        if (!l.bias.empty())
            tensors.add(weightName(weights.layout, i, layers, "bias"), Tensor::fromFloats({l.outputs}, l.bias));
    }
    if (weights.baseAccuracy)
        tensors.add("base_acc", Tensor::fromFloats({}, {*weights.baseAccuracy}));
    return tensors;
}

} // namespace paretoscope

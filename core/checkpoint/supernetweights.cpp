// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/supernetweights.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace paretoscope {

namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

using KeyIndex = std::unordered_map<std::string_view, std::size_t>;

KeyIndex indexOf(const std::vector<WeightKey>& keys)
{
    KeyIndex index;
    for (std::size_t i = 0; i < keys.size(); ++i)
        index.emplace(keys[i].name, i);
    return index;
}

// The supernet's spelling of a key of the file; nothing when there is none.
KeyIndex::const_iterator findKey(const KeyIndex& index, const std::string& nameInFile)
{
    auto key = replaced(nameInFile.starts_with("module.") ? nameInFile.substr(7) : nameInFile, ".mobile_inverted_conv.", ".conv.");
    if (const auto it = index.find(key); it != index.end())
        return it;
    // In the order of the reference's loader.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSpellings{{{".bn.bn.", ".bn."},
        {".conv.conv.weight", ".conv.weight"}, {".linear.linear.", ".linear."}, {".linear.", ".linear.linear."}, {"bn.", "bn.bn."},
        {"conv.weight", "conv.conv.weight"}}};
    for (const auto& [from, to] : kSpellings)
        if (const auto it = index.find(replaced(key, from, to)); it != index.end())
            return it;
    return index.end();
}

bool isKernelTransform(std::string_view name) { return name.ends_with("_matrix"); }
bool isCounter(std::string_view name) { return name.ends_with("num_batches_tracked"); }

Tensor identity(std::int64_t n)
{
    std::vector<float> values(static_cast<std::size_t>(n * n), 0.0f);
    for (std::int64_t i = 0; i < n; ++i)
        values[static_cast<std::size_t>(i * n + i)] = 1.0f;
    return Tensor::fromFloats({n, n}, values);
}

Tensor zeroCounter()
{
    const auto zero = std::make_shared<Bytes>(sizeof(std::int64_t));
    return Tensor(DType::I64, {}, *zero, zero);
}

bool hasNegative(const Tensor& tensor)
{
    const auto values = tensor.toDoubles();
    return std::any_of(values.begin(), values.end(), [](double v) { return v < 0; });
}

void listProblem(std::string& text, const char* what, const std::vector<std::string>& names)
{
    if (names.empty())
        return;
    if (!text.empty())
        text += "; ";
    text += fmt::format("{} {}: {}", names.size(), what, joinNames(names, 4));
}

} // namespace

StateDict fitToSupernet(const StateDict& weights, const SearchSpace& space, const std::string& where, std::vector<std::string>* filled)
{
    const auto keys = supernetKeys(space);
    const auto index = indexOf(keys);
    std::vector<const Tensor*> found(keys.size(), nullptr);
    std::vector<std::string> missing, unknown, shapes, types, notFinite, negative;
    for (const auto& [nameInFile, tensor] : weights.tensors()) {
        const auto it = findKey(index, nameInFile);
        if (it == index.end()) {
            unknown.push_back(nameInFile);
            continue;
        }
        const auto& key = keys[it->second];
        if (tensor.shape() != key.shape)
            shapes.push_back(fmt::format("{} {} instead of {}", key.name, toString(tensor.shape()), toString(key.shape)));
        else if (name(tensor.dtype()) != key.dtype)
            types.push_back(fmt::format("{} {} instead of {}", key.name, name(tensor.dtype()), key.dtype));
        else if (tensor.hasNonFinite())
            notFinite.push_back(key.name);
        else if (key.name.ends_with("running_var") && hasNegative(tensor))
            negative.push_back(key.name);
        found[it->second] = &tensor;
    }
    StateDict fitted;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto& key = keys[i];
        if (found[i]) {
            fitted.add(key.name, *found[i]);
        } else if (isKernelTransform(key.name) || isCounter(key.name)) {
            fitted.add(key.name, isCounter(key.name) ? zeroCounter() : identity(key.shape[0]));
            if (filled)
                filled->push_back(key.name);
        } else {
            missing.push_back(key.name);
        }
    }
    std::string text;
    listProblem(text, "missing", missing);
    listProblem(text, "unknown", unknown);
    listProblem(text, "of another shape", shapes);
    listProblem(text, "of another type", types);
    listProblem(text, "with NaN or infinite values", notFinite);
    listProblem(text, "with negative variances", negative);
    if (!text.empty())
        throw FormatError({where, "the weights are not those of a supernet of " + space.id, text, {}});
    return fitted;
}

std::size_t matchingKeys(const StateDict& weights, const SearchSpace& space)
{
    const auto keys = supernetKeys(space);
    const auto index = indexOf(keys);
    return static_cast<std::size_t>(std::count_if(weights.tensors().begin(), weights.tensors().end(), [&](const NamedTensor& t) {
        const auto it = findKey(index, t.name);
        return it != index.end() && keys[it->second].shape == t.tensor.shape();
    }));
}

} // namespace paretoscope

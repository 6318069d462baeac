// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Weights by name, and what a layer of one subnet takes out of them.
#pragma once

#include "convert.h"

#include "space/keys.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace paretoscope {

/// Named tensors in the order of a state dict.
class WeightStore {
public:
    void add(std::string name, at::Tensor tensor);
    /// The tensor itself: what changes it changes the store. @throws EngineError when there is none of the name.
    const at::Tensor& at(const std::string& name) const;
    const std::vector<std::pair<std::string, at::Tensor>>& list() const { return m_list; }
    StateDict stateDict() const;

private:
    std::vector<std::pair<std::string, at::Tensor>> m_list;
    std::unordered_map<std::string, std::size_t> m_index;
};

/// Copies the weights of a file in the order of `keys`; floating values get `type`.
/// @throws FormatError naming all keys that are missing, unknown or of another shape.
WeightStore storeOf(const StateDict& weights, const std::vector<WeightKey>& keys, at::ScalarType type, at::Device device, const std::string& where);

bool isStatistic(std::string_view name); // of batch norm: not trained
struct BatchNormTensors {
    at::Tensor weight, bias, mean, variance;
};
struct AffineTensors {
    at::Tensor weight, bias;
};

/// The slices that the layers of a subnet work with (Cai et al. 2020, section 3.2: leading channels everywhere,
/// smaller kernels by learnt transforms of the centre of larger ones). Of a static net they are the whole tensors.
class LayerWeights {
public:
    /// Both must outlive it.
    LayerWeights(const SearchSpace& space, const WeightStore& store, KeySpelling spelling)
        : m_space(space)
        , m_store(store)
        , m_spelling(spelling)
    {
    }
    at::Tensor convolution(const Block& block, const Convolution& c) const;
    /// Views: writing to the mean changes the store.
    BatchNormTensors batchNorm(const Block& block, const Convolution& c) const;
    const at::Tensor& batchCounter(const Block& block, const Convolution& c) const;
    AffineTensors squeeze(const Block& block, const Convolution& c) const; // of squeeze-and-excite: to fewer channels
    AffineTensors excite(const Block& block, const Convolution& c) const;  // and back
    AffineTensors linear(const Block& block) const;
    const SearchSpace& space() const { return m_space; }

private:
    at::Tensor transformed(at::Tensor kernel, const Block& block, const Convolution& c, const std::string& prefix) const;

    const SearchSpace& m_space;
    const WeightStore& m_store;
    KeySpelling m_spelling;
};

} // namespace paretoscope

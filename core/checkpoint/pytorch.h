// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checkpoints of PyTorch (.pth, .pt, .pth.tar): read in both formats, without LibTorch and without executing anything;
// written in the zip format.
#pragma once

#include "checkpoint/pickle.h"
#include "checkpoint/tensor.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace paretoscope {

enum class PyTorchFormat : std::uint8_t {
    Zip, // since PyTorch 1.6
    Legacy // a row of pickles and then the storages, which the released OFA files are in
};

std::string_view name(PyTorchFormat format); // "zip", "legacy"

using Scalar = std::variant<std::monostate, bool, std::int64_t, double, std::string>; // std::monostate: None

struct NamedScalar {
    std::string name;
    Scalar value;
};

/// The whole content of a checkpoint, as the pickle has it.
class CheckpointContent {
public:
    const pickle::Value& root() const { return m_document.root(); }
    /// The tensor behind a value of kind Tensor; nullptr for every other kind.
    const Tensor* tensor(const pickle::Value& value) const;
    const std::vector<Tensor>& tensors() const { return m_tensors; }

private:
    friend class CheckpointReader;
    std::shared_ptr<const void> m_owner;
    pickle::Document m_document;
    std::vector<Tensor> m_tensors;
    std::unordered_map<const pickle::Value*, std::size_t> m_index;
};

struct Checkpoint {
    PyTorchFormat format = PyTorchFormat::Zip;
    /// Where the weights stand: "state_dict", "model", "model_state_dict" or "network"; empty when the file is a bare
    /// dictionary of tensors.
    std::string weightsKey;
    /// The weights in the order of the file; nested dictionaries are flattened with ".". Never empty.
    StateDict weights;
    /// Every plain value in the dictionaries of the file, named from the top with ".": "epoch", "best_acc", …
    std::vector<NamedScalar> scalars;
    std::shared_ptr<const CheckpointContent> content;

    /// nullptr when there is none of that name.
    const Scalar* scalar(std::string_view name) const;
};

/// Reads a checkpoint. The file is mapped and must not be rewritten in place while any of its tensors live; tensors
/// that share a storage in the file share it here.
/// @throws IoError; UnsafeError naming the function that the pickle asks for; FormatError when the file is cut or
/// damaged, is no checkpoint, holds no tensor, was written on a big-endian machine, or claims more than it can hold.
Checkpoint readPyTorch(const std::filesystem::path& path);
/// The same from bytes that `owner` keeps alive; `where` names them in errors.
Checkpoint readPyTorch(ByteView bytes, std::shared_ptr<const void> owner, const std::string& where);

struct PyTorchOptions {
    /// The bare OrderedDict instead of {"state_dict": OrderedDict}.
    bool bare = false;
    /// Plain values beside "state_dict", such as the epoch; none with `bare`.
    std::vector<NamedScalar> scalars;
};

/// Writes a checkpoint that torch.load of PyTorch 1.6 or later reads back identically: names in order, shapes, strides,
/// types, and which tensors share a storage. The same input gives the same bytes. Storages are written whole.
/// @throws IoError; ValueError when a name is no valid UTF-8 or `scalars` stand beside `bare`.
void writePyTorch(const std::filesystem::path& path, const StateDict& weights, const PyTorchOptions& options = {});
/// The same as bytes.
Bytes makePyTorch(const StateDict& weights, const PyTorchOptions& options = {});

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What both formats of PyTorch share: from a pickle and the storages that it names to tensors and weights. Private to
// this folder.
#pragma once

#include "checkpoint/pytorch.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace paretoscope {

/// What a persistent id of a pickle says.
struct StorageId {
    std::string_view key;
    DType dtype = DType::F32;
    std::int64_t elements = 0;
    /// Legacy only: the tensor's offset counts from `offset` elements into the storage, and ends `elements` later.
    struct View {
        std::int64_t offset = 0;
        std::int64_t elements = 0;
    };
    std::optional<View> view;

    std::size_t bytes() const { return static_cast<std::size_t>(elements) * sizeOf(dtype); }
};

/// The bytes of one storage, found in the file.
struct StorageData {
    ByteView bytes;
    std::shared_ptr<const void> owner;
};

/// Makes the checkpoint in steps: `parse`, then one storage after the other, then `finish`.
class CheckpointReader {
public:
    CheckpointReader(PyTorchFormat format, std::string where, std::size_t fileBytes);

    /// Parses the pickle of the content and collects the storages that it names. @throws as pickle::parse
    void parse(ByteView bytes, std::shared_ptr<const void> owner, const pickle::Origin& origin);
    std::size_t pickleBytes() const { return m_content->m_document.size(); }

    const std::vector<StorageId>& storages() const { return m_storages; }
    /// nullptr when the pickle names no storage with that key.
    const StorageId* find(std::string_view key) const;
    bool has(const StorageId& id) const { return m_data.contains(id.key); }
    void add(const StorageId& id, StorageData data);

    /// Builds the tensors and picks the weights.
    Checkpoint finish();

private:
    [[noreturn]] void fail(
        const std::string& key, std::string problem, std::string found = {}, std::string allowed = {}) const;
    StorageId storageId(const pickle::Value& storage) const;
    const Tensor& tensor(const pickle::Value& value, const std::string& name);
    Tensor makeTensor(const pickle::Value& value, const std::string& name) const;
    Shape integers(const pickle::Value& value, const std::string& name, const char* what) const;
    bool holdsTensor(const pickle::Value& value, int depth);
    const pickle::Value& pickWeights(std::string& key);
    void walk(
        const pickle::Value& dict, const std::string& prefix, int depth, Checkpoint& checkpoint, bool wantsWeights);
    std::string nameOf(const pickle::Value& key, const std::string& prefix);
    void spend(std::size_t visits, std::size_t characters);

    PyTorchFormat m_format;
    std::string m_where;
    std::size_t m_fileBytes;
    std::shared_ptr<CheckpointContent> m_content;
    std::vector<StorageId> m_storages;
    std::unordered_map<std::string_view, std::size_t> m_storageIndex;
    std::unordered_map<std::string_view, StorageData> m_data;
    std::size_t m_storageBytes = 0;
    std::size_t m_tensorBytes = 0;
    std::size_t m_visits = 0;
    std::size_t m_characters = 0;
};

/// Reads the legacy format. @throws as readPyTorch
Checkpoint readLegacy(ByteView bytes, std::shared_ptr<const void> owner, const std::string& where);
/// Reads the zip format. @throws as readPyTorch
Checkpoint readZip(ByteView bytes, const std::string& where);

} // namespace paretoscope

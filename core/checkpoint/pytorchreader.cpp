// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/pytorchreader.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>

namespace paretoscope {

using pickle::Kind;
using pickle::Value;

namespace {

constexpr int kMaxDepth = 64;
// Values of the tensors together, as a multiple of the bytes that the file holds: views may overlap and repeat
// elements, but a small file must not unfold to gigabytes.
constexpr std::size_t kMaxUnfolding = 4;
constexpr std::size_t kUnfoldingSlack = 1u << 20;

bool isText(const Value& value) { return value.kind == Kind::Text || value.kind == Kind::Bytes; }

/// Whether the name can stand in a message as it is.
bool isPlain(std::string_view name)
{
    return name.size() <= 200 && std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

} // namespace

CheckpointReader::CheckpointReader(PyTorchFormat format, std::string where, std::size_t fileBytes)
    : m_format(format)
    , m_where(std::move(where))
    , m_fileBytes(fileBytes)
    , m_content(std::make_shared<CheckpointContent>())
{
}

void CheckpointReader::fail(const std::string& key, std::string problem, std::string found, std::string allowed) const
{
    throw FormatError(
        {key.empty() ? m_where : m_where + ": " + key, std::move(problem), std::move(found), std::move(allowed)});
}

void CheckpointReader::parse(ByteView bytes, std::shared_ptr<const void> owner, const pickle::Origin& origin)
{
    m_content->m_owner = std::move(owner);
    m_content->m_document = pickle::parse(bytes, origin);
    for (const auto& value : m_content->m_document.values()) {
        if (value.kind != Kind::Storage)
            continue;
        auto id = storageId(value);
        const auto [it, isNew] = m_storageIndex.emplace(id.key, m_storages.size());
        if (isNew) {
            id.view.reset();
            m_storages.push_back(id);
        } else if (const auto& first = m_storages[it->second];
                   first.dtype != id.dtype || first.elements != id.elements) {
            fail("storage " + quote(id.key), "the pickle describes it in two ways",
                fmt::format("{} × {} and {} × {}", first.elements, name(first.dtype), id.elements, name(id.dtype)));
        }
    }
}

const StorageId* CheckpointReader::find(std::string_view key) const
{
    const auto it = m_storageIndex.find(key);
    return it == m_storageIndex.end() ? nullptr : &m_storages[it->second];
}

void CheckpointReader::add(const StorageId& id, StorageData data)
{
    m_storageBytes += data.bytes.size();
    m_data.emplace(id.key, std::move(data));
}

/// ('storage', type, key, location, elements[, None or (key of the view, offset, elements)])
StorageId CheckpointReader::storageId(const Value& storage) const
{
    const auto& tuple = *storage.items.at(0);
    const auto& parts = tuple.items;
    if (tuple.kind != Kind::Tuple || parts.empty() || !isText(*parts[0]))
        fail({}, "the pickle refers to an object outside in a way that PyTorch never writes",
            std::string(describe(tuple)));
    if (parts[0]->text != "storage")
        fail({}, "the pickle refers to an object outside that is no storage", quote(parts[0]->text));
    if (parts.size() < 5 || parts.size() > 6 || parts[1]->kind != Kind::StorageType || !isText(*parts[2]))
        fail({}, "a storage is described in a way that PyTorch never writes");
    StorageId id;
    id.dtype = parts[1]->dtype;
    id.key = parts[2]->text;
    const auto where = [&] { return "storage " + quote(id.key); };
    const auto size = [&](const Value& value, const char* what) {
        const auto most = std::numeric_limits<std::int64_t>::max() / static_cast<std::int64_t>(sizeOf(id.dtype));
        if (value.kind != Kind::Int || value.integer < 0 || value.integer > most)
            fail(where(), fmt::format("its {} is not one", what),
                value.kind == Kind::Int ? fmt::format("{}", value.integer) : std::string(describe(value)),
                fmt::format("0 to {}", most));
        return value.integer;
    };
    id.elements = size(*parts[4], "number of elements");
    if (parts.size() == 6 && parts[5]->kind != Kind::None) {
        const auto& view = *parts[5];
        if (view.kind != Kind::Tuple || view.items.size() != 3)
            fail(where(), "a view of it is described in a way that PyTorch never writes");
        id.view = {size(*view.items[1], "offset of a view"), size(*view.items[2], "number of elements of a view")};
        if (id.view->offset > id.elements || id.view->elements > id.elements - id.view->offset)
            fail(where(), "a view reaches beyond it",
                fmt::format("offset {}, {} elements", id.view->offset, id.view->elements),
                fmt::format("{} elements", id.elements));
    }
    return id;
}

Shape CheckpointReader::integers(const Value& value, const std::string& name, const char* what) const
{
    if (value.kind != Kind::Tuple && value.kind != Kind::List)
        fail(name, fmt::format("its {} is no tuple", what), std::string(describe(value)));
    Shape numbers;
    for (const auto* item : value.items) {
        if (item->kind != Kind::Int)
            fail(name, fmt::format("its {} holds what is no size", what), std::string(describe(*item)));
        numbers.push_back(item->integer);
        if (numbers.size() > 64)
            fail(name, "has too many dimensions", fmt::format("{}", value.items.size()), "at most 64");
    }
    return numbers;
}

/// (storage, offset, shape, strides[, requires_grad, hooks[, metadata]])
Tensor CheckpointReader::makeTensor(const Value& value, const std::string& name) const
{
    const auto& parts = value.items.at(0)->items;
    if (parts[0]->kind != Kind::Storage)
        fail(name, "it is built of what is no storage", std::string(describe(*parts[0])));
    if (parts[1]->kind != Kind::Int)
        fail(name, "its offset is no integer", std::string(describe(*parts[1])));
    // Metadata says that the values are to be negated or conjugated when they are used.
    if (parts.size() > 6 && parts[6]->kind != Kind::None && !(parts[6]->kind == Kind::Dict && parts[6]->items.empty()))
        fail(name, "the tensor has metadata, which is not supported");
    auto shape = integers(*parts[2], name, "shape");
    auto strides = integers(*parts[3], name, "strides");
    auto offset = parts[1]->integer;
    const auto id = storageId(*parts[0]);
    const auto& data = m_data.at(id.key);
    const auto available = id.view ? static_cast<std::size_t>(id.view->elements) * sizeOf(id.dtype) : data.bytes.size();
    if (auto problem = viewProblem(id.dtype, shape, strides, offset, available))
        fail(name, std::move(problem->problem), std::move(problem->found), std::move(problem->allowed));
    if (id.view && __builtin_add_overflow(offset, id.view->offset, &offset))
        fail(name, "its offset is too large");
    return {id.dtype, std::move(shape), std::move(strides), offset, data.bytes, data.owner};
}

const Tensor& CheckpointReader::tensor(const Value& value, const std::string& name)
{
    auto& tensors = m_content->m_tensors;
    const auto [it, isNew] = m_content->m_index.emplace(&value, tensors.size());
    if (isNew) {
        tensors.push_back(makeTensor(value, name));
        const auto limit = kMaxUnfolding * std::max(m_fileBytes, m_storageBytes) + kUnfoldingSlack;
        const auto size = tensors.back().contiguousSize();
        if (size > limit || m_tensorBytes > limit - size)
            fail(name, "the tensors claim more than the file can hold", fmt::format("{} bytes", m_tensorBytes + size),
                fmt::format("at most {}", limit));
        m_tensorBytes += size;
    }
    return tensors[it->second];
}

bool CheckpointReader::holdsTensor(const Value& value, int depth)
{
    if (value.kind != Kind::Dict || depth > kMaxDepth)
        return false;
    for (std::size_t i = 1; i < value.items.size(); i += 2) {
        spend(1, 0);
        if (value.items[i]->kind == Kind::Tensor || holdsTensor(*value.items[i], depth + 1))
            return true;
    }
    return false;
}

const Value& CheckpointReader::pickWeights(std::string& key)
{
    const auto& root = m_content->root();
    if (root.kind != Kind::Dict)
        fail({}, "holds no dictionary of weights", std::string(describe(root)),
            "a dictionary of tensors, or one under \"state_dict\"");
    if (const auto* found = pickle::find(root, "state_dict"); found && found->kind == Kind::Dict) {
        key = "state_dict";
        return *found;
    }
    for (const char* name : {"model", "model_state_dict", "network"})
        if (const auto* found = pickle::find(root, name); found && holdsTensor(*found, 0)) {
            key = name;
            return *found;
        }
    return root;
}

/// Values can be shared, so that a small graph can be a huge tree.
void CheckpointReader::spend(std::size_t visits, std::size_t characters)
{
    m_visits += visits;
    m_characters += characters;
    if (m_visits > 10'000 + 16 * m_content->m_document.values().size()
        || m_characters > (1u << 20) + 64 * pickleBytes())
        fail({}, "its dictionaries unfold to more than the file can hold");
}

std::string CheckpointReader::nameOf(const Value& key, const std::string& prefix)
{
    const auto tail = isText(key) ? std::string(key.text) : fmt::format("{}", key.integer);
    auto name = prefix.empty() ? tail : prefix + "." + tail;
    spend(0, name.size());
    return name;
}

/// Visits a dictionary and those within: for the weights if `wantsWeights`, else for the plain values.
void CheckpointReader::walk(
    const Value& dict, const std::string& prefix, int depth, Checkpoint& checkpoint, bool wantsWeights)
{
    if (depth > kMaxDepth)
        fail({}, "its dictionaries are nested too deeply", {}, fmt::format("at most {} levels", kMaxDepth));
    std::unordered_set<std::string> seen;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        spend(1, 0);
        const auto& key = *dict.items[i];
        const auto& value = *dict.items[i + 1];
        const bool named = isText(key) || key.kind == Kind::Int;
        if (!named && wantsWeights && (value.kind == Kind::Tensor || value.kind == Kind::Dict))
            fail(prefix, "a key of the weights is neither a text nor an integer", std::string(describe(key)));
        if (!named)
            continue;
        auto name = nameOf(key, prefix);
        if (!seen.insert(name).second)
            fail({}, "a key stands twice in one dictionary", quote(name));
        if (value.kind == Kind::Dict) {
            walk(value, name, depth + 1, checkpoint, wantsWeights);
        } else if (wantsWeights) {
            if (value.kind == Kind::Tensor) {
                const auto& found = tensor(value, isPlain(name) ? name : quote(name));
                if (checkpoint.weights.find(name))
                    fail({}, "two tensors have the same name", quote(name));
                checkpoint.weights.add(std::move(name), found);
            }
        } else if (value.kind == Kind::None) {
            checkpoint.scalars.push_back({std::move(name), std::monostate()});
        } else if (value.kind == Kind::Bool) {
            checkpoint.scalars.push_back({std::move(name), value.integer != 0});
        } else if (value.kind == Kind::Int) {
            checkpoint.scalars.push_back({std::move(name), value.integer});
        } else if (value.kind == Kind::Float) {
            checkpoint.scalars.push_back({std::move(name), value.real});
        } else if (value.kind == Kind::Text) {
            spend(0, value.text.size());
            checkpoint.scalars.push_back({std::move(name), std::string(value.text)});
        }
    }
}

Checkpoint CheckpointReader::finish()
{
    Checkpoint checkpoint;
    checkpoint.format = m_format;
    const auto& weights = pickWeights(checkpoint.weightsKey);
    walk(weights, {}, 0, checkpoint, true);
    if (checkpoint.weights.empty())
        fail(checkpoint.weightsKey, "holds no tensor");
    walk(m_content->root(), {}, 0, checkpoint, false);
    // What is no weight, such as the state of an optimizer.
    for (const auto& value : m_content->m_document.values())
        if (value.kind == Kind::Tensor)
            tensor(value, fmt::format("tensor {}", m_content->m_tensors.size()));
    checkpoint.content = std::move(m_content);
    return checkpoint;
}

const Tensor* CheckpointContent::tensor(const Value& value) const
{
    const auto it = m_index.find(&value);
    return it == m_index.end() ? nullptr : &m_tensors[it->second];
}

const Scalar* Checkpoint::scalar(std::string_view name) const
{
    const auto it = std::find_if(scalars.begin(), scalars.end(), [&](const auto& s) { return s.name == name; });
    return it == scalars.end() ? nullptr : &it->value;
}

} // namespace paretoscope

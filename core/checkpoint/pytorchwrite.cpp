// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/pytorch.h"

#include "base/error.h"
#include "base/zip.h"
#include "checkpoint/bytes.h"
#include "checkpoint/pickleopcodes.h"

#include <fmt/format.h>

#include <bit>
#include <limits>
#include <map>
#include <tuple>

namespace paretoscope {

namespace {

using namespace pickle;

constexpr std::string_view kTop = "archive/"; // torch.save of a stream calls it so; the reader takes any name

/// Writes the pickle (protocol 2), and collects the storages that it refers to.
class Pickler {
public:
    Bytes run(const StateDict& weights, const PyTorchOptions& options)
    {
        op(kProto);
        append(m_out, std::uint8_t{2});
        if (options.bare) {
            dictionary(weights);
        } else {
            op(kEmptyDict);
            op(kMark);
            for (const auto& scalar : options.scalars) {
                text(scalar.name);
                std::visit([&](const auto& value) { plain(value); }, scalar.value);
            }
            text("state_dict");
            dictionary(weights);
            op(kSetItems);
        }
        op(kStop);
        return std::move(m_out);
    }

    const std::vector<ByteView>& storages() const { return m_storages; }

private:
    void op(unsigned char code) { append(m_out, code); }

    void text(std::string_view value)
    {
        if (!isUtf8(value))
            throw ValueError({"checkpoint", "a name or a text is no valid UTF-8", quote(value), {}});
        op(kBinUnicode);
        if (value.size() > std::numeric_limits<std::uint32_t>::max())
            throw ValueError(
                {"checkpoint", "a text is too long", fmt::format("{} bytes", value.size()), "less than 4 GiB"});
        append(m_out, static_cast<std::uint32_t>(value.size()));
        append(m_out, asBytes(value));
    }

    void plain(std::monostate) { op(kNone); }
    void plain(bool value) { op(value ? kNewTrue : kNewFalse); }
    void plain(const std::string& value) { text(value); }
    void plain(double value)
    {
        op(kBinFloat);
        append(m_out, __builtin_bswap64(std::bit_cast<std::uint64_t>(value)));
    }
    void plain(std::int64_t value)
    {
        if (value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max()) {
            op(kBinInt);
            append(m_out, static_cast<std::int32_t>(value));
        } else {
            op(kLong1);
            append(m_out, std::uint8_t{8});
            append(m_out, value);
        }
    }

    void global(std::string_view module, std::string_view name)
    {
        op(kGlobal);
        append(m_out, asBytes(fmt::format("{}\n{}\n", module, name)));
    }

    void tuple(const Shape& numbers)
    {
        op(kMark);
        for (const auto n : numbers)
            plain(n);
        op(kTuple);
    }

    void orderedDict()
    {
        global("collections", "OrderedDict");
        op(kEmptyTuple);
        op(kReduce);
    }

    void dictionary(const StateDict& weights)
    {
        orderedDict();
        op(kMark);
        for (const auto& [name, tensor] : weights.tensors()) {
            text(name);
            rebuilt(tensor);
        }
        op(kSetItems);
    }

    void rebuilt(const Tensor& tensor)
    {
        global("torch._utils", "_rebuild_tensor_v2");
        op(kMark);
        storage(tensor);
        plain(tensor.offset());
        tuple(tensor.shape());
        tuple(tensor.strides());
        plain(false); // needs no gradient
        orderedDict(); // no hooks
        op(kTuple);
        op(kReduce);
    }

    void storage(const Tensor& tensor)
    {
        const auto bytes = tensor.storage();
        const auto size = sizeOf(tensor.dtype());
        const auto elements = bytes.size() / size;
        // Storages without bytes have no address to tell them apart by.
        auto index = m_storages.size();
        if (elements > 0)
            index = m_index.try_emplace({bytes.data(), elements, tensor.dtype()}, index).first->second;
        if (index == m_storages.size())
            m_storages.push_back(bytes.first(elements * size));
        op(kMark);
        text("storage");
        for (const auto& known : kStorages)
            if (known.dtype == tensor.dtype())
                global("torch", known.name);
        text(fmt::format("{}", index));
        text("cpu");
        plain(static_cast<std::int64_t>(elements));
        op(kTuple);
        op(kBinPersId);
    }

    Bytes m_out;
    std::vector<ByteView> m_storages;
    std::map<std::tuple<const std::byte*, std::size_t, DType>, std::size_t> m_index;
};

} // namespace

Bytes makePyTorch(const StateDict& weights, const PyTorchOptions& options)
{
    if (options.bare && !options.scalars.empty())
        throw ValueError({"checkpoint", "plain values cannot stand beside a bare dictionary of weights", {}, {}});
    for (const auto& scalar : options.scalars)
        if (scalar.name == "state_dict")
            throw ValueError({"checkpoint", "a plain value has the name of the weights", quote(scalar.name), {}});
    Pickler pickler;
    const auto pickle = pickler.run(weights, options);
    std::vector<ZipInput> entries;
    const auto add = [&](std::string_view entry, ByteView content) {
        entries.push_back({fmt::format("{}{}", kTop, entry), content, false});
    };
    add("data.pkl", pickle);
    add("byteorder", asBytes("little"));
    for (std::size_t i = 0; i < pickler.storages().size(); ++i)
        add(fmt::format("data/{}", i), pickler.storages()[i]);
    add("version", asBytes("3\n"));
    return makeZip(entries);
}

void writePyTorch(const std::filesystem::path& path, const StateDict& weights, const PyTorchOptions& options)
{
    writeFileAtomically(path, makePyTorch(weights, options));
}

} // namespace paretoscope

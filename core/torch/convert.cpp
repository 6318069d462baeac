// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert.h"

#include <fmt/format.h>

#include <cstring>
#include <regex>

namespace paretoscope {

namespace {

constexpr std::pair<DType, at::ScalarType> kTypes[]{{DType::F16, at::kHalf}, {DType::BF16, at::kBFloat16}, {DType::F32, at::kFloat}, {DType::F64, at::kDouble},
    {DType::I8, at::kChar}, {DType::I16, at::kShort}, {DType::I32, at::kInt}, {DType::I64, at::kLong}, {DType::U8, at::kByte}, {DType::Bool, at::kBool}};

at::ScalarType torchType(DType dtype)
{
    for (const auto& [ours, theirs] : kTypes)
        if (ours == dtype)
            return theirs;
    throw EngineError({{}, "no type of LibTorch", std::string(name(dtype)), {}});
}

DType ourType(at::ScalarType type)
{
    for (const auto& [ours, theirs] : kTypes)
        if (theirs == type)
            return ours;
    throw EngineError({{}, "no type of this program", at::toString(type), {}});
}

/// "60211200000 more bytes", where LibTorch says how much it asked for.
std::string memoryAsked(const char* message)
{
    static const std::regex bytes("allocate ([0-9]+) bytes");
    std::cmatch found;
    return std::regex_search(message, found, bytes) ? found[1].str() + " more bytes were asked for" : std::string();
}

/// TorchScript's errors begin with where in the script they happened, and their last line says what; the others say it
/// in the first.
std::string_view essence(std::string_view text)
{
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    while (text.starts_with('\n'))
        text.remove_prefix(1);
    if (text.starts_with("The following operation failed"))
        return text.substr(text.rfind('\n') + 1);
    return text.substr(0, text.find('\n'));
}

} // namespace

at::Tensor toTorch(const Tensor& tensor)
{
    const auto options = at::TensorOptions().dtype(torchType(tensor.dtype()));
    if (!tensor.isContiguous()) {
        const auto bytes = tensor.contiguousBytes();
        auto copy = at::empty(tensor.shape(), options);
        std::memcpy(copy.data_ptr(), bytes.data(), bytes.size());
        return copy;
    }
    const auto* begin = tensor.storage().data() + static_cast<std::size_t>(tensor.offset()) * sizeOf(tensor.dtype());
    // The interface predates const. Nothing writes there: whoever changes weights copies them first.
    return at::from_blob(const_cast<std::byte*>(begin), tensor.shape(), [keep = tensor](void*) { }, options);
}

Tensor fromTorch(const at::Tensor& tensor)
{
    const auto owner = std::make_shared<const at::Tensor>(tensor.detach().cpu().contiguous());
    const ByteView bytes(static_cast<const std::byte*>(owner->data_ptr()), owner->nbytes());
    return Tensor(ourType(owner->scalar_type()), Shape(owner->sizes().begin(), owner->sizes().end()), bytes, owner);
}

at::ScalarType scalarType(NetPrecision precision) { return precision == NetPrecision::Float64 ? at::kDouble : at::kFloat; }

at::Tensor imagesFrom(const Tensor& images, const SearchSpace& space, at::ScalarType type, at::Device device)
{
    const auto& shape = images.shape();
    const bool fits = shape.size() == 4 && shape[0] > 0 && shape[1] == space.inputChannels && shape[2] > 0 && shape[3] > 0;
    const bool floating = images.dtype() == DType::F32 || images.dtype() == DType::F64;
    if (!fits || !floating)
        throw ValueError({"images", "do not fit the nets of " + space.id, fmt::format("{} {}", name(images.dtype()), toString(shape)),
            fmt::format("float32 or float64 [N, {}, height, width]", space.inputChannels)});
    return toTorch(images).to(device, type);
}

void throwEngineError(const std::string& what, const char* message)
{
    const std::string_view text(message);
    for (const char* sign : {"can't allocate memory", "not enough memory", "out of memory", "std::bad_alloc"})
        if (text.find(sign) != std::string_view::npos)
            throw EngineError({what, "out of memory", memoryAsked(message), "a smaller batch, a lower resolution, or more memory"});
    throw EngineError({what, "LibTorch failed", quote(essence(text), 300), {}});
}

} // namespace paretoscope

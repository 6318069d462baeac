// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/npy.h"

#include "base/error.h"
#include "checkpoint/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace paretoscope {

namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kAlignment = 64;

struct NpyType {
    std::string_view descr; // without the byte order
    DType dtype;
};

constexpr std::array<NpyType, 9> kTypes{{{"f2", DType::F16}, {"f4", DType::F32}, {"f8", DType::F64}, {"i1", DType::I8},
    {"i2", DType::I16}, {"i4", DType::I32}, {"i8", DType::I64}, {"u1", DType::U8}, {"b1", DType::Bool}}};

struct Header {
    std::string descr;
    bool fortran = false;
    Shape shape;
};

/// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, which is Python, but no more of Python than this.
class HeaderParser {
public:
    HeaderParser(std::string_view text, const std::string& where)
        : m_text(text)
        , m_where(where)
    {
    }

    Header run()
    {
        Header header;
        std::array<bool, 3> has{};
        expect('{');
        while (!accept('}')) {
            const auto key = string();
            const auto it = std::find(kKeys.begin(), kKeys.end(), key);
            if (it == kKeys.end())
                fail("the header has an unknown key", quote(key), joinNames({kKeys.begin(), kKeys.end()}));
            if (std::exchange(has[static_cast<std::size_t>(it - kKeys.begin())], true))
                fail("a key of the header stands twice", quote(key));
            expect(':');
            if (key == "descr")
                header.descr = descr();
            else if (key == "fortran_order")
                header.fortran = boolean();
            else
                header.shape = shape();
            if (!accept(',') && peek() != '}')
                fail("the header is not a Python dictionary", rest(), "\",\" or \"}\"");
        }
        if (peek() != '\0' || m_at != m_text.size())
            fail("the header goes on after its end", rest());
        for (std::size_t i = 0; i < kKeys.size(); ++i)
            if (!has[i])
                fail(fmt::format("the header has no \"{}\"", kKeys[i]));
        return header;
    }

private:
    static constexpr std::array<std::string_view, 3> kKeys{"descr", "fortran_order", "shape"};

    [[noreturn]] void fail(std::string problem, std::string found = {}, std::string allowed = {}) const
    {
        throw FormatError({m_where, std::move(problem), std::move(found), std::move(allowed)});
    }

    std::string rest() const { return quote(m_text.substr(std::min(m_at, m_text.size())), 24); }

    char peek()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n'))
            ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }

    bool accept(char c)
    {
        if (peek() != c || m_at >= m_text.size())
            return false;
        ++m_at;
        return true;
    }

    void expect(char c)
    {
        if (!accept(c))
            fail("the header is not a Python dictionary", rest(), fmt::format("\"{}\"", c));
    }

    std::string string()
    {
        const char mark = peek();
        if (mark != '\'' && mark != '"')
            fail("the header is not a Python dictionary", rest(), "a text in quotes");
        const auto end = m_text.find(mark, m_at + 1);
        if (end == std::string_view::npos)
            fail("a text of the header has no end", rest());
        std::string text(m_text.substr(m_at + 1, end - m_at - 1));
        m_at = end + 1;
        return text;
    }

    std::string descr()
    {
        if (peek() == '[')
            fail("the array is structured, which is not supported", rest());
        return string();
    }

    bool boolean()
    {
        peek();
        for (const std::string_view word : {"True", "False"})
            if (m_text.substr(m_at).starts_with(word)) {
                m_at += word.size();
                return word == "True";
            }
        fail("fortran_order is not a truth value", rest(), "True or False");
    }

    Shape shape()
    {
        Shape sizes;
        expect('(');
        bool comma = false;
        while (!accept(')')) {
            if (!sizes.empty() && !comma)
                fail("the shape is not a tuple", rest(), "\",\" or \")\"");
            peek();
            std::int64_t size = 0;
            const auto* begin = m_text.data() + m_at;
            const auto [stop, error] = std::from_chars(begin, m_text.data() + m_text.size(), size);
            if (error != std::errc() || size < 0)
                fail("the shape holds what is no size", rest(), "0 to 9223372036854775807");
            m_at += static_cast<std::size_t>(stop - begin);
            sizes.push_back(size);
            comma = accept(',');
        }
        if (sizes.size() == 1 && !comma)
            fail("the shape is not a tuple", fmt::format("({})", sizes[0]), fmt::format("({},)", sizes[0]));
        return sizes;
    }

    std::string_view m_text;
    const std::string& m_where;
    std::size_t m_at = 0;
};

DType dtypeOf(const std::string& descr, const std::string& where)
{
    const auto allowed = "little-endian f2, f4, f8, i1, i2, i4, i8, u1 or b1";
    if (descr.starts_with('>'))
        throw FormatError({where, "the values are big-endian", quote(descr), allowed});
    const auto code = std::string_view(descr).substr(std::min<std::size_t>(1, descr.size()));
    if (code.starts_with('O'))
        throw FormatError({where, "the array holds Python objects, which is refused", quote(descr), allowed});
    for (const auto& type : kTypes)
        if (type.descr == code && (descr[0] == '<' || (descr[0] == '|' && sizeOf(type.dtype) == 1)))
            return type.dtype;
    throw FormatError({where, "the type of the values is not supported", quote(descr), allowed});
}

Shape fortranStrides(const Shape& shape)
{
    Shape reversed(shape.rbegin(), shape.rend());
    reversed = contiguousStrides(reversed);
    return {reversed.rbegin(), reversed.rend()};
}

} // namespace

Tensor readNpy(ByteView bytes, std::shared_ptr<const void> owner, const std::string& where)
{
    const auto text = asText(bytes);
    if (!text.starts_with(kMagic) || bytes.size() < kMagic.size() + 2)
        throw FormatError({where, "is no .npy file", quote(text.substr(0, 8)), quote(kMagic)});
    const auto version = static_cast<unsigned>(bytes[kMagic.size()]);
    if (version < 1 || version > 3)
        throw FormatError({where, "has an unknown version of the format", fmt::format("{}", version), "1 to 3"});
    auto at = kMagic.size() + 2;
    const std::size_t lengthBytes = version == 1 ? 2 : 4;
    if (bytes.size() - at < lengthBytes)
        throw FormatError({where, "is cut within its header", fmt::format("{} bytes", bytes.size()), {}});
    const std::size_t length =
        version == 1 ? load<std::uint16_t>(bytes.data() + at) : load<std::uint32_t>(bytes.data() + at);
    at += lengthBytes;
    if (length > bytes.size() - at)
        throw FormatError({where, "is cut within its header", fmt::format("{} bytes", bytes.size()),
            fmt::format("{} or more", at + length)});
    const auto header = HeaderParser(text.substr(at, length), where).run();
    const auto data = bytes.subspan(at + length);
    const auto dtype = dtypeOf(header.descr, where);
    auto strides = header.fortran ? fortranStrides(header.shape) : contiguousStrides(header.shape);
    if (const auto problem = viewProblem(dtype, header.shape, strides, 0, data.size()))
        throw FormatError({where, problem->problem, problem->found, problem->allowed});
    Tensor tensor(dtype, header.shape, std::move(strides), 0, data, std::move(owner));
    if (tensor.contiguousSize() != data.size())
        throw FormatError({where, "goes on after the last value", fmt::format("{} bytes", data.size()),
            fmt::format("{} for {} {}", tensor.contiguousSize(), name(dtype), toString(header.shape))});
    return tensor;
}

Tensor readNpy(const std::filesystem::path& path)
{
    const auto file = std::make_shared<const MappedFile>(path);
    return readNpy(file->bytes(), file, path.string());
}

Bytes makeNpy(const Tensor& tensor)
{
    const auto type =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return t.dtype == tensor.dtype(); });
    if (type == kTypes.end())
        throw ValueError({"npy", "NumPy has no such type", std::string(name(tensor.dtype())), {}});
    std::string header = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}{}), }}",
        sizeOf(tensor.dtype()) == 1 ? '|' : '<', type->descr, fmt::join(tensor.shape(), ", "),
        tensor.shape().size() == 1 ? "," : "");
    constexpr std::size_t kFixed = kMagic.size() + 2 + 2;
    const auto total = (kFixed + header.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
    header.resize(total - kFixed - 1, ' ');
    header += '\n';
    Bytes bytes;
    bytes.reserve(total + tensor.contiguousSize());
    append(bytes, asBytes(kMagic));
    append(bytes, std::uint8_t{1});
    append(bytes, std::uint8_t{0});
    append(bytes, static_cast<std::uint16_t>(header.size())); // 64 dimensions at most, so it fits
    append(bytes, asBytes(header));
    append(bytes, tensor.contiguousBytes());
    return bytes;
}

void writeNpy(const std::filesystem::path& path, const Tensor& tensor) { writeFileAtomically(path, makeNpy(tensor)); }

} // namespace paretoscope

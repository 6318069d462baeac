// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stack machine behind pickle::parse. Private to this folder.
#pragma once

#include "base/error.h"
#include "checkpoint/bytes.h"
#include "checkpoint/pickleopcodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace paretoscope::pickle {

// A checkpoint of ResNet-50 makes some 6,000 values. The limits keep a hostile pickle of any size within 1 GB.
inline constexpr std::size_t kMaxValues = 4'000'000;
inline constexpr std::size_t kMaxPushes = 16'000'000;
inline constexpr std::size_t kMaxLine = 4096;

/// The stack machine that a pickle is a program for. Values are never copied: the stack, the memo and the containers
/// hold pointers into the document.
class Machine {
public:
    Machine(ByteView bytes, const Origin& origin)
        : m_bytes(bytes)
        , m_origin(origin)
    {
    }

    Document run()
    {
        while (step()) { }
        m_document.m_root = pop();
        m_document.m_size = m_at;
        return std::move(m_document);
    }

private:
    [[noreturn]] void fail(std::string problem, std::string found = {}, std::string allowed = {}) const
    {
        throw FormatError({fmt::format("{}: {}{}byte {}", m_origin.file, m_origin.part,
                               m_origin.part.empty() ? "" : " ", m_origin.offset + m_opAt),
            std::move(problem), std::move(found), std::move(allowed)});
    }

    ByteView take(std::uint64_t count)
    {
        const auto left = m_bytes.size() - m_at;
        if (count > left)
            fail("the pickle is cut", fmt::format("{} bytes", left), fmt::format("{} or more", count));
        const auto bytes = m_bytes.subspan(m_at, static_cast<std::size_t>(count));
        m_at += static_cast<std::size_t>(count);
        return bytes;
    }

    template <typename T>
    T number()
    {
        return load<T>(take(sizeof(T)).data());
    }

    std::string_view line()
    {
        const auto rest = asText(m_bytes.subspan(m_at, std::min(kMaxLine, m_bytes.size() - m_at)));
        const auto end = rest.find('\n');
        if (end == std::string_view::npos)
            fail(rest.size() < kMaxLine ? "the pickle is cut" : "the name of a function is too long");
        m_at += end + 1;
        return rest.substr(0, end);
    }

    Value& make(Kind kind)
    {
        if (m_document.m_values.size() >= kMaxValues)
            fail("the pickle has too many values", {}, fmt::format("at most {}", kMaxValues));
        auto& value = m_document.m_values.emplace_back();
        value.kind = kind;
        return value;
    }

    void push(Value& value)
    {
        if (++m_pushes > kMaxPushes)
            fail("the pickle has too many steps", {}, fmt::format("at most {}", kMaxPushes));
        m_stack.push_back(&value);
    }

    std::size_t base() const { return m_marks.empty() ? 0 : m_marks.back(); }

    Value& top() const
    {
        if (m_stack.size() <= base())
            fail("the pickle takes a value that is not there");
        return *m_stack.back();
    }

    Value* pop()
    {
        auto& value = top();
        m_stack.pop_back();
        return &value;
    }

    /// Moves what stands above the last mark to `target`.
    void popMark(std::vector<const Value*>& target)
    {
        if (m_marks.empty())
            fail("the pickle takes a mark that is not there");
        const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        target.insert(target.end(), begin, m_stack.end());
        m_stack.erase(begin, m_stack.end());
        m_marks.pop_back();
    }

    void pushTuple(std::size_t count)
    {
        auto& tuple = make(Kind::Tuple);
        tuple.items.resize(count);
        for (auto i = count; i-- > 0;)
            tuple.items[i] = pop();
        push(tuple);
    }

    void pushInt(std::int64_t n, Kind kind = Kind::Int)
    {
        auto& value = make(kind);
        value.integer = n;
        push(value);
    }

    void pushText(Kind kind, std::uint64_t size)
    {
        auto& value = make(kind);
        value.text = asText(take(size));
        push(value);
    }

    void pushLong(std::uint64_t size)
    {
        const auto bytes = take(size);
        if (size <= 8) {
            std::uint64_t bits = 0;
            for (std::size_t i = 0; i < bytes.size(); ++i)
                bits |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
            const bool negative = !bytes.empty() && (static_cast<unsigned>(bytes.back()) & 0x80u) != 0;
            if (negative && bytes.size() < 8)
                bits |= ~std::uint64_t{0} << (8 * bytes.size());
            return pushInt(std::bit_cast<std::int64_t>(bits));
        }
        auto& value = make(Kind::Long);
        value.text = asText(bytes);
        push(value);
    }

    void pushGlobal(std::string_view module, std::string_view name)
    {
        for (const auto& known : kFunctions)
            if (known.module == module && known.name == name) {
                auto& value = make(Kind::Function);
                value.function = known.function;
                return push(value);
            }
        for (const auto& known : kStorages)
            if (module == "torch" && known.name == name) {
                auto& value = make(Kind::StorageType);
                value.dtype = known.dtype;
                return push(value);
            }
        refuse(quote(fmt::format("{}.{}", module, name), 200));
    }

    [[noreturn]] void refuse(const std::string& what) const
    {
        throw UnsafeError({m_origin.file, fmt::format("the pickle asks for {}, which is refused", what), {}, {}});
    }

    void put(std::uint64_t index)
    {
        // A pickler counts its entries, and each has taken bytes.
        if (index > m_at)
            fail("the pickle stores a value under too large a number", fmt::format("{}", index));
        auto& value = top();
        if (index >= m_memo.size())
            m_memo.resize(static_cast<std::size_t>(index) + 1);
        m_memo[static_cast<std::size_t>(index)] = &value;
        m_memoized = std::max(m_memoized, index + 1);
    }

    void get(std::uint64_t index)
    {
        if (index >= m_memo.size() || !m_memo[static_cast<std::size_t>(index)])
            fail("the pickle recalls a value that it never stored", fmt::format("number {}", index));
        push(*m_memo[static_cast<std::size_t>(index)]);
    }

    Value& container(Kind kind) const
    {
        auto& value = top();
        if (value.kind != kind)
            fail("the pickle adds to what is no container", std::string(describe(value)),
                kind == Kind::List ? "a list" : "a dictionary");
        return value;
    }

    void setItems()
    {
        std::vector<const Value*> items;
        popMark(items);
        if (items.size() % 2 != 0)
            fail("the pickle sets a key without a value");
        auto& dict = container(Kind::Dict);
        dict.items.insert(dict.items.end(), items.begin(), items.end());
    }

    void reduce();
    bool step();
    bool stepContainer(unsigned char op);

    ByteView m_bytes;
    const Origin& m_origin;
    std::size_t m_at = 0;
    std::size_t m_opAt = 0;
    Document m_document;
    std::vector<Value*> m_stack;
    std::vector<std::size_t> m_marks;
    std::vector<Value*> m_memo;
    std::uint64_t m_memoized = 0;
    std::size_t m_pushes = 0;
};

} // namespace paretoscope::pickle

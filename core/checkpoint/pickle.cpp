// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/picklemachine.h"

#include <fmt/format.h>

#include <array>

namespace paretoscope::pickle {

/// A call. What it returns is known for each known function, so nothing needs to be called.
void Machine::reduce()
{
    const auto& arguments = *pop();
    const auto& called = *pop();
    if (called.kind != Kind::Function || arguments.kind != Kind::Tuple)
        fail("the pickle calls what is no function", std::string(describe(called)));
    const auto& items = arguments.items;
    const auto badCall = [&](const char* what) {
        fail(fmt::format("{} is built of the wrong parts", what), fmt::format("{} arguments", items.size()));
    };
    switch (called.function) {
    case Function::OrderedDict: {
        auto& dict = make(Kind::Dict);
        if (items.size() > 1 || (items.size() == 1 && items[0]->kind != Kind::List))
            badCall("an ordered dictionary");
        // Python 2 wrote the pairs as an argument.
        if (!items.empty()) {
            for (const auto* pair : items[0]->items) {
                if ((pair->kind != Kind::List && pair->kind != Kind::Tuple) || pair->items.size() != 2)
                    badCall("an ordered dictionary");
                dict.items.insert(dict.items.end(), pair->items.begin(), pair->items.end());
                m_pushes += 2;
            }
        }
        return push(dict);
    }
    case Function::RebuildTensor: {
        if (items.size() < 4 || items.size() > 7)
            badCall("a tensor");
        auto& tensor = make(Kind::Tensor);
        tensor.items.assign(1, &arguments);
        return push(tensor);
    }
    case Function::RebuildParameter:
        if (items.empty() || items.size() > 4 || items[0]->kind != Kind::Tensor)
            badCall("a parameter");
        // The arena owns the value and is not constant; only the view of it in the tuple is.
        return push(const_cast<Value&>(*items[0]));
    case Function::Size:
        if (items.size() != 1 || items[0]->kind != Kind::Tuple)
            badCall("a size");
        return push(const_cast<Value&>(*items[0]));
    case Function::None:
        break;
    }
    fail("the pickle calls what is no function");
}

/// Opcodes that build containers. Returns false when `op` is none of them.
bool Machine::stepContainer(unsigned char op)
{
    switch (op) {
    case kEmptyList:
    case kEmptySet:
        push(make(Kind::List));
        return true;
    case kEmptyDict:
        push(make(Kind::Dict));
        return true;
    case kEmptyTuple:
        pushTuple(0);
        return true;
    case kTuple1:
    case kTuple2:
    case kTuple3:
        pushTuple(static_cast<std::size_t>(op - kTuple1) + 1);
        return true;
    case kTuple:
    case kFrozenSet:
    case kList:
    case kDict: {
        auto& value = make(op == kDict ? Kind::Dict : op == kList ? Kind::List : Kind::Tuple);
        popMark(value.items);
        if (op == kDict && value.items.size() % 2 != 0)
            fail("the pickle sets a key without a value");
        push(value);
        return true;
    }
    case kAppend: {
        const auto* value = pop();
        container(Kind::List).items.push_back(value);
        return true;
    }
    case kAppends:
    case kAddItems: {
        std::vector<const Value*> items;
        popMark(items);
        auto& list = container(Kind::List);
        list.items.insert(list.items.end(), items.begin(), items.end());
        return true;
    }
    case kSetItem: {
        const auto* value = pop();
        const auto* key = pop();
        auto& dict = container(Kind::Dict);
        dict.items.push_back(key);
        dict.items.push_back(value);
        return true;
    }
    case kSetItems:
        setItems();
        return true;
    default:
        return false;
    }
}

/// Executes one opcode. Returns false at the end mark.
bool Machine::step()
{
    m_opAt = m_at;
    const auto op = number<unsigned char>();
    if (stepContainer(op))
        return true;
    switch (op) {
    case kStop:
        return false;
    case kProto:
        if (const auto version = number<std::uint8_t>(); version > 5)
            fail("the protocol of the pickle is not known", fmt::format("{}", version), "2 to 5");
        break;
    case kFrame:
        take(8); // how much to read ahead, which does not concern a reader of memory
        break;
    case kMark:
        if (++m_pushes > kMaxPushes)
            fail("the pickle has too many steps", {}, fmt::format("at most {}", kMaxPushes));
        m_marks.push_back(m_stack.size());
        break;
    case kPop:
        // Python lets this opcode take a mark as well.
        if (!m_marks.empty() && m_stack.size() == m_marks.back())
            m_marks.pop_back();
        else
            pop();
        break;
    case kPopMark: {
        std::vector<const Value*> dropped;
        popMark(dropped);
        break;
    }
    case kDup:
        push(top());
        break;
    case kNone:
        push(make(Kind::None));
        break;
    case kNewTrue:
    case kNewFalse:
        pushInt(op == kNewTrue, Kind::Bool);
        break;
    case kBinInt:
        pushInt(number<std::int32_t>());
        break;
    case kBinInt1:
        pushInt(number<std::uint8_t>());
        break;
    case kBinInt2:
        pushInt(number<std::uint16_t>());
        break;
    case kLong1:
        pushLong(number<std::uint8_t>());
        break;
    case kLong4: {
        const auto size = number<std::int32_t>();
        if (size < 0)
            fail("an integer has a negative length", fmt::format("{}", size));
        pushLong(static_cast<std::uint64_t>(size));
        break;
    }
    case kBinFloat: {
        auto bits = number<std::uint64_t>(); // big-endian, unlike the rest
        bits = __builtin_bswap64(bits);
        auto& value = make(Kind::Float);
        value.real = std::bit_cast<double>(bits);
        push(value);
        break;
    }
    case kShortBinString:
    case kShortBinUnicode:
        pushText(Kind::Text, number<std::uint8_t>());
        break;
    case kBinString:
    case kBinUnicode:
        pushText(Kind::Text, number<std::uint32_t>());
        break;
    case kBinUnicode8:
        pushText(Kind::Text, number<std::uint64_t>());
        break;
    case kShortBinBytes:
        pushText(Kind::Bytes, number<std::uint8_t>());
        break;
    case kBinBytes:
        pushText(Kind::Bytes, number<std::uint32_t>());
        break;
    case kBinBytes8:
    case kByteArray8:
        pushText(Kind::Bytes, number<std::uint64_t>());
        break;
    case kBinPut:
        put(number<std::uint8_t>());
        break;
    case kLongBinPut:
        put(number<std::uint32_t>());
        break;
    case kMemoize:
        put(m_memoized);
        break;
    case kBinGet:
        get(number<std::uint8_t>());
        break;
    case kLongBinGet:
        get(number<std::uint32_t>());
        break;
    case kInst:
    case kGlobal: {
        const auto module = line();
        const auto name = line();
        pushGlobal(module, name);
        if (op == kInst)
            fail("the pickle makes an object in a way that PyTorch never writes");
        break;
    }
    case kStackGlobal: {
        const auto& name = *pop();
        const auto& module = *pop();
        if (name.kind != Kind::Text || module.kind != Kind::Text)
            fail("the pickle names a function by what is no text");
        pushGlobal(module.text, name.text);
        break;
    }
    case kExt1:
        refuse(fmt::format("the registered extension {}", number<std::uint8_t>()));
    case kExt2:
        refuse(fmt::format("the registered extension {}", number<std::uint16_t>()));
    case kExt4:
        refuse(fmt::format("the registered extension {}", number<std::uint32_t>()));
    case kReduce:
    case kNewObj:
        reduce();
        break;
    case kBuild: {
        pop();
        // The attributes of an ordered dictionary (the versions of the modules) do not change what it holds.
        if (top().kind != Kind::Dict && top().kind != Kind::Tensor)
            fail("the pickle sets attributes", std::string(describe(top())), "of a dictionary");
        break;
    }
    case kBinPersId: {
        const auto* id = pop();
        auto& storage = make(Kind::Storage);
        storage.items.assign(1, id);
        push(storage);
        break;
    }
    default:
        fail("the pickle has an instruction that PyTorch never writes", fmt::format("0x{:02x}", op));
    }
    return true;
}

std::string_view describe(const Value& value)
{
    constexpr std::array<std::string_view, 14> kNames{"None", "a truth value", "an integer", "a large integer",
        "a number", "a text", "bytes", "a list", "a tuple", "a dictionary", "a function", "a type of storage",
        "a storage", "a tensor"};
    return kNames[static_cast<std::size_t>(value.kind)];
}

const Value* find(const Value& dict, std::string_view key)
{
    if (dict.kind != Kind::Dict)
        return nullptr;
    const Value* found = nullptr;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2)
        if (dict.items[i]->kind == Kind::Text && dict.items[i]->text == key)
            found = dict.items[i + 1];
    return found;
}

Document parse(ByteView bytes, const Origin& origin) { return Machine(bytes, origin).run(); }

} // namespace paretoscope::pickle

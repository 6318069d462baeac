// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnxoperators.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace paretoscope {

namespace {

using onnx::AttributeProto;

/// What an attribute may be.
struct AttributeRule {
    const char* name;
    AttributeProto::AttributeType type;
    int count; // of INTS
    std::int64_t least; // of each INT
    std::int64_t most;
};

// Far beyond every net, and small enough that no sum or product of sizes overflows.
constexpr std::int64_t kMost = 65535;
constexpr AttributeRule kKernelShape{"kernel_shape", AttributeProto::INTS, 2, 1, kMost};
constexpr AttributeRule kStrides{"strides", AttributeProto::INTS, 2, 1, kMost};
constexpr AttributeRule kPads{"pads", AttributeProto::INTS, 4, 0, kMost};
constexpr AttributeRule kGroup{"group", AttributeProto::INT, 1, 1, kMost};

/// A node about to be computed.
struct Call {
    const onnx::NodeProto& node;
    const std::vector<at::Tensor>& inputs;
    const std::string& where;

    const AttributeProto* attribute(const char* name) const
    {
        const auto& all = node.attribute();
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const AttributeProto& a) { return a.name() == name; });
        return found == all.end() ? nullptr : &*found;
    }
    std::int64_t integer(const char* name, std::int64_t otherwise) const
    {
        const auto* a = attribute(name);
        return a ? a->i() : otherwise;
    }
    double real(const char* name, double otherwise) const
    {
        const auto* a = attribute(name);
        return a ? static_cast<double>(a->f()) : otherwise;
    }
    std::vector<std::int64_t> integers(const char* name, std::vector<std::int64_t> otherwise) const
    {
        const auto* a = attribute(name);
        return a ? std::vector<std::int64_t>(a->ints().begin(), a->ints().end()) : std::move(otherwise);
    }
    /// Rows and columns; ATen has no others.
    std::vector<std::int64_t> pads() const
    {
        const auto all = integers("pads", {0, 0, 0, 0});
        if (all[0] != all[2] || all[1] != all[3])
            throw FormatError({where, "pads that differ between the two sides are not known here",
                fmt::format("{}", fmt::join(all, " ")), {}});
        return {all[0], all[1]};
    }
    std::vector<std::int64_t> strides() const { return integers("strides", {1, 1}); }
    const at::Tensor& input(std::size_t i) const { return inputs[i]; }
    /// The first input, which has to be a batch of maps: what ATen assumes without looking.
    const at::Tensor& maps() const
    {
        if (inputs[0].dim() != 4)
            throw FormatError(
                {where, "the input is no batch of maps", fmt::format("{} dimensions", inputs[0].dim()), "4"});
        return inputs[0];
    }
};

at::Tensor runConv(const Call& c)
{
    const auto& weight = c.input(1);
    if (weight.dim() != 4)
        throw FormatError({c.where, "the weights are no kernels", fmt::format("{} dimensions", weight.dim()), "4"});
    const std::vector<std::int64_t> kernel{weight.size(2), weight.size(3)};
    if (const auto stated = c.integers("kernel_shape", kernel); stated != kernel)
        throw FormatError({c.where, "kernel_shape is not that of the weights",
            fmt::format("{}", fmt::join(stated, " ")), fmt::format("{}", fmt::join(kernel, " "))});
    const auto bias = c.inputs.size() > 2 ? c.input(2) : at::Tensor();
    return at::conv2d(c.maps(), weight, bias, c.strides(), c.pads(), 1, c.integer("group", 1));
}

at::Tensor runBatchNorm(const Call& c)
{
    return at::batch_norm(
        c.maps(), c.input(1), c.input(2), c.input(3), c.input(4), false, 0, c.real("epsilon", 1e-5), false);
}

at::Tensor runAveragePool(const Call& c)
{
    return at::avg_pool2d(
        c.maps(), c.integers("kernel_shape", {}), c.strides(), c.pads(), c.integer("ceil_mode", 0) == 1, false);
}

at::Tensor runMaxPool(const Call& c)
{
    return at::max_pool2d(c.maps(), c.integers("kernel_shape", {}), c.strides(), c.pads());
}

at::Tensor runGlobalAveragePool(const Call& c) { return c.maps().mean({2, 3}, true); }

at::Tensor runClip(const Call& c)
{
    constexpr double most = std::numeric_limits<float>::max();
    return c.input(0).clamp(c.real("min", -most), c.real("max", most));
}

at::Tensor runHardSigmoid(const Call& c)
{
    return (c.input(0) * c.real("alpha", 0.2) + c.real("beta", 0.5)).clamp(0, 1);
}

at::Tensor runGemm(const Call& c)
{
    const auto& b = c.input(1);
    return at::addmm(c.input(2), c.input(0), c.integer("transB", 0) == 1 ? b.t() : b);
}

struct Operator {
    const char* name;
    int leastInputs;
    int mostInputs;
    std::vector<AttributeRule> attributes;
    at::Tensor (*run)(const Call&);
};

const std::vector<Operator>& operators()
{
    static const std::vector<Operator> all{
        {"Conv", 2, 3, {kKernelShape, kStrides, kPads, kGroup}, runConv},
        {"BatchNormalization", 5, 5, {{"epsilon", AttributeProto::FLOAT, 1, 0, 0}}, runBatchNorm},
        {"Relu", 1, 1, {}, [](const Call& c) { return c.input(0).relu(); }},
        {"Clip", 1, 1, {{"min", AttributeProto::FLOAT, 1, 0, 0}, {"max", AttributeProto::FLOAT, 1, 0, 0}}, runClip},
        {"HardSigmoid", 1, 1, {{"alpha", AttributeProto::FLOAT, 1, 0, 0}, {"beta", AttributeProto::FLOAT, 1, 0, 0}},
            runHardSigmoid},
        {"Mul", 2, 2, {}, [](const Call& c) { return c.input(0) * c.input(1); }},
        {"Add", 2, 2, {}, [](const Call& c) { return c.input(0) + c.input(1); }},
        // Pads never count: how they would at the edge differs between runtimes.
        {"AveragePool", 1, 1,
            {kKernelShape, kStrides, kPads, {"ceil_mode", AttributeProto::INT, 1, 0, 1},
                {"count_include_pad", AttributeProto::INT, 1, 0, 0}},
            runAveragePool},
        {"MaxPool", 1, 1, {kKernelShape, kStrides, kPads}, runMaxPool},
        {"GlobalAveragePool", 1, 1, {}, runGlobalAveragePool},
        {"Flatten", 1, 1, {{"axis", AttributeProto::INT, 1, 1, 1}},
            [](const Call& c) { return c.input(0).flatten(1); }},
        {"Gemm", 3, 3, {{"transB", AttributeProto::INT, 1, 0, 1}}, runGemm},
    };
    return all;
}

const Operator& operatorOf(const onnx::NodeProto& node, const std::string& where)
{
    for (const auto& known : operators())
        if (node.domain().empty() && node.op_type() == known.name)
            return known;
    std::vector<std::string> names;
    for (const auto& known : operators())
        names.emplace_back(known.name);
    const auto found = node.domain().empty() ? node.op_type() : node.domain() + "." + node.op_type();
    throw FormatError({where, "this operator is not known here", quote(found), joinNames(names)});
}

std::string rangeText(std::int64_t least, std::int64_t most)
{
    return least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
}

void checkInteger(std::int64_t value, const AttributeRule& rule, const std::string& where)
{
    if (value < rule.least || value > rule.most)
        throw FormatError({where, fmt::format("{} is out of range", rule.name), fmt::format("{}", value),
            rangeText(rule.least, rule.most)});
}

std::string kindText(const AttributeRule& rule)
{
    if (rule.type == AttributeProto::INTS)
        return fmt::format("list of {} integers", rule.count);
    return rule.type == AttributeProto::INT ? "integer" : "number";
}

void checkAttribute(const AttributeProto& attribute, const Operator& op, const std::string& where)
{
    const auto rule = std::find_if(
        op.attributes.begin(), op.attributes.end(), [&](const AttributeRule& r) { return attribute.name() == r.name; });
    if (rule == op.attributes.end() || !attribute.ref_attr_name().empty())
        throw FormatError(
            {where, fmt::format("this attribute of {} is not known here", op.name), quote(attribute.name()), {}});
    if (attribute.type() != rule->type || (rule->type == AttributeProto::INTS && attribute.ints_size() != rule->count))
        throw FormatError({where, fmt::format("{} is no {}", rule->name, kindText(*rule)), {}, {}});
    if (rule->type == AttributeProto::INT)
        checkInteger(attribute.i(), *rule, where);
    for (const auto value : attribute.ints())
        checkInteger(value, *rule, where);
}

} // namespace

void checkOnnxNode(const onnx::NodeProto& node, const std::string& where)
{
    const auto& op = operatorOf(node, where);
    const int inputs = node.input_size();
    if (inputs < op.leastInputs || inputs > op.mostInputs)
        throw FormatError({where, fmt::format("{} with so many inputs is not known here", op.name),
            fmt::format("{}", inputs), rangeText(op.leastInputs, op.mostInputs)});
    if (node.output_size() != 1)
        throw FormatError({where, fmt::format("{} with so many outputs is not known here", op.name),
            fmt::format("{}", node.output_size()), "1"});
    for (const auto& attribute : node.attribute())
        checkAttribute(attribute, op, where);
    const auto window = std::string_view(op.name).ends_with("Pool") && !op.attributes.empty();
    if (window && std::none_of(node.attribute().begin(), node.attribute().end(), [](const AttributeProto& a) {
            return a.name() == "kernel_shape";
        }))
        throw FormatError({where, fmt::format("{} has no kernel_shape", op.name), {}, {}});
}

at::Tensor runOnnxNode(const onnx::NodeProto& node, const std::vector<at::Tensor>& inputs, const std::string& where)
{
    return operatorOf(node, where).run({node, inputs, where});
}

} // namespace paretoscope

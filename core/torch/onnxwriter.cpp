// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnxwriter.h"

#include "checkpoint/bytes.h"
#include "engine/walk.h"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <limits>
#include <set>

namespace paretoscope {

namespace {

// The oldest opset with all that is used here (average pools round up since 10): runtimes read opsets older than their
// own and refuse newer ones. It is also the last one where Clip states its limits as attributes, the only way in which
// OpenCV 4.6 reads them. Version 5 of the file format came with it (ONNX 1.5).
constexpr int kOpset = 10;
constexpr int kIrVersion = 5;

constexpr const char* kImages = "images";
constexpr const char* kLogits = "logits";

/// Everything but the last component: the layer that a weight belongs to.
std::string layerOf(const std::string& key) { return key.substr(0, key.rfind('.')); }

void setInts(onnx::NodeProto& node, const char* name, std::initializer_list<int> values)
{
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const int v : values)
        attribute.add_ints(v);
}

void setInt(onnx::NodeProto& node, const char* name, int value)
{
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
}

void setFloat(onnx::NodeProto& node, const char* name, double value)
{
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(static_cast<float>(value));
}

void setWindow(onnx::NodeProto& node, int kernel, int stride, int pad)
{
    setInts(node, "kernel_shape", {kernel, kernel});
    setInts(node, "strides", {stride, stride});
    setInts(node, "pads", {pad, pad, pad, pad});
}

/// Adds the nodes of a net to a graph, for runNetwork(). A node is called after its layer in the released nets, or
/// after what it follows where it has no name there; its output is called like the node.
class OnnxOps {
public:
    using Value = std::string;
    OnnxOps(onnx::GraphProto& graph, double bnEps)
        : m_graph(graph)
        , m_bnEps(bnEps)
    {
    }

    Value convolution(const Block& block, const Convolution& c, const Value& x)
    {
        const auto keys = convolutionKeys(block, c, KeySpelling::Static);
        auto& node = add("Conv", layerOf(keys.weight), {x, keys.weight});
        setWindow(node, c.kernel, c.stride, c.kernel / 2);
        setInt(node, "group", c.groups);
        return c.batchNorm ? batchNorm(keys.batchNorm, node.name()) : node.name();
    }

    Value activation(Activation activation, const Value& x)
    {
        const auto node = fmt::format("{}.{}", x, name(activation));
        switch (activation) {
        case Activation::None:
            return x;
        case Activation::Relu:
            return add("Relu", node, {x}).name();
        case Activation::Relu6:
            return clip(node, x, 0, 6);
        case Activation::HSwish:
            return hardSwish(node, x);
        }
        return x;
    }

    Value squeezeExcite(const Block& block, const Convolution& c, const Value& x)
    {
        const auto fc = convolutionKeys(block, c, KeySpelling::Static).squeezeExcite; // ends with ".fc."
        const auto se = layerOf(layerOf(fc));
        auto y = add("GlobalAveragePool", se + ".pool", {x}).name();
        y = activation(Activation::Relu, pointwise(fc + "reduce", y));
        // Without its beta, which is 0.5 by default: OpenCV 4.6 takes every product with a HardSigmoid that states
        // both for a hard swish.
        const auto& gate = hardSigmoid(fc + "h_sigmoid", pointwise(fc + "expand", y));
        return add("Mul", se, {x, gate.name()}).name();
    }

    Value add(const Value& a, const Value& b) { return add("Add", a + ".add", {a, b}).name(); }

    Value averagePool(const Value& x, int stride)
    {
        auto& node = add("AveragePool", x + ".average_pool", {x});
        setWindow(node, stride, stride, 0);
        setInt(node, "ceil_mode", 1);
        setInt(node, "count_include_pad", 0);
        return node.name();
    }

    Value maxPool(const Block& block, const Value& x)
    {
        auto& node = add("MaxPool", block.name, {x});
        setWindow(node, block.kernel, block.stride, block.kernel / 2);
        return node.name();
    }

    Value globalPool(const Value& x) { return add("GlobalAveragePool", "global_avg_pool", {x}).name(); }

    Value linear(const Block& block, const Value& x)
    {
        const auto keys = linearKeys(block, KeySpelling::Static); // ends with "."
        auto& flat = add("Flatten", block.name + ".flatten", {x});
        setInt(flat, "axis", 1);
        auto& node = add("Gemm", layerOf(keys), {flat.name(), keys + "weight", keys + "bias"});
        setInt(node, "transB", 1);
        node.set_output(0, kLogits);
        return kLogits;
    }

private:
    onnx::NodeProto& add(const char* type, const std::string& name, std::initializer_list<std::string> inputs)
    {
        auto& node = *m_graph.add_node();
        node.set_op_type(type);
        node.set_name(name);
        for (const auto& input : inputs)
            node.add_input(input);
        node.add_output(name);
        return node;
    }

    // A node of its own, not folded into the convolution: weights keep their released names and values.
    Value batchNorm(const std::string& prefix, const Value& x)
    {
        auto& node = add("BatchNormalization", layerOf(prefix),
            {x, prefix + "weight", prefix + "bias", prefix + "running_mean", prefix + "running_var"});
        setFloat(node, "epsilon", m_bnEps);
        return node.name();
    }

    Value clip(const std::string& name, const Value& x, double least, double most)
    {
        auto& node = add("Clip", name, {x});
        setFloat(node, "min", least);
        setFloat(node, "max", most);
        return node.name();
    }

    onnx::NodeProto& hardSigmoid(const std::string& name, const Value& x)
    {
        auto& node = add("HardSigmoid", name, {x});
        setFloat(node, "alpha", 1.0 / 6);
        return node;
    }

    // HardSwish is an operator since opset 14 only; runtimes that have one recognise this.
    Value hardSwish(const std::string& name, const Value& x)
    {
        auto& gate = hardSigmoid(name + ".gate", x);
        setFloat(gate, "beta", 0.5);
        return add("Mul", name, {x, gate.name()}).name();
    }

    Value pointwise(const std::string& name, const Value& x)
    {
        auto& node = add("Conv", name, {x, name + ".weight", name + ".bias"});
        setWindow(node, 1, 1, 0);
        return node.name();
    }

    onnx::GraphProto& m_graph;
    double m_bnEps;
};

void addWeight(onnx::GraphProto& graph, const WeightKey& key, const StateDict& weights)
{
    const auto* tensor = weights.find(key.name);
    if (!tensor)
        throw FormatError({key.name, "this weight is missing", {}, toString(key.shape)});
    if (tensor->shape() != key.shape)
        throw FormatError({key.name, "this weight has another shape", toString(tensor->shape()), toString(key.shape)});
    if (tensor->dtype() != DType::F32)
        throw ValueError({key.name, "ONNX files are written of nets in single precision",
            std::string(name(tensor->dtype())), "float32"});
    auto& initializer = *graph.add_initializer();
    initializer.set_name(key.name);
    initializer.set_data_type(onnx::TensorProto::FLOAT);
    for (const auto size : key.shape)
        initializer.add_dims(size);
    const auto bytes = tensor->contiguousBytes();
    initializer.set_raw_data(bytes.data(), bytes.size());
}

/// [batch, …], the batch being free.
void describe(onnx::ValueInfoProto& value, const char* name, std::initializer_list<int> sizes, const std::string& text)
{
    value.set_name(name);
    value.set_doc_string(text);
    auto& type = *value.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    type.mutable_shape()->add_dim()->set_dim_param("batch");
    for (const int size : sizes)
        type.mutable_shape()->add_dim()->set_dim_value(size);
}

void addGraph(onnx::GraphProto& graph, const Parts& parts, const Subnet& subnet, const StateDict& weights)
{
    const auto& space = parts.space();
    graph.set_name(space.id);
    // The size is fixed, because the statistics of batch norm belong to it.
    describe(*graph.add_input(), kImages, {space.inputChannels, subnet.resolution, subnet.resolution},
        "images, preprocessed as the metadata of this file say");
    describe(*graph.add_output(), kLogits, {space.classes}, "before the softmax");
    OnnxOps ops(graph, space.bnEps);
    runNetwork(network(parts, subnet), ops, std::string(kImages));
    for (const auto& key : staticKeys(parts, subnet))
        if (key.dtype == "float32")
            addWeight(graph, key, weights);
}

void addMetadata(onnx::ModelProto& model, const OnnxMetadata& metadata)
{
    std::set<std::string> keys;
    for (const auto& [key, value] : metadata) {
        if (!keys.insert(key).second)
            throw ValueError({"metadata", "this key stands there twice", quote(key), {}});
        if (!isUtf8(key) || !isUtf8(value))
            throw ValueError(
                {"metadata", "this is no valid UTF-8", fmt::format("{} = {}", quote(key), quote(value)), {}});
        auto& entry = *model.add_metadata_props();
        entry.set_key(key);
        entry.set_value(value);
    }
}

} // namespace

std::string makeOnnxModel(
    const Parts& parts, const Subnet& subnet, const StateDict& weights, const OnnxMetadata& metadata)
{
    onnx::ModelProto model;
    model.set_ir_version(kIrVersion);
    model.set_producer_name("Paretoscope");
    model.set_producer_version(PARETOSCOPE_VERSION);
    model.set_doc_string(fmt::format("A subnet of {} ({}) for images of {} x {} pixels", parts.space().title,
        parts.space().id, subnet.resolution, subnet.resolution));
    auto& opset = *model.add_opset_import();
    opset.set_domain("");
    opset.set_version(kOpset);
    addGraph(*model.mutable_graph(), parts, subnet, weights);
    addMetadata(model, metadata);
    const auto size = model.ByteSizeLong();
    constexpr std::size_t most = std::numeric_limits<int>::max();
    if (size > most)
        throw ValueError({{}, "the net is too large for an ONNX file", fmt::format("{} bytes", size),
            fmt::format("up to {}", most)});
    return model.SerializeAsString();
}

void writeOnnxModel(const std::filesystem::path& path, const Parts& parts, const Subnet& subnet,
    const StateDict& weights, const OnnxMetadata& metadata)
{
    writeFileAtomically(path, makeOnnxModel(parts, subnet, weights, metadata));
}

} // namespace paretoscope

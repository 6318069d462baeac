// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnxrunner.h"

#include "onnxoperators.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/format.h>
#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace paretoscope {

namespace {

using Sizes = std::vector<std::int64_t>;

constexpr std::int64_t kOpset = 10; // what the definitions in onnxoperators.cpp belong to
constexpr std::int64_t kMostNumbers = std::int64_t(1) << 29; // in one value: 2 GiB

std::string text(const Sizes& sizes) { return fmt::format("[{}]", fmt::join(sizes, ", ")); }

/// The number of elements, or nothing when a size is not positive or there are too many.
std::optional<std::int64_t> countOf(const Sizes& sizes)
{
    std::int64_t count = 1;
    for (const auto size : sizes) {
        if (size < 1 || size > kMostNumbers / count)
            return {};
        count *= size;
    }
    return count;
}

/// Nothing where a size is not a number.
std::optional<Sizes> sizesOf(const onnx::ValueInfoProto& value)
{
    if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape())
        return {};
    Sizes sizes;
    for (const auto& dim : value.type().tensor_type().shape().dim()) {
        if (!dim.has_dim_value())
            return {};
        sizes.push_back(dim.dim_value());
    }
    return sizes;
}

/// One run of one file. The steps are called in this order.
class OnnxRun {
public:
    OnnxRun(const std::filesystem::path& path, const at::Tensor& images)
        : m_where(path.string())
        , m_images(images)
    {
        parse(path);
    }

    at::Tensor run()
    {
        checkModel();
        checkGraph();
        loadWeights();
        bindImages();
        inferShapes();
        return compute();
    }

private:
    void parse(const std::filesystem::path& path)
    {
        const MappedFile file(path);
        const auto bytes = file.bytes();
        constexpr std::size_t most = std::numeric_limits<int>::max();
        if (bytes.size() > most)
            throw FormatError({m_where, "the file is too large for an ONNX file", fmt::format("{} bytes", bytes.size()),
                fmt::format("up to {}", most)});
        if (!m_model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !m_model.has_graph())
            throw FormatError({m_where, "is no ONNX file, or is cut or damaged", {}, {}});
    }

    void checkModel() const
    {
        if (m_model.opset_import_size() != 1 || !m_model.opset_import(0).domain().empty())
            throw FormatError({m_where, "imports other operators than those of ONNX itself", {}, {}});
        const auto opset = m_model.opset_import(0).version();
        if (opset != kOpset)
            throw FormatError(
                {m_where, "this opset is not known here", fmt::format("{}", opset), fmt::format("{}", kOpset)});
        if (m_model.functions_size() > 0 || m_model.graph().sparse_initializer_size() > 0)
            throw FormatError({m_where, "functions and sparse weights are not known here", {}, {}});
        if (m_model.graph().output_size() != 1)
            throw FormatError(
                {m_where, "has another number of outputs", fmt::format("{}", m_model.graph().output_size()), "1"});
    }

    // Before the ONNX library sees the nodes: it divides by strides and follows names of other files.
    void checkGraph() const
    {
        const auto& graph = m_model.graph();
        for (int i = 0; i < graph.node_size(); ++i)
            checkOnnxNode(graph.node(i), placeOf(i));
        for (const auto& tensor : graph.initializer())
            checkWeight(tensor);
        call([&] { onnx::checker::check_model(m_model); }, "the checker of ONNX refuses it");
    }

    void checkWeight(const onnx::TensorProto& tensor) const
    {
        const auto where = placeOf(tensor.name());
        if (tensor.data_location() != onnx::TensorProto::DEFAULT || tensor.external_data_size() > 0
            || !tensor.has_raw_data())
            throw FormatError({where, "weights that do not stand in the file as raw bytes are not known here", {}, {}});
        if (tensor.data_type() != onnx::TensorProto::FLOAT)
            throw FormatError(
                {where, "weights of this type are not known here", fmt::format("{}", tensor.data_type()), "1 (float)"});
        const Sizes sizes(tensor.dims().begin(), tensor.dims().end());
        const auto count = countOf(sizes);
        if (!count || tensor.raw_data().size() != static_cast<std::size_t>(*count) * sizeof(float))
            throw FormatError({where, "the bytes of this weight are not those of its shape",
                fmt::format("{} bytes", tensor.raw_data().size()), text(sizes) + " float"});
    }

    void loadWeights()
    {
        for (const auto& tensor : m_model.graph().initializer()) {
            auto weight = at::empty(Sizes(tensor.dims().begin(), tensor.dims().end()), at::kFloat);
            std::memcpy(weight.data_ptr(), tensor.raw_data().data(), tensor.raw_data().size());
            if (!m_values.emplace(tensor.name(), std::move(weight)).second)
                throw FormatError({placeOf(tensor.name()), "two weights have this name", {}, {}});
        }
    }

    /// Weights may be listed among the inputs, too, as older files do.
    onnx::ValueInfoProto& imagesInput()
    {
        onnx::ValueInfoProto* found = nullptr;
        for (auto& input : *m_model.mutable_graph()->mutable_input()) {
            if (m_values.contains(input.name()))
                continue;
            if (found)
                throw FormatError({m_where, "has more than one input",
                    fmt::format("{} and {}", quote(found->name()), quote(input.name())), "1"});
            found = &input;
        }
        if (!found || !found->type().has_tensor_type()
            || found->type().tensor_type().elem_type() != onnx::TensorProto::FLOAT)
            throw FormatError({m_where, "has no input of type float", {}, {}});
        return *found;
    }

    /// Puts the sizes of the images into the model, so that every shape becomes a number.
    void bindImages()
    {
        auto& input = imagesInput();
        if (m_images.scalar_type() != at::kFloat || !m_images.device().is_cpu())
            throw ValueError({"images", "are of another type",
                fmt::format("{} on {}", at::toString(m_images.scalar_type()), m_images.device().str()),
                "Float on cpu"});
        auto& dims = *input.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim();
        const auto sizes = m_images.sizes().vec();
        bool fits = dims.size() == static_cast<int>(sizes.size()) && countOf(sizes);
        for (int i = 0; fits && i < dims.size(); ++i)
            fits = !dims[i].has_dim_value() || dims[i].dim_value() == sizes[static_cast<std::size_t>(i)];
        if (!fits)
            throw ValueError({"images", "do not fit the model", text(sizes), describe(input)});
        for (int i = 0; i < dims.size(); ++i)
            dims[i].set_dim_value(sizes[static_cast<std::size_t>(i)]);
        m_values.emplace(input.name(), m_images);
    }

    static std::string describe(const onnx::ValueInfoProto& value)
    {
        std::vector<std::string> dims;
        for (const auto& dim : value.type().tensor_type().shape().dim())
            dims.push_back(dim.has_dim_value() ? fmt::format("{}", dim.dim_value()) : "any");
        return fmt::format("[{}]", fmt::join(dims, ", "));
    }

    /// All shapes, before anything is computed: a small file can ask for a value that no memory holds.
    void inferShapes()
    {
        call(
            [&] {
                onnx::shape_inference::InferShapes(m_model, onnx::OpSchemaRegistry::Instance(), {true, 1, false});
            },
            "the shape inference of ONNX refuses it");
        for (const auto& value : m_model.graph().value_info())
            noteShape(value);
        noteShape(m_model.graph().output(0));
    }

    void noteShape(const onnx::ValueInfoProto& value)
    {
        const auto sizes = sizesOf(value);
        if (!sizes || !countOf(*sizes))
            throw FormatError({placeOf(value.name()), "this value has no size or is too large",
                sizes ? text(*sizes) : std::string(), fmt::format("1 to {} numbers", kMostNumbers)});
        m_shapes[value.name()] = *sizes;
    }

    at::Tensor compute()
    {
        const auto& nodes = m_model.graph().node();
        const auto& output = m_model.graph().output(0).name();
        std::unordered_map<std::string, int> lastUse;
        for (int i = 0; i < nodes.size(); ++i)
            for (const auto& input : nodes[i].input())
                lastUse[input] = i;
        lastUse[output] = nodes.size();
        for (int i = 0; i < nodes.size(); ++i) {
            computeNode(nodes[i], placeOf(i));
            for (const auto& input : nodes[i].input())
                if (lastUse[input] == i)
                    m_values.erase(input);
        }
        return valueOf(output, m_where);
    }

    void computeNode(const onnx::NodeProto& node, const std::string& where)
    {
        std::vector<at::Tensor> inputs;
        for (const auto& input : node.input())
            inputs.push_back(valueOf(input, where));
        const auto shape = m_shapes.find(node.output(0));
        if (shape == m_shapes.end())
            throw FormatError({where, "the shape of its output cannot be inferred", {}, {}});
        at::Tensor result;
        call([&] { result = runOnnxNode(node, inputs, where); }, "this node cannot be computed", where);
        if (result.sizes().vec() != shape->second)
            throw FormatError({where, "its output has another shape than was inferred", text(result.sizes().vec()),
                text(shape->second)});
        m_values[node.output(0)] = std::move(result);
    }

    const at::Tensor& valueOf(const std::string& name, const std::string& where) const
    {
        const auto found = m_values.find(name);
        if (found == m_values.end())
            throw FormatError({where, "this value is not there", quote(name), {}});
        return found->second;
    }

    std::string placeOf(const std::string& name) const { return fmt::format("{}: {}", m_where, quote(name)); }
    std::string placeOf(int node) const
    {
        return fmt::format("{}: node {} {}", m_where, node, quote(m_model.graph().node(node).name()));
    }

    /// What the libraries throw becomes one line of ours.
    template <typename F>
    void call(F&& f, const char* problem, const std::string& where) const
    {
        const auto refuse = [&](std::string_view reason) {
            throw FormatError({where, problem, quote(reason.substr(0, reason.find('\n')), 200), {}});
        };
        try {
            f();
        } catch (const Error&) {
            throw;
        } catch (const c10::Error& e) {
            refuse(e.what_without_backtrace());
        } catch (const std::exception& e) {
            refuse(e.what());
        }
    }
    template <typename F>
    void call(F&& f, const char* problem) const
    {
        call(std::forward<F>(f), problem, m_where);
    }

    std::string m_where;
    at::Tensor m_images;
    onnx::ModelProto m_model;
    std::unordered_map<std::string, at::Tensor> m_values; // by name; what nothing reads any more is gone
    std::unordered_map<std::string, Sizes> m_shapes; // of what nodes compute, as the ONNX library infers them
};

} // namespace

at::Tensor runOnnxModel(const std::filesystem::path& path, const at::Tensor& images)
{
    at::NoGradGuard noGradients;
    return OnnxRun(path, images).run();
}

} // namespace paretoscope

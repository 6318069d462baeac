// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ONNX files: what stands in them, what our runner and OpenCV compute from them, and how damaged ones are refused.
#ifdef PARETOSCOPE_OPENCV
#include <opencv2/dnn.hpp>
#endif

#include "fixturenets.h"

#include "base/file.h"
#include "space/sampling.h"

#include <onnx/onnx_pb.h>

#include <map>
#include <set>

using namespace paretoscope;
namespace fs = std::filesystem;
using testing::compareText;
using testing::contains;
using testing::engine;
using testing::fixtureInput;
using testing::fixtureSpace;
using testing::messageOf;
using testing::without;

namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct Net {
    explicit Net(const std::string& name, NetPrecision precision = NetPrecision::Float32)
        : parts(std::make_shared<const Parts>(fixtureSpace(name)))
        , supernet(engine().supernet(parts, testing::fixtureWeights(parts->space()), precision))
    {
    }
    std::unique_ptr<StaticNet> cut(Subnet subnet, int resolution) const
    {
        subnet.resolution = static_cast<std::uint16_t>(resolution);
        return supernet->extract(subnet);
    }
    std::unique_ptr<StaticNet> smallest() const { return cut(parts->space().smallest(), 33); }
    std::shared_ptr<const Parts> parts;
    std::unique_ptr<Supernet> supernet;
};

/// The largest, the smallest and some between, each at another size of images.
std::vector<std::unique_ptr<StaticNet>> someSubnets(const Net& net)
{
    const auto& space = net.parts->space();
    Random random(3);
    std::vector<std::unique_ptr<StaticNet>> nets;
    nets.push_back(net.cut(space.largest(), 96));
    nets.push_back(net.cut(space.smallest(), 33));
    for (const int resolution : {29, 47, 64, 81})
        nets.push_back(net.cut(uniformSubnet(space, random), resolution));
    return nets;
}

Tensor imagesFor(const StaticNet& net, int batch)
{
    const int r = net.subnet().resolution;
    return fixtureInput("onnx", {batch, 3, r, r});
}

void eachNet()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::newRow(net) << net;
}

onnx::ModelProto parsed(const fs::path& path)
{
    onnx::ModelProto model;
    const auto bytes = readFile(path);
    if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        throw FormatError({path.string(), "does not parse", {}, {}});
    return model;
}

onnx::NodeProto& nodeOf(onnx::ModelProto& model, const std::string& type)
{
    for (auto& node : *model.mutable_graph()->mutable_node())
        if (node.op_type() == type)
            return node;
    throw ValueError({{}, "no such node", type, {}});
}

onnx::AttributeProto& attributeOf(onnx::NodeProto& node, const std::string& name)
{
    for (auto& attribute : *node.mutable_attribute())
        if (attribute.name() == name)
            return attribute;
    throw ValueError({{}, "no such attribute", name, {}});
}

#ifdef PARETOSCOPE_OPENCV
std::vector<double> byOpenCv(const fs::path& path, const Tensor& images)
{
    auto net = cv::dnn::readNetFromONNX(path.string());
    auto pixels = images.toFloats();
    const std::vector<int> sizes(images.shape().begin(), images.shape().end());
    net.setInput(cv::Mat(sizes, CV_32F, pixels.data()));
    const cv::Mat logits = net.forward();
    return {logits.begin<float>(), logits.end<float>()};
}
#endif

} // namespace

class TestOnnx : public QObject {
    Q_OBJECT
private slots:
    void equalsTheNet_data() { eachNet(); }
    void equalsTheNet();
    void equalsTheNetInOpenCv_data() { eachNet(); }
    void equalsTheNetInOpenCv();
    void describesItself();
    void holdsTheWeights_data() { eachNet(); }
    void holdsTheWeights();
    void namesAreUnique_data() { eachNet(); }
    void namesAreUnique();
    void isWrittenTheSameAgain();
    void refusesToWrite();
    void refusesOtherImages();
    void refusesWhatItDoesNotKnow();
    void refusesBadNumbers();
    void refusesBadWeights();
    void refusesBadGraphs();
    void refusesWhatNoMemoryHolds();
    void refusesCutFiles();
    void survivesDamage();

private:
    fs::path path() const { return fs::path(m_folder.path().toStdString()) / "net.onnx"; }
    /// A small net whose file `change` has changed; what running it says, without the folder.
    template <typename F>
    std::string afterChange(const std::string& net, F&& change)
    {
        const Net n(net);
        const auto small = n.smallest();
        engine().writeOnnx(*small, path(), {});
        auto model = parsed(path());
        change(model);
        writeFileAtomically(path(), model.SerializeAsString());
        return messageOfRun(imagesFor(*small, 1));
    }
    std::string messageOfRun(const Tensor& images) const
    {
        return without(messageOf([&] { engine().runOnnx(path(), images); }), m_folder.path().toStdString() + "/");
    }

    QTemporaryDir m_folder;
};

void TestOnnx::equalsTheNet()
{
    QFETCH(QString, net);
    const Net n(net.toStdString());
    for (const auto& subnet : someSubnets(n)) {
        engine().writeOnnx(*subnet, path(), {});
        for (const int batch : {1, 3}) {
            const auto images = imagesFor(*subnet, batch);
            QVERIFY_CLOSE(engine().runOnnx(path(), images).toDoubles(), subnet->forward(images).toDoubles(), 1e-5);
        }
    }
}

void TestOnnx::equalsTheNetInOpenCv()
{
#ifdef PARETOSCOPE_OPENCV
    QFETCH(QString, net);
    const Net n(net.toStdString());
    // OpenCV 4.6 multiplies a map by one number a channel for a single image only, so squeeze-and-excite stops there.
    const int most = net.startsWith("tiny_mbv3") ? 1 : 3;
    for (const auto& subnet : someSubnets(n)) {
        engine().writeOnnx(*subnet, path(), {{"input.mean", "0.5"}});
        for (int batch = 1; batch <= most; batch += 2) {
            const auto images = imagesFor(*subnet, batch);
            QVERIFY_CLOSE(byOpenCv(path(), images), subnet->forward(images).toDoubles(), 1e-4);
        }
    }
#else
    QSKIP("OpenCV's headers are absent (libopencv-dnn-dev): no runtime but ours has read the ONNX files");
#endif
}

void TestOnnx::describesItself()
{
    const Net n("tiny_mbv3");
    const auto net = n.cut(n.parts->space().largest(), 47);
    engine().writeOnnx(*net, path(), {{"input.mean", "0.485 0.456 0.406"}, {"classes", "Katze\nHund é"}});
    const auto model = parsed(path());
    QCOMPARE(model.ir_version(), 5);
    QCOMPARE(model.opset_import_size(), 1);
    QCOMPARE(model.opset_import(0).version(), 10);
    compareText(model.producer_name(), "Paretoscope");
    QVERIFY(!model.producer_version().empty());
    compareText(model.doc_string(), "A subnet of OFA-MobileNetV3, width 0.35 (tiny_mbv3) for images of 47 x 47 pixels");
    QCOMPARE(model.metadata_props_size(), 2);
    compareText(model.metadata_props(0).key(), "input.mean");
    compareText(model.metadata_props(0).value(), "0.485 0.456 0.406");
    compareText(model.metadata_props(1).value(), "Katze\nHund é");

    const auto& graph = model.graph();
    QCOMPARE(graph.input_size(), 1);
    compareText(graph.input(0).name(), "images");
    const auto& in = graph.input(0).type().tensor_type();
    QCOMPARE(in.elem_type(), int(onnx::TensorProto::FLOAT));
    compareText(in.shape().dim(0).dim_param(), "batch");
    for (const auto& [i, size] : std::map<int, int>{{1, 3}, {2, 47}, {3, 47}})
        QCOMPARE(in.shape().dim(i).dim_value(), size);
    compareText(graph.output(0).name(), "logits");
    const auto& out = graph.output(0).type().tensor_type();
    compareText(out.shape().dim(0).dim_param(), "batch");
    QCOMPARE(out.shape().dim(1).dim_value(), 10);
}

void TestOnnx::holdsTheWeights()
{
    QFETCH(QString, net);
    const Net n(net.toStdString());
    const auto small = n.smallest();
    engine().writeOnnx(*small, path(), {});
    const auto model = parsed(path());
    const auto weights = small->weights();
    int i = 0;
    for (const auto& [name, tensor] : weights.tensors()) {
        if (tensor.dtype() == DType::I64)
            continue;
        const auto& written = model.graph().initializer(i++);
        compareText(written.name(), name);
        QVERIFY(Shape(written.dims().begin(), written.dims().end()) == tensor.shape());
        QVERIFY(asText(tensor.contiguousBytes()) == written.raw_data());
    }
    QCOMPARE(model.graph().initializer_size(), i);
}

void TestOnnx::namesAreUnique()
{
    QFETCH(QString, net);
    const Net n(net.toStdString());
    engine().writeOnnx(*n.cut(n.parts->space().largest(), 64), path(), {});
    const auto model = parsed(path());
    std::set<std::string> names;
    for (const auto& node : model.graph().node()) {
        QVERIFY2(names.insert(node.name()).second, node.name().c_str());
        compareText(node.output(0), node.name() == "classifier.linear" ? "logits" : node.name());
    }
    QVERIFY(
        names.contains(net == "tiny_resnet" ? "blocks.1.conv3.bn.add.relu" : "blocks.1.conv.inverted_bottleneck.conv"));
}

void TestOnnx::isWrittenTheSameAgain()
{
    const Net n("tiny_proxyless");
    engine().writeOnnx(*n.smallest(), path(), {{"a", "b"}});
    const auto before = readFile(path());
    engine().writeOnnx(*n.smallest(), path(), {{"a", "b"}});
    QVERIFY(readFile(path()) == before);
}

void TestOnnx::refusesToWrite()
{
    const Net n("tiny_mbv3_b");
    const auto net = n.smallest();
    const auto message = [&](const Metadata& metadata) {
        return messageOf([&] { engine().writeOnnx(*net, path(), metadata); });
    };
    compareText(message({{"mean", "1"}, {"mean", "2"}}), "metadata: this key stands there twice: found \"mean\"");
    compareText(message({{"mean", "\xff"}}), "metadata: this is no valid UTF-8: found \"mean\" = \"\\xff\"");
    const Net twice("tiny_mbv3_b", NetPrecision::Float64);
    compareText(messageOf([&] { engine().writeOnnx(*twice.smallest(), path(), {}); }),
        "first_conv.conv.weight: ONNX files are written of nets in single precision: found float64; allowed float32");
    const auto nowhere = path().parent_path() / "absent" / "net.onnx";
    QVERIFY_THROWS_EXCEPTION(IoError, engine().writeOnnx(*net, nowhere, {}));
}

void TestOnnx::refusesOtherImages()
{
    const Net n("tiny_mbv3_b");
    engine().writeOnnx(*n.smallest(), path(), {});
    const auto message = [&](const Shape& shape) { return messageOfRun(fixtureInput("x", shape)); };
    compareText(
        message({1, 3, 32, 33}), "images: do not fit the model: found [1, 3, 32, 33]; allowed [any, 3, 33, 33]");
    compareText(
        message({1, 1, 33, 33}), "images: do not fit the model: found [1, 1, 33, 33]; allowed [any, 3, 33, 33]");
    compareText(message({3, 33, 33}), "images: do not fit the model: found [3, 33, 33]; allowed [any, 3, 33, 33]");
    compareText(
        message({0, 3, 33, 33}), "images: do not fit the model: found [0, 3, 33, 33]; allowed [any, 3, 33, 33]");
    compareText(messageOfRun(Tensor::fromDoubles({1}, {1})),
        "images: are of another type: found Double on cpu; allowed Float on cpu");
    compareText(without(messageOf([&] { engine().runOnnx(path().parent_path() / "absent", fixtureInput("x", {1})); }),
                    m_folder.path().toStdString()),
        "/absent: cannot be opened: found No such file or directory");
}

void TestOnnx::refusesWhatItDoesNotKnow()
{
    const auto mbv3 = [&](auto&& change) { return afterChange("tiny_mbv3_b", change); };
    compareText(mbv3([](auto& m) { nodeOf(m, "Conv").set_op_type("ConvTranspose"); }),
        "net.onnx: node 0 \"first_conv.conv\": this operator is not known here: found \"ConvTranspose\"; allowed Conv, "
        "BatchNormalization, Relu, "
        "Clip, HardSigmoid, Mul, Add, AveragePool, MaxPool, GlobalAveragePool, Flatten, Gemm");
    QVERIFY(contains(mbv3([](auto& m) { nodeOf(m, "Conv").set_domain("ai.other"); }),
        "this operator is not known here: found \"ai.other.Conv\""));
    compareText(mbv3([](auto& m) {
        auto& attribute = *nodeOf(m, "Conv").add_attribute();
        attribute.set_name("auto_pad");
        attribute.set_type(onnx::AttributeProto::STRING);
        attribute.set_s("SAME_UPPER");
    }),
        "net.onnx: node 0 \"first_conv.conv\": this attribute of Conv is not known here: found \"auto_pad\"");
    compareText(mbv3([](auto& m) { m.mutable_opset_import(0)->set_version(13); }),
        "net.onnx: this opset is not known here: found 13; allowed 10");
    compareText(mbv3([](auto& m) { m.add_opset_import()->set_domain("ai.other"); }),
        "net.onnx: imports other operators than those of ONNX itself");
    compareText(mbv3([](auto& m) { m.add_functions()->set_name("f"); }),
        "net.onnx: functions and sparse weights are not known here");
    compareText(mbv3([](auto& m) { nodeOf(m, "BatchNormalization").add_output("mean"); }),
        "net.onnx: node 1 \"first_conv.bn\": BatchNormalization with so many outputs is not known here: found 2; "
        "allowed 1");
    compareText(mbv3([](auto& m) { nodeOf(m, "Mul").add_input("images"); }),
        "net.onnx: node 3 \"first_conv.bn.h_swish\": Mul with so many inputs is not known here: found 3; allowed 2");
}

void TestOnnx::refusesBadNumbers()
{
    const auto resnet = [&](auto&& change) { return afterChange("tiny_resnet", change); };
    compareText(resnet([](auto& m) { attributeOf(nodeOf(m, "Conv"), "strides").set_ints(1, 0); }),
        "net.onnx: node 0 \"input_stem.0.conv\": strides is out of range: found 0; allowed 1 to 65535");
    compareText(resnet([](auto& m) { attributeOf(nodeOf(m, "Conv"), "pads").set_ints(1, -1); }),
        "net.onnx: node 0 \"input_stem.0.conv\": pads is out of range: found -1; allowed 0 to 65535");
    compareText(resnet([](auto& m) { attributeOf(nodeOf(m, "Conv"), "group").set_i(std::int64_t(1) << 40); }),
        "net.onnx: node 0 \"input_stem.0.conv\": group is out of range: found 1099511627776; allowed 1 to 65535");
    compareText(resnet([](auto& m) { attributeOf(nodeOf(m, "Conv"), "pads").add_ints(1); }),
        "net.onnx: node 0 \"input_stem.0.conv\": pads is no list of 4 integers");
    compareText(resnet([](auto& m) { attributeOf(nodeOf(m, "Conv"), "pads").set_ints(0, 2); }),
        "net.onnx: node 0 \"input_stem.0.conv\": pads that differ between the two sides are not known here: found 2 1 "
        "1 1");
    compareText(resnet([](auto& m) {
        attributeOf(nodeOf(m, "Conv"), "pads").set_ints(0, 0);
        attributeOf(nodeOf(m, "Conv"), "pads").set_ints(2, 0);
        attributeOf(nodeOf(m, "Conv"), "kernel_shape").set_ints(0, 1);
    }),
        "net.onnx: node 0 \"input_stem.0.conv\": kernel_shape is not that of the weights: found 1 3; allowed 3 3");
    compareText(resnet([](auto& m) { nodeOf(m, "MaxPool").mutable_attribute()->DeleteSubrange(0, 1); }),
        "net.onnx: node 6 \"max_pooling\": MaxPool has no kernel_shape");
    compareText(resnet([](auto& m) { attributeOf(nodeOf(m, "AveragePool"), "count_include_pad").set_i(1); }),
        "net.onnx: node 37 \"blocks.1.conv3.bn.add.relu.average_pool\": count_include_pad is out of range: found 1; "
        "allowed 0");
}

void TestOnnx::refusesBadWeights()
{
    const auto first = [&](auto&& change) {
        return afterChange("tiny_mbv3_b", [&](auto& m) { change(*m.mutable_graph()->mutable_initializer(0)); });
    };
    compareText(first([](auto& t) { t.set_dims(0, t.dims(0) + 1); }),
        "net.onnx: \"first_conv.conv.weight\": the bytes of this weight are not those of its shape: found 864 bytes; "
        "allowed [9, 3, 3, 3] float");
    compareText(first([](auto& t) { t.set_dims(0, std::int64_t(1) << 62); }),
        "net.onnx: \"first_conv.conv.weight\": the bytes of this weight are not those of its shape: found 864 bytes; "
        "allowed [4611686018427387904, 3, 3, 3] float");
    compareText(first([](auto& t) {
        t.set_dims(0, 0);
        t.clear_raw_data();
        t.set_raw_data("");
    }),
        "net.onnx: \"first_conv.conv.weight\": the bytes of this weight are not those of its shape: found 0 bytes; "
        "allowed [0, 3, 3, 3] float");
    compareText(first([](auto& t) { t.set_data_type(onnx::TensorProto::INT32); }),
        "net.onnx: \"first_conv.conv.weight\": weights of this type are not known here: found 6; allowed 1 (float)");
    compareText(first([](auto& t) {
        t.set_data_location(onnx::TensorProto::EXTERNAL);
        auto& entry = *t.add_external_data();
        entry.set_key("location");
        entry.set_value("../../secret");
    }),
        "net.onnx: \"first_conv.conv.weight\": weights that do not stand in the file as raw bytes are not known here");
}

void TestOnnx::refusesBadGraphs()
{
    const auto mbv3 = [&](auto&& change) { return afterChange("tiny_mbv3_b", change); };
    const auto absent = mbv3([](auto& m) { nodeOf(m, "Conv").set_input(1, "absent"); });
    QVERIFY2(absent.starts_with("net.onnx: the checker of ONNX refuses it: found \""), absent.c_str());
    const auto twice = mbv3([](auto& m) { *m.mutable_graph()->add_initializer() = m.graph().initializer(0); });
    QVERIFY2(contains(twice, "first_conv.conv.weight"), twice.c_str());
    const auto shape = mbv3([](auto& m) { nodeOf(m, "BatchNormalization").set_input(0, "images"); });
    QVERIFY2(shape.starts_with("net.onnx: "), shape.c_str());
    compareText(mbv3([](auto& m) { *m.mutable_graph()->add_output() = m.graph().output(0); }),
        "net.onnx: has another number of outputs: found 2; allowed 1");
    compareText(mbv3([](auto& m) {
        m.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
            onnx::TensorProto::DOUBLE);
    }),
        "net.onnx: has no input of type float");
    compareText(mbv3([](auto& m) {
        auto& input = *m.mutable_graph()->add_input();
        input = m.graph().input(0);
        input.set_name("other");
    }),
        "net.onnx: has more than one input: found \"images\" and \"other\"; allowed 1");
    const auto logits = mbv3([](auto& m) {
        m.mutable_graph()
            ->mutable_output(0)
            ->mutable_type()
            ->mutable_tensor_type()
            ->mutable_shape()
            ->mutable_dim(1)
            ->set_dim_value(8);
    });
    QVERIFY2(logits.starts_with("net.onnx: the shape inference of ONNX refuses it: found \""), logits.c_str());
}

void TestOnnx::refusesWhatNoMemoryHolds()
{
    // A map of 65552 x 65552 out of a file of some kilobytes.
    const auto message = afterChange("tiny_proxyless", [](auto& m) {
        for (auto& pad : *attributeOf(nodeOf(m, "Conv"), "pads").mutable_ints())
            pad = 65535;
    });
    QVERIFY2(contains(message, "this value has no size or is too large"), message.c_str());
    QVERIFY2(contains(message, "allowed 1 to 536870912 numbers"), message.c_str());
}

void TestOnnx::refusesCutFiles()
{
    const Net n("tiny_mbv3_b");
    const auto net = n.smallest();
    engine().writeOnnx(*net, path(), {});
    const auto whole = readFile(path());
    const auto images = imagesFor(*net, 1);
    for (std::size_t i = 0; i < 120; ++i) {
        // All cuts near both ends, and some between.
        const auto size = i < 40 ? i : i < 80 ? whole.size() - 1 - (i - 40) : whole.size() / 40 * (i - 80);
        writeFileAtomically(path(), ByteView(whole).first(size));
        const auto message = messageOfRun(images);
        QVERIFY2(message.starts_with("net.onnx: ") && !contains(message, "\n"), message.c_str());
    }
}

void TestOnnx::survivesDamage()
{
    const Net n("tiny_mbv3_b");
    const auto net = n.smallest();
    engine().writeOnnx(*net, path(), {{"a", "b"}});
    const auto whole = readFile(path());
    // The nodes come first: what damages only weights says nothing about the reader.
    const auto nodes = static_cast<std::uint64_t>(asText(whole).find("tiny_mbv3_b", 200));
    const auto images = imagesFor(*net, 1);
    Random random(11);
    int refused = 0;
    for (int i = 0; i < 400; ++i) {
        auto damaged = whole;
        for (std::uint64_t flips = 1 + random.below(3); flips > 0; --flips)
            damaged[static_cast<std::size_t>(random.below(nodes))] = static_cast<std::byte>(random.below(256));
        writeFileAtomically(path(), damaged);
        const auto message = messageOfRun(images);
        QVERIFY2(!contains(message, "\n")
                && (message == "no error" || message.starts_with("net.onnx: ") || message.starts_with("images: ")),
            message.c_str());
        refused += message != "no error";
    }
    QVERIFY(refused > 200);
}

QTEST_GUILESS_MAIN(TestOnnx)
#include "tst_onnx.moc"

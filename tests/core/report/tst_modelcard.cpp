// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "commalocale.h"
#include "support.h"

#include "report/modelcard.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::messageOf;

namespace {

/// Of the smallest subnet of the small space, with every kind of figure: with and without a band, absent, measured.
ModelCard smallCard()
{
    const Parts parts(builtInSpace("fashion-mbv3"));
    const auto subnet = parts.space().smallest();
    const auto account = paretoscope::account(parts, subnet);
    ModelCard c;
    c.title = "Small *supernet* | smallest";
    c.program = "Paretoscope 9.9.9";
    c.spaceId = parts.space().id;
    c.spaceTitle = parts.space().title;
    c.subnet = toJson(parts.space(), subnet);
    c.inputChannels = parts.space().inputChannels;
    c.resolution = subnet.resolution;
    c.classes = parts.space().classes;
    c.preprocessing = Preprocessing{1, {0.286}, {0.353}, 0};
    c.layers = cardLayers(account);
    c.account = account.total;
    c.predictedTop1Percent.estimate = {88.25, 87.5, 89.0, Kind::Predicted, "a predictor; 90 % band"};
    c.correctedTop1Percent.reason = "the predictor has no figure of selection optimism";
    c.measured = CardMeasurement{accuracyEstimate(9, 10, "counted"), accuracyEstimate(10, 10, "counted"), 10, "IDX, fashion", "test", {{"T-shirt/top", 6, 6}, {"Bag_1", 4, 3}, {"none", 0, 0}}};
    c.recalibrationImages = 2000;
    CardDevice phone{"phone", "A phone", 1, {}, {}, {}, {"its width was not measured"}};
    phone.latencyMs.estimate = {0.5, {}, {}, Kind::Table, "a table"};
    phone.energyJ.estimate = {0.00125, 0.0005, 0.0031, Kind::Model, "a model of energy"};
    phone.co2eGPerMillion.reason = "the grid is not known";
    CardDevice board{"board", "A board", 64, {{}, "no table"}, phone.energyJ, {}, {}};
    board.co2eGPerMillion.estimate = {0.5, 0.2, 1.2, Kind::Model, "a model of energy; grid: a yearbook"};
    c.devices = {phone, board};
    c.gPerKwh = {481, 481, 481, Kind::Citation, "a yearbook"};
    c.assumptions = {"85 % of the electricity of the socket reach the battery."};
    c.training = TrainingRecord{"Progressive shrinking", "this project", Estimate{1.5, 1.2, 1.9, Kind::Counter, "RAPL"}, {}};
    c.files = {{"subnet.ts.pt", 123456, "00", 1.2e-7, "reloaded"}, {"init", 99000, "01", 0.0, "reloaded"}, {"net.config", 2000, "02", {}, "read back"},
        {"subnet.safetensors", 98000, "03", 0.0, "reloaded"}, {"subnet.onnx", 97000, "04", 3.4e-6, "checked"}};
    c.warnings = {"resolution 16 is small"};
    c.bundle = "b: A bundle";
    c.weightsSource = "weights.pth (SHA-256 abc)";
    c.engine = "LibTorch 1.13.0 on cpu";
    c.licences = {{"weights", "MIT", "its README"}};
    c.notes = {"A note."};
    return c;
}

std::string section(const std::string& text, const std::string& title)
{
    const auto begin = text.find("\n## " + title + "\n");
    return begin == std::string::npos ? "no such section" : text.substr(begin + 1, text.find("\n\n## ", begin + 1) - begin);
}

} // namespace

class TestModelCard : public QObject {
    Q_OBJECT
private slots:
    void asMarkdown();
    void asJson();
    void whatIsNotKnownIsSaid();
    void layersAddUp_data();
    void layersAddUp();
    void digitsFollowTheBand_data();
    void digitsFollowTheBand();
    void figuresRoundTrip();
    void foreignTextMakesNoMarkup();
    void localeMakesNoDifference();
};

void TestModelCard::asMarkdown()
{
    compareText(modelCardMarkdown(smallCard()),
        "# Small \\*supernet\\* \\| smallest\n"
        "\n"
        "A convolutional net that tells 10 classes of images apart, cut out of the once-for-all supernet fashion-mbv3 (Small MobileNetV3 for 28x28 grey images). Written by Paretoscope 9.9.9.\n"
        "\n"
        "| quantity | value | how |\n"
        "| --- | ---: | --- |\n"
        "| work of an image | 370,048 MACs | counted: multiply-accumulates of convolutions and linear layers |\n"
        "| parameters | 114,706 parameters | counted: all that is trained, batch norm included |\n"
        "| weights | 458,824 bytes | counted: float32 |\n"
        "| peak activation | 24,576 bytes | counted: float32, one image; the largest input, output and held shortcut of a layer |\n"
        "\n"
        "## Warnings\n"
        "\n"
        "- resolution 16 is small\n"
        "\n"
        "## Architecture\n"
        "\n"
        "Subnet `{\"ks\":[3,0,0,3,0,0,3,0,0],\"e\":[2,0,0,2,0,0,2,0,0],\"d\":[1,1,1],\"r\":[16]}`\n"
        "\n"
        "| layers | blocks | kernel | expansion | channels | stride | resolution (pixels) | MACs | parameters |\n"
        "| --- | ---: | --- | --- | ---: | ---: | --- | ---: | ---: |\n"
        "| first\\_conv | 1 | 3 | – | 8 | 1 | 16 → 16 | 18,432 | 88 |\n"
        "| blocks.0 | 1 | 3 | – | 8 | 1 | 16 → 16 | 34,816 | 168 |\n"
        "| stage 1 | 1 | 3 | 2 | 16 | 2 | 16 → 8 | 58,368 | 624 |\n"
        "| stage 2 | 1 | 3 | 2 | 32 | 2 | 8 → 4 | 54,272 | 2,568 |\n"
        "| stage 3 | 1 | 3 | 2 | 64 | 2 | 4 → 2 | 53,504 | 9,232 |\n"
        "| final\\_expand\\_layer | 1 | 1 | – | 256 | 1 | 2 → 2 | 65,536 | 16,896 |\n"
        "| global\\_avg\\_pool | 1 | – | – | 256 | 1 | 2 → 1 | 0 | 0 |\n"
        "| feature\\_mix\\_layer | 1 | 1 | – | 320 | 1 | 1 → 1 | 81,920 | 81,920 |\n"
        "| classifier | 1 | – | – | 10 | 1 | 1 → 1 | 3,200 | 3,210 |\n"
        "\n"
        "## Accuracy\n"
        "\n"
        "| figure | value and kind | how |\n"
        "| --- | --- | --- |\n"
        "| top-1, predicted | 88.25 (87.50 to 89.00) %, predicted | a predictor; 90 % band |\n"
        "| top-1, predicted, if a search chose this subnet | unknown | the predictor has no figure of selection optimism |\n"
        "| top-1, measured | 90 (65 to 98) %, measured | counted; band: 90 % Wilson score interval of the sampling error of 10 images |\n"
        "| top-5, measured | 100 (79 to 100) %, measured | counted; band: 90 % Wilson score interval of the sampling error of 10 images |\n"
        "\n"
        "Measured on 10 test images of IDX, fashion, after recalibration of batch norm on 2,000 training images.\n"
        "\n"
        "By class, measured (the band is the 90 % Wilson score interval of the sampling error):\n"
        "\n"
        "| class | images | right | top-1 |\n"
        "| --- | ---: | ---: | --- |\n"
        "| T-shirt/top | 6 | 6 | 100 (69 to 100) % |\n"
        "| Bag\\_1 | 4 | 3 | 75 (36 to 94) % |\n"
        "| none | 0 | 0 | unknown: no image |\n"
        "\n"
        "## Latency, energy and emissions of use\n"
        "\n"
        "| device | latency | energy of an inference | emissions of a million inferences |\n"
        "| --- | --- | --- | --- |\n"
        "| A phone | 0.500 ms (no error known), table | 1.2 (0.50 to 3.1) mJ, model | unknown |\n"
        "| A board | unknown | 1.2 (0.50 to 3.1) mJ, model | 0.50 (0.20 to 1.2) g CO2e, model |\n"
        "\n"
        "A phone:\n"
        "\n"
        "- latency: a table\n"
        "- energy: a model of energy\n"
        "- emissions: the grid is not known\n"
        "- warning: its width was not measured\n"
        "\n"
        "A board:\n"
        "\n"
        "- latency: no table\n"
        "- energy: a model of energy\n"
        "- emissions: from the energy; grid: a yearbook\n"
        "\n"
        "## Carbon\n"
        "\n"
        "- Electricity of use: 481 g CO2e/kWh, citation (a yearbook)\n"
        "- 85 % of the electricity of the socket reach the battery.\n"
        "- Energy of training the supernet: 1.50 (1.20 to 1.90) kWh, counter (RAPL)\n"
        "- Emissions of training the supernet, shared by all nets that are cut out of it: not stated by the source\n"
        "- Training: Progressive shrinking (this project)\n"
        "\n"
        "## Files\n"
        "\n"
        "| file | bytes | largest difference of a logit, reloaded | check |\n"
        "| --- | ---: | ---: | --- |\n"
        "| subnet.ts.pt | 123,456 | 1.2e-07 | reloaded |\n"
        "| init | 99,000 | 0 | reloaded |\n"
        "| net.config | 2,000 | – | read back |\n"
        "| subnet.safetensors | 98,000 | 0 | reloaded |\n"
        "| subnet.onnx | 97,000 | 3.4e-06 | checked |\n"
        "\n"
        "subnet.ts.pt:\n"
        "\n"
        "```python\n"
        "import torch\n"
        "net = torch.jit.load(\"subnet.ts.pt\").eval()\n"
        "images = torch.zeros(1, 1, 16, 16)  # prepared as below\n"
        "logits = net(images)\n"
        "```\n"
        "\n"
        "init:\n"
        "\n"
        "```python\n"
        "import json, torch  # the package ofa of once-for-all builds the layers\n"
        "from ofa.imagenet_classification.networks import get_net_by_name\n"
        "config = json.load(open(\"net.config\"))\n"
        "net = get_net_by_name(config[\"name\"]).build_from_config(config)\n"
        "net.load_state_dict(torch.load(\"init\", map_location=\"cpu\")[\"state_dict\"])\n"
        "net.eval()\n"
        "```\n"
        "\n"
        "subnet.safetensors:\n"
        "\n"
        "```python\n"
        "from safetensors import safe_open\n"
        "with safe_open(\"subnet.safetensors\", framework=\"pt\") as f:\n"
        "    weights = {name: f.get_tensor(name) for name in f.keys()}  # as in init\n"
        "    facts = f.metadata()  # space, subnet, resolution, mean, std\n"
        "```\n"
        "\n"
        "subnet.onnx:\n"
        "\n"
        "```python\n"
        "import numpy, onnxruntime\n"
        "session = onnxruntime.InferenceSession(\"subnet.onnx\", providers=[\"CPUExecutionProvider\"])\n"
        "images = numpy.zeros((1, 1, 16, 16), numpy.float32)  # prepared as below\n"
        "logits = session.run(None, {session.get_inputs()[0].name: images})[0]\n"
        "```\n"
        "\n"
        "## Expected input\n"
        "\n"
        "- float32, images × channels × height × width: N × 1 × 16 × 16; channels: grey.\n"
        "- The image is resized to 16 × 16 pixels, bilinear with antialias.\n"
        "- Samples of 0 to 255 are divided by 255; then, by channel, the mean (0.286) is taken off and the rest divided by the standard deviation (0.353).\n"
        "- The output is 10 logits an image; softmax makes probabilities of them.\n"
        "\n"
        "## Provenance and licences\n"
        "\n"
        "- Bundle: b: A bundle\n"
        "- Weights: weights.pth (SHA-256 abc)\n"
        "- Batch norm: recalibrated on 2,000 training images\n"
        "- Engine: LibTorch 1.13.0 on cpu\n"
        "- Licence of weights: MIT (its README)\n"
        "- A note.\n"
        "- Checksums of all files: provenance.json\n");
}

void TestModelCard::asJson()
{
    const auto j = parseJson(printJson(toJson(smallCard())), "card");
    QStringList keys;
    for (const auto& [key, value] : j.items())
        keys += QString::fromStdString(key);
    compareText(keys.join(' ').toStdString(),
        "schema title space subnet classes macs params weightBytes peakActivationBytes layers accuracy devices carbon input loading files warnings provenance");
    compareText(j["schema"], "paretoscope.modelcard/1");
    QCOMPARE(j["params"].get<int>(), 114706);
    QCOMPARE(j["layers"].size(), std::size_t(9));
    compareText(j["layers"][2].dump(),
        R"({"name":"stage 1","blocks":1,"kernels":[3],"expansions":[2],"channels":16,"stride":2,"inputSize":16,"outputSize":8,"macs":58368,"params":624})");
    compareText(j["accuracy"]["predicted"]["top1Percent"].dump(), R"({"value":88.25,"low":87.5,"high":89.0,"kind":"predicted","source":"a predictor; 90 % band"})");
    compareText(j["accuracy"]["predicted"]["top1CorrectedPercent"].dump(),
        R"({"value":null,"low":null,"high":null,"kind":null,"source":null,"reason":"the predictor has no figure of selection optimism"})");
    QCOMPARE(j["accuracy"]["recalibrationImages"].get<int>(), 2000);
    const auto& measured = j["accuracy"]["measured"];
    QCOMPARE(measured["images"].get<int>(), 10);
    compareText(measured["split"], "test");
    QCOMPARE(measured["classes"][1]["top1Percent"]["value"].get<double>(), 75.0);
    compareText(measured["classes"][2]["top1Percent"]["reason"], "no image of this class was evaluated");
    compareText(j["devices"][0]["device"], "phone");
    compareText(j["devices"][0]["warnings"][0], "its width was not measured");
    QCOMPARE(j["devices"][1]["batch"].get<int>(), 64);
    QVERIFY(j["devices"][0]["figures"]["latencyMs"]["low"].is_null());
    compareText(j["devices"][0]["figures"]["co2eGPerMillion"]["reason"], "the grid is not known");
    compareText(j["carbon"]["supernetTraining"]["co2eKg"]["reason"], "not stated by the source");
    compareText(j["carbon"]["supernetTraining"]["energyKwh"]["kind"], "counter");
    compareText(j["input"]["shape"].dump(), "[null,1,16,16]");
    QCOMPARE(j["loading"].size(), std::size_t(4));
    QCOMPARE(j["files"].size(), std::size_t(5));
    QVERIFY(j["files"][2]["maxAbsDifference"].is_null());
    compareText(j["provenance"]["licences"][0]["licence"], "MIT");
}

void TestModelCard::whatIsNotKnownIsSaid()
{
    auto c = smallCard();
    c.measured.reset();
    c.recalibrationImages = 0;
    c.devices.clear();
    c.training.reset();
    c.preprocessing.reset();
    c.licences.clear();
    c.warnings.clear();
    c.bundle.clear();
    const auto text = modelCardMarkdown(c);
    QVERIFY(contains(section(text, "Accuracy"), "Not measured: no data was given."));
    QVERIFY(contains(text, "No device was named, and the bundle holds none."));
    QVERIFY(contains(text, "- Energy of training the supernet: not stated by the source\n"));
    QVERIFY(contains(text, "- How images are cropped and normalised is not known: the source of the weights does not state it."));
    QVERIFY(contains(text, "- Licences: not stated by the source of the weights"));
    QVERIFY(contains(text, "- Batch norm: as cut out of the supernet, not recalibrated"));
    compareText(section(text, "Warnings"), "no such section");
    c.files.clear();
    compareText(section(modelCardMarkdown(c), "Files"), "## Files\n\nNone was written beside this card.\n");
    const auto j = toJson(c);
    QVERIFY(j["accuracy"]["measured"].is_null() && j["input"]["mean"].is_null() && j["provenance"]["bundle"].is_null());
    compareText(j["carbon"]["supernetTraining"]["energyKwh"]["reason"], "not stated by the source");

    c.preprocessing = Preprocessing::imageNet();
    c.resolution = 192;
    QVERIFY(contains(modelCardMarkdown(c), "The shorter side is resized to 220 pixels, bilinear with antialias; the 192 × 192 pixels in the middle are taken."));
}

void TestModelCard::layersAddUp_data()
{
    QTest::addColumn<QString>("space");
    QTest::addColumn<QString>("names");
    QTest::newRow("mbv3") << "ofa-mbv3-w1.0" << "first_conv 1, blocks.0 1, stage 1 4, stage 2 4, stage 3 4, stage 4 4, stage 5 4, final_expand_layer 1, global_avg_pool 1, feature_mix_layer 1, classifier 1";
    QTest::newRow("proxyless") << "ofa-proxyless-w1.3"
                               << "first_conv 1, blocks.0 1, stage 1 4, stage 2 4, stage 3 4, stage 4 4, stage 5 4, stage 6 1, feature_mix_layer 1, global_avg_pool 1, classifier 1";
    QTest::newRow("resnet") << "ofa-resnet50" << "input_stem.0 1, input_stem.1 1, input_stem.2 1, max_pooling 1, stage 1 4, stage 2 4, stage 3 6, stage 4 4, global_avg_pool 1, classifier 1";
}

void TestModelCard::layersAddUp()
{
    QFETCH(QString, space);
    QFETCH(QString, names);
    const Parts parts(builtInSpace(space.toStdString()));
    const auto account = paretoscope::account(parts, parts.space().largest());
    const auto layers = cardLayers(account);
    std::string text;
    std::uint64_t macs = 0, params = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        text += (i ? ", " : "") + layers[i].name + " " + std::to_string(layers[i].blocks);
        macs += layers[i].macs;
        params += layers[i].params;
        QCOMPARE(layers[i].inputSize, i ? layers[i - 1].outputSize : static_cast<int>(parts.space().largest().resolution));
    }
    compareText(text, names.toStdString());
    QCOMPARE(macs, account.total.macs);
    QCOMPARE(params, account.total.params);
}

void TestModelCard::digitsFollowTheBand_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<QString>("text");
    QTest::newRow("narrow") << 76.1234 << 75.80 << 76.44 << "76.12 (75.80 to 76.44) ms";
    QTest::newRow("over a power of ten") << 96.0 << 86.0 << 106.0 << "96 (86 to 106) ms";
    QTest::newRow("large") << 12345.0 << 11745.0 << 12945.0 << "12345 (11745 to 12945) ms";
    QTest::newRow("wide") << 0.0123 << 0.0041 << 0.037 << "0.012 (0.0041 to 0.037) ms";
    QTest::newRow("nothing") << 0.0 << 0.0 << 21.29 << "0 (0 to 21) ms";
    QTest::newRow("sure") << 3.14159 << 3.14159 << 3.14159 << "3.14 ms";
    QTest::newRow("hardly a band") << 3.14159265 << 3.14159264 << 3.14159266 << "3.14159 (3.14159 to 3.14159) ms";
}

void TestModelCard::digitsFollowTheBand()
{
    QFETCH(double, value);
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(QString, text);
    auto c = smallCard();
    c.devices[0].latencyMs.estimate = {value, low, high, Kind::Model, "x"};
    c.devices[1].latencyMs = c.devices[0].latencyMs;
    const auto markdown = modelCardMarkdown(c);
    QVERIFY(contains(markdown, "| A board | " + text.toStdString() + " of a batch of 64, model |"));
    QVERIFY2(contains(markdown, "| A phone | " + text.toStdString() + ", model |"), section(markdown, "Latency, energy and emissions of use").c_str());
}

void TestModelCard::figuresRoundTrip()
{
    for (const auto& f : {CardFigure{Estimate{1, 0.5, 2, Kind::Model, "s"}, {}}, CardFigure{Estimate{1, {}, {}, Kind::Table, "s"}, {}}, CardFigure{{}, "why"}}) {
        const auto j = toJson(f);
        QVERIFY(cardFigureFrom(JsonView(j, "figure")) == f);
    }
    const Json none{{"value", nullptr}};
    compareText(messageOf([&] { cardFigureFrom(JsonView(none, "figure")); }), "figure: the key \"reason\" is missing");
}

void TestModelCard::foreignTextMakesNoMarkup()
{
    auto c = smallCard();
    c.title = "a\n# b";
    c.devices[0].title = "x | [link](javascript:1) <b>";
    c.measured->classes[0].name = "``` |";
    c.notes = {"line\nbreak"};
    const auto text = modelCardMarkdown(c);
    QVERIFY(text.starts_with("# a \\# b\n\n"));
    QVERIFY(contains(text, "| x \\| \\[link\\](javascript:1) \\<b\\> |"));
    QVERIFY(contains(text, "| \\`\\`\\` \\| | 6 |"));
    QVERIFY(contains(text, "- line break\n"));
}

void TestModelCard::localeMakesNoDifference()
{
    const auto text = modelCardMarkdown(smallCard()), json = printJson(toJson(smallCard()));
    const testing::CommaLocale commas;
    compareText(modelCardMarkdown(smallCard()), text);
    compareText(printJson(toJson(smallCard())), json);
}

QTEST_GUILESS_MAIN(TestModelCard)
#include "tst_modelcard.moc"

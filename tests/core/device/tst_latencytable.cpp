// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "base/file.h"
#include "device/latencytable.h"
#include "space/sampling.h"

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;
using testing::without;

namespace {

std::shared_ptr<const Parts> partsOf(const std::string& net) { return std::make_shared<const Parts>(fixtureSpace(net)); }

// A whole table for a space at some resolutions, every entry worth 1 ms + 1 µs a kernel pixel.
std::string tableText(const Parts& parts, TableGrammar grammar, const std::vector<int>& resolutions, int leaveOut = -1)
{
    std::map<std::string, double> entries;
    for (const int r : resolutions) {
        const auto sizes = parts.mapSizes(r);
        for (std::size_t p = 0; p < parts.size(); ++p)
            for (int v = 0; v < parts.list()[p].variants; ++v) {
                const auto block = parts.block(p, v);
                if (const auto key = tableKey(grammar, parts.space(), block, sizes[p]))
                    entries[*key] = 1 + 0.001 * block.kernel;
            }
    }
    std::string text;
    for (const auto& [key, ms] : entries)
        if (leaveOut-- != 0)
            text += key + ":\n  mean: " + std::to_string(ms) + "\n  std: 0.1\n";
    return text;
}

} // namespace

class TestLatencyTable : public QObject {
    Q_OBJECT
private slots:
    void note10SumsOfTheReference();
    void i7TableFitsBothWidths();
    void keysOfProxyless();
    void jsonAndPlainNumbers();
    void badTables_data();
    void badTables();
    void missingEntriesAreNamedAllAtOnce();
    void wrongSpaceOrResolution();
    void badFolders();
    void resnetHasNoGrammar();
};

void TestLatencyTable::note10SumsOfTheReference()
{
    NEED_REFERENCE("real/once-for-all/note10");
    NEED_REFERENCE("fixtures/ofa/predictor_and_latency.json");
    const auto parts = partsOf("mbv3_w1.2");
    const auto table = readLatencyTable(testing::referenceDir() / "real/once-for-all/note10");
    QCOMPARE(table.files.size(), 17u);
    QVERIFY(table.grammar == TableGrammar::Ofa);
    const auto cost = toCostTable(table, parts);
    QCOMPARE(cost.resolutions().size(), 17u);
    const auto cases = readJsonFile(testing::referenceDir() / "fixtures/ofa/predictor_and_latency.json")["tutorial_128"]["cases"];
    double worst = 0;
    for (const auto& c : cases) {
        auto arch = c["arch"];
        arch["r"] = c["r"];
        const auto s = subnetFromGenotype(parts->space(), genotypeFromJson(JsonView(arch, "case")), "case");
        worst = std::max(worst, std::abs(cost.cost(s) - c["note10_latency_ms_spec"].get<double>()));
    }
    QVERIFY2(worst < 1e-9, qPrintable(QString::number(worst)));
    // Published sums (specification, section 9.2).
    auto s = parts->space().largest();
    QVERIFY(std::abs(cost.cost(s) - 92.398) < 5e-4);
    s.resolution = 160;
    QVERIFY(std::abs(cost.cost(s) - 47.773) < 5e-4);
    s = parts->space().smallest();
    s.resolution = 160;
    QVERIFY(std::abs(cost.cost(s) - 9.890) < 5e-4);
    s.resolution = 128;
    QVERIFY(testing::contains(messageOf([&] { cost.cost(s); }), "no column for the resolution: found 128; allowed 160, 164, 168"));
}

void TestLatencyTable::i7TableFitsBothWidths()
{
    NEED_REFERENCE("real/nsganetv2/i7-8700K_lut.yaml");
    const auto table = readLatencyTable(testing::referenceDir() / "real/nsganetv2/i7-8700K_lut.yaml");
    QVERIFY(table.grammar == TableGrammar::Layers);
    QCOMPARE(table.size(), 4050u);
    double largest[2] = {};
    int i = 0;
    for (const char* net : {"mbv3_w1.0", "mbv3_w1.2"}) {
        const auto parts = partsOf(net);
        const auto cost = toCostTable(table, parts);
        QCOMPARE(cost.resolutions(), parts->space().resolutions);
        largest[i++] = cost.cost(parts->space().largest());
    }
    QVERIFY(largest[0] > 10 && largest[1] > largest[0]);
}

void TestLatencyTable::keysOfProxyless()
{
    const auto parts = partsOf("proxyless_w1.3");
    const auto sizes = parts->mapSizes(224);
    compareText(*tableKey(TableGrammar::Ofa, parts->space(), parts->block(2, 8), sizes[2]),
        "expanded_conv-input:112x112x24-output:56x56x32-expand:6-kernel:7-stride:2-idskip:0");
    const auto last = parts->size() - 1;
    compareText(*tableKey(TableGrammar::Ofa, parts->space(), parts->block(last, 0), 1), "Logits-input:1x1x1664-output:1000");
    compareText(*tableKey(TableGrammar::Ofa, parts->space(), parts->block(last - 2, 0), 7), "Conv_1-input:7x7x416-output:7x7x1664");
}

void TestLatencyTable::jsonAndPlainNumbers()
{
    const auto entries = parseLatencyEntries(R"({"a": {"mean": 1.5, "count": 3}, "b": 2})", "t.json");
    QCOMPARE(entries.size(), 2u);
    QCOMPARE(entries.at("a").meanMs, 1.5);
    QCOMPARE(entries.at("b").meanMs, 2.0);
}

void TestLatencyTable::badTables_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const QString bomb = "a: &a {mean: 1}\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n";
    QTest::newRow("yaml bomb") << bomb << "t.yaml:2: not a latency table: found a list";
    QTest::newRow("alias") << "a: &x {mean: 1}\nb: *x\n" << "t.yaml:2: YAML aliases are refused";
    QTest::newRow("tag") << "a: !!python/object/apply:os.system {mean: 1}\n" << "t.yaml:1: YAML tags are refused: found \"tag:yaml.org,2002:python/object/apply:os.system\"";
    QTest::newRow("tag of a number") << "b: {mean: !!float 1}\n" << "t.yaml:1: YAML tags are refused: found \"tag:yaml.org,2002:float\"";
    QTest::newRow("list") << "- 1\n- 2\n" << "t.yaml:1: not a latency table: found a list";
    QTest::newRow("scalar") << "hello" << "t.yaml:1: not a latency table: found \"hello\"";
    QTest::newRow("empty") << "" << "t.yaml: not a latency table: found nothing";
    QTest::newRow("no entries") << "{}" << "t.yaml: not a latency table: found no entry";
    QTest::newRow("comma decimals") << "a:\n  mean: 1,5\n" << "t.yaml:2: the latency of \"a\" is not a number of milliseconds: found \"1,5\"";
    QTest::newRow("nan") << "a:\n  mean: .nan\n" << "t.yaml:2: the latency of \"a\" is not a number of milliseconds: found \".nan\"";
    QTest::newRow("negative") << "a:\n  mean: -1\n" << "t.yaml:2: the latency of \"a\" is not a number of milliseconds: found \"-1\"";
    QTest::newRow("no mean") << "a:\n  std: 1\n" << "t.yaml:1: the entry \"a\" has no \"mean\"";
    QTest::newRow("twice") << "a: 1\na: 2\n" << "t.yaml:2: an entry stands twice: found \"a\"";
    QTest::newRow("nested") << "a:\n  mean:\n    b:\n      c: 1\n" << "t.yaml:3: not a latency table: found a map within a value";
    QTest::newRow("syntax") << "a: [1, 2\n" << "t.yaml:1: not a latency table: found a list";
    QTest::newRow("bad indent") << "a: {mean: 1" << "t.yaml:1: not valid YAML (end of map flow not found)";
}

void TestLatencyTable::badTables()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { parseLatencyEntries(text.toStdString(), "t.yaml"); }), message.toStdString());
}

void TestLatencyTable::missingEntriesAreNamedAllAtOnce()
{
    QTemporaryDir dir;
    const auto folder = dir.path().toStdString();
    const auto parts = partsOf("tiny_mbv3_b");
    writeFileAtomically(folder + "/160_lookup_table.yaml", tableText(*parts, TableGrammar::Ofa, {160}));
    writeFileAtomically(folder + "/192_lookup_table.yaml", tableText(*parts, TableGrammar::Ofa, {192}));
    const auto whole = toCostTable(readLatencyTable(folder), parts);
    QCOMPARE(whole.resolutions(), (std::vector<int>{160, 192}));

    writeFileAtomically(folder + "/192_lookup_table.yaml", tableText(*parts, TableGrammar::Ofa, {192}, 3));
    compareText(without(messageOf([&] { toCostTable(readLatencyTable(folder), parts); }), folder),
        ": 1 entries that the space tiny_mbv3_b needs are missing: found Conv_2-input:1x1x240-output:1x1x320 at 192");
    writeFileAtomically(folder + "/192_lookup_table.yaml", tableText(*parts, TableGrammar::Ofa, {160}));
    const auto message = messageOf([&] { toCostTable(readLatencyTable(folder), parts); });
    QVERIFY2(testing::contains(message, " entries that the space tiny_mbv3_b needs are missing: found Conv-input:192x192x3-output:96x96x8 at 192, ")
            && testing::contains(message, " and ") && testing::contains(message, " more"), message.c_str());
}

void TestLatencyTable::wrongSpaceOrResolution()
{
    QTemporaryDir dir;
    const auto file = dir.filePath("all.yaml").toStdString();
    const auto parts = partsOf("tiny_mbv3_b");
    writeFileAtomically(file, tableText(*parts, TableGrammar::Layers, {160, 176}));
    QCOMPARE(toCostTable(readLatencyTable(file), parts).resolutions(), (std::vector<int>{160, 176}));
    const auto message = without(messageOf([&] { toCostTable(readLatencyTable(file), partsOf("mbv3_w1.2")); }), dir.path().toStdString());
    QVERIFY2(message.starts_with("/all.yaml: the table has no resolution of the space ofa-mbv3-w1.2: found no entry of its first convolution; allowed 128, "), message.c_str());
    const auto far = dir.filePath("300_table.yaml").toStdString();
    writeFileAtomically(far, tableText(*parts, TableGrammar::Ofa, {300}));
    const auto unknown = without(messageOf([&] { toCostTable(readLatencyTable(far), parts); }), dir.path().toStdString());
    QVERIFY2(unknown.starts_with("/300_table.yaml: the table has no resolution of the space tiny_mbv3_b: found 300; allowed 128, 132"), unknown.c_str());
}

void TestLatencyTable::badFolders()
{
    QTemporaryDir dir;
    const auto folder = dir.path().toStdString();
    writeFileAtomically(folder + "/readme.txt", "hello");
    compareText(without(messageOf([&] { readLatencyTable(folder); }), folder),
        ": the folder holds no latency table: allowed files such as 160_lookup_table.yaml, the resolution in front");
    writeFileAtomically(folder + "/160.yaml", "foo: 1\n");
    compareText(without(messageOf([&] { readLatencyTable(folder); }), folder),
        ": the keys have no known grammar: found \"foo\"; allowed expanded_conv-input:HxWxC-… (OFA) or MBConv-input:HxWxC-… (layers)");
    writeFileAtomically(folder + "/160_again.yaml", "foo: 1\n");
    compareText(without(messageOf([&] { readLatencyTable(folder); }), folder), "/160_again.yaml: two files for one resolution: found 160");
    std::filesystem::permissions(folder, std::filesystem::perms::none);
    std::string message;
    bool works = false;
    {
        const testing::Unprivileged user;
        works = user.works();
        if (works)
            message = without(messageOf([&] { readLatencyTable(folder); }), folder);
    }
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    if (!works)
        QSKIP("cannot give up the right to read everything");
    compareText(message, ": cannot be read: found Permission denied");
}

void TestLatencyTable::resnetHasNoGrammar()
{
    LatencyTable table;
    table.source = "t.yaml";
    table.files[0] = {{"MBConv-input:x", {1}}};
    compareText(messageOf([&] { toCostTable(table, partsOf("resnet50")); }),
        "t.yaml: latency tables have no grammar for ResNet spaces: found ofa-resnet50; allowed a device file");
}

QTEST_APPLESS_MAIN(TestLatencyTable)
#include "tst_latencytable.moc"

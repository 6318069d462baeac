// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hostile and broken pickles, through the readers of both formats.
#include "support.h"

#include "pickles.h"

#include "checkpoint/pytorch.h"

using namespace paretoscope;
using namespace testing;

namespace {

bool isUnsafe(ByteView bytes)
{
    try {
        readPyTorch(bytes, {}, "f.pth");
    } catch (const UnsafeError&) {
        return true;
    } catch (const Error&) {
        return false;
    }
    return false;
}

} // namespace

class TestPickle : public QObject {
    Q_OBJECT
private slots:
    void functionsAreRefusedByName_data();
    void functionsAreRefusedByName();
    void functionsAreRefusedBeforeAnythingElse();
    void brokenPickles();
    void cyclesAndDepth();
    void unfoldingDictionaries();
};

void TestPickle::functionsAreRefusedByName_data()
{
    QTest::addColumn<QString>("module");
    QTest::addColumn<QString>("function");
    QTest::newRow("os.system") << "os"
                               << "system";
    QTest::newRow("posix.system") << "posix"
                                  << "system";
    QTest::newRow("builtins.eval") << "builtins"
                                   << "eval";
    QTest::newRow("numpy scalar") << "numpy.core.multiarray"
                                  << "scalar";
    QTest::newRow("whole model") << "ofa.imagenet_classification.networks"
                                 << "MobileNetV3";
    QTest::newRow("loader of bytes") << "torch.storage"
                                     << "_load_from_bytes";
    QTest::newRow("other class of a known module") << "collections"
                                                   << "Counter";
    QTest::newRow("known name split elsewhere") << "torch"
                                                << "_utils._rebuild_tensor_v2";
}

void TestPickle::functionsAreRefusedByName()
{
    QFETCH(QString, module);
    QFETCH(QString, function);
    const auto m = module.toStdString(), f = function.toStdString();
    const auto expected = "f.pth: the pickle asks for \"" + m + "." + f + "\", which is refused";
    const auto argument = text("touch /tmp/paretoscope-was-here");
    for (const auto& named : {global(m, f), stackGlobal(m, f)}) {
        const auto call = named + argument + "\x85R";
        for (const auto& content :
            {call, dict({{"state_dict", call}}), dict({{"w", weight(0, {4}, {1})}, {"z", call}})}) {
            const auto zip = zipCheckpoint(content, {{"data/0", floats(4)}});
            compareText(readMessage(zip), expected);
            QVERIFY(isUnsafe(zip));
            const auto legacy = legacyCheckpoint(content, {{"0", floats(4)}});
            compareText(readMessage(legacy), expected);
            QVERIFY(isUnsafe(asBytes(legacy)));
        }
        // As a plain pickle, without the rest of a checkpoint.
        compareText(readMessage(kProto + call + "."), expected);
    }
    // As protocol 0 writes it, and as an instance.
    if (!module.contains('-')) {
        compareText(readMessage("c" + m + "\n" + f + "\n(S'x'\ntR."), expected);
        compareText(readMessage(kProto + "(" + argument + "i" + m + "\n" + f + "\n."), expected);
    }
    QVERIFY(!fs::exists("/tmp/paretoscope-was-here"));
}

void TestPickle::functionsAreRefusedBeforeAnythingElse()
{
    // Neither the rest of the pickle nor the storages are looked at.
    compareText(readMessage(kProto + global("os", "system") + "\xff"),
        "f.pth: the pickle asks for \"os.system\", which is refused");
    compareText(readMessage(legacyHead("\x89") + kProto + global("os", "system")),
        "f.pth: was written on a big-endian machine: found "
        "\"little_endian\": False; allowed True");
    compareText(readMessage(zipCheckpoint(global("os", "system\x1b[2J"))),
        "f.pth: the pickle asks for \"os.system\\x1b[2J\", which is refused");
    compareText(
        readMessage(kProto + "\x82\x07."), "f.pth: the pickle asks for the registered extension 7, which is refused");
    compareText(readMessage(kProto + global("torch", "FloatStorage") + ")R."),
        "f.pth: byte 23: the pickle calls what is no function: found a type of storage");
}

void TestPickle::brokenPickles()
{
    const auto broken = [](const std::string& content) { return readMessage(zipCheckpoint(content)); };
    compareText(
        broken("\xff"), "f.pth: data.pkl byte 2: the pickle has an instruction that PyTorch never writes: found 0xff");
    compareText(broken("S'x'\n"),
        "f.pth: data.pkl byte 2: the pickle has an instruction that PyTorch never writes: found 0x53");
    compareText(broken(""), "f.pth: data.pkl byte 2: the pickle takes a value that is not there");
    compareText(broken("0"), "f.pth: data.pkl byte 2: the pickle takes a value that is not there");
    compareText(broken("t"), "f.pth: data.pkl byte 2: the pickle takes a mark that is not there");
    compareText(broken("N(0\x85"),
        "f.pth: holds no dictionary of weights: found a tuple; allowed a dictionary of tensors, or one under "
        "\"state_dict\"");
    compareText(broken("N(\x85"), "f.pth: data.pkl byte 4: the pickle takes a value that is not there");
    compareText(
        broken("h\x07"), "f.pth: data.pkl byte 2: the pickle recalls a value that it never stored: found number 7");
    compareText(broken("Nr\xff\xff\xff\xff"),
        "f.pth: data.pkl byte 3: the pickle stores a value under too large a number: found 4294967295");
    compareText(broken("Na"), "f.pth: data.pkl byte 3: the pickle takes a value that is not there");
    compareText(
        broken("NNa"), "f.pth: data.pkl byte 4: the pickle adds to what is no container: found None; allowed a list");
    compareText(broken("](NNu"),
        "f.pth: data.pkl byte 6: the pickle adds to what is no container: found a list; allowed a dictionary");
    compareText(broken("}(Nu"), "f.pth: data.pkl byte 5: the pickle sets a key without a value");
    compareText(broken("(Nd"), "f.pth: data.pkl byte 4: the pickle sets a key without a value");
    compareText(
        broken("NNb"), "f.pth: data.pkl byte 4: the pickle sets attributes: found None; allowed of a dictionary");
    compareText(broken("N)R"), "f.pth: data.pkl byte 4: the pickle calls what is no function: found None");
    compareText(broken("NN\x93"), "f.pth: data.pkl byte 4: the pickle names a function by what is no text");
    compareText(
        broken("\x80\x06"), "f.pth: data.pkl byte 2: the protocol of the pickle is not known: found 6; allowed 2 to 5");
    compareText(broken("\x8b\xff\xff\xff\xff"), "f.pth: data.pkl byte 2: an integer has a negative length: found -1");
    compareText(broken("X\xff\xff\xff\xff"),
        "f.pth: data.pkl byte 2: the pickle is cut: found 1 bytes; allowed 4294967295 or more");
    compareText(broken(std::string("\x8d") + std::string(8, '\xff')),
        "f.pth: data.pkl byte 2: the pickle is cut: found 1 bytes; allowed 18446744073709551615 or more");
    compareText(broken("c" + std::string(5000, 'a')), "f.pth: data.pkl byte 2: the name of a function is too long");
    compareText(broken(global("collections", "OrderedDict") + "K\x01\x85R"),
        "f.pth: data.pkl byte 30: an ordered dictionary is built of the wrong parts: found 1 arguments");
    compareText(broken(global("torch", "Size") + ")R"),
        "f.pth: data.pkl byte 15: a size is built of the wrong parts: found 0 arguments");
    compareText(broken(global("collections", "OrderedDict") + "(i"), "f.pth: data.pkl byte 28: the pickle is cut");
}

void TestPickle::cyclesAndDepth()
{
    const std::string deep = "its dictionaries are nested too deeply: allowed at most 64 levels";
    // A dictionary that is its own value.
    compareText(readMessage(zipCheckpoint("}q\x01X\x01" + std::string("\0\0\0", 3) + "ah\x01s")), "f.pth: " + deep);
    // A list that is its own element, beside a tensor: lists are not walked, so this is no error.
    compareText(readMessage(zipCheckpoint(dict({{"l",
                                                    "]q\x01h\x01"
                                                    "a"},
                                              {"w", weight(0, {4}, {1})}}),
                    {{"data/0", floats(4)}})),
        "no error");
    std::string nested = weight(0, {4}, {1});
    for (int i = 0; i < 64; ++i)
        nested = dict({{"d", nested}});
    compareText(readMessage(zipCheckpoint(dict({{"d", nested}}), {{"data/0", floats(4)}})), "no error");
    compareText(
        readMessage(zipCheckpoint(dict({{"d", dict({{"d", nested}})}}), {{"data/0", floats(4)}})), "f.pth: " + deep);
    // A million of lists, one within the other, and as many marks.
    const auto lists = repeat("]", 1'000'000) + repeat("a", 999'999);
    compareText(readMessage(zipCheckpoint(lists)),
        "f.pth: holds no dictionary of weights: found a list; allowed a dictionary of tensors, or "
        "one under \"state_dict\"");
    compareText(readMessage(zipCheckpoint(repeat("(", 1'000'000))),
        "f.pth: data.pkl byte 1000002: the pickle takes a value that is not there");
    // A shape that holds itself.
    compareText(tensorMessage(global("torch._utils", "_rebuild_tensor_v2")
                    + tuple({storage("0", 4), number(0),
                        "]q\x01h\x01"
                        "a",
                        "h\x01"})
                    + "R"),
        "f.pth: w: its shape holds what is no size: found a list");
}

void TestPickle::unfoldingDictionaries()
{
    // Each level holds the one below ten times: 10^12 leaves in a pickle of some kilobytes.
    std::string level = dict({{"w", weight(0, {4}, {1})}});
    for (char depth = 1; depth <= 12; ++depth) {
        const auto recall = std::string("h") + depth;
        std::vector<std::pair<std::string, std::string>> items{{"0", level + "q" + depth}};
        for (char i = 1; i < 10; ++i)
            items.emplace_back(std::string(1, static_cast<char>('0' + i)), recall);
        level = dict(items);
    }
    compareText(readMessage(zipCheckpoint(level, {{"data/0", floats(4)}})),
        "f.pth: its dictionaries unfold to more than the file can hold");
    // Keys without a name count as well: 2000 times the same 50,000 of them.
    auto wide = dict({{"a", "}(" + repeat("NN", 50'000) + std::string("uq\x01")}});
    wide.pop_back();
    for (int i = 0; i < 2000; ++i)
        wide += text(std::to_string(i)) + "h\x01";
    compareText(
        readMessage(zipCheckpoint(wide + "u")), "f.pth: its dictionaries unfold to more than the file can hold");
}

QTEST_APPLESS_MAIN(TestPickle)
#include "tst_pickle.moc"

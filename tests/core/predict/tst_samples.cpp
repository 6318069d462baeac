// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predictorfixtures.h"

#include "predict/samples.h"

#include <map>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestSamples : public QObject {
    Q_OBJECT
private slots:
    void readsBothGrammars();
    void toleratesHowFilesAreWritten();
    void publishedMeasurements();
    void errorsNameFileAndLine_data();
    void errorsNameFileAndLine();
};

namespace {

const char* kHeader = "ks,e,d,r,top1_percent,split,group\n";
const char* kLine = "357735773577357753--,346634663466346646-0,44442,160,75.25,train,run 1\n";

SearchSpace space() { return builtInSpace("ofa-mbv3-w1.0"); }

std::vector<Sample> read(const std::string& text) { return readSamples(text, "s.csv", space()); }

} // namespace

void TestSamples::readsBothGrammars()
{
    const auto digits = read(std::string(kHeader) + kLine);
    QCOMPARE(digits.size(), std::size_t(1));
    QCOMPARE(digits[0].top1Percent, 75.25);
    compareText(digits[0].split, "train");
    compareText(digits[0].group, "run 1");
    compareText(toJson(space(), digits[0].subnet).dump(),
        R"({"ks":[3,5,7,7,3,5,7,7,3,5,7,7,3,5,7,7,5,3,0,0],"e":[3,4,6,6,3,4,6,6,3,4,6,6,3,4,6,6,4,6,0,0],"d":[4,4,4,4,2],"r":[160]})");
    const auto published = read("source,res,depths,ops,top1,params,macs\nours,160,33332,601-260-058-482-10--,68.2,,\n");
    QCOMPARE(published.size(), std::size_t(1));
    compareText(published[0].group, "ours");
    compareText(published[0].split, "");
    compareText(toJson(space(), published[0].subnet).dump(),
        R"({"ks":[7,3,3,0,3,7,3,0,3,5,7,0,5,7,3,0,3,3,0,0],"e":[3,3,4,0,6,3,3,0,3,6,6,0,4,6,6,0,4,3,0,0],"d":[3,3,3,3,2],"r":[160]})");
}

void TestSamples::toleratesHowFilesAreWritten()
{
    const std::string line = "33333333333333333333,33333333333333333333,44444,224,70";
    const auto expected = read("ks,e,d,r,top1_percent\n" + line + "\n");
    QVERIFY(read("\xEF\xBB\xBFks,e,d,r,top1_percent\r\n" + line + "\r\n\r\n") == expected);
    QVERIFY(read("ks,e,d,r,top1_percent\n" + line) == expected);
    QVERIFY(read("\"ks\" , \"e\",d,r,top1_percent\n\"33333333333333333333\",33333333333333333333, 44444 ,224,\"70\"")
        == expected);
    QVERIFY(read("top1_percent,r,d,e,ks\n70,224,44444,33333333333333333333,33333333333333333333\n") == expected);
    // A group may hold what CSV quotes.
    const auto quoted = read("ks,e,d,r,top1_percent,group\n" + line + ",\"run \"\"1\"\", late\"\n");
    compareText(quoted[0].group, "run \"1\", late");
}

void TestSamples::publishedMeasurements()
{
    NEED_REFERENCE("real/measured/ofa_mbv3_w1.0_imagenet_top1.csv");
    const auto samples =
        readSamples(testing::referenceDir() / "real/measured/ofa_mbv3_w1.0_imagenet_top1.csv", space());
    std::map<int, int> count;
    for (const auto& s : samples)
        ++count[s.subnet.resolution];
    QVERIFY((count == std::map<int, int>{{128, 725}, {160, 649}, {192, 598}, {224, 1618}}));
    compareText(samples[0].group, "moofa_random");
    QCOMPARE(samples[0].top1Percent, 68.2);
}

void TestSamples::errorsNameFileAndLine_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const QString header = kHeader, line = kLine;
    const QString columns = "ks,e,d,r,top1_percent[,split][,group]",
                  published = "source,res,depths,ops,top1[,params][,macs]";
    const auto bad = [&](const char* from, const char* to) { return header + QString(line).replace(from, to); };
    QTest::newRow("empty") << ""
                           << "s.csv: no samples: the file is empty: allowed a header, " + columns + " or " + published;
    QTest::newRow("header only") << header << "s.csv: no samples: nothing follows the header";
    QTest::newRow("missing column")
        << "ks,e,d,r\n"
        << "s.csv:1: not the header of a sample file: found column top1_percent is missing; allowed " + columns + " or "
            + published;
    QTest::newRow("twice, unknown") << "ks,e,d,r,r,top1_percent,colour\n"
                                    << "s.csv:1: not the header of a sample file: found column r stands twice, column "
                                       "\"colour\" is unknown; allowed "
            + columns + " or " + published;
    QTest::newRow("published") << "source,res,depths,ops\n"
                               << "s.csv:1: not the header of a sample file: found column top1 is missing; allowed "
            + published;
    QTest::newRow("fields") << header + "1,2,3\n"
                            << "s.csv:2: wrong number of fields: found 3; allowed 7, as in the header";
    QTest::newRow("comma decimals")
        << bad("75.25", "75,25")
        << "s.csv:2: wrong number of fields: found 8; allowed 7, as in the header (numbers take a point, not a comma)";
    QTest::newRow("quoted comma") << bad("75.25",
        "\"75,25\"") << "s.csv:2: top1_percent is not a number: found \"75,25\"; allowed a number with a decimal point";
    QTest::newRow("nan") << bad("75.25", "nan")
                         << "s.csv:2: top1_percent is not a number: found \"nan\"; allowed a finite number";
    QTest::newRow("range") << bad("75.25", "101") << "s.csv:2: top1_percent out of range: found 101; allowed 0 to 100";
    QTest::newRow("fractions")
        << bad("75.25", "0.7525")
        << "s.csv: the accuracies look like fractions, not percent: found at most 0.7525; allowed percent, 0 to 100";
    QTest::newRow("resolution") << bad(",160,", ",160.0,") << "s.csv:2: r is not a whole number: found \"160.0\"";
    QTest::newRow("gap") << header + line + "\n" + line << "s.csv:3: an empty line between samples";
    QTest::newRow("open quote") << bad("75.25", "\"75.25")
                                << "s.csv:2: a quote is not closed: found "
                                   "\"357735773577357753--,346634663466346646-0,44442,160,\\x2275.25,train,run 1\"";
    QTest::newRow("letters") << bad("357735773577357753--", "3577x5773577357753--")
                             << "s.csv:2: ks must be digits: found \"3577x5773577357753--\"";
}

void TestSamples::errorsNameFileAndLine()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { read(text.toStdString()); }), message.toStdString());
}

QTEST_APPLESS_MAIN(TestSamples)
#include "tst_samples.moc"

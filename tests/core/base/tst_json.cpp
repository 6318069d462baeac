// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "commalocale.h"
#include "support.h"

#include "base/json.h"

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestJson : public QObject {
    Q_OBJECT
private slots:
    void errorsNameThePlace_data();
    void errorsNameThePlace();
    void accessChecksTypeAndRange();
    void unknownKeysAreRefused();
    void printsCompactNumbersWhateverTheLocale();
    void estimateRoundTrips();
};

void TestJson::errorsNameThePlace_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("syntax") << "{\n \"a\": 1,\n \"b\": }" << "f.json:3:7: not valid JSON";
    QTest::newRow("empty") << "" << "f.json:1:1: not valid JSON";
    QTest::newRow("not a number") << "{\"a\": NaN}" << "f.json:1:7: not valid JSON";
    QTest::newRow("twice") << "{\"a\": 1, \"a\": 2}" << "f.json: a key stands twice in one object: found \"a\"";
    QTest::newRow("deep") << QString(70, '[') + QString(70, ']')
                          << "f.json: JSON is nested too deeply: allowed at most 64 levels";
    QTest::newRow("overflow") << "[1e999]" << "f.json: not valid JSON (a number out of range)";
}

void TestJson::errorsNameThePlace()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { parseJson(text.toStdString(), "f.json"); }), message.toStdString());
}

void TestJson::accessChecksTypeAndRange()
{
    const auto j = parseJson(R"({"stages": [{"k": [3, 5, "x"]}], "n": -1, "s": 3, "big": 18446744073709551615})", "f.json");
    const JsonView v(j, "f.json");
    compareText(messageOf([&] { v.at("stages").elements()[0].at("k").integers(1, 9); }),
        "f.json: stages[0].k[2]: not a whole number: found the string \"x\"; allowed a whole number from 1 to 9");
    compareText(messageOf([&] { v.at("n").integer(0, 5); }), "f.json: n: number out of range: found -1; allowed 0 to 5");
    compareText(messageOf([&] { v.at("big").integer(0, 5); }),
        "f.json: big: number out of range: found 18446744073709551615; allowed 0 to 5");
    compareText(messageOf([&] { v.at("absent"); }), "f.json: the key \"absent\" is missing");
    compareText(messageOf([&] { v.at("s").string(); }), "f.json: s: not a string: found 3; allowed a string");
    QCOMPARE(v.at("s").integer(0, 9), 3);
}

void TestJson::unknownKeysAreRefused()
{
    const auto j = parseJson(R"({"depht": 1})", "f.json");
    compareText(messageOf([&] { JsonView(j, "f.json").onlyKeys({"depth", "width"}); }),
        "f.json: unknown key: found \"depht\"; allowed depth, width");
}

void TestJson::printsCompactNumbersWhateverTheLocale()
{
    const Json j{{"list", {1.5, 0.1, 1e-9}}, {"text", "ü"}, {"empty", Json::array()}};
    const std::string expected = "{\n  \"list\": [1.5,0.1,1e-09],\n  \"text\": \"ü\",\n  \"empty\": []\n}\n";
    compareText(printJson(j), expected);

    const testing::CommaLocale commas;
    const auto text = printJson(j);
    const auto back = parseJson("[1234.5]", "f")[0].get<double>();
    compareText(text, expected);
    QCOMPARE(back, 1234.5);
}

void TestJson::estimateRoundTrips()
{
    const Estimate e{1.25, 1.0, std::nullopt, Kind::Table, "a table"};
    const auto j = toJson(e);
    QVERIFY(estimateFromJson(JsonView(j, "e")) == e);
    auto wrong = j;
    wrong["kind"] = "guessed";
    compareText(messageOf([&] { estimateFromJson(JsonView(wrong, "e")); }),
        "e: kind: unknown kind of figure: found \"guessed\"; allowed measured, counter, table, model, predicted, citation, user");
}

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"

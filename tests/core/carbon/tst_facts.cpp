// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The catalogues that come with the program: every row can be read, has its source, and says what the reference says.
#include "support.h"

#include "carbon/equivalents.h"
#include "carbon/factband.h"
#include "carbon/facts.h"
#include "carbon/hardware.h"

#include <fstream>
#include <set>
#include <sstream>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

int linesOf(const std::filesystem::path& path)
{
    std::ifstream file(path);
    int lines = 0;
    for (std::string line; std::getline(file, line);)
        lines += !line.empty();
    return lines;
}

Json table(Json rows)
{
    return {{"schema", "paretoscope.facts/1"}, {"sources", {{"s", {{"source", "somewhere"}, {"licence", "fact"}}}}},
        {"columns", {"name", "value", "source"}}, {"rows", std::move(rows)}};
}

} // namespace

class TestFacts : public QObject {
    Q_OBJECT
private slots:
    void everyRowIsReadAndHasItsSource();
    void rowsAreThoseOfTheReference();
    void profilesAverageToOne();
    void badTablesNameTheCell_data();
    void badTablesNameTheCell();
    void foldingAndDistance();
    void hardwareIsFound_data();
    void hardwareIsFound();
    void hardwareThatIsNotThereIsSuggested();
    void hardwareBands();
    void equivalents();
    void bands();
};

void TestFacts::everyRowIsReadAndHasItsSource()
{
    const auto check = [](const auto& facts, std::size_t count) {
        QCOMPARE(facts.size(), count);
        for (const auto& f : facts)
            QVERIFY(!f.source.source.empty() && !f.source.licence.empty());
    };
    check(embodiedFacts(), 29);
    check(inferenceEnergyFacts(), 29);
    check(equivalentFacts(), 24);
    check(fuelFacts(), 10);
    check(pueFacts(), 18);
    check(green500Facts(), 6);
    check(intensityProfiles(), 3);
    check(shiftFacts(), 3);
    check(hardwareFacts(), 177);
    QCOMPARE(embodiedFact("smartphone").kgCo2e, 55.5);
    QCOMPARE(*embodiedFact("smartphone").low, 30.7);
    compareText(embodiedFact("die-7nm").per, "cm2");
    compareText(messageOf([] { embodiedFact("smartfone"); }),
        "there is no embodied figure with this id: found \"smartfone\"; allowed smartphone, laptop, desktop, monitor, "
        "server");
    QCOMPARE(fuelFact("coal").lifecycleGPerKwh, 820.0);
    QVERIFY(!pueFacts()[15].year.has_value()); // holds by definition
}

void TestFacts::rowsAreThoseOfTheReference()
{
    NEED_REFERENCE("facts/grid_intensity.csv");
    const auto dir = testing::referenceDir() / "facts";
    for (const auto& [name, csv] : {std::pair{"grid", "grid_intensity.csv"}, {"cloudregions", "cloud_regions.csv"},
             {"hardware", "hardware_power.csv"}, {"embodied", "embodied.csv"},
             {"inferenceenergy", "inference_energy.csv"}, {"equivalents", "equivalents.csv"},
             {"fuelfactors", "fuel_factors.csv"}, {"pue", "pue.csv"}, {"green500", "green500.csv"},
             {"shiftstatistics", "ci_shift_stats_2020.csv"}, {"strubell2019", "strubell2019_table3.csv"},
             {"ofa2020", "ofa2020_table1.csv"}, {"patterson2021", "patterson2021_table4.csv"}})
        QCOMPARE(static_cast<int>(FactTable::embedded(name).size()) + 1, linesOf(dir / csv));
    QCOMPARE(static_cast<int>(FactTable::embedded("profiles").size()) * 24 + 1, linesOf(dir / "ci_profiles_2020.csv"));
}

void TestFacts::profilesAverageToOne()
{
    for (const auto& p : intensityProfiles()) {
        double sum = 0;
        for (const auto& month : p.relative)
            for (const double v : month)
                sum += v;
        QVERIFY2(std::abs(sum / 288 - 1) < 0.01, p.zone.c_str());
    }
    QCOMPARE(intensityProfile("FR")->gPerKwh[0][0], 62.87);
    QCOMPARE(intensityProfile("DE")->relative[11][23], 1.1325);
    QVERIFY(!intensityProfile("PL"));
}

void TestFacts::badTablesNameTheCell_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, Json json, const char* message) {
        QTest::newRow(name) << QString::fromStdString(json.dump()) << message;
    };
    auto schema = table(Json::array());
    schema["schema"] = "other/1";
    row("schema", schema, "t.json: schema: unknown schema: found \"other/1\"; allowed paretoscope.facts/1");
    row("cells", table(Json::array({Json::array({"a", 1})})),
        "t.json: rows[0]: wrong number of cells: found 2; allowed 3");
    row("type", table(Json::array({Json::array({"a", "1", "s"})})),
        "t.json: rows[0].value: not a number: found the string \"1\"; allowed a number");
    row("range", table(Json::array({Json::array({"a", -1, "s"})})),
        "t.json: rows[0].value: number out of range: found -1; allowed 0 to 10");
    row("source", table(Json::array({Json::array({"a", 1, "x"})})),
        "t.json: rows[0].source: unknown source: found \"x\"");
    auto twice = table(Json::array());
    twice["columns"] = {"a", "a"};
    row("column", twice, "t.json: columns[1]: a column stands twice");
}

void TestFacts::badTablesNameTheCell()
{
    QFETCH(QString, json);
    QFETCH(QString, message);
    compareText(messageOf([&] {
        const FactTable t(parseJson(json.toStdString(), "t.json"), "t.json");
        t.row(0).number("value", 0, 10);
        t.row(0).source();
    }),
        message.toStdString());
}

void TestFacts::foldingAndDistance()
{
    compareText(folded("Türkiye"), "turkiye");
    compareText(folded("Côte d'Ivoire"), "cotedivoire");
    compareText(folded("São Tomé"), "saotome");
    compareText(folded("Sa\xCC\x83o"), "sao"); // a combining mark
    QVERIFY(!folded("日本").empty());
    compareText(folded("\xF0"), "\xF0"); // cut UTF-8 stays what it is
    QCOMPARE(editDistance("kitten", "sitting"), std::size_t(3));
    QCOMPARE(editDistance("", "abc"), std::size_t(3));
}

void TestFacts::hardwareIsFound_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("title");
    const auto row = [](const char* text, const char* title) { QTest::newRow(text) << text << title; };
    row("T4", "NVIDIA T4");
    row("tesla t4", "NVIDIA T4");
    row("NVIDIA A100-SXM4-80GB", "NVIDIA A100 SXM4 40/80GB");
    row("NVIDIA A100 80GB PCIe", "NVIDIA A100 PCIe 80GB");
    row("Tesla V100-SXM2-16GB", "NVIDIA V100 SXM2 16/32GB");
    row("Tesla P100-PCIE-16GB", "NVIDIA P100 PCIe 16GB");
    row("NVIDIA H100 80GB HBM3", "NVIDIA H100 SXM 80GB");
    row("NVIDIA GeForce GTX 1080 Ti", "NVIDIA GTX 1080 Ti");
    row("NVIDIA GeForce GTX 1080", "NVIDIA GTX 1080");
    row("Intel(R) Xeon(R) Gold 6148 CPU @ 2.40GHz", "Xeon Gold 6148");
    row("Intel(R) Xeon(R) CPU E5-2699 v4 @ 2.20GHz", "Xeon E5-2699 v4");
    row("Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz", "Core i7-8700K");
    row("AMD EPYC 7763 64-Core Processor", "AMD EPYC 7763");
    row("Raspberry Pi 4", "Raspberry Pi 4");
    // The first substring is no match: that is how a peer takes every EPYC for a 7232P, and what two boards share is
    // not one of them.
    for (const char* text :
        {"AMD EPYC", "Intel Xeon", "Intel Xeon Processor (Skylake, IBRS)", "V100", "QEMU Virtual CPU version 2.5+", ""})
        row(text, "-");
}

void TestFacts::hardwareIsFound()
{
    QFETCH(QString, text);
    QFETCH(QString, title);
    const auto* found = findHardware(text.toStdString());
    compareText(found ? found->title() : "-", title.toStdString());
}

void TestFacts::hardwareThatIsNotThereIsSuggested()
{
    compareText(messageOf([] { hardwareFact("v100", "gpu"); }),
        "several rows of the hardware table fit: found \"v100\"; allowed NVIDIA V100 PCIe 16/32GB, NVIDIA V100 SXM2 "
        "16/32GB, NVIDIA V100S PCIe 32GB; or a power in watt");
    const auto message = messageOf([] { hardwareFact("RTX 3091"); });
    QVERIFY2(
        message.starts_with("there is no such hardware in the table: found \"RTX 3091\"; allowed "), message.c_str());
    QVERIFY2(testing::contains(message, "NVIDIA RTX 3090"), message.c_str());
}

void TestFacts::hardwareBands()
{
    const auto e = hardwareFact("T4").powerEstimate();
    QCOMPARE(e.value, 70.0);
    QCOMPARE(*e.high, 70 * 1.05);
    QVERIFY(e.kind == Kind::Table);
    for (const auto& f : hardwareFacts())
        if (f.className == "cpu_default")
            QCOMPARE(*f.powerEstimate().low, f.power / 5);
    QCOMPARE(searchHardware("memory").size(), std::size_t(5));
    QCOMPARE(searchHardware("").size(), hardwareFacts().size());
}

void TestFacts::equivalents()
{
    const auto list = equivalentsOf(1000);
    QCOMPARE(list.size(), std::size_t(24));
    std::set<std::string> keys;
    for (const auto& e : list) {
        QVERIFY(!e.unit.empty() && keys.insert(e.key).second);
        if (e.key == "car_km_us_fleet") {
            QVERIFY(e.isDefault && std::abs(e.quantity.value - 1e6 / 244.2) < 1e-9);
            compareText(e.unit, "km");
        }
        if (e.key == "flight_ny_sf_strubell") // a range, for the sources differ by two
            QVERIFY(*e.quantity.low < 0.84 && *e.quantity.high > 1.75);
    }
}

void TestFacts::bands()
{
    QCOMPARE(productFactor({}), 1.0);
    QVERIFY(std::abs(productFactor({1.1, 1.5}) - std::exp(std::hypot(std::log(1.1), std::log(1.5)))) < 1e-15);
    QVERIFY(!banded(5, 1, Kind::User, "x").low);
    QCOMPARE(*banded(10, 2, Kind::User, "x").low, 5.0);
    QCOMPARE(widestFactor(banded(10, 2, Kind::User, "x")), 2.0);
}

QTEST_APPLESS_MAIN(TestFacts)
#include "tst_facts.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Grids: which row a text means, what a user's file may hold, and that nobody is sent to another country.
#include "support.h"

#include "base/file.h"
#include "carbon/grid.h"

#include <algorithm>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

constexpr const char* kElectricityMaps = "\xEF\xBB\xBF"
                                         "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO\u2082eq/kWh "
                                         "(direct),Carbon intensity gCO\u2082eq/kWh (Life cycle),Carbon-free energy "
                                         "percentage (CFE%),Data source,Data estimated,Data estimation method\r\n";

std::string hourly(int hours, const std::vector<int>& missing = {})
{
    std::string text = "time,g_per_kwh\n";
    for (int h = 0; h < hours; ++h) {
        if (std::find(missing.begin(), missing.end(), h) != missing.end())
            continue;
        char line[64];
        std::snprintf(line, sizeof line, "2024-03-%02dT%02d:00Z,%d\n", 1 + h / 24, h % 24, 100 + h);
        text += line;
    }
    return text;
}

} // namespace

class TestGrid : public QObject {
    Q_OBJECT
private slots:
    void everyRowIsWhole();
    void aTextNamesARow_data();
    void aTextNamesARow();
    void wrongTextsAreErrors_data();
    void wrongTextsAreErrors();
    void unknownPlacesMayBecomeTheWorldVisibly();
    void sourceAndBand();
    void cloudRegionsCarryTheirPue();
    void basesAreNotMixedSilently();
    void ownZonesComeFirst();
    void electricityMapsSeries();
    void electricityMapsYears();
    void shortGapsAreInterpolated();
    void seriesWithinAnHourAreAveraged();
    void badFilesSayWhere_data();
    void badFilesSayWhere();
    void times();
    void hostileTextIsAnErrorOrARow();
};

void TestGrid::everyRowIsWhole()
{
    const auto& book = builtInGrids();
    QCOMPARE(book.zones().size(), std::size_t(302));
    QCOMPARE(book.regions().size(), std::size_t(117));
    std::set<std::string> ids;
    int countries = 0;
    for (const auto& z : book.zones()) {
        QVERIFY2(ids.insert(z.id).second, z.id.c_str());
        countries += z.level == GridLevel::Country;
        const auto found = book.find(z.id);
        compareText(found.zone, z.id);
        QVERIFY(found.gPerKwh.value > 0 && found.gPerKwh.low && found.year == z.year && !found.basis.empty()
            && !found.licence.empty());
        if (z.level == GridLevel::Country) {
            compareText(book.find(z.iso2).zone, z.id);
            compareText(book.find(z.iso3).zone, z.id);
        }
    }
    QCOMPARE(countries, 209);
    for (const auto& r : book.regions()) {
        compareText(book.find(r.region).zone, r.provider + " " + r.region);
        QVERIFY(book.find(r.provider + "/" + r.region).pue->value >= 1);
    }
}

void TestGrid::aTextNamesARow_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("zone");
    QTest::addColumn<double>("g");
    const auto row = [](const char* text, const char* zone, double g) { QTest::newRow(text) << text << zone << g; };
    row("FR", "FR", 44.18);
    row("fra", "FR", 44.18);
    row(" France ", "FR", 44.18);
    row("NA", "NA", 47.62); // Namibia, not "not available"
    row("türkiye", "TR", 469.7);
    row("TURKIYE", "TR", 469.7);
    row("Turkey", "TR", 469.7);
    row("Côte d'Ivoire", "CI", 393.53);
    row("Congo", "CG", 713.73);
    row("congo (drc)", "CD", 27.04);
    row("Philippines", "PH", 613.38);
    row("Vietnam", "VN", 0);
    row("UK", "GB", 215.79);
    row("USA", "US", 383.55);
    row("us-ca", "US-CA", 0);
    row("California", "US-CA", 0);
    row("nycw", "eGRID-NYCW", 402.146);
    row("EU", "EU", 213.02);
    row("world", "World", 472.94);
    row("us-east-1", "aws us-east-1", 283.892);
    row("AWS us-east-1", "aws us-east-1", 283.892);
    row("us-east1", "gcp us-east1", 575.77);
    row("gcp:europe-west9", "gcp europe-west9", 16.3);
    row("412.5", "user", 412.5);
    row("1e2", "user", 100);
}

void TestGrid::aTextNamesARow()
{
    QFETCH(QString, text);
    QFETCH(QString, zone);
    QFETCH(double, g);
    const auto found = builtInGrids().find(text.toStdString());
    compareText(found.zone, zone.toStdString());
    if (g > 0)
        QCOMPARE(found.gPerKwh.value, g);
}

void TestGrid::wrongTextsAreErrors_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* text, const char* message) { QTest::newRow(text) << text << message; };
    row("Frence",
        "there is no grid zone with this name: found \"Frence\"; allowed FR (France), GR (Greece), Africa, AM "
        "(Armenia), BJ (Benin); World; or a number in g/kWh");
    row("Paris",
        "there is no grid zone with this name: found \"Paris\"; allowed gcp europe-west9 (Paris), aws eu-west-3 "
        "(Paris), azure francecentral (Paris), Asia, ML (Mali), PE (Peru) and 2 more; World; or a number in g/kWh");
    row("Georgia",
        "several zones have this name: found \"Georgia\"; allowed GE (Georgia), country, US-GA (Georgia), us_state");
    row("Virgin Islands",
        "several zones have this name: found \"Virgin Islands\"; allowed VG (Virgin Islands (British)), country, VI "
        "(Virgin Islands (U.S.)), country");
    row("", "no place is given: allowed a zone such as FR, US-CA or us-east-1; World; or a number in g/kWh");
    row("412,5", "a number with a decimal comma: found \"412,5\"; allowed a decimal point, such as 412.5");
    row("-5", "the intensity is out of range: found -5; allowed 0 to 5000 g CO2e per kWh");
    row("nan", "the intensity is out of range: found nan; allowed 0 to 5000 g CO2e per kWh");
    row("99999", "the intensity is out of range: found 99999; allowed 0 to 5000 g CO2e per kWh");
}

void TestGrid::wrongTextsAreErrors()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { builtInGrids().find(text.toStdString()); }), message.toStdString());
}

void TestGrid::unknownPlacesMayBecomeTheWorldVisibly()
{
    const auto i = builtInGrids().findOrWorld("Atlantis");
    compareText(i.zone, "World");
    compareText(i.flag, "fallback_world");
    compareText(i.warnings.at(0), "the world average stands in for \"Atlantis\": there is no grid zone with this name");
    QVERIFY(testing::contains(i.gPerKwh.source, "in place of \"Atlantis\""));
    QCOMPARE(*i.gPerKwh.high, 472.94 * 1.5);
    compareText(builtInGrids().findOrWorld("SE").zone, "SE");
}

void TestGrid::sourceAndBand()
{
    const auto france = builtInGrids().find("FR");
    compareText(france.gPerKwh.source, "France (FR), 2024, lifecycle/production, Ember yearly");
    QCOMPARE(*france.gPerKwh.high, 44.18 * 1.10);
    QVERIFY(france.gPerKwh.kind == Kind::Table && france.warnings.empty());
    const auto austria = builtInGrids().find("AT");
    QCOMPARE(*austria.gPerKwh.high, 102.62 * 1.5);
    compareText(austria.warnings.at(0), "Austria is flagged in the table: sources_disagree_x1.6");
    const auto car = builtInGrids().find("CF"); // 0 in the source, which no grid is
    QCOMPARE(car.gPerKwh.value, 24.0);
    compareText(car.warnings.at(0),
        "the source rounds Central African Republic to 0 g/kWh; 24 g/kWh (life cycle of hydro) is used instead");
    const auto own = builtInGrids().find("0");
    QVERIFY(!own.gPerKwh.low && own.gPerKwh.kind == Kind::User && own.warnings.size() == 1);
}

void TestGrid::cloudRegionsCarryTheirPue()
{
    const auto published = builtInGrids().find("us-east-1");
    QCOMPARE(published.pue->value, 1.15);
    QCOMPARE(*published.pue->high, 1.15 * 1.03);
    const auto fleet = builtInGrids().find("eu-west-3");
    QCOMPARE(fleet.pue->value, 1.15);
    compareText(fleet.pue->source, "mean of the aws fleet; none is published for eu-west-3");
    QVERIFY(*fleet.pue->low >= 1);
    QVERIFY(!builtInGrids().find("FR").pue);
}

void TestGrid::basesAreNotMixedSilently()
{
    const auto& b = builtInGrids();
    QVERIFY(mixedBases({b.find("FR"), b.find("PL"), b.find("50")}).empty());
    QCOMPARE(mixedBases({b.find("FR"), b.find("US-CA"), b.find("gcp us-central1")}),
        std::vector<std::string>{"intensities of different bases are put side by side: lifecycle/production, "
                                 "direct/production, operational"});
    compareText(basisFamily("direct/production (x)"), "direct");
    compareText(basisFamily("anything"), "user");
}

void TestGrid::ownZonesComeFirst()
{
    GridBook book;
    book.addCsvText("id,name,g_per_kwh,year,basis,source\nFR,\"My \"\"France\"\", "
                    "ours\",50.5,2025,lifecycle/production,my meter\nLAB,Laboratory,12,,,\n",
        "own.csv");
    const auto mine = book.find("fr");
    QCOMPARE(mine.gPerKwh.value, 50.5);
    QVERIFY(mine.gPerKwh.kind == Kind::User);
    compareText(mine.gPerKwh.source, "My \"France\", ours (FR), 2025, lifecycle/production, my meter");
    QCOMPARE(book.find("laboratory").gPerKwh.value, 12.0);
    QCOMPARE(book.find("DE").gPerKwh.value, 342.06);
    QCOMPARE(builtInGrids().find("FR").gPerKwh.value, 44.18);
}

void TestGrid::electricityMapsSeries()
{
    const std::string text = std::string(kElectricityMaps)
        + "2024-01-01 00:00:00,France,France,FR,20.5,30.5,95,entsoe.eu,false,\r\n2024-01-01 "
          "01:00:00,France,France,FR,21.5,31.5,95,entsoe.eu,false,\r\n2024-01-01 "
          "02:00:00,France,France,FR,22.5,34.5,95,entsoe.eu,false,\r\n";
    const auto s = intensitySeriesFromCsv(text, "FR_2024_hourly.csv");
    compareText(s.zone, "FR");
    QCOMPARE(s.gPerKwh, (std::vector<double>{30.5, 31.5, 34.5})); // life cycle before direct
    compareText(s.basis, "lifecycle/consumption");
    compareText(hourToText(s.firstHour), "2024-01-01 00:00 UTC");
    QCOMPARE(s.at(s.firstHour + 2), 34.5);
    compareText(messageOf([&] { s.at(s.firstHour + 3); }),
        "FR_2024_hourly.csv: the series does not reach this hour: found 2024-01-01 03:00 UTC; allowed 2024-01-01 00:00 "
        "UTC to 2024-01-01 02:00 UTC");
    GridBook book;
    book.addCsvText(text, "FR_2024_hourly.csv");
    const auto i = book.find("FR");
    QVERIFY(std::abs(i.gPerKwh.value - 96.5 / 3) < 1e-12);
    compareText(
        i.gPerKwh.source, "mean of 3 hours from 2024-01-01 00:00 UTC in FR_2024_hourly.csv, lifecycle/consumption");
}

void TestGrid::electricityMapsYears()
{
    GridBook book;
    book.addCsvText(std::string(kElectricityMaps)
            + "2024-01-01 00:00:00,France,France,FR,20.5,30.5,95,entsoe.eu,false,\r\n2024-01-01 "
              "00:00:00,Japan,Tokyo,JP-TK,400,480,20,x,false,\r\n",
        "yearly.csv");
    QCOMPARE(book.find("JP-TK").gPerKwh.value, 480.0);
    QCOMPARE(book.find("Tokyo").year, 2024);
    compareText(book.find("FR").basis, "lifecycle/consumption");
}

void TestGrid::shortGapsAreInterpolated()
{
    const auto s = intensitySeriesFromCsv(hourly(30, {5, 6, 7}), "own.csv");
    QCOMPARE(s.gPerKwh.size(), std::size_t(30));
    QCOMPARE(s.interpolated, 3);
    QCOMPARE(s.gPerKwh[6], 106.0);
    compareText(s.zone, "own");
}

void TestGrid::seriesWithinAnHourAreAveraged()
{
    const auto s = intensitySeriesFromCsv(
        "time,g_per_kwh\n2024-01-01T00:30Z,30\n2024-01-01T00:00Z,10\n2024-01-01T02:00+01:00,50\n", "own.csv");
    QCOMPARE(s.gPerKwh, (std::vector<double>{20, 50}));
}

void TestGrid::badFilesSayWhere_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const std::string& text, const char* message) {
        QTest::newRow(name) << QString::fromStdString(text) << message;
    };
    row("gap", hourly(48, {10, 11, 12, 13}),
        "own.csv: the series of own has a gap: found nothing from 2024-03-01 10:00 UTC to 2024-03-01 13:00 UTC (4 "
        "hours); allowed at most 3 missing hours in a row");
    row("empty cells are gaps", "time,g_per_kwh\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,\n2024-01-01T09:00Z,1\n",
        "own.csv: the series of own has a gap: found nothing from 2024-01-01 01:00 UTC to 2024-01-01 08:00 UTC (8 "
        "hours); allowed at most 3 missing hours in a row");
    row("decimal comma", "time;g_per_kwh\n2024-01-01T00:00Z;412,5\n",
        "own.csv:2: a number with a decimal comma: found \"412,5\"; allowed a decimal point");
    row("decimal comma, quoted", "time,g_per_kwh\n2024-01-01T00:00Z,\"412,5\"\n",
        "own.csv:2: a number with a decimal comma: found \"412,5\"; allowed a decimal point");
    row("decimal comma, bare", "time,g_per_kwh\n2024-01-01T00:00Z,412,5\n",
        "own.csv:2: wrong number of cells (a number with a decimal comma?): found 3; allowed 2");
    row("columns", "a,b\n1,2\n",
        "own.csv:1: the columns are not known: found \"a, b\"; allowed time,g_per_kwh; id,name,g_per_kwh; or an export "
        "of Electricity Maps");
    row("empty", "", "own.csv: there is nothing in the file: found 0 lines; allowed a header and at least one row");
    row("number", "time,g_per_kwh\n2024-01-01T00:00Z,much\n",
        "own.csv:2: not a number: found \"much\"; allowed g CO2e per kWh");
    row("negative", "time,g_per_kwh\n2024-01-01T00:00Z,-3\n",
        "own.csv:2: the intensity is out of range: found -3; allowed 0 to 5000 g CO2e per kWh");
    row("nan", "time,g_per_kwh\n2024-01-01T00:00Z,nan\n",
        "own.csv:2: the intensity is out of range: found nan; allowed 0 to 5000 g CO2e per kWh");
    row("time", "time,g_per_kwh\n01.02.2024 00:00,3\n",
        "own.csv:2: not a time: found \"01.02.2024 00:00\"; allowed ISO 8601, such as 2024-03-01T05:00Z");
    row("twice", "time,g_per_kwh\n2024-01-01T00:00Z,3\n2024-01-01T00:00Z,3\n",
        "own.csv:3: a time stands twice: found 2024-01-01 00:00 UTC");
    row("quote", "id,name,g_per_kwh\nA,\"x,1\n", "own.csv:2: a quotation mark is not closed");
    row("no id", "id,name,g_per_kwh\n,x,1\n", "own.csv:2: the zone has no id");
    row("no values", "time,g_per_kwh\n2024-01-01T00:00Z,\n", "own.csv: the series holds no value");
}

void TestGrid::badFilesSayWhere()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { GridBook().addCsvText(text.toStdString(), "own.csv"); }), message.toStdString());
}

void TestGrid::times()
{
    QCOMPARE(hourFromIso("1970-01-01", "x"), std::int64_t(0));
    QCOMPARE(hourFromIso("1970-01-01T00:30:00.123Z", "x"), std::int64_t(0));
    QCOMPARE(hourFromIso("1970-01-02 05:00:00 UTC", "x"), std::int64_t(29));
    QCOMPARE(hourFromIso("1970-01-01T00:00+0100", "x"), std::int64_t(-1));
    compareText(hourToText(-1), "1969-12-31 23:00 UTC");
    compareText(hourToText(hourFromIso("2024-02-29T23:00Z", "x")), "2024-02-29 23:00 UTC");
    for (const char* bad : {"", "2024", "2023-02-29", "2024-01-01T25:00", "2024-01-01T00:61", "2024-01-01T00:00X",
             "2024-01-01T00:00+99:00", "2024-13-01", "-024-01-01", "2024-01-01T", "2024-01-01T0"})
        QVERIFY2(messageOf([&] { hourFromIso(bad, "x"); }).starts_with("x: not a time: "), bad);
}

void TestGrid::hostileTextIsAnErrorOrARow()
{
    for (const std::string& text : {std::string(100'000, 'x'), std::string("\xff\xfe\x80"), std::string("a\0b", 3),
             std::string("../../etc/passwd"), std::string("日本")})
        QVERIFY(messageOf([&] { builtInGrids().find(text); }).starts_with("there is no grid zone"));
}

QTEST_APPLESS_MAIN(TestGrid)
#include "tst_grid.moc"

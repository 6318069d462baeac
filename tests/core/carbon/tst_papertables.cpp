// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Printed tables, computed again: every cell that our formula should meet is met, and the others are explained.
#include "support.h"

#include "carbon/designcost.h"
#include "carbon/papertables.h"

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::messageOf;

namespace {

const PaperFigure& figure(const PaperTable& t, std::size_t row, std::size_t column)
{
    return t.rows.at(row).figures.at(column);
}

/// "row: figure" of what does not meet the printed cell.
QStringList differing(const PaperTable& t)
{
    QStringList list;
    for (const auto& r : t.rows)
        for (const auto& f : r.figures)
            if (f.agreement == Agreement::Differs)
                list += QString::fromStdString(r.title + ": " + f.what);
    return list;
}

} // namespace

class TestPaperTables : public QObject {
    Q_OBJECT
private slots:
    void strubell();
    void ofa();
    void ofaIsWhatTheReferenceComputed();
    void patterson();
    void carbontracker();
    void agreementRules();
    void textAndJson();
};

void TestPaperTables::strubell()
{
    const auto t = paperTable("strubell");
    QCOMPARE(t.rows.size(), std::size_t(8));
    QCOMPARE(differing(t), (QStringList{"BERT base, V100x64: kWh x PUE", "BERT base, V100x64: lb CO2e"}));
    compareText(figure(t, 3, 0).remark, "79.2 h (3.3 days) give 1506.8: the printed hours are rounded");
    QVERIFY(std::abs(*figure(t, 5, 1).computed - 626155.306196) < 1e-3);
    QVERIFY(figure(t, 4, 0).agreement == Agreement::NotComputable);
    QVERIFY(contains(t.notes.back(), "88.8 times less") && contains(t.notes.back(), "never 626,155 lb alone"));
}

void TestPaperTables::ofa()
{
    const auto t = paperTable("ofa");
    QCOMPARE(t.rows.size(), std::size_t(13));
    QCOMPARE(differing(t), (QStringList{"MobileNetV3-Large: k lb CO2e", "MobileNetV3-Large: k USD"}));
    // Rounded hours first; one cell from the exact ones.
    compareText(figure(t, 10, 1).remark, "from the hours as printed; 0.35166 from the exact hours");
    compareText(figure(t, 12, 2).remark, "from the exact hours; 12.852 from the hours as printed");
    QVERIFY(contains(t.notes[3], "ProxylessNAS 16.13, FBNet 18.58, MnasNet 1290"));
}

void TestPaperTables::ofaIsWhatTheReferenceComputed()
{
    const DesignRates rates;
    QVERIFY(std::abs(rates.kgPerGpuHour() - 0.128638858878) < 1e-12);
    for (const auto& [key, lb] :
        {std::pair{"darts", 3925.0}, {"spnas", 4710.0}, {"autoslim", 3454.2}, {"ofa75", 1202.5}, {"nasnet", 544512.3}})
        QVERIFY2(std::abs(designMethod(key).hours.total(40) * rates.lbPerGpuHour() - lb) < 0.06, key);
}

void TestPaperTables::patterson()
{
    const auto t = paperTable("patterson");
    QCOMPARE(t.rows.size(), std::size_t(6));
    QCOMPARE(differing(t), (QStringList{"GShard-600B, TPUv3: t CO2e, net"}));
    compareText(figure(t, 3, 2).remark,
        "after purchases of clean energy: beside the total, never in it; the printed energy gives 4.27");
    QVERIFY(figure(t, 1, 0).agreement == Agreement::WithinOnePercent);
    QVERIFY(std::abs(*figure(t, 5, 0).computed - 1289.376) < 1e-9);
}

void TestPaperTables::carbontracker()
{
    const auto t = paperTable("carbontracker");
    QCOMPARE(differing(t), QStringList());
    QVERIFY(figure(t, 1, 0).agreement == Agreement::Truncated && figure(t, 2, 0).agreement == Agreement::Truncated);
    QVERIFY(std::abs(*figure(t, 0, 0).computed - 188701.923077) < 1e-5);
}

void TestPaperTables::agreementRules()
{
    const auto of = [](std::optional<double> printed, std::optional<double> computed, double step, bool percent) {
        return comparedFigure("x", printed, computed, step, percent).agreement;
    };
    QVERIFY(of(27, 26.5, 1, false) == Agreement::Rounds);
    QVERIFY(of(27, 27.9, 1, false) == Agreement::Truncated);
    QVERIFY(of(27, 26.4, 1, false) == Agreement::Differs);
    QVERIFY(of(100, 99.2, 0.1, true) == Agreement::WithinOnePercent);
    QVERIFY(of({}, 1, 1, false) == Agreement::NotPrinted);
    QVERIFY(of(1, {}, 1, false) == Agreement::NotComputable);
    QCOMPARE(*comparedFigure("x", 27, 26.5, 1).difference(), -0.5);
    compareText(messageOf([] { paperTable("llmcarbon"); }),
        "there is no table with this name: found \"llmcarbon\"; allowed strubell, ofa, patterson, carbontracker");
}

void TestPaperTables::textAndJson()
{
    for (const auto& name : paperTableNames()) {
        const auto t = paperTable(name);
        const auto j = toJson(t);
        QCOMPARE(j["rows"].size(), t.rows.size());
        QVERIFY(!t.notes.empty());
        const auto text = paperTableText(t);
        for (const auto& r : t.rows)
            QVERIFY(contains(text, r.title));
    }
    QVERIFY(contains(paperTableText(paperTable("strubell")),
        "  kWh x PUE                27        26.8432      -0.1568  rounds to it\n"));
}

QTEST_APPLESS_MAIN(TestPaperTables)
#include "tst_papertables.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pinned subnets beside each other: as it reads on the screen, as it is copied, and what is said of it in words.
#include "support.h"

#include "bundle/shipped.h"
#include "models/comparemodel.h"
#include "state/comparewords.h"
#include "views/architecturestrip.h"
#include "views/comparedialog.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QLocale>
#include <QPushButton>
#include <QTableView>
#include <QTest>

using namespace paretoscope;
using namespace paretoscope::desktop;
using Lead = CompareModel::Lead;

class TestCompare : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void nothingIsAnEmptyTable();
    void readsLikeTheScreen();
    void devicesAreNamed();
    void leadsAreMarked();
    void whatIsUnknownWinsNothing();
    void emissionsAreARow();
    void copiesForPrograms();
    void copiesForPeople();
    void probabilitiesSayWhatTheyAssume();
    void emissionsInWords_data();
    void emissionsInWords();
    void massesInWords();
    void dialogFollowsThePins();
    void dialogCopies();

private:
    static constexpr auto kFail = QAbstractItemModelTester::FailureReportingMode::QtTest;
    static QStringList printed(const QAbstractItemModel& model)
    {
        QStringList rows, header;
        for (int c = 0; c < model.columnCount(); ++c)
            header += model.headerData(c, Qt::Horizontal).toString();
        rows += header.join(" | ");
        for (int r = 0; r < model.rowCount(); ++r) {
            QStringList cells;
            for (int c = 0; c < model.columnCount(); ++c)
                cells += model.index(r, c).data().toString();
            rows += cells.join(" | ");
        }
        return rows;
    }
    static Lead lead(const QAbstractItemModel& model, int row, int column) { return static_cast<Lead>(model.index(row, column).data(CompareModel::LeadRole).toInt()); }
    static NetEmissions emissions(double trainingKg, double useGPerInference, double inferences = 1e6)
    {
        NetEmissions e;
        const auto exact = [](double v) { return Estimate{v, v, v, Kind::Model, ""}; };
        e.trainingKg = exact(trainingKg);
        e.useKg = exact(useGPerInference * inferences / 1000);
        e.totalKg = exact(trainingKg + e.useKg->value);
        e.inferences = inferences;
        e.useGPerInference = useGPerInference;
        return e;
    }
    void open(ExplorerState& state, std::vector<Pin> pins) const
    {
        Question q;
        q.devices = {"samsung-note10"};
        q.pins = std::move(pins);
        state.open(m_world, std::make_shared<const Table>(), q);
    }

    std::shared_ptr<const World> m_world, m_two; // on one device, and on two
    Subnet m_small, m_large;
};

void TestCompare::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    const auto bundle = std::make_shared<const Bundle>(openBundle(findBundle("imagenet-ofa-mbv3-w1.0")));
    m_world = makeWorld(bundle, {*bundle->device("samsung-note10")}, {});
    m_two = makeWorld(bundle, {*bundle->device("samsung-note10"), *bundle->device("intel-i7-8700k")}, {});
    m_small = m_world->space().smallest();
    m_large = m_world->space().largest();
}

void TestCompare::nothingIsAnEmptyTable()
{
    CompareModel model;
    QAbstractItemModelTester tester(&model, kFail);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 0);
    QCOMPARE(model.tsv(), QString());
    QCOMPARE(model.markdown(), QString());
    model.setEmissions({std::nullopt});
    QCOMPARE(model.rowCount(), 0);
    model.setPins(m_world, {{m_small, 'A'}, {m_large, 'B'}});
    QCOMPARE(model.rowCount(), 8);
    model.setPins(nullptr, {});
    QCOMPARE(model.columnCount(), 0);
}

void TestCompare::readsLikeTheScreen()
{
    CompareModel model;
    QAbstractItemModelTester tester(&model, kFail);
    model.setPins(m_world, {{m_large, 'A'}, {m_small, 'C'}});
    const auto rows = printed(model);
    QCOMPARE(rows[0], QString("Figure | A | C"));
    QCOMPARE(rows.size(), 9);
    QVERIFY2(rows[1].startsWith("Top-1 | ▲ 76.96 ± ") && rows[1].endsWith("(−11.89 points)"), qPrintable(rows[1]));
    QVERIFY2(rows[2].startsWith("Latency | 67.4 ± ") && rows[2].contains("▲ 4.79") && rows[2].endsWith("(−62.6 ms)"), qPrintable(rows[2]));
    QCOMPARE(rows[5], QString("MACs | 566 M | ▲ 41.5 M  (−525 M)"));
    QVERIFY(model.index(1, 2).data(Qt::FontRole).value<QFont>().bold() && !model.index(1, 1).data(Qt::FontRole).value<QFont>().bold());
    QVERIFY(model.index(1, 2).data(Qt::AccessibleTextRole).toString().startsWith("best: 4.79"));
    QVERIFY(model.index(1, 1).data(Qt::ToolTipRole).toString().contains("⚠ extrapolated"));
    QCOMPARE(model.index(1, 1).data(CompareModel::ShareRole).toDouble(), 1.0);
    QVERIFY(model.index(1, 2).data(CompareModel::ShareRole).toDouble() < 0.1);
    QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::ToolTipRole).toString(), QString("Pin C, resolution 128"));
}

void TestCompare::devicesAreNamed()
{
    CompareModel model;
    QAbstractItemModelTester tester(&model, kFail);
    model.setPins(m_two, {{m_large, 'A'}, {m_small, 'B'}, {m_large, 'C'}, {m_small, 'D'}});
    QStringList titles;
    for (int r = 0; r < model.rowCount(); ++r)
        titles += model.index(r, 0).data().toString();
    QCOMPARE(titles.mid(0, 5), QStringList({"Top-1", "Latency on Samsung Note10", "Latency on Intel Core i7-8700K", "Energy on Samsung Note10", "Energy on Intel Core i7-8700K"}));
    QCOMPARE(model.columnCount(), 5);
    // Equals lead together.
    QVERIFY(lead(model, 1, 1) == Lead::None && lead(model, 1, 2) == Lead::Best && lead(model, 1, 4) == Lead::Best);
    QVERIFY(model.index(1, 3).data().toString().endsWith("(±0 ms)"));
}

void TestCompare::leadsAreMarked()
{
    CompareModel model;
    model.setPins(m_world, {{m_small, 'A'}, {m_small, 'B'}});
    for (int r = 0; r < model.rowCount(); ++r)
        for (int c = 1; c < 3; ++c)
            QVERIFY(lead(model, r, c) == Lead::None); // nobody leads among equals
    // One block a little narrower is hardly less accurate.
    auto near = m_large;
    --near.op[0];
    model.setPins(m_world, {{m_large, 'A'}, {near, 'B'}});
    const auto better = m_world->figure(m_large, {Metric::Top1Percent, 0})->value > m_world->figure(near, {Metric::Top1Percent, 0})->value ? 1 : 2;
    QVERIFY2(lead(model, 0, better) == Lead::Perhaps, qPrintable(printed(model)[1]));
    QVERIFY(model.index(0, better).data().toString().startsWith("△ "));
    QVERIFY(!model.index(0, better).data(Qt::FontRole).value<QFont>().bold());
    QVERIFY(lead(model, 1, 2) == Lead::Best); // but faster it is
}

void TestCompare::whatIsUnknownWinsNothing()
{
    auto odd = m_small;
    odd.resolution = 132; // which the predictor does not know
    CompareModel model;
    QAbstractItemModelTester tester(&model, kFail);
    model.setPins(m_world, {{odd, 'A'}, {m_large, 'B'}});
    QCOMPARE(model.index(0, 1).data().toString(), QString("unknown"));
    QVERIFY(!model.index(0, 2).data().toString().contains("("));
    QVERIFY(lead(model, 0, 1) == Lead::None && lead(model, 0, 2) == Lead::None);
    QVERIFY(!model.index(0, 1).data(CompareModel::ShareRole).isValid());
    QVERIFY(model.tsv().split('\n')[1].contains("\t\t\t"));
}

void TestCompare::emissionsAreARow()
{
    CompareModel model;
    QAbstractItemModelTester tester(&model, kFail);
    model.setPins(m_world, {{m_large, 'A'}, {m_small, 'B'}});
    model.setEmissions({Estimate{2, 1, 4, Kind::Model, "x"}, Estimate{0.5, 0.25, 1, Kind::Model, "x"}});
    QCOMPARE(printed(model).back(), QString("CO₂e over the life | 2.00 kg (1.00 kg–4.00 kg) | ▲ 500 g (250 g–1.00 kg)  (−1.50 kg)"));
    QVERIFY(model.tsv().contains("life-co2e\tsamsung-note10\tkg\t2\t1\t4\t0.5\t0.25\t1\t-1.5\n"));
    model.setEmissions({std::nullopt, std::nullopt});
    QCOMPARE(model.rowCount(), 8);
    model.setEmissions({Estimate{}}); // of other pins
    QCOMPARE(model.rowCount(), 8);
}

void TestCompare::copiesForPrograms()
{
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany)); // files are in nobody's language
    CompareModel model;
    model.setPins(m_two, {{m_large, 'A'}, {m_small, 'B'}});
    const auto lines = model.tsv().split('\n');
    QLocale::setDefault(QLocale::c());
    QCOMPARE(lines[0], QString("figure\tdevice\tunit\tA\tA low\tA high\tB\tB low\tB high\tB - A"));
    QVERIFY2(lines[1].startsWith("top1\t\t%\t76.9"), qPrintable(lines[1]));
    QVERIFY2(lines[2].startsWith("latency\tsamsung-note10\tms\t67."), qPrintable(lines[2]));
    QVERIFY2(lines[3].startsWith("latency\tintel-i7-8700k\tms\t"), qPrintable(lines[3]));
    for (const auto& line : lines.mid(0, lines.size() - 1))
        QCOMPARE(line.count('\t'), 9);
    const auto cells = lines[2].split('\t');
    QVERIFY(std::abs(cells[6].toDouble() - cells[3].toDouble() - cells[9].toDouble()) < 1e-6);
    QVERIFY(cells[4].toDouble() < cells[3].toDouble() && cells[3].toDouble() < cells[5].toDouble());
}

void TestCompare::copiesForPeople()
{
    CompareModel model;
    model.setPins(m_world, {{m_large, 'A'}, {m_small, 'B'}});
    const auto lines = model.markdown().split('\n');
    QCOMPARE(lines[0], QString("| Figure | A | B |"));
    QCOMPARE(lines[1], QString("| --- | ---: | ---: |"));
    QCOMPARE(lines[6], QString("| MACs | 566 M | **▲ 41.5 M  (−525 M)** |"));
}

void TestCompare::probabilitiesSayWhatTheyAssume()
{
    const auto words = accuracyWords(*m_world, {{m_large, 'A'}, {m_small, 'B'}, {m_large, 'C'}});
    QCOMPARE(words.size(), 4);
    QCOMPARE(words[0], QString("P(B is more accurate than A): below 1 %"));
    QCOMPARE(words[1], QString("P(C is more accurate than A): 50 %"));
    QCOMPARE(words[2], QString("P(C is more accurate than B): above 99 %"));
    QVERIFY(words[3].contains("independent") && words[3].contains("approximation"));
    auto bundle = *m_world->bundle;
    for (auto& p : bundle.predictors)
        p.bands.reset();
    const auto bare = makeWorld(std::make_shared<const Bundle>(bundle), {}, {});
    QCOMPARE(accuracyWords(*bare, {{m_large, 'A'}, {m_small, 'B'}}), QStringList());
}

void TestCompare::emissionsInWords_data()
{
    QTest::addColumn<double>("trainingA");
    QTest::addColumn<double>("gramA");
    QTest::addColumn<double>("trainingB");
    QTest::addColumn<double>("gramB");
    QTest::addColumn<QString>("words");
    QTest::newRow("from the first on") << 1.0 << 0.001 << 1.0 << 0.0005 << "B emits less than A from the first inference on: 500 g less over the life assumed (1 million inferences).";
    QTest::newRow("the other way round") << 1.0 << 0.0005 << 1.0 << 0.001 << "A emits less than B from the first inference on: 500 g less over the life assumed (1 million inferences).";
    QTest::newRow("break-even") << 1.0 << 0.003 << 2.0 << 0.001 << "B and A have emitted the same after 500000 inferences (50 % of the life assumed): until then A has emitted less, from then on B.";
    QTest::newRow("equal") << 1.0 << 0.001 << 1.0 << 0.001 << "A and B emit the same.";
}

void TestCompare::emissionsInWords()
{
    QFETCH(double, trainingA);
    QFETCH(double, gramA);
    QFETCH(double, trainingB);
    QFETCH(double, gramB);
    const std::vector<Pin> pins{{m_large, 'A'}, {m_small, 'B'}};
    const auto words = emissionWords(pins, {emissions(trainingA, gramA), emissions(trainingB, gramB)});
    QCOMPARE(words.size(), 1);
    QTEST(words[0], "words");
    NetEmissions unknown;
    unknown.reason = "no device is chosen";
    QCOMPARE(emissionWords(pins, {emissions(trainingA, gramA), unknown}), QStringList({"Emissions of B are not known: no device is chosen."}));
}

void TestCompare::massesInWords()
{
    QCOMPARE(massText(0.01234), QString("12.34 g"));
    QCOMPARE(massText(0.5), QString("500 g"));
    QCOMPARE(massText(1.5), QString("1.50 kg"));
    QCOMPARE(massText(123.4), QString("123 kg"));
}

void TestCompare::dialogFollowsThePins()
{
    ExplorerState state;
    QVERIFY(!CompareDialog::canCompare(state));
    open(state, {{m_large, 'A'}});
    QVERIFY(!CompareDialog::canCompare(state));
    CompareDialog dialog(state);
    dialog.show();
    QCOMPARE(dialog.model().columnCount(), 0);
    QVERIFY(dialog.words().contains("Pin two to four"));
    state.change("Pin", "", [&](Question& q) { q.pins.push_back({m_small, 'B'}); });
    QVERIFY(CompareDialog::canCompare(state));
    QCOMPARE(dialog.model().columnCount(), 3);
    QCOMPARE(dialog.findChildren<ArchitectureStrip*>().size(), 2);
    QVERIFY(dialog.words().contains("P(B is more accurate than A): below 1 %") && dialog.words().contains("being computed"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog.words().contains("B emits less than A from the first inference on"), 30'000);
    QCOMPARE(dialog.model().rowCount(), 9);
    // Other assumptions are other emissions; what is shown of the old ones goes at once.
    state.change("Grid", "", [&](Question& q) { q.carbon.inferencesPerDay = 0; });
    QCOMPARE(dialog.model().rowCount(), 8);
    QTRY_VERIFY_WITH_TIMEOUT(dialog.words().contains("no inference is made"), 30'000);
    state.change("Pins", "", [&](Question& q) {
        for (char c = 'C'; c < 'G'; ++c)
            q.pins.push_back({m_large, c});
    });
    QCOMPARE(dialog.model().columnCount(), 5);
    QVERIFY(dialog.words().contains("the first 4 of 6 pins"));
    state.close();
    QCOMPARE(dialog.model().columnCount(), 0);
    QCOMPARE(dialog.findChildren<ArchitectureStrip*>().size(), 0);
}

void TestCompare::dialogCopies()
{
    ExplorerState state;
    open(state, {{m_large, 'A'}, {m_small, 'B'}});
    CompareDialog dialog(state);
    dialog.show();
    dialog.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    auto* table = dialog.findChild<QTableView*>();
    table->setFocus();
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QApplication::clipboard()->text().startsWith("figure\tdevice\tunit\tA"));
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(QApplication::clipboard()->text().startsWith("| Figure | A | B |"));
}

QTEST_MAIN(TestCompare)
#include "tst_compare.moc"

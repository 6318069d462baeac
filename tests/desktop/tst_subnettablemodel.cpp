// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of subnets as it reads on the screen, and how it follows the state.
#include "support.h"

#include "bundle/shipped.h"
#include "models/subnettablemodel.h"
#include "space/network.h"
#include "space/spacejson.h"
#include "state/explorerstate.h"
#include "views/tableview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace paretoscope;
using namespace paretoscope::desktop;

using Standing = SubnetTableModel::Standing;

class TestSubnetTableModel : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void nothingIsAnEmptyTable();
    void readsLikeTheScreen();
    void namesFurtherDevices();
    void saysWhatIsKnownOfASpaceAlone();
    void aSubnetStandsInOneRow();
    void marksWhatMissesALimit();
    void pinsHaveTheirLetters();
    void filtersAndBrushes();
    void sortsByNumber();
    void sortsStablyInBothOrders();
    void sortsText();
    void sortingMovesIndexesAlong();
    void keepsItsOrder();
    void tipsNameTheSource();
    void tsvHasAllDigits();
    void selectsBothWays();
    void whatIsSelectedElsewhereComesIntoSight();
    void selectionSurvivesNewFigures();
    void aSubnetThatIsNotShownStaysSelected();
    void aHiddenTableDoesNothing();
    void figuresOfAnotherWorldAreLeftOut();
    void copiesAndPins();
    void columnsAreHidden();
    void manyRows();

private:
    using Tester = QAbstractItemModelTester;
    static constexpr auto kFail = Tester::FailureReportingMode::QtTest;

    std::shared_ptr<const Table> table(const std::vector<Subnet>& subnets) const { return std::make_shared<const Table>(tabulate(*m_world, subnets)); }
    SubnetTableModel::Snapshot snapshot(const Question& question = {}) const { return {m_world, m_front, m_cloud, question}; }
    /// An answer whose front is this one; nothing else of it is needed here.
    std::shared_ptr<const Answer> answer(const std::shared_ptr<const Table>& front) const
    {
        auto a = std::make_shared<Answer>();
        a->world = m_world;
        a->result = std::make_shared<const SearchResult>();
        a->front = *front;
        return a;
    }
    int column(const SubnetTableModel& model, const QString& key) const
    {
        for (int c = 0; c < model.columnCount(); ++c)
            if (model.columnKey(c) == key)
                return c;
        return -1;
    }
    static QStringList printed(const QAbstractItemModel& model, const QList<int>& columns = {})
    {
        QStringList rows;
        for (int r = 0; r < model.rowCount(); ++r) {
            QStringList cells;
            for (int c = 0; c < model.columnCount(); ++c)
                if (columns.isEmpty() || columns.contains(c))
                    cells += model.index(r, c).data().toString();
            rows += cells.join(QStringLiteral(" | "));
        }
        return rows;
    }
    static QString header(const QAbstractItemModel& model)
    {
        QStringList cells;
        for (int c = 0; c < model.columnCount(); ++c)
            cells += model.headerData(c, Qt::Horizontal).toString();
        return cells.join(QStringLiteral(" | "));
    }
    static Standing standing(const QAbstractItemModel& model, int row) { return static_cast<Standing>(model.index(row, 0).data(SubnetTableModel::StandingRole).toInt()); }
    static QList<double> numbers(const QAbstractItemModel& model, int column)
    {
        QList<double> all;
        for (int r = 0; r < model.rowCount(); ++r)
            all += model.index(r, column).data(SubnetTableModel::NumberRole).toDouble();
        return all;
    }

    QTemporaryDir m_settings;
    std::shared_ptr<const Bundle> m_bundle;
    std::shared_ptr<const World> m_world;
    Subnet m_small, m_middle, m_large;
    std::shared_ptr<const Table> m_front, m_cloud; // middle and large; small, large, small
};

void TestSubnetTableModel::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    QCoreApplication::setOrganizationName("Paretoscope tests");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    m_bundle = std::make_shared<const Bundle>(openBundle(findBundle("imagenet-ofa-mbv3-w1.0")));
    m_world = makeWorld(m_bundle, {*m_bundle->device("samsung-note10")}, {});
    m_small = m_world->space().smallest();
    m_large = m_world->space().largest();
    m_middle = m_large; // depths 4·2·4·2·4
    m_middle.resolution = 192;
    m_world->space().setStage(m_middle, 1, m_world->space().stageIndex(m_small, 1));
    m_world->space().setStage(m_middle, 3, m_world->space().stageIndex(m_small, 3));
    m_front = table({m_middle, m_large});
    m_cloud = table({m_small, m_large, m_small});
}

void TestSubnetTableModel::init() { QSettings().clear(); }

void TestSubnetTableModel::nothingIsAnEmptyTable()
{
    SubnetTableModel model;
    Tester tester(&model, kFail);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 0);
    model.setSnapshot({});
    model.sort(3);
    model.sort(-1);
    QCOMPARE(model.rowOf(m_small), -1);
    QVERIFY(!model.subnetAt(0) && !model.subnetAt(-1));
    QCOMPARE(model.tsv({}), QString());
    model.setSnapshot({m_world, nullptr, nullptr, {}});
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(model.columnCount() > 8);
    model.setSnapshot(snapshot());
    QCOMPARE(model.rowCount(), 3);
    model.setSnapshot({});
    QCOMPARE(model.columnCount(), 0);
}

void TestSubnetTableModel::readsLikeTheScreen()
{
    SubnetTableModel model;
    Tester tester(&model, kFail);
    model.setSnapshot(snapshot());
    QCOMPARE(header(model), QString(" | Top-1 (%) | Latency (ms) | Energy (mJ) | Emissions (g/M) | MACs (M) | Parameters (M) | Weights (MB) | Peak memory (MB) | Resolution | Depths | Kernels | Expansions"));
    QCOMPARE(printed(model), QStringList({"◆ | 73.86 | 34.3 | 58.5 | 9.05 | 282 | 6.22 | 24.9 | 4.42 | 192 | 4·2·4·2·4 | 7777·33·7777·33·7777 | 6666·33·6666·33·6666",
                                     "◆ | 76.96 | 67.4 | 117 | 18.1 | 566 | 7.66 | 30.7 | 6.02 | 224 | 4·4·4·4·4 | 7777·7777·7777·7777·7777 | 6666·6666·6666·6666·6666",
                                     "● | 65.08 | 4.79 | 8.52 | 1.32 | 41.5 | 3.41 | 13.6 | 1.05 | 128 | 2·2·2·2·2 | 33·33·33·33·33 | 33·33·33·33·33"}));
    const auto latency = model.index(0, column(model, "latency"));
    QVERIFY(latency.data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignRight);
    QVERIFY(model.index(0, column(model, "kernels")).data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignLeft);
    QCOMPARE(latency.data(SubnetTableModel::NumberRole).toDouble(), m_world->figure(m_middle, {Metric::LatencyMs, 0})->value);
    QCOMPARE(latency.data(Qt::AccessibleTextRole).toString(), QString("Latency: %1 ms").arg(latency.data().toString()));
    QCOMPARE(model.index(2, 0).data(Qt::AccessibleTextRole).toString(), QString("feasible"));
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::AccessibleTextRole).toString(), QString("Mark"));
}

void TestSubnetTableModel::namesFurtherDevices()
{
    const auto world = makeWorld(m_bundle, {*m_bundle->device("samsung-note10"), *m_bundle->device("intel-i7-8700k")}, {});
    SubnetTableModel model;
    Tester tester(&model, kFail);
    model.setSnapshot({world, nullptr, std::make_shared<const Table>(tabulate(*world, std::vector{m_large})), {}});
    const int first = column(model, "latency"), second = column(model, "latency@intel-i7-8700k");
    QVERIFY(first > 0 && second == first + 1);
    QCOMPARE(model.headerData(first, Qt::Horizontal).toString(), QString("Latency (ms)"));
    QCOMPARE(model.headerData(second, Qt::Horizontal).toString(), QString("Latency on %1 (ms)").arg(QString::fromStdString(world->devices[1].device.title)));
    QCOMPARE(model.index(0, second).data(SubnetTableModel::NumberRole).toDouble(), world->figure(m_large, {Metric::LatencyMs, 1})->value);
    QCOMPARE(column(model, "macs"), column(model, "params") - 1);
    QCOMPARE(column(model, "macs@intel-i7-8700k"), -1);
}

/// No device, no predictor; choices that are not digits, and widths.
void TestSubnetTableModel::saysWhatIsKnownOfASpaceAlone()
{
    auto bundle = std::make_shared<Bundle>();
    bundle->parts = std::make_shared<const Parts>(builtInSpace("ofa-resnet50"));
    const auto world = makeWorld(bundle, {}, {});
    SubnetTableModel model;
    Tester tester(&model, kFail);
    model.setSnapshot({world, nullptr, std::make_shared<const Table>(tabulate(*world, std::vector{world->space().smallest()})), {}});
    QCOMPARE(column(model, "latency"), -1);
    QCOMPARE(column(model, "top1"), -1);
    QCOMPARE(printed(model, {column(model, "depths"), column(model, "widths"), column(model, "kernels"), column(model, "expansions")}), QStringList({"0·0·0·0·0 | 0·0·0·0·0·0 | 33·33·3333·33 | 0.2,0.2·0.2,0.2·0.2,0.2,0.2,0.2·0.2,0.2"}));
}

void TestSubnetTableModel::aSubnetStandsInOneRow()
{
    SubnetTableModel model;
    model.setSnapshot(snapshot()); // the large one is in both tables, the small one twice in the cloud
    QCOMPARE(model.rowCount(), 3);
    QVERIFY(standing(model, 0) == Standing::Front && standing(model, 1) == Standing::Front && standing(model, 2) == Standing::Feasible);
    QVERIFY(model.subnetAt(0) == m_middle && model.subnetAt(1) == m_large && model.subnetAt(2) == m_small && !model.subnetAt(3));
    QCOMPARE(model.rowOf(m_small), 2);
    auto other = m_small;
    other.resolution = 224;
    QCOMPARE(model.rowOf(other), -1);
    model.setSnapshot({m_world, nullptr, m_cloud, {}});
    QCOMPARE(model.rowOf(m_large), 1);
    QVERIFY(standing(model, 1) == Standing::Feasible);
}

void TestSubnetTableModel::marksWhatMissesALimit()
{
    const double latency = m_world->figure(m_middle, {Metric::LatencyMs, 0})->value;
    Question q;
    q.limits = {{Metric::LatencyMs, true, latency}};
    SubnetTableModel model;
    Tester tester(&model, kFail);
    model.setSnapshot(snapshot(q)); // exactly at the limit is within it
    QCOMPARE(printed(model, {0}), QStringList({"◆", "○", "●"}));
    const auto tip = model.index(1, 0).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.startsWith("infeasible\nmisses the limit of Latency: "), qPrintable(tip));
    QCOMPARE(model.index(0, 0).data(Qt::ToolTipRole).toString(), QString("front"));
    q.limits = {{Metric::LatencyMs, true, latency * (1 - 1e-12)}}; // the sums of the solver and of ours
    model.setSnapshot(snapshot(q));
    QVERIFY(standing(model, 0) == Standing::Front);
    q.limits = {{Metric::LatencyMs, true, latency * 0.99}, {Metric::Top1Percent, true, 100}};
    model.setSnapshot(snapshot(q));
    QCOMPARE(printed(model, {0}), QStringList({"○", "○", "○"}));
    q.limits[1].on = false;
    model.setSnapshot(snapshot(q));
    QCOMPARE(printed(model, {0}), QStringList({"○", "○", "●"}));
    q.showInfeasible = false;
    model.setSnapshot(snapshot(q));
    QCOMPARE(printed(model, {0}), QStringList({"●"}));
    q.showInfeasible = true;
    q.showDominated = false;
    model.setSnapshot(snapshot(q));
    QCOMPARE(printed(model, {0}), QStringList({"○", "○"}));
}

void TestSubnetTableModel::pinsHaveTheirLetters()
{
    SubnetTableModel model;
    Tester tester(&model, kFail);
    model.setSnapshot(snapshot());
    QSignalSpy reset(&model, &SubnetTableModel::modelReset), changed(&model, &SubnetTableModel::dataChanged);
    Question q;
    q.pins = {{m_small, 'B'}, {m_large, 'A'}};
    model.setSnapshot(snapshot(q));
    QCOMPARE(reset.count(), 0); // what is selected stays
    QCOMPARE(changed.count(), 1);
    QCOMPARE(printed(model, {0}), QStringList({"◆", "◆ A", "● B"}));
    QCOMPARE(model.index(1, 0).data(Qt::AccessibleTextRole).toString(), QString("front, pin A"));
    model.sort(0);
    QCOMPARE(printed(model, {0}), QStringList({"◆ A", "● B", "◆"}));
    q.pins.pop_back();
    model.setSnapshot(snapshot(q));
    QCOMPARE(printed(model, {0}), QStringList({"● B", "◆", "◆"}));
    q.axes.logX = true; // not of the table
    model.setSnapshot(snapshot(q));
    QCOMPARE(reset.count(), 0);
}

void TestSubnetTableModel::filtersAndBrushes()
{
    SubnetTableModel model;
    Tester tester(&model, kFail);
    const auto left = [&](const Question& q) {
        model.setSnapshot(snapshot(q));
        QString names;
        for (int r = 0; r < model.rowCount(); ++r)
            names += model.subnetAt(r) == m_small ? 's' : model.subnetAt(r) == m_middle ? 'm' : 'l';
        return names;
    };
    Question q;
    QCOMPARE(left(q), QString("mls"));
    q.filter = "r=192";
    QCOMPARE(left(q), QString("m"));
    q.filter = "k=3 & d=2";
    QCOMPARE(left(q), QString("s"));
    q.filter = "lat>0 & acc>101";
    QCOMPARE(left(q), QString());
    q.filter = "lat<"; // while it is typed
    QCOMPARE(left(q), QString("mls"));
    q.filter.clear();
    q.brushes = {{"r", 192, 224}};
    QCOMPARE(left(q), QString("ml"));
    q.brushes.push_back({"latency", 0, m_world->figure(m_middle, {Metric::LatencyMs, 0})->value});
    QCOMPARE(left(q), QString("m"));
    q.brushes.push_back({"depth", 15, 16});
    QCOMPARE(left(q), QString("m"));
    q.brushes.push_back({"no column", 1, 2});
    QCOMPARE(left(q), QString("m"));
    q.brushes.push_back({"params", 1e9, 2e9});
    QCOMPARE(left(q), QString());
}

void TestSubnetTableModel::sortsByNumber()
{
    const auto subnets = cloudOf(*m_world, 400, 3);
    SubnetTableModel model;
    Tester tester(&model, kFail);
    model.setSnapshot({m_world, m_front, table(subnets), {}});
    for (const auto* key : {"top1", "latency", "energy", "co2e", "macs", "params", "peak-activation-bytes", "resolution"}) {
        const int c = column(model, key);
        QVERIFY2(c > 0, key);
        model.sort(c, Qt::AscendingOrder);
        auto found = numbers(model, c);
        QVERIFY2(std::is_sorted(found.begin(), found.end()), key);
        model.sort(c, Qt::DescendingOrder);
        found = numbers(model, c);
        QVERIFY2(std::is_sorted(found.rbegin(), found.rend()), key);
    }
    // "9.8" comes before "10.2".
    const int c = column(model, "latency");
    model.sort(c);
    QStringList texts;
    for (int r = 0; r < model.rowCount(); ++r)
        texts += model.index(r, c).data().toString();
    QVERIFY(!std::is_sorted(texts.begin(), texts.end()));
    model.sort(-1);
    QVERIFY(model.subnetAt(0) == m_middle && model.subnetAt(1) == m_large && model.subnetAt(2) == subnets[0]);
}

void TestSubnetTableModel::sortsStablyInBothOrders()
{
    const auto subnets = cloudOf(*m_world, 200, 4);
    const auto cloud = table(subnets);
    SubnetTableModel model;
    model.setSnapshot({m_world, nullptr, cloud, {}});
    const int latency = column(model, "latency"), resolution = column(model, "resolution");
    for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        model.sort(latency); // equal ones stand in the order of the tables, whatever was sorted before
        model.sort(resolution, order);
        for (int r = 1; r < model.rowCount(); ++r) {
            const auto a = *model.subnetAt(r - 1), b = *model.subnetAt(r);
            if (a.resolution == b.resolution)
                QVERIFY(std::find(subnets.begin(), subnets.end(), a) < std::find(subnets.begin(), subnets.end(), b));
            else
                QCOMPARE(a.resolution < b.resolution, order == Qt::AscendingOrder);
        }
    }
}

void TestSubnetTableModel::sortsText()
{
    SubnetTableModel model;
    model.setSnapshot(snapshot());
    const int depths = column(model, "depths");
    model.sort(depths);
    QCOMPARE(printed(model, {depths}), QStringList({"2·2·2·2·2", "4·2·4·2·4", "4·4·4·4·4"}));
    model.sort(depths, Qt::DescendingOrder);
    QCOMPARE(printed(model, {depths}), QStringList({"4·4·4·4·4", "4·2·4·2·4", "2·2·2·2·2"}));
    // Choice by choice: a shallow stage comes before a deep one, however large its kernels are.
    const int kernels = column(model, "kernels");
    auto shallow = m_large;
    shallow.depth[0] = 2;
    shallow.op[2] = shallow.op[3] = 0;
    auto deep = m_large;
    deep.op[2] = m_small.op[1]; // its third block
    model.setSnapshot({m_world, nullptr, table({m_large, deep, shallow, m_small}), {}});
    model.sort(kernels);
    QCOMPARE(printed(model, {kernels}), QStringList({"33·33·33·33·33", "77·7777·7777·7777·7777", "7737·7777·7777·7777·7777", "7777·7777·7777·7777·7777"}));
}

void TestSubnetTableModel::sortingMovesIndexesAlong()
{
    SubnetTableModel model;
    Tester tester(&model, kFail);
    model.setSnapshot(snapshot());
    const QPersistentModelIndex small = model.index(2, 3), large = model.index(1, 0);
    model.sort(column(model, "macs"));
    QCOMPARE(small.row(), 0);
    QCOMPARE(small.column(), 3);
    QVERIFY(model.subnetAt(large.row()) == m_large);
}

void TestSubnetTableModel::keepsItsOrder()
{
    SubnetTableModel model;
    Tester tester(&model, kFail);
    model.setSnapshot(snapshot());
    model.sort(column(model, "macs"), Qt::DescendingOrder);
    Question q;
    q.limits = {{Metric::LatencyMs, true, 1}};
    model.setSnapshot(snapshot(q));
    QVERIFY(model.subnetAt(0) == m_large && model.subnetAt(1) == m_middle && model.subnetAt(2) == m_small);
    // One more device, and the column stands elsewhere.
    const auto world = makeWorld(m_bundle, {*m_bundle->device("samsung-note10"), *m_bundle->device("intel-i7-8700k")}, {});
    const auto front = std::make_shared<const Table>(tabulate(*world, std::vector{m_middle, m_large}));
    model.setSnapshot({world, front, nullptr, {}});
    QCOMPARE(model.columnKey(model.sortColumn()), QString("macs"));
    QVERIFY(model.subnetAt(0) == m_large);
    model.sort(column(model, "latency@intel-i7-8700k"));
    model.setSnapshot(snapshot()); // gone
    QCOMPARE(model.sortColumn(), -1);
    QVERIFY(model.subnetAt(0) == m_middle);
}

void TestSubnetTableModel::tipsNameTheSource()
{
    SubnetTableModel model;
    model.setSnapshot(snapshot());
    for (const auto* key : {"top1", "latency", "energy", "macs"}) {
        const int c = column(model, key);
        const auto tip = model.index(0, c).data(Qt::ToolTipRole).toString();
        const auto figure = *m_world->figure(m_middle, m_world->quantities[static_cast<std::size_t>(c - 1)]);
        QVERIFY2(tip.endsWith(QString::fromStdString(figure.source)) && tip.contains(QString::fromStdString(std::string(name(figure.kind)))), qPrintable(tip));
    }
    QVERIFY(model.index(0, column(model, "top1")).data(Qt::ToolTipRole).toString().contains("±"));
}

void TestSubnetTableModel::tsvHasAllDigits()
{
    QLocale::setDefault(QLocale(QLocale::German));
    SubnetTableModel model;
    model.setSnapshot(snapshot());
    const int mark = 0, latency = column(model, "latency"), energy = column(model, "energy"), macs = column(model, "macs"), depths = column(model, "depths");
    QModelIndexList cells;
    for (const int row : {2, 0}) // as they were clicked
        for (const int c : {depths, macs, energy, latency, mark})
            cells += model.index(row, c);
    const auto lines = model.tsv(cells).split('\n');
    QVERIFY(model.index(0, latency).data().toString().contains(',')); // the screen speaks German
    QLocale::setDefault(QLocale::c());
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines[0], QString("Mark\tLatency (ms)\tEnergy (J)\tMACs\tDepths"));
    QCOMPARE(lines[3], QString());
    for (const auto& [line, table, row, subnet] : {std::tuple(lines[1], m_front, 0, m_middle), std::tuple(lines[2], m_cloud, 0, m_small)}) {
        const auto words = line.split('\t');
        QCOMPARE(words.size(), 5);
        QCOMPARE(words[0], subnet == m_middle ? QString("front") : QString("feasible"));
        const auto at = static_cast<std::size_t>(row);
        QVERIFY(words[1].toDouble() == table->at(at, *table->column({Metric::LatencyMs, 0})));
        QVERIFY(words[2].toDouble() == table->at(at, *table->column({Metric::EnergyJ, 0})));
        QCOMPARE(words[3], QString::number(static_cast<qlonglong>(table->at(at, *table->column({Metric::Macs, 0})))));
    }
}

void TestSubnetTableModel::selectsBothWays()
{
    ExplorerState state;
    TableView view(state);
    Tester tester(view.model(), kFail);
    view.resize(900, 400);
    view.show();
    state.open(m_world, m_cloud, {});
    state.setAnswer(answer(m_front));
    QCOMPARE(view.model()->rowCount(), 3);
    QVERIFY(!view.selectionModel()->hasSelection() && !state.selection());
    QSignalSpy spy(&state, &ExplorerState::changed);

    state.select(m_small);
    QCOMPARE(view.currentIndex().row(), 2);
    QCOMPARE(view.selectionModel()->selectedRows().size(), 1);
    view.selectRow(1);
    QVERIFY(state.selection() == m_large);
    QCOMPARE(spy.count(), 2); // one a choice: nobody answers himself
    QTest::keyClick(&view, Qt::Key_Up);
    QVERIFY(state.selection() == m_middle);
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY(state.selection() == m_small);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.visualRect(view.model()->index(0, 1)).center());
    QVERIFY(state.selection() == m_middle);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::ControlModifier, view.visualRect(view.model()->index(1, 1)).center());
    QVERIFY(state.selection() == m_large);
    QCOMPARE(view.selectionModel()->selectedRows().size(), 2);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::ControlModifier, view.visualRect(view.model()->index(1, 1)).center());
    QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::ControlModifier, view.visualRect(view.model()->index(0, 1)).center());
    QVERIFY(!view.selectionModel()->hasSelection() && !state.selection());

    state.select(m_large);
    view.sortByColumn(4, Qt::AscendingOrder);
    QVERIFY(state.selection() == m_large);
    QCOMPARE(view.currentIndex().row(), 2);
    state.select(std::nullopt);
    QVERIFY(!view.selectionModel()->hasSelection());
    state.close();
    QCOMPARE(view.model()->rowCount(), 0);
    view.grab(); // says that nothing is open
}

void TestSubnetTableModel::whatIsSelectedElsewhereComesIntoSight()
{
    const auto cloud = table(cloudOf(*m_world, 500, 7)), front = table(cloudOf(*m_world, 400, 8));
    const auto inSight = [](const TableView& view) { return view.viewport()->rect().contains(view.visualRect(view.currentIndex())); };
    ExplorerState state;
    TableView view(state), later(state);
    for (auto* v : {&view, &later})
        v->resize(900, 200);
    view.show();
    state.open(m_world, cloud, {});
    state.setAnswer(answer(front)); // more rows than a moment ago
    state.select(cloud->points.subnets[498]);
    QVERIFY(view.currentIndex().row() > 800);
    QVERIFY(inSight(view));
    later.show(); // catches up with all of it
    QCOMPARE(later.currentIndex().row(), view.currentIndex().row());
    QVERIFY(inSight(later));
}

void TestSubnetTableModel::selectionSurvivesNewFigures()
{
    ExplorerState state;
    TableView view(state);
    view.resize(900, 200);
    view.show();
    const auto cloud = table(cloudOf(*m_world, 500, 5));
    state.open(m_world, cloud, {});
    state.select(cloud->points.subnets[300]);
    view.scrollToTop(); // looks at something else meanwhile
    const auto selections = [&] { return view.selectionModel()->selectedRows().size(); };
    state.change("Limit", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 20}}; });
    QCOMPARE(selections(), 1);
    QVERIFY(state.selection() == cloud->points.subnets[300]);
    QCOMPARE(view.currentIndex().row(), 300);
    QCOMPARE(view.verticalScrollBar()->value(), 0);
    state.select(cloud->points.subnets[3]);
    QTest::keyClick(&view, Qt::Key_Down, Qt::ShiftModifier); // goes on from what was selected elsewhere
    QCOMPARE(selections(), 2);
    state.change("Pin", "", [&](Question& q) { q.pins = {{cloud->points.subnets[4], 'A'}}; });
    QCOMPARE(selections(), 2); // a pin moves no row
    QVERIFY(state.selection() == cloud->points.subnets[4]);
}

void TestSubnetTableModel::aSubnetThatIsNotShownStaysSelected()
{
    ExplorerState state;
    TableView view(state);
    view.show();
    state.open(m_world, m_cloud, {});
    state.select(m_small);
    state.change("Filter", "", [](Question& q) { q.filter = "r>=192"; });
    QVERIFY(!view.selectionModel()->hasSelection());
    QVERIFY(state.selection() == m_small);
    view.setFocus();
    QApplication::setActiveWindow(&view);
    QTest::qWait(1);
    QVERIFY(state.selection() == m_small); // the focus alone selects nothing
    state.change("Filter", "", [](Question& q) { q.filter.clear(); });
    QCOMPARE(view.selectionModel()->selectedRows().size(), 1);
    state.change("Filter", "", [](Question& q) { q.filter = "r>9999"; });
    QCOMPARE(view.model()->rowCount(), 0);
    view.grab(); // says why
}

void TestSubnetTableModel::aHiddenTableDoesNothing()
{
    ExplorerState state;
    TableView view(state);
    QSignalSpy reset(view.model(), &QAbstractItemModel::modelReset);
    state.open(m_world, m_cloud, {});
    state.setAnswer(answer(m_front));
    state.select(m_small);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(view.model()->rowCount(), 0);
    view.show();
    QCOMPARE(reset.count(), 1);
    QCOMPARE(view.model()->rowCount(), 3);
    QCOMPARE(view.currentIndex().row(), 2);
    view.hide();
    state.change("Filter", "", [](Question& q) { q.filter = "r=192"; });
    state.select(m_middle);
    QCOMPARE(reset.count(), 1);
    view.show();
    QCOMPARE(view.model()->rowCount(), 1);
    QCOMPARE(view.currentIndex().row(), 0);
    view.hide();
    view.show();
    QCOMPARE(reset.count(), 2); // nothing has changed
}

void TestSubnetTableModel::figuresOfAnotherWorldAreLeftOut()
{
    ExplorerState state;
    TableView view(state);
    view.show();
    state.open(m_world, m_cloud, {});
    state.setAnswer(answer(m_front));
    QCOMPARE(view.model()->rowCount(), 3);
    CarbonAssumptions france;
    france.grid = "FR";
    const auto world = makeWorld(m_bundle, {*m_bundle->device("samsung-note10")}, france);
    state.setWorld(world, std::make_shared<const Table>(tabulate(*world, std::vector{m_small})));
    QCOMPARE(view.model()->rowCount(), 1);
}

void TestSubnetTableModel::copiesAndPins()
{
    ExplorerState state;
    TableView view(state);
    view.show();
    state.open(m_world, m_cloud, {});
    state.setAnswer(answer(m_front));
    QSignalSpy pins(&view, &TableView::pinRequested);
    QTest::keyClick(&view, Qt::Key_Return); // on nothing
    QCOMPARE(pins.count(), 0);
    view.selectRow(1);
    QTest::keyClick(&view, Qt::Key_Return);
    QTest::keyClick(&view, Qt::Key_Enter, Qt::KeypadModifier);
    QCOMPARE(pins.count(), 2);
    QVERIFY(state.current() == m_large);
    for (int c = 2; c < view.model()->columnCount(); ++c)
        view.setColumnShown(c, false);
    QTest::keyClick(&view, Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
    const auto lines = QGuiApplication::clipboard()->text().split('\n');
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines[0], QString("Mark\tTop-1 (%)"));
    QVERIFY(lines[1].startsWith("front\t") && lines[2].startsWith("feasible\t"));
}

void TestSubnetTableModel::columnsAreHidden()
{
    {
        ExplorerState state;
        TableView view(state);
        view.show();
        state.open(m_world, m_cloud, {});
        emit view.horizontalHeader()->customContextMenuRequested({});
        auto* menu = view.findChild<QMenu*>();
        QVERIFY(menu);
        QCOMPARE(menu->actions().size(), view.model()->columnCount() - 1); // the marks stay
        auto* latency = menu->actions().at(1);
        QCOMPARE(latency->text(), QString("Latency"));
        QVERIFY(latency->isChecked());
        latency->trigger();
        QVERIFY(view.isColumnHidden(2));
        view.setColumnShown(0, false);
        QVERIFY(!view.isColumnHidden(0));
        menu->close();
        state.change("Limit", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 20}}; });
        QVERIFY(view.isColumnHidden(2));
        state.close();
        state.open(m_world, m_cloud, {});
        QVERIFY(view.isColumnHidden(2) && !view.isColumnHidden(1));
    }
    ExplorerState state;
    TableView view(state);
    view.show();
    state.open(m_world, m_cloud, {});
    QVERIFY(view.isColumnHidden(2));
    view.setColumnShown(2, true);
    QVERIFY(!view.isColumnHidden(2));
    QVERIFY(QSettings().value("table/hidden").toStringList().isEmpty());
}

void TestSubnetTableModel::manyRows()
{
    const auto cloud = table(cloudOf(*m_world, 100'000, 6));
    ExplorerState state;
    TableView view(state);
    view.resize(1000, 500);
    view.show();
    QElapsedTimer clock;
    const auto took = [&](const char* what, auto&& f) {
        clock.start();
        f();
        view.grab();
        const auto ms = static_cast<double>(clock.nsecsElapsed()) / 1e6;
        qInfo("%s: %.1f ms", what, ms);
        return ms;
    };
    // Far above what it takes, so that a busy machine does not fail: a model that measures every row takes seconds.
    QVERIFY(took("open", [&] { state.open(m_world, cloud, {}); }) < 3000);
    QVERIFY(view.model()->rowCount() > 90'000);
    QVERIFY(took("sort by latency", [&] { view.sortByColumn(2, Qt::AscendingOrder); }) < 2000);
    QVERIFY(took("move a limit", [&] { state.change("Limit", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 20}}; }); }) < 2000);
    QVERIFY(took("select", [&] { state.select(cloud->points.subnets[99'000]); }) < 1000);
    QVERIFY(took("sort by kernels", [&] { view.sortByColumn(view.model()->columnCount() - 2, Qt::DescendingOrder); }) < 3000);
    QVERIFY(took("filter", [&] { state.change("Filter", "", [](Question& q) { q.filter = "lat<15 & k!=7"; }); }) < 2000);
}

QTEST_MAIN(TestSubnetTableModel)
#include "tst_subnettablemodel.moc"

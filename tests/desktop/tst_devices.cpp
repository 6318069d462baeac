// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Devices to choose from, several at once, and those that are imported: tables, device files, measured nets, and what is
// said where a file is none of these.
#include "support.h"

#include "base/file.h"
#include "bundle/shipped.h"
#include "device/latencytable.h"
#include "models/devicemodel.h"
#include "space/sampling.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"
#include "state/devicetext.h"
#include "views/devicepicker.h"
#include "views/devicepopup.h"
#include "views/importdevicedialog.h"
#include "views/otherdevices.h"
#include "workers/loader.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <fmt/ranges.h>

using namespace paretoscope;
using namespace paretoscope::desktop;
using testing::compareText;
using testing::contains;

class TestDevices : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void listsTheBundlesOwnFirst();
    void listReadsLikeTheScreen();
    void searchFindsWords();
    void theTargetIsOneAndStays();
    void atMostFour();
    void whatSharesNoResolutionCannotBeChosen();
    void changesOfTheTarget_data();
    void changesOfTheTarget();
    void guardsSayOnlyWhatIsKnown();
    void otherDevicesOfASubnet();
    void tablesAreRead_data();
    void tablesAreRead();
    void wholeTablesAreFound();
    void publishedTables();
    void measuredNetsAreFitted();
    void whatCannotBeImported_data();
    void whatCannotBeImported();
    void keptUnderAnIdOfItsOwn();
    void whatCannotBeKeptIsSaid();
    void brokenFilesAreLeftOut();
    void removedAndPutBack();
    void mayBeDevices_data();
    void mayBeDevices();
    void pickerAsksTheState();
    void keysChoose();
    void importThroughTheDialog();
    void dialogSaysWhatIsWrong();
    void removingWhatIsComparedWith();

private:
    static constexpr const char* kBundle = "imagenet-ofa-mbv3-w1.0";
    QString path(const char* name) const { return m_dir->filePath(QLatin1String(name)); }
    void write(const QString& file, const std::string& text) const
    {
        QDir().mkpath(QFileInfo(file).absolutePath());
        writeFileAtomically(file.toStdString(), std::string_view(text));
    }
    /// A table of all that the space needs at these resolutions: every variant of every part takes a time of its own.
    static std::string tableText(const SearchSpace& space, TableGrammar grammar, const std::vector<int>& resolutions, const std::string& without = {})
    {
        const Parts parts(space);
        std::map<std::string, double> entries;
        for (const int r : resolutions) {
            const auto sizes = parts.mapSizes(r);
            for (std::size_t p = 0; p < parts.size(); ++p)
                for (int v = 0; v < parts.list()[p].variants; ++v)
                    if (const auto key = tableKey(grammar, space, parts.block(p, v), sizes[p]); key && *key != without)
                        entries[*key] = 0.01 * static_cast<double>(p + 1) + 0.001 * v;
        }
        std::string text;
        for (const auto& [key, ms] : entries)
            text += fmt::format("{}:\n  mean: {}\n  var: 0.1\n", key, ms);
        return text;
    }
    std::string firstKey(int resolution) const { return *tableKey(TableGrammar::Ofa, m_bundle->space(), m_bundle->parts->block(1, 0), m_bundle->parts->mapSizes(resolution)[1]); }
    ReadDevice read(const QString& file) const { return DeviceImporter::readNow(file.toStdString(), *m_bundle); }
    static QStringList printed(const DeviceModel& model)
    {
        QStringList rows;
        for (int r = 0; r < model.rowCount(); ++r)
            rows += QStringLiteral("%1 %2 %3 | %4").arg(model.isTarget(r) ? "(*)" : "( )", model.isCompared(r) ? "[x]" : "[ ]", model.index(r, DeviceModel::Name).data().toString(), model.index(r, 0).data(DeviceModel::DetailRole).toString());
        return rows;
    }
    bool check(DeviceModel& model, const char* id, DeviceModel::Column column, bool on = true) const
    {
        return model.setData(model.index(model.rowOf(id), column), on ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
    }
    /// A window's worth of state, on the phone.
    void open(ExplorerState& state, std::vector<std::string> devices = {"samsung-note10"}) const
    {
        Question q;
        q.devices = std::move(devices);
        const auto world = makeWorld(m_bundle, devicesOf(*m_bundle, q.devices), q.carbon);
        state.open(world, std::make_shared<const Table>(), q);
    }
    static std::string idsOf(const ExplorerState& state) { return fmt::format("{}", fmt::join(state.question().devices, " ")); }

    std::unique_ptr<QTemporaryDir> m_dir;
    QTemporaryDir m_settings;
    std::shared_ptr<const Bundle> m_bundle;
};

void TestDevices::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setApplicationName("devices"); // a folder of nobody else
    QCoreApplication::setOrganizationName("Paretoscope tests");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QLocale::setDefault(QLocale::c());
    m_bundle = std::make_shared<const Bundle>(openBundle(findBundle(kBundle)));
}

void TestDevices::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    std::filesystem::remove_all(importedDevicesFolder());
}

void TestDevices::cleanup() { std::filesystem::remove_all(importedDevicesFolder()); }

void TestDevices::listsTheBundlesOwnFirst()
{
    const auto listing = listDevices(*m_bundle);
    QVERIFY(listing.problems.empty());
    QCOMPARE(listing.devices.size(), m_bundle->devices.size()); // the catalogue holds no others for this space
    compareText(listing.devices.front().device.id, "samsung-note10");
    for (const auto& d : listing.devices) {
        QVERIFY(d.origin == DeviceOrigin::Bundle);
        QVERIFY(!d.resolutions.empty() && d.resolutions.size() < d.device.resolutions().size()); // those of the predictor only
    }
    auto bare = *m_bundle;
    bare.devices = {*m_bundle->device("nvidia-v100-b1")};
    const auto more = listDevices(bare);
    QCOMPARE(more.devices.size(), listing.devices.size());
    QVERIFY(more.devices[0].origin == DeviceOrigin::Bundle && more.devices[1].origin == DeviceOrigin::Catalogue);
    const auto choices = deviceChoices(bare);
    compareText(choices[0].second, "NVIDIA V100 (batch 1)");
}

void TestDevices::listReadsLikeTheScreen()
{
    DeviceModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    model.setDevices(listDevices(*m_bundle).devices);
    model.setChosen({"samsung-note10", "nvidia-v100-b32"});
    const auto rows = printed(model);
    QCOMPARE(rows.size(), 11);
    QCOMPARE(rows[0], QString("(*) [ ] Samsung Note10 | in the bundle · extrapolated: ±6 %, Kendall's τ 0.95"));
    QVERIFY2(rows.contains("( ) [ ] Intel Core i7-8700K | in the bundle · 90 % within ±2.7 %, Kendall's τ 0.96"), qPrintable(rows.join('\n')));
    QVERIFY2(rows.contains("( ) [x] NVIDIA V100 (batch 32) | in the bundle · extrapolated: ±12 %"), qPrintable(rows.join('\n')));
    const auto tip = model.index(model.rowOf("nvidia-v100-b32"), DeviceModel::Name).data(Qt::ToolTipRole).toString();
    for (const char* part : {"HayeonLee/HELP", "Conditions: batch 32", "Resolutions: 128–224", "ranking weak: Kendall's tau 0.887"})
        QVERIFY2(tip.contains(part), qPrintable(tip));
    QCOMPARE(model.index(0, DeviceModel::Target).data(Qt::AccessibleTextRole).toString(), QString("target"));
}

void TestDevices::searchFindsWords()
{
    DeviceModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setDevices(listDevices(*m_bundle).devices);
    model.setSearch("v100 64");
    QCOMPARE(model.rowCount(), 1);
    model.setSearch("nsganetv2"); // in the source
    QCOMPARE(model.index(0, DeviceModel::Name).data().toString(), QString("Intel Core i7-8700K"));
    model.setSearch("toaster");
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.rowOf("samsung-note10"), -1);
    QVERIFY(model.find("samsung-note10"));
    model.setSearch({});
    QCOMPARE(model.rowCount(), 11);
}

void TestDevices::theTargetIsOneAndStays()
{
    DeviceModel model;
    model.setDevices(listDevices(*m_bundle).devices);
    model.setChosen({"samsung-note10"});
    QSignalSpy target(&model, &DeviceModel::targetAsked), compared(&model, &DeviceModel::comparedAsked);
    QVERIFY(!check(model, "samsung-note10", DeviceModel::Target, false));
    QVERIFY(!check(model, "samsung-note10", DeviceModel::Target, true)); // it is it already
    QVERIFY(!check(model, "samsung-note10", DeviceModel::Compared, true));
    QVERIFY(!check(model, "samsung-note10", DeviceModel::Compared, false));
    QVERIFY(!(model.flags(model.index(0, DeviceModel::Compared)) & Qt::ItemIsEnabled));
    QVERIFY(model.index(0, DeviceModel::Compared).data(Qt::ToolTipRole).toString().contains("choose another target"));
    QVERIFY(target.isEmpty() && compared.isEmpty());
    QVERIFY(check(model, "intel-i7-8700k", DeviceModel::Target));
    QVERIFY(check(model, "intel-i7-8700k", DeviceModel::Compared));
    QCOMPARE(target.takeFirst().at(0).toString(), QString("intel-i7-8700k"));
    QCOMPARE(compared.takeFirst().at(1).toBool(), true);
    QVERIFY(model.isTarget(0)); // it only asked
}

void TestDevices::atMostFour()
{
    DeviceModel model;
    model.setDevices(listDevices(*m_bundle).devices);
    model.setChosen({"samsung-note10", "intel-i7-8700k", "nvidia-v100-b1", "nvidia-v100-b64"});
    QSignalSpy compared(&model, &DeviceModel::comparedAsked);
    QVERIFY(!check(model, "nvidia-v100-b32", DeviceModel::Compared));
    const auto cell = model.index(model.rowOf("nvidia-v100-b32"), DeviceModel::Compared);
    QVERIFY(cell.data(Qt::ToolTipRole).toString().contains("At most 4"));
    QVERIFY(compared.isEmpty());
    QVERIFY(check(model, "intel-i7-8700k", DeviceModel::Compared, false));
    QCOMPARE(compared.size(), 1);
    QVERIFY(model.flags(model.index(model.rowOf("nvidia-v100-b32"), DeviceModel::Target)) & Qt::ItemIsEnabled);
}

void TestDevices::whatSharesNoResolutionCannotBeChosen()
{
    auto devices = listDevices(*m_bundle).devices;
    devices.resize(3);
    devices[0].resolutions = {160, 192};
    devices[1].resolutions = {192, 224};
    devices[2].resolutions = {128};
    const auto id = [&](std::size_t i) { return devices[i].device.id; };
    DeviceModel model;
    model.setDevices(devices);
    model.setChosen({id(0)});
    QVERIFY2(printed(model)[1].endsWith("limits the search to resolutions 192"), qPrintable(printed(model)[1]));
    QVERIFY(check(model, id(1).c_str(), DeviceModel::Compared));
    QVERIFY(!check(model, id(2).c_str(), DeviceModel::Compared));
    QVERIFY(model.index(2, DeviceModel::Compared).data(Qt::ToolTipRole).toString().contains("no resolution in common"));
    QVERIFY(check(model, id(2).c_str(), DeviceModel::Target)); // alone it can be asked
    model.setChosen({id(0), id(1)});
    QVERIFY2(printed(model)[1].endsWith("limits the search to resolutions 192"), qPrintable(printed(model)[1]));
    QVERIFY(!check(model, id(2).c_str(), DeviceModel::Target));
}

void TestDevices::changesOfTheTarget_data()
{
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QStringList>("after");
    QTest::newRow("none") << QStringList() << "a" << QStringList({"a"});
    QTest::newRow("same") << QStringList({"a", "b"}) << "a" << QStringList({"a", "b"});
    QTest::newRow("another") << QStringList({"a", "b"}) << "c" << QStringList({"c", "b"});
    QTest::newRow("one beside it") << QStringList({"a", "b", "c"}) << "c" << QStringList({"c", "b", "a"});
}

void TestDevices::changesOfTheTarget()
{
    QFETCH(QStringList, before);
    QFETCH(QString, id);
    std::vector<std::string> ids;
    for (const auto& b : before)
        ids.push_back(b.toStdString());
    QStringList after;
    for (const auto& a : devicesWithTarget(ids, id.toStdString()))
        after += QString::fromStdString(a);
    QTEST(after, "after");
}

void TestDevices::guardsSayOnlyWhatIsKnown()
{
    const auto subnet = m_bundle->space().largest();
    const auto guards = [&](const Device& d) { return deviceGuards(d, subnet); };
    QCOMPARE(guards(*m_bundle->device("intel-i7-8700k")), QStringList());
    const auto weak = guards(*m_bundle->device("nvidia-v100-b32"));
    QCOMPARE(weak.size(), 2);
    QVERIFY(weak[0].startsWith("ranking weak") && weak[1].startsWith("extrapolated"));
    auto device = *m_bundle->device("intel-i7-8700k");
    device.errors.clear();
    device.error.reset();
    QCOMPARE(guards(device), QStringList({"error not measured on this device"}));
    device.error = DeviceError{"nets", {}, {}, {}, 0.8, {}, 3};
    QCOMPARE(guards(device), QStringList({"ranking weak on this device: Kendall's τ 0.80 on nets left out"}));
    device.error->kendallTau = 0.95;
    QCOMPARE(guards(device), QStringList());
    device.errors = {{"ofa-mbv3-w1.0", 1, 999, true, *device.error, {}}};
    QCOMPARE(guards(device), QStringList({"extrapolated: nothing like it was measured on this device"}));
}

void TestDevices::otherDevicesOfASubnet()
{
    const auto world = makeWorld(m_bundle, devicesOf(*m_bundle, {"samsung-note10", "intel-i7-8700k", "nvidia-v100-b32"}), {});
    const auto subnet = world->space().largest();
    const auto lines = OtherDevices::linesOf(*world, 1, subnet);
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0], QString("Intel Core i7-8700K"));
    const auto parts = lines[1].split(" · ");
    QVERIFY2(parts.size() == 3 && parts[0].contains(" ± ") && parts[0].endsWith(" ms") && parts[1].contains(" mJ") && parts[2].contains(" g/M"), qPrintable(lines[1]));
    QVERIFY(OtherDevices::linesOf(*world, 2, subnet)[2].startsWith("⚠ ranking weak"));
    OtherDevices widget;
    widget.show(world.get(), subnet);
    QVERIFY(!widget.isHidden());
    widget.show(world.get(), std::nullopt);
    QVERIFY(widget.isHidden());
    const auto alone = makeWorld(m_bundle, devicesOf(*m_bundle, {"samsung-note10"}), {});
    widget.show(alone.get(), subnet);
    QVERIFY(widget.isHidden());
    auto odd = subnet;
    odd.resolution = 100;
    QVERIFY(OtherDevices::linesOf(*world, 1, odd)[1].contains("nothing is known at resolution 100"));
}

void TestDevices::tablesAreRead_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("grammar");
    QTest::addColumn<int>("format");
    QTest::addColumn<int>("resolutions");
    using F = ReadDevice::Format;
    QTest::newRow("one file of all resolutions") << "all.yaml" << int(TableGrammar::Ofa) << int(F::OfaTable) << 2;
    QTest::newRow("one file of one resolution") << "160_table.yaml" << int(TableGrammar::Ofa) << int(F::OfaTable) << 1;
    QTest::newRow("layers") << "i7.yml" << int(TableGrammar::Layers) << int(F::LayersTable) << 2;
}

void TestDevices::tablesAreRead()
{
    QFETCH(QString, name);
    QFETCH(int, grammar);
    QFETCH(int, format);
    QFETCH(int, resolutions);
    const auto file = m_dir->filePath("tables/" + name);
    write(file, tableText(m_bundle->space(), TableGrammar(grammar), {160, 192}));
    const auto found = read(file);
    QCOMPARE(int(found.format), format);
    QCOMPARE(found.files, std::size_t(1));
    QVERIFY(found.entries > 100);
    QCOMPARE(int(found.usable.size()), resolutions);
    QCOMPARE(found.missing.size() + std::size_t(resolutions), m_bundle->space().resolutions.size());
    QVERIFY(!found.device.error && found.device.kind == Kind::Table);
    QVERIFY(!found.energy.model); // nobody knows such a processor
    auto subnet = m_bundle->space().largest();
    subnet.resolution = 160;
    QVERIFY(found.device.latencyMs(subnet) > 0.1);
}

void TestDevices::wholeTablesAreFound()
{
    for (const int r : {160, 192, 224})
        write(m_dir->filePath(QString("Galaxy S10/%1_lookup_table.yaml").arg(r)), tableText(m_bundle->space(), TableGrammar::Ofa, {r}));
    const auto one = path("Galaxy S10/192_lookup_table.yaml");
    const auto found = read(one);
    QCOMPARE(found.files, std::size_t(3));
    QCOMPARE(found.usable, std::vector<int>({160, 192, 224}));
    compareText(found.device.title, "Galaxy S10");
    QVERIFY(found.device.supply == Supply::Battery && found.energy.model); // a phone, by its name
    QCOMPARE(read(path("Galaxy S10")).files, std::size_t(3));
    // Beside files that are named otherwise it is taken alone.
    write(path("Galaxy S10/2024_report.yaml"), "a: 1\n");
    QCOMPARE(read(one).usable, std::vector<int>({192}));
}

void TestDevices::publishedTables()
{
    NEED_REFERENCE("real/nsganetv2/i7-8700K_lut.yaml");
    const auto processor = DeviceImporter::readNow(testing::referenceDir() / "real/nsganetv2/i7-8700K_lut.yaml", *m_bundle);
    QVERIFY(processor.format == ReadDevice::Format::LayersTable && processor.missing.empty());
    QCOMPARE(processor.entries, std::size_t(4050));
    // The phone's table is of the other width.
    const auto folder = testing::referenceDir() / "real/once-for-all/note10";
    QVERIFY(contains(testing::messageOf([&] { DeviceImporter::readNow(folder, *m_bundle); }), "entries that the space ofa-mbv3-w1.0 needs are missing"));
    auto wide = *m_bundle;
    wide.parts = std::make_shared<const Parts>(openSpace("ofa-mbv3-w1.2"));
    wide.predictors.clear();
    const auto phone = DeviceImporter::readNow(folder / "160_lookup_table.yaml", wide);
    QCOMPARE(phone.files, std::size_t(17));
    QVERIFY(phone.device.supply == Supply::Battery && !phone.missing.empty());
}

void TestDevices::measuredNetsAreFitted()
{
    const auto& phone = *m_bundle->device("samsung-note10");
    Random random(3);
    std::string csv = "ks,e,d,r,latency_ms\n";
    const auto line = [&](const Subnet& s) { return fmt::format("{},{},{}\n", digitsOf(m_bundle->space(), s), s.resolution, phone.latencyMs(s)); };
    for (int i = 0; i < 60; ++i)
        csv += line(uniformSubnet(m_bundle->space(), random, i % 2 ? 160 : 224));
    write(path("lab phone.csv"), csv);
    const auto found = read(path("lab phone.csv"));
    QVERIFY(found.format == ReadDevice::Format::Measurements);
    QCOMPARE(found.entries, std::size_t(60));
    QVERIFY(found.device.model && found.device.error && found.device.error->mapePercent);
    QVERIFY2(*found.device.error->mapePercent < 10, qPrintable(QString::number(*found.device.error->mapePercent)));
    compareText(found.device.source, "model fitted to lab phone.csv");
    write(path("few.csv"), csv.substr(0, csv.find('\n', 200) + 1));
    QVERIFY(contains(testing::messageOf([&] { read(path("few.csv")); }), "too few measured nets"));
    // It can be stopped.
    QVERIFY_EXCEPTION_THROWN(DeviceImporter::readNow(path("lab phone.csv").toStdString(), *m_bundle, [](const std::string&, double share) { return share < 0.05; }), Cancelled);
}

void TestDevices::whatCannotBeImported_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("means");
    QTest::addColumn<QString>("details");
    const auto& space = m_bundle->space();
    const auto text = [](const std::string& t) { return QString::fromStdString(t); };
    QTest::newRow("absent") << "nowhere.yaml" << QString() << "could not be read" << "nowhere.yaml";
    QTest::newRow("no table") << "notes.yaml" << "hello: world\n" << "no latency table" << "not a number of milliseconds";
    QTest::newRow("negative") << "below.yaml" << text(firstKey(160) + ":\n  mean: -1\n") << "no latency table" << "\"-1\"";
    QTest::newRow("cut off") << "cut.json" << "{\"schema\": 1, \"id\": " << "no latency table" << "cut.json";
    QTest::newRow("another program's JSON") << "other.json" << "{\"schema\": 1, \"name\": \"x\"}" << "no latency table" << "other.json";
    QTest::newRow("a part is missing") << "part.yaml" << text(tableText(space, TableGrammar::Ofa, {160}, firstKey(160))) << "a part of it is missing" << "1 entries that the space ofa-mbv3-w1.0 needs are missing";
    QTest::newRow("of another space") << "proxyless.yaml" << text(tableText(openSpace("ofa-proxyless-w1.3"), TableGrammar::Ofa, {160, 192})) << "another space" << "no entry of its first convolution";
    QTest::newRow("resolutions that the predictor does not know") << "132_x.yaml" << text(tableText(space, TableGrammar::Ofa, {132})) << "another space" << "knows none of its resolutions: found 132";
    QTest::newRow("columns that are not there") << "nets.csv" << "a,b\n1,2\n" << "no latency table" << "nets.csv";
    auto device = *m_bundle->device("samsung-note10");
    QTest::newRow("a device file with a wrong key") << "device.json" << text(printJson([&] {
        auto j = toJson(device);
        j["colour"] = "red";
        return j;
    }())) << "no latency table" << "colour";
    QTest::newRow("a space") << "space.json" << text(readTextFile(std::string(PARETOSCOPE_SOURCE_DIR "/resources/spaces/fashion-mbv3.json"))) << "something else" << "space.json";
}

void TestDevices::whatCannotBeImported()
{
    QFETCH(QString, file);
    QFETCH(QString, text);
    QFETCH(QString, means);
    QFETCH(QString, details);
    if (!text.isEmpty())
        write(m_dir->filePath(file), text.toStdString());
    DeviceImporter importer;
    QSignalSpy failed(&importer, &DeviceImporter::readFailed), finished(&importer, &DeviceImporter::readFinished);
    importer.read(m_dir->filePath(file), m_bundle);
    QVERIFY(failed.wait(30'000));
    QVERIFY(finished.isEmpty());
    const auto problem = failed.first().at(0).value<DeviceProblem>();
    QVERIFY2(problem.what.contains(file), qPrintable(problem.what));
    QVERIFY2(problem.means.contains(means) && problem.means.contains("as they were"), qPrintable(problem.means + " / " + problem.details));
    QVERIFY2(problem.details.contains(details), qPrintable(problem.details));
    QVERIFY(!problem.todo.isEmpty());
    QVERIFY(!std::filesystem::exists(importedDevicesFolder()));
}

void TestDevices::keptUnderAnIdOfItsOwn()
{
    write(path("mine.yaml"), tableText(m_bundle->space(), TableGrammar::Ofa, {160, 192}));
    auto device = read(path("mine.yaml")).device;
    DeviceImporter importer;
    QSignalSpy stored(&importer, &DeviceImporter::stored);
    device.title = "Samsung Note10"; // as the bundle's
    importer.store(device, m_bundle);
    importer.store(device, m_bundle);
    QTRY_COMPARE_WITH_TIMEOUT(stored.size(), 2, 30'000);
    QCOMPARE(stored[0].at(0).toString(), QString("samsung-note10-2"));
    QCOMPARE(stored[1].at(0).toString(), QString("samsung-note10-3"));
    const auto listing = listDevices(*m_bundle);
    QVERIFY(listing.problems.empty());
    QCOMPARE(listing.devices.size(), m_bundle->devices.size() + 2);
    QVERIFY(listing.devices.back().origin == DeviceOrigin::Imported);
    QCOMPARE(listing.devices.back().resolutions, std::vector<int>({160, 192}));
    // The same numbers as before, in the next session, too; and the command line finds it as a file.
    auto subnet = m_bundle->space().largest();
    subnet.resolution = 192;
    const auto again = devicesOf(*m_bundle, {"samsung-note10-2"}).front();
    QCOMPARE(again.latencyMs(subnet), device.latencyMs(subnet));
    compareText(again.title, "Samsung Note10");
    compareText(deviceArgument(*m_bundle, "samsung-note10-2"), importedDeviceFile("samsung-note10-2").string());
    compareText(deviceArgument(*m_bundle, "samsung-note10"), "samsung-note10");
    const auto world = makeWorld(m_bundle, devicesOf(*m_bundle, {"samsung-note10-2", "intel-i7-8700k"}), {});
    QVERIFY(world->figure(subnet, {Metric::LatencyMs, 0}) && world->figure(subnet, {Metric::LatencyMs, 1}));
    // Of another space it is not listed there.
    auto other = *m_bundle;
    other.parts = std::make_shared<const Parts>(openSpace("ofa-mbv3-w1.2"));
    other.devices.clear();
    other.predictors.clear();
    for (const auto& d : listDevices(other).devices)
        QVERIFY(d.origin == DeviceOrigin::Catalogue);
    QVERIFY(importedDeviceFile("../escape").empty());
}

void TestDevices::whatCannotBeKeptIsSaid()
{
    const auto folder = importedDevicesFolder();
    std::filesystem::create_directories(folder.parent_path());
    writeFileAtomically(folder, std::string_view("in the way"));
    DeviceImporter importer;
    QSignalSpy failed(&importer, &DeviceImporter::failed), stored(&importer, &DeviceImporter::stored);
    importer.store(*m_bundle->device("samsung-note10"), m_bundle);
    QVERIFY(failed.wait(30'000));
    QVERIFY(stored.isEmpty());
    const auto problem = failed.first().at(0).value<DeviceProblem>();
    QVERIFY(problem.what.contains("Samsung Note10 could not be kept") && !problem.details.isEmpty());
    importer.remove("nothing");
    QVERIFY(failed.wait(30'000));
    QVERIFY(failed[1].at(0).value<DeviceProblem>().what.contains("could not be removed"));
}

void TestDevices::brokenFilesAreLeftOut()
{
    auto device = *m_bundle->device("samsung-note10");
    device.id = "good";
    storeDevice(device);
    write(QString::fromStdString((importedDevicesFolder() / "bad.json").string()), "{");
    device.id = "one-name";
    write(QString::fromStdString((importedDevicesFolder() / "another.json").string()), printJson(toJson(device)));
    const auto listing = listDevices(*m_bundle);
    QCOMPARE(listing.devices.size(), m_bundle->devices.size() + 1);
    compareText(listing.devices.back().device.id, "good");
    QCOMPARE(listing.problems.size(), std::size_t(2));
    QVERIFY(contains(listing.problems[0], "the id is not the name of the file") && contains(listing.problems[1], "bad.json"));
}

void TestDevices::removedAndPutBack()
{
    auto device = *m_bundle->device("samsung-note10");
    device.id = "mine";
    storeDevice(device);
    const auto before = readTextFile(importedDeviceFile("mine"));
    DeviceImporter importer;
    QSignalSpy removed(&importer, &DeviceImporter::removed), stored(&importer, &DeviceImporter::stored);
    importer.restore(); // nothing was removed
    importer.remove("mine");
    QVERIFY(removed.wait(30'000));
    QVERIFY(stored.isEmpty() && !std::filesystem::exists(importedDeviceFile("mine")));
    QVERIFY(contains(testing::messageOf([&] { devicesOf(*m_bundle, {"mine"}); }), "no device with this id"));
    importer.restore();
    QVERIFY(stored.wait(30'000));
    compareText(readTextFile(importedDeviceFile("mine")), before);
}

void TestDevices::mayBeDevices_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("may");
    QTest::newRow("yaml") << "a.yaml" << true;
    QTest::newRow("csv") << "a.CSV" << true;
    QTest::newRow("json") << "a.json" << true;
    QTest::newRow("bundle") << "bundle.json" << false;
    QTest::newRow("zip") << "bundle.zip" << false;
    QTest::newRow("session") << "a.paretoscope" << false;
    QTest::newRow("folder of a table") << "table" << true;
    QTest::newRow("folder of a bundle") << "bundle" << false;
    QTest::newRow("any folder") << "empty" << false;
}

void TestDevices::mayBeDevices()
{
    QFETCH(QString, name);
    write(path("table/160_x.yaml"), "a: 1\n");
    write(path("bundle/160_x.yaml"), "a: 1\n");
    write(path("bundle/bundle.json"), "{}");
    QDir().mkpath(path("empty"));
    QTEST(DevicePicker::mayBeDevice(m_dir->filePath(name)), "may");
}

void TestDevices::pickerAsksTheState()
{
    ExplorerState state;
    DevicePicker picker(state);
    QVERIFY(!picker.isEnabled());
    open(state);
    QVERIFY(picker.isEnabled());
    QCOMPARE(picker.text(), QString("Samsung Note10  ▾")); // before the list is there
    QTRY_COMPARE_WITH_TIMEOUT(picker.model().rowCount(), 11, 30'000);
    QVERIFY(check(picker.model(), "intel-i7-8700k", DeviceModel::Compared));
    compareText(idsOf(state), "samsung-note10 intel-i7-8700k");
    QCOMPARE(picker.text(), QString("Samsung Note10 + 1  ▾"));
    QCOMPARE(picker.accessibleName(), QString("Target device: Samsung Note10; beside it: Intel Core i7-8700K"));
    QVERIFY(check(picker.model(), "intel-i7-8700k", DeviceModel::Target));
    compareText(idsOf(state), "intel-i7-8700k samsung-note10");
    QVERIFY(check(picker.model(), "samsung-note10", DeviceModel::Compared, false));
    compareText(idsOf(state), "intel-i7-8700k");
    for (const char* ids : {"intel-i7-8700k samsung-note10", "samsung-note10 intel-i7-8700k", "samsung-note10"}) {
        state.undoStack().undo();
        compareText(idsOf(state), ids);
    }
    QCOMPARE(picker.text(), QString("Samsung Note10  ▾"));
    state.close();
    QVERIFY(!picker.isEnabled());
    QCOMPARE(picker.model().rowCount(), 0);
}

void TestDevices::keysChoose()
{
    ExplorerState state;
    DevicePicker picker(state);
    picker.show();
    open(state);
    QTRY_COMPARE_WITH_TIMEOUT(picker.model().rowCount(), 11, 30'000);
    picker.showPopup();
    auto& popup = picker.popup();
    QVERIFY(popup.isVisible());
    auto* view = popup.findChild<QTreeView*>();
    auto* search = popup.findChild<QLineEdit*>();
    QCOMPARE(view->currentIndex().row(), 0); // the target
    QTest::keyClick(view, Qt::Key_Space);    // it stays the target
    compareText(idsOf(state), "samsung-note10");
    QTest::keyClick(view, Qt::Key_Down);
    QTest::keyClick(view, Qt::Key_Space);
    QCOMPARE(state.question().devices.size(), std::size_t(2));
    QTest::keyClick(view, Qt::Key_Space);
    compareText(idsOf(state), "samsung-note10");
    QTest::keyClick(view, Qt::Key_I); // letters search
    QCOMPARE(search->text(), QString("i"));
    search->setText("i7");
    QCOMPARE(picker.model().rowCount(), 1);
    QTest::keyClick(search, Qt::Key_Down);
    QTest::keyClick(view, Qt::Key_Return);
    compareText(idsOf(state), "intel-i7-8700k");
    QVERIFY(!popup.isVisible());
    // A click beside the name leaves the list open, one on it closes it.
    picker.showPopup();
    QCOMPARE(picker.model().rowCount(), 11);
    const auto click = [&](DeviceModel::Column column) { QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(picker.model().index(0, column)).center()); };
    click(DeviceModel::Compared);
    compareText(idsOf(state), "intel-i7-8700k samsung-note10");
    QVERIFY(popup.isVisible());
    click(DeviceModel::Name);
    compareText(idsOf(state), "samsung-note10 intel-i7-8700k");
    QVERIFY(!popup.isVisible());
}

void TestDevices::importThroughTheDialog()
{
    ExplorerState state;
    QWidget window;
    auto* picker = new DevicePicker(state, &window);
    window.show();
    open(state);
    QTRY_COMPARE_WITH_TIMEOUT(picker->model().rowCount(), 11, 30'000);
    write(path("board.yaml"), tableText(m_bundle->space(), TableGrammar::Ofa, {160, 192}));
    picker->importFile(path("board.yaml"));
    auto* dialog = window.findChild<ImportDeviceDialog*>();
    QVERIFY(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->said().size() > 5, 30'000);
    const auto said = dialog->said().join(' ');
    for (const char* part : {"once-for-all", "board.yaml", "block latencies", "milliseconds of one image", "160–192; the accuracy predictor knows 2 of them", "Not covered", "such as 128", "not measured", "not known, and so are emissions"})
        QVERIFY2(said.contains(part), qPrintable(said));
    QVERIFY(!std::filesystem::exists(importedDevicesFolder())); // nothing is kept yet
    auto* name = dialog->findChild<QLineEdit*>();
    QCOMPARE(name->text(), QString("board"));
    name->setText("My board");
    auto* supply = dialog->findChild<QComboBox*>();
    supply->setCurrentIndex(0);
    emit supply->activated(0);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->said().join(' ').contains("not known, and so are emissions"), 30'000); // a phone, as it were
    QSignalSpy imported(dialog, &ImportDeviceDialog::imported);
    for (auto* button : dialog->findChildren<QPushButton*>())
        if (button->text() == "Import")
            button->click();
    QVERIFY(imported.wait(30'000));
    QCOMPARE(imported.first().at(0).toString(), QString("my-board"));
    QTRY_COMPARE_WITH_TIMEOUT(idsOf(state), std::string("my-board"), 30'000);
    QCOMPARE(picker->model().rowCount(), 12);
    QCOMPARE(picker->text(), QString("My board  ▾"));
    QVERIFY(listDevices(*m_bundle).devices.back().device.supply == Supply::Battery);
    state.undoStack().undo();
    compareText(idsOf(state), "samsung-note10");
}

void TestDevices::dialogSaysWhatIsWrong()
{
    ExplorerState state;
    QWidget window;
    auto* picker = new DevicePicker(state, &window);
    picker->importFile(path("nothing.yaml")); // no bundle is open
    QVERIFY(!window.findChild<ImportDeviceDialog*>());
    open(state);
    write(path("bad.yaml"), "a: b\n");
    QSignalSpy problem(picker, &DevicePicker::problem);
    picker->importFile(path("bad.yaml"));
    QVERIFY(problem.wait(30'000));
    QVERIFY(problem.first().at(0).toString().contains("bad.yaml was not imported"));
    auto* dialog = window.findChild<ImportDeviceDialog*>();
    const auto said = dialog->said().join(' ');
    QVERIFY2(said.contains("no latency table") && said.contains("Choose a table") && said.contains("bad.yaml:1"), qPrintable(said));
    for (auto* button : dialog->findChildren<QPushButton*>())
        QVERIFY2(!button->isVisibleTo(dialog) || button->text() == "Close", qPrintable(button->text()));
    compareText(idsOf(state), "samsung-note10");
    QVERIFY(!state.undoStack().canUndo());
}

void TestDevices::removingWhatIsComparedWith()
{
    auto device = *m_bundle->device("samsung-note10");
    device.id = "mine";
    device.title = "My phone";
    storeDevice(device);
    ExplorerState state;
    DevicePicker picker(state);
    open(state, {"mine"});
    QTRY_COMPARE_WITH_TIMEOUT(picker.model().rowCount(), 12, 30'000);
    picker.show();
    picker.showPopup();
    auto* view = picker.popup().findChild<QTreeView*>();
    QSignalSpy removed(&picker.importer(), &DeviceImporter::removed), stored(&picker.importer(), &DeviceImporter::stored);
    QCOMPARE(view->currentIndex().row(), 11);
    QTest::keyClick(view, Qt::Key_Delete); // the target cannot go
    QVERIFY(check(picker.model(), "intel-i7-8700k", DeviceModel::Target));
    QVERIFY(check(picker.model(), "mine", DeviceModel::Compared));
    compareText(idsOf(state), "intel-i7-8700k mine");
    QTest::keyClick(view, Qt::Key_Delete);
    QVERIFY(removed.wait(30'000));
    QCOMPARE(removed.size(), 1);
    compareText(idsOf(state), "intel-i7-8700k");
    QTRY_COMPARE_WITH_TIMEOUT(picker.model().rowCount(), 11, 30'000);
    QPushButton* undo = nullptr;
    for (auto* button : picker.popup().findChildren<QPushButton*>())
        if (button->text() == "Undo")
            undo = button;
    QVERIFY(undo && undo->isVisibleTo(&picker.popup()));
    undo->click();
    QVERIFY(stored.wait(30'000));
    QTRY_COMPARE_WITH_TIMEOUT(picker.model().rowCount(), 12, 30'000);
    QVERIFY(!undo->isVisibleTo(&picker.popup()));
}

QTEST_MAIN(TestDevices)
#include "tst_devices.moc"

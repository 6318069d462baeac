// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeruns.h"
#include "support.h"

#include "base/file.h"
#include "engine/profile.h"
#include "engine/profileblocks.h"
#include "engine/profilestate.h"
#include "space/accounting.h"
#include "space/spacejson.h"
#include "space/stratified.h"

#include <fmt/format.h>

#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::FakeComputer;
using testing::FakeRun;
using testing::messageOf;
using testing::without;

namespace {

constexpr double kNothingMs = 0.004;

std::shared_ptr<const Parts> partsOf(const std::string& space) { return std::make_shared<const Parts>(builtInSpace(space)); }

double blockMs(const Block& b, int inputSize) { return 0.01 + static_cast<double>(account(b, inputSize).macs) / 1e7; }

double sumMs(const Parts& parts, const Subnet& s)
{
    double sum = 0;
    for (const auto& b : account(parts, s).blocks)
        sum += blockMs(b.block, b.inputSize);
    return sum;
}

/// How long a whole net takes whose blocks sum to this.
using NetMs = std::function<double(const Subnet& subnet, double sumMs)>;

ProfileSource fakeSource(FakeComputer& computer, const std::shared_ptr<const Parts>& parts, const NetMs& netMs)
{
    return {{"FakeTorch 1.0", "cpu", 1, {}}, [&computer](const Block& b, int size) { return std::make_unique<FakeRun>(computer, blockMs(b, size) + kNothingMs); },
        testing::fakeRun(computer, kNothingMs),
        [&computer, parts, netMs](const Subnet& s) { return std::make_unique<FakeRun>(computer, netMs(s, sumMs(*parts, s))); }};
}

double additive(const Subnet&, double sum) { return sum + kNothingMs; }

} // namespace

class TestProfile : public QObject {
    Q_OBJECT
private slots:
    void init();
    void distinctBlocks_data();
    void distinctBlocks();
    void netsSpanTheCosts();
    void additiveTimesAreRecovered();
    void overheadIsCorrected();
    void failingAdditivityIsSaid();
    void noiseIsSaid();
    void withoutNets();
    void stoppedAndResumed();
    void refusesWhatDoesNotBelong();
    void damagedStatesAreRefused_data();
    void damagedStatesAreRefused();

private:
    ProfileOptions options(int nets = 40) const;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::filesystem::path m_partial;
};

void TestProfile::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_partial = partialPath(m_dir->path().toStdString() + "/cpu.json");
}

ProfileOptions TestProfile::options(int nets) const
{
    ProfileOptions o;
    o.nets = nets;
    o.processor = "Test CPU";
    o.partial = m_partial;
    o.timing.leastRounds = 8;
    o.timing.mostRounds = 20;
    return o;
}

void TestProfile::distinctBlocks_data()
{
    QTest::addColumn<QString>("space");
    QTest::addColumn<QList<int>>("resolutions");
    QTest::addColumn<int>("values");
    QTest::addColumn<int>("distinct");
    QTest::newRow("small") << "fashion-mbv3" << QList<int>{16, 20, 24, 28} << 348 << 223;
    QTest::newRow("small at one") << "fashion-mbv3" << QList<int>{28} << 87 << 60;
    QTest::newRow("ofa") << "ofa-mbv3-w1.0" << QList<int>{160, 224} << 372 << 190;
    QTest::newRow("resnet") << "ofa-resnet50" << QList<int>{128} << 258 << 163;
}

void TestProfile::distinctBlocks()
{
    QFETCH(QString, space);
    QFETCH(QList<int>, resolutions);
    QFETCH(int, values);
    QFETCH(int, distinct);
    const auto parts = partsOf(space.toStdString());
    const auto plan = planBlocks(*parts, {resolutions.begin(), resolutions.end()});
    QCOMPARE(static_cast<int>(plan.blockOf.size()), values);
    QCOMPARE(static_cast<int>(plan.blocks.size()), distinct);
    std::vector<double> ms;
    for (const auto& b : plan.blocks)
        ms.push_back(blockMs(b.block, b.inputSize));
    const auto table = plan.table(parts, ms);
    for (const int r : resolutions)
        for (auto s : {parts->space().largest(), parts->space().smallest()}) {
            s.resolution = static_cast<std::uint16_t>(r);
            const double sum = sumMs(*parts, s);
            QVERIFY(std::abs(table.cost(s) - sum) < 1e-9 * sum);
        }
}

void TestProfile::netsSpanTheCosts()
{
    const auto parts = partsOf("fashion-mbv3");
    const std::vector<int> resolutions{16, 20, 28};
    const auto nets = validationNets(parts, resolutions, 64, 1);
    QCOMPARE(nets.size(), std::size_t(64));
    QCOMPARE(std::set<Subnet>(nets.begin(), nets.end()).size(), std::size_t(64));
    QCOMPARE(validationNets(parts, resolutions, 64, 1), nets);
    QVERIFY(validationNets(parts, resolutions, 64, 2) != nets);
    const auto macs = CostTable::macs(parts, resolutions);
    for (const int r : resolutions) {
        std::vector<double> costs;
        for (const auto& s : nets)
            if (s.resolution == r)
                costs.push_back(macs.cost(s));
        QVERIFY(costs.size() == 21 || costs.size() == 22);
        QVERIFY(std::is_sorted(costs.begin(), costs.end()));
        const StratifiedSampler all(macs, r);
        const double range = all.highest() - all.lowest();
        QVERIFY(costs.front() < all.lowest() + 0.08 * range && costs.back() > all.highest() - 0.08 * range);
    }
    QCOMPARE(validationNets(parts, {16, 20}, 1, 1).size(), std::size_t(1));
    QVERIFY(validationNets(parts, resolutions, 0, 1).empty());
}

void TestProfile::additiveTimesAreRecovered()
{
    const auto parts = partsOf("fashion-mbv3");
    FakeComputer computer;
    computer.jitter = 0.05;
    computer.outlierShare = 0.05;
    computer.slowdown = [](int run) { return 1 + run / 60'000.0; };
    auto o = options();
    o.resolutions = {28, 16, 16};
    const auto p = profile(fakeSource(computer, parts, additive), parts, o);
    QCOMPARE(p.device.resolutions(), (std::vector<int>{16, 28}));
    QVERIFY(!p.validation.correction);
    QVERIFY(p.validation.warnings.empty());
    const auto& e = *p.device.error;
    QCOMPARE(*e.nets, 40);
    QVERIFY2(*e.r2 > 0.999 && *e.mapePercent < 1.5 && *e.kendallTau > 0.97, qPrintable(QString("%1 %2 %3").arg(*e.r2).arg(*e.mapePercent).arg(*e.kendallTau)));
    compareText(e.basis, "40 measured nets, stratified over MACs");
    compareText(p.device.spaceId, "fashion-mbv3");
    QCOMPARE(p.device.kind, Kind::Table);
    compareText(p.device.source, "block latencies measured by Paretoscope on Test CPU (cpu) with FakeTorch 1.0");
    QCOMPARE(p.device.conditions.batch, 1);
    QCOMPARE(p.device.conditions.threads, 1);
    compareText(p.device.conditions.runtime, "FakeTorch 1.0");
    compareText(p.device.conditions.precision, "float32");
    compareText(p.device.conditions.note, fmt::format("{} distinct blocks, each the mean of the faster half of its runs, in chains as long as a net, interleaved in {} rounds, drift taken out", p.blocks, p.rounds));
    // The level is that of the computer halfway; the proportions are those of the blocks.
    auto big = parts->space().largest(), small = parts->space().smallest();
    big.resolution = small.resolution = 28;
    const double found = p.device.latencyMs(big) / p.device.latencyMs(small), expected = additive(big, sumMs(*parts, big)) / additive(small, sumMs(*parts, small));
    QVERIFY2(std::abs(found / expected - 1) < 0.01, qPrintable(QString("%1 %2").arg(found).arg(expected)));
    // A device file that reads back.
    auto d = p.device;
    d.id = d.title = "cpu";
    const auto json = toJson(d);
    compareText(printJson(toJson(deviceFromJson(JsonView(json, "cpu.json"), parts))), printJson(json));
    QVERIFY(std::filesystem::exists(m_partial));
    finishProfile(o);
    QVERIFY(!std::filesystem::exists(m_partial));
}

void TestProfile::overheadIsCorrected()
{
    const auto parts = partsOf("fashion-mbv3");
    FakeComputer computer;
    computer.jitter = 0.02;
    const NetMs withOverhead = [](const Subnet&, double sum) { return 0.3 + 1.2 * (sum + kNothingMs); };
    const auto p = profile(fakeSource(computer, parts, withOverhead), parts, options(60));
    QVERIFY(p.validation.correction.has_value());
    QVERIFY2(std::abs(p.validation.correction->factor - 1.2) < 0.03, qPrintable(QString::number(p.validation.correction->factor)));
    QVERIFY2(std::abs(p.validation.correction->fixedMs - 0.3) < 0.02, qPrintable(QString::number(p.validation.correction->fixedMs)));
    QVERIFY(*p.validation.plainError->mapePercent > 15);
    QVERIFY(*p.device.error->mapePercent < 2);
    compareText(p.device.error->basis, "60 measured nets, stratified over MACs, held out in 5 folds from the fit of the overhead, on which its form was chosen, too");
    QVERIFY2(testing::contains(p.device.conditions.note, "; whole net = 0.") && testing::contains(p.device.conditions.note, " × the sum of its blocks, fitted to 60 nets (without: mean error "),
        p.device.conditions.note.c_str());
    QVERIFY(p.device.warnings.empty());
    for (const auto& n : p.validation.nets) {
        QVERIFY(std::abs(p.device.latencyMs(n.subnet) / n.measuredMs - 1) < 0.05);
        QVERIFY(std::abs(n.predictedMs / n.measuredMs - 1) < 0.05);
    }

    // A factor alone, where that is all there is.
    finishProfile(options());
    FakeComputer other;
    const auto scaled = profile(fakeSource(other, parts, [](const Subnet&, double sum) { return 1.3 * (sum + kNothingMs); }), parts, options());
    QVERIFY(std::abs(scaled.validation.correction->factor - 1.3) < 1e-6);
    QCOMPARE(scaled.validation.correction->fixedMs, 0.0);
    compareText(describe(*scaled.validation.correction), "whole net = 1.3 × the sum of its blocks");
    compareText(describe({0.25, 1.3}), "whole net = 0.25 ms + 1.3 × the sum of its blocks");
}

void TestProfile::failingAdditivityIsSaid()
{
    const auto parts = partsOf("fashion-mbv3");
    FakeComputer computer;
    // Every other net takes three times as long, whatever it consists of.
    const NetMs odd = [](const Subnet& s, double sum) { return SubnetHash()(s) % 2 ? 3 * sum : sum; };
    const auto p = profile(fakeSource(computer, parts, odd), parts, options());
    QCOMPARE(p.device.warnings.size(), std::size_t(2));
    QVERIFY2(p.device.warnings[0].starts_with("additivity fails: against 40 measured nets, sums of block latencies have R² "), p.device.warnings[0].c_str());
    QVERIFY2(p.device.warnings[0].ends_with(" % (wanted: at least 0.95, at most 10 %)"), p.device.warnings[0].c_str());
    QVERIFY2(p.device.warnings[1].starts_with("ranking weak: Kendall's tau "), p.device.warnings[1].c_str());
}

void TestProfile::noiseIsSaid()
{
    const auto parts = partsOf("fashion-mbv3");
    FakeComputer computer;
    computer.jitter = 2;
    auto o = options(12);
    o.resolutions = {16};
    const auto p = profile(fakeSource(computer, parts, additive), parts, o);
    QVERIFY(!p.device.warnings.empty());
    QVERIFY2(p.device.warnings.back().starts_with("noisy computer: half of the times of the same work span "), p.device.warnings.back().c_str());
    QVERIFY2(p.device.warnings.back().ends_with(" rounds all was far slower than usual; profile again when nothing else runs"), p.device.warnings.back().c_str());
}

void TestProfile::withoutNets()
{
    const auto parts = partsOf("fashion-mbv3");
    FakeComputer computer;
    const auto p = profile(fakeSource(computer, parts, additive), parts, options(0));
    QVERIFY(!p.device.error);
    QCOMPARE(p.device.warnings, std::vector<std::string>{"never checked against whole nets"});
}

void TestProfile::stoppedAndResumed()
{
    const auto parts = partsOf("fashion-mbv3");
    FakeComputer computer;
    computer.slowdown = [](int run) {
        if (run % 60 == 0)
            QTest::qSleep(10); // a round takes longer than the time between two reports
        return 1.0;
    };
    auto o = options();
    o.resolutions = {16, 28};
    o.onStep = [&](const std::string& step, double) { return !step.starts_with("round 5"); };
    QVERIFY_THROWS_EXCEPTION(Cancelled, profile(fakeSource(computer, parts, additive), parts, o));
    QVERIFY(std::filesystem::exists(m_partial));
    const auto rounds = readJsonFile(m_partial)["rounds"].size();
    QVERIFY2(rounds >= 4 && rounds < 8, qPrintable(QString::number(rounds)));

    o.onStep = {};
    compareText(without(messageOf([&] { profile(fakeSource(computer, parts, additive), parts, o); }), m_dir->path().toStdString()),
        "/cpu.json.partial: an unfinished profile is there: allowed --resume to go on with it, or delete it");
    o.resume = true;
    const int before = computer.runs;
    const auto p = profile(fakeSource(computer, parts, additive), parts, o);
    QCOMPARE(p.rounds, 8);
    QCOMPARE(computer.runs - before, static_cast<int>(1 + 8 - rounds) * (1 + p.blocks + 40) * 3);
    const int made = computer.made;
    const auto again = profile(fakeSource(computer, parts, additive), parts, o); // as if writing the device had failed
    QCOMPARE(computer.made, made);
    QCOMPARE(again.device.sums[0].values(), p.device.sums[0].values());
}

void TestProfile::refusesWhatDoesNotBelong()
{
    const auto parts = partsOf("fashion-mbv3");
    FakeComputer computer;
    const auto source = fakeSource(computer, parts, additive);
    auto o = options(4);
    o.resolutions = {18};
    compareText(messageOf([&] { profile(source, parts, o); }), "resolutions: not a resolution of the space fashion-mbv3: found 18; allowed 16, 20, 24, 28");
    o.resolutions = {16};
    profile(source, parts, o);
    o.resume = true;
    o.processor = "Other CPU";
    o.batch = 8;
    compareText(without(messageOf([&] { profile(source, parts, o); }), m_dir->path().toStdString()),
        "/cpu.json.partial: this profile was begun otherwise: found batch 1, processor \"Test CPU\"; allowed batch 8, processor \"Other CPU\"; or delete it");
    o.partial = m_dir->path().toStdString() + "/none/cpu.json.partial";
    const auto made = computer.made;
    QVERIFY(testing::contains(messageOf([&] { profile(source, parts, o); }), "No such file or directory"));
    QCOMPARE(computer.made, made); // said before anything is measured
}

void TestProfile::damagedStatesAreRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const QString head = "{\"schema\": 1, \"identity\": {\"a\": 1}, \"rounds\": [";
    QTest::newRow("no JSON") << "{" << "/cpu.json.partial:1:2: not valid JSON";
    QTest::newRow("schema") << "{\"schema\": 2, \"identity\": {}, \"rounds\": []}" << "/cpu.json.partial: schema: number out of range: found 2; allowed 1 to 1";
    QTest::newRow("times") << head + "{\"group\": 0, \"ms\": [1]}]}" << "/cpu.json.partial: rounds[0].ms: wrong number of times: found 1; allowed 2";
    QTest::newRow("negative") << head + "{\"group\": 0, \"ms\": [1, -1]}]}" << "/cpu.json.partial: rounds[0].ms[1]: number out of range: found -1; allowed 0 to 1e+09";
    QTest::newRow("key") << head + "{\"group\": 0, \"ms\": [1, 1], \"x\": 1}]}" << "/cpu.json.partial: rounds[0]: unknown key: found \"x\"; allowed group, ms";
}

void TestProfile::damagedStatesAreRefused()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    writeFileAtomically(m_partial, std::string_view(text.toStdString()));
    const std::vector<int> groups(2, kEveryGroup);
    const auto found = without(messageOf([&] { ProfileState(m_partial, {{"a", 1}}, groups, true); }), m_dir->path().toStdString());
    compareText(found, message.toStdString());
}

QTEST_GUILESS_MAIN(TestProfile)
#include "tst_profile.moc"

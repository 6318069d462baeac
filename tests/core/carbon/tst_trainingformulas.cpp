// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The formulas of training and design as the command line sees them: a request in, an answer out.
#include "support.h"

#include "carbon/designcost.h"
#include "carbon/formula.h"

#include <algorithm>
#include <regex>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

const Formula& mine(const std::string& name)
{
    static const auto all = trainingFormulas();
    return *std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.name == name; });
}

Json run(const std::string& name, const Json& request) { return mine(name).run(JsonView(request, "request")); }

double toleranceOf(const std::string& text)
{
    std::smatch found;
    static const std::regex number("1e-[0-9]+");
    if (std::regex_search(text, found, number))
        return std::stod(found.str());
    return text.starts_with("exact") ? 1e-12 : 1e-9; // in words: what is printed there has 12 digits
}

// What others print is no expectation of ours.
bool isForComparison(const std::string& key)
{
    return key.starts_with("printed") || key.starts_with("tool_") || key.starts_with("codecarbon_");
}

void compare(const std::string& path, const Json& expected, const Json& found, double tolerance, QStringList& wrong)
{
    if (expected.is_object()) {
        for (const auto& [key, value] : expected.items())
            if (isForComparison(key))
                continue;
            else if (!found.is_object() || !found.contains(key))
                wrong += QString::fromStdString(path + key + " is missing");
            else
                compare(path + key + ".", value, found[key], tolerance, wrong);
    } else if (expected.is_array()) {
        if (!found.is_array() || found.size() != expected.size())
            wrong += QString::fromStdString(path + " has another length");
        else
            for (std::size_t i = 0; i < expected.size(); ++i)
                compare(path + std::to_string(i) + ".", expected[i], found[i], tolerance, wrong);
    } else {
        const auto e = expected.get<double>(), f = found.get<double>();
        if (!(std::abs(f - e) <= tolerance * std::max(std::abs(e), 1e-300)))
            wrong += QString::fromStdString(path + ": expected " + expected.dump() + ", found " + found.dump());
    }
}

} // namespace

class TestTrainingFormulas : public QObject {
    Q_OBJECT
private slots:
    void workedCases();
    void examplesRunAndSchemasName();
    void badRequests_data();
    void badRequests();
    void everyFieldRefusesNotANumber();
    void timeScalesEverything();
    void placeAndPueMultiplyOnly();
    void hardwareOfTheTable();
    void measuredEnergyAndSeries();
    void greenAlgorithmsAsItOpens();
    void comparisonWithTheToolThatRounds();
    void flopsBoundAndExpectation();
    void designAtNoTargets();
    void designByMethod();
    void breakEven();
    void mixOfTheTable();
    void whatIfPlaces();
};

void TestTrainingFormulas::workedCases()
{
    NEED_REFERENCE("cases/carbon.json");
    std::set<std::string> names;
    for (const auto& f : trainingFormulas())
        names.insert(f.name);
    int count = 0;
    for (const auto& c : readJsonFile(testing::referenceDir() / "cases/carbon.json")) {
        if (!c["formula"].is_string() || !names.contains(c["formula"].get<std::string>()))
            continue;
        ++count;
        QStringList wrong;
        // R02's reference figures carry six digits.
        const double tolerance = toleranceOf(c["tolerance"].get<std::string>());
        compare({}, c["expect"], run(c["formula"].get<std::string>(), c["inputs"]), tolerance, wrong);
        QVERIFY2(
            wrong.isEmpty(), qPrintable(QString::fromStdString(c["id"].get<std::string>()) + ": " + wrong.join("; ")));
    }
    QVERIFY2(count >= 30, qPrintable(QString::number(count)));
}

void TestTrainingFormulas::examplesRunAndSchemasName()
{
    for (const auto& f : trainingFormulas()) {
        const auto answer = f.run(JsonView(f.example, "example"));
        QVERIFY2(answer.is_object() && !answer.empty(), f.name.c_str());
        QVERIFY2(!f.summary.empty() && f.schema["properties"].is_object(), f.name.c_str());
        if (f.schema["additionalProperties"] == false)
            for (const auto& [key, value] : f.example.items())
                QVERIFY2(f.schema["properties"].contains(key), (f.name + ": " + key).c_str());
        if (answer.contains("estimates"))
            for (const auto& [key, e] : answer["estimates"].items())
                if (e.is_object())
                    estimateFromJson(JsonView(e, key)); // form, band and kind
    }
}

void TestTrainingFormulas::badRequests_data()
{
    QTest::addColumn<QString>("formula");
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const char* formula, const char* request, const char* message) {
        QTest::newRow(name) << formula << request << message;
    };
    row("pue", "training", R"({"tdp_w":300,"hours":1,"g_per_kwh":16,"pue":0.9})",
        "request: pue: a PUE below 1 is impossible: a data centre uses at least what its computers use: found 0.9; "
        "allowed from 1 to 10");
    row("pue of strubell", "strubell", R"({"power_w":300,"hours":1,"pue":0})",
        "request: pue: a PUE below 1 is impossible: a data centre uses at least what its computers use: found 0; "
        "allowed from 1 to 10");
    row("one of several pues", "what-if", R"({"it_kwh":1,"pue":[1,0.5]})",
        "request: pue[1]: a PUE below 1 is impossible: a data centre uses at least what its computers use: found 0.5; "
        "allowed from 1 to 10");
    row("hours", "training", R"({"tdp_w":300,"hours":-3,"g_per_kwh":16})",
        "request: hours: negative: found -3; allowed from 0 to 1e+09");
    row("missing hours", "training", R"({"tdp_w":300})", "request: the key \"hours\" is missing");
    row("text", "strubell", R"({"power_w":"300","hours":1})",
        "request: power_w: not a number: found the string \"300\"; allowed a number");
    row("unknown key", "patterson", R"({"watts":1,"chips":1,"dayz":1,"kg_per_kwh":1})",
        "request: unknown key: found \"dayz\"; allowed watts, chips, days, hours, pue, kg_per_kwh, g_per_kwh, "
        "net_kg_per_kwh");
    row("null", "patterson", R"({"watts":null})",
        "request: the key \"watts\" holds null: allowed leave it away to have its default");
    row("not an object", "strubell", "[1]", "request: not an object: allowed an object");
    row("both", "strubell", R"({"power_w":1,"hours":1,"t_h":1})",
        "request: both hours and t_h are given: allowed one of them");
    row("nothing", "strubell", R"({"hours":1})",
        "request: something is missing: allowed power_w, or p_cpu, p_dram, gpus and p_gpu");
    row("zone", "training", R"({"tdp_w":1,"hours":1,"zone":"Frence"})",
        "request: zone: there is no grid zone with this name: found \"Frence\"; allowed FR (France), GR (Greece), "
        "Africa, AM (Armenia), BJ (Benin); World; or a number in g/kWh");
    row("gpu", "training", R"({"gpu":"V100","hours":1})",
        "request: gpu: several rows of the hardware table fit: found \"V100\"; allowed NVIDIA V100 PCIe 16/32GB, "
        "NVIDIA V100 SXM2 16/32GB, NVIDIA V100S PCIe 32GB, NVIDIA V100 (system share), NVIDIA node V100x64 (BERT "
        "base); or a power in watt");
    row("mfu", "from-flops", R"({"flop":1,"flops":1,"tdp_w":1,"mfu":1.5})",
        "request: mfu: out of range: found 1.5; allowed above 0 to 1");
    row("flops", "from-flops", R"({"flop":1,"flops":0,"tdp_w":1})",
        "request: flops: out of range: found 0; allowed above 0 to 1e+30");
    row("n", "design-cost", R"({"const_gpuh":1240})",
        "request: something is missing: allowed n, the number of deployment targets");
    row("negative n", "design-cost", R"({"const_gpuh":1240,"n":-1})",
        "request: n: negative: found -1; allowed from 0 to 1e+09");
    row("method", "design-cost", R"({"method":"ProxylesNAS","n":1})",
        "request: method: there is no such method in the table: found \"ProxylesNAS\"; allowed ProxylessNAS, "
        "MobileNetV2, NASNet-A, MnasNet, SinglePathNAS, OFA w/ PS, OFA w/ PS #25, OFA w/ PS #75, DARTS, FBNet-C, "
        "AutoSlim, MobileNetV2 #1200, MobileNetV3-Large");
    row("factors", "mix", R"({"coal_TWh":1,"gas_TWh":1,"factors":[995]})",
        "request: factors: wrong number of factors: found 1; allowed 2");
    row("fuel", "mix", R"({"peat_TWh":1})",
        "request: peat_TWh: there is no factor for this fuel: found \"peat\"; allowed coal, gas, oil, solar, wind; or "
        "give factors");
    row("units", "mix", R"({"coal_TWh":1,"gas_GWh":1})",
        "request: gas_GWh: the amounts stand in different units: found _GWh; allowed _TWh");
    row("nothing to mix", "mix", R"({"coal_TWh":0})", "request: the amounts add up to nothing: allowed more than 0");
    row("load", "cpu-power", R"({"tdp":100,"load":101})",
        "request: load: out of range: found 101; allowed from 0 to 100");
    row("outside the points", "cpu-power", R"({"tdp":100,"load":5,"points":{"10":0.3,"50":0.7}})",
        "request: the load lies outside the points: found 5; allowed 10 to 50");
    row("no load", "cpu-power", R"({"tdp":100})",
        "request: the key \"load_pct\" is missing: allowed load or load_pct, in percent");
    row("slip", "what-if", R"({"it_kwh":1,"puee":1.2})", "request: unknown key: found \"puee\"; allowed pue?");
    row("nothing to ask", "what-if", "{}",
        "request: something is missing: allowed an energy with pue or zones; intensities by place; kwh and kg; or "
        "strubell_lb and patterson_t");
    row("intensity of a place", "what-if", R"({"sweden_g":-1,"estonia_g":2})",
        "request: sweden_g: negative: found -1; allowed from 0 to 5000");
    row("no amount", "equivalents", "{}",
        "request: one amount is needed: found 0 of kg, g, t, lb; allowed one of them");
    row("two amounts", "equivalents", R"({"kg":1,"lb":1})",
        "request: one amount is needed: found 2 of kg, g, t, lb; allowed one of them");
    row("lengths", "training", R"({"series_kwh":[1,2],"series_g_per_kwh":[1]})",
        "request: series_kwh and series_g_per_kwh differ in length: found 2 and 1; allowed the same hours");
}

void TestTrainingFormulas::badRequests()
{
    QFETCH(QString, formula);
    QFETCH(QString, request);
    QFETCH(QString, message);
    compareText(messageOf([&] { run(formula.toStdString(), parseJson(request.toStdString(), "request")); }),
        message.toStdString());
}

void TestTrainingFormulas::everyFieldRefusesNotANumber()
{
    // JSON cannot hold them, but a caller's document can.
    for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
        Json request{{"tdp_w", 300}, {"hours", bad}, {"pue", 1}, {"g_per_kwh", 16}};
        QVERIFY(testing::contains(messageOf([&] { run("training", request); }), "request: hours: not a finite number"));
    }
}

void TestTrainingFormulas::timeScalesEverything()
{
    const Json base{{"tdp_w", 300}, {"hours", 10}, {"pue", 1.2}, {"zone", "DE"}};
    auto longer = base;
    longer["hours"] = 30;
    const auto a = run("training", base), b = run("training", longer);
    for (const char* key : {"it_kwh", "kwh", "g", "kg"})
        QVERIFY2(std::abs(b[key].get<double>() / a[key].get<double>() - 3) < 1e-12, key);
    QCOMPARE(a["power_w"].get<double>(), b["power_w"].get<double>());
}

void TestTrainingFormulas::placeAndPueMultiplyOnly()
{
    const auto at = [](const char* zone) {
        return run("training", {{"tdp_w", 300}, {"hours", 10}, {"pue", 1.2}, {"zone", zone}});
    };
    const auto france = at("FR"), poland = at("PL");
    QCOMPARE(france["kwh"].get<double>(), poland["kwh"].get<double>());
    QVERIFY(std::abs(poland["kg"].get<double>() / france["kg"].get<double>() - 614.98 / 44.18) < 1e-12);
    // A region brings its own PUE; average power is multiplied, too.
    const auto region = run("training", {{"tdp_w", 300}, {"hours", 10}, {"zone", "us-east-1"}});
    QCOMPARE(region["pue"].get<double>(), 1.15);
    QVERIFY(std::abs(region["facility_power_w"].get<double>() - 345) < 1e-9);
    // An unknown data centre has a wide PUE, never below 1, and says so.
    const auto unknown = run("training", {{"tdp_w", 300}, {"hours", 10}});
    QCOMPARE(unknown["pue"].get<double>(), 1.56);
    QVERIFY(unknown["estimates"]["pue"]["low"].get<double>() >= 1);
    compareText(
        unknown["assumptions"][0].get<std::string>(), "PUE 1.56: unknown data centre: Uptime Institute survey 2024");
    compareText(unknown["assumptions"][1].get<std::string>(), "no place is given: the world average is used");
}

void TestTrainingFormulas::hardwareOfTheTable()
{
    const auto node = run("training", {{"gpu", "V100 SXM2"}, {"gpus", 8}, {"hours", 1}, {"pue", 1}, {"zone", "FR"}});
    QVERIFY(std::abs(node["power_w"].get<double>() - 8 * 300 * 0.85) < 1e-9);
    QVERIFY(std::abs(node["estimates"]["it_kwh"]["high"].get<double>() / node["it_kwh"].get<double>() - 1.35) < 1e-9);
    const auto parts = run("training",
        {{"gpu", "V100 SXM2"}, {"gpus", 8}, {"cpu_w", 200}, {"mem_gb", 100}, {"hours", 1}, {"pue", 1}, {"zone", "FR"}});
    QVERIFY(std::abs(parts["power_w"].get<double>() - 1.15 * (8 * 300 * 0.75 + 200 + 37.25)) < 1e-9);
    const auto measured = run("training", {{"gpu", "TPU v3 chip"}, {"hours", 1}, {"pue", 1}, {"zone", "FR"}});
    QCOMPARE(measured["power_w"].get<double>(), 283.0);
    compareText(measured["estimates"]["it_kwh"]["kind"].get<std::string>(), "table");
}

void TestTrainingFormulas::measuredEnergyAndSeries()
{
    const auto m = run("training", {{"it_kwh", 100}, {"pue", 1.1}, {"g_per_kwh", 400}, {"development_factor", 1.7}});
    QVERIFY(std::abs(m["kg"].get<double>() - 44) < 1e-9 && std::abs(m["total_kg"].get<double>() - 44 * 2.7) < 1e-9);
    const auto s = run("training", {{"series_kwh", {1, 3}}, {"series_g_per_kwh", {100, 500}}, {"pue", 2}});
    QVERIFY(std::abs(s["g"].get<double>() - 3200) < 1e-9 && std::abs(s["g_per_kwh"].get<double>() - 400) < 1e-9);
}

void TestTrainingFormulas::greenAlgorithmsAsItOpens()
{
    const auto j = run("training", {{"pue", 1.56}});
    QVERIFY(std::abs(j["kwh"].get<double>() - 2.1310848) < 1e-9 && std::abs(j["g"].get<double>() - 1012.26528) < 1e-6);
    QVERIFY(testing::contains(j["assumptions"][0].get<std::string>(),
        "the form of Green Algorithms as it opens (12 h, 12 cores of 7.5 W, 64 GB, 475 g/kWh)"));
}

void TestTrainingFormulas::comparisonWithTheToolThatRounds()
{
    const Json request{{"tdp_w", 70}, {"hours", 10}, {"g_per_kwh", 20}, {"pue", 1}};
    QVERIFY(!run("training", request).contains("tool_kg"));
    auto compared = request;
    compared["compare"] = true;
    const auto j = run("training", compared);
    QCOMPARE(j["tool_kg"].get<double>(), 0.01);
    QVERIFY(std::abs(j["exact_kg"].get<double>() - 0.014) < 1e-15);
}

void TestTrainingFormulas::flopsBoundAndExpectation()
{
    const Json request{{"flop", 3.14e23}, {"flops", 130e12}, {"tdp_w", 250}, {"pue", 1.125}, {"g_per_kwh", 449.06}};
    const auto bound = run("from-flops", request);
    QVERIFY(bound["lower_bound"].get<bool>());
    const auto& e = bound["estimates"]["expected_kwh"];
    QVERIFY(std::abs(e["value"].get<double>() - bound["kwh"].get<double>() / 0.35) < 1e-6 * e["value"].get<double>());
    QVERIFY(e["low"].get<double>() < e["value"].get<double>() && e["high"].get<double>() > e["value"].get<double>());
    auto many = request;
    many["devices"] = 1000;
    many["mfu"] = 0.5;
    const auto j = run("from-flops", many);
    QVERIFY(std::abs(j["seconds"].get<double>() * 500 - bound["seconds"].get<double>()) < 1);
    QVERIFY(std::abs(j["kwh"].get<double>() / bound["kwh"].get<double>() - 2)
        < 1e-12); // devices divide the time, not the energy
}

void TestTrainingFormulas::designAtNoTargets()
{
    const auto none = run("design-cost", {{"const_gpuh", 1240}, {"train_per_n", 25}, {"n", 0}});
    QCOMPARE(none["gpuh"].get<double>(), 1240.0);
    QVERIFY(none["kg_per_target"].is_null());
    const auto curve = run("design-cost", {{"n", {0, 1}}});
    QVERIFY(curve["0"]["ofa_lb_per_device"].is_null());
    QVERIFY(std::abs(curve["limits_kg_per_device"]["ofa75"].get<double>() - 75 * DesignRates().kgPerGpuHour()) < 1e-12);
}

void TestTrainingFormulas::designByMethod()
{
    const auto j = run("design-cost", {{"method", "single path nas"}, {"n", 40}, {"usd_per_gpuh", 1}});
    QCOMPARE(j["gpuh"].get<double>(), 16608.0);
    QCOMPARE(j["usd"].get<double>(), 16608.0);
    const auto curves = run("design-cost", {{"method", "ProxylessNAS and FBNet-C"}, {"n", {10}}});
    QCOMPARE(curves["10"]["proxyless_gpuh"].get<double>(), 5000.0);
    QCOMPARE(curves["10"]["fbnet_gpuh"].get<double>(), 5760.0);
}

void TestTrainingFormulas::breakEven()
{
    const auto all = run("break-even", Json::object())["alternatives"];
    const auto check = [&](const char* key, double star, int devices) {
        QVERIFY2(std::abs(all[key]["n_star"].get<double>() - star) < 0.005, key);
        QCOMPARE(all[key]["devices"].get<int>(), devices);
    };
    check("proxyless", 2.48, 3);
    check("fbnet", 2.153, 3);
    check("mobilenetv3", 6.889, 7);
    check("mobilenetv2", 8.267, 9);
    check("mnasnet", 0.031, 1);
    compareText(all["mobilenetv3"]["says"].get<std::string>(),
        "once for all costs less from 7 targets on; below, it costs MORE than mobilenetv3");
    const auto named = run("break-even", {{"const_gpuh", 1000}, {"mine_per_n", 400}});
    QCOMPARE(named["mine"].get<double>(), 2.5);
    QCOMPARE(named["mine_devices"].get<int>(), 3);
    const auto never = run("break-even", {{"train_per_n", 75}, {"alternative_per_n", 75}});
    QVERIFY(never["infinite"].get<bool>() && never["n_star"].is_null());
    const auto whole = run("break-even", {{"c0", 1000}, {"a", 100}, {"n", 3}});
    QCOMPARE(whole["n_star"].get<double>(), 10.0);
    QCOMPARE(whole["devices"].get<int>(), 11); // strictly above
    QVERIFY(whole["saved_kg"].get<double>() < 0);
    QVERIFY(testing::contains(whole["alternatives"]["alternative"]["says_at_n"].get<std::string>(), "kg MORE"));
}

void TestTrainingFormulas::mixOfTheTable()
{
    const auto j = run("mix", {{"coal_percent", 50}, {"wind_percent", 50}});
    QCOMPARE(j["g_per_kwh"].get<double>(), (820 + 11) / 2.0);
    compareText(j["basis"].get<std::string>(), "lifecycle/production");
    QCOMPARE(run("mix", {{"coal_percent", 50}, {"wind_percent", 50}, {"basis", "direct"}})["g_per_kwh"].get<double>(),
        380.0);
    QCOMPARE(run("mix", {{"coal_TWh", 1}, {"gas_TWh", 3}, {"factors", {{"gas", 400}, {"coal", 800}}}})["g_per_kwh"]
                 .get<double>(),
        500.0);
}

void TestTrainingFormulas::whatIfPlaces()
{
    const auto j = run("what-if", {{"it_kwh", 100}, {"zones", {"PL", "FR", "us-east-1"}}});
    compareText(j["places"][0]["place"].get<std::string>(), "FR");
    compareText(j["places"][2]["place"].get<std::string>(), "PL");
    QVERIFY(std::abs(j["ratio"].get<double>() - 614.98 / 44.18) < 1e-12);
    QCOMPARE(j["places"][1]["pue"].get<double>(), 1.15); // the region's own
    QVERIFY(j["places"][0]["delta_kg"].get<double>() < 0); // against the first that is named
    QVERIFY(testing::contains(j["assumptions"][0].get<std::string>(), "different bases"));
    const auto named = run("what-if", {{"TX", 300}, {"KR", 400}, {"US_average", 350}});
    QVERIFY(std::abs(named["tx_over_average"].get<double>() - 300.0 / 350) < 1e-12);
}

QTEST_APPLESS_MAIN(TestTrainingFormulas)
#include "tst_trainingformulas.moc"

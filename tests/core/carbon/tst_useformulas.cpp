// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "carbon/formula.h"

#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

const Formula& useFormula(const std::string& name)
{
    static const auto list = useFormulas();
    for (const auto& f : list)
        if (f.name == name)
            return f;
    throw ValueError({name, "no formula of the use phase", {}, {}});
}

Json run(const std::string& name, const std::string& request)
{
    const auto json = parseJson(request, "request");
    return useFormula(name).run(JsonView(json, "request"));
}

// The stated tolerance of a case: its first number, relative; printed or exact figures get a tight one.
double toleranceOf(const std::string& text)
{
    const auto at = text.find("1e-");
    return at == std::string::npos ? 1e-9 : std::max(1e-9, std::stod(text.substr(at)));
}

bool printedByOthers(const std::string& key)
{
    for (const char* prefix : {"printed", "tool_", "codecarbon_"})
        if (key.starts_with(prefix))
            return true;
    return false;
}

// Walks an answer: every estimate must be whole, its band around its value.
int checkEstimates(const Json& json)
{
    int count = 0;
    if (json.is_object() && json.contains("value") && json.contains("kind")) {
        const auto e = estimateFromJson(JsonView(json, "answer"));
        if (e.low && e.high && !(*e.low <= e.value && e.value <= *e.high))
            throw ValueError({"answer", "band does not enclose the value", json.dump(), {}});
        return 1;
    }
    if (json.is_structured())
        for (const auto& e : json)
            count += checkEstimates(e);
    return count;
}

} // namespace

class TestUseFormulas : public QObject {
    Q_OBJECT
private slots:
    void workedCases();
    void everyExampleRuns_data();
    void everyExampleRuns();
    void moreShapes_data();
    void moreShapes();
    void nodesOfAct();
    void ledgerComparesWithThePaper();
    void wrongRequests_data();
    void wrongRequests();
    void notANumber();
    void bareNumbersTakeTheUsualBand();
    void sharedErrorsDecideComparisons();
};

void TestUseFormulas::workedCases()
{
    NEED_REFERENCE("cases/carbon.json");
    const auto cases = readJsonFile(testing::referenceDir() / "cases/carbon.json");
    std::set<std::string> names;
    for (const auto& f : useFormulas())
        names.insert(f.name);
    int ran = 0;
    for (const auto& c : cases) {
        if (!c["formula"].is_string() || !names.contains(c["formula"].get<std::string>()))
            continue;
        const auto id = c["id"].get<std::string>();
        Json answer;
        try {
            answer = useFormula(c["formula"].get<std::string>()).run(JsonView(c["inputs"], id));
        } catch (const Error& e) {
            QFAIL(e.what());
        }
        const double tolerance = toleranceOf(c["tolerance"].get<std::string>());
        for (const auto& [key, expected] : c["expect"].items()) {
            if (printedByOthers(key))
                continue;
            QVERIFY2(answer.contains(key), (id + " lacks " + key).c_str());
            const double found = answer[key].get<double>(), wanted = expected.get<double>();
            QVERIFY2(std::abs(found - wanted) <= tolerance * std::abs(wanted), QString("%1 %2: %3, expected %4").arg(id.c_str(), key.c_str()).arg(found, 0, 'g', 15).arg(wanted, 0, 'g', 15).toUtf8());
        }
        checkEstimates(answer);
        ++ran;
    }
    QVERIFY2(ran >= 10, QByteArray::number(ran));
}

void TestUseFormulas::everyExampleRuns_data()
{
    QTest::addColumn<QString>("name");
    for (const auto& f : useFormulas())
        QTest::newRow(f.name.c_str()) << QString::fromStdString(f.name);
}

void TestUseFormulas::everyExampleRuns()
{
    QFETCH(QString, name);
    const auto& f = useFormula(name.toStdString());
    QVERIFY(!f.summary.empty());
    QCOMPARE(f.schema["type"].get<std::string>(), std::string("object"));
    QVERIFY(f.schema.contains("additionalProperties"));
    for (const auto& [key, value] : f.example.items())
        QVERIFY2(f.schema["properties"].contains(key), key.c_str());
    const auto answer = f.run(JsonView(f.example, "example"));
    QVERIFY(answer.is_object() && !answer.empty());
    if (name != "shift")
        QVERIFY(checkEstimates(answer) > 0);
    // The same request gives the same bytes.
    compareText(printJson(answer), printJson(f.run(JsonView(f.example, "example"))));
    auto wrong = f.example;
    wrong["misspelt_key"] = 1;
    const auto message = messageOf([&] { f.run(JsonView(wrong, "example")); });
    QVERIFY2(testing::contains(message, "unknown key: found \"misspelt_key\""), message.c_str());
    QVERIFY(!testing::contains(message, "\n"));
    // Every number of the example, negative: an error that names its key.
    for (const auto& [key, value] : f.example.items()) {
        if (!value.is_number())
            continue;
        auto negative = f.example;
        negative[key] = -1;
        const auto text = messageOf([&] { f.run(JsonView(negative, "example")); });
        QVERIFY2(testing::contains(text, "example: " + key) && testing::contains(text, "found -1"), text.c_str());
        negative[key] = "much";
        const auto words = messageOf([&] { f.run(JsonView(negative, "example")); });
        QVERIFY2(testing::contains(words, "example: " + key), words.c_str());
    }
}

void TestUseFormulas::moreShapes_data()
{
    QTest::addColumn<QString>("formula");
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("key");
    QTest::addColumn<double>("expected");
    const auto row = [](const char* tag, const char* formula, const char* request, const char* key, double expected) {
        QTest::newRow(tag) << formula << request << key << expected;
    };
    row("fleet kWh", "fleet", R"({"devices":1e6,"inferences_per_day":10,"j_per_inference":0.05,"charger_eff":0.85,"g_per_kwh":472.94})", "kwh_per_year",
        1e7 * 365 * 0.05 / 0.85 / 3.6e6);
    row("fleet kg", "fleet", R"({"phones":1e6,"per_day":10,"j":0.05,"charger_eff":0.85,"g_per_kwh":472.94})", "kg_per_year",
        1e7 * 365 * 0.05 / 0.85 / 3.6e6 * 0.47294);
    row("fleet mix", "fleet", R"({"devices":100,"inferences_per_day":10,"j_per_inference":0.1,"charger_eff":1,"mix":{"FR":{"share":0.25,"g_per_kwh":40},"DE":{"share":0.75,"g_per_kwh":360}}})",
        "kg_per_year", 1000 * 365 * 0.1 / 3.6e6 * 0.28);
    row("fleet of kinds", "fleet", R"({"devices":[{"devices":100,"j":0.1},{"devices":50,"j":0.4}],"inferences_per_day":10,"charger_eff":1,"g_per_kwh":100})", "kwh_per_year",
        (1000 * 0.1 + 500 * 0.4) * 365 / 3.6e6);
    row("fleet in a data centre", "fleet", R"({"devices":1,"inferences_per_day":1e6,"j_per_inference":36,"charger_eff":1,"pue":1.5,"g_per_kwh":100})", "kwh_per_year", 1e6 * 365 * 36 / 3.6e6 * 1.5);
    row("payback of tuning", "payback", R"({"gpuh":75,"kg_per_gpuh":0.128638858878,"delta_mj":10,"charger_eff":0.85,"g_per_kwh":472.94})", "inferences",
        75 * 0.128638858878 * 3.6e9 * 0.85 / (0.01 * 472.94));
    row("payback by the paper's hours", "payback", R"({"gpuh":1240,"j":0.05,"charger_eff":0.85,"g_per_kwh":472.94})", "inferences", 20641404242.7);
    row("payback days", "payback", R"({"train_kg":1,"j":1,"charger_eff":1,"g_per_kwh":1000,"inferences_per_day":100,"devices":10})", "days", 3.6e6 / 1000);
    row("DRAM", "embodied", R"({"gb":8,"g_per_gb":65,"yield":0.875})", "g", 8 * 65 / 0.875);
    row("die from parts", "embodied", R"({"area_mm2":826,"epa":2.15,"gpa95":350,"gpa99":200,"pkg_g":150})", "g", 8.26 * 2318.22857142857 + 150);
    row("server hour", "embodied", R"({"te_kg":3700,"life_years":5,"util":0.5,"gpus":8})", "g_per_gpuh", 3.7e6 / (5 * 8760 * 0.5 * 8));
    row("gpu hours", "embodied", R"({"te_kg":3700,"life_years":5,"util":0.5,"gpus":8,"gpuh":1240})", "kg", 3700 / (5 * 8760 * 0.5 * 8) * 1240);
    row("phone by active time", "embodied", R"({"te_kg":55.5,"life_years":3,"screen_hours_per_day":3,"active_s":11826})", "g", 55.5);
    row("idle power", "inference", R"({"latency_ms":10,"power_w":2,"wait_ms":100,"idle_w":0.3})", "by_power_mj", 50);
    row("batch", "inference", R"({"latency_ms":100,"power_w":200,"batch":32})", "by_power_mj", 625);
    row("bytes", "inference", R"({"mmacs":100,"pj_per_mac":50,"dram_bytes":1e6,"pj_per_byte":100})", "by_work_mj", 5.1);
    row("kappa", "inference", R"({"time_mj":[100,100],"work_mj":[25,25]})", "calibration", 50.0 / 125);
    row("calibrated", "inference", R"({"latency_ms":10,"power_w":10,"mmacs":500,"pj_per_mac":50,"calibration":0.4})", "energy_mj", 50);
    row("wear", "battery", R"({"j_per_inference":0.05,"battery_mah":5000,"volt":3.85,"wear":true})", "wear_g_per_inference", 87 * 0.05 / (800 * 3.6e6) * 1000);
    row("tornado F", "combine", R"({"factors":[1.1,1.35,2.0]})", "F", std::exp(std::hypot(std::log(1.1), std::log(1.35), std::log(2.0))));
    row("tornado named", "combine", R"({"factors":{"ci":1.1,"watts":1.35}})", "p95", std::exp(std::hypot(std::log(1.1), std::log(1.35))));
    row("sci without m", "sci", R"({"e_kwh":2,"i_g_per_kwh":100,"r":10})", "sci_g_per_r", 20);
}

void TestUseFormulas::moreShapes()
{
    QFETCH(QString, formula);
    QFETCH(QString, request);
    QFETCH(QString, key);
    QFETCH(double, expected);
    const auto answer = run(formula.toStdString(), request.toStdString());
    checkEstimates(answer);
    QVERIFY2(answer.contains(key.toStdString()), printJson(answer).c_str());
    const double found = answer[key.toStdString()].get<double>();
    QVERIFY2(std::abs(found - expected) <= 1e-10 * std::abs(expected), QByteArray::number(found, 'g', 15));
}

void TestUseFormulas::nodesOfAct()
{
    // ACT: Taiwan 583 g/kWh, 97 % abatement, yield 0.875, materials 500 g/cm2.
    const auto answer = run("embodied",
        R"({"28nm":{"epa":0.9,"gpa95":175,"gpa99":100},"14nm":{"epa":1.2,"gpa95":200,"gpa99":125},"7nm":{"epa":2.15,"gpa95":350,"gpa99":200},
            "5nm":{"epa":2.75,"gpa95":430,"gpa99":225},"3nm":{"epa":3.25,"gpa95":470,"gpa99":275}})");
    const std::vector<std::pair<const char*, double>> expected{
        {"28nm", 1328.22857143}, {"14nm", 1556.68571429}, {"7nm", 2318.22857143}, {"5nm", 2778.0}, {"3nm", 3162.57142857}};
    for (const auto& [node, g] : expected)
        QVERIFY2(std::abs(answer[node].get<double>() - g) < 1e-8 * g, node);
}

void TestUseFormulas::ledgerComparesWithThePaper()
{
    const auto a = run("ledger", R"({"targets":2,"method":{"model":"OFA","const_gpuh":1240}})");
    const auto& list = a["amortisation"]["compare"];
    QCOMPARE(list.size(), std::size_t(10)); // every row of the paper's table but OFA's own
    bool found = false;
    for (const auto& row : list)
        if (row["model"] == "ProxylessNAS") {
            found = true;
            QVERIFY(row["ours_costs_more"].get<bool>());
            QCOMPARE(row["first_target"].get<int>(), 3);
            QVERIFY(testing::contains(row["text"].get<std::string>(), "at 2 targets it costs MORE"));
        }
    QVERIFY(found);
}

void TestUseFormulas::wrongRequests_data()
{
    QTest::addColumn<QString>("formula");
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* tag, const char* formula, const char* request, const char* message) { QTest::newRow(tag) << formula << request << message; };
    row("pue", "fleet", R"({"devices":1,"inferences_per_day":1,"j":1,"pue":0.9})", "request: pue: number out of range: found 0.9; allowed at least 1, at most 100");
    row("pue of a phase", "ledger", R"({"training":{"it_kwh":1,"pue":0.99,"g_per_kwh":1}})", "request: training.pue: number out of range: found 0.99; allowed at least 1, at most 100");
    row("r zero", "sci", R"({"e_kwh":0.5,"i_g_per_kwh":350,"m_g":120,"r":0})", "request: r: number out of range: found 0; allowed more than 0");
    row("r negative", "sci", R"({"e_kwh":0.5,"i_g_per_kwh":350,"m_g":120,"r":-3})", "request: r: number out of range: found -3; allowed more than 0");
    row("missing", "sci", R"({"e_kwh":0.5,"i_g_per_kwh":350})", "request: the key \"r\" is missing");
    row("type", "sci", R"({"e_kwh":"a","i_g_per_kwh":350,"r":1})", "request: e_kwh: not a number: found the string \"a\"; allowed a number");
    row("efficiency", "battery", R"({"j":1,"battery_mah":10,"charger_eff":1.1})", "request: charger_eff: number out of range: found 1.1; allowed more than 0, at most 1");
    row("efficiency zero", "payback", R"({"train_kg":1,"j":1,"charger_eff":0,"g_per_kwh":1})", "request: charger_eff: number out of range: found 0; allowed more than 0, at most 1");
    row("twice", "payback", R"({"train_kg":1,"kg":1,"j":1})", "request: two keys say the same: found train_kg, kg; allowed one of them");
    row("either", "payback", R"({"train_kg":1,"g_per_kwh":1})", "request: the request is not complete: allowed j or mj");
    row("longer than life", "embodied", R"({"te_kg":10,"hours":9000,"life_years":1})", "hours: number out of range: found 9000; allowed 0 to 8760, the life of the device: a job cannot carry more than was made");
    row("share", "embodied", R"({"te_kg":10,"hours":1,"life_years":1,"share":1.5})", "request: share: number out of range: found 1.5; allowed at least 0, at most 1");
    row("shares", "fleet", R"({"devices":1,"inferences_per_day":1,"j":1,"mix":[{"zone":"A","share":0.5,"g_per_kwh":1},{"zone":"B","share":0.4,"g_per_kwh":1}]})",
        "request: mix: the shares do not add up to 1: found 0.9; allowed 1");
    row("band", "combine", R"({"factors":[[1,0.8,1.2]]})", "request: factors[0]: the band does not enclose its value: found 0.8; allowed low <= value <= high");
    row("band of zero", "combine", R"({"factors":[[0,1,1.2]]})", "request: factors[0]: the band reaches 0, which a factor cannot: found 1; allowed low above 0 where the value is");
    row("factor", "combine", R"({"factors":[0.5]})", "request: factors[0]: number out of range: found 0.5; allowed at least 1");
    row("gap", "shift", R"({"series":[1,null,3],"duration_h":1})", "request: series[1]: the series has a gap: found null; allowed a number for every hour (a CSV with times may have gaps of 3 h)");
    row("too long", "shift", R"({"series":[1,2,3],"duration_h":4})", "duration: the job does not fit into its window: found 4 hours; allowed at most 3");
    row("deadline", "shift", R"({"series":[1,2,3],"duration_h":1,"finish_by":9})", "request: finish_by: the time lies outside the series: found 9; allowed 0 to 3 hours");
    row("empty", "ledger", "{}", "request: the request is not complete: allowed search, training, fine_tuning, devices, method or marginal");
    row("device", "ledger", R"({"devices":{"devices":1,"inferences_per_day":1,"life_years":1}})",
        "request: devices: the request is not complete: allowed j_per_inference; latency_ms and power_w; or mmacs and pj_per_mac");
    row("half", "inference", R"({"mmacs":3})", "request: the request is not complete: allowed latency_ms and power_w; mmacs and pj_per_mac; hours and power_w; pairs of [ms, mJ]; or time_mj and work_mj");
    row("huge", "battery", R"({"j":1e40,"battery_mah":10})", "request: j: number out of range: found 1e+40; allowed more than 0");
    row("a list", "battery", "[1]", "request: not an object: found a list; allowed an object");
}

void TestUseFormulas::wrongRequests()
{
    QFETCH(QString, formula);
    QFETCH(QString, request);
    QFETCH(QString, message);
    compareText(messageOf([&] { run(formula.toStdString(), request.toStdString()); }), message.toStdString());
}

void TestUseFormulas::notANumber()
{
    for (const auto& f : useFormulas())
        for (const auto& [key, value] : f.example.items()) {
            if (!value.is_number())
                continue;
            for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
                auto request = f.example;
                request[key] = bad;
                const auto message = messageOf([&] { f.run(JsonView(request, "request")); });
                QVERIFY2(testing::contains(message, "request: " + key), (f.name + ": " + message).c_str());
            }
        }
}

void TestUseFormulas::bareNumbersTakeTheUsualBand()
{
    const auto answer = run("fleet", R"({"devices":1,"inferences_per_day":1,"j":1,"charger_eff":1,"g_per_kwh":[50,100,200]})");
    const auto e = estimateFromJson(JsonView(answer["co2eKgPerYear"], "answer"));
    // Energy x2 and grid x2 by its own band: ln F = sqrt(2) ln 2; drawn, so within a percent or two.
    const double expected = std::exp(std::sqrt(2.0) * std::log(2.0));
    QVERIFY(std::abs(*e.high / e.value / expected - 1) < 0.03);
    QVERIFY(std::abs(e.value / *e.low / expected - 1) < 0.03);
    QVERIFY(e.kind == Kind::User);
    QVERIFY(testing::contains(e.source, "usual band x2"));
    // A data centre never has a PUE below 1, whatever the band says.
    const auto pue = run("fleet", R"({"devices":1,"inferences_per_day":1e6,"j":{"value":3.6,"factor":1},"charger_eff":1,"pue":{"value":1.01,"factor":1.5},"g_per_kwh":100})");
    const auto wall = estimateFromJson(JsonView(pue["wallKwhPerYear"], "answer"));
    QVERIFY(*wall.low >= 365 * (1 - 1e-12));
}

void TestUseFormulas::sharedErrorsDecideComparisons()
{
    const auto apart = run("combine", R"({"a":[{"name":"j","value":50,"factor":2}],"b":[{"name":"j","value":60,"factor":2}]})");
    const auto together = run("combine", R"({"a":[{"name":"j","value":50,"factor":2,"id":"phone"}],"b":[{"name":"j","value":60,"factor":2,"id":"phone"}]})");
    QCOMPARE(together["probability_a_less"].get<double>(), 1.0);
    // P = Φ(ln(1.2) / (sqrt(2) σ)), σ = ln 2 / 1.645
    const double expected = 0.5 * std::erfc(-std::log(1.2) / (std::sqrt(2.0) * std::log(2.0) / 1.6448536269514722) / std::sqrt(2.0));
    QVERIFY(std::abs(apart["probability_a_less"].get<double>() - expected) < 0.015);
}

QTEST_APPLESS_MAIN(TestUseFormulas)
#include "tst_useformulas.moc"

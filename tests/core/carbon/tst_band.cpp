// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "base/random.h"
#include "carbon/inference.h"
#include "carbon/montecarlo.h"

#include <fmt/format.h>

#include <cstring>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

bool near(double a, double b, double relative) { return std::abs(a - b) <= relative * std::abs(b); }

Quantity quantity(double value, double factor, std::string id = {}, Kind kind = Kind::Model)
{
    return {withFactor(value, factor, kind, "made for a test"), std::move(id), 0, std::numeric_limits<double>::max()};
}

double normalCdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

} // namespace

class TestBand : public QObject {
    Q_OBJECT
private slots:
    void expAndLogAreExact();
    void normalQuantiles();
    void productsAddSquaresOfLogarithms();
    void asymmetricBands();
    void tornadoShares();
    void intervalProducts();
    void kindsAndSources();
    void missingBands();
    void badBands();
    void digits();
    void drawsFollowTheirBand();
    void productsAgreeWithTheory();
    void comparisonsAgreeWithTheory();
    void sharedInputsCancel();
    void tornadoOfAProductAgrees();
    void sumsAreNarrowerThanTheirParts();
    void sameDrawsEverywhere();
    void bandsEncloseTheValue();
    void boundsHold();
    void frontAgreesWithProducts();
    void frontErrors();
};

void TestBand::expAndLogAreExact()
{
    Random random(1);
    for (int i = 0; i < 20000; ++i) {
        const double x = 200 * random.uniform() - 100;
        QVERIFY(near(portableExp(x), std::exp(x), 4e-15));
        const double y = std::exp(60 * random.uniform() - 30);
        QVERIFY(std::abs(portableLog(y) - std::log(y)) <= 4e-15 * std::max(1.0, std::abs(std::log(y))));
    }
    QCOMPARE(portableExp(0), 1.0);
    QCOMPARE(portableLog(1), 0.0);
    QVERIFY(std::isfinite(portableExp(1e9)) && portableExp(-1e9) > 0);
    std::vector<double> list{-3.3, 0, 0.5, 17};
    portableExp(list);
    QCOMPARE(list, (std::vector<double>{portableExp(-3.3), 1, portableExp(0.5), portableExp(17)}));
}

void TestBand::normalQuantiles()
{
    QCOMPARE(normalQuantile(0.5), 0.0);
    QVERIFY(near(normalQuantile(0.95), kZ95, 1e-14));
    QVERIFY(near(normalQuantile(0.975), 1.959963984540054, 1e-14));
    QVERIFY(near(normalQuantile(1e-10), -6.361340902404056, 1e-12));
    QVERIFY(near(normalQuantile(1e-20), -9.262340089798408, 1e-12));
    for (double p = 0.0005; p < 1; p += 0.0005)
        QVERIFY(near(normalCdf(normalQuantile(p)), p, 1e-12));
}

void TestBand::productsAddSquaresOfLogarithms()
{
    const auto p = product(2, {{"a", withFactor(3, 1.1, Kind::Counter, "x"), 1}, {"b", withFactor(5, 1.35, Kind::Table, "y"), 1}, {"c", withFactor(4, 2, Kind::Table, "z"), -1}});
    const double f = std::exp(std::sqrt(std::pow(std::log(1.1), 2) + std::pow(std::log(1.35), 2) + std::pow(std::log(2), 2)));
    QVERIFY(near(p.value, 7.5, 1e-15));
    QVERIFY(near(*p.low, 7.5 / f, 1e-13));
    QVERIFY(near(*p.high, 7.5 * f, 1e-13));
    QCOMPARE(product(3, {}).value, 3.0);
    QCOMPARE(*product(3, {}).low, 3.0);
    const auto zero = product(1, {{"a", withFactor(0, 2, Kind::User, ""), 1}, {"b", withFactor(2, 2, Kind::User, ""), 1}});
    QVERIFY(zero.value == 0 && zero.low == 0.0 && zero.high == 0.0);
}

void TestBand::asymmetricBands()
{
    const Estimate eta{0.85, 0.75, 0.92, Kind::Citation, "charger"};
    const auto inverse = product(1, {{"eta", eta, -1}});
    QVERIFY(near(*inverse.low, 1 / 0.92, 1e-13)); // a division turns the band round
    QVERIFY(near(*inverse.high, 1 / 0.75, 1e-13));
    const auto square = product(1, {{"eta", eta, 2}});
    QVERIFY(near(*square.low, 0.75 * 0.75, 1e-13));
}

void TestBand::tornadoShares()
{
    const auto shares = tornado({{"grid", withFactor(1, 1.1, Kind::User, ""), 1}, {"watts", withFactor(1, 1.35, Kind::User, ""), 1}, {"phone", withFactor(1, 2, Kind::User, ""), -1}});
    const double a = std::pow(std::log(1.1), 2), b = std::pow(std::log(1.35), 2), c = std::pow(std::log(2), 2);
    compareText(shares[0].name, "phone");
    QVERIFY(near(shares[0].share, c / (a + b + c), 1e-13));
    QVERIFY(near(shares[1].share, b / (a + b + c), 1e-13));
    QVERIFY(near(shares[2].share, a / (a + b + c), 1e-13));
    for (const auto& s : tornado({{"a", exactly(1), 1}, {"b", exactly(2), 1}}))
        QCOMPARE(s.share, 0.0);
}

void TestBand::intervalProducts()
{
    const auto e = [](double lo, double hi) { return Estimate{1, lo, hi, Kind::User, {}}; };
    const auto [lo, hi] = intervalProduct(1, {{"a", e(0.8, 1.25), 1}, {"b", e(0.9, 1.1), 1}, {"c", e(0.67, 1.5), 1}});
    QVERIFY(near(lo, 0.4824, 1e-14));
    QVERIFY(near(hi, 2.0625, 1e-14));
    const auto [low, high] = intervalProduct(1, {{"a", e(0.5, 4), -1}});
    QCOMPARE(low, 0.25);
    QCOMPARE(high, 2.0);
}

void TestBand::kindsAndSources()
{
    const auto p = product(1, {{"a", withFactor(1, 1.1, Kind::Counter, "NVML"), 1}, {"b", withFactor(1, 1.1, Kind::Citation, "a paper"), 1}, {"c", withFactor(1, 1.1, Kind::Table, "NVML"), 1}});
    QVERIFY(p.kind == Kind::Citation);
    compareText(p.source, "NVML; a paper");
    MonteCarlo world;
    const auto e = world.estimate(world.input("a", quantity(1, 1.1, {}, Kind::Counter)) + world.input("b", quantity(1, 1.1, {}, Kind::Predicted)) + Uncertain(3));
    QVERIFY(e.kind == Kind::Predicted);
    compareText(e.source, "made for a test");
}

void TestBand::missingBands()
{
    const Estimate unknown{2, {}, {}, Kind::Predicted, "imported"};
    QVERIFY(!product(1, {{"a", unknown, 1}, {"b", withFactor(1, 2, Kind::User, ""), 1}}).low);
    MonteCarlo world;
    const auto u = world.input("a", {unknown, {}, 0, 1e9});
    QVERIFY(!world.estimate(u).low && !world.estimate(u).high);
    const auto both = u * world.input("b", quantity(1, 2));
    QVERIFY(world.estimate(both).low.has_value());
    QCOMPARE(world.withoutBand(both), std::vector<std::string>{"a"});
    QCOMPARE(*world.estimate(Uncertain(4)).low, 4.0);
}

void TestBand::badBands()
{
    const auto message = [](Estimate e) { return messageOf([&] { logBand(e); }); };
    compareText(message({-1, {}, {}, Kind::User, {}}), "a value with a band is not a number from 0: found -1; allowed 0 or more");
    compareText(message({std::nan(""), {}, {}, Kind::User, {}}), "a value with a band is not a number from 0: found nan; allowed 0 or more");
    compareText(message({1, 2, 3, Kind::User, {}}), "the band does not enclose its value: found 1; allowed low <= value <= high");
    compareText(message({1, 0, 3, Kind::User, {}}), "the band reaches 0, which a factor cannot: found 1; allowed low above 0 where the value is");
    compareText(messageOf([] { withFactor(1, 0.9, Kind::User, ""); }), "not the factor of a band: found 0.9; allowed 1 or more");
    compareText(messageOf([] { product(1, {{"eta", exactly(0), -1}}); }), "eta: division by zero: found 0; allowed more than 0");
    MonteCarlo world;
    compareText(messageOf([&] { world.input("counter", {{-5, {}, {}, Kind::Counter, {}}, {}, 0, 1e9}); }),
        "counter: a value with a band is not a number from 0: found -5; allowed 0 or more");
    compareText(messageOf([&] { world.input("pue", {exactly(0.9), {}, 1, 100}); }), "pue: number out of range: found 0.9; allowed 1 to 100");
    compareText(messageOf([] { MonteCarlo w(1, 3); }), "draws: wrong number of draws: found 3; allowed 16 to 1048576");
}

void TestBand::digits()
{
    QCOMPARE(significantDigits(withFactor(5, 1.05, Kind::Counter, "")), 3);
    QCOMPARE(significantDigits(withFactor(5, 1.5, Kind::Counter, "")), 2);
    QCOMPARE(significantDigits({5, {}, {}, Kind::User, {}}), 2);
}

void TestBand::drawsFollowTheirBand()
{
    MonteCarlo world;
    const auto u = world.input("x", {{10, 4, 15, Kind::Model, {}}, {}, 0, 1e9});
    const auto e = world.estimate(u);
    QVERIFY(near(*e.low, 4, 2e-3)); // the stratified draws hold the percentiles almost exactly
    QVERIFY(near(*e.high, 15, 2e-3));
    QVERIFY(near(world.percentile(u, 0.5), 10, 2e-3));
    QCOMPARE(e.value, 10.0);
    auto sorted = u.draws();
    std::sort(sorted.begin(), sorted.end());
    for (const double p : {0.01, 0.05, 0.3, 0.77, 0.999}) { // the histogram finds what sorting finds
        const double position = p * 4096 - 0.5;
        const auto k = static_cast<std::size_t>(position);
        QVERIFY(near(world.percentile(u, p), sorted[k] + (position - static_cast<double>(k)) * (sorted[k + 1] - sorted[k]), 1e-12));
    }
}

void TestBand::productsAgreeWithTheory()
{
    Random random(7);
    for (int trial = 0; trial < 20; ++trial) {
        MonteCarlo world(static_cast<std::uint64_t>(trial) + 1);
        std::vector<BandFactor> factors;
        Uncertain u(1);
        for (int i = 0; i < 5; ++i) {
            const auto name = std::string(1, static_cast<char>('a' + i));
            const auto q = quantity(0.1 + 10 * random.uniform(), 1.05 + random.uniform());
            factors.push_back({name, q.estimate, i % 2 ? -1.0 : 1.0});
            if (i % 2)
                u /= world.input(name, q);
            else
                u *= world.input(name, q);
        }
        const auto theory = product(1, factors), drawn = world.estimate(u);
        QVERIFY(near(drawn.value, theory.value, 1e-12));
        // A percentile of 4096 draws lies within 2.11 σ / sqrt(4096) of the true one, four times out of six.
        const double error = 2.11 / 64 * std::log(*theory.high / theory.value) / kZ95;
        QVERIFY(std::abs(std::log(*drawn.low / *theory.low)) < 4 * error);
        QVERIFY(std::abs(std::log(*drawn.high / *theory.high)) < 4 * error);
    }
}

void TestBand::comparisonsAgreeWithTheory()
{
    for (const double ratio : {0.5, 0.9, 1.0, 1.1, 1.7, 3.0}) {
        MonteCarlo world;
        const auto a = world.input("a", quantity(10, 1.6)), b = world.input("b", quantity(10 * ratio, 2.0));
        const double sigma = std::hypot(std::log(1.6), std::log(2.0)) / kZ95;
        const double theory = normalCdf(std::log(ratio) / sigma);
        QVERIFY2(std::abs(probabilityLess(a, b) - theory) < 0.015, QByteArray::number(probabilityLess(a, b) - theory));
        QCOMPARE(probabilityLess(a, b) + probabilityLess(b, a), 1.0);
    }
    QCOMPARE(probabilityLess(Uncertain(1), Uncertain(2)), 1.0);
    QCOMPARE(probabilityLess(Uncertain(2), Uncertain(2)), 0.5);
}

void TestBand::sharedInputsCancel()
{
    MonteCarlo world;
    const auto grid = quantity(400, 1.9, "grid");
    const auto a = world.input("a.j", quantity(0.05, 1)) * world.input("grid", grid);
    const auto b = world.input("b.j", quantity(0.051, 1)) * world.input("grid", grid);
    QCOMPARE(probabilityLess(a, b), 1.0); // 2 % apart on a grid that nobody knows within 90 %
    const auto own = world.input("b.j", quantity(0.051, 1)) * world.input("other grid", quantity(400, 1.9));
    QVERIFY(std::abs(probabilityLess(a, own) - 0.5) < 0.05);
}

void TestBand::tornadoOfAProductAgrees()
{
    MonteCarlo world;
    const auto u = world.input("grid", quantity(400, 1.1)) * world.input("watts", quantity(300, 1.35)) / world.input("phone", quantity(2, 2.0));
    const auto theory = tornado({{"grid", withFactor(1, 1.1, Kind::User, ""), 1}, {"watts", withFactor(1, 1.35, Kind::User, ""), 1}, {"phone", withFactor(1, 2, Kind::User, ""), -1}});
    const auto drawn = world.tornado(u);
    QCOMPARE(drawn.size(), theory.size());
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        compareText(drawn[i].name, theory[i].name);
        QVERIFY(std::abs(drawn[i].share - theory[i].share) < 0.02);
    }
    // An input that does not matter has a share near 0; a shared one counts once.
    const auto shared = world.input("p", quantity(1, 2, "same")) * world.input("q", quantity(1, 2, "same"));
    QCOMPARE(world.tornado(shared).size(), std::size_t(1));
}

void TestBand::sumsAreNarrowerThanTheirParts()
{
    MonteCarlo world;
    Uncertain independent, common;
    for (int i = 0; i < 16; ++i) {
        independent += world.input(fmt::format("x{}", i), quantity(1, 2));
        common += world.input(fmt::format("y{}", i), quantity(1, 2, "shared"));
    }
    const auto a = world.estimate(independent), b = world.estimate(common);
    QVERIFY(*a.high / *a.low < 1.6);
    QVERIFY(near(*b.high, 32, 0.01) && near(*b.low, 8, 0.01));
}

void TestBand::sameDrawsEverywhere()
{
    MonteCarlo first, second, other(2);
    second.input("asked before", quantity(1, 3)); // other inputs do not move the draws
    const auto a = first.input("x", quantity(5, 2)), b = second.input("x", quantity(5, 2)), c = other.input("x", quantity(5, 2));
    QVERIFY(a.draws() == b.draws());
    QVERIFY(a.draws() != c.draws());
    // Pinned: the same on every machine and compiler, to the last bit.
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const double d : a.draws()) {
        std::uint64_t bits = 0;
        static_assert(sizeof bits == sizeof d);
        std::memcpy(&bits, &d, sizeof d);
        hash = (hash ^ bits) * 0x100000001b3u;
    }
    QCOMPARE(QString::number(hash, 16), QString("247cae4ff8b930fb"));
}

void TestBand::bandsEncloseTheValue()
{
    // Many skewed items: the sum of medians lies below nearly every world, and the band still holds it.
    MonteCarlo world;
    Uncertain sum;
    for (int i = 0; i < 300; ++i)
        sum += world.input(fmt::format("x{}", i), quantity(1, 5));
    const auto e = world.estimate(sum);
    QVERIFY(*e.low <= e.value && e.value <= *e.high);
}

void TestBand::boundsHold()
{
    MonteCarlo world;
    const auto pue = world.input("pue", {withFactor(1.1, 1.5, Kind::User, ""), {}, 1, 100});
    for (const double d : pue.draws())
        QVERIFY(d >= 1);
}

void TestBand::frontAgreesWithProducts()
{
    Random random(3);
    std::vector<Estimate> energies;
    for (int i = 0; i < 200; ++i) {
        const double j = 0.01 + 0.1 * random.uniform();
        energies.push_back(i % 10 ? Estimate{j, j / (1.2 + random.uniform()), j * (1.2 + random.uniform()), Kind::Model, "m"} : Estimate{j, {}, {}, Kind::Predicted, "p"});
    }
    const FrontCarbon front(energies);
    QVERIFY(front.kind() == Kind::Predicted);
    std::vector<FrontCarbon::Value> values(energies.size());
    const auto grid = withFactor(472.94, 1.1, Kind::Table, "World"), pue = exactly(1);
    const Estimate eta{0.85, 0.75, 0.92, Kind::Citation, "charger"};
    front.gPerMillion(grid, pue, eta, values);
    for (std::size_t i = 0; i < energies.size(); ++i) {
        const auto p = product(1e6 / 3.6e6, {{"j", energies[i], 1}, {"grid", grid, 1}, {"pue", pue, 1}, {"eta", eta, -1}});
        QVERIFY(near(values[i].value, p.value, 1e-13));
        QCOMPARE(std::isnan(values[i].low), !p.low.has_value());
        if (p.low) {
            QVERIFY(near(values[i].low, *p.low, 1e-12));
            QVERIFY(near(values[i].high, *p.high, 1e-12));
        }
    }
}

void TestBand::frontErrors()
{
    const FrontCarbon front(std::vector<Estimate>{exactly(1)});
    std::vector<FrontCarbon::Value> one(1), two(2);
    const auto message = [&](double pue, double eta, std::vector<FrontCarbon::Value>& out) {
        return messageOf([&] { front.gPerMillion(exactly(400), exactly(pue), exactly(eta), out); });
    };
    compareText(message(0.99, 1, one), "pue: number out of range: found 0.99; allowed 1 or more");
    compareText(message(1, 0, one), "efficiency: number out of range: found 0; allowed above 0 up to 1");
    compareText(message(1, 1, two), "front: room for the wrong number of values: found 2; allowed 1");
    compareText(message(1, 1, one), "no error");
    QVERIFY(near(one[0].value, 400.0 / 3.6, 1e-14));
}

QTEST_APPLESS_MAIN(TestBand)
#include "tst_band.moc"

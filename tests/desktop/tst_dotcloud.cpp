// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Dots that are stamped by hand look as Qt would have drawn them.
#include "views/dotcloud.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace paretoscope::desktop;

namespace {

constexpr int kSide = 200;
const QColor kBlue(0, 114, 178, 110), kGrey(120, 120, 120, 150);

} // namespace

class TestDotCloud : public QObject {
    Q_OBJECT
private slots:
    void init();
    void dotsAreWhereTheyBelong();
    void looksLikeCircles();
    void manyOnOnePlaceAreOpaque();
    void laterGroupsLieAbove();
    void nothingIsDrawnBeyondTheAxes();
    void followsRangesAndStyles();
    void logarithmicAxes();
    void knowsItsRanges();

private:
    QImage painted(bool paper);
    QImage shown() { return painted(false); }
    QColor at(double x, double y) { return shown().pixelColor(static_cast<int>(m_plot->xAxis->coordToPixel(x)), static_cast<int>(m_plot->yAxis->coordToPixel(y))); }

    std::unique_ptr<QCustomPlot> m_plot;
    DotCloud* m_dots = nullptr;
};

void TestDotCloud::init()
{
    m_plot = std::make_unique<QCustomPlot>();
    m_plot->resize(kSide, kSide);
    m_plot->setBackground(Qt::white);
    m_plot->axisRect()->setAutoMargins(QCP::msNone);
    m_plot->axisRect()->setMargins({20, 20, 20, 20});
    for (auto* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setVisible(false);
        axis->grid()->setVisible(false);
        axis->setRange(0, 160); // a unit is a pixel
    }
    m_dots = new DotCloud(m_plot->xAxis, m_plot->yAxis, 5);
    m_dots->setStyles({{kBlue, {}}, {{}, kGrey}});
    m_plot->replot();
}

QImage TestDotCloud::painted(bool paper)
{
    QImage image(kSide, kSide, QImage::Format_ARGB32);
    image.fill(Qt::white);
    QCPPainter painter(&image);
    painter.setMode(QCPPainter::pmNoCaching, paper);
    m_plot->toPainter(&painter, kSide, kSide);
    painter.end();
    return image;
}

void TestDotCloud::dotsAreWhereTheyBelong()
{
    m_dots->setGroups({{{40, 60}, {100, 120}}});
    for (const auto& [x, y] : {std::pair{40, 60}, {100, 120}}) {
        const auto colour = at(x, y);
        // White seen through blue.
        QVERIFY(std::abs(colour.red() - (255 - 255 * 110 / 255)) <= 2);
        QVERIFY(std::abs(colour.blue() - (255 - (255 - 178) * 110 / 255)) <= 2);
    }
    QCOMPARE(at(40, 120), QColor(Qt::white));
    QCOMPARE(m_dots->size(), 2U);
}

void TestDotCloud::looksLikeCircles()
{
    std::vector<DotCloud::Dot> blue, grey;
    for (int i = 0; i < 60; ++i) {
        blue.push_back({std::fmod(i * 37.0, 150) + 5, std::fmod(i * 53.0, 150) + 5});
        grey.push_back({std::fmod(i * 71.0, 150) + 5, std::fmod(i * 29.0, 150) + 5});
    }
    m_dots->setGroups({blue, grey});
    const auto stamped = shown(), drawn = painted(true);
    double difference = 0, ink = 0;
    for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x) {
            difference += std::abs(qGray(stamped.pixel(x, y)) - qGray(drawn.pixel(x, y)));
            ink += 255 - qGray(drawn.pixel(x, y));
        }
    QVERIFY(ink > 0);
    QVERIFY2(difference < 0.35 * ink, qPrintable(QString::number(difference / ink))); // half a pixel off at most
}

void TestDotCloud::manyOnOnePlaceAreOpaque()
{
    m_dots->setGroups({std::vector<DotCloud::Dot>(1000, {80, 80})});
    const auto colour = at(80, 80);
    QVERIFY(std::abs(colour.red() - kBlue.red()) <= 2 && std::abs(colour.green() - kBlue.green()) <= 2 && std::abs(colour.blue() - kBlue.blue()) <= 2);
}

void TestDotCloud::laterGroupsLieAbove()
{
    m_dots->setStyles({{QColor(255, 0, 0), {}}, {QColor(0, 0, 255), {}}});
    m_dots->setGroups({{{80, 80}}, {{80, 80}}});
    QCOMPARE(at(80, 80), QColor(0, 0, 255));
}

void TestDotCloud::nothingIsDrawnBeyondTheAxes()
{
    std::vector<DotCloud::Dot> dots;
    for (int i = -300; i <= 500; ++i)
        for (const double edge : {-1e12, -3.0, -1.0, 0.0, 0.5, 159.5, 160.0, 161.0, 163.0, 1e12}) {
            dots.push_back({static_cast<double>(i), edge});
            dots.push_back({edge, static_cast<double>(i)});
        }
    dots.push_back({std::nan(""), 80});
    m_dots->setGroups({dots});
    const auto image = shown();
    for (int i = 0; i < kSide; ++i)
        for (const int margin : {0, 10, 18, 181, 190, kSide - 1}) {
            QCOMPARE(image.pixelColor(i, margin), QColor(Qt::white));
            QCOMPARE(image.pixelColor(margin, i), QColor(Qt::white));
        }
    QVERIFY(image.pixelColor(21, 100) != QColor(Qt::white));
}

void TestDotCloud::followsRangesAndStyles()
{
    m_dots->setGroups({{{80, 80}}});
    QVERIFY(at(80, 80) != QColor(Qt::white));
    m_plot->xAxis->setRange(40, 200);
    QVERIFY(at(80, 80) != QColor(Qt::white)); // at another place
    QCOMPARE(at(120, 80), QColor(Qt::white));
    m_dots->setStyles({{QColor(255, 0, 0), {}}});
    QCOMPARE(at(80, 80), QColor(255, 0, 0));
    m_dots->setGroups({});
    QCOMPARE(at(80, 80), QColor(Qt::white));
}

void TestDotCloud::logarithmicAxes()
{
    m_plot->xAxis->setScaleType(QCPAxis::stLogarithmic);
    m_plot->xAxis->setRange(1, 100);
    m_dots->setStyles({{QColor(255, 0, 0), {}}});
    m_dots->setGroups({{{10, 80}, {0, 80}, {-5, 80}}}); // the last two are nowhere
    QCOMPARE(shown().pixelColor(100, 100), QColor(255, 0, 0));
}

void TestDotCloud::knowsItsRanges()
{
    bool found = true;
    m_dots->getKeyRange(found);
    QVERIFY(!found);
    m_dots->setGroups({{{-2, 5}}, {{30, 7}}});
    const auto x = m_dots->getKeyRange(found), positive = m_dots->getKeyRange(found, QCP::sdPositive), y = m_dots->getValueRange(found);
    QVERIFY(found);
    QCOMPARE(x.lower, -2.0);
    QCOMPARE(x.upper, 30.0);
    QCOMPARE(positive.lower, 30.0);
    QCOMPARE(y.lower, 5.0);
    QCOMPARE(y.upper, 7.0);
}

QTEST_MAIN(TestDotCloud)
#include "tst_dotcloud.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every state of the window beside a picture of how it looked when somebody looked at it: tests/data/pictures. Tolerant:
// what is compared is the light and colour of patches, so that another rasterisation of letters passes and a panel that
// is gone or in the wrong colours does not. PARETOSCOPE_UPDATE_PICTURES=1 writes them anew; look at them then.
#include "support.h"

#include "mainwindow.h"
#include "views/startpage.h"

#include <QApplication>
#include <QDir>
#include <QFont>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include <cmath>

using namespace paretoscope;
using namespace paretoscope::desktop;

namespace {

constexpr QSize kWindow(1280, 720);
constexpr int kPatch = 16;            // pixels of the window
constexpr double kMostMean = 2.0;     // of 255, over the whole picture
constexpr double kMostPatches = 0.01; // share of patches that may differ by more than kPatchDiffers
constexpr int kPatchDiffers = 30;     // numbers and counts change a patch by less

QString pictureOf(const QString& name) { return QString::fromStdString((testing::dataDir() / "pictures").string()) + QStringLiteral("/%1.jpg").arg(name); }

/// Mean difference of a channel, and the share of patches that are another.
std::pair<double, double> difference(const QImage& a, const QImage& b)
{
    const QSize patches = kWindow / kPatch;
    const auto small = [&](const QImage& image) { return image.scaled(patches, Qt::IgnoreAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB32); };
    const auto x = small(a), y = small(b);
    double sum = 0;
    int differing = 0;
    for (int row = 0; row < patches.height(); ++row)
        for (int column = 0; column < patches.width(); ++column) {
            const auto p = x.pixel(column, row), q = y.pixel(column, row);
            const int d = (std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) + std::abs(qBlue(p) - qBlue(q))) / 3;
            sum += d;
            differing += d > kPatchDiffers;
        }
    const double all = static_cast<double>(patches.width()) * patches.height();
    return {sum / all, differing / all};
}

} // namespace

class TestPictures : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void states_data();
    void states();
    void tellsPicturesApart();
};

void TestPictures::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setOrganizationName(QStringLiteral("Paretoscope"));
    QApplication::setApplicationName(QStringLiteral("tst_pictures"));
    QSettings().clear();
    QApplication::setFont(QFont(QStringLiteral("DejaVu Sans"), 9));
}

void TestPictures::states_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("dark");
    for (const char* state : {"empty", "loading", "ready", "searching", "results", "infeasible", "stale", "failed"})
        for (const bool dark : {false, true})
            QTest::addRow("%s-%s", state, dark ? "dark" : "light") << QString::fromLatin1(state) << dark;
}

void TestPictures::states()
{
    QFETCH(QString, state);
    QFETCH(bool, dark);
    applyTheme(*qApp, dark ? Theme::Dark : Theme::Light);
    MainWindow window{QString()};
    window.resize(kWindow);
    window.show();
    auto& explorer = window.explorer().state();
    if (state == "loading") {
        window.findChild<StartPage*>()->showProgress(QStringLiteral("imagenet-ofa-mbv3-w1.0"), QStringLiteral("checksums"), 0.4);
    } else if (state != "empty") {
        window.open(QStringLiteral("imagenet-ofa-mbv3-w1.0"));
        QTRY_COMPARE_WITH_TIMEOUT(explorer.phase(), desktop::Phase::Results, 60'000);
        window.explorer().refiner().cancel(); // its opinion comes when it comes
        explorer.change(QStringLiteral("limit"), "", [&](Question& q) {
            q.limit(Metric::LatencyMs) = {Metric::LatencyMs, true, state == "infeasible" ? 3.0 : 28.0};
            if (state != "infeasible")
                q.pins = {{explorer.answer()->front.points.subnets[10], 'A'}, {explorer.answer()->front.points.subnets[60], 'B'}};
        });
        QTRY_COMPARE_WITH_TIMEOUT(explorer.phase(), state == "infeasible" ? desktop::Phase::Infeasible : desktop::Phase::Results, 60'000);
        window.explorer().refiner().cancel();
        if (state == "ready") {
            explorer.setAnswer(nullptr);
        } else if (state == "searching") {
            explorer.setPhase(desktop::Phase::Searching);
            explorer.setProgress({118'000, 600, 0.4, 900.0, 0.74});
        } else if (state == "stale") {
            explorer.setPhase(desktop::Phase::Stale);
        } else if (state == "failed") {
            explorer.setFailure(QStringLiteral("the device: no latency is known at resolution 160"));
        }
    }
    QTest::qWait(300); // animations, and pictures that are made aside
    const auto picture = window.grab().toImage().scaled(kWindow);
    const auto file = pictureOf(QString::fromLatin1(QTest::currentDataTag()));
    if (qEnvironmentVariableIsSet("PARETOSCOPE_UPDATE_PICTURES")) {
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        // Half the size and some loss keep the repository small; patches do not see it.
        QVERIFY(picture.scaled(kWindow / 2, Qt::IgnoreAspectRatio, Qt::SmoothTransformation).save(file, "JPG", 85));
    }
    const QImage golden(file);
    QVERIFY2(!golden.isNull(), qPrintable(file));
    const auto [mean, patches] = difference(picture, golden);
    if (!(mean <= kMostMean && patches <= kMostPatches)) {
        const QString seen = QDir::tempPath() + QStringLiteral("/paretoscope-%1.png").arg(QString::fromLatin1(QTest::currentDataTag()));
        picture.save(seen);
        QFAIL(qPrintable(QStringLiteral("mean difference %1, %2 of the patches; what was seen: %3").arg(mean).arg(patches).arg(seen)));
    }
    applyTheme(*qApp, Theme::Light);
}

/// The tolerance is not so wide that one state passes for another.
void TestPictures::tellsPicturesApart()
{
    const QImage results(pictureOf(QStringLiteral("results-light"))), empty(pictureOf(QStringLiteral("empty-light"))), dark(pictureOf(QStringLiteral("results-dark"))), infeasible(pictureOf(QStringLiteral("infeasible-light")));
    QVERIFY(difference(results, results).first < 1e-9);
    for (const auto* other : {&empty, &dark, &infeasible}) {
        const auto [mean, patches] = difference(results, *other);
        QVERIFY2(mean > kMostMean || patches > kMostPatches, qPrintable(QStringLiteral("%1 %2").arg(mean).arg(patches)));
    }
}

QTEST_MAIN(TestPictures)
#include "tst_pictures.moc"

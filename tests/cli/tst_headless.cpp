// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// packaging/headless.sh: search, knee, export, evaluation and emissions on the shipped bundle. No
// reference material, no network.
#include "support.h"

#include "base/file.h"

#include <QDir>
#include <QTest>

using namespace paretoscope;
using testing::contains;

class TestHeadless : public QObject {
    Q_OBJECT
private slots:
    void wholeJob();
};

void TestHeadless::wholeJob()
{
    const QString images = qEnvironmentVariable("PARETOSCOPE_IMAGES", "/usr/share/datasets/fashion-mnist");
    if (!QDir(images).exists())
        QSKIP("SKIPPED: Fashion-MNIST is not installed (Debian: dataset-fashion-mnist)");
    const QTemporaryDir dir;
    const auto results = dir.filePath("results");
    QProcess p;
    QProcessEnvironment environment;
    environment.insert("PATH", qEnvironmentVariable("PATH"));
    environment.insert("HOME", dir.path());
    environment.insert("PARETOSCOPE_IMAGES", images);
    environment.insert("PARETOSCOPE_REFERENCE_DIR", dir.filePath("none"));
    for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"})
        if (qEnvironmentVariableIsSet(name))
            environment.insert(name, qEnvironmentVariable(name));
    p.setProcessEnvironment(environment);
    p.start("bash", {PARETOSCOPE_SOURCE_DIR "/packaging/headless.sh", PARETOSCOPE_CLI, results, "fashion-mnist", "epyc-2-vcpu", "FR"});
    QVERIFY(p.waitForFinished(500'000));
    const auto out = p.readAllStandardOutput().toStdString(), err = p.readAllStandardError().toStdString();
    QVERIFY2(p.exitCode() == 0, (out + err).c_str());
    QVERIFY2(contains(out, "Results: " + results.toStdString()), out.c_str());

    const auto file = [&](const char* name) { return results.toStdString() + "/" + name; };
    for (const char* name : {"front.csv", "knee.json", "prediction.txt", "subnet/subnet.ts.pt", "subnet/subnet.onnx", "subnet/subnet.safetensors", "subnet/net.config", "subnet/model-card.md", "subnet/provenance.json"})
        QVERIFY2(std::filesystem::file_size(file(name)) > 0, name);
    const auto front = readJsonFile(file("front.json"));
    const auto knee = front["front"][front["knee"].get<std::size_t>()];
    QVERIFY(knee["subnet"] == readJsonFile(file("knee.json")));

    // Predicted on validation images, measured on test images: these are other images of the same kind.
    const auto measured = readJsonFile(file("accuracy.json"))["top1Percent"];
    const double predicted = knee["figures"]["top1Percent"]["value"].get<double>();
    QVERIFY2(std::abs(measured["value"].get<double>() - predicted) < 1.5, (measured.dump() + " " + std::to_string(predicted)).c_str());
    QVERIFY(measured["value"].get<double>() > 87);

    // What training emitted stands in the ledger beside the use.
    const auto emissions = readTextFile(file("emissions.txt"));
    QVERIFY2(contains(emissions, "supernet fashion-mnist") && contains(emissions, "phase: inference"), emissions.c_str());
}

QTEST_GUILESS_MAIN(TestHeadless)
#include "tst_headless.moc"

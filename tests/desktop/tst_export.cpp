// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Export from the window: the request as arguments and as a line for a shell, the child with its progress, its end and
// its failures, played by small scripts, and the dialog; once with the real command line.
#include "fixturenets.h"
#include "noisedata.h"
#include "support.h"

#include "base/file.h"
#include "bundle/bundle.h"
#include "engine/exportnet.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"
#include "state/exportrequest.h"
#include "views/exportdialog.h"
#include "workers/cliprocess.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <csignal>

using namespace paretoscope;
using namespace paretoscope::desktop;
using testing::compareText;

namespace {

/// As the command line says how far it is.
constexpr const char* kBegun = R"(echo '{"step":"exporting onnx","share":0.25,"spentS":1,"leftS":3}' >&2; )";
/// What it answers where all went well, after it has made the folder.
constexpr const char* kDone = R"(mkdir -p "$out"; echo new >"$out/new.txt"
echo 'warning: be careful' >&2
echo '{"files":[{"name":"subnet.onnx","bytes":123456,"maxAbsDifference":2.5e-06,"note":"n"},{"name":"net.config","bytes":12,"maxAbsDifference":null,"note":"n"}],"top1Percent":{"value":71.2,"low":70,"high":72.5},"images":10000,"recalibrationImages":2000}')";
constexpr int kPatientMs = 60'000; // the machine may be busy

bool isAlive(qint64 pid) { return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH; }

} // namespace

class TestExport : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void argumentsOfARequest();
    void shellLineDoesTheSame();
    void quotes_data();
    void quotes();
    void takenAndFreeNames();
    void namesAreTaken();
    void unfinishedIsRemoved();
    void childIsFound();
    void childReports();
    void childIsCancelled();
    void childThatDoesNotListenIsEnded();
    void childIsNotLeftBehind();
    void childFails_data();
    void childFails();
    void childThatIsNotThere();
    void childThatCannotStart();
    void formatsAreThoseOfTheCommandLine();
    void bundleWithoutWeights();
    void whatIsMissingIsSaid();
    void choicesAreRemembered();
    void progressIsSaid();
    void resultIsSaid();
    void existingFilesAreAskedFor();
    void failureLeavesWhatWasThere();
    void failuresStayInTheDialog();
    void cancelLeavesNothing();
    void closingAsks();
    void theWindowTakesTheChildWithIt();
    void exportsForReal();

private:
    QString path(const QString& name) const { return m_dir.filePath(name); }
    /// Takes the place of the command line. $out is what stands behind --out; the arguments are written down.
    void fake(const QString& script)
    {
        const auto head = QStringLiteral("#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$0.args\"\nout=\nwhile [ $# -gt 0 ]; do [ \"$1\" = --out ] && out=$2; shift; done\n");
        program(QStringLiteral("fake-cli"), head + script + u'\n');
        qputenv("PARETOSCOPE_CLI", path("fake-cli").toUtf8());
    }
    void program(const QString& name, const QString& text)
    {
        writeFileAtomically(path(name).toStdString(), std::string_view(text.toStdString()));
        std::filesystem::permissions(path(name).toStdString(), std::filesystem::perms::owner_all);
    }
    QString argumentsOfTheFake() const { return QString::fromStdString(readTextFile(path("fake-cli.args").toStdString())); }
    desktop::ExportRequest example() const
    {
        desktop::ExportRequest r;
        r.bundle = "b";
        r.subnet = m_world->space().smallest();
        r.formats = {"onnx", "model-card"};
        r.folder = "/tmp/it's new";
        r.images = "/data/x";
        r.recalibrate = 500;
        r.devices = {"one", "two"};
        r.carbon.grid = "FR";
        r.carbon.pue = 1.2;
        return r;
    }
    /// A dialog on the bundle with weights, ready to write to path(name).
    std::unique_ptr<ExportDialog> dialog(const QString& name, QWidget* parent = nullptr)
    {
        auto d = std::make_unique<ExportDialog>(m_state, path("b"), parent);
        d->findChild<QLineEdit*>("folder")->setText(m_dir.path());
        d->findChild<QLineEdit*>("name")->setText(name);
        return d;
    }
    static QPushButton* button(const ExportDialog& d, const char* name) { return d.findChild<QPushButton*>(name); }
    static QString text(const ExportDialog& d, const char* name) { return d.findChild<QLabel*>(name)->text(); }
    static bool ends(const ExportDialog& d)
    {
        return QTest::qWaitFor([&] { return !d.running(); }, kPatientMs);
    }
    static CliOutcome outcomeOf(const QSignalSpy& spy) { return spy.at(spy.count() - 1).at(0).value<CliOutcome>(); }

    QTemporaryDir m_dir;
    std::shared_ptr<const World> m_world, m_bare;
    ExplorerState m_state;
};

void TestExport::initTestCase()
{
    QVERIFY(m_dir.isValid());
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_dir.filePath("settings")); // of nobody
    QCoreApplication::setApplicationName("Paretoscope");
    QCoreApplication::setOrganizationName("Paretoscope");
    Bundle bundle;
    bundle.id = "small";
    bundle.title = "Small";
    bundle.parts = std::make_shared<const Parts>(builtInSpace("fashion-mbv3"));
    m_bare = makeWorld(std::make_shared<const Bundle>(bundle), {}, {});
    bundle.dataSet = DataSetFacts{"Noise", {0.5}, {0.25}, 0};
    bundle.weights = testing::fixtureWeights(bundle.space());
    bundle.weightsSource = "a rule";
    saveBundle(bundle, path("b").toStdString());
    m_world = makeWorld(std::make_shared<const Bundle>(bundle), {}, {});
}

void TestExport::init()
{
    QSettings().clear();
    QLocale::setDefault(QLocale::c());
    qputenv("PARETOSCOPE_CLI", PARETOSCOPE_CLI);
    m_state.open(m_world, std::make_shared<const Table>(), {});
    m_state.select(m_world->space().smallest());
}

void TestExport::argumentsOfARequest()
{
    const auto& space = m_world->space();
    const auto subnet = QString::fromStdString(toJson(space, space.smallest()).dump());
    QCOMPARE(argumentsOf(space, example()).join('|'),
        "export|--bundle|b|--subnet|" + subnet + "|--format|onnx,model-card|--data|/data/x|--recalibrate|500|--device|one|--device|two|--grid|FR|--pue|1.2|--charging-efficiency|0.85|--out|/tmp/it's new");
    auto plain = example();
    plain.images.clear();
    plain.devices.clear();
    QLocale::setDefault(QLocale(QLocale::German)); // is for people
    QCOMPARE(argumentsOf(space, plain).join('|'), "export|--bundle|b|--subnet|" + subnet + "|--format|onnx,model-card|--grid|FR|--pue|1.2|--charging-efficiency|0.85|--out|/tmp/it's new");
}

void TestExport::shellLineDoesTheSame()
{
    program("line-cli", "#!/bin/sh\nprintf '%s|' \"$@\"\n");
    QProcess shell;
    shell.start("sh", {"-c", shellCommand(path("line-cli"), m_world->space(), example())});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), argumentsOf(m_world->space(), example()).join('|') + '|');
    QCOMPARE(attachCommand("paretoscope-cli", "an-id"), "paretoscope-cli bundle attach an-id --weights CHECKPOINT.pth --out an-id-with-weights");
    QCOMPARE(attachCommand("paretoscope-cli", "/my bundles/x.zip"), "paretoscope-cli bundle attach '/my bundles/x.zip' --weights CHECKPOINT.pth --out '/my bundles/x-with-weights'");
}

void TestExport::quotes_data()
{
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QString>("quoted");
    QTest::newRow("plain") << "a/b-1.5,c" << "a/b-1.5,c";
    QTest::newRow("empty") << "" << "''";
    QTest::newRow("space") << "a b" << "'a b'";
    QTest::newRow("quote") << "it's" << "'it'\\''s'";
    QTest::newRow("shell") << "$(rm x)" << "'$(rm x)'";
    QTest::newRow("home") << "~/x" << "'~/x'";
    QTest::newRow("line") << "a\n" << "'a\n'";
}

void TestExport::quotes()
{
    QFETCH(QString, argument);
    QTEST(shellQuoted(argument), "quoted");
}

void TestExport::takenAndFreeNames()
{
    QVERIFY(!isTaken(path("free")));
    QCOMPARE(freePath(path("free")), path("free"));
    QVERIFY(QDir(m_dir.path()).mkdir("free") && QDir(m_dir.path()).mkdir("free-2"));
    QVERIFY(!isTaken(path("free"))); // the command line may fill it
    QCOMPARE(freePath(path("free")), path("free-3"));
    writeFileAtomically(path("free/.hidden").toStdString(), std::string_view("x"));
    QVERIFY(isTaken(path("free")) && isTaken(path("free/.hidden")));
    QVERIFY(QFile::link(path("nowhere"), path("dangling")) && isTaken(path("dangling")));
    QCOMPARE(freePath(path("dangling")), path("dangling-2"));
}

void TestExport::namesAreTaken()
{
    QDir here(m_dir.path());
    QVERIFY(here.mkpath("names/old") && here.mkpath("names/made/inside"));
    QVERIFY(!takeName(path("names/made"), path("names/old"), path("names/kept")));
    QVERIFY(QFileInfo::exists(path("names/old/inside")) && QFileInfo::exists(path("names/kept")) && !QFileInfo::exists(path("names/made")));
    // Nothing to take the name: what has it keeps it.
    const auto problem = takeName(path("names/none"), path("names/old"), path("names/kept-2"));
    QVERIFY(problem && problem->contains("none could not be renamed to old."));
    QVERIFY(QFileInfo::exists(path("names/old/inside")) && !QFileInfo::exists(path("names/kept-2")));
    // The name is free by now.
    QVERIFY(here.mkpath("names/made"));
    QVERIFY(!takeName(path("names/made"), path("names/gone"), path("names/kept-2")));
    QVERIFY(QFileInfo::exists(path("names/gone")));
}

void TestExport::unfinishedIsRemoved()
{
    QDir here(m_dir.path());
    for (const char* name : {"left/.x.77-0.part", "left/.x.778-0.part", "left/.y.77-0.part", "left/x"})
        QVERIFY(here.mkpath(name));
    removeUnfinished(path("left/x"), 0);
    removeUnfinished(path("left/x"), 77);
    QCOMPARE(QDir(path("left")).entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name).join(' '), ".x.778-0.part .y.77-0.part x");
}

void TestExport::childIsFound()
{
    QCOMPARE(CliProcess::program(), QString(PARETOSCOPE_CLI));
    const auto before = qgetenv("PATH");
    program("paretoscope-cli", "#!/bin/sh\n");
    qputenv("PATH", "/nonexistent");
    QCOMPARE(CliProcess::shellProgram(), QString(PARETOSCOPE_CLI)); // a shell would not find it otherwise
    qputenv("PATH", m_dir.path().toUtf8());
    QCOMPARE(CliProcess::shellProgram(), "paretoscope-cli");
    qputenv("PARETOSCOPE_CLI", m_dir.path().toUtf8()); // a folder is no program
    QCOMPARE(CliProcess::program(), path("paretoscope-cli"));
    QFile::remove(path("paretoscope-cli"));
    QCOMPARE(CliProcess::program(), QString());
    QCOMPARE(CliProcess::shellProgram(), "paretoscope-cli");
    qputenv("PATH", before);
}

void TestExport::childReports()
{
    fake(R"(printf '{"step":"ha' >&2; sleep 0.1; printf 'lf","share":0.5,"leftS":2}\nwarning: careful\nnote: read\n' >&2; printf '{"step":"end","share":7}' >&2; echo '{"a":1}')");
    CliProcess process;
    QSignalSpy progressed(&process, &CliProcess::progressed), finished(&process, &CliProcess::finished);
    process.start({"export", "--x"});
    QVERIFY(process.running());
    process.start({"again"}); // not while one runs
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatientMs);
    QVERIFY(!process.running());
    const auto outcome = outcomeOf(finished);
    QVERIFY(outcome.how == CliOutcome::How::Done && outcome.pid > 0);
    QCOMPARE(outcome.output, "{\"a\":1}\n");
    QCOMPARE(outcome.notes.join('|'), "careful|read");
    QCOMPARE(progressed.count(), 2);
    const auto half = progressed.at(0).at(0).value<CliProgress>(), end = progressed.at(1).at(0).value<CliProgress>();
    QVERIFY(half.step == "half" && half.share == 0.5 && half.leftS == 2.0);
    QVERIFY(end.step == "end" && end.share == 1 && !end.leftS);
    QCOMPARE(argumentsOfTheFake(), "export\n--x\n--json\n--progress\njson\n");
}

void TestExport::childIsCancelled()
{
    fake(QString(kBegun) + "trap 'echo \"paretoscope-cli: interrupted; nothing was changed\" >&2; exit 130' TERM; while :; do sleep 0.05; done");
    CliProcess process;
    QSignalSpy progressed(&process, &CliProcess::progressed), finished(&process, &CliProcess::finished);
    process.start({});
    QTRY_COMPARE_WITH_TIMEOUT(progressed.count(), 1, kPatientMs);
    const auto pid = process.pid();
    QVERIFY(pid > 0 && isAlive(pid));
    process.cancel();
    QCOMPARE(finished.count(), 0); // never from within
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatientMs);
    QVERIFY(outcomeOf(finished).how == CliOutcome::How::Cancelled);
    QVERIFY(!isAlive(pid));
    // Used again; and what is done before it hears of the cancelling is done.
    fake(QString(kBegun) + "trap 'exit 0' TERM; while :; do sleep 0.05; done");
    process.start({});
    QTRY_COMPARE_WITH_TIMEOUT(progressed.count(), 2, kPatientMs);
    process.cancel();
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 2, kPatientMs);
    QVERIFY(outcomeOf(finished).how == CliOutcome::How::Done);
}

void TestExport::childThatDoesNotListenIsEnded()
{
    fake("trap '' TERM; " + QString(kBegun) + "while :; do sleep 0.05; done");
    CliProcess process;
    process.setGrace(100);
    QSignalSpy progressed(&process, &CliProcess::progressed), finished(&process, &CliProcess::finished);
    process.start({});
    QTRY_COMPARE_WITH_TIMEOUT(progressed.count(), 1, kPatientMs);
    process.cancel();
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatientMs);
    QVERIFY(outcomeOf(finished).how == CliOutcome::How::Cancelled);
    QVERIFY(!isAlive(process.pid()));
}

void TestExport::childIsNotLeftBehind()
{
    fake(QString(kBegun) + "exec sleep 600");
    qint64 pid = 0;
    {
        CliProcess process;
        QSignalSpy progressed(&process, &CliProcess::progressed);
        process.start({});
        QTRY_COMPARE_WITH_TIMEOUT(progressed.count(), 1, kPatientMs);
        pid = process.pid();
        QVERIFY(pid > 0 && isAlive(pid));
    }
    QVERIFY(!isAlive(pid));
}

void TestExport::childFails_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("said"); // what, means, what to do
    QTest::newRow("its own words") << "echo 'note: x' >&2; echo 'paretoscope-cli: /three: the data set has another number of classes: found 3; allowed 10' >&2; exit 1"
                                   << "/three: the data set has another number of classes: found 3.||Allowed: 10.";
    QTest::newRow("without more") << "echo 'paretoscope-cli: it is so' >&2; exit 1" << "it is so.||Change what it names and try again.";
    QTest::newRow("other words") << "echo 'error while loading shared libraries' >&2; exit 127" << "error while loading shared libraries.||Change what it names and try again.";
    QTest::newRow("nothing") << "exit 3" << "paretoscope-cli ended with code 3 and said nothing.||Change what it names and try again.";
    QTest::newRow("disk full") << "echo 'paretoscope-cli: /x: cannot be written: found No space left on device' >&2; exit 1"
                               << "/x: cannot be written: found No space left on device.|The disk is full.|Free some space, or choose a folder on another disk.";
    QTest::newRow("closed") << "echo 'paretoscope-cli: /x: cannot be made: found Permission denied' >&2; exit 1"
                            << "/x: cannot be made: found Permission denied.|This place is closed to you.|Choose another folder.";
    QTest::newRow("memory") << "echo 'paretoscope-cli: out of memory' >&2; exit 1" << "out of memory.|The computer has not enough memory left.|Close other programs and try again.";
    QTest::newRow("usage") << "echo 'paretoscope-cli: --x was not expected (see --help)' >&2; exit 2"
                           << "--x was not expected (see --help).|paretoscope-cli does not know what this window asks for: they are of different versions.|Install both from the same package.";
    QTest::newRow("interrupted") << "exit 130" << "paretoscope-cli was interrupted from outside.|Somebody has ended it, or the session ends.|Try again.";
    QTest::newRow("crash") << "kill -SEGV $$; sleep 600"
                           << "paretoscope-cli has crashed (signal 11).|That is a fault of the program; what is open in this window is not touched.|Try again; where it happens twice, report it with what it has said.";
    QTest::newRow("killed") << "kill -KILL $$; sleep 600"
                            << "paretoscope-cli was ended from outside.|The system does so where memory runs out; somebody else may have done it, too.|Close other programs and try again.";
}

void TestExport::childFails()
{
    QFETCH(QString, script);
    fake(script);
    CliProcess process;
    QSignalSpy finished(&process, &CliProcess::finished);
    process.start({});
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatientMs);
    const auto outcome = outcomeOf(finished);
    QVERIFY(outcome.how == CliOutcome::How::Failed);
    const auto& f = outcome.failure;
    QTEST(QStringList({f.what, f.means, f.todo}).join('|'), "said");
}

void TestExport::childThatIsNotThere()
{
    qputenv("PARETOSCOPE_CLI", "/nonexistent");
    const auto before = qgetenv("PATH");
    qputenv("PATH", "/nonexistent");
    CliProcess process;
    QSignalSpy finished(&process, &CliProcess::finished);
    process.start({});
    QCOMPARE(finished.count(), 0); // never from within
    QTRY_COMPARE(finished.count(), 1);
    qputenv("PATH", before);
    QVERIFY(outcomeOf(finished).how == CliOutcome::How::Failed);
    QCOMPARE(outcomeOf(finished).failure.what, "The program paretoscope-cli was not found.");
    QVERIFY(outcomeOf(finished).failure.todo.contains("PARETOSCOPE_CLI"));
}

void TestExport::childThatCannotStart()
{
    program("broken-cli", "#!/nonexistent/interpreter\n");
    qputenv("PARETOSCOPE_CLI", path("broken-cli").toUtf8());
    CliProcess process;
    QSignalSpy finished(&process, &CliProcess::finished);
    process.start({});
    QCOMPARE(finished.count(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatientMs);
    QVERIFY(outcomeOf(finished).how == CliOutcome::How::Failed && !process.running());
    QVERIFY2(outcomeOf(finished).failure.what.endsWith("broken-cli could not be started."), qPrintable(outcomeOf(finished).failure.what));
}

void TestExport::formatsAreThoseOfTheCommandLine()
{
    const auto d = dialog("formats");
    QStringList all;
    for (const auto format : allExportFormats())
        all += QString::fromStdString(std::string(name(format)));
    QCOMPARE(d->request().formats, all);
    for (const auto& f : all) {
        const auto* box = d->findChild<QCheckBox*>(f);
        QVERIFY2(box && !box->text().isEmpty() && !box->toolTip().isEmpty(), qPrintable(f));
    }
}

void TestExport::bundleWithoutWeights()
{
    m_state.open(m_bare, std::make_shared<const Table>(), {});
    m_state.select(m_bare->space().smallest());
    ExportDialog d(m_state, "an-id");
    QVERIFY(!button(d, "export")->isEnabled());
    QVERIFY(text(d, "said").contains("The bundle holds no weights"));
    QVERIFY(button(d, "copyAttach")->isVisibleTo(&d));
    const auto before = qgetenv("PATH");
    qputenv("PATH", "/nonexistent");
    button(d, "copyAttach")->click();
    qputenv("PATH", before);
    QCOMPARE(QApplication::clipboard()->text(), QString(PARETOSCOPE_CLI) + " bundle attach an-id --weights CHECKPOINT.pth --out an-id-with-weights");
    button(d, "copy")->click();
    QVERIFY(QApplication::clipboard()->text().contains(" export --bundle an-id --subnet '{"));
    // With weights there is nothing to attach.
    m_state.open(m_world, std::make_shared<const Table>(), {});
    m_state.select(m_world->space().smallest());
    const auto other = dialog("weights");
    QVERIFY(button(*other, "export")->isEnabled() && !button(*other, "copyAttach")->isVisibleTo(other.get()));
}

void TestExport::whatIsMissingIsSaid()
{
    const auto d = dialog("somewhere");
    auto* images = d->findChild<QLineEdit*>("images");
    auto* useImages = d->findChild<QGroupBox*>("useImages");
    auto* start = button(*d, "export");
    const auto says = [&](const char* part) { return text(*d, "said").contains(part) && d->findChild<QLabel*>("said")->isVisibleTo(d.get()); };
    QVERIFY(start->isEnabled() && says("without recalibration the accuracy of most subnets collapses"));
    useImages->setChecked(true);
    QVERIFY(!start->isEnabled() && says("Name the folder of the data set"));
    images->setText(path("none"));
    QVERIFY(!start->isEnabled() && says("There is no folder"));
    images->setText(m_dir.path());
    QVERIFY(start->isEnabled() && text(*d, "said").isEmpty());
    d->findChild<QSpinBox*>("recalibrate")->setValue(0);
    QVERIFY(start->isEnabled() && says("collapses"));
    useImages->setChecked(false);
    QVERIFY(d->request().images.isEmpty());
    for (const char* name : {" ", "a/b", ".."}) {
        d->findChild<QLineEdit*>("name")->setText(name);
        QVERIFY2(!start->isEnabled(), name);
    }
    d->findChild<QLineEdit*>("name")->setText("x");
    d->findChild<QLineEdit*>("folder")->setText("~/paper");
    QCOMPARE(d->request().folder, QDir::homePath() + "/paper/x");
    d->findChild<QLineEdit*>("folder")->setText("paper");
    QCOMPARE(d->request().folder, QDir::homePath() + "/paper/x"); // wherever the program was started
    d->findChild<QLineEdit*>("folder")->clear();
    QVERIFY(!start->isEnabled() && says("Choose a folder"));
    d->findChild<QLineEdit*>("folder")->setText(m_dir.path());
    for (auto* box : d->findChildren<QCheckBox*>())
        box->setChecked(false);
    QVERIFY(!start->isEnabled() && says("Choose what to write"));
    d->findChild<QCheckBox*>("onnx")->setChecked(true);
    QCOMPARE(d->request().formats, QStringList{"onnx"});
    QVERIFY(start->isEnabled());
    // The largest subnet has statistics of its own.
    m_state.select(m_world->space().largest());
    QVERIFY(text(*dialog("largest"), "said").isEmpty());
}

void TestExport::choicesAreRemembered()
{
    fake(kDone);
    {
        const auto d = dialog("remembered");
        d->findChild<QCheckBox*>("onnx")->setChecked(false);
        d->findChild<QGroupBox*>("useImages")->setChecked(true);
        d->findChild<QLineEdit*>("images")->setText(path("b"));
        d->findChild<QSpinBox*>("recalibrate")->setValue(700);
        button(*d, "export")->click();
        QVERIFY(ends(*d));
    }
    const ExportDialog d(m_state, path("b"));
    const auto r = d.request();
    QVERIFY(!r.formats.contains("onnx") && r.formats.contains("torchscript"));
    QCOMPARE(r.images, path("b"));
    QCOMPARE(r.recalibrate, 700);
    QCOMPARE(r.folder, path("subnet-%1px").arg(m_world->space().smallest().resolution));
}

void TestExport::progressIsSaid()
{
    fake(QStringLiteral("say() { while [ ! -e \"$0.$2\" ]; do sleep 0.02; done; echo \"{\\\"step\\\":\\\"$1\\\",\\\"share\\\":0.5,\\\"leftS\\\":12.3}\" >&2; }\n"
                        "say checksums 1; say 'recalibrating batch norm' 2; say evaluating 3; say 'exporting safetensors' 4; while [ ! -e \"$0.5\" ]; do sleep 0.02; done\n")
        + kDone);
    const auto d = dialog("progress");
    d->findChild<QGroupBox*>("useImages")->setChecked(true);
    d->findChild<QLineEdit*>("images")->setText(path("b"));
    d->show();
    button(*d, "export")->click();
    QVERIFY(d->running());
    QVERIFY(button(*d, "cancel")->isVisible() && !button(*d, "export")->isVisible());
    int number = 0;
    for (const char* step : {"Step 1 of 4 · Opening the bundle", "Step 2 of 4 · Recalibrating batch norm", "Step 3 of 4 · Measuring on test images", "Step 4 of 4 · Writing and checking: safetensors"}) {
        writeFileAtomically(path(QStringLiteral("fake-cli.%1").arg(++number)).toStdString(), std::string_view(""));
        QTRY_COMPARE_WITH_TIMEOUT(text(*d, "step"), QString(step), kPatientMs);
        QCOMPARE(text(*d, "left"), "about 12 s left of this step");
    }
    writeFileAtomically(path("fake-cli.5").toStdString(), std::string_view(""));
    QVERIFY(ends(*d));
    QVERIFY(argumentsOfTheFake().contains("\n--data\n" + path("b") + "\n--recalibrate\n2000\n"));
}

void TestExport::resultIsSaid()
{
    fake(kDone);
    const auto d = dialog("result");
    QString revealed;
    d->setReveal([&](const QString& folder) { revealed = folder; });
    d->show();
    button(*d, "export")->click();
    QVERIFY(ends(*d));
    QVERIFY(text(*d, "written").contains(path("result")));
    QVERIFY2(text(*d, "check").contains("Largest difference of a logit: 2.5e-06"), qPrintable(text(*d, "check")));
    QVERIFY2(text(*d, "check").contains("Top-1 measured on 10000 images: 71.20 % (70.00 to 72.50)") && text(*d, "check").contains("recalibrated on 2000"), qPrintable(text(*d, "check")));
    QVERIFY(text(*d, "notes").contains("be careful"));
    const auto* files = d->findChild<QTableWidget*>("files");
    QCOMPARE(files->rowCount(), 2);
    QCOMPARE(files->item(0, 0)->text(), "subnet.onnx");
    QCOMPARE(files->item(0, 1)->text(), QLocale().formattedDataSize(123456));
    QVERIFY(files->item(0, 2)->text().contains("2.5e-06") && files->item(1, 2)->text() == "read back");
    button(*d, "reveal")->click();
    QCOMPARE(revealed, path("result"));
    d->findChild<QLineEdit*>("name")->setText("other"); // what is copied is what was done
    button(*d, "copy")->click();
    QVERIFY(QApplication::clipboard()->text().endsWith(" --out " + path("result")));
    QLocale::setDefault(QLocale(QLocale::German));
    QEvent language(QEvent::LanguageChange);
    QApplication::sendEvent(d.get(), &language);
    QVERIFY2(text(*d, "check").contains("71,20 %"), qPrintable(text(*d, "check")));
    button(*d, "again")->click();
    QVERIFY(button(*d, "export")->isVisible() && !button(*d, "reveal")->isVisible());
    // A report of another version: the files are there, and nothing is made up.
    fake("mkdir -p \"$out\"; echo nonsense");
    button(*d, "export")->click();
    QVERIFY(ends(*d));
    QVERIFY(text(*d, "check").contains("could not be read"));
}

void TestExport::existingFilesAreAskedFor()
{
    fake(kDone);
    QVERIFY(QDir(m_dir.path()).mkdir("taken"));
    writeFileAtomically(path("taken/mine.txt").toStdString(), std::string_view("mine"));
    const auto d = dialog("taken");
    d->show();
    const auto asks = [&] { return button(*d, "answer0") && button(*d, "answer0")->isVisible(); };
    button(*d, "export")->click();
    QVERIFY(!d->running() && asks() && !button(*d, "export")->isEnabled());
    QVERIFY(text(*d, "question").contains("“taken” is there already"));
    // Left alone, by Escape, by another name.
    button(*d, "answer2")->click();
    QVERIFY(!d->running() && !asks() && button(*d, "export")->isEnabled());
    button(*d, "export")->click();
    QTest::keyClick(d.get(), Qt::Key_Escape);
    QVERIFY(d->isVisible() && !asks());
    button(*d, "export")->click();
    d->findChild<QLineEdit*>("name")->setText("taken-too");
    QVERIFY(!asks());
    d->findChild<QLineEdit*>("name")->setText("taken");
    // Beside it.
    button(*d, "export")->click();
    QCOMPARE(button(*d, "answer0")->text(), "Write “taken-2”");
    button(*d, "answer0")->click();
    QVERIFY(ends(*d));
    QVERIFY(QFile::exists(path("taken-2/new.txt")) && text(*d, "written").contains(path("taken-2")));
    QVERIFY(QFile::exists(path("taken/mine.txt")) && !QFile::exists(path("taken/new.txt")));
    // In its place: nothing is lost.
    button(*d, "again")->click();
    d->findChild<QLineEdit*>("name")->setText("taken");
    button(*d, "export")->click();
    button(*d, "answer1")->click();
    QVERIFY(ends(*d));
    QVERIFY(QFile::exists(path("taken/new.txt")) && !QFile::exists(path("taken/mine.txt")));
    QVERIFY(QFile::exists(path("taken-old/mine.txt")) && !QFile::exists(path("taken-new")));
    QVERIFY2(text(*d, "written").contains("Exported to " + path("taken")) && text(*d, "written").contains(path("taken-old")), qPrintable(text(*d, "written")));
    button(*d, "copy")->click();
    QVERIFY(QApplication::clipboard()->text().endsWith(" --out " + path("taken")));
}

void TestExport::failureLeavesWhatWasThere()
{
    fake("echo 'paretoscope-cli: /x: cannot be written: found No space left on device' >&2; exit 1");
    QVERIFY(QDir(m_dir.path()).mkdir("full"));
    writeFileAtomically(path("full/mine.txt").toStdString(), std::string_view("mine"));
    const auto before = QDir(m_dir.path()).entryList(QDir::AllEntries | QDir::Hidden);
    const auto d = dialog("full");
    d->show();
    button(*d, "export")->click();
    button(*d, "answer1")->click();
    QVERIFY(ends(*d));
    QVERIFY(QFile::exists(path("full/mine.txt")));
    auto after = QDir(m_dir.path()).entryList(QDir::AllEntries | QDir::Hidden);
    after.removeAll("settings");
    auto expected = before;
    expected.removeAll("settings");
    QCOMPARE(after, expected);
}

void TestExport::failuresStayInTheDialog()
{
    fake("echo 'from below' >&2; echo 'paretoscope-cli: /three: the data set has another number of classes: found 3; allowed 10' >&2; exit 1");
    const auto d = dialog("failed");
    d->show();
    button(*d, "export")->click();
    QVERIFY(ends(*d));
    QVERIFY2(text(*d, "said").contains("<b>Nothing was exported.</b> /three: the data set has another number of classes: found 3. Allowed: 10."), qPrintable(text(*d, "said")));
    QVERIFY(text(*d, "details").startsWith("from below<br>paretoscope-cli: /three") && d->findChild<QLabel*>("details")->isVisible());
    QVERIFY(d->isVisible() && button(*d, "export")->isVisible() && button(*d, "export")->isEnabled());
    // Something is changed, and it works.
    d->findChild<QCheckBox*>("onnx")->setChecked(false);
    QVERIFY(!text(*d, "said").contains("Nothing was exported") && !d->findChild<QLabel*>("details")->isVisible());
    fake(kDone);
    button(*d, "export")->click();
    QVERIFY(ends(*d));
    QVERIFY(text(*d, "written").contains(path("failed")));
}

void TestExport::cancelLeavesNothing()
{
    // One that has no time to clean up.
    fake("trap '' TERM; mkdir -p \"$(dirname \"$out\")/.$(basename \"$out\").$$-0.part/x\"; " + QString(kBegun) + "while :; do sleep 0.05; done");
    const auto d = dialog("parts/never");
    d->findChild<QLineEdit*>("folder")->setText(path("parts"));
    d->findChild<QLineEdit*>("name")->setText("never");
    d->process().setGrace(100);
    d->show();
    button(*d, "export")->click();
    QTRY_VERIFY_WITH_TIMEOUT(text(*d, "step").contains("ONNX"), kPatientMs);
    QCOMPARE(QDir(path("parts")).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 1);
    button(*d, "cancel")->click();
    QCOMPARE(text(*d, "step"), "Stopping");
    QVERIFY(ends(*d));
    QVERIFY(!isAlive(d->process().pid()));
    QVERIFY(QDir(path("parts")).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    QVERIFY(d->isVisible() && button(*d, "export")->isEnabled() && text(*d, "said").contains("Cancelled"));
}

void TestExport::closingAsks()
{
    fake(QString(kBegun) + "exec sleep 600");
    const auto d = dialog("never");
    d->show();
    button(*d, "export")->click();
    QTRY_VERIFY_WITH_TIMEOUT(text(*d, "step").contains("ONNX"), kPatientMs);
    d->close();
    QVERIFY(d->isVisible() && d->running() && text(*d, "question").contains("still at work"));
    button(*d, "answer1")->click();
    QVERIFY(d->isVisible() && d->running() && !button(*d, "answer0"));
    const auto pid = d->process().pid();
    button(*d, "close")->click();
    button(*d, "answer0")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!d->isVisible(), kPatientMs);
    QVERIFY(!d->running() && !isAlive(pid));
    QVERIFY(!QFile::exists(path("never")));
}

void TestExport::theWindowTakesTheChildWithIt()
{
    fake("mkdir -p \"$(dirname \"$out\")/.$(basename \"$out\").$$-0.part\"; " + QString(kBegun) + "exec sleep 600");
    auto window = std::make_unique<QWidget>();
    auto* d = dialog("orphan", window.get()).release(); // of the window
    d->findChild<QLineEdit*>("folder")->setText(path("orphans"));
    d->show();
    button(*d, "export")->click();
    QTRY_VERIFY_WITH_TIMEOUT(text(*d, "step").contains("ONNX"), kPatientMs);
    const auto pid = d->process().pid();
    QVERIFY(pid > 0 && isAlive(pid));
    window.reset();
    QVERIFY(!isAlive(pid));
    QVERIFY(QDir(path("orphans")).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
}

void TestExport::exportsForReal()
{
    if (!QFile::exists(QFileInfo(PARETOSCOPE_CLI).path() + "/paretoscope_torch.so"))
        QSKIP("NOT TESTED with the real command line: the engine module is not built (PARETOSCOPE_TORCH)");
    testing::writeNoiseData(path("noise").toStdString(), 200, 50, 10);
    const auto d = dialog("real");
    for (auto* box : d->findChildren<QCheckBox*>())
        box->setChecked(box->objectName() == "onnx" || box->objectName() == "safetensors" || box->objectName() == "model-card");
    d->findChild<QGroupBox*>("useImages")->setChecked(true);
    d->findChild<QLineEdit*>("images")->setText(path("noise"));
    d->findChild<QSpinBox*>("recalibrate")->setValue(100);
    d->show();
    QSignalSpy progressed(&d->process(), &CliProcess::progressed);
    button(*d, "export")->click();
    QVERIFY(d->running());
    QVERIFY(QTest::qWaitFor([&] { return !d->running(); }, 240'000));
    QVERIFY2(text(*d, "written").contains(path("real")), qPrintable(text(*d, "said") + text(*d, "details")));
    QVERIFY2(text(*d, "check").contains("Largest difference of a logit") && text(*d, "check").contains("Top-1 measured on 50 images") && text(*d, "check").contains("recalibrated on 100"), qPrintable(text(*d, "check")));
    QStringList names, steps;
    const auto* files = d->findChild<QTableWidget*>("files");
    for (int row = 0; row < files->rowCount(); ++row) {
        names += files->item(row, 0)->text();
        QVERIFY2(QFileInfo(path("real/") + names.constLast()).size() > 0, qPrintable(names.constLast()));
    }
    QCOMPARE(names.join(' '), "subnet.safetensors subnet.onnx model-card.md model-card.json provenance.json");
    for (const auto& signal : progressed)
        steps += signal.at(0).value<CliProgress>().step;
    // The words that the dialog tells the stages by.
    for (const char* step : {"opening ", "recalibrating", "evaluating", "exporting onnx", "exported"})
        QVERIFY2(!steps.filter(QLatin1String(step)).isEmpty(), step);
}

QTEST_MAIN(TestExport)
#include "tst_export.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "smalldisk.h"
#include "support.h"

#include "base/file.h"
#include "base/random.h"
#include "base/sha256.h"
#include "base/zip.h"

#include <sys/stat.h>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;
using testing::without;

class TestFile : public QObject {
    Q_OBJECT
private slots:
    void readsBackWhatWasWritten();
    void missingAndWrongKindsAreNamed();
    void fullDiskKeepsTheOldFile();
    void stagedFolderAppearsWholeOrNotAtAll();
    void linksAreFollowedAndDevicesKept();
    void sha256OfKnownText();
    void zipRoundTripsAndIsStable();
    void hostileZipsAreRefused();
    void unsafePathsAreKnown();
    void referenceGeneratorsReplay();
    void ownGeneratorIsUniform();
};

void TestFile::readsBackWhatWasWritten()
{
    QTemporaryDir dir;
    const std::filesystem::path path = dir.filePath("a.bin").toStdString();
    writeFileAtomically(path, "first");
    writeFileAtomically(path, "second");
    compareText(readTextFile(path), "second");
    compareText(std::string(asText(MappedFile(path).bytes())), "second");
    QCOMPARE(listFolder(dir.path().toStdString()).size(), 1u);
    writeFileAtomically(path, "");
    QCOMPARE(MappedFile(path).bytes().size(), 0u);
}

void TestFile::missingAndWrongKindsAreNamed()
{
    QTemporaryDir dir;
    const auto folder = dir.path().toStdString();
    compareText(without(messageOf([&] { readFile(folder + "/none"); }), folder), "/none: cannot be opened: found No such file or directory");
    compareText(without(messageOf([&] { readFile(folder); }), folder), ": cannot be read: found Is a directory");
    compareText(without(messageOf([&] { listFolder(folder + "/none"); }), folder), "/none: cannot be read: found No such file or directory");
    writeFileAtomically(folder + "/big", "12345");
    compareText(without(messageOf([&] { readFile(folder + "/big", 4); }), folder), "/big: is too large: found 5 bytes; allowed at most 4");
    compareText(messageOf([&] { MappedFile("/dev/null"); }), "/dev/null: is not a regular file");
}

void TestFile::fullDiskKeepsTheOldFile()
{
    QTemporaryDir dir;
    const auto folder = dir.path().toStdString();
    writeFileAtomically(folder + "/f", "old");
    {
        const testing::SmallDisk small(4096);
        compareText(without(messageOf([&] { writeFileAtomically(folder + "/f", std::string(8192, 'x')); }), folder),
            "/f: cannot be written: found File too large");
    }
    compareText(readTextFile(folder + "/f"), "old");
    QCOMPARE(listFolder(folder).size(), 1u);
}

void TestFile::stagedFolderAppearsWholeOrNotAtAll()
{
    QTemporaryDir dir;
    const std::filesystem::path target = dir.filePath("out").toStdString();
    {
        const StagedFolder staged(target);
        writeFileAtomically(staged.path() / "a", "1");
    }
    QVERIFY(!std::filesystem::exists(target));
    QCOMPARE(listFolder(dir.path().toStdString()).size(), 0u);
    {
        StagedFolder staged(target);
        writeFileAtomically(staged.path() / "a", "1");
        staged.commit();
    }
    compareText(readTextFile(target / "a"), "1");
    compareText(without(messageOf([&] { StagedFolder again(target); }), dir.path().toStdString()),
        "/out: exists already and is not empty: allowed a new name or an empty folder");
}

void TestFile::linksAreFollowedAndDevicesKept()
{
    QTemporaryDir dir;
    const std::filesystem::path folder = dir.path().toStdString();
    writeFileAtomically(folder / "real", "old");
    std::filesystem::create_symlink("real", folder / "link");
    std::filesystem::create_symlink("later", folder / "ahead");
    writeFileAtomically(folder / "link", "new");
    writeFileAtomically(folder / "ahead", "made");
    QVERIFY(std::filesystem::is_symlink(folder / "link") && std::filesystem::is_symlink(folder / "ahead"));
    compareText(readTextFile(folder / "real"), "new");
    compareText(readTextFile(folder / "later"), "made");
    QCOMPARE(mkfifo((folder / "pipe").c_str(), 0600), 0); // stands for every device: nobody has to make one
    compareText(without(messageOf([&] { writeFileAtomically(folder / "pipe", "x"); }), folder.string()), "/pipe: cannot be written: found not a regular file; allowed a file");
    compareText(without(messageOf([&] { writeFileAtomically(folder, "x"); }), folder.string()), ": cannot be written: found Is a directory; allowed a file");
    compareText(without(messageOf([&] { writeFileAtomically(folder / "none/f", "x"); }), folder.string()), "/none/f: cannot be written: found No such file or directory");
    QCOMPARE(listFolder(folder).size(), std::size_t(5));
    {
        const StagedFolder staged(folder / "p/q/r");
        QVERIFY(std::filesystem::exists(folder / "p/q"));
    }
    QVERIFY(!std::filesystem::exists(folder / "p"));
}

void TestFile::sha256OfKnownText()
{
    // FIPS 180-4, example "abc".
    compareText(sha256(asBytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

void TestFile::zipRoundTripsAndIsStable()
{
    const std::string text(5000, 'a');
    const std::vector<ZipInput> inputs{{"a/plain", asBytes("plain"), false}, {"a/packed", asBytes(text), true}, {"empty", {}, false}};
    const auto zip = makeZip(inputs);
    QVERIFY(zip == makeZip(inputs));
    const ZipReader reader(zip, "z");
    QCOMPARE(reader.entries().size(), 3u);
    QVERIFY(reader.find("none") == nullptr);
    compareText(std::string(asText(reader.read(*reader.find("a/packed")))), text);
    compareText(std::string(asText(reader.read(*reader.find("a/plain")))), "plain");
    QVERIFY(reader.find("a/plain")->stored && !reader.find("a/packed")->stored);
}

void TestFile::hostileZipsAreRefused()
{
    const std::string text(5000, 'a');
    const auto zip = makeZip({{"plain", asBytes(text), false}});

    const Bytes cut(zip.begin(), zip.end() - 30);
    QVERIFY(testing::contains(messageOf([&] { ZipReader r(cut, "z"); }), "z: is not a whole zip archive"));

    auto flipped = zip;
    flipped[100] ^= std::byte{1};
    const ZipReader damaged(flipped, "z");
    compareText(messageOf([&] { damaged.read(damaged.entries()[0]); }), "z: plain: cannot be read (CRC error)");

    // The declared size of the stored entry, in the local and in the central header.
    auto huge = zip;
    const std::string needle("\x88\x13\0\0\x88\x13\0\0", 8);
    for (auto at = asText(huge).find(needle); at != std::string_view::npos; at = asText(huge).find(needle))
        huge[at + 3] = huge[at + 7] = std::byte{0x40};
    compareText(messageOf([&] { ZipReader r(huge, "z"); }),
        "z: entry \"plain\" declares a size that the archive cannot hold: found 1073746824 bytes from 1073746824; "
        "allowed an archive of 5108 bytes");
}

void TestFile::unsafePathsAreKnown()
{
    for (const char* good : {"a", "a/b.json", "a..b", "devices/x-1.json"})
        QVERIFY2(isSafeRelativePath(good), good);
    for (const char* bad : {"", "/a", "../a", "a/../b", "a//b", "a/", "./a", "c:\\a", "a\\b", "a\nb"})
        QVERIFY2(!isSafeRelativePath(bad), bad);
}

void TestFile::referenceGeneratorsReplay()
{
    NEED_REFERENCE("fixtures/ofa/rng_golden.json");
    const auto golden = readJsonFile(testing::referenceDir() / "fixtures/ofa/rng_golden.json");
    const auto check = [&](const char* key, auto draw) {
        for (const auto& expected : golden.at(key))
            QCOMPARE(draw(), expected.get<double>());
    };
    {
        PythonRandom r(1);
        check("python_seed1_choice3", [&] { return double(r.choice(3)); });
    }
    {
        PythonRandom r(1);
        check("python_seed1_choice5", [&] { return double(r.choice(5)); });
    }
    {
        PythonRandom r(1);
        check("python_seed1_random", [&] { return r.uniform(); });
    }
    {
        PythonRandom r(1);
        check("python_seed1_choices3_k10", [&] { return double(r.weightless(3)); });
    }
    {
        PythonRandom r(1);
        check("python_seed1_getrandbits32", [&] { return double(r.bits(32)); });
    }
    {
        PythonRandom r(621000000);
        check("python_seed621000000_getrandbits32", [&] { return double(r.bits(32)); });
    }
    {
        PythonRandom r(123456789012345u);
        check("python_seed123456789012345_getrandbits32", [&] { return double(r.bits(32)); });
    }
    {
        NumpyRandom r(1);
        check("numpy_seed1_randint25", [&] { return double(r.below(25)); });
    }
}

void TestFile::ownGeneratorIsUniform()
{
    Random r(7);
    int counts[10] = {};
    for (int i = 0; i < 100'000; ++i)
        ++counts[r.below(10)];
    double chi2 = 0;
    for (const int c : counts)
        chi2 += (c - 10'000.0) * (c - 10'000.0) / 10'000.0;
    QVERIFY2(chi2 < 27.9, qPrintable(QString::number(chi2))); // 0.999 quantile for 9 degrees of freedom
    QCOMPARE(Random(7).next(), Random(7).next());
    QVERIFY(Random(7).next() != Random(8).next());
}

QTEST_APPLESS_MAIN(TestFile)
#include "tst_file.moc"

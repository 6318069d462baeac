// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "base/file.h"
#include "base/sha256.h"
#include "engine/dataset.h"
#include "engine/datasetfiles.h"
#include "imagefiles.h"

#include <algorithm>
#include <map>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::gzipped;
using testing::idx;
using testing::messageOf;

namespace {

namespace fs = std::filesystem;

/// A folder whose files are given, and that is gone afterwards.
class Folder {
public:
    explicit Folder(const std::map<std::string, std::string>& files)
    {
        for (const auto& [name, content] : files)
            add(name, content);
    }
    void add(const std::string& name, const std::string& content) const
    {
        fs::create_directories((path() / name).parent_path());
        writeFileAtomically(path() / name, content);
    }
    fs::path path() const { return m_dir.path().toStdString(); }
    std::string refusal() const
    {
        return testing::without(messageOf([&] { openDataSet(path()); }), path().string());
    }

private:
    QTemporaryDir m_dir;
};

std::string idxMessage(const std::string& file)
{
    return messageOf([&] { readIdx(asBytes(file), "f"); });
}

const std::string kImages = idx({3, 1, 2}, "abcdef"), kLabels = idx({3}, std::string("\1\0\2", 3));

std::string cifar(const std::vector<std::vector<int>>& labels)
{
    std::string out;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        for (const int l : labels[i])
            out += static_cast<char>(l);
        for (std::size_t p = 0; p < 3072; ++p)
            out += static_cast<char>(p / 1024 * 50 + i);
    }
    return out;
}

std::shared_ptr<DataSet> madeUp(const std::vector<int>& perClass)
{
    auto data = std::make_shared<DataSet>();
    data->source = "made up";
    for (std::size_t c = 0; c < perClass.size(); ++c) {
        data->classNames.push_back(std::to_string(c));
        data->labels.insert(data->labels.end(), static_cast<std::size_t>(perClass[c]), static_cast<std::int32_t>(c));
    }
    data->images = std::make_shared<PackedImages>(1, 1, 1, std::vector<std::uint8_t>(data->size(), 9));
    return data;
}

std::map<int, int> countByClass(const DataSubset& s)
{
    std::map<int, int> n;
    for (std::size_t i = 0; i < s.size(); ++i)
        ++n[s.label(i)];
    return n;
}

std::string hashOf(const std::vector<std::uint32_t>& v) { return sha256(std::as_bytes(std::span(v))).substr(0, 16); }

} // namespace

class TestDataSet : public QObject {
    Q_OBJECT
private slots:
    void readsIdx();
    void refusesBadIdx();
    void opensIdxFolders();
    void refusesBadIdxFolders();
    void opensFashionMnist();
    void opensCifar10();
    void opensCifar100();
    void refusesBadCifar();
    void opensImageFolders();
    void refusesBadFolders();
    void splitsAreStratified();
    void splitsAreTheSameEverywhere();
    void drawsImages();
    void statistics();
    void fingerprints();
};

void TestDataSet::readsIdx()
{
    for (const auto& file : {kImages, gzipped(kImages)}) {
        const auto a = readIdx(asBytes(file), "f");
        QCOMPARE(a.sizes, (std::vector<std::uint32_t>{3, 1, 2}));
        compareText({a.values.begin(), a.values.end()}, "abcdef");
    }
    // More than the first piece that memory is taken for.
    const std::string big(3'000'001, 'x');
    QCOMPARE(readIdx(asBytes(gzipped(idx({3'000'001}, big))), "f").values.size(), big.size());
}

void TestDataSet::refusesBadIdx()
{
    compareText(idxMessage({}), "f: is cut within its header: found 0 bytes; allowed 4 or more");
    compareText(idxMessage("P5 4 4 255"), "f: is no IDX file: found it begins with 50 35; allowed 00 00");
    compareText(idxMessage(idx({3}, "abc", 0x0D)), "f: the values have a type that is not supported: found 32-bit floats; allowed unsigned bytes");
    compareText(idxMessage(idx({3}, "abc", 0x42)), "f: the values have a type that is not supported: found unknown type 0x42; allowed unsigned bytes");
    compareText(idxMessage(idx({}, "abc")), "f: has a wrong number of dimensions: found 0; allowed 1 to 4");
    compareText(idxMessage(idx({3, 1, 2}, "").substr(0, 10)), "f: is cut within its header: found 1 of 3 sizes");
    compareText(idxMessage(idx({3, 0, 2}, "")), "f: holds nothing: found sizes 3 x 0; allowed sizes of 1 or more");
    compareText(idxMessage(idx({3, 1, 2}, "abcde")), "f: is cut: found 5 bytes behind the header; allowed 3 x 1 x 2 bytes");
    compareText(idxMessage(idx({3, 1, 2}, "abcdefg")), "f: goes on after the last value: allowed 3 x 1 x 2 bytes behind the header");
    compareText(idxMessage(idx({60000, 28, 28}, "abc")), "f: declares more than the file can hold: found 60000 x 28 x 28 bytes; allowed a file of 19 bytes");
    // Sizes whose product does not fit 64 bits.
    compareText(idxMessage(idx({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 2}, "abc")),
        "f: declares more than the file can hold: found 4294967295 x 4294967295 x 4294967295 x 2 bytes; allowed a file of 23 bytes");

    const auto gz = gzipped(kImages);
    compareText(idxMessage(gz.substr(0, gz.size() - 12)), "f: the gz file is cut: found " + std::to_string(gz.size() - 12) + " bytes");
    for (std::size_t n = 2; n < gz.size(); ++n)
        QVERIFY2(idxMessage(gz.substr(0, n)) != "no error", std::to_string(n).c_str());
    compareText(idxMessage(gz + "x"), "f: goes on after the last value: allowed 3 x 1 x 2 bytes behind the header");
    compareText(idxMessage(gzipped(kImages + "x")), "f: goes on after the last value: allowed 3 x 1 x 2 bytes behind the header");
    compareText(idxMessage(gzipped(idx({3, 1, 2}, "abcde"))), "f: is cut: found 5 bytes behind the header; allowed 3 x 1 x 2 bytes");
    auto damaged = gz;
    damaged[10] = '\xFF';
    compareText(idxMessage(damaged), "f: the gz file is damaged: found invalid block type");
    damaged = gz;
    damaged[gz.size() - 6] = static_cast<char>(damaged[gz.size() - 6] + 1);
    compareText(idxMessage(damaged), "f: the gz file is damaged: found incorrect data check");
}

void TestDataSet::opensIdxFolders()
{
    const Folder f({{"train-images-idx3-ubyte.gz", gzipped(kImages)}, {"train-labels-idx1-ubyte", kLabels},
        {"t10k-images.idx3-ubyte", idx({1, 1, 2}, "xy")}, {"t10k-labels.idx1-ubyte", idx({1}, "\3")}, {"readme", ""}});
    const auto source = openDataSet(f.path());
    compareText(source.train->format, "IDX");
    compareText(source.train->source, f.path().string());
    QCOMPARE(source.train->labels, (std::vector<std::int32_t>{1, 0, 2}));
    QCOMPARE(source.test->labels, (std::vector<std::int32_t>{3}));
    QCOMPARE(source.train->classNames, (std::vector<std::string>{"0", "1", "2", "3"}));
    Image scratch;
    const auto view = source.train->image(1, scratch);
    QVERIFY(view.channels == 1 && view.height == 1 && view.width == 2 && view.pixels[0] == 'c' && view.pixels[1] == 'd');

    f.add("classes.txt", "one\r\ntwo\nthree\nfour\n\n");
    QCOMPARE(openDataSet(f.path()).train->classNames, (std::vector<std::string>{"one", "two", "three", "four"}));
    requireClasses(*source.train, 4);
    compareText(testing::without(messageOf([&] { requireClasses(*source.train, 10); }), f.path().string()),
        ": the data set has another number of classes: found 4; allowed 10");
}

void TestDataSet::refusesBadIdxFolders()
{
    const std::map<std::string, std::string> good{{"train-images-idx3-ubyte", kImages}, {"train-labels-idx1-ubyte", kLabels}};
    const auto with = [&](const std::string& name, const std::string& content) {
        auto files = good;
        files[name] = content;
        return Folder(files).refusal();
    };
    compareText(Folder(good).refusal(), "no error");
    compareText(Folder({{"train-images-idx3-ubyte", kImages}}).refusal(), ": the IDX data set is not whole: found no train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz");
    compareText(Folder({{"t10k-images-idx3-ubyte", kImages}}).refusal(), ": the IDX data set is not whole: found no images to train on");
    compareText(with("train-labels-idx1-ubyte", idx({2}, "ab")), "/train-labels-idx1-ubyte: there are not as many labels as images: found 2; allowed 3");
    compareText(with("train-labels-idx1-ubyte", kImages), "/train-labels-idx1-ubyte: holds no labels: found 3 dimensions; allowed 1");
    compareText(with("train-images-idx3-ubyte", kLabels), "/train-images-idx3-ubyte: holds no images: found 1 dimensions; allowed 3 or 4");
    compareText(with("train-images-idx3-ubyte", idx({3, 2, 1, 1}, "abcdef")),
        "/train-images-idx3-ubyte: the images have a size that is not allowed: found 2 x 1 x 1; allowed 1 or 3 channels of up to 4096 pixels a side");
    compareText(with("train-images-idx3-ubyte", kImages.substr(0, 20)), "/train-images-idx3-ubyte: is cut: found 4 bytes behind the header; allowed 3 x 1 x 2 bytes");
    compareText(with("more-train-images-idx3-ubyte", kImages), ": holds more than one IDX data set: found more-train-images-idx3-ubyte, train-images-idx3-ubyte; allowed one a folder");
    compareText(with("classes.txt", "a\nb\n"), "/train-labels-idx1-ubyte: image 2: the label has no class: found 2; allowed 0 to 1");
    compareText(with("classes.txt", std::string("a\nb\0\n", 5)), "/classes.txt:2: is no name of a class: found \"b\\x00\"; allowed up to 256 characters without quotes or control characters");
}

void TestDataSet::opensFashionMnist()
{
    const fs::path folder("/usr/share/datasets/fashion-mnist");
    if (!fs::exists(folder))
        QSKIP("NOT TESTED on Fashion-MNIST: it is not installed (apt install dataset-fashion-mnist)");
    const auto source = openDataSet(folder);
    QCOMPARE(source.train->size(), 60000u);
    QCOMPARE(source.test->size(), 10000u);
    compareText(source.train->classNames[9], "Ankle boot");
    compareText(source.test->classNames[0], "T-shirt/top");
    Image scratch;
    QCOMPARE(source.train->image(59999, scratch).width, 28);
    for (int c = 0; c < 10; ++c)
        QCOMPARE(countByClass(wholeDataSet(source.train))[c], 6000);
    // The figures that everybody quotes: 0.2860 and 0.3530.
    const auto s = channelStatistics(wholeDataSet(source.train), 1);
    QVERIFY(std::abs(s.mean[0] - 0.2860) < 5e-5 && std::abs(s.deviation[0] - 0.3530) < 5e-5);
    const auto splits = splitDataSet(source, {5000, 0, 1});
    for (const auto& [label, n] : countByClass(splits.validation))
        QCOMPARE(n, 500);
    QCOMPARE(splits.train.size(), 55000u);
    QCOMPARE(splits.test.size(), 10000u);
}

void TestDataSet::opensCifar10()
{
    const Folder f({{"cifar-10-batches-bin/data_batch_1.bin", cifar({{7}, {0}})}, {"cifar-10-batches-bin/data_batch_2.bin", cifar({{9}})},
        {"cifar-10-batches-bin/test_batch.bin", cifar({{1}})}});
    const auto source = openDataSet(f.path());
    compareText(source.train->format, "CIFAR-10");
    QCOMPARE(source.train->labels, (std::vector<std::int32_t>{7, 0, 9}));
    QCOMPARE(source.test->labels, (std::vector<std::int32_t>{1}));
    compareText(source.train->classNames[9], "9");
    Image scratch;
    const auto view = source.train->image(1, scratch);
    QVERIFY(view.channels == 3 && view.height == 32 && view.width == 32);
    QVERIFY(view.plane(0)[5] == 1 && view.plane(1)[0] == 51 && view.plane(2)[1023] == 101);
    f.add("cifar-10-batches-bin/batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
    compareText(openDataSet(f.path()).test->classNames[9], "truck");
}

void TestDataSet::opensCifar100()
{
    const Folder f({{"train.bin", cifar({{19, 99}, {3, 40}})}, {"test.bin", cifar({{0, 12}})}});
    const auto source = openDataSet(f.path());
    compareText(source.train->format, "CIFAR-100");
    QCOMPARE(source.train->labels, (std::vector<std::int32_t>{99, 40})); // the fine labels
    QCOMPARE(source.test->labels, (std::vector<std::int32_t>{12}));
    QCOMPARE(source.train->classNames.size(), 100u);
}

void TestDataSet::refusesBadCifar()
{
    const auto one = cifar({{7}});
    compareText(Folder({{"data_batch_1.bin", one.substr(0, 3000)}}).refusal(), "/data_batch_1.bin: is no whole number of CIFAR records: found 3000 bytes; allowed a multiple of 3073");
    compareText(Folder({{"data_batch_1.bin", std::string()}}).refusal(), "/data_batch_1.bin: is no whole number of CIFAR records: found 0 bytes; allowed a multiple of 3073");
    compareText(Folder({{"data_batch_1.bin", cifar({{7}, {10}})}}).refusal(), "/data_batch_1.bin: image 1: the label has no class: found 10; allowed 0 to 9");
    compareText(Folder({{"train.bin", cifar({{0, 100}})}}).refusal(), "/train.bin: image 0: the label has no class: found 100; allowed 0 to 99");
    compareText(Folder({{"data_batch_1.bin", one}, {"data_batch_3.bin", one}}).refusal(), ": CIFAR-10 is not whole: found no data_batch_2.bin");
    compareText(Folder({{"test_batch.bin", one}}).refusal(), ": CIFAR-10 is not whole: found no data_batch_1.bin");
    compareText(Folder({{"test.bin", one}}).refusal(), ": CIFAR-100 is not whole: found no train.bin");
    compareText(Folder({{"data_batch_1.bin", one}, {"train.bin", one}}).refusal(), ": holds CIFAR-10 and CIFAR-100: allowed one of them a folder");
    compareText(Folder({{"data_batch_1.bin", one}, {"batches.meta.txt", "cat\n"}}).refusal(), "/batches.meta.txt: wrong number of names of classes: found 1; allowed 10");
}

void TestDataSet::opensImageFolders()
{
    const auto pgm = [](const char* pixels) { return std::string("P5 2 1 255 ") + pixels; };
    const Folder f({{"train/dog/1.pgm", pgm("ab")}, {"train/cat/2.PGM", pgm("cd")}, {"train/cat/1.png", testing::png(1, 1, 8, 2, "xyz")},
        {"train/cat/Thumbs.db", ""}, {"train/cat/.hidden.png", ""}, {"test/dog/7.pgm", pgm("ef")}, {"val/dog/7.pgm", pgm("gh")}});
    const auto source = openDataSet(f.path());
    compareText(source.train->format, "image folder");
    QCOMPARE(source.train->classNames, (std::vector<std::string>{"cat", "dog"}));
    QCOMPARE(source.train->labels, (std::vector<std::int32_t>{0, 0, 1}));
    QCOMPARE(source.test->labels, (std::vector<std::int32_t>{1})); // numbered by the classes of training
    QCOMPARE(source.notes.size(), 2u);
    compareText(testing::without(source.notes[0], f.path().string()), "/train: 1 files that are no images by their names are ignored");
    compareText(testing::without(source.notes[1], f.path().string()), "/val is not used: validation images are taken out of the training images");
    Image scratch;
    const auto png = source.train->image(0, scratch);
    QVERIFY(png.channels == 3 && png.width == 1 && png.pixels[2] == 'z');
    QCOMPARE(source.train->image(2, scratch).pixels[1], std::uint8_t('b'));
    QCOMPARE(source.test->image(0, scratch).pixels[0], std::uint8_t('e'));
    // The same without parts.
    const auto plain = openDataSet(f.path() / "train");
    QVERIFY(plain.train->size() == 3 && !plain.test);
    // Decoded when asked for, so only then is a broken file seen.
    f.add("train/dog/1.pgm", "P5 2 1 255 a");
    compareText(testing::without(messageOf([&] { source.train->image(2, scratch); }), f.path().string()),
        "/train/dog/1.pgm: the image is cut: found 1 bytes behind the header; allowed 2 samples of 1 x 1 x 2");
}

void TestDataSet::refusesBadFolders()
{
    const auto png = testing::png(1, 1, 8, 2, "xyz");
    const std::string known = "; allowed IDX (train-images-idx3-ubyte and its like, plain or .gz), CIFAR-10 or CIFAR-100 in its binary "
                              "version, or one folder of PNG, JPEG or PNM images a class";
    compareText(Folder({}).refusal(), ": holds no data set that is known: found nothing" + known);
    compareText(Folder({{"a.txt", ""}, {"docs/b.txt", ""}}).refusal(), ": holds no data set that is known: found \"a.txt\", \"docs\"" + known);
    compareText(Folder({{"train/a/1.png", png}, {"val/b/1.png", png}}).refusal(), "/val/b: is no class of the training images: allowed a");
    compareText(Folder({{"a/1.png", png}, {"b/readme", ""}}).refusal(), "/b: holds no image: allowed PNG, JPEG or PNM files");
    compareText(Folder({{"train/notes.txt", std::string()}}).refusal(), "/train: holds no folder of a class: allowed one folder a class");
    const Folder f({{"a.png", png}});
    compareText(testing::without(messageOf([&] { openDataSet(f.path() / "a.png"); }), f.path().string()), "/a.png: is a file: allowed the folder of a data set");
    compareText(testing::without(messageOf([&] { openDataSet(f.path() / "none"); }), f.path().string()), "/none: cannot be read: found No such file or directory");
    compareText(messageOf([] { PackedImages(1, 2, 2, std::vector<std::uint8_t>(7)); }), "the pixels are not a whole number of images: found 7 bytes; allowed a multiple of 1 x 2 x 2");
}

void TestDataSet::splitsAreStratified()
{
    const DataSource source{madeUp({100, 50, 7, 3}), nullptr, {}};
    const auto s = splitDataSet(source, {40, 16, 3});
    // Shares of 40 in 160: 25, 12.5, 1.75, 0.75: the largest remainders get the two that are left.
    QCOMPARE(countByClass(s.validation), (std::map<int, int>{{0, 25}, {1, 12}, {2, 2}, {3, 1}}));
    QCOMPARE(s.test.size(), 16u);
    QCOMPARE(s.train.size(), 104u);
    std::set<std::uint32_t> all;
    for (const auto* part : {&s.train, &s.validation, &s.test}) {
        QVERIFY(std::is_sorted(part->images.begin(), part->images.end()));
        all.insert(part->images.begin(), part->images.end());
    }
    QCOMPARE(all.size(), 160u);
    QCOMPARE(splitDataSet(source, {40, 0, 3}).validation.images, s.validation.images);
    QVERIFY(splitDataSet(source, {40, 0, 4}).validation.images != s.validation.images);
    QCOMPARE(splitDataSet(source, {}).train.size(), 160u);

    // A source's own test images are all of the test, whatever is asked for.
    const DataSource both{source.train, madeUp({2, 2, 2, 2}), {}};
    QCOMPARE(splitDataSet(both, {40, 16, 3}).test.size(), 8u);
    QVERIFY(splitDataSet(both, {40, 16, 3}).test.data == both.test);
    compareText(messageOf([&] { splitDataSet(source, {100, 60, 3}); }),
        "made up: no image would be left to train on: found 100 for validation and 60 for the test of 160; allowed fewer than 160 together");
}

void TestDataSet::splitsAreTheSameEverywhere()
{
    const DataSource source{madeUp({600, 500, 400}), nullptr, {}};
    const auto s = splitDataSet(source, {150, 100, 42});
    compareText(hashOf(s.validation.images), "9922172ddba5fe6f");
    compareText(hashOf(s.test.images), "f55f344771c8ee02");
    compareText(hashOf(drawImages(s.train, 200, 7).images), "fb2f0d5554d47834");
}

void TestDataSet::drawsImages()
{
    const auto all = wholeDataSet(madeUp({50, 50}));
    const auto drawn = drawImages(all, 30, 1);
    QCOMPARE(std::set<std::uint32_t>(drawn.images.begin(), drawn.images.end()).size(), 30u);
    QVERIFY(!std::is_sorted(drawn.images.begin(), drawn.images.end()));
    // Fewer of the same seed are the first of more.
    const auto fewer = drawImages(all, 10, 1);
    QVERIFY(std::equal(fewer.images.begin(), fewer.images.end(), drawn.images.begin()));
    compareText(messageOf([&] { drawImages(all, 101, 1); }), "made up: there are not so many images: found 101; allowed at most 100");
    QCOMPARE(wholeDataSet(nullptr).size(), 0u);
}

void TestDataSet::statistics()
{
    auto data = std::make_shared<DataSet>();
    data->classNames = {"a"};
    data->labels = {0, 0};
    data->images = std::make_shared<PackedImages>(3, 1, 1, std::vector<std::uint8_t>{0, 51, 255, 102, 51, 255});
    const auto s = channelStatistics(wholeDataSet(data), 3);
    QVERIFY(std::abs(s.mean[0] - 0.2) < 1e-15 && std::abs(s.deviation[0] - 0.2) < 1e-15);
    QVERIFY(s.deviation[1] == 0 && s.mean[2] == 1);
    // 0.587 × 51 + 0.114 × 255 = 59.0 and 0.299 × 102 more: 89.5.
    const auto grey = channelStatistics(wholeDataSet(data), 1);
    QVERIFY(std::abs(grey.mean[0] - (59 + 90) / 2.0 / 255) < 1e-12 || std::abs(grey.mean[0] - (59 + 89) / 2.0 / 255) < 1e-12);
    compareText(messageOf([] { channelStatistics({}, 1); }), "there is no image to take the mean of");
}

void TestDataSet::fingerprints()
{
    const auto of = [](std::vector<std::int32_t> labels, std::vector<std::uint8_t> pixels, int height = 1) {
        auto data = std::make_shared<DataSet>();
        data->classNames = {"a", "b"};
        data->labels = std::move(labels);
        data->images = std::make_shared<PackedImages>(1, height, 2 / height, std::move(pixels));
        return fingerprint(wholeDataSet(data));
    };
    const auto one = of({0, 1}, {1, 2, 3, 4});
    QCOMPARE(one.size(), 64u);
    QCOMPARE(of({0, 1}, {1, 2, 3, 4}), one);
    QVERIFY(of({1, 1}, {1, 2, 3, 4}) != one);
    QVERIFY(of({0, 1}, {1, 2, 3, 5}) != one);
    QVERIFY(of({0, 1}, {1, 2, 3, 4}, 2) != one);
    QVERIFY(of({0}, {1, 2}) != one);
    QVERIFY(!fingerprint({}).empty());
    // Pictures of a large set are looked at here and there, labels all.
    std::vector<std::int32_t> many(1000);
    const auto large = of(many, std::vector<std::uint8_t>(2000));
    many[7] = 1;
    QVERIFY(of(many, std::vector<std::uint8_t>(2000)) != large);
}

QTEST_APPLESS_MAIN(TestDataSet)
#include "tst_dataset.moc"

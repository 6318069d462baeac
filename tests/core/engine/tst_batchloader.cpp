// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "engine/batchloader.h"

#include <algorithm>
#include <atomic>
#include <map>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

/// 100 noisy images of 12 × 12 in three classes; counts what is asked for, can break one image and hold all.
class Store final : public ImageStore {
public:
    explicit Store(std::size_t n)
        : m_images(1, 12, 12, noise(n))
    {
    }
    std::size_t size() const override { return m_images.size(); }
    ImageView image(std::size_t i, Image& scratch) const override
    {
        ++asked;
        while (held)
            std::this_thread::yield();
        if (static_cast<int>(i) == broken)
            throw FormatError({"image " + std::to_string(i), "is broken", {}, {}});
        return m_images.image(i, scratch);
    }
    mutable std::atomic<int> asked = 0;
    std::atomic<bool> held = false;
    int broken = -1;

private:
    static std::vector<std::uint8_t> noise(std::size_t n)
    {
        std::vector<std::uint8_t> v(n * 144);
        Random random(5);
        for (auto& x : v)
            x = static_cast<std::uint8_t>(random.below(256));
        return v;
    }
    PackedImages m_images;
};

struct Data {
    std::shared_ptr<Store> store;
    DataSubset images;
};

Data data(std::size_t n = 100)
{
    auto set = std::make_shared<DataSet>();
    set->source = "made up";
    set->classNames = {"a", "b", "c"};
    for (std::size_t i = 0; i < n; ++i)
        set->labels.push_back(static_cast<std::int32_t>(i % 3));
    auto store = std::make_shared<Store>(n);
    set->images = store;
    return {store, wholeDataSet(set)};
}

LoaderRequest request(const Data& d, int threads = 1)
{
    LoaderRequest r;
    r.images = d.images;
    r.preprocessing = {1, {0.5}, {0.25}, 0};
    r.augmentation = Augmentation::smallGrey();
    r.resolution = drawnResolutions({8, 10, 12}, 1, 0);
    r.batchSize = 16;
    r.shuffle = true;
    r.seed = 1;
    r.threads = threads;
    return r;
}

std::vector<DataBatch> all(BatchLoader& loader, bool recycle = false)
{
    std::vector<DataBatch> batches;
    while (auto b = loader.next()) {
        batches.push_back(*b);
        if (recycle)
            loader.recycle(std::move(*b));
    }
    return batches;
}

std::vector<DataBatch> all(LoaderRequest r)
{
    BatchLoader loader(std::move(r));
    return all(loader);
}

bool same(const DataBatch& a, const DataBatch& b)
{
    return a.index == b.index && a.channels == b.channels && a.resolution == b.resolution && a.pixels == b.pixels && a.labels == b.labels && a.images == b.images;
}

bool same(const std::vector<DataBatch>& a, const std::vector<DataBatch>& b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) { return same(x, y); });
}

struct Release {
    std::atomic<bool>& held;
    ~Release() { held = false; }
};

std::vector<std::uint32_t> order(const std::vector<DataBatch>& batches)
{
    std::vector<std::uint32_t> v;
    for (const auto& b : batches)
        v.insert(v.end(), b.images.begin(), b.images.end());
    return v;
}

} // namespace

class TestBatchLoader : public QObject {
    Q_OBJECT
private slots:
    void everyImageOnce();
    void threadsChangeNothing();
    void epochsDiffer();
    void goesOnInTheMiddle();
    void evaluatesInOrder();
    void resolutionsAreDrawn();
    void staysWithinItsQueue();
    void errorsComeInTurn();
    void cancelsAtOnce();
    void refusesWhatMakesNoSense();
};

void TestBatchLoader::everyImageOnce()
{
    const auto d = data();
    const auto batches = all(request(d));
    QCOMPARE(batches.size(), 7u);
    QCOMPARE(batches.back().size(), 4u);
    auto images = order(batches);
    QVERIFY(!std::is_sorted(images.begin(), images.end()));
    std::sort(images.begin(), images.end());
    QCOMPARE(images, d.images.images);
    for (std::size_t i = 0; i < batches.size(); ++i) {
        const auto& b = batches[i];
        QCOMPARE(b.index, i);
        QCOMPARE(b.pixels.size(), b.size() * static_cast<std::size_t>(b.resolution * b.resolution));
        for (std::size_t k = 0; k < b.size(); ++k)
            QCOMPARE(b.labels[k], static_cast<std::int64_t>(b.images[k] % 3));
    }
    auto r = request(d);
    r.dropLast = true;
    BatchLoader loader(r);
    QVERIFY(loader.batches() == 6 && loader.images() == 96);
    QCOMPARE(all(loader).size(), 6u);
    QVERIFY(!loader.next() && !loader.cancelled());
    r.images.images.clear();
    QVERIFY(all(r).empty());
}

void TestBatchLoader::threadsChangeNothing()
{
    const auto d = data();
    const auto expected = all(request(d));
    for (const int threads : {2, 3, 8})
        for (const std::size_t ahead : {1u, 2u, 16u}) {
            auto r = request(d, threads);
            r.ahead = ahead;
            BatchLoader loader(r);
            QVERIFY(same(all(loader, true), expected));
        }
    // What a batch holds is what the transform makes of each image alone.
    ImageTransform t(request(d).preprocessing, request(d).augmentation);
    Image scratch;
    const auto& b = expected[2];
    std::vector<float> one(static_cast<std::size_t>(b.resolution * b.resolution));
    for (std::size_t i = 0; i < b.size(); ++i) {
        t.apply(d.images.data->image(b.images[i], scratch), b.resolution, drawSeed(1, 0, b.images[i]), one.data());
        QVERIFY(std::equal(one.begin(), one.end(), b.pixels.begin() + static_cast<std::ptrdiff_t>(i * one.size())));
    }
}

void TestBatchLoader::epochsDiffer()
{
    const auto d = data();
    auto r = request(d);
    const auto first = order(all(r));
    r.epoch = 1;
    const auto second = order(all(r));
    QVERIFY(first != second);
    r.seed = 2;
    QVERIFY(order(all(r)) != second);
    // The first eight of the shuffle, pinned: the same on every platform.
    QCOMPARE((std::vector<std::uint32_t>(first.begin(), first.begin() + 8)), (std::vector<std::uint32_t>{40, 59, 34, 50, 4, 69, 48, 96}));
}

void TestBatchLoader::goesOnInTheMiddle()
{
    const auto d = data();
    const auto whole = all(request(d));
    auto r = request(d, 2);
    r.firstBatch = 3;
    QVERIFY(same(all(r), {whole.begin() + 3, whole.end()}));
    r.firstBatch = 7;
    QVERIFY(all(r).empty());
}

void TestBatchLoader::evaluatesInOrder()
{
    const auto d = data(5);
    auto r = request(d);
    r.shuffle = false;
    r.augmentation.reset();
    r.resolution = fixedResolution(12);
    r.images.images = {4, 0, 4};
    const auto batches = all(r);
    QCOMPARE(batches.size(), 1u);
    QCOMPARE(batches[0].images, (std::vector<std::uint32_t>{4, 0, 4}));
    Image scratch;
    const auto view = d.images.data->image(0, scratch);
    for (std::size_t i = 0; i < 144; ++i)
        QCOMPARE(batches[0].pixels[144 + i], (static_cast<float>(view.pixels[i]) / 255.f - 0.5f) / 0.25f);
}

void TestBatchLoader::resolutionsAreDrawn()
{
    const auto rule = drawnResolutions({16, 20, 24, 28}, 1, 0), next = drawnResolutions({16, 20, 24, 28}, 1, 1);
    std::map<int, int> count;
    int differ = 0;
    for (std::size_t b = 0; b < 4000; ++b) {
        ++count[rule(b)];
        differ += rule(b) != next(b);
    }
    for (const int r : {16, 20, 24, 28})
        QVERIFY(count[r] > 880 && count[r] < 1120); // 1000, four standard deviations of 27
    QVERIFY(differ > 2900 && differ < 3100);

    NEED_REFERENCE("fixtures/ofa/losses_lr_rng.json");
    const auto cases = readJsonFile(testing::referenceDir() / "fixtures/ofa/losses_lr_rng.json");
    std::vector<int> sizes;
    for (int s = 128; s <= 224; s += 4)
        sizes.push_back(s);
    for (const auto& c : cases["resolution_seed"])
        QCOMPARE(referenceResolutions(sizes, c["epoch"].get<std::uint64_t>())(c["batch"].get<std::size_t>()), c["size"].get<int>());
    QVERIFY(cases["resolution_seed"].size() >= 4);
}

void TestBatchLoader::staysWithinItsQueue()
{
    const auto d = data();
    auto r = request(d, 3);
    r.ahead = 2;
    BatchLoader loader(r);
    QTRY_COMPARE(d.store->asked.load(), 32); // two batches, and then it waits
    QTest::qWait(20);
    QCOMPARE(d.store->asked.load(), 32);
    QVERIFY(loader.next());
    QTRY_COMPARE(d.store->asked.load(), 48);
}

void TestBatchLoader::errorsComeInTurn()
{
    const auto d = data();
    auto r = request(d, 3);
    const auto images = order(all(r));
    d.store->broken = static_cast<int>(images[16 * 4 + 3]);
    BatchLoader loader(r);
    for (std::size_t i = 0; i < 4; ++i) // the batches before it are good
        QCOMPARE(loader.next()->index, i);
    compareText(messageOf([&] { loader.next(); }), "image " + std::to_string(d.store->broken) + ": is broken");
    QVERIFY(!loader.next());

    d.store->broken = -1;
    r.resolution = [](std::size_t batch) { return batch == 1 ? 0 : 8; };
    BatchLoader second(r);
    QVERIFY(second.next());
    compareText(messageOf([&] { second.next(); }), "loader: the resolution is out of range: found 0; allowed 1 to 4096");
}

void TestBatchLoader::cancelsAtOnce()
{
    const auto d = data();
    {
        const BatchLoader untouched(request(d, 2)); // goes away with batches made and waiting
    }
    d.store->held = true;
    d.store->asked = 0;
    BatchLoader loader(request(d, 2));
    const Release release{d.store->held}; // before the loader goes, whatever fails
    std::jthread canceller([&] {
        while (d.store->asked.load() < 2)
            std::this_thread::yield();
        loader.cancel();
        // The consumer returns although both threads still sit in an image.
    });
    QVERIFY(!loader.next());
    QVERIFY(loader.cancelled() && !loader.next());
    d.store->held = false;
    canceller.join();
    // Each thread finishes its image and begins no other.
    QTest::qWait(20);
    QVERIFY(d.store->asked.load() <= 2);
}

void TestBatchLoader::refusesWhatMakesNoSense()
{
    const auto d = data(20);
    const auto refusal = [&](auto change) {
        auto r = request(d);
        change(r);
        return messageOf([&] { BatchLoader loader(r); });
    };
    compareText(refusal([](LoaderRequest&) {}), "no error");
    compareText(refusal([](LoaderRequest& r) { r.batchSize = 0; }), "loader: the size of a batch is out of range: found 0; allowed 1 to 65536");
    compareText(refusal([](LoaderRequest& r) { r.threads = 0; }), "loader: the number of threads is out of range: found 0; allowed 1 to 256");
    compareText(refusal([](LoaderRequest& r) { r.ahead = 0; }), "loader: the number of batches ahead is out of range: found 0; allowed 1 to 1024");
    compareText(refusal([](LoaderRequest& r) { r.resolution = nullptr; }), "loader: there is no rule for the resolution");
    compareText(refusal([](LoaderRequest& r) { r.images = {}; }), "loader: there is no data set");
    compareText(refusal([](LoaderRequest& r) { r.firstBatch = 3; }), "loader: the epoch has no such batch to begin with: found 3; allowed 0 to 2");
    compareText(refusal([](LoaderRequest& r) { r.preprocessing.mean.clear(); }), "wrong number of means or deviations: found 0 and 1; allowed 1 each");
    compareText(messageOf([] { drawnResolutions({}, 1, 1); }), "loader: there is no resolution to draw from");
}

QTEST_GUILESS_MAIN(TestBatchLoader)
#include "tst_batchloader.moc"

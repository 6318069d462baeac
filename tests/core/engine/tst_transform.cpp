// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "engine/transform.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

using Samples = std::vector<std::uint8_t>;

Image image(int channels, int height, int width, Samples pixels)
{
    Image i(channels, height, width);
    i.pixels = std::move(pixels);
    return i;
}

Image noise(int channels, int height, int width, std::uint64_t seed)
{
    Image i(channels, height, width);
    Random random(seed);
    for (auto& v : i.pixels)
        v = static_cast<std::uint8_t>(random.below(256));
    return i;
}

Samples row(const Samples& in, int width)
{
    return Resizer().resized(image(1, 1, static_cast<int>(in.size()), in).view(), width, 1).pixels;
}

Preprocessing plain(int channels = 1)
{
    return {channels, std::vector<double>(static_cast<std::size_t>(channels), 0.0), std::vector<double>(static_cast<std::size_t>(channels), 1.0), 0};
}

} // namespace

class TestTransform : public QObject {
    Q_OBJECT
private slots:
    void resizesByHand();
    void windowIsPartOfTheWhole();
    void evaluationNormalises();
    void evaluationCropsTheMiddle();
    void channelsAreConverted();
    void resizedCropKeepsToItsRanges();
    void shiftMovesAndFlips();
    void cutOutCoversASquare();
    void drawsDependOnSeedEpochAndImage();
    void jitterStaysInRange();
    void refusesWhatMakesNoSense();
};

void TestTransform::resizesByHand()
{
    // Larger: centres at 0.25, 0.75, 1.25, 1.75 of the input; 63.75 and 191.25 between.
    QCOMPARE(row({0, 255}, 4), (Samples{0, 64, 191, 255}));
    // Half the size: a triangle over four samples, of which the edge cuts one: weights 3/7, 3/7, 1/7.
    QCOMPARE(row({70, 70, 0, 0}, 2), (Samples{60, 10}));
    QCOMPARE(row({0, 0, 0, 255}, 2), (Samples{0, 109}));
    // A third: 1/9, 2/9, 3/9, 2/9, 1/9 in the middle.
    QCOMPARE(row({0, 0, 0, 90, 180, 90, 0, 0, 0}, 3)[1], std::uint8_t{100}); // (2 × 90 + 3 × 180 + 2 × 90) / 9
    QCOMPARE(row({7, 9, 200}, 3), (Samples{7, 9, 200}));
    // Both directions: along rows first, rounded between. Planes do not mix.
    const auto out = Resizer().resized(image(2, 2, 1, {0, 255, 255, 255}).view(), 2, 4);
    QVERIFY(out == image(2, 4, 2, {0, 0, 64, 64, 191, 191, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}));
    // A constant stays what it is at any size.
    for (int w = 1; w < 40; ++w)
        QCOMPARE(row(Samples(17, 201), w), Samples(static_cast<std::size_t>(w), 201));
}

void TestTransform::windowIsPartOfTheWhole()
{
    const auto in = noise(3, 23, 31, 1);
    Resizer resizer;
    Image whole, part;
    const Rectangle from{4, 3, 25, 17};
    for (const auto& [w, h] : {std::pair{12, 40}, std::pair{25, 9}, std::pair{50, 17}}) {
        resizer.resize(in.view(), from, w, h, {0, 0, w, h}, whole);
        const Rectangle window{3, 2, w - 5, h - 4};
        resizer.resize(in.view(), from, w, h, window, part);
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < window.height; ++y)
                for (int x = 0; x < window.width; ++x)
                    QCOMPARE(part.view().plane(c)[y * window.width + x], whole.view().plane(c)[(y + 2) * w + x + 3]);
    }
    // The rectangle is cut out before it is resized: what lies around it has no say.
    Image cut(3, 17, 25);
    for (int c = 0; c < 3; ++c)
        for (int y = 0; y < 17; ++y)
            std::copy_n(in.view().plane(c) + (y + 3) * 31 + 4, 25, cut.plane(c) + y * 25);
    resizer.resize(in.view(), from, 10, 10, {0, 0, 10, 10}, part);
    QVERIFY(resizer.resized(cut.view(), 10, 10) == part);
}

void TestTransform::evaluationNormalises()
{
    const auto in = image(1, 2, 2, {0, 51, 102, 255});
    Preprocessing p{1, {0.2860}, {0.3530}, 0};
    ImageTransform t(p, std::nullopt);
    std::vector<float> out(4);
    t.apply(in.view(), 2, 0, out.data());
    for (std::size_t i = 0; i < 4; ++i) // in float32, as ToTensor and Normalize
        QCOMPARE(out[i], (static_cast<float>(in.pixels[i]) / 255.f - 0.2860f) / 0.3530f);
    out.assign(9, 0);
    t.apply(in.view(), 3, 0, out.data());
    QCOMPARE(out[4], (103.f / 255.f - 0.2860f) / 0.3530f); // the mean of four: 25.5 and 178.5 are rounded up on the way
}

void TestTransform::evaluationCropsTheMiddle()
{
    // 8 / 0.5 = 16: the shorter side stays at 16, so columns 12 to 19 of 32 and rows 4 to 11 are left.
    Preprocessing p = plain();
    p.evaluationCrop = 0.5;
    const auto in = noise(1, 16, 32, 2);
    ImageTransform t(p, std::nullopt);
    const auto out = t.pixels(in.view(), 8, 0);
    QCOMPARE(out.width, 8);
    for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 8; ++x)
            QCOMPARE(out.view().plane(0)[y * 8 + x], in.view().plane(0)[(y + 4) * 32 + x + 12]);
    // An odd rest is halved to the even side, as Python rounds: (17 - 8) / 2 = 4.5 to 4, (19 - 8) / 2 = 5.5 to 6.
    const auto odd = noise(1, 16, 19, 3);
    QCOMPARE(t.pixels(odd.view(), 8, 0).pixels[0], odd.pixels[4 * 19 + 6]);
    const auto tall = noise(1, 17, 16, 3);
    QCOMPARE(t.pixels(tall.view(), 8, 0).pixels[0], tall.pixels[4 * 16 + 4]);
    // The longer side is cut down: 16 × 33 / 32 = 16.5 to 16.
    QCOMPARE(t.pixels(noise(1, 32, 33, 4).view(), 8, 0).height, 8);
    compareText(messageOf([&] { t.pixels(noise(1, 1, 5000, 5).view(), 8, 0); }),
        "the image is too narrow to be resized by its shorter side: found 5000 x 1 pixels; allowed at most 65500 pixels for 16 of the shorter side");
}

void TestTransform::channelsAreConverted()
{
    const auto grey = image(1, 1, 1, {90}), colour = image(3, 1, 1, {100, 150, 200});
    QVERIFY(ImageTransform(plain(3), std::nullopt).pixels(grey.view(), 1, 0) == image(3, 1, 1, {90, 90, 90}));
    QVERIFY(ImageTransform(plain(1), std::nullopt).pixels(colour.view(), 1, 0) == image(1, 1, 1, {141}));
}

void TestTransform::resizedCropKeepsToItsRanges()
{
    const auto a = Augmentation::published();
    Random random(1);
    double area = 0, logAspect = 0;
    constexpr int kDraws = 4000;
    for (int i = 0; i < kDraws; ++i) {
        const auto r = drawResizedCrop(a, 400, 300, random);
        QVERIFY(r.x >= 0 && r.y >= 0 && r.width > 0 && r.height > 0 && r.x + r.width <= 400 && r.y + r.height <= 300);
        const double share = r.width * r.height / 120000.0, aspect = static_cast<double>(r.width) / r.height;
        QVERIFY(share > 0.079 && share <= 1 && aspect > 0.74 && aspect < 1.345); // sides are rounded
        area += share;
        logAspect += std::log(aspect);
    }
    // 0.54 and 0 if every draw fitted; those that do not are drawn again, and a wide image lets more wide ones pass. An
    // independent implementation of torchvision's rule gives 0.4334 and 0.0312 over 200 000 draws; four errors of the mean.
    QVERIFY2(std::abs(area / kDraws - 0.4334) < 4 * 0.25 / std::sqrt(kDraws), std::to_string(area / kDraws).c_str());
    QVERIFY2(std::abs(logAspect / kDraws - 0.0312) < 4 * 0.165 / std::sqrt(kDraws), std::to_string(logAspect / kDraws).c_str());
    // Where nothing fits, the middle with the nearest aspect that is allowed.
    int fallbacks = 0;
    for (int i = 0; i < 200; ++i)
        fallbacks += drawResizedCrop(a, 1000, 10, random) == Rectangle{493, 0, 13, 10};
    QVERIFY(fallbacks > 100);
    fallbacks = 0;
    for (int i = 0; i < 200; ++i)
        fallbacks += drawResizedCrop(a, 10, 1000, random) == Rectangle{0, 493, 10, 13};
    QVERIFY(fallbacks > 100);
}

void TestTransform::shiftMovesAndFlips()
{
    Augmentation a;
    a.crop = Augmentation::Crop::Shift;
    a.pad = 2;
    a.flip = 0.5;
    ImageTransform t(plain(), a);
    auto in = image(1, 9, 9, Samples(81, 10));
    in.pixels[3 * 9 + 3] = 200; // off the middle, so that a flip shows
    std::set<std::pair<int, int>> seen;
    for (std::uint64_t seed = 0; seed < 600; ++seed) {
        const auto& out = t.pixels(in.view(), 9, seed);
        const auto at = static_cast<int>(std::find(out.pixels.begin(), out.pixels.end(), 200) - out.pixels.begin());
        seen.emplace(at % 9, at / 9);
        const auto black = std::count(out.pixels.begin(), out.pixels.end(), 0);
        const int dy = at / 9 - 3, plainDx = at % 9 - 3, flippedDx = 8 - at % 9 - 3;
        const auto covered = [&](int dx) { return 81 - (9 - std::abs(dx)) * (9 - std::abs(dy)); };
        QVERIFY(black == covered(plainDx) || black == covered(flippedDx));
    }
    std::set<std::pair<int, int>> expected; // columns 1 to 5, and mirrored 3 to 7
    for (int x = 1; x <= 7; ++x)
        for (int y = 1; y <= 5; ++y)
            expected.emplace(x, y);
    QVERIFY(seen == expected);
    // A shift beyond the image leaves nothing, and no flip leaves the order.
    a.pad = 0;
    a.flip = 0;
    QVERIFY(ImageTransform(plain(), a).pixels(in.view(), 9, 1) == in);
    a.flip = 1;
    QCOMPARE(ImageTransform(plain(), a).pixels(in.view(), 9, 1).pixels[3 * 9 + 5], std::uint8_t{200});
    a.pad = 50;
    for (std::uint64_t seed = 0; seed < 50; ++seed)
        QCOMPARE(ImageTransform(plain(), a).pixels(in.view(), 5, seed).pixels.size(), 25u);
}

void TestTransform::cutOutCoversASquare()
{
    Augmentation a;
    a.cutout = 4;
    Preprocessing p = plain();
    p.mean = {0.2};
    ImageTransform t(p, a);
    const auto in = image(1, 10, 10, Samples(100, 255));
    std::set<std::ptrdiff_t> areas;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const auto& out = t.pixels(in.view(), 10, seed);
        areas.insert(std::count(out.pixels.begin(), out.pixels.end(), 51));
        QCOMPARE(std::count(out.pixels.begin(), out.pixels.end(), 51) + std::count(out.pixels.begin(), out.pixels.end(), 255), 100);
    }
    // The centre is in the image; 2 to 4 of the side are left of the square at the edge.
    QVERIFY(areas == (std::set<std::ptrdiff_t>{4, 6, 8, 9, 12, 16}));
}

void TestTransform::drawsDependOnSeedEpochAndImage()
{
    const auto in = noise(1, 28, 28, 9);
    ImageTransform one(plain(), Augmentation::smallGrey()), two(plain(), Augmentation::smallGrey());
    const auto reference = one.pixels(in.view(), 24, drawSeed(1, 2, 3));
    one.pixels(in.view(), 16, drawSeed(1, 2, 4)); // whatever came between
    QVERIFY(one.pixels(in.view(), 24, drawSeed(1, 2, 3)) == reference && two.pixels(in.view(), 24, drawSeed(1, 2, 3)) == reference);
    std::set<std::uint64_t> seeds;
    for (std::uint64_t s = 0; s < 10; ++s)
        for (std::uint64_t e = 0; e < 10; ++e)
            for (std::uint64_t i = 0; i < 100; ++i)
                seeds.insert(drawSeed(s, e, i));
    QCOMPARE(seeds.size(), 10000u);
    QCOMPARE(drawSeed(1, 2, 3), 7702586659592502839u);
}

void TestTransform::jitterStaysInRange()
{
    const auto in = image(3, 1, 1, {100, 100, 100}); // without colour: only brightness shows
    auto a = Augmentation::published();
    a.crop = Augmentation::Crop::None;
    ImageTransform t(plain(3), a);
    std::set<int> seen;
    for (std::uint64_t seed = 0; seed < 2000; ++seed)
        seen.insert(t.pixels(in.view(), 1, seed).pixels[0]);
    // 100 × (1 ± 32/255) = 87.45 to 112.55, cut off.
    QVERIFY(*seen.begin() == 87 && *seen.rbegin() == 112 && seen.size() == 26);
    auto red = image(3, 1, 1, {200, 0, 0}); // its grey is 60
    saturate(red, 0.5f);
    QVERIFY(red == image(3, 1, 1, {130, 30, 30}));
    saturate(red, 100);
    QVERIFY(red == image(3, 1, 1, {255, 0, 0}));
    brighten(red, 0.5f);
    QVERIFY(red == image(3, 1, 1, {127, 0, 0}));
}

void TestTransform::refusesWhatMakesNoSense()
{
    const auto refusal = [](const Preprocessing& p, std::optional<Augmentation> a = {}) { return messageOf([&] { ImageTransform(p, a); }); };
    compareText(refusal(plain()), "no error");
    auto p = plain();
    p.channels = 2;
    compareText(refusal(p), "images of so many channels cannot be made: found 2; allowed 1 or 3");
    p.channels = 3;
    compareText(refusal(p), "wrong number of means or deviations: found 1 and 1; allowed 3 each");
    p = plain();
    p.mean = {std::nan("")};
    compareText(refusal(p), "a mean is out of range: found nan; allowed 0 to 1");
    p.mean = {0.5};
    p.deviation = {0};
    compareText(refusal(p), "a deviation is out of range: found 0; allowed more than 0, up to 1");
    p = plain();
    p.evaluationCrop = 0.01;
    compareText(refusal(p), "the share of the evaluation crop is out of range: found 0.01; allowed 0, or 0.1 to 1");
    Augmentation a;
    a.minArea = -1;
    compareText(refusal(plain(), a), "the augmentation cannot be drawn: allowed areas and aspects above 0 that ascend, areas and probabilities up to 1, "
                                     "spreads up to 100, 0 to 4096 pixels");
    compareText(messageOf([] { ImageTransform(plain(), {}).pixels(noise(1, 2, 2, 1).view(), 0, 0); }), "the resolution is out of range: found 0; allowed 1 to 4096");
    QVERIFY(Preprocessing::imageNet().channels == 3 && Preprocessing::imageNet().evaluationCrop == 0.875);
    Preprocessing::imageNet().check();
}

QTEST_APPLESS_MAIN(TestTransform)
#include "tst_transform.moc"

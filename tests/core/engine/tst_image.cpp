// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "base/random.h"
#include "engine/image.h"
#include "imagefiles.h"

using namespace paretoscope;
using testing::compareText;
using testing::jpeg;
using testing::messageOf;
using testing::png;

namespace {

Image decoded(const std::string& file) { return decodeImage(asBytes(file), "f"); }

std::string message(const std::string& file, const ImageLimits& limits = {})
{
    return messageOf([&] { decodeImage(asBytes(file), "f", limits); });
}

Image image(int channels, int height, int width, std::vector<std::uint8_t> pixels)
{
    Image i(channels, height, width);
    i.pixels = std::move(pixels);
    return i;
}

const std::string kSix("\x00\x10\x20\x30\x40\xFF", 6);

} // namespace

class TestImage : public QObject {
    Q_OBJECT
private slots:
    void readsPng();
    void readsJpeg();
    void readsPnm();
    void refusesUnknownAndEmpty();
    void refusesBadPng();
    void refusesBadJpeg();
    void refusesBadPnm();
    void convertsChannels();
};

void TestImage::readsPng()
{
    QVERIFY(decoded(png(3, 2, 8, 0, kSix)) == image(1, 2, 3, {0, 16, 32, 48, 64, 255}));
    // Two pixels of colour become three planes.
    QVERIFY(decoded(png(1, 2, 8, 2, kSix)) == image(3, 2, 1, {0, 48, 16, 64, 32, 255}));
    QVERIFY(decoded(png(2, 1, 8, 3, std::string("\x01\x00", 2), kSix)) == image(3, 1, 2, {48, 0, 64, 16, 255, 32}));
    // One bit a sample: 1 is white. Rows are packed to whole bytes.
    QVERIFY(decoded(png(3, 1, 1, 0, std::string("\xA0", 1))) == image(1, 1, 3, {255, 0, 255}));
    // Transparency goes without a trace.
    QVERIFY(decoded(png(3, 1, 8, 4, kSix)) == image(1, 1, 3, {0, 32, 64}));
    QVERIFY(decoded(png(1, 1, 8, 6, kSix.substr(2, 4))) == image(3, 1, 1, {32, 48, 64}));
    // 16 bits are scaled, v / 257 rounded: 0x1000 to 16, 0xFFFF to 255.
    QVERIFY(decoded(png(2, 1, 16, 0, std::string("\x10\x00\xFF\xFF", 4))) == image(1, 1, 2, {16, 255}));
}

void TestImage::readsJpeg()
{
    // One value in a whole block is the DC coefficient alone, which quality 100 keeps exactly.
    for (const bool progressive : {false, true}) {
        QVERIFY(decoded(jpeg(8, 8, 1, std::vector<std::uint8_t>(64, 77), progressive)) == image(1, 8, 8, std::vector<std::uint8_t>(64, 77)));
        const auto grey = decoded(jpeg(9, 5, 3, std::vector<std::uint8_t>(135, 200), progressive));
        QVERIFY(grey == image(3, 5, 9, std::vector<std::uint8_t>(135, 200)));
    }
    std::vector<std::uint8_t> red;
    for (int i = 0; i < 256; ++i)
        red.insert(red.end(), {200, 40, 90});
    const auto colour = decoded(jpeg(16, 16, 3, red));
    for (int c = 0; c < 3; ++c)
        for (const auto v : std::span(colour.view().plane(c), 256))
            QVERIFY(std::abs(v - red[static_cast<std::size_t>(c)]) <= 2); // YCbCr is rounded
    // The writer marks CMYK as Adobe's, which holds the complement: 255 is no ink.
    std::vector<std::uint8_t> ink;
    for (int i = 0; i < 64; ++i)
        ink.insert(ink.end(), {255, 0, 255, 255});
    const auto magenta = decoded(jpeg(8, 8, 4, ink));
    QCOMPARE(magenta.channels, 3);
    QVERIFY(magenta.pixels[0] == 255 && magenta.pixels[64] == 0 && magenta.pixels[128] == 255);
}

void TestImage::readsPnm()
{
    const auto grey = image(1, 2, 3, {0, 16, 32, 48, 64, 255});
    QVERIFY(decoded("P5\n# made by hand\n3 2\n255\n" + kSix) == grey);
    QVERIFY(decoded("P2 3 2 # and here\n255 0 16 32\n48\t64 255") == grey);
    QVERIFY(decoded("P6 1 2 255\n" + kSix) == image(3, 2, 1, {0, 48, 16, 64, 32, 255}));
    QVERIFY(decoded("P3 1 1 255 7 8 9\n") == image(3, 1, 1, {7, 8, 9}));
    // Another largest value is scaled, rounded to the nearest: 1 of 3 is 85, 2 of 15 is 34.
    QVERIFY(decoded("P5 4 1 3\n" + std::string("\0\1\2\3", 4)) == image(1, 1, 4, {0, 85, 170, 255}));
    QVERIFY(decoded("P2 1 1 15 2") == image(1, 1, 1, {34}));
}

void TestImage::refusesUnknownAndEmpty()
{
    compareText(message({}), "f: is no image that is known: found nothing; allowed PNG, JPEG, PGM or PPM");
    compareText(message("GIF89a etc."), "f: is no image that is known: found \"GIF89a e\"; allowed PNG, JPEG, PGM or PPM");
    QTemporaryDir dir;
    const auto path = std::filesystem::path(dir.path().toStdString()) / "a.png";
    compareText(testing::without(messageOf([&] { readImage(path); }), dir.path().toStdString()), "/a.png: cannot be opened: found No such file or directory");
    writeFileAtomically(path, png(3, 2, 8, 0, kSix));
    QVERIFY(readImage(path) == image(1, 2, 3, {0, 16, 32, 48, 64, 255}));
}

void TestImage::refusesBadPng()
{
    const auto whole = png(3, 2, 8, 0, kSix);
    compareText(message(whole.substr(0, 20)), "f: the PNG image cannot be decoded: found the file ends early");
    compareText(message(whole.substr(0, whole.size() - 14)), "f: the PNG image cannot be decoded: found the file ends early");
    for (std::size_t n = 4; n < whole.size(); ++n)
        QVERIFY2(message(whole.substr(0, n)) != "no error", std::to_string(n).c_str());
    auto damaged = whole;
    damaged[20] = 3; // the width: the checksum of the header does not fit any more
    compareText(message(damaged), "f: the PNG image cannot be decoded: found IHDR: CRC error");
    compareText(message(png(3, 0, 8, 0, {})), "f: the PNG image cannot be decoded: found Invalid IHDR data");
    // 8 GB of pixels in a hundred bytes.
    compareText(message(png(65000, 65000, 16, 0, kSix)),
        "f: the PNG image declares a size that the file cannot hold: found 65000 x 65000 pixels, 8450000000 bytes; allowed a file of 65 bytes");
    compareText(message(png(100000, 1, 8, 0, kSix)), "f: the PNG image cannot be decoded: found Invalid IHDR data");
    compareText(message(whole, {65500, 5, 100}), "f: the image has a size that is not allowed: found 3 x 2 pixels; allowed 1 to 65500 a side, at most 5 together");
}

void TestImage::refusesBadJpeg()
{
    std::vector<std::uint8_t> noise;
    for (std::uint64_t i = 0; i < 3 * 40 * 40; ++i)
        noise.push_back(static_cast<std::uint8_t>(mix64(i + 1)));
    const auto whole = jpeg(40, 40, 3, noise), progressive = jpeg(40, 40, 3, noise, true);
    QCOMPARE(decoded(whole).height, 40);
    compareText(message(whole.substr(0, whole.size() / 2)), "f: the JPEG image cannot be decoded: found Premature end of JPEG file");
    compareText(message(whole.substr(0, 100)), "f: the JPEG image cannot be decoded: found Premature end of JPEG file");
    compareText(message(progressive.substr(0, progressive.size() - 2)), "f: the JPEG image cannot be decoded: found Premature end of JPEG file");
    compareText(message(progressive, {65500, 100000, 3}), "f: the JPEG image cannot be decoded: found more than 3 scans");
    compareText(message(whole, {39, 100000, 100}), "f: the image has a size that is not allowed: found 40 x 40 pixels; allowed 1 to 39 a side, at most 100000 together");
    compareText(message("\xFF\xD8 and no more"), "f: the JPEG image cannot be decoded: found Premature end of JPEG file");
}

void TestImage::refusesBadPnm()
{
    compareText(message("P4 8 1\n\x01"), "f: this kind of PNM is not supported: found P4; allowed P2, P3, P5 or P6");
    compareText(message("P5 3 2 255\n12345"), "f: the image is cut: found 5 bytes behind the header; allowed 6 samples of 1 x 2 x 3");
    compareText(message("P5 60000 60000 255\n12345"), "f: the image is cut: found 5 bytes behind the header; allowed 3600000000 samples of 1 x 60000 x 60000");
    compareText(message("P2 2 1 255 7"), "f: the image is cut: found 1 bytes behind the header; allowed 2 samples of 1 x 1 x 2");
    compareText(message("P2 2 1 255 7  "), "f: the sample is no number: found the end of the file; allowed 1 to 9 decimal digits");
    compareText(message("P5 3"), "f: the height is no number: found the end of the file; allowed 1 to 9 decimal digits");
    compareText(message("P5 -3 2 255 "), "f: the width is no number: found \"-3 2 255 \"; allowed 1 to 9 decimal digits");
    compareText(message("P5 3 2 65535 "), "f: the largest value of a sample is not supported: found 65535; allowed 1 to 255");
    compareText(message("P5 1 1 9 \x0A"), "f: a sample is larger than declared: found 10; allowed at most 9");
    compareText(message("P5 0 2 255 "), "f: the image has a size that is not allowed: found 0 x 2 pixels; allowed 1 to 65500 a side, at most 100000000 together");
    compareText(message("P5 99999999999 2 255 "), "f: the width is no number: found \"99999999999 \"; allowed 1 to 9 decimal digits");
}

void TestImage::convertsChannels()
{
    const auto colour = image(3, 1, 4, {255, 0, 0, 100, 0, 255, 0, 150, 0, 0, 255, 200});
    // 0.299, 0.587, 0.114 of 255: 76.2, 149.7, 29.1; and of (100, 150, 200): 140.75.
    QVERIFY(withChannels(colour, 1) == image(1, 1, 4, {76, 150, 29, 141}));
    QVERIFY(withChannels(image(1, 1, 2, {5, 9}), 3) == image(3, 1, 2, {5, 9, 5, 9, 5, 9}));
    QVERIFY(withChannels(colour, 3) == colour);
    compareText(messageOf([&] { withChannels(colour, 2); }), "images of so many channels cannot be made: found 2 from 3; allowed 1 or 3");
}

QTEST_APPLESS_MAIN(TestImage)
#include "tst_image.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Decoding, resizing and colour against Python's Pillow, bit for bit. Skipped where Python has none.
#include "support.h"

#include "base/file.h"
#include "engine/transform.h"

#include <QProcess>

#include <cstring>
#include <map>
#include <sstream>

using namespace paretoscope;

namespace {

/// Writes files and, for each line of `cases`, what Pillow makes of one: kind, channels, width, height, number, input.
const char* const kScript = R"(
import math, os, random, sys
from PIL import Image, ImageEnhance
folder = sys.argv[1] + '/'
random.seed(1)
cases = open(folder + 'cases', 'w')
count = 0
def save(kind, number, name, image):
    global count
    image = image if image.mode in ('L', 'RGB') else image.convert('RGB')
    planes = image.split()
    with open(folder + '%d.raw' % count, 'wb') as f:
        for p in planes:
            f.write(p.tobytes())
    cases.write('%s %d %d %d %s %s\n' % (kind, len(planes), image.width, image.height, number, name))
    count += 1
def noise(mode, w, h):
    small = Image.frombytes(mode, (w, h), bytes(random.randrange(256) for _ in range(w * h * len(Image.new(mode, (1, 1)).getbands()))))
    return small
def smooth(mode, w, h):
    return noise(mode, max(2, w // 6), max(2, h // 6)).resize((w, h), Image.BICUBIC)
files = []
def put(image, name, **options):
    image.save(folder + name, **options)
    files.append(name)
for mode in ('L', 'RGB'):
    for w, h in ((28, 28), (37, 21), (64, 90)):
        put(noise(mode, w, h), 'n%s%d.png' % (mode, w))
        put(smooth(mode, w, h), 's%s%d.jpg' % (mode, w), quality=85)
        put(smooth(mode, w, h), 'p%s%d.jpg' % (mode, w), quality=95, progressive=True, **({'subsampling': 0} if mode == 'RGB' else {}))
        put(noise(mode, w, h), 'm%s%d.%s' % (mode, w, 'pgm' if mode == 'L' else 'ppm'))
put(smooth('RGB', 40, 30).convert('CMYK'), 'cmyk.jpg', quality=95)
put(smooth('RGB', 40, 30).quantize(50), 'palette.png')
put(noise('RGBA', 20, 10), 'alpha.png')
for name in files:
    image = Image.open(folder + name)
    image.load()
    save('decode', 0, name, image)
    if image.mode == 'RGB':
        save('grey', 0, name, image.convert('L'))
    image = image if image.mode == 'L' else image.convert('RGB')
    for w, h in ((16, 16), (20, 24), (28, 28), (224, 7), (100, 130), (1, 1), (image.width, 11)):
        save('resize', 0, name, image.resize((w, h), Image.BILINEAR))
    for r in (8, 15, 24):
        side = int(math.ceil(r / 0.875))
        short, long = min(image.size), max(image.size)
        other = int(side * long / short)
        size = (side, other) if image.width <= image.height else (other, side)
        resized = image if short == side else image.resize(size, Image.BILINEAR)
        top, left = int(round((resized.height - r) / 2.0)), int(round((resized.width - r) / 2.0))
        save('evaluate', r, name, resized.crop((left, top, left + r, top + r)))
    for f in (0.0, 0.3, 0.8745, 1.0, 1.1254, 1.5, 3.7):
        save('brightness', f, name, ImageEnhance.Brightness(image).enhance(f))
        if image.mode == 'RGB':
            save('saturation', f, name, ImageEnhance.Color(image).enhance(f))
)";

bool hasPillow(QString& program)
{
    for (const char* candidate : {"python3", "/usr/bin/python3"}) {
        program = candidate;
        if (QProcess::execute(program, {"-c", "import sys\ntry:\n from PIL import Image\nexcept ImportError:\n sys.exit(1)"}) == 0)
            return true;
    }
    return false;
}

} // namespace

class TestPillow : public QObject {
    Q_OBJECT
private slots:
    void sameAsPillow();
};

void TestPillow::sameAsPillow()
{
    QString program;
    if (!hasPillow(program))
        QSKIP("NOT TESTED against Pillow: no python3 here can import PIL (apt install python3-pil)");
    QTemporaryDir dir;
    QProcess python;
    python.start(program, {"-c", QString::fromUtf8(kScript), dir.path()});
    QVERIFY(python.waitForFinished(120'000));
    QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());

    const std::filesystem::path folder(dir.path().toStdString());
    std::istringstream cases(readTextFile(folder / "cases"));
    std::string kind, name;
    int channels = 0, width = 0, height = 0, count = 0;
    double number = 0;
    std::map<std::string, int> perKind;
    for (; cases >> kind >> channels >> width >> height >> number >> name; ++count) {
        const auto raw = readFile(folder / (std::to_string(count) + ".raw"));
        Image expected(channels, height, width);
        QCOMPARE(raw.size(), expected.pixels.size());
        std::memcpy(expected.pixels.data(), raw.data(), raw.size());
        auto image = readImage(folder / name);
        if (kind == "grey")
            image = withChannels(image, 1);
        else if (kind == "resize")
            image = Resizer().resized(image.view(), width, height);
        else if (kind == "evaluate") {
            const auto c = static_cast<std::size_t>(channels);
            image = ImageTransform({channels, std::vector<double>(c, 0.5), std::vector<double>(c, 0.5), 0.875}, {}).pixels(image.view(), static_cast<int>(number), 0);
        } else if (kind == "brightness")
            brighten(image, static_cast<float>(number));
        else if (kind == "saturation")
            saturate(image, static_cast<float>(number));
        QVERIFY2(image == expected, (kind + " " + std::to_string(number) + " of " + name).c_str());
        ++perKind[kind];
    }
    QVERIFY(count > 400 && perKind.size() == 6);
}

QTEST_APPLESS_MAIN(TestPillow)
#include "tst_pillow.moc"

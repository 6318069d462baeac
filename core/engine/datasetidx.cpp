// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "base/sha256.h"
#include "engine/datasetfiles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

// Deflate cannot expand more than this; whatever declares more lies.
constexpr std::uint64_t kMaxExpansion = 1040;
constexpr std::uint64_t kMaxValues = std::uint64_t(1) << 40;

[[noreturn]] void fail(const std::string& where, std::string problem, std::string found = {}, std::string allowed = {})
{
    throw FormatError({where, std::move(problem), std::move(found), std::move(allowed)});
}

/// A file whose bytes come in order: as they stand, or out of gz.
class Stream {
public:
    Stream(ByteView bytes, const std::string& where)
        : m_in(bytes)
        , m_where(where)
        , m_gz(asText(bytes).starts_with("\x1F\x8B"))
    {
        if (m_gz && inflateInit2(&m_z, 15 + 16) != Z_OK)
            throw std::bad_alloc();
    }
    ~Stream()
    {
        if (m_gz)
            inflateEnd(&m_z);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// Up to `n` bytes; fewer only at the end. @throws FormatError where the gz data is damaged.
    std::size_t read(std::uint8_t* out, std::size_t n)
    {
        if (!m_gz) {
            n = std::min(n, m_in.size() - m_at);
            std::memcpy(out, m_in.data() + m_at, n);
            m_at += n;
            return n;
        }
        constexpr std::size_t kPiece = 1u << 30; // zlib counts in 32 bits
        std::size_t done = 0;
        while (done < n && !m_ended) {
            m_z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(m_in.data() + m_at));
            m_z.avail_in = static_cast<uInt>(std::min(kPiece, m_in.size() - m_at));
            m_z.next_out = out + done;
            m_z.avail_out = static_cast<uInt>(std::min(kPiece, n - done));
            const auto before = m_z.avail_out, given = m_z.avail_in;
            const int result = inflate(&m_z, Z_NO_FLUSH);
            m_at += given - m_z.avail_in;
            done += before - m_z.avail_out;
            if (result == Z_STREAM_END)
                m_ended = true;
            else if (result == Z_BUF_ERROR || (result == Z_OK && m_at == m_in.size() && m_z.avail_out > 0))
                fail(m_where, "the gz file is cut", fmt::format("{} bytes", m_in.size()));
            else if (result != Z_OK)
                fail(m_where, "the gz file is damaged", m_z.msg ? m_z.msg : fmt::format("zlib error {}", result));
        }
        return done;
    }

    /// Bytes that there are at most, all together.
    std::uint64_t mostBytes() const { return m_gz ? m_in.size() * kMaxExpansion : m_in.size(); }
    std::uint64_t fileBytes() const { return m_in.size(); }
    bool inputLeft() const { return m_at < m_in.size(); }

private:
    ByteView m_in;
    const std::string& m_where;
    bool m_gz;
    std::size_t m_at = 0;
    bool m_ended = false;
    z_stream m_z{};
};

std::uint32_t bigEndian(const std::uint8_t* p)
{
    return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 | static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

std::string typeName(int code)
{
    switch (code) {
    case 0x09: return "signed bytes";
    case 0x0B: return "16-bit integers";
    case 0x0C: return "32-bit integers";
    case 0x0D: return "32-bit floats";
    case 0x0E: return "64-bit floats";
    default: return fmt::format("unknown type 0x{:02X}", code);
    }
}

} // namespace

IdxArray readIdx(ByteView bytes, const std::string& where)
{
    Stream in(bytes, where);
    std::array<std::uint8_t, 4> magic{};
    if (in.read(magic.data(), 4) < 4)
        fail(where, "is cut within its header", fmt::format("{} bytes", bytes.size()), "4 or more");
    if (magic[0] != 0 || magic[1] != 0)
        fail(where, "is no IDX file", fmt::format("it begins with {:02X} {:02X}", magic[0], magic[1]), "00 00");
    if (magic[2] != 0x08)
        fail(where, "the values have a type that is not supported", typeName(magic[2]), "unsigned bytes");
    if (magic[3] < 1 || magic[3] > 4)
        fail(where, "has a wrong number of dimensions", fmt::format("{}", magic[3]), "1 to 4");

    IdxArray array;
    std::uint64_t values = 1;
    for (int d = 0; d < magic[3]; ++d) {
        std::array<std::uint8_t, 4> size{};
        if (in.read(size.data(), 4) < 4)
            fail(where, "is cut within its header", fmt::format("{} of {} sizes", d, magic[3]));
        array.sizes.push_back(bigEndian(size.data()));
        if (array.sizes.back() == 0)
            fail(where, "holds nothing", fmt::format("sizes {}", fmt::join(array.sizes, " x ")), "sizes of 1 or more");
        if (values > kMaxValues / array.sizes.back())
            values = kMaxValues + 1;
        else
            values *= array.sizes.back();
    }
    const auto sizes = fmt::format("{}", fmt::join(array.sizes, " x "));
    if (values > in.mostBytes())
        fail(where, "declares more than the file can hold", sizes + " bytes", fmt::format("a file of {} bytes", in.fileBytes()));

    // Memory grows with what has really come: a small gz file may declare a thousand times its size.
    constexpr std::size_t kFirst = 1u << 20;
    std::size_t have = 0;
    while (have < values) {
        array.values.resize(std::min<std::uint64_t>(values, std::max(kFirst, 2 * have)));
        have += in.read(array.values.data() + have, array.values.size() - have);
        if (have < array.values.size())
            fail(where, "is cut", fmt::format("{} bytes behind the header", have), fmt::format("{} bytes", sizes));
    }
    std::uint8_t beyond = 0;
    if (in.read(&beyond, 1) != 0 || in.inputLeft())
        fail(where, "goes on after the last value", {}, fmt::format("{} bytes behind the header", sizes));
    return array;
}

namespace {

const std::vector<std::string>& fashionNames()
{
    static const std::vector<std::string> names{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
        "Sneaker", "Bag", "Ankle boot"};
    return names;
}

/// Of the labels, byte after byte: training and test labels of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017).
constexpr std::array kFashionLabels{
    "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
    "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
};

/// The name of a file with images, without ".gz"; empty for any other file.
std::string imagesName(const fs::path& file)
{
    auto name = file.filename().string();
    if (name.ends_with(".gz"))
        name.resize(name.size() - 3);
    const bool images = name.ends_with("ubyte") && name.find("images") != std::string::npos
        && (name.find("idx3") != std::string::npos || name.find("idx4") != std::string::npos);
    return images ? name : std::string();
}

/// The images' name to the labels': "images" to "labels", "idx3" to "idx1".
std::string labelsName(std::string name)
{
    name.replace(name.find("images"), 6, "labels");
    const auto idx = name.find("idx");
    name[idx + 3] = '1';
    return name;
}

/// The file as it is or with ".gz". @throws FormatError when there is neither.
fs::path plainOrGz(const fs::path& folder, const std::string& name)
{
    for (const auto* ending : {"", ".gz"})
        if (fs::exists(folder / (name + ending)))
            return folder / (name + ending);
    throw FormatError({folder.string(), "the IDX data set is not whole", fmt::format("no {} or {}.gz", name, name), {}});
}

struct Part {
    std::shared_ptr<DataSet> data;
    std::string labelsHash;
    int most = 0; // the largest label
};

Part readPart(const fs::path& folder, const std::string& name)
{
    const auto imagesFile = plainOrGz(folder, name), labelsFile = plainOrGz(folder, labelsName(name));
    const auto read = [](const fs::path& file) {
        const MappedFile mapped(file);
        return readIdx(mapped.bytes(), file.string());
    };
    auto images = read(imagesFile);
    const auto labels = read(labelsFile);
    constexpr std::uint32_t kMostSide = 4096;
    if (images.sizes.size() < 3)
        fail(imagesFile.string(), "holds no images", fmt::format("{} dimensions", images.sizes.size()), "3 or 4");
    if (labels.sizes.size() != 1)
        fail(labelsFile.string(), "holds no labels", fmt::format("{} dimensions", labels.sizes.size()), "1");
    const auto channels = images.sizes.size() == 4 ? images.sizes[1] : 1;
    const auto height = images.sizes[images.sizes.size() - 2], width = images.sizes.back();
    if ((channels != 1 && channels != 3) || height > kMostSide || width > kMostSide)
        fail(imagesFile.string(), "the images have a size that is not allowed", fmt::format("{} x {} x {}", channels, height, width),
            fmt::format("1 or 3 channels of up to {} pixels a side", kMostSide));
    if (labels.sizes[0] != images.sizes[0])
        fail(labelsFile.string(), "there are not as many labels as images", fmt::format("{}", labels.sizes[0]), fmt::format("{}", images.sizes[0]));

    Part part{std::make_shared<DataSet>(), sha256(std::as_bytes(std::span(labels.values))), 0};
    part.data->format = "IDX";
    part.data->source = folder.string();
    part.data->labels.assign(labels.values.begin(), labels.values.end());
    part.most = *std::max_element(part.data->labels.begin(), part.data->labels.end());
    part.data->images = std::make_shared<PackedImages>(static_cast<int>(channels), static_cast<int>(height), static_cast<int>(width), std::move(images.values));
    return part;
}

std::vector<std::string> classNames(const fs::path& folder, const Part& train, const Part* test)
{
    const auto file = folder / "classes.txt";
    if (fs::exists(file))
        return readClassNames(file);
    for (const auto* hash : kFashionLabels)
        if (train.labelsHash == hash)
            return fashionNames();
    std::vector<std::string> digits;
    for (int c = 0; c <= std::max(train.most, test ? test->most : 0); ++c)
        digits.push_back(fmt::format("{}", c));
    return digits;
}

} // namespace

std::optional<DataSource> openIdxFolder(const fs::path& folder)
{
    std::vector<std::string> trains, tests;
    for (const auto& file : listFolder(folder)) {
        const auto name = imagesName(file);
        const bool isTest = name.find("t10k") != std::string::npos || name.find("test") != std::string::npos;
        auto& list = isTest ? tests : trains;
        if (!name.empty() && (list.empty() || list.back() != name))
            list.push_back(name);
    }
    if (trains.empty() && tests.empty())
        return std::nullopt;
    for (const auto* list : {&trains, &tests})
        if (list->size() > 1)
            fail(folder.string(), "holds more than one IDX data set", joinNames(*list, 6), "one a folder");
    if (trains.empty())
        fail(folder.string(), "the IDX data set is not whole", "no images to train on", {});
    auto train = readPart(folder, trains.front());
    std::optional<Part> test;
    if (!tests.empty())
        test = readPart(folder, tests.front());
    train.data->classNames = classNames(folder, train, test ? &*test : nullptr);
    checkLabels(*train.data, (folder / labelsName(trains.front())).string());
    if (test) {
        test->data->classNames = train.data->classNames;
        checkLabels(*test->data, (folder / labelsName(tests.front())).string());
    }
    return DataSource{train.data, test ? test->data : nullptr, {}};
}

} // namespace paretoscope

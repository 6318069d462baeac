// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/zip.h"

#include "base/error.h"

#include <zip.h>

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace paretoscope {

namespace {

// Deflate cannot expand more than this; whatever declares more lies.
constexpr std::uint64_t kMaxExpansion = 1040;

class ZipError {
public:
    ZipError() { zip_error_init(&m_error); }
    ~ZipError() { zip_error_fini(&m_error); }
    ZipError(const ZipError&) = delete;
    ZipError& operator=(const ZipError&) = delete;
    operator zip_error_t*() { return &m_error; }
    std::string text() { return zip_error_strerror(&m_error); }

private:
    zip_error_t m_error;
};

} // namespace

struct ZipReader::Archive {
    std::string where;
    std::uint64_t archiveBytes = 0;
    zip_t* zip = nullptr;
    std::vector<ZipEntry> entries;
    std::unordered_map<std::string_view, std::size_t> byName;
    std::uint64_t bytesRead = 0;

    ~Archive()
    {
        if (zip)
            zip_discard(zip);
    }

    void open(zip_source_t* source, ZipError& error)
    {
        if (source)
            zip = zip_open_from_source(source, ZIP_RDONLY, error);
        if (!zip) {
            if (source)
                zip_source_free(source);
            throw FormatError({where, "is not a whole zip archive (" + error.text() + ")", {}, {}});
        }
        const auto count = zip_get_num_entries(zip, 0);
        for (zip_int64_t i = 0; i < count; ++i) {
            zip_stat_t stat;
            zip_stat_init(&stat);
            const auto index = static_cast<zip_uint64_t>(i);
            constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
            if (zip_stat_index(zip, index, 0, &stat) != 0 || (stat.valid & kNeeded) != kNeeded)
                throw FormatError({where, fmt::format("entry {} cannot be read", i), {}, {}});
            ZipEntry e{stat.name, stat.size, stat.comp_size, stat.comp_method == ZIP_CM_STORE, index};
            if (e.compressedSize > archiveBytes || (e.stored && e.size != e.compressedSize)
                || (e.size > 0 && e.size / kMaxExpansion > e.compressedSize))
                throw FormatError({where, "entry " + quote(e.name) + " declares a size that the archive cannot hold",
                    fmt::format("{} bytes from {}", e.size, e.compressedSize),
                    fmt::format("an archive of {} bytes", archiveBytes)});
            entries.push_back(std::move(e));
        }
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (!byName.emplace(entries[i].name, i).second)
                throw FormatError({where, "two entries have the same name", quote(entries[i].name), {}});
    }
};

ZipReader::ZipReader(const std::filesystem::path& path)
    : m_archive(std::make_unique<Archive>())
{
    m_archive->where = path.string();
    {
        const MappedFile probe(path); // the system's reason when the file cannot be opened
        m_archive->archiveBytes = probe.bytes().size();
    }
    ZipError error;
    m_archive->open(zip_source_file_create(path.c_str(), 0, -1, error), error);
}

ZipReader::ZipReader(ByteView bytes, std::string where)
    : m_archive(std::make_unique<Archive>())
{
    m_archive->where = std::move(where);
    m_archive->archiveBytes = bytes.size();
    ZipError error;
    m_archive->open(zip_source_buffer_create(bytes.data(), bytes.size(), 0, error), error);
}

ZipReader::~ZipReader() = default;

const std::vector<ZipEntry>& ZipReader::entries() const { return m_archive->entries; }

const ZipEntry* ZipReader::find(std::string_view name) const
{
    const auto it = m_archive->byName.find(name);
    return it == m_archive->byName.end() ? nullptr : &m_archive->entries[it->second];
}

Bytes ZipReader::read(const ZipEntry& entry) const
{
    const auto& a = *m_archive;
    const std::string where = a.where + ": " + entry.name;
    // Entries may overlap in a hostile archive, each of them plausible alone.
    m_archive->bytesRead += entry.size;
    if (a.bytesRead / kMaxExpansion > a.archiveBytes || (entry.stored && a.bytesRead > a.archiveBytes * kMaxExpansion))
        throw FormatError({a.where, "its entries together declare more than the archive can hold",
            fmt::format("{} bytes", a.bytesRead), fmt::format("an archive of {} bytes", a.archiveBytes)});
    zip_file_t* file = zip_fopen_index(a.zip, entry.index, 0);
    if (!file)
        throw FormatError({where, std::string("cannot be read (") + zip_strerror(a.zip) + ")", {}, {}});
    Bytes content(entry.size);
    std::uint64_t done = 0;
    std::string problem;
    while (done < entry.size) {
        const auto n = zip_fread(file, content.data() + done, entry.size - done);
        if (n <= 0) {
            problem = n < 0 ? zip_file_strerror(file) : "it ends early";
            break;
        }
        done += static_cast<std::uint64_t>(n);
    }
    if (problem.empty()) {
        // One read beyond the end makes libzip compare the checksum, and shows content beyond the declared size.
        std::byte beyond;
        if (const auto n = zip_fread(file, &beyond, 1); n != 0)
            problem = n < 0 ? zip_file_strerror(file) : "it is longer than declared";
    }
    zip_fclose(file);
    if (!problem.empty())
        throw FormatError({where, "cannot be read (" + problem + ")", {}, {}});
    return content;
}

Bytes makeZip(const std::vector<ZipInput>& inputs)
{
    ZipError error;
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, error);
    zip_t* zip = target ? zip_open_from_source(target, ZIP_TRUNCATE, error) : nullptr;
    if (!zip) {
        if (target)
            zip_source_free(target);
        throw IoError({"zip", "cannot be made (" + error.text() + ")", {}, {}});
    }
    zip_source_keep(target);
    const auto fail = [&] {
        const std::string text = zip_strerror(zip);
        zip_discard(zip);
        zip_source_free(target);
        throw IoError({"zip", "cannot be made (" + text + ")", {}, {}});
    };
    constexpr zip_uint16_t kDosDate1980 = (0 << 9) | (1 << 5) | 1;
    for (const auto& in : inputs) {
        zip_source_t* source = zip_source_buffer(zip, in.content.data(), in.content.size(), 0);
        const auto index = source ? zip_file_add(zip, in.name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
        if (index < 0) {
            if (source)
                zip_source_free(source);
            fail();
        }
        const auto at = static_cast<zip_uint64_t>(index);
        if (zip_set_file_compression(zip, at, in.compress ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) != 0
            || zip_file_set_dostime(zip, at, 0, kDosDate1980, 0) != 0)
            fail();
    }
    if (zip_close(zip) != 0)
        fail();
    Bytes content;
    if (zip_source_open(target) == 0) {
        zip_source_seek(target, 0, SEEK_END);
        content.resize(static_cast<std::size_t>(std::max<zip_int64_t>(0, zip_source_tell(target))));
        zip_source_seek(target, 0, SEEK_SET);
        const auto n = zip_source_read(target, content.data(), content.size());
        if (n < 0 || static_cast<std::size_t>(n) != content.size())
            content.clear();
        zip_source_close(target);
    }
    zip_source_free(target);
    if (content.empty() && !inputs.empty())
        throw IoError({"zip", "cannot be made (out of memory)", {}, {}});
    return content;
}

bool isSafeRelativePath(std::string_view name)
{
    if (name.empty() || name.front() == '/' || name.size() > 255)
        return false;
    for (const char c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == ':')
            return false;
    std::size_t begin = 0;
    while (begin <= name.size()) {
        const auto end = std::min(name.find('/', begin), name.size());
        const auto part = name.substr(begin, end - begin);
        if (part.empty() || part == "." || part == "..")
            return false;
        begin = end + 1;
    }
    return true;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr int kMostLinks = 40; // one after the other, as Linux has it

[[noreturn]] void failIo(const fs::path& path, const char* problem, int error)
{
    throw IoError({path.string(), problem, std::generic_category().message(error), {}});
}

class Descriptor {
public:
    /// `shown` is the path that the user knows.
    Descriptor(const fs::path& path, int flags, const fs::path& shown, const char* problem)
        : m_fd(::open(path.c_str(), flags | O_CLOEXEC, 0666))
    {
        if (m_fd < 0)
            failIo(shown, problem, errno);
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator int() const { return m_fd; }
    int close() { return ::close(std::exchange(m_fd, -1)); }

private:
    int m_fd;
};

std::size_t sizeOf(const fs::path& path, int fd)
{
    struct stat info { };
    if (::fstat(fd, &info) != 0)
        failIo(path, "cannot be read", errno);
    if (S_ISDIR(info.st_mode))
        failIo(path, "cannot be read", EISDIR);
    if (!S_ISREG(info.st_mode))
        throw IoError({path.string(), "is not a regular file", {}, {}});
    return static_cast<std::size_t>(info.st_size);
}

fs::path besideName(const fs::path& path)
{
    static std::atomic<unsigned> counter{0};
    return path.parent_path() / fmt::format(".{}.{}-{}.part", path.filename().string(), ::getpid(), counter++);
}

} // namespace

MappedFile::MappedFile(const fs::path& path)
    : m_path(path)
{
    const Descriptor fd(path, O_RDONLY, path, "cannot be opened");
    const auto size = sizeOf(path, fd);
    if (size == 0)
        return;
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (address == MAP_FAILED)
        failIo(path, "cannot be mapped", errno);
    m_bytes = {static_cast<const std::byte*>(address), size};
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
}

Bytes readFile(const fs::path& path, std::size_t atMostBytes)
{
    const Descriptor fd(path, O_RDONLY, path, "cannot be opened");
    const auto size = sizeOf(path, fd);
    if (size > atMostBytes)
        throw IoError({path.string(), "is too large", fmt::format("{} bytes", size), fmt::format("at most {}", atMostBytes)});
    Bytes content(size);
    std::size_t done = 0;
    while (done < size) {
        const auto n = ::read(fd, content.data() + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            failIo(path, "cannot be read", errno);
        if (n == 0)
            break;
        done += static_cast<std::size_t>(n);
    }
    content.resize(done);
    return content;
}

std::string readTextFile(const fs::path& path, std::size_t atMostBytes)
{
    const auto bytes = readFile(path, atMostBytes);
    return std::string(asText(bytes));
}

void writeFileAtomically(const fs::path& target, ByteView content)
{
    // What a link points to is written, not the link; a device or a pipe would be replaced by a file.
    std::error_code error;
    auto path = target;
    for (int links = 0; links < kMostLinks && fs::is_symlink(fs::symlink_status(path, error)); ++links)
        path = path.parent_path() / fs::read_symlink(path, error);
    if (const auto status = fs::status(path, error); fs::exists(status) && !fs::is_regular_file(status))
        throw IoError({target.string(), "cannot be written", fs::is_directory(status) ? "Is a directory" : "not a regular file", "a file"});
    const auto part = besideName(path);
    try {
        Descriptor fd(part, O_WRONLY | O_CREAT | O_EXCL, path, "cannot be written");
        std::size_t done = 0;
        while (done < content.size()) {
            const auto n = ::write(fd, content.data() + done, content.size() - done);
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                failIo(path, "cannot be written", errno);
            done += static_cast<std::size_t>(n);
        }
        if (::fsync(fd) != 0 || fd.close() != 0)
            failIo(path, "cannot be written", errno);
        if (::rename(part.c_str(), path.c_str()) != 0)
            failIo(path, "cannot be written", errno);
    } catch (...) {
        ::unlink(part.c_str());
        throw;
    }
}

void writeFileAtomically(const fs::path& path, std::string_view text) { writeFileAtomically(path, asBytes(text)); }

StagedFolder::StagedFolder(fs::path target)
    : m_target(std::move(target))
{
    if (m_target.filename().empty())
        m_target = m_target.parent_path();
    m_target = fs::absolute(m_target);
    std::error_code error;
    if (fs::exists(m_target, error) && !(fs::is_directory(m_target, error) && fs::is_empty(m_target, error)))
        throw ValueError({m_target.string(), "exists already and is not empty", {}, "a new name or an empty folder"});
    m_path = besideName(m_target);
    for (auto parent = m_target.parent_path(); !fs::exists(parent, error) && parent.has_relative_path(); parent = parent.parent_path())
        m_madeParents.push_back(parent);
    fs::create_directories(m_path, error);
    if (error)
        failIo(m_target, "cannot be made", error.value());
}

StagedFolder::~StagedFolder()
{
    if (m_path.empty())
        return;
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
    for (const auto& parent : m_madeParents) // innermost first; one that holds something else by now stays
        fs::remove(parent, ignored);
}

void StagedFolder::commit()
{
    // rename(2) replaces an empty folder in one step.
    if (::rename(m_path.c_str(), m_target.c_str()) != 0)
        failIo(m_target, "cannot be written", errno);
    m_path.clear();
}

std::vector<fs::path> listFolder(const fs::path& folder)
{
    std::error_code error;
    std::vector<fs::path> names;
    for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error))
        names.push_back(it->path());
    if (error)
        failIo(folder, "cannot be read", error.value());
    std::sort(names.begin(), names.end());
    return names;
}

fs::path libraryFolder()
{
    Dl_info info{};
    static const char here = 0;
    if (dladdr(&here, &info) == 0 || !info.dli_fname)
        return {};
    std::error_code error;
    const auto path = fs::canonical(info.dli_fname, error);
    return error ? fs::path() : path.parent_path();
}

} // namespace paretoscope

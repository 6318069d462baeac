// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/meter.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace paretoscope {

namespace {

constexpr std::array<std::string_view, 5> kComponents{"cpu", "dram", "gpu", "ram", "box"};
constexpr std::size_t kMostOfAFile = 4u << 20; // /proc/cpuinfo of 1024 threads is 1.5 MB

class SystemFiles final : public FileSource {
public:
    FileText read(const std::filesystem::path& path) override
    {
        FileText result;
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            result.error = errno;
            return result;
        }
        std::array<char, 16384> buffer;
        for (;;) {
            const auto n = ::read(fd, buffer.data(), buffer.size());
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                result.error = errno;
            if (n <= 0 || result.text.size() > kMostOfAFile)
                break;
            result.text.append(buffer.data(), static_cast<std::size_t>(n));
        }
        ::close(fd);
        return result;
    }

    std::vector<std::string> list(const std::filesystem::path& folder) override
    {
        std::vector<std::string> names;
        std::error_code error;
        for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
            names.push_back(it->path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }
};

class SystemClock final : public Clock {
public:
    double monotonicS() override { return seconds(CLOCK_MONOTONIC); }
    double bootS() override { return seconds(CLOCK_BOOTTIME); }
    double unixS() override { return seconds(CLOCK_REALTIME); }

private:
    static double seconds(clockid_t id)
    {
        timespec t{};
        clock_gettime(id, &t);
        return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
    }
};

} // namespace

std::string_view name(Component component) { return kComponents[static_cast<std::size_t>(component)]; }

Component componentFromName(std::string_view text, const std::string& where)
{
    for (std::size_t i = 0; i < kComponents.size(); ++i)
        if (kComponents[i] == text)
            return static_cast<Component>(i);
    throw ValueError({where, "unknown component", quote(text),
        joinNames(std::vector<std::string>(kComponents.begin(), kComponents.end()))});
}

std::shared_ptr<FileSource> systemFiles() { return std::make_shared<SystemFiles>(); }
std::shared_ptr<Clock> systemClock() { return std::make_shared<SystemClock>(); }

std::string readTrimmed(FileSource& files, const std::filesystem::path& path)
{
    auto file = files.read(path);
    if (file.error)
        return {};
    const auto begin = file.text.find_first_not_of(" \t\r\n"), end = file.text.find_last_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string() : file.text.substr(begin, end - begin + 1);
}

std::optional<std::uint64_t> readNumber(FileSource& files, const std::filesystem::path& path)
{
    const auto text = readTrimmed(files, path);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

Estimate meterBand(double value, double factor, Kind kind, std::string source)
{
    return {value, value / factor, value * factor, kind, std::move(source)};
}

Estimate userValue(double value, std::string source) { return {value, value, value, Kind::User, std::move(source)}; }

Estimate meterScaled(Estimate e, double factor)
{
    e.value *= factor;
    if (e.low)
        *e.low *= factor;
    if (e.high)
        *e.high *= factor;
    return e;
}

namespace {

// How far a side lies from the value, as a logarithm; nothing where no error is known.
std::optional<double> logSide(const Estimate& e, const std::optional<double>& side)
{
    if (!side)
        return e.kind == Kind::User ? std::optional<double>(0.0) : std::nullopt;
    if (e.value <= 0 || *side <= 0)
        return *side == e.value ? std::optional<double>(0.0) : std::nullopt;
    return std::abs(std::log(*side / e.value));
}

std::string both(const std::string& a, const std::string& b) { return a.empty() ? b : b.empty() || a == b ? a : a + "; " + b; }

} // namespace

Estimate meterProduct(const Estimate& a, const Estimate& b)
{
    Estimate e{a.value * b.value, {}, {}, worse(a.kind, b.kind), both(a.source, b.source)};
    if (e.value == 0) {
        e.low = a.low && b.low ? std::optional<double>(*a.low * *b.low) : std::nullopt;
        e.high = a.high && b.high ? std::optional<double>(*a.high * *b.high) : std::nullopt;
        return e;
    }
    const auto lowA = logSide(a, a.low), lowB = logSide(b, b.low), highA = logSide(a, a.high), highB = logSide(b, b.high);
    if (lowA && lowB)
        e.low = e.value * std::exp(-std::hypot(*lowA, *lowB));
    if (highA && highB)
        e.high = e.value * std::exp(std::hypot(*highA, *highB));
    return e;
}

Estimate meterSum(const std::vector<Estimate>& items)
{
    Estimate e{0, {}, {}, Kind::Measured, {}};
    double low = 0, high = 0;
    bool known = true;
    for (const auto& item : items) {
        e.value += item.value;
        e.kind = worse(e.kind, item.kind);
        if (e.source.find(item.source) == std::string::npos)
            e.source = both(e.source, item.source);
        known = known && ((item.low && item.high) || item.kind == Kind::User);
        low = std::hypot(low, item.value - item.low.value_or(item.value));
        high = std::hypot(high, item.high.value_or(item.value) - item.value);
    }
    if (known && !items.empty()) {
        e.low = e.value - low;
        e.high = e.value + high;
    }
    return e;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workers/deviceimporter.h"

#include "base/file.h"
#include "bundle/identify.h"
#include "bundle/import.h"
#include "device/devicefit.h"

#include <QFileInfo>
#include <QMetaObject>

#include <algorithm>
#include <cctype>

namespace paretoscope::desktop {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostSiblings = 1000; // a folder of a thousand files is no table

/// "160_lookup_table.yaml" → "_lookup_table.yaml"; empty where no number stands in front.
std::string behindNumber(const std::string& name)
{
    const auto at = std::find_if_not(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); });
    return at == name.begin() || at == name.end() || (*at != '_' && *at != '.') ? std::string() : std::string(at, name.end());
}

std::string nameOf(const fs::path& path) { return (path.filename().empty() ? path.parent_path().filename() : path.stem()).string(); }

bool isDeviceFile(const fs::path& path)
{
    std::error_code ignored;
    if (path.extension() != ".json" || fs::is_directory(path, ignored))
        return false;
    const auto json = readJsonFile(path);
    return json.is_object() && json.contains("schema");
}

std::string resolutionsOf(const std::vector<int>& resolutions)
{
    std::vector<std::string> names;
    for (const int r : resolutions)
        names.push_back(std::to_string(r));
    return joinNames(names);
}

DeviceProblem problemOf(const QString& path, const Error& e)
{
    const auto file = QFileInfo(path).fileName();
    DeviceProblem p{DeviceImporter::tr("%1 was not imported").arg(file), {}, {}, QString::fromUtf8(e.what())};
    const auto unchanged = DeviceImporter::tr("The devices are as they were.");
    if (dynamic_cast<const IoError*>(&e)) {
        p.means = DeviceImporter::tr("The file could not be read. %1").arg(unchanged);
        p.todo = DeviceImporter::tr("See that it is there and that you may read it.");
    } else if (dynamic_cast<const ValueError*>(&e)) {
        p.means = DeviceImporter::tr("It does not say what is needed for nets of this bundle: it is for another space, or a part of it is missing. %1").arg(unchanged);
        p.todo = DeviceImporter::tr("Open the bundle of the space that it was measured for, or get the whole of it.");
    } else {
        p.means = DeviceImporter::tr("It is no latency table, device file or list of measured nets, or it is damaged. %1").arg(unchanged);
        p.todo = DeviceImporter::tr("Choose a table of block latencies (YAML or JSON), a device file (JSON) or measured nets (CSV with ks, e, d, r, latency_ms).");
        try {
            if (const auto info = identify(path.toStdString()); info.kind != "device" && info.kind != "latency-table" && info.kind != "samples")
                p.means = DeviceImporter::tr("It is something else: %1. %2").arg(QString::fromStdString(info.summary), unchanged);
        } catch (const std::exception&) { // nothing that we know: as said
        }
    }
    return p;
}

DeviceProblem keepingFailed(const QString& what, const std::exception& e)
{
    return {what, DeviceImporter::tr("The devices are as they were."), DeviceImporter::tr("Make room on the disk, and see that you may write to %1.").arg(QString::fromStdString(importedDevicesFolder().string())), QString::fromUtf8(e.what())};
}

} // namespace

fs::path DeviceImporter::wholeTable(const fs::path& path)
{
    std::error_code ignored;
    const auto tail = behindNumber(path.filename().string());
    if (tail.empty() || path.extension() == ".csv" || fs::is_directory(path, ignored))
        return path;
    std::size_t alike = 0, others = 0;
    for (fs::directory_iterator it(path.parent_path().empty() ? "." : path.parent_path(), ignored), end; it != end && alike + others < kMostSiblings; it.increment(ignored)) {
        const auto t = behindNumber(it->path().filename().string());
        (t == tail ? alike : others) += !t.empty();
    }
    // Files with a number in front that are named in another way would be taken for a part of it.
    return alike > 1 && others == 0 && alike < kMostSiblings ? path.parent_path() : path;
}

ReadDevice DeviceImporter::readNow(const fs::path& asked, const Bundle& bundle, const OnStep& onStep)
{
    ReadDevice read;
    const auto path = wholeTable(asked);
    read.path = path.string();
    reportStep(onStep, "read", 0);
    if (path.extension() == ".csv") {
        const auto rows = readMeasurements(path, bundle.space());
        DeviceFitOptions options;
        options.onStep = onStep;
        auto fit = fitMeasurements(rows, bundle.parts, 1, options);
        read.device = deviceOf(fit, nameOf(path), bundle.parts);
        read.device.source = "model fitted to " + path.filename().string();
        read.format = ReadDevice::Format::Measurements;
        read.entries = rows.size();
    } else {
        const bool file = isDeviceFile(path);
        if (!file) {
            const auto table = readLatencyTable(path);
            read.format = table.grammar == TableGrammar::Ofa ? ReadDevice::Format::OfaTable : ReadDevice::Format::LayersTable;
            read.files = table.files.size();
            read.entries = table.size();
            reportStep(onStep, "check", 0.5);
        }
        ImportRequest request; // takes a phone for one, by its name
        request.space = bundle.space();
        request.latencies = {{path, file ? std::string() : nameOf(path)}};
        read.device = importFiles(request).bundle.devices.front();
    }
    reportStep(onStep, "energy", 0.9);
    read.usable = usableResolutions(bundle, read.device);
    if (read.usable.empty())
        throw ValueError({path.string(), "the accuracy predictor of the bundle knows none of its resolutions", resolutionsOf(read.device.resolutions()), resolutionsOf(bundle.predictor()->resolutions())});
    for (const int r : bundle.space().resolutions)
        if (std::find(read.device.resolutions().begin(), read.device.resolutions().end(), r) == read.device.resolutions().end())
            read.missing.push_back(r);
    read.energy = energyOf(read.device);
    return read;
}

DeviceImporter::DeviceImporter(QObject* parent)
    : QObject(parent)
    , m_thread([this](const std::stop_token& stop) { work(stop); })
{
}

DeviceImporter::~DeviceImporter() { ++m_reading; } // the thread is told to stop and waited for

void DeviceImporter::enqueue(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_waiting.notify_one();
}

void DeviceImporter::work(const std::stop_token& stop)
{
    while (true) {
        std::unique_lock lock(m_mutex);
        if (!m_waiting.wait(lock, stop, [this] { return !m_jobs.empty(); }) || stop.stop_requested())
            return;
        const auto job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job(stop);
    }
}

/// What is posted to an object that is gone is dropped by Qt.
template <typename F> void DeviceImporter::post(F f) { QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection); }

void DeviceImporter::list(std::shared_ptr<const Bundle> bundle)
{
    enqueue([this, bundle = std::move(bundle), run = ++m_listing](const std::stop_token&) {
        auto listing = std::make_shared<DeviceListing>();
        try {
            *listing = listDevices(*bundle);
        } catch (const std::exception& e) { // nothing that is thrown may leave the thread
            listing->problems.emplace_back(e.what());
        }
        post([this, run, listing] {
            if (run == m_listing)
                emit listed(listing);
        });
    });
}

void DeviceImporter::read(const QString& path, std::shared_ptr<const Bundle> bundle)
{
    const auto run = ++m_reading;
    enqueue([this, path, run, bundle = std::move(bundle)](const std::stop_token& stop) {
        const auto answer = [&](auto f) {
            post([this, run, f] {
                if (run == m_reading)
                    f();
            });
        };
        try {
            const auto found = std::make_shared<const ReadDevice>(readNow(path.toStdString(), *bundle, [&](const std::string& step, double share) {
                answer([this, text = QString::fromStdString(step), share] { emit progressed(text, share); });
                return !stop.stop_requested() && run == m_reading;
            }));
            answer([this, found] { emit readFinished(found); });
        } catch (const Cancelled&) {
        } catch (const Error& e) {
            answer([this, problem = problemOf(path, e)] { emit readFailed(problem); });
        } catch (const std::exception& e) {
            answer([this, problem = problemOf(path, FormatError({path.toStdString(), e.what(), {}, {}}))] { emit readFailed(problem); });
        }
    });
}

void DeviceImporter::cancelReading() { ++m_reading; }

void DeviceImporter::describeEnergy(const Device& device)
{
    enqueue([this, device](const std::stop_token&) {
        DeviceEnergy energy;
        try {
            energy = energyOf(device);
        } catch (const std::exception& e) {
            energy.reason = e.what();
        }
        post([this, energy] { emit energyDescribed(energy); });
    });
}

void DeviceImporter::store(const Device& device, std::shared_ptr<const Bundle> bundle)
{
    enqueue([this, device = Device(device), bundle = std::move(bundle)](const std::stop_token&) mutable {
        try {
            device.id = freeDeviceId(*bundle, idFromName(device.title));
            storeDevice(device);
            post([this, id = QString::fromStdString(device.id)] { emit stored(id); });
        } catch (const std::exception& e) {
            post([this, problem = keepingFailed(tr("%1 could not be kept").arg(QString::fromStdString(device.title)), e)] { emit failed(problem); });
        }
    });
}

void DeviceImporter::remove(const QString& id)
{
    enqueue([this, id](const std::stop_token&) {
        try {
            const auto file = importedDeviceFile(id.toStdString());
            auto text = readTextFile(file);
            std::error_code error;
            if (!fs::remove(file, error))
                throw IoError({file.string(), "cannot be removed (" + error.message() + ")", {}, {}});
            m_removed = {id.toStdString(), std::move(text)};
            post([this, id] { emit removed(id); });
        } catch (const std::exception& e) {
            post([this, problem = keepingFailed(tr("The device could not be removed"), e)] { emit failed(problem); });
        }
    });
}

void DeviceImporter::restore()
{
    enqueue([this](const std::stop_token&) {
        if (!m_removed)
            return;
        try {
            writeFileAtomically(importedDeviceFile(m_removed->first), std::string_view(m_removed->second));
            post([this, id = QString::fromStdString(m_removed->first)] { emit stored(id); });
            m_removed.reset();
        } catch (const std::exception& e) {
            post([this, problem = keepingFailed(tr("The device could not be put back"), e)] { emit failed(problem); });
        }
    });
}

} // namespace paretoscope::desktop

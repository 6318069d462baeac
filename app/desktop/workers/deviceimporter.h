// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lists devices, reads tables and device files and keeps what was imported, off the GUI thread and one after the other.
#pragma once

#include "base/progress.h"
#include "carbon/deviceenergy.h"
#include "state/devicelibrary.h"

#include <QObject>
#include <QString>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace paretoscope::desktop {

/// What a file was found to be, before anything is kept of it.
struct ReadDevice {
    enum class Format { DeviceFile, OfaTable, LayersTable, Measurements };
    Device device;
    Format format = Format::DeviceFile;
    std::string path;        // of the file, or of the folder where a table has a file a resolution
    std::size_t files = 1;
    std::size_t entries = 0; // blocks of a table, or nets that were measured; 0 for a device file
    std::vector<int> usable;  // resolutions that the bundle's predictor knows, too
    std::vector<int> missing; // resolutions of the space that it says nothing of
    DeviceEnergy energy;
};

struct DeviceProblem {
    QString what, means, todo;
    QString details; // as the core has said it, in English
};

class DeviceImporter : public QObject {
    Q_OBJECT
public:
    explicit DeviceImporter(QObject* parent = nullptr);
    ~DeviceImporter() override;

    void list(std::shared_ptr<const Bundle> bundle);
    /// A device file, a latency table (file, folder, or one file of such a folder) or a CSV of measured nets, for the
    /// bundle's space. The last one asked for is answered.
    void read(const QString& path, std::shared_ptr<const Bundle> bundle);
    void cancelReading();
    /// Energy of the same device under another name or supply.
    void describeEnergy(const Device& device);
    /// Keeps it under an id of its own, made from the title.
    void store(const Device& device, std::shared_ptr<const Bundle> bundle);
    void remove(const QString& id);
    /// Puts back what was removed last.
    void restore();

    /// The folder of a table of which this is the file of one resolution; else the path itself.
    static std::filesystem::path wholeTable(const std::filesystem::path& path);
    /// @throws Error; Cancelled
    static ReadDevice readNow(const std::filesystem::path& path, const Bundle& bundle, const OnStep& onStep = {});

signals:
    void listed(std::shared_ptr<const paretoscope::desktop::DeviceListing> listing);
    void progressed(const QString& step, double share);
    void readFinished(std::shared_ptr<const paretoscope::desktop::ReadDevice> read);
    void readFailed(const paretoscope::desktop::DeviceProblem& problem);
    void energyDescribed(const paretoscope::DeviceEnergy& energy);
    void stored(const QString& id);
    void removed(const QString& id);
    /// To keep, to remove or to put back.
    void failed(const paretoscope::desktop::DeviceProblem& problem);

private:
    using Job = std::function<void(const std::stop_token&)>;
    void enqueue(Job job);
    void work(const std::stop_token& stop);
    template <typename F> void post(F f);

    std::mutex m_mutex;
    std::condition_variable_any m_waiting;
    std::deque<Job> m_jobs;
    std::atomic<std::uint64_t> m_reading = 0; // number of the reading that is waited for
    std::uint64_t m_listing = 0;              // GUI thread
    std::optional<std::pair<std::string, std::string>> m_removed; // id and content; the worker's
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens bundles and makes worlds off the GUI thread, with steps, and can be stopped.
#pragma once

#include "state/table.h"

#include <QObject>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace paretoscope::desktop {

/// What was opened: a world of the bundle's first device (or those asked for), and a cloud of its subnets.
struct Opened {
    std::string from;    // path or id of the bundle, as asked
    std::string session; // path of the session, where one was opened
    std::shared_ptr<const World> world;
    std::shared_ptr<const Table> cloud;
    Question question;
};

class Loader : public QObject {
    Q_OBJECT
public:
    explicit Loader(QObject* parent = nullptr);
    ~Loader() override;

    /// A bundle by path or id, or a session with its bundle. What is loading already is stopped. Without a question the bundle's own beginning: its
    /// first device, no limits.
    void open(const std::string& pathOrId, const std::optional<Question>& question = {});
    /// The same bundle on other devices or another grid.
    void rebuild(std::shared_ptr<const Bundle> bundle, const std::string& from, const Question& question);
    void cancel();
    /// The grid that a bundle begins with where no question is given; as GridBook::find.
    void setStandardGrid(const std::string& grid) { m_standardGrid = grid; }
    bool busy() const { return m_busy; }

    static constexpr std::size_t kCloud = 10'000;

signals:
    /// `share` from 0 to 1.
    void progressed(const QString& step, double share);
    void opened(std::shared_ptr<const paretoscope::desktop::Opened> opened);
    void failed(const QString& what, const QString& message);
    void cancelled();

private:
    using Work = std::function<std::shared_ptr<const Opened>(const OnStep&)>;
    void openSession(const std::string& path);
    void start(const QString& what, Work work);

    std::jthread m_thread;
    std::uint64_t m_run = 0; // GUI thread
    bool m_busy = false;
    std::string m_standardGrid = CarbonAssumptions().grid;
};

/// Devices by id or path, as findDevice. @throws ValueError naming those that there are.
std::vector<Device> devicesOf(const Bundle& bundle, const std::vector<std::string>& ids);
/// Ids and titles, as listDevices.
std::vector<std::pair<std::string, std::string>> deviceChoices(const Bundle& bundle);

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workers/loader.h"

#include "bundle/shipped.h"
#include "state/devicelibrary.h"
#include "state/session.h"

#include <QMetaObject>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr double kReadShare = 0.7; // of the time of opening

void requireNotStopped(const std::stop_token& stop)
{
    if (stop.stop_requested())
        throw Cancelled();
}

std::shared_ptr<const Opened> openedOf(const std::string& from, std::shared_ptr<const Bundle> bundle, Question question, const OnStep& onStep)
{
    auto opened = std::make_shared<Opened>();
    opened->from = from;
    reportStep(onStep, "predictors", kReadShare);
    const auto devices = devicesOf(*bundle, question.devices);
    opened->world = makeWorld(std::move(bundle), devices, question.carbon);
    reportStep(onStep, "sample", 0.8);
    const auto subnets = cloudOf(*opened->world, Loader::kCloud, 1);
    reportStep(onStep, "evaluate", 0.9);
    opened->cloud = std::make_shared<const Table>(tabulate(*opened->world, subnets));
    // Without a latency the first thing that costs something is shown.
    if (!opened->world->knows({question.axes.x, 0}))
        question.axes.x = Metric::Macs;
    opened->question = std::move(question);
    return opened;
}

/// What a bundle is opened with: its own first device, else the first of the catalogue that fits.
Question beginning(const Bundle& bundle, const std::string& grid)
{
    Question q;
    q.carbon.grid = grid;
    if (const auto choices = deviceChoices(bundle); !choices.empty())
        q.devices = {choices.front().first};
    return q;
}

} // namespace

std::vector<Device> devicesOf(const Bundle& bundle, const std::vector<std::string>& ids)
{
    std::vector<Device> devices;
    for (const auto& id : ids)
        devices.push_back(findDevice(bundle, id));
    return devices;
}

std::vector<std::pair<std::string, std::string>> deviceChoices(const Bundle& bundle)
{
    std::vector<std::pair<std::string, std::string>> choices;
    for (const auto& listed : listDevices(bundle).devices)
        choices.emplace_back(listed.device.id, listed.device.title);
    return choices;
}

Loader::Loader(QObject* parent)
    : QObject(parent)
{
}

Loader::~Loader() = default; // the thread is told to stop and waited for

void Loader::open(const std::string& pathOrId, const std::optional<Question>& question)
{
    if (pathOrId.ends_with(kSessionSuffix))
        return openSession(pathOrId);
    start(QString::fromStdString(pathOrId), [pathOrId, question, grid = m_standardGrid](const OnStep& onStep) {
        auto bundle = std::make_shared<const Bundle>(openBundle(findBundle(pathOrId), [&](const std::string& step, double share) { return !onStep || onStep(step, kReadShare * share); }));
        const auto asked = question.value_or(beginning(*bundle, grid));
        return openedOf(pathOrId, std::move(bundle), asked, onStep);
    });
}

void Loader::openSession(const std::string& path)
{
    start(QString::fromStdString(path), [path](const OnStep& onStep) {
        reportStep(onStep, "session", 0);
        const auto json = readJsonFile(path);
        const JsonView view(json, path);
        const auto head = sessionHead(view);
        auto bundle = std::make_shared<const Bundle>(openBundle(findBundle(head.bundle), [&](const std::string& step, double share) { return !onStep || onStep(step, kReadShare * share); }));
        if (bundle->id != head.bundleId)
            throw ValueError({head.bundle, "the session belongs to another bundle", quote(bundle->id), quote(head.bundleId)});
        const auto question = sessionFromJson(view, bundle->space()).question;
        const auto opened = std::make_shared<Opened>(*openedOf(head.bundle, std::move(bundle), question, onStep));
        opened->session = path;
        return std::shared_ptr<const Opened>(opened);
    });
}

void Loader::rebuild(std::shared_ptr<const Bundle> bundle, const std::string& from, const Question& question)
{
    start(QString::fromStdString(from), [bundle = std::move(bundle), from, question](const OnStep& onStep) { return openedOf(from, bundle, question, onStep); });
}

void Loader::cancel()
{
    if (!m_busy)
        return;
    m_thread.request_stop();
    ++m_run;
    m_busy = false;
    emit cancelled();
}

void Loader::start(const QString& what, Work work)
{
    const auto run = ++m_run;
    m_busy = true;
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join(); // it looks for the stop between all steps
    }
    m_thread = std::jthread([this, run, what, work = std::move(work)](const std::stop_token& stop) {
        const auto post = [&](auto&& f) {
            QMetaObject::invokeMethod(this, [this, run, f] {
                if (run == m_run)
                    f();
            }, Qt::QueuedConnection);
        };
        try {
            const auto opened = work([&](const std::string& step, double share) {
                post([this, text = QString::fromStdString(step), share] { emit progressed(text, share); });
                return !stop.stop_requested();
            });
            requireNotStopped(stop);
            post([this, opened] {
                m_busy = false;
                emit this->opened(opened);
            });
        } catch (const Cancelled&) {
        } catch (const std::exception& e) {
            post([this, what, text = QString::fromUtf8(e.what())] {
                m_busy = false;
                emit failed(what, text);
            });
        }
    });
}

} // namespace paretoscope::desktop

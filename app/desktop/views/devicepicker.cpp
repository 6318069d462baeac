// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/devicepicker.h"

#include "state/session.h"
#include "views/devicepopup.h"
#include "views/importdevicedialog.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QKeyEvent>
#include <QMimeData>
#include <QSettings>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr int kLeastWidth = 240;
const QString kFolder = QStringLiteral("deviceFolder");

std::optional<QString> firstFile(const QMimeData* data)
{
    for (const auto& url : data->urls())
        if (url.isLocalFile() && DevicePicker::mayBeDevice(url.toLocalFile()))
            return url.toLocalFile();
    return std::nullopt;
}

} // namespace

DevicePicker::DevicePicker(ExplorerState& state, QWidget* parent)
    : QToolButton(parent)
    , m_state(state)
    , m_popup(new DevicePopup(m_model, this))
{
    setObjectName(QStringLiteral("devicePicker"));
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumWidth(kLeastWidth);
    setAcceptDrops(true);
    connect(this, &QToolButton::clicked, this, &DevicePicker::showPopup);
    connect(&m_model, &DeviceModel::targetAsked, this, [this](const QString& id) { chooseTarget(id.toStdString()); });
    connect(&m_model, &DeviceModel::comparedAsked, this, [this](const QString& id, bool on) { setCompared(id.toStdString(), on); });
    connect(m_popup, &DevicePopup::importAsked, this, &DevicePicker::browse);
    connect(m_popup, &DevicePopup::removeAsked, this, &DevicePicker::remove);
    connect(m_popup, &DevicePopup::undoAsked, this, [this] { m_importer.restore(); });
    connect(&m_importer, &DeviceImporter::listed, this, [this](const std::shared_ptr<const DeviceListing>& listing) {
        m_model.setDevices(listing->devices);
        for (const auto& p : listing->problems)
            emit problem(tr("An imported device cannot be read"), tr("It is left out of the list."), tr("Import it again, or take the file away."), QString::fromStdString(p));
        if (const auto id = std::exchange(m_wanted, {}); !id.empty() && m_model.find(id))
            chooseTarget(id);
        follow(ExplorerState::QuestionChanged);
    });
    connect(&m_importer, &DeviceImporter::stored, this, [this] {
        m_popup->say({});
        list();
    });
    connect(&m_importer, &DeviceImporter::removed, this, [this](const QString& id) {
        m_popup->say(tr("%1 was removed.").arg(titleOf(id.toStdString())), true);
        list();
    });
    connect(&m_importer, &DeviceImporter::failed, this, [this](const DeviceProblem& p) {
        m_popup->say(p.what);
        emit problem(p.what, p.means, p.todo, p.details);
    });
    connect(&m_state, &ExplorerState::changed, this, &DevicePicker::follow);
    retranslate();
}

DevicePicker::~DevicePicker() { delete m_popup; } // it looks at the model

bool DevicePicker::mayBeDevice(const QString& path)
{
    const QFileInfo file(path);
    if (file.isDir()) {
        const QDir folder(path);
        return !folder.exists(QStringLiteral("bundle.json")) && !folder.entryList({QStringLiteral("[0-9]*_*.yaml"), QStringLiteral("[0-9]*_*.yml"), QStringLiteral("[0-9]*_*.json")}, QDir::Files).isEmpty();
    }
    const auto name = file.fileName();
    if (name == QStringLiteral("bundle.json") || name.endsWith(QLatin1String(kSessionSuffix)))
        return false;
    const auto suffix = file.suffix().toLower();
    return suffix == QStringLiteral("yaml") || suffix == QStringLiteral("yml") || suffix == QStringLiteral("json") || suffix == QStringLiteral("csv");
}

void DevicePicker::retranslate() { follow(ExplorerState::QuestionChanged | ExplorerState::PhaseChanged); }

void DevicePicker::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::ParentChange) // a tool bar would make it flat, and it is a field to choose in
        setAutoRaise(false);
}

void DevicePicker::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    const auto& world = m_state.world();
    if (what & S::PhaseChanged)
        setEnabled(world && m_state.phase() != Phase::Loading);
    if ((what & S::WorldChanged) && (world ? world->bundle : nullptr) != m_bundle) {
        m_bundle = world ? world->bundle : nullptr;
        m_popup->say({});
        m_wanted.clear();
        m_model.setDevices({});
        if (m_bundle)
            list();
    }
    if (!(what & (S::WorldChanged | S::QuestionChanged)))
        return;
    const auto& devices = m_state.question().devices;
    m_model.setChosen(devices);
    QStringList beside;
    for (std::size_t i = 1; i < devices.size(); ++i)
        beside += titleOf(devices[i]);
    const auto target = devices.empty() ? tr("No device") : titleOf(devices.front());
    setText((beside.isEmpty() ? target : tr("%1 + %2", "a device, and how many are compared with").arg(target).arg(beside.size())) + QStringLiteral("  ▾"));
    const auto said = beside.isEmpty() ? tr("Target device: %1").arg(target) : tr("Target device: %1; beside it: %2").arg(target, beside.join(QStringLiteral(", ")));
    setAccessibleName(said);
    setToolTip(said);
}

QString DevicePicker::titleOf(const std::string& id) const
{
    if (const auto* listed = m_model.find(id))
        return QString::fromStdString(listed->device.title);
    const auto& world = m_state.world();
    const auto& ids = m_state.question().devices;
    if (world && world->devices.size() == ids.size()) // one given by its path
        if (const auto at = std::find(ids.begin(), ids.end(), id); at != ids.end())
            return QString::fromStdString(world->devices[static_cast<std::size_t>(at - ids.begin())].device.title);
    return QString::fromStdString(id);
}

void DevicePicker::list()
{
    if (m_bundle)
        m_importer.list(m_bundle);
}

void DevicePicker::showPopup()
{
    if (isEnabled())
        m_popup->popUp(mapToGlobal(rect().bottomLeft()), width());
}

void DevicePicker::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return showPopup();
    QToolButton::keyPressEvent(event);
}

void DevicePicker::chooseTarget(const std::string& id)
{
    m_state.change(tr("Device %1").arg(titleOf(id)), "", [&](Question& q) { q.devices = devicesWithTarget(std::move(q.devices), id); });
}

void DevicePicker::setCompared(const std::string& id, bool on)
{
    m_state.change(on ? tr("Compare with %1").arg(titleOf(id)) : tr("Leave out %1").arg(titleOf(id)), "", [&](Question& q) {
        const auto at = std::find(q.devices.begin(), q.devices.end(), id);
        if (on && at == q.devices.end() && !q.devices.empty() && q.devices.size() < DeviceModel::kMost)
            q.devices.push_back(id);
        else if (!on && at != q.devices.end() && at != q.devices.begin())
            q.devices.erase(at);
    });
}

/// What is compared with goes from the question first, so that its figures are not asked for any more.
void DevicePicker::remove(const QString& id)
{
    const auto& devices = m_state.question().devices;
    if (!devices.empty() && devices.front() == id.toStdString())
        return;
    setCompared(id.toStdString(), false);
    m_importer.remove(id);
}

void DevicePicker::browse()
{
    const auto path = QFileDialog::getOpenFileName(window(), tr("Import a device"), QSettings().value(kFolder).toString(),
        tr("Latency tables, device files, measured nets (%1)").arg(QStringLiteral("*.yaml *.yml *.json *.csv")));
    if (path.isEmpty())
        return;
    QSettings().setValue(kFolder, QFileInfo(path).absolutePath());
    importFile(path);
}

void DevicePicker::importFile(const QString& path)
{
    if (!m_bundle)
        return;
    auto* dialog = new ImportDeviceDialog(m_importer, m_bundle, path, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ImportDeviceDialog::imported, this, [this](const QString& id, bool asTarget) { m_wanted = asTarget ? id.toStdString() : std::string(); });
    connect(dialog, &ImportDeviceDialog::problem, this, [this](const DeviceProblem& p) { emit problem(p.what, p.means, p.todo, p.details); });
    dialog->open();
}

void DevicePicker::dragEnterEvent(QDragEnterEvent* event)
{
    if (isEnabled() && firstFile(event->mimeData()))
        event->acceptProposedAction();
}

void DevicePicker::dropEvent(QDropEvent* event)
{
    if (const auto path = firstFile(event->mimeData())) {
        event->acceptProposedAction();
        importFile(*path);
    }
}

} // namespace paretoscope::desktop

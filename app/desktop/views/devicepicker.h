// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Shows the target device in the tool bar; opens the list of all of them, and imports others.
#pragma once

#include "models/devicemodel.h"
#include "state/explorerstate.h"
#include "workers/deviceimporter.h"

#include <QToolButton>

namespace paretoscope::desktop {

class DevicePopup;
class ImportDeviceDialog;

class DevicePicker : public QToolButton {
    Q_OBJECT
public:
    explicit DevicePicker(ExplorerState& state, QWidget* parent = nullptr);
    ~DevicePicker() override;

    /// By name and place only: a table, a device file or measured nets, and neither a bundle nor a session.
    static bool mayBeDevice(const QString& path);
    /// Reads it and asks before it is kept. Only while a bundle is open.
    void importFile(const QString& path);

    DeviceModel& model() { return m_model; }
    DeviceImporter& importer() { return m_importer; }
    DevicePopup& popup() { return *m_popup; }
    void showPopup();

signals:
    /// What did not work, for the log.
    void problem(const QString& what, const QString& means, const QString& todo, const QString& details);

protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void retranslate();
    void follow(ExplorerState::Changes what);
    void list();
    void browse();
    void chooseTarget(const std::string& id);
    void setCompared(const std::string& id, bool on);
    void remove(const QString& id);
    QString titleOf(const std::string& id) const;

    ExplorerState& m_state;
    DeviceModel m_model;
    DeviceImporter m_importer;
    DevicePopup* m_popup;
    std::shared_ptr<const Bundle> m_bundle; // whose devices are listed
    std::string m_wanted; // becomes the target once it is kept and listed
};

} // namespace paretoscope::desktop

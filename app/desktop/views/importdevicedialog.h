// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a table or device file, says what it is and what it leaves open, and keeps it only when that is agreed to.
#pragma once

#include "workers/deviceimporter.h"

#include <QDialog>
#include <QPointer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace paretoscope::desktop {

class ImportDeviceDialog : public QDialog {
    Q_OBJECT
public:
    /// Begins to read at once.
    ImportDeviceDialog(DeviceImporter& importer, std::shared_ptr<const Bundle> bundle, const QString& path, QWidget* parent = nullptr);
    ~ImportDeviceDialog() override;
    /// What the page in front says, a line each.
    QStringList said() const;

signals:
    /// It is kept, under this id.
    void imported(const QString& id, bool asTarget);
    void problem(const paretoscope::desktop::DeviceProblem& problem);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void showRead(std::shared_ptr<const ReadDevice> read);
    void showProblem(const DeviceProblem& problem);
    void showFacts();
    void takeNameAndSupply();
    void keep();
    QWidget* makeFacts();

    QPointer<DeviceImporter> m_importer; // null once the window goes
    std::shared_ptr<const Bundle> m_bundle;
    QString m_path;
    std::shared_ptr<const ReadDevice> m_read; // null until it is
    Device m_device;                          // with name and supply as they were chosen
    DeviceEnergy m_energy;
    std::optional<DeviceProblem> m_problem;
    bool m_keeping = false;
    QStackedWidget* m_pages;
    QLabel *m_step, *m_text, *m_trouble, *m_nameLabel, *m_supplyLabel;
    QProgressBar* m_progress;
    QLineEdit* m_name;
    QComboBox* m_supply;
    QCheckBox* m_target;
    QPushButton *m_accept, *m_close;
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The choices of an export: formats, images to recalibrate on, device of the model card, folder and name. Remembered.
#pragma once

#include "state/explorerstate.h" // first: moc stumbles over <compare> where nothing of the library was read before
#include "state/exportrequest.h"

#include <QWidget>

class QCheckBox;
class QGroupBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace paretoscope::desktop {

class ChoiceBox;

class ExportForm : public QWidget {
    Q_OBJECT
public:
    /// `bundle`: path or id, as it was opened.
    ExportForm(std::shared_ptr<const World> world, const Question& question, const QString& bundle, const Subnet& subnet, QWidget* parent = nullptr);

    ExportRequest request() const;
    /// Why nothing can be exported as the fields are; empty: it can. A name that is taken is no reason.
    QString problem() const;
    /// What to think of, though it can be exported.
    QString advice() const;
    void setName(const QString& name);
    void save() const;
    /// "TorchScript" of "torchscript".
    static QString titleOf(const QString& format);

signals:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void fillDevices();
    QString suggestedName() const;
    void browse(QLineEdit* edit, const QString& title);

    std::shared_ptr<const World> m_world;
    std::vector<std::string> m_devices; // of the window
    CarbonAssumptions m_carbon;
    QString m_bundle;
    Subnet m_subnet;

    QGroupBox *m_formatsBox, *m_imagesBox;
    std::vector<QCheckBox*> m_formats;
    QLabel *m_imagesLabel, *m_recalibrateLabel, *m_deviceLabel, *m_grid, *m_folderLabel, *m_nameLabel;
    QLineEdit *m_images, *m_folder, *m_name;
    QPushButton *m_browseImages, *m_browseFolder;
    QSpinBox* m_recalibrate;
    ChoiceBox* m_device;
};

} // namespace paretoscope::desktop

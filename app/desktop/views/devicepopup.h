// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list below the device picker: search, choose the target, tick what it is compared with, import and remove.
#pragma once

#include "models/devicemodel.h"

#include <QFrame>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace paretoscope::desktop {

class DevicePopup : public QFrame {
    Q_OBJECT
public:
    explicit DevicePopup(DeviceModel& model, QWidget* parent = nullptr);

    void popUp(const QPoint& at, int leastWidth);
    /// A line below the list, with the offer to undo where that is possible. Empty: none.
    void say(const QString& text, bool canUndo = false);

signals:
    void removeAsked(const QString& id);
    void undoAsked();
    void importAsked();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void retranslate();
    void followCurrent();
    void makeTarget(int row);
    void toggleCompared(int row);
    void removeCurrent();
    int currentRow() const;

    DeviceModel& m_model;
    QLineEdit* m_search;
    QTreeView* m_view;
    QLabel *m_hint, *m_said;
    QPushButton *m_undo, *m_import, *m_remove;
};

} // namespace paretoscope::desktop

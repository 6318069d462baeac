// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All keys at a glance, menu by menu.
#pragma once

#include <QDialog>

class QTableWidget;

namespace paretoscope::desktop {

class MainActions;

class ShortcutSheet : public QDialog {
    Q_OBJECT
public:
    explicit ShortcutSheet(const MainActions& actions, QWidget* parent = nullptr);
    void retranslate();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    const MainActions& m_actions;
    QTableWidget* m_table;
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Preferences: what is chosen holds at once and is remembered.
#pragma once

#include "preferences.h"

#include <QDialog>
#include <QKeySequence>

class QAction;
class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QFormLayout;
class QKeySequenceEdit;
class QLabel;
class QPushButton;
class QTabWidget;
class QTableWidget;

namespace paretoscope::desktop {

class MainActions;

class PreferencesDialog : public QDialog {
    Q_OBJECT
public:
    explicit PreferencesDialog(MainActions& actions, QWidget* parent = nullptr);
    void retranslate();

signals:
    /// After it was saved.
    void preferencesChanged(const paretoscope::desktop::Preferences& preferences);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fillChoices();
    void fillShortcuts();
    void take();
    void takeGrid();
    void takeShortcut(QAction* action, QKeySequenceEdit* edit);

    MainActions& m_actions;
    Preferences m_now;
    QTabWidget* m_tabs;
    QLabel *m_themeLabel, *m_languageLabel, *m_gridLabel, *m_problem;
    QComboBox *m_theme, *m_language, *m_grid;
    QCheckBox* m_restore;
    QTableWidget* m_shortcuts;
    QPushButton* m_reset;
    QDialogButtonBox* m_buttons;
    bool m_updating = false;
};

} // namespace paretoscope::desktop

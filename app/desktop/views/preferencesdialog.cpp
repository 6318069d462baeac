// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/preferencesdialog.h"

#include "languages.h"
#include "mainactions.h"
#include "views/choicebox.h"

#include "carbon/grid.h"

#include <QCheckBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QEvent>
#include <QFormLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace paretoscope::desktop {

PreferencesDialog::PreferencesDialog(MainActions& actions, QWidget* parent)
    : QDialog(parent)
    , m_actions(actions)
    , m_now(loadPreferences())
    , m_tabs(new QTabWidget(this))
    , m_themeLabel(new QLabel(this))
    , m_languageLabel(new QLabel(this))
    , m_gridLabel(new QLabel(this))
    , m_problem(new QLabel(this))
    , m_theme(new ChoiceBox(this))
    , m_language(new ChoiceBox(this))
    , m_grid(new ChoiceBox(this))
    , m_restore(new QCheckBox(this))
    , m_shortcuts(new QTableWidget(0, 2, this))
    , m_reset(new QPushButton(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Close, this))
{
    m_theme->setObjectName(QStringLiteral("theme"));
    m_language->setObjectName(QStringLiteral("language"));
    m_grid->setObjectName(QStringLiteral("grid"));
    m_grid->setEditable(true);
    m_grid->setInsertPolicy(QComboBox::NoInsert);
    m_grid->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_grid->setMinimumContentsLength(24);
    for (const auto& z : builtInGrids().zones())
        m_grid->addItem(QStringLiteral("%1 · %2").arg(QString::fromStdString(z.name), QString::fromStdString(z.id)), QString::fromStdString(z.id));
    m_grid->completer()->setFilterMode(Qt::MatchContains);
    m_grid->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_themeLabel->setBuddy(m_theme);
    m_languageLabel->setBuddy(m_language);
    m_gridLabel->setBuddy(m_grid);
    m_problem->setWordWrap(true);
    m_problem->setProperty("quiet", true);

    auto* general = new QWidget;
    auto* form = new QFormLayout(general);
    form->addRow(m_themeLabel, m_theme);
    form->addRow(m_languageLabel, m_language);
    form->addRow(m_gridLabel, m_grid);
    form->addRow(m_restore);
    m_shortcuts->verticalHeader()->hide();
    m_shortcuts->verticalHeader()->setDefaultSectionSize(38);
    m_shortcuts->setShowGrid(false);
    m_shortcuts->setSelectionMode(QAbstractItemView::NoSelection);
    m_shortcuts->setFocusPolicy(Qt::NoFocus); // the fields in it take it
    m_shortcuts->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_shortcuts->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Fixed);
    m_shortcuts->setColumnWidth(1, 220);
    auto* keys = new QWidget;
    auto* keysLayout = new QVBoxLayout(keys);
    keysLayout->addWidget(m_shortcuts);
    keysLayout->addWidget(m_reset, 0, Qt::AlignLeft);
    m_tabs->addTab(general, QString());
    m_tabs->addTab(keys, QString());
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_tabs);
    layout->addWidget(m_problem);
    layout->addWidget(m_buttons);
    resize(560, 520);

    for (auto* box : {m_theme, m_language})
        connect(box, &QComboBox::activated, this, &PreferencesDialog::take);
    connect(m_grid, &QComboBox::activated, this, &PreferencesDialog::takeGrid);
    connect(m_grid->lineEdit(), &QLineEdit::editingFinished, this, &PreferencesDialog::takeGrid);
    connect(m_restore, &QCheckBox::clicked, this, &PreferencesDialog::take);
    connect(m_reset, &QPushButton::clicked, this, [this] {
        m_actions.resetShortcuts();
        m_problem->clear();
        fillShortcuts();
    });
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    retranslate();
}

void PreferencesDialog::retranslate()
{
    setWindowTitle(tr("Preferences"));
    m_tabs->setTabText(0, tr("General"));
    m_tabs->setTabText(1, tr("Shortcuts"));
    m_themeLabel->setText(tr("&Theme"));
    m_languageLabel->setText(tr("&Language"));
    m_gridLabel->setText(tr("&Grid of new bundles"));
    m_grid->setToolTip(tr("A country, a cloud region, or g CO₂e per kWh; a bundle that is opened begins with it"));
    m_restore->setText(tr("&Begin with what was open last"));
    m_shortcuts->setHorizontalHeaderLabels({tr("Action"), tr("Keys")});
    m_reset->setText(tr("Reset all shortcuts"));
    m_reset->setToolTip(tr("As the program comes"));
    fillChoices();
    fillShortcuts();
}

void PreferencesDialog::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

void PreferencesDialog::fillChoices()
{
    m_updating = true;
    m_now = loadPreferences(); // the next language may have been asked for elsewhere
    m_theme->clear();
    m_theme->addItem(tr("As the system"), nameOf(Theme::System));
    m_theme->addItem(tr("Light"), nameOf(Theme::Light));
    m_theme->addItem(tr("Dark"), nameOf(Theme::Dark));
    m_theme->setCurrentIndex(m_theme->findData(nameOf(m_now.theme)));
    m_language->clear();
    m_language->addItem(tr("As the system"), QString());
    for (const auto& code : Languages::codes())
        m_language->addItem(Languages::nameOf(code), code);
    m_language->setCurrentIndex(m_language->findData(m_now.language));
    const int grid = m_grid->findData(m_now.grid);
    m_grid->setCurrentIndex(grid);
    if (grid < 0)
        m_grid->setEditText(m_now.grid);
    m_restore->setChecked(m_now.restoreLast);
    m_updating = false;
}

void PreferencesDialog::fillShortcuts()
{
    const auto& all = m_actions.all();
    m_shortcuts->setRowCount(static_cast<int>(all.size()));
    for (int row = 0; row < m_shortcuts->rowCount(); ++row) {
        auto* action = all[static_cast<std::size_t>(row)];
        auto* item = new QTableWidgetItem(m_actions.titleOf(action));
        item->setFlags(Qt::ItemIsEnabled);
        item->setToolTip(action->toolTip());
        m_shortcuts->setItem(row, 0, item);
        auto* edit = qobject_cast<QKeySequenceEdit*>(m_shortcuts->cellWidget(row, 1));
        if (!edit) { // kept when the language changes: it may be what is typed in
            edit = new QKeySequenceEdit;
            edit->setClearButtonEnabled(true);
            edit->setObjectName(action->objectName());
            m_shortcuts->setCellWidget(row, 1, edit);
            connect(edit, &QKeySequenceEdit::editingFinished, this, [this, action, edit] { takeShortcut(action, edit); });
        }
        edit->setAccessibleName(tr("Keys of %1").arg(item->text()));
        edit->setKeySequence(action->shortcut());
    }
}

void PreferencesDialog::take()
{
    if (m_updating)
        return;
    m_now.theme = themeOf(m_theme->currentData().toString());
    m_now.language = m_language->currentData().toString();
    m_now.restoreLast = m_restore->isChecked();
    savePreferences(m_now);
    emit preferencesChanged(m_now);
}

void PreferencesDialog::takeGrid()
{
    if (m_updating)
        return;
    const int index = m_grid->findText(m_grid->currentText(), Qt::MatchFixedString);
    const auto grid = index >= 0 ? m_grid->itemData(index).toString() : m_grid->currentText().trimmed();
    auto* edit = m_grid->lineEdit();
    try {
        builtInGrids().find(grid.toStdString());
        m_now.grid = grid;
        m_problem->clear();
        edit->setProperty("wrong", false);
        take();
    } catch (const Error& e) { // what was typed stays
        m_problem->setText(QString::fromUtf8(e.what()));
        edit->setProperty("wrong", true);
    }
    edit->style()->polish(edit);
}

/// Keys that another action has stay there: what was typed is taken back, and it is said whose they are.
void PreferencesDialog::takeShortcut(QAction* action, QKeySequenceEdit* edit)
{
    const auto keys = edit->keySequence();
    if (keys == action->shortcut())
        return;
    if (const auto* other = m_actions.conflictOf(action, keys)) {
        m_problem->setText(tr("%1 is taken by “%2”. “%3” keeps its keys.").arg(keys.toString(QKeySequence::NativeText), m_actions.titleOf(other), m_actions.titleOf(action)));
        edit->setKeySequence(action->shortcut());
        return;
    }
    m_problem->clear();
    m_actions.setShortcut(action, keys);
}

} // namespace paretoscope::desktop

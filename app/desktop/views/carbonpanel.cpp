// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/carbonpanel.h"

#include "carbon/grid.h"

#include <QComboBox>
#include <QCompleter>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QStyle>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace paretoscope::desktop {

namespace {

/// Does not change under a wheel that scrolls the panel.
class QuietSpinBox final : public QDoubleSpinBox {
public:
    explicit QuietSpinBox(QWidget* parent)
        : QDoubleSpinBox(parent)
    {
        setFocusPolicy(Qt::StrongFocus);
        setGroupSeparatorShown(true);
        setKeyboardTracking(false);
        setAlignment(Qt::AlignRight);
        setMinimumWidth(90);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // as wide as the panel, however large the largest number
    }

protected:
    void wheelEvent(QWheelEvent* event) override { hasFocus() ? QDoubleSpinBox::wheelEvent(event) : event->ignore(); }
};

class QuietComboBox final : public QComboBox {
public:
    explicit QuietComboBox(QWidget* parent)
        : QComboBox(parent)
    {
        setFocusPolicy(Qt::StrongFocus);
    }

protected:
    void wheelEvent(QWheelEvent* event) override { hasFocus() ? QComboBox::wheelEvent(event) : event->ignore(); }
};

} // namespace

CarbonPanel::CarbonPanel(ExplorerState& state, QWidget* parent)
    : QFrame(parent)
    , m_state(state)
    , m_heading(new QLabel(this))
    , m_gridLabel(new QLabel(this))
    , m_intensity(new QLabel(this))
    , m_grid(new QuietComboBox(this))
{
    setProperty("card", true);
    m_heading->setProperty("heading", true);
    m_intensity->setProperty("quiet", true);
    m_intensity->setWordWrap(true);
    m_grid->setEditable(true);
    m_grid->setInsertPolicy(QComboBox::NoInsert);
    m_grid->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_grid->setMinimumContentsLength(10);
    for (const auto& z : builtInGrids().zones())
        m_grid->addItem(QStringLiteral("%1 · %2").arg(QString::fromStdString(z.name), QString::fromStdString(z.id)), QString::fromStdString(z.id));
    for (const auto& r : builtInGrids().regions())
        m_grid->addItem(QStringLiteral("%1 %2 · %3").arg(QString::fromStdString(r.provider), QString::fromStdString(r.region), QString::fromStdString(r.location)), QString::fromStdString(r.provider + " " + r.region));
    auto* completer = new QCompleter(m_grid->model(), this);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_grid->setCompleter(completer);
    m_gridLabel->setBuddy(m_grid);

    auto* form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignLeft);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(m_gridLabel, m_grid);
    form->addRow(m_intensity);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->addWidget(m_heading);
    layout->addLayout(form);
    addRow(&CarbonAssumptions::pue, 1, 10, 2, 0.05);
    addRow(&CarbonAssumptions::inferencesPerDay, 0, 1e12, 0, 1000);
    addRow(&CarbonAssumptions::devices, 1, 1e10, 0, 1);
    addRow(&CarbonAssumptions::lifeYears, 0.1, 50, 1, 0.5);
    addRow(&CarbonAssumptions::targets, 1, 1e6, 0, 1);
    addRow(&CarbonAssumptions::embodiedKg, 0, 1e6, 1, 1);
    for (const auto& row : m_rows)
        form->addRow(row.label, row.box);

    connect(m_grid, &QComboBox::activated, this, [this](int i) { takeGrid(m_grid->itemData(i).toString()); });
    connect(m_grid->lineEdit(), &QLineEdit::returnPressed, this, [this] {
        const int i = m_grid->findText(m_grid->currentText(), Qt::MatchFixedString);
        takeGrid(i >= 0 ? m_grid->itemData(i).toString() : m_grid->currentText());
    });
    connect(&m_state, &ExplorerState::changed, this, &CarbonPanel::follow);
    retranslate();
    follow(ExplorerState::QuestionChanged | ExplorerState::PhaseChanged);
}

void CarbonPanel::addRow(double CarbonAssumptions::* field, double low, double high, int decimals, double step)
{
    Row row{new QLabel(this), new QuietSpinBox(this), field};
    row.box->setDecimals(decimals);
    row.box->setRange(low, high);
    row.box->setSingleStep(step);
    row.label->setBuddy(row.box);
    connect(row.box, &QDoubleSpinBox::valueChanged, this, [this, row, n = m_rows.size()](double value) {
        if (!m_updating)
            m_state.change(tr("Change %1").arg(row.label->text()), "carbon " + std::to_string(n), [&](Question& q) { q.carbon.*row.field = value; });
    });
    connect(row.box, &QDoubleSpinBox::editingFinished, this, [this] { m_state.endMerge(); });
    m_rows.push_back(row);
}

void CarbonPanel::retranslate()
{
    m_heading->setText(tr("Carbon"));
    m_gridLabel->setText(tr("Grid"));
    m_grid->setAccessibleName(tr("Electricity grid"));
    m_grid->setToolTip(tr("A country, a cloud region, or g CO₂e per kWh"));
    const QString names[] = {tr("PUE"), tr("Inferences a day"), tr("Devices"), tr("Life (years)"), tr("Training shared by"), tr("Embodied (kg each)")};
    const QString tips[] = {tr("Power usage effectiveness, of devices in a data centre"), tr("Of each device"), tr("On which the subnet runs"), tr("How long they are in use"),
        tr("How many nets, cut out of the same supernet, share what its training emitted"), tr("Carbon of making one device, 0 to leave it out")};
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i].label->setText(names[i]);
        m_rows[i].box->setToolTip(tips[i]);
        m_rows[i].box->setAccessibleName(names[i]);
    }
}

void CarbonPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void CarbonPanel::takeGrid(const QString& text)
{
    const auto grid = text.trimmed().toStdString();
    try {
        builtInGrids().find(grid);
    } catch (const Error& e) { // what was typed stays
        m_grid->lineEdit()->setProperty("wrong", true);
        m_grid->lineEdit()->style()->polish(m_grid->lineEdit());
        m_intensity->setText(QString::fromUtf8(e.what()));
        return;
    }
    m_grid->lineEdit()->setProperty("wrong", false);
    m_grid->lineEdit()->style()->polish(m_grid->lineEdit());
    m_state.change(tr("Grid"), "", [&](Question& q) { q.carbon.grid = grid; });
}

void CarbonPanel::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (what & S::PhaseChanged)
        setEnabled(m_state.world() != nullptr);
    if (!(what & (S::QuestionChanged | S::WorldChanged)))
        return;
    m_updating = true;
    const auto& carbon = m_state.question().carbon;
    for (const auto& row : m_rows)
        if (row.box->value() != carbon.*row.field) // else what is being typed would go
            row.box->setValue(carbon.*row.field);
    if ((what & S::QuestionChanged) || !m_grid->lineEdit()->hasFocus()) {
        const int i = m_grid->findData(QString::fromStdString(carbon.grid));
        m_grid->setCurrentIndex(i);
        if (i < 0)
            m_grid->setEditText(QString::fromStdString(carbon.grid));
        m_grid->lineEdit()->setProperty("wrong", false);
        m_grid->lineEdit()->style()->polish(m_grid->lineEdit());
    }
    m_updating = false;
    try {
        const auto grid = builtInGrids().find(carbon.grid);
        const auto& e = grid.gPerKwh;
        auto text = tr("%1 g CO₂e/kWh").arg(QLocale().toString(e.value, 'f', 0));
        if (e.low && e.high && *e.low < *e.high)
            text += QStringLiteral(" (%1–%2)").arg(QLocale().toString(*e.low, 'f', 0), QLocale().toString(*e.high, 'f', 0));
        if (grid.year > 0)
            text += QStringLiteral(" · %1").arg(grid.year);
        m_intensity->setText(text);
        m_intensity->setToolTip(QString::fromStdString(e.source));
    } catch (const Error& e) {
        m_intensity->setText(QString::fromUtf8(e.what()));
    }
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/comparedialog.h"

#include "state/comparewords.h"
#include "views/architecturestrip.h"
#include "views/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr int kRestMs = 150;
constexpr int kBar = 3, kPadding = 8; // pixels

/// A thin bar below each figure, as long as its share of the largest of the row.
class BarDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const auto share = index.data(CompareModel::ShareRole);
        if (!share.isValid())
            return;
        const auto& c = coloursOf(option.palette);
        const int length = static_cast<int>(share.toDouble() * (option.rect.width() - 8));
        const auto lead = static_cast<CompareModel::Lead>(index.data(CompareModel::LeadRole).toInt());
        painter->fillRect(QRect(option.rect.right() - 4 - length, option.rect.bottom() - kBar, length, kBar), lead == CompareModel::Lead::Best ? c.barIn : c.barOut);
    }
};

} // namespace

bool CompareDialog::canCompare(const ExplorerState& state) { return state.world() && state.question().pins.size() >= kFewest; }

CompareDialog::CompareDialog(ExplorerState& state, QWidget* parent)
    : QDialog(parent)
    , m_state(state)
    , m_table(new QTableView)
    , m_architectures(new QHBoxLayout)
    , m_words(new QLabel)
    , m_copy(new QPushButton)
    , m_copyMarkdown(new QPushButton)
    , m_close(new QPushButton)
{
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new BarDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setCornerButtonEnabled(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setHighlightSections(false);
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copy);
    buttons->addWidget(m_copyMarkdown);
    buttons->addStretch();
    buttons->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_table, 1);
    layout->addLayout(m_architectures);
    layout->addWidget(m_words);
    layout->addLayout(buttons);
    resize(980, 680);
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, &CompareDialog::computeEmissions);
    const auto copy = [this] { QApplication::clipboard()->setText(m_model.tsv()); };
    const auto copyMarkdown = [this] { QApplication::clipboard()->setText(m_model.markdown()); };
    connect(m_copy, &QPushButton::clicked, this, copy);
    connect(m_copyMarkdown, &QPushButton::clicked, this, copyMarkdown);
    connect(new QShortcut(QKeySequence::Copy, m_table), &QShortcut::activated, this, copy); // in the words it copies words
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), this), &QShortcut::activated, this, copyMarkdown);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(&m_state, &ExplorerState::changed, this, &CompareDialog::follow);
    retranslate();
}

CompareDialog::~CompareDialog() = default; // the thread is told to stop and waited for

void CompareDialog::retranslate()
{
    setWindowTitle(tr("Compare pinned subnets"));
    m_copy->setText(tr("Copy as table"));
    m_copy->setToolTip(tr("Numbers between tabs, for spreadsheets and programs (Ctrl+C)"));
    m_copyMarkdown->setText(tr("Copy as Markdown"));
    m_copyMarkdown->setToolTip(tr("As it is on the screen, for texts (Ctrl+Shift+C)"));
    m_close->setText(tr("Close"));
    m_table->setAccessibleName(tr("Figures of the pinned subnets"));
    m_words->setAccessibleName(tr("What the figures mean"));
    m_model.retranslate();
    fill(true);
}

void CompareDialog::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

void CompareDialog::showEvent(QShowEvent* event)
{
    fill();
    QDialog::showEvent(event);
    m_table->setFocus();
}

void CompareDialog::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (isVisible() && (what & (S::WorldChanged | S::QuestionChanged)))
        fill();
}

void CompareDialog::fill(bool again)
{
    Key now;
    if (canCompare(m_state)) {
        now = {m_state.world(), m_state.question().carbon, m_state.question().pins, m_state.question().pins.size()};
        now.pins.resize(std::min(now.pins.size(), kMost));
    }
    if (!again && now == m_key)
        return;
    if (now != m_key) {
        ++m_run; // what is under way is of other pins or assumptions
        m_emissions.clear();
        m_emissionsFailed.clear();
        now.world ? m_rest.start() : m_rest.stop();
    }
    m_key = std::move(now);
    m_model.setPins(m_key.world, m_key.pins);
    if (m_emissions.empty())
        m_model.setEmissions(std::vector<std::optional<Estimate>>(m_key.pins.size()));
    fitColumns();
    for (auto* button : {m_copy, m_copyMarkdown})
        button->setEnabled(m_key.world != nullptr);
    showArchitectures();
    showWords();
}

/// All alike, and none too narrow for what it says.
void CompareDialog::fitColumns()
{
    auto* header = m_table->horizontalHeader();
    int widest = 0;
    for (int c = 1; c < m_model.columnCount(); ++c)
        widest = std::max(widest, header->sectionSizeHint(c));
    for (int r = 0; r < m_model.rowCount(); ++r)
        for (int c = 1; c < m_model.columnCount(); ++c)
            widest = std::max(widest, m_table->sizeHintForIndex(m_model.index(r, c)).width());
    header->setMinimumSectionSize(widest + kPadding);
    if (m_model.columnCount() > 0) {
        header->setSectionResizeMode(QHeaderView::Stretch);
        header->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    }
}

void CompareDialog::showArchitectures()
{
    while (auto* item = m_architectures->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const auto& p : m_model.pins()) {
        auto* card = new QWidget;
        auto* inside = new QVBoxLayout(card);
        inside->setContentsMargins(0, 0, 0, 0);
        inside->addWidget(new QLabel(tr("%1 · resolution %2").arg(QLatin1Char(p.letter)).arg(p.subnet.resolution)));
        auto* strip = new ArchitectureStrip;
        strip->show(&m_key.world->space(), p.subnet);
        inside->addWidget(strip);
        m_architectures->addWidget(card);
    }
}

void CompareDialog::showWords()
{
    const auto& pins = m_model.pins();
    if (pins.empty())
        return m_words->setText(tr("Pin two to four subnets to compare them."));
    QStringList lines{tr("▲ best, △ best but within what the predictor can tell. Differences are to %1.").arg(QLatin1Char(pins.front().letter))};
    if (m_key.pinned > kMost)
        lines.front() += u' ' + tr("Shown are the first %1 of %2 pins.").arg(kMost).arg(m_key.pinned);
    const auto sure = accuracyWords(*m_key.world, pins);
    if (!sure.isEmpty())
        lines += sure.mid(0, sure.size() - 1).join(QStringLiteral(" · ")) + QStringLiteral(". ") + sure.back();
    if (!m_emissionsFailed.isEmpty())
        lines += tr("Emissions are not known: %1").arg(m_emissionsFailed);
    else
        lines += m_emissions.empty() ? QStringList(tr("Emissions are being computed …")) : emissionWords(pins, m_emissions);
    m_words->setText(lines.join(u'\n'));
}

QString CompareDialog::words() const { return m_words->text(); }

/// Off the GUI thread: the ledger draws thousands of times for its bands.
void CompareDialog::computeEmissions()
{
    const auto run = ++m_run;
    m_thread = std::jthread([this, run, key = m_key](const std::stop_token& stop) {
        std::vector<NetEmissions> emissions;
        QString failed;
        try {
            for (const auto& p : key.pins) {
                if (stop.stop_requested())
                    return;
                emissions.push_back(emissionsOf(*key.world, p.subnet, key.carbon));
            }
        } catch (const std::exception& e) { // nothing that is thrown may leave the thread
            failed = QString::fromUtf8(e.what());
        }
        QMetaObject::invokeMethod(this, [this, run, emissions, failed] {
            if (run != m_run)
                return;
            m_emissionsFailed = failed;
            m_emissions = emissions;
            if (failed.isEmpty()) {
                std::vector<std::optional<Estimate>> totals;
                for (const auto& e : emissions)
                    totals.push_back(e.useKg ? std::optional(e.totalKg) : std::nullopt);
                m_model.setEmissions(std::move(totals));
                fitColumns();
            }
            showWords();
        }, Qt::QueuedConnection);
    });
}

} // namespace paretoscope::desktop

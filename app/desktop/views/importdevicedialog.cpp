// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/importdevicedialog.h"

#include "state/devicetext.h"
#include "views/choicebox.h"

#include <QCheckBox>
#include <QEvent>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTextDocumentFragment>
#include <QVBoxLayout>

namespace paretoscope::desktop {

namespace {

enum Page { Reading, Facts, Trouble };

constexpr Supply kSupplies[] = {Supply::Battery, Supply::Mains, Supply::DataCentre};

QString escaped(const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); }

} // namespace

ImportDeviceDialog::ImportDeviceDialog(DeviceImporter& importer, std::shared_ptr<const Bundle> bundle, const QString& path, QWidget* parent)
    : QDialog(parent)
    , m_importer(&importer)
    , m_bundle(std::move(bundle))
    , m_path(path)
    , m_pages(new QStackedWidget)
    , m_step(new QLabel)
    , m_text(new QLabel)
    , m_trouble(new QLabel)
    , m_nameLabel(new QLabel)
    , m_supplyLabel(new QLabel)
    , m_progress(new QProgressBar)
    , m_name(new QLineEdit)
    , m_supply(new ChoiceBox)
    , m_target(new QCheckBox)
    , m_accept(new QPushButton)
    , m_close(new QPushButton)
{
    auto* reading = new QWidget;
    auto* readingLayout = new QVBoxLayout(reading);
    readingLayout->addWidget(m_step);
    readingLayout->addWidget(m_progress);
    readingLayout->addStretch();
    m_progress->setRange(0, 0); // until there is a number
    m_trouble->setWordWrap(true);
    m_trouble->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_trouble->setTextFormat(Qt::RichText);
    m_trouble->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_pages->addWidget(reading);
    m_pages->addWidget(makeFacts());
    m_pages->addWidget(m_trouble);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_close);
    buttons->addWidget(m_accept);
    m_accept->setProperty("primary", true);
    m_accept->setDefault(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_pages, 1);
    layout->addLayout(buttons);
    resize(560, 420);
    connect(m_accept, &QPushButton::clicked, this, &ImportDeviceDialog::keep);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(&importer, &DeviceImporter::progressed, this, [this](const QString&, double share) {
        m_progress->setRange(0, 100);
        m_progress->setValue(static_cast<int>(100 * share));
    });
    connect(&importer, &DeviceImporter::readFinished, this, &ImportDeviceDialog::showRead);
    connect(&importer, &DeviceImporter::readFailed, this, &ImportDeviceDialog::showProblem);
    connect(&importer, &DeviceImporter::energyDescribed, this, [this](const DeviceEnergy& energy) {
        m_energy = energy;
        showFacts();
    });
    connect(&importer, &DeviceImporter::stored, this, [this](const QString& id) {
        if (!m_keeping)
            return;
        emit imported(id, m_target->isChecked());
        accept();
    });
    connect(&importer, &DeviceImporter::failed, this, [this](const DeviceProblem& p) {
        if (m_keeping) // who asked for it tells the log
            showProblem(p);
    });
    retranslate();
    importer.read(path, m_bundle);
}

ImportDeviceDialog::~ImportDeviceDialog()
{
    if (m_importer && !m_read)
        m_importer->cancelReading();
}

QWidget* ImportDeviceDialog::makeFacts()
{
    auto* facts = new QWidget;
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::RichText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_nameLabel->setBuddy(m_name);
    m_supplyLabel->setBuddy(m_supply);
    for (const auto s : kSupplies)
        m_supply->addItem(QString(), static_cast<int>(s));
    m_target->setChecked(true);
    auto* form = new QFormLayout;
    form->addRow(m_nameLabel, m_name);
    form->addRow(m_supplyLabel, m_supply);
    auto* layout = new QVBoxLayout(facts);
    layout->addWidget(m_text);
    layout->addStretch();
    layout->addLayout(form);
    layout->addWidget(m_target);
    connect(m_name, &QLineEdit::textChanged, this, [this] { m_accept->setEnabled(!m_name->text().trimmed().isEmpty()); });
    connect(m_name, &QLineEdit::editingFinished, this, &ImportDeviceDialog::takeNameAndSupply);
    connect(m_supply, &QComboBox::activated, this, &ImportDeviceDialog::takeNameAndSupply);
    return facts;
}

void ImportDeviceDialog::retranslate()
{
    setWindowTitle(tr("Import a device"));
    m_step->setText(tr("Reading %1 …").arg(QFileInfo(m_path).fileName()));
    m_progress->setAccessibleName(tr("How far it is read"));
    m_nameLabel->setText(tr("&Name"));
    m_supplyLabel->setText(tr("&Supply"));
    m_supply->setToolTip(tr("Where the device takes its electricity from"));
    m_supply->setItemText(0, tr("Battery"));
    m_supply->setItemText(1, tr("Mains"));
    m_supply->setItemText(2, tr("Data centre"));
    m_target->setText(tr("Search for this device at once"));
    m_accept->setText(tr("Import"));
    m_close->setText(m_problem ? tr("Close") : tr("Cancel"));
    m_accept->setVisible(m_read && !m_problem);
    if (m_problem)
        showProblem(*m_problem);
    else if (m_read)
        showFacts();
}

void ImportDeviceDialog::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

void ImportDeviceDialog::showRead(std::shared_ptr<const ReadDevice> read)
{
    if (m_read || m_problem) // another dialog's
        return;
    m_read = std::move(read);
    m_device = m_read->device;
    m_energy = m_read->energy;
    m_name->setText(QString::fromStdString(m_device.title));
    m_supply->setCurrentIndex(m_supply->findData(static_cast<int>(m_device.supply)));
    m_pages->setCurrentIndex(Facts);
    m_name->setFocus();
    m_name->selectAll();
    retranslate();
}

void ImportDeviceDialog::showFacts()
{
    if (!m_read)
        return;
    const auto& r = *m_read;
    const QLocale locale;
    QStringList rows;
    const auto row = [&](const QString& name, const QString& text) { rows += QStringLiteral("<tr><td style=\"padding-right:12px\">%1</td><td>%2</td></tr>").arg(name, text); };
    const auto count = [&](std::size_t n) { return locale.toString(static_cast<qulonglong>(n)); };
    switch (r.format) {
    case ReadDevice::Format::DeviceFile: row(tr("Format"), tr("device file")); break;
    case ReadDevice::Format::OfaTable: row(tr("Format"), tr("latency table, keys as in once-for-all")); break;
    case ReadDevice::Format::LayersTable: row(tr("Format"), tr("latency table, keys as in NSGANetV2")); break;
    case ReadDevice::Format::Measurements: row(tr("Format"), tr("measured nets; a model was fitted to them")); break;
    }
    row(tr("Read from"), r.files > 1 ? tr("%1, files: %2").arg(QFileInfo(QString::fromStdString(r.path)).fileName().toHtmlEscaped(), count(r.files)) : QFileInfo(QString::fromStdString(r.path)).fileName().toHtmlEscaped());
    if (r.format == ReadDevice::Format::Measurements)
        row(tr("Entries"), tr("%1 nets").arg(count(r.entries)));
    else if (r.entries > 0)
        row(tr("Entries"), tr("%1 block latencies").arg(count(r.entries)));
    row(tr("Unit"), m_device.conditions.batch > 1 ? tr("milliseconds of a batch of %1").arg(m_device.conditions.batch)
            : r.format == ReadDevice::Format::DeviceFile ? tr("milliseconds") : tr("milliseconds of one image (the file does not say; this is what such files hold)"));
    row(tr("Resolutions"), tr("%1; the accuracy predictor knows %2 of them").arg(resolutionsText(m_device.resolutions()), count(r.usable.size())));
    if (!r.missing.empty())
        row(tr("Not covered"), tr("%1 resolutions of the space, such as %2").arg(count(r.missing.size())).arg(r.missing.front()));
    row(tr("Error"), m_device.error || !m_device.errors.empty() ? errorText(m_device) : tr("not measured: the latencies will be shown without an interval"));
    row(tr("Energy"), m_energy.model ? (m_energy.warnings.empty() ? tr("known") : escaped(m_energy.warnings.front())) : tr("not known, and so are emissions (a processor is looked up by its name; a phone on battery by its kind)"));
    for (const auto& w : m_device.warnings)
        row(QStringLiteral("⚠"), escaped(w));
    m_text->setText(QStringLiteral("<table>%1</table>").arg(rows.join(QString())));
}

void ImportDeviceDialog::takeNameAndSupply()
{
    if (!m_read)
        return;
    const auto title = m_name->text().trimmed().toStdString();
    const auto supply = static_cast<Supply>(m_supply->currentData().toInt());
    if (title.empty() || !m_importer || (title == m_device.title && supply == m_device.supply))
        return;
    m_device.title = title;
    m_device.supply = supply;
    m_importer->describeEnergy(m_device);
}

void ImportDeviceDialog::keep()
{
    if (!m_importer)
        return;
    takeNameAndSupply();
    m_keeping = true;
    m_accept->setEnabled(false);
    m_importer->store(m_device, m_bundle);
}

void ImportDeviceDialog::showProblem(const DeviceProblem& p)
{
    if (!m_problem && m_read && !m_keeping) // another dialog's
        return;
    const bool fresh = !m_problem;
    m_problem = p;
    m_trouble->setText(QStringLiteral("<p><b>%1</b></p><p>%2</p><p>%3</p><p style=\"font-size:small\">%4</p>").arg(p.what.toHtmlEscaped(), p.means.toHtmlEscaped(), p.todo.toHtmlEscaped(), p.details.toHtmlEscaped()));
    m_pages->setCurrentIndex(Trouble);
    m_accept->hide();
    m_close->setText(tr("Close"));
    if (fresh && !m_keeping) // what could not be kept is in the log already
        emit problem(p);
}

QStringList ImportDeviceDialog::said() const
{
    if (m_pages->currentIndex() == Reading)
        return {m_step->text()};
    const auto* label = m_pages->currentIndex() == Facts ? m_text : m_trouble;
    return QTextDocumentFragment::fromHtml(label->text()).toPlainText().split(u'\n', Qt::SkipEmptyParts);
}

} // namespace paretoscope::desktop

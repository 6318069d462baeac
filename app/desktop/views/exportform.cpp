// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/exportform.h"

#include "state/metrictext.h"
#include "views/choicebox.h"
#include "workers/loader.h"

#include <QCheckBox>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

struct Format {
    const char *id, *title, *tip;
};
constexpr Format kFormats[] = {
    {"torchscript", QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "TorchScript"), QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "subnet.ts.pt: opens with torch.jit.load, without any code of the net")},
    {"state-dict", QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "PyTorch state dict"), QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "init with net.config and run.config: as the once-for-all package reads released nets")},
    {"safetensors", QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "safetensors"), QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "subnet.safetensors: the weights, with what is known of the input")},
    {"onnx", QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "ONNX"), QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "subnet.onnx: for other programs that run nets")},
    {"ofa-config", QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "OFA config"), QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "net.config and run.config: the architecture alone")},
    {"model-card", QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "Model card"), QT_TRANSLATE_NOOP("paretoscope::desktop::ExportForm", "model-card.md and model-card.json: figures with errors and sources, licences, how to load the files")},
};

const QString kFormatsKey = QStringLiteral("export/formats"), kUseImagesKey = QStringLiteral("export/useImages"), kImagesKey = QStringLiteral("export/images"),
              kRecalibrateKey = QStringLiteral("export/recalibrate"), kFolderKey = QStringLiteral("export/folder");
constexpr int kMostImages = 1'000'000;

/// What was typed as a whole path: the child may look elsewhere for one that is not.
QString wholePath(const QLineEdit* edit)
{
    auto path = QDir::fromNativeSeparators(edit->text().trimmed());
    if (path == u"~" || path.startsWith(QStringLiteral("~/")))
        path.replace(0, 1, QDir::homePath());
    return path.isEmpty() ? path : QDir::cleanPath(QDir::home().absoluteFilePath(path));
}

/// Does not change under a wheel that scrolls what is around it.
class QuietSpinBox final : public QSpinBox {
public:
    QuietSpinBox() { setFocusPolicy(Qt::StrongFocus); }

protected:
    void wheelEvent(QWheelEvent* event) override { hasFocus() ? QSpinBox::wheelEvent(event) : event->ignore(); }
};

/// Whether batch norm of the supernet is this subnet's own.
bool isLargest(const SearchSpace& space, Subnet subnet)
{
    subnet.resolution = space.largest().resolution;
    return subnet == space.largest();
}

} // namespace

ExportForm::ExportForm(std::shared_ptr<const World> world, const Question& question, const QString& bundle, const Subnet& subnet, QWidget* parent)
    : QWidget(parent)
    , m_world(std::move(world))
    , m_devices(question.devices)
    , m_carbon(question.carbon)
    , m_bundle(QFileInfo::exists(bundle) ? QFileInfo(bundle).absoluteFilePath() : bundle)
    , m_subnet(subnet)
    , m_formatsBox(new QGroupBox)
    , m_imagesBox(new QGroupBox)
    , m_imagesLabel(new QLabel)
    , m_recalibrateLabel(new QLabel)
    , m_deviceLabel(new QLabel)
    , m_grid(new QLabel)
    , m_folderLabel(new QLabel)
    , m_nameLabel(new QLabel)
    , m_images(new QLineEdit)
    , m_folder(new QLineEdit)
    , m_name(new QLineEdit)
    , m_browseImages(new QPushButton)
    , m_browseFolder(new QPushButton)
    , m_recalibrate(new QuietSpinBox)
    , m_device(new ChoiceBox)
{
    const QSettings settings;
    const auto chosen = settings.value(kFormatsKey).toStringList();
    auto* formats = new QGridLayout(m_formatsBox);
    for (const auto& id : exportFormats()) {
        auto* box = new QCheckBox;
        box->setObjectName(id);
        box->setChecked(chosen.isEmpty() || chosen.contains(id));
        connect(box, &QCheckBox::toggled, this, &ExportForm::changed);
        const auto at = static_cast<int>(m_formats.size());
        formats->addWidget(box, at / 3, at % 3);
        m_formats.push_back(box);
    }
    m_imagesBox->setCheckable(true);
    m_imagesBox->setObjectName(QStringLiteral("useImages"));
    m_imagesBox->setChecked(settings.value(kUseImagesKey, false).toBool());
    m_images->setObjectName(QStringLiteral("images"));
    m_images->setText(settings.value(kImagesKey).toString());
    m_recalibrate->setObjectName(QStringLiteral("recalibrate"));
    m_recalibrate->setRange(0, kMostImages);
    m_recalibrate->setSingleStep(500);
    m_recalibrate->setGroupSeparatorShown(true);
    m_recalibrate->setValue(settings.value(kRecalibrateKey, ExportRequest().recalibrate).toInt());
    m_device->setObjectName(QStringLiteral("device"));
    m_device->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_device->setMinimumContentsLength(28);
    m_grid->setProperty("quiet", true);
    m_grid->setWordWrap(true);
    m_folder->setObjectName(QStringLiteral("folder"));
    m_folder->setText(QDir::toNativeSeparators(settings.value(kFolderKey, QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)).toString()));
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setText(suggestedName());
    m_imagesLabel->setBuddy(m_images);
    m_recalibrateLabel->setBuddy(m_recalibrate);
    m_deviceLabel->setBuddy(m_device);
    m_folderLabel->setBuddy(m_folder);
    m_nameLabel->setBuddy(m_name);

    const auto withButton = [](QLineEdit* edit, QPushButton* button) {
        auto* row = new QHBoxLayout;
        row->addWidget(edit, 1);
        row->addWidget(button);
        return row;
    };
    auto* images = new QFormLayout(m_imagesBox);
    images->addRow(m_imagesLabel, withButton(m_images, m_browseImages));
    images->addRow(m_recalibrateLabel, m_recalibrate);
    auto* form = new QFormLayout;
    form->addRow(m_deviceLabel, m_device);
    form->addRow(QString(), m_grid);
    form->addRow(m_folderLabel, withButton(m_folder, m_browseFolder));
    form->addRow(m_nameLabel, m_name);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(10);
    layout->addWidget(m_formatsBox);
    layout->addWidget(m_imagesBox);
    layout->addLayout(form);

    for (auto* edit : {m_images, m_folder, m_name})
        connect(edit, &QLineEdit::textChanged, this, &ExportForm::changed);
    connect(m_imagesBox, &QGroupBox::toggled, this, &ExportForm::changed);
    connect(m_recalibrate, &QSpinBox::valueChanged, this, &ExportForm::changed);
    connect(m_device, &QComboBox::currentIndexChanged, this, &ExportForm::changed);
    connect(m_browseImages, &QPushButton::clicked, this, [this] { browse(m_images, tr("Folder of the images")); });
    connect(m_browseFolder, &QPushButton::clicked, this, [this] { browse(m_folder, tr("Where the folder is to be made")); });
    retranslate();
}

void ExportForm::browse(QLineEdit* edit, const QString& title)
{
    if (const auto path = QFileDialog::getExistingDirectory(this, title, wholePath(edit)); !path.isEmpty())
        edit->setText(QDir::toNativeSeparators(path));
}

void ExportForm::retranslate()
{
    setLocale(QLocale()); // of numbers in fields that are there already
    m_formatsBox->setTitle(tr("Write"));
    for (auto* box : m_formats) {
        box->setText(titleOf(box->objectName()));
        for (const auto& f : kFormats)
            if (box->objectName() == QLatin1String(f.id))
                box->setToolTip(tr(f.tip));
    }
    m_imagesBox->setTitle(tr("Recalibrate and measure on &images"));
    m_imagesBox->setToolTip(tr("Batch norm is recalibrated on some of the training images, and accuracy is measured on the test images"));
    m_imagesLabel->setText(tr("Data &set"));
    m_images->setPlaceholderText(tr("Folder: IDX, CIFAR-10 or CIFAR-100, or a folder a class"));
    m_recalibrateLabel->setText(tr("&Recalibrate on"));
    m_recalibrate->setSuffix(tr(" images"));
    m_recalibrate->setSpecialValueText(tr("No images, measure only"));
    m_recalibrate->setToolTip(tr("2000 are usual"));
    m_deviceLabel->setText(tr("De&vice of the card"));
    m_device->setToolTip(tr("Latency, energy and emissions in the model card are those on this device"));
    m_grid->setText(tr("Emissions with the assumptions of the window: grid %1, PUE %2").arg(QString::fromStdString(m_carbon.grid), QLocale().toString(m_carbon.pue)));
    m_folderLabel->setText(tr("&Folder"));
    m_nameLabel->setText(tr("&Name"));
    m_name->setToolTip(tr("A folder with this name is made in the folder above"));
    for (auto* b : {m_browseImages, m_browseFolder})
        b->setText(tr("Browse…"));
    m_browseImages->setAccessibleName(tr("Browse for the data set"));
    m_browseFolder->setAccessibleName(tr("Browse for the folder"));
    fillDevices();
}

void ExportForm::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

/// First what the window shows, as it shows it; a list of ids stands behind each.
void ExportForm::fillDevices()
{
    const int before = std::max(0, m_device->currentIndex());
    const QSignalBlocker quiet(m_device);
    m_device->clear();
    const auto add = [this](const QString& text, const std::vector<std::string>& ids) {
        QStringList list;
        for (const auto& id : ids)
            list += QString::fromStdString(id);
        m_device->addItem(text, list);
    };
    const auto& bundle = *m_world->bundle;
    if (!m_devices.empty()) {
        QStringList titles;
        for (const auto& d : m_world->devices)
            titles += QString::fromStdString(d.device.title);
        add(titles.join(QStringLiteral(", ")), m_devices);
    }
    for (const auto& [id, title] : deviceChoices(bundle))
        if (m_devices != std::vector{id})
            add(QString::fromStdString(title), {id});
    if (bundle.devices.size() > 1)
        add(tr("All devices of the bundle"), {});
    if (m_device->count() == 0)
        add(tr("None is known"), {});
    m_device->setCurrentIndex(before);
}

/// "samsung-note10-17.8ms"; where no latency is known "subnet-160px".
QString ExportForm::suggestedName() const
{
    auto name = QStringLiteral("subnet-%1px").arg(m_subnet.resolution);
    if (const auto latency = m_world->figure(m_subnet, {Metric::LatencyMs, 0}); latency && !m_world->devices.empty())
        name = QStringLiteral("%1-%2ms").arg(QString::fromStdString(m_world->devices.front().device.id), QString::number(latency->value, 'f', latency->value < 100 ? 1 : 0));
    static const QRegularExpression odd(QStringLiteral("[^A-Za-z0-9._-]+"));
    return name.replace(odd, QStringLiteral("-"));
}

ExportRequest ExportForm::request() const
{
    ExportRequest r;
    r.bundle = m_bundle;
    r.subnet = m_subnet;
    for (const auto* box : m_formats)
        if (box->isChecked())
            r.formats += box->objectName();
    r.folder = QDir(wholePath(m_folder)).filePath(m_name->text().trimmed());
    if (m_imagesBox->isChecked())
        r.images = wholePath(m_images);
    r.recalibrate = m_recalibrate->value();
    for (const auto& id : m_device->currentData().toStringList())
        r.devices.push_back(id.toStdString());
    r.carbon = m_carbon;
    return r;
}

QString ExportForm::problem() const
{
    const auto name = m_name->text().trimmed();
    if (!m_world->bundle->weights)
        return tr("The bundle holds no weights, so there is nothing to cut the subnet out of.");
    if (std::none_of(m_formats.begin(), m_formats.end(), [](const auto* box) { return box->isChecked(); }))
        return tr("Choose what to write.");
    if (m_imagesBox->isChecked() && m_images->text().trimmed().isEmpty())
        return tr("Name the folder of the data set, or do without images.");
    if (m_imagesBox->isChecked() && !QFileInfo(wholePath(m_images)).isDir())
        return tr("There is no folder %1.").arg(QDir::toNativeSeparators(wholePath(m_images)));
    if (m_folder->text().trimmed().isEmpty())
        return tr("Choose a folder.");
    if (name.isEmpty())
        return tr("Give the export a name.");
    if (name.contains(u'/') || name.contains(QDir::separator()) || name.startsWith(u'.'))
        return tr("A name has no slash in it and does not begin with a point.");
    return {};
}

QString ExportForm::advice() const
{
    const auto r = request();
    if ((r.images.isEmpty() || r.recalibrate == 0) && !isLargest(m_world->space(), m_subnet))
        return tr("Batch norm keeps the statistics of the supernet: without recalibration the accuracy of most subnets collapses.");
    return {};
}

void ExportForm::setName(const QString& name) { m_name->setText(name); }

void ExportForm::save() const
{
    const auto r = request();
    QSettings settings;
    settings.setValue(kFormatsKey, r.formats);
    settings.setValue(kUseImagesKey, m_imagesBox->isChecked());
    settings.setValue(kImagesKey, m_images->text().trimmed());
    settings.setValue(kRecalibrateKey, r.recalibrate);
    settings.setValue(kFolderKey, wholePath(m_folder));
}

QString ExportForm::titleOf(const QString& format)
{
    for (const auto& f : kFormats)
        if (format == QLatin1String(f.id))
            return tr(f.title);
    return format; // one that the command line has learnt since
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/exportresult.h"

#include <QDir>
#include <QEvent>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLocale>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace paretoscope::desktop {

ExportResult::ExportResult(QWidget* parent)
    : QWidget(parent)
    , m_written(new QLabel)
    , m_check(new QLabel)
    , m_notes(new QLabel)
    , m_files(new QTableWidget(0, 3))
{
    m_written->setObjectName(QStringLiteral("written"));
    m_check->setObjectName(QStringLiteral("check"));
    m_notes->setObjectName(QStringLiteral("notes"));
    m_files->setObjectName(QStringLiteral("files"));
    m_files->verticalHeader()->hide();
    m_files->setShowGrid(false);
    m_files->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_files->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_files->setTabKeyNavigation(false);
    m_files->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_files->horizontalHeader()->setStretchLastSection(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    for (auto* label : {m_written, m_check, m_notes}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        layout->addWidget(label);
    }
    layout->insertWidget(2, m_files, 1);
}

void ExportResult::show(const QString& folder, const QString& kept, const CliOutcome& outcome)
{
    m_folder = folder;
    m_kept = kept;
    m_outcome = outcome;
    retranslate();
}

void ExportResult::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ExportResult::retranslate()
{
    m_files->setAccessibleName(tr("Files that were written"));
    m_files->setHorizontalHeaderLabels({tr("File"), tr("Size"), tr("Check")});
    auto written = tr("<b>Exported to %1</b>").arg(QDir::toNativeSeparators(m_folder).toHtmlEscaped());
    if (!m_kept.isEmpty())
        written += QStringLiteral("<br>") + tr("What was there before is in %1.").arg(QDir::toNativeSeparators(m_kept).toHtmlEscaped());
    m_written->setText(written);
    auto check = filesText();
    if (const auto measured = measuredText(); !measured.isEmpty())
        check += QStringLiteral("<br>") + measured;
    m_check->setText(check);
    QStringList notes;
    for (const auto& n : m_outcome.notes)
        notes += QStringLiteral("⚠ ") + n.toHtmlEscaped();
    m_notes->setText(notes.join(QStringLiteral("<br>")));
    m_notes->setVisible(!notes.isEmpty());
}

QString ExportResult::filesText()
{
    const QLocale locale;
    const auto files = QJsonDocument::fromJson(m_outcome.output).object()[u"files"].toArray();
    std::optional<double> largest;
    m_files->setRowCount(static_cast<int>(files.size()));
    for (int row = 0; row < m_files->rowCount(); ++row) {
        const auto file = files[row].toObject();
        const auto difference = file[u"maxAbsDifference"];
        auto check = tr("read back");
        if (difference.isDouble()) {
            largest = std::max(largest.value_or(0), difference.toDouble());
            check = difference.toDouble() == 0 ? tr("opened again: the same logits") : tr("opened again: logits differ by at most %1").arg(locale.toString(difference.toDouble(), 'g', 2));
        }
        const QString texts[] = {file[u"name"].toString(), locale.formattedDataSize(static_cast<qint64>(file[u"bytes"].toDouble())), check};
        for (int column = 0; column < m_files->columnCount(); ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setToolTip(file[u"note"].toString());
            if (column == 1)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_files->setItem(row, column, item);
        }
    }
    if (files.isEmpty())
        return QStringLiteral("⚠ ") + tr("The files are written, but the report on them could not be read: it comes from another version of the command line.");
    return QStringLiteral("✔ ") + (largest ? tr("Every file was opened again. Largest difference of a logit: %1").arg(locale.toString(*largest, 'g', 2)) : tr("Every file was read back."));
}

QString ExportResult::measuredText() const
{
    const QLocale locale;
    const auto json = QJsonDocument::fromJson(m_outcome.output).object();
    const auto top1 = json[u"top1Percent"].toObject();
    if (!top1[u"value"].isDouble())
        return {};
    const auto percent = [&](const char* key) { return locale.toString(top1[QLatin1String(key)].toDouble(), 'f', 2); };
    const auto text = tr("Top-1 measured on %1 images: %2 % (%3 to %4)").arg(locale.toString(json[u"images"].toInt()), percent("value"), percent("low"), percent("high"));
    const int recalibrated = json[u"recalibrationImages"].toInt();
    return recalibrated ? text + QStringLiteral(" · ") + tr("batch norm recalibrated on %1").arg(locale.toString(recalibrated)) : text;
}

} // namespace paretoscope::desktop

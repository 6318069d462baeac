// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an export has written: files with sizes, how each was checked and with what outcome, the measured accuracy, and
// what to be careful of.
#pragma once

#include "workers/cliprocess.h"

#include <QWidget>

class QLabel;
class QTableWidget;

namespace paretoscope::desktop {

class ExportResult : public QWidget {
    Q_OBJECT
public:
    explicit ExportResult(QWidget* parent = nullptr);
    /// `kept`: where what was there before is now; empty where nothing was.
    void show(const QString& folder, const QString& kept, const CliOutcome& outcome);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    QString filesText(); // fills the table, too
    QString measuredText() const;

    QString m_folder, m_kept;
    CliOutcome m_outcome;
    QLabel *m_written, *m_check, *m_notes;
    QTableWidget* m_files;
};

} // namespace paretoscope::desktop

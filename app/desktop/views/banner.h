// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line above the plot where something is to be known before it is read: no subnet within the limits, an answer to
// another question, something that did not work. Each with what can be done.
#pragma once

#include "explorer.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace paretoscope::desktop {

class Banner : public QFrame {
    Q_OBJECT
public:
    explicit Banner(Explorer& explorer, QWidget* parent = nullptr);

    /// What did not work beside the search, such as saving; until the next change of phase. Empty: nothing.
    void setNotice(const QString& text);
    void retranslate();

signals:
    void relaxRequested();
    void detailsRequested();
    void reportRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow(ExplorerState::Changes what);
    void refresh();
    QString staleText() const;

    Explorer& m_explorer;
    QLabel* m_text;
    QPushButton *m_again, *m_relax, *m_details, *m_report;
    QString m_notice;
};

} // namespace paretoscope::desktop

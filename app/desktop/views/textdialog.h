// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A page of text to read, with links. What it says is made anew when the language changes.
#pragma once

#include <QDialog>

#include <functional>

class QTextBrowser;

namespace paretoscope::desktop {

class TextDialog : public QDialog {
    Q_OBJECT
public:
    struct Page {
        QString title, html;
    };
    explicit TextDialog(std::function<Page()> page, QWidget* parent = nullptr);
    QString text() const; // without its marks

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void fill();

    std::function<Page()> m_page;
    QTextBrowser* m_browser;
};

} // namespace paretoscope::desktop

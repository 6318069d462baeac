// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/textdialog.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <utility>

namespace paretoscope::desktop {

TextDialog::TextDialog(std::function<Page()> page, QWidget* parent)
    : QDialog(parent)
    , m_page(std::move(page))
    , m_browser(new QTextBrowser(this))
{
    m_browser->setOpenExternalLinks(true);
    m_browser->setFrameShape(QFrame::NoFrame);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_browser);
    layout->addWidget(buttons);
    resize(680, 620);
    fill();
}

QString TextDialog::text() const { return m_browser->toPlainText(); }

void TextDialog::fill()
{
    const auto page = m_page();
    setWindowTitle(page.title);
    m_browser->setAccessibleName(page.title);
    m_browser->setHtml(page.html);
}

void TextDialog::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        fill();
    QDialog::changeEvent(event);
}

/// Another bundle may be open, keys may be bound anew.
void TextDialog::showEvent(QShowEvent* event)
{
    fill();
    QDialog::showEvent(event);
}

} // namespace paretoscope::desktop

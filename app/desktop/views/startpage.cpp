// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/startpage.h"

#include "base/error.h"
#include "base/json.h"
#include "bundle/shipped.h"

#include <QEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace paretoscope::desktop {

namespace {

constexpr int kWidth = 640;

/// The title of a bundle, without opening all of it.
QString titleOf(const ShippedBundle& bundle)
{
    try {
        const auto json = readJsonFile(bundle.path / "bundle.json");
        return QString::fromStdString(JsonView(json, bundle.id).stringOr("title", bundle.id));
    } catch (const Error&) { // opening it says what is wrong
        return QString::fromStdString(bundle.id);
    }
}

void clear(QLayout* layout)
{
    while (auto* item = layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

QPushButton* wide(const QString& text, const QString& below, QWidget* parent)
{
    auto* button = new QPushButton(parent);
    button->setText(below.isEmpty() ? text : text + u'\n' + below);
    button->setMinimumHeight(below.isEmpty() ? 34 : 52);
    button->setStyleSheet(QStringLiteral("text-align: left; padding: 6px 14px;"));
    return button;
}

} // namespace

StartPage::StartPage(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_lead(new QLabel)
    , m_shippedHeading(new QLabel)
    , m_recentHeading(new QLabel)
    , m_what(new QLabel)
    , m_error(new QLabel)
    , m_loading(new QLabel)
    , m_step(new QLabel)
    , m_browse(new QPushButton)
    , m_cancel(new QPushButton)
    , m_continue(new QPushButton)
    , m_details(new QPushButton)
    , m_report(new QPushButton)
    , m_bar(new QProgressBar)
    , m_shipped(new QVBoxLayout)
    , m_recent(new QVBoxLayout)
    , m_start(new QWidget)
    , m_progress(new QWidget)
    , m_pages(new QStackedWidget)
{
    auto large = font();
    large.setPointSizeF(large.pointSizeF() * 2);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    for (auto* label : {m_lead, m_what, m_error, m_step})
        label->setWordWrap(true);
    for (auto* label : {m_lead, m_what, m_step})
        label->setProperty("quiet", true);
    for (auto* label : {m_shippedHeading, m_recentHeading, m_loading})
        label->setProperty("heading", true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setErrorShown(false);
    m_browse->setProperty("primary", true);
    m_continue->setProperty("primary", true);
    m_continue->hide();

    auto* start = new QVBoxLayout(m_start);
    start->setSpacing(10);
    start->addWidget(m_title);
    start->addWidget(m_lead);
    start->addWidget(m_error);
    auto* help = new QHBoxLayout;
    help->addWidget(m_details);
    help->addWidget(m_report);
    help->addStretch();
    start->addLayout(help);
    start->addSpacing(12);
    start->addWidget(m_continue, 0, Qt::AlignLeft);
    start->addWidget(m_shippedHeading);
    start->addLayout(m_shipped);
    start->addSpacing(8);
    start->addWidget(m_recentHeading);
    start->addLayout(m_recent);
    start->addSpacing(8);
    auto* open = new QHBoxLayout;
    open->addWidget(m_browse);
    open->addStretch();
    start->addLayout(open);
    start->addWidget(m_what);

    auto* progress = new QVBoxLayout(m_progress);
    progress->setSpacing(10);
    progress->addStretch();
    progress->addWidget(m_loading);
    progress->addWidget(m_bar);
    progress->addWidget(m_step);
    auto* stop = new QHBoxLayout;
    stop->addWidget(m_cancel);
    stop->addStretch();
    progress->addLayout(stop);
    progress->addStretch();

    m_pages->addWidget(m_start);
    m_pages->addWidget(m_progress);
    m_pages->setFixedWidth(kWidth);
    auto* column = new QVBoxLayout;
    column->addStretch(1);
    column->addWidget(m_pages);
    column->addStretch(2);
    auto* row = new QHBoxLayout(this);
    row->addStretch();
    row->addLayout(column);
    row->addStretch();

    connect(m_browse, &QPushButton::clicked, this, &StartPage::browseRequested);
    connect(m_continue, &QPushButton::clicked, this, [this] { emit openRequested(m_continuePath); });
    connect(m_cancel, &QPushButton::clicked, this, &StartPage::cancelRequested);
    connect(m_details, &QPushButton::clicked, this, &StartPage::detailsRequested);
    connect(m_report, &QPushButton::clicked, this, &StartPage::reportRequested);
    retranslate();
}

void StartPage::retranslate()
{
    m_title->setText(QStringLiteral("Paretoscope"));
    m_lead->setText(tr("Which subnet for this device, within these limits, at what carbon cost?"));
    m_shippedHeading->setText(tr("Try one that comes with the program"));
    m_recentHeading->setText(tr("Recent"));
    m_browse->setText(tr("Open…"));
    m_continue->setText(tr("Continue where you left off"));
    m_continue->setToolTip(tr("The last session was not saved; it was kept"));
    m_what->setText(tr("A bundle is a folder or a zip: a search space, predictors of accuracy, devices with their latencies, and perhaps the supernet's weights. "
                       "Drop one here. Released once-for-all files become a bundle with “paretoscope-cli import”."));
    m_cancel->setText(tr("Cancel"));
    m_details->setText(tr("Details"));
    m_details->setToolTip(tr("What happened, what it means, and what to do"));
    m_report->setText(tr("Copy report"));
    m_report->setToolTip(tr("As text, with version, bundle and question, to send to somebody who can help"));
    fillShipped();
    setRecent(m_recentPaths);
}

void StartPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void StartPage::fillShipped()
{
    clear(m_shipped);
    const auto bundles = shippedBundles();
    m_shippedHeading->setVisible(!bundles.empty());
    for (const auto& b : bundles) {
        auto* button = wide(titleOf(b), QString::fromStdString(b.id), this);
        connect(button, &QPushButton::clicked, this, [this, id = QString::fromStdString(b.id)] { emit openRequested(id); });
        m_shipped->addWidget(button);
    }
}

void StartPage::setRecent(const QStringList& paths)
{
    m_recentPaths = paths;
    clear(m_recent);
    m_recentHeading->setVisible(!paths.isEmpty());
    for (const auto& path : paths) {
        auto* button = wide(QFileInfo(path).fileName(), {}, this);
        button->setToolTip(path);
        connect(button, &QPushButton::clicked, this, [this, path] { emit openRequested(path); });
        m_recent->addWidget(button);
    }
}

void StartPage::setContinue(const QString& path)
{
    m_continuePath = path;
    m_continue->setVisible(!path.isEmpty());
}

void StartPage::setErrorShown(bool on)
{
    for (auto* widget : {static_cast<QWidget*>(m_error), static_cast<QWidget*>(m_details), static_cast<QWidget*>(m_report)})
        widget->setVisible(on);
}

void StartPage::showStart() { m_pages->setCurrentWidget(m_start); }

QString StartPage::stepText(const QString& step)
{
    if (step == u"session")
        return tr("reading the session");
    if (step == u"predictors")
        return tr("building predictors and tables");
    if (step == u"sample")
        return tr("drawing subnets");
    if (step == u"evaluate")
        return tr("predicting them");
    return tr("reading and checking: %1").arg(step);
}

void StartPage::showProgress(const QString& what, const QString& step, double share)
{
    setErrorShown(false);
    m_loading->setText(tr("Opening %1").arg(QFileInfo(what).fileName()));
    m_step->setText(stepText(step));
    m_bar->setRange(0, share > 0 ? 1000 : 0); // busy until there is a number
    m_bar->setValue(static_cast<int>(1000 * share));
    m_pages->setCurrentWidget(m_progress);
}

void StartPage::showError(const QString& what, const QString& message)
{
    m_error->setText(tr("<b>%1 could not be opened.</b><br>%2<br>Nothing was changed. Another bundle can be opened below.").arg(QFileInfo(what).fileName().toHtmlEscaped(), message.toHtmlEscaped()));
    setErrorShown(true);
    showStart();
}

} // namespace paretoscope::desktop

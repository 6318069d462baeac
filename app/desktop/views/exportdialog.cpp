// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/exportdialog.h"

#include "state/metrictext.h"
#include "views/exportform.h"
#include "views/exportresult.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QFrame>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <memory>

namespace paretoscope::desktop {

namespace {

constexpr int kBarSteps = 1000;
constexpr double kShareToTell = 0.05; // of a step; before that the time left is a guess

QLabel* textLabel(const char* id)
{
    auto* label = new QLabel;
    label->setObjectName(QLatin1String(id));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QPushButton* pushButton(const char* id)
{
    auto* button = new QPushButton;
    button->setObjectName(QLatin1String(id));
    button->setAutoDefault(false);
    return button;
}

QFrame* bannerFrame()
{
    auto* frame = new QFrame;
    frame->setProperty("banner", true);
    frame->hide();
    return frame;
}

QString shownPath(const QString& path) { return QDir::toNativeSeparators(path); }

QString sentences(const QStringList& parts)
{
    QStringList said;
    for (const auto& p : parts)
        if (!p.isEmpty())
            said += p.toHtmlEscaped();
    return said.join(u' ');
}

} // namespace

ExportDialog::ExportDialog(const ExplorerState& state, const QString& bundle, QWidget* parent)
    : QDialog(parent)
    , m_world(state.world())
    , m_subnet(state.current().value())
    , m_suggested(!state.selection())
    , m_reveal([](const QString& folder) { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); })
    , m_pages(new QStackedWidget)
    , m_form(new ExportForm(m_world, state.question(), bundle, m_subnet))
    , m_formPage(new QWidget)
    , m_progressPage(new QWidget)
    , m_result(new ExportResult)
    , m_heading(textLabel("heading"))
    , m_figures(textLabel("figures"))
    , m_said(textLabel("said"))
    , m_details(textLabel("details"))
    , m_attach(textLabel("attach"))
    , m_step(textLabel("step"))
    , m_left(textLabel("left"))
    , m_attachBox(bannerFrame())
    , m_questionBox(bannerFrame())
    , m_question(textLabel("question"))
    , m_answers(new QHBoxLayout)
    , m_bar(new QProgressBar)
    , m_copyAttach(pushButton("copyAttach"))
    , m_copy(pushButton("copy"))
    , m_export(pushButton("export"))
    , m_cancel(pushButton("cancel"))
    , m_revealButton(pushButton("reveal"))
    , m_again(pushButton("again"))
    , m_close(pushButton("close"))
{
    m_heading->setProperty("heading", true);
    for (auto* label : {m_figures, m_details, m_left})
        label->setProperty("quiet", true);
    m_export->setProperty("primary", true);
    m_export->setDefault(true);
    makeForm();
    makeProgress();
    m_pages->addWidget(m_result);
    auto* question = new QVBoxLayout(m_questionBox);
    question->addWidget(m_question);
    question->addLayout(m_answers);
    m_answers->addStretch();
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copy);
    buttons->addStretch();
    for (auto* b : {m_cancel, m_again, m_revealButton, m_export, m_close})
        buttons->addWidget(b);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(m_heading);
    layout->addWidget(m_figures);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_questionBox);
    layout->addWidget(m_said);
    layout->addWidget(m_details);
    layout->addLayout(buttons);
    resize(640, m_world->bundle->weights ? 620 : 680);

    connect(m_form, &ExportForm::changed, this, [this] {
        withdraw();
        refresh();
    });
    connect(m_copy, &QPushButton::clicked, this, [this] {
        auto r = m_pages->currentWidget() == m_formPage ? request() : m_request;
        if (m_pages->currentWidget() != m_formPage)
            r.folder = m_target;
        QGuiApplication::clipboard()->setText(shellCommand(CliProcess::shellProgram(), m_world->space(), r));
    });
    connect(m_copyAttach, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(attachCommand(CliProcess::shellProgram(), request().bundle)); });
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::begin);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_step->setText(tr("Stopping"));
        m_left->clear();
        withdraw();
        m_process.cancel();
    });
    connect(m_revealButton, &QPushButton::clicked, this, [this] { m_reveal(m_target); });
    connect(m_again, &QPushButton::clicked, this, [this] {
        m_pages->setCurrentWidget(m_formPage);
        refresh();
    });
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(&m_process, &CliProcess::progressed, this, &ExportDialog::follow);
    connect(&m_process, &CliProcess::finished, this, &ExportDialog::take);
    retranslate();
}

ExportDialog::~ExportDialog()
{
    if (!running())
        return;
    m_process.abandon();
    removeUnfinished(m_request.folder, m_process.pid());
}

void ExportDialog::makeForm()
{
    auto* attach = new QVBoxLayout(m_attachBox);
    attach->addWidget(m_attach);
    attach->addWidget(m_copyAttach, 0, Qt::AlignLeft);
    m_attachBox->setVisible(!m_world->bundle->weights);
    auto* layout = new QVBoxLayout(m_formPage);
    layout->setContentsMargins({});
    layout->addWidget(m_attachBox);
    layout->addWidget(m_form);
    layout->addStretch(1);
    m_pages->addWidget(m_formPage);
}

void ExportDialog::makeProgress()
{
    m_bar->setRange(0, kBarSteps);
    auto* layout = new QVBoxLayout(m_progressPage);
    layout->setContentsMargins({});
    layout->addStretch();
    layout->addWidget(m_step);
    layout->addWidget(m_bar);
    layout->addWidget(m_left);
    layout->addStretch();
    m_pages->addWidget(m_progressPage);
}

void ExportDialog::retranslate()
{
    setWindowTitle(tr("Export the subnet"));
    m_heading->setText(m_suggested ? tr("★ Suggested subnet") : tr("Selected subnet"));
    QStringList figures;
    for (const auto metric : {Metric::Top1Percent, Metric::LatencyMs, Metric::Macs, Metric::Params})
        if (const auto figure = m_world->figure(m_subnet, {metric, 0}))
            figures += QStringLiteral("%1 %2").arg(title(metric), figure->low == figure->high ? shown(metric, figure->value) : shown(metric, *figure)); // what is counted has no band
    figures += tr("resolution %1").arg(m_subnet.resolution);
    m_figures->setText(figures.join(QStringLiteral(" · ")));
    m_attach->setText(tr("<b>This bundle holds no weights.</b> Exporting needs those of the supernet. Download its released checkpoint, attach it with the command below, and open the bundle that this makes."));
    m_copyAttach->setText(tr("Copy the command that attaches weights"));
    m_copyAttach->setToolTip(attachCommand(CliProcess::shellProgram(), request().bundle));
    m_copy->setText(tr("Copy as command"));
    m_copy->setToolTip(tr("The line that does the same in a shell"));
    m_export->setText(tr("Export"));
    m_cancel->setText(tr("Cancel"));
    m_revealButton->setText(tr("Reveal in folder"));
    m_again->setText(tr("Export again…"));
    m_close->setText(tr("Close"));
    m_bar->setAccessibleName(tr("Progress of the export"));
    m_said->setAccessibleName(tr("Message"));
    withdraw();
    refresh();
}

void ExportDialog::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

ExportRequest ExportDialog::request() const { return m_form->request(); }

/// What can be pressed, and why not. What was said of the last export goes.
void ExportDialog::refresh()
{
    const auto* page = m_pages->currentWidget();
    const bool form = page == m_formPage, runs = page == m_progressPage, done = page == m_result;
    const auto problem = form ? m_form->problem() : QString();
    const auto text = problem.isEmpty() && form ? m_form->advice() : problem;
    m_export->setVisible(form);
    m_export->setEnabled(problem.isEmpty() && m_questionBox->isHidden());
    m_export->setToolTip(problem);
    m_cancel->setVisible(runs);
    m_revealButton->setVisible(done);
    m_again->setVisible(done);
    m_said->setText(text.isEmpty() ? QString() : QStringLiteral("⚠ ") + text.toHtmlEscaped());
    m_said->setVisible(!text.isEmpty());
    m_details->hide();
}

/// In the dialog and not over it: the fields stay open, and another answer is to change them.
void ExportDialog::ask(const QString& text, const std::vector<Answer>& answers)
{
    withdraw();
    m_question->setText(text);
    int number = 0;
    for (const auto& [label, answer] : answers) {
        auto* button = pushButton("answer");
        button->setText(label);
        button->setObjectName(QStringLiteral("answer%1").arg(number));
        connect(button, &QPushButton::clicked, this, [this, answer = answer] {
            withdraw();
            answer();
        });
        m_answers->insertWidget(number++, button);
    }
    m_questionBox->show();
    refresh();
    m_answers->itemAt(0)->widget()->setFocus();
}

void ExportDialog::withdraw()
{
    if (m_questionBox->isHidden())
        return;
    m_questionBox->hide();
    while (m_answers->count() > 1) { // what stays is the space behind them
        const std::unique_ptr<QLayoutItem> item(m_answers->takeAt(0));
        auto* button = item->widget();
        button->hide();
        button->setObjectName({});
        button->deleteLater(); // it may be the one that was pressed
    }
    refresh();
}

void ExportDialog::begin()
{
    auto r = request();
    m_target = r.folder;
    m_kept.clear();
    if (!isTaken(m_target))
        return run(std::move(r));
    const auto beside = freePath(m_target), kept = freePath(m_target + QStringLiteral("-old"));
    const auto nameOf = [](const QString& path) { return QFileInfo(path).fileName(); };
    ask(tr("<b>“%1” is there already.</b> Where it is replaced, what it holds now is kept as “%2”.").arg(nameOf(m_target).toHtmlEscaped(), nameOf(kept).toHtmlEscaped()),
        {{tr("Write “%1”").arg(nameOf(beside)),
             [this, beside] {
                 m_form->setName(QFileInfo(beside).fileName());
                 begin();
             }},
            {tr("Replace"),
                [this, r, kept]() mutable {
                    m_kept = kept;
                    r.folder = freePath(m_target + QStringLiteral("-new")); // until the old one is kept
                    run(r);
                }},
            {tr("Leave it"), [] {}}});
}

void ExportDialog::run(ExportRequest request)
{
    m_request = std::move(request);
    m_form->save();
    m_bar->setRange(0, 0); // busy, until the first number comes
    m_step->setText(tr("Starting"));
    m_left->clear();
    m_cancel->setEnabled(true);
    m_pages->setCurrentWidget(m_progressPage);
    m_process.start(argumentsOf(m_world->space(), m_request));
    refresh();
    m_cancel->setFocus();
}

void ExportDialog::follow(const CliProgress& p)
{
    if (!m_cancel->isEnabled()) // it is being stopped
        return;
    enum Stage { Opening, Recalibrating, Measuring, Writing };
    const auto begins = [&](const char* word) { return p.step.startsWith(QLatin1String(word)); };
    const auto stage = begins("export") ? Writing : begins("evaluating") ? Measuring : begins("recalibrating") ? Recalibrating : Opening;
    QString text;
    switch (stage) {
    case Opening: text = begins("opening ") ? tr("Opening the images") : tr("Opening the bundle"); break;
    case Recalibrating: text = tr("Recalibrating batch norm"); break;
    case Measuring: text = tr("Measuring on test images"); break;
    case Writing: text = begins("exporting ") ? tr("Writing and checking: %1").arg(ExportForm::titleOf(p.step.section(u' ', 1))) : tr("Finishing"); break;
    }
    const bool images = !m_request.images.isEmpty(), recalibrates = images && m_request.recalibrate > 0;
    const int of = 2 + images + recalibrates, number = 1 + (stage > Opening && recalibrates) + (stage > Recalibrating && images) + (stage > Measuring);
    m_bar->setRange(0, kBarSteps);
    m_bar->setValue(static_cast<int>(std::lround(kBarSteps * p.share)));
    m_step->setText(tr("Step %1 of %2 · %3").arg(number).arg(of).arg(text));
    m_left->setText(p.leftS && p.share >= kShareToTell && p.share < 1 ? tr("about %1 s left of this step").arg(QLocale().toString(std::max(1.0, std::round(*p.leftS)), 'f', 0)) : QString());
}

void ExportDialog::take(const CliOutcome& outcome)
{
    withdraw();
    if (outcome.how != CliOutcome::How::Done)
        removeUnfinished(m_request.folder, outcome.pid);
    m_pages->setCurrentWidget(m_formPage);
    refresh();
    if (outcome.how == CliOutcome::How::Failed) {
        fail(tr("Nothing was exported."), outcome.failure);
    } else if (outcome.how == CliOutcome::How::Cancelled) {
        m_said->setText(tr("Cancelled. Nothing was written, and nothing was changed."));
        m_said->show();
    } else if (const auto problem = m_request.folder == m_target ? std::nullopt : takeName(m_request.folder, m_target, m_kept)) {
        fail(tr("The files are written, but not under their name."), {*problem, tr("They are in %1.").arg(shownPath(m_request.folder)), tr("Rename it by hand, or export again under another name."), {}});
    } else {
        m_result->show(m_target, m_kept, outcome);
        m_pages->setCurrentWidget(m_result);
        refresh();
        m_revealButton->setFocus();
    }
    if (m_closing && outcome.how == CliOutcome::How::Cancelled)
        QDialog::reject();
    m_closing = false;
}

void ExportDialog::fail(const QString& heading, const CliFailure& failure)
{
    m_said->setText(QStringLiteral("⚠ <b>%1</b> %2").arg(heading.toHtmlEscaped(), sentences({failure.what, failure.means, failure.todo})));
    m_said->show();
    m_details->setText(failure.details.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
    m_details->setVisible(!failure.details.isEmpty());
    m_export->setFocus();
}

void ExportDialog::reject()
{
    if (!running()) {
        if (m_questionBox->isHidden())
            QDialog::reject();
        else
            withdraw();
        return;
    }
    ask(tr("<b>The export is still at work.</b> Where it is stopped, nothing is written."), {{tr("Stop and close"),
                                                                                                 [this] {
                                                                                                     m_closing = true; // once the child has gone
                                                                                                     running() ? m_cancel->click() : QDialog::reject();
                                                                                                 }},
                                                                                                {tr("Go on"), [] {}}});
}

} // namespace paretoscope::desktop

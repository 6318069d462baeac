// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chosen subnet as files. The command line writes them as a child, opens each again and compares; what it does, how
// it fails and what came out is said here, and the dialog stays for another try.
#pragma once

#include "state/explorerstate.h"
#include "state/exportrequest.h"
#include "workers/cliprocess.h"

#include <QDialog>

#include <functional>
#include <utility>
#include <vector>

class QFrame;
class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace paretoscope::desktop {

class ExportForm;
class ExportResult;

class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// Of the subnet that is spoken of now; it stays that one. `bundle`: path or id, as it was opened. There must be a world
    /// and a subnet.
    ExportDialog(const ExplorerState& state, const QString& bundle, QWidget* parent = nullptr);
    /// Ends what runs.
    ~ExportDialog() override;

    /// What would be exported as the fields are.
    ExportRequest request() const;
    bool running() const { return m_process.running(); }
    CliProcess& process() { return m_process; }
    /// What shows a folder to the person; the desktop's file manager where it is not set.
    void setReveal(std::function<void(const QString& folder)> reveal) { m_reveal = std::move(reveal); }

    void reject() override; // asks first where something runs

protected:
    void changeEvent(QEvent* event) override;

private:
    using Answer = std::pair<QString, std::function<void()>>;
    void makeForm();
    void makeProgress();
    void retranslate();
    void refresh();
    void begin();
    void run(ExportRequest request);
    void follow(const CliProgress& progress);
    void take(const CliOutcome& outcome);
    void fail(const QString& heading, const CliFailure& failure);
    void ask(const QString& text, const std::vector<Answer>& answers);
    void withdraw();

    std::shared_ptr<const World> m_world;
    Subnet m_subnet;
    bool m_suggested;
    CliProcess m_process;
    ExportRequest m_request; // of what runs or ran last
    QString m_target;        // the folder that it is to be; another one than that of the request until the old one is kept
    QString m_kept;          // what was there before
    std::function<void(const QString&)> m_reveal;
    bool m_closing = false;

    QStackedWidget* m_pages;
    ExportForm* m_form;
    QWidget *m_formPage, *m_progressPage;
    ExportResult* m_result;
    QLabel *m_heading, *m_figures, *m_said, *m_details, *m_attach, *m_step, *m_left;
    QFrame *m_attachBox, *m_questionBox;
    QLabel* m_question;
    QHBoxLayout* m_answers;
    QProgressBar* m_bar;
    QPushButton *m_copyAttach, *m_copy, *m_export, *m_cancel, *m_revealButton, *m_again, *m_close;
};

} // namespace paretoscope::desktop

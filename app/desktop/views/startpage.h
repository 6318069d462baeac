// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is seen before a bundle is open: the shipped ones, recent ones, a place to drop one, and the steps of opening.
#pragma once

#include <QWidget>

#include <string>
#include <vector>

class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace paretoscope::desktop {

class StartPage : public QWidget {
    Q_OBJECT
public:
    explicit StartPage(QWidget* parent = nullptr);
    void setRecent(const QStringList& paths);
    /// A session that was not saved; empty: there is none.
    void setContinue(const QString& path);
    void showStart();
    void showProgress(const QString& what, const QString& step, double share);
    /// What happened, and what can be done; the page stays usable.
    void showError(const QString& what, const QString& message);
    void retranslate();

signals:
    void openRequested(const QString& pathOrId);
    void browseRequested();
    void cancelRequested();
    void detailsRequested(); // of the error
    void reportRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void fillShipped();
    void setErrorShown(bool on);
    static QString stepText(const QString& step);

    QLabel *m_title, *m_lead, *m_shippedHeading, *m_recentHeading, *m_what, *m_error, *m_loading, *m_step;
    QPushButton *m_browse, *m_cancel, *m_continue, *m_details, *m_report;
    QProgressBar* m_bar;
    QVBoxLayout *m_shipped, *m_recent;
    QWidget *m_start, *m_progress;
    QStackedWidget* m_pages;
    QStringList m_recentPaths;
    QString m_continuePath;
};

} // namespace paretoscope::desktop

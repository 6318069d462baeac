// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sessionkeeper.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <chrono>
#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr std::chrono::milliseconds kAfterChange{1500};

} // namespace

SessionKeeper::SessionKeeper(Explorer& explorer, const QString& autosave, QObject* parent)
    : QObject(parent)
    , m_explorer(explorer)
    , m_autosave(autosave)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kAfterChange);
    connect(&m_timer, &QTimer::timeout, this, &SessionKeeper::autosave);
    connect(&m_explorer.state(), &ExplorerState::changed, this, &SessionKeeper::follow);
    connect(&m_explorer, &Explorer::sessionOpened, this, [this](const QString& path) {
        m_restored = m_kept = path == m_autosave;
        // What was restored after a crash has no file of its own.
        m_path = path == m_autosave ? QString() : path;
        m_saved = m_path.isEmpty() ? std::nullopt : std::optional(m_explorer.state().question());
        emit changed();
    });
}

QString SessionKeeper::defaultAutosave()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/autosave") + QString::fromLatin1(kSessionSuffix);
}

bool SessionKeeper::isModified() const
{
    auto& state = m_explorer.state();
    if (!state.world())
        return false;
    return m_saved ? state.question() != *m_saved : m_restored || state.undoStack().canUndo();
}

Session SessionKeeper::session() const
{
    auto& state = m_explorer.state();
    const auto& bundle = *state.world()->bundle;
    Session s;
    const auto source = QString::fromStdString(m_explorer.source());
    s.bundle = QFileInfo::exists(source) ? QFileInfo(source).absoluteFilePath().toStdString() : source.toStdString();
    s.bundleId = bundle.id;
    s.spaceId = bundle.space().id;
    s.question = state.question();
    if (const auto& answer = state.answer()) {
        s.front = answer->front.points.subnets;
        s.algorithm = name(answer->result->algorithm);
    }
    return s;
}

std::optional<QString> SessionKeeper::save(const QString& path)
{
    if (!m_explorer.state().world())
        return tr("There is nothing to save: no bundle is open.");
    try {
        saveSession(path.toStdString(), session(), m_explorer.state().world()->space());
    } catch (const Error& e) {
        return tr("The session was not saved: %1. What is shown is as it was; save it at another place.").arg(QString::fromUtf8(e.what()));
    }
    m_path = path;
    m_saved = m_explorer.state().question();
    m_restored = false;
    if (std::exchange(m_kept, false))
        dropLeftBehind();
    m_timer.stop();
    emit changed();
    return std::nullopt;
}

void SessionKeeper::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if ((what & S::PhaseChanged) && m_explorer.state().phase() == Phase::Loading)
        autosave(); // another bundle takes its place
    if (!m_explorer.state().world()) {
        m_path.clear();
        m_saved.reset();
        m_restored = m_kept = false;
        m_timer.stop();
        emit changed();
        return;
    }
    if ((what & S::WorldChanged) && (what & S::QuestionChanged)) { // another bundle
        m_path.clear();
        m_saved.reset();
        m_restored = m_kept = false;
    }
    if (what & (S::QuestionChanged | S::AnswerChanged)) {
        if (isModified())
            m_timer.start();
        emit changed();
    }
}

void SessionKeeper::autosave()
{
    if (m_autosave.isEmpty() || !m_explorer.state().world() || !isModified())
        return;
    QDir().mkpath(QFileInfo(m_autosave).absolutePath());
    try {
        saveSession(m_autosave.toStdString(), session(), m_explorer.state().world()->space());
        m_failed = false;
        m_kept = true;
    } catch (const Error& e) {
        if (!std::exchange(m_failed, true))
            emit autosaveFailed(tr("The session cannot be kept safe: %1").arg(QString::fromUtf8(e.what())));
    }
}

void SessionKeeper::finish()
{
    m_timer.stop();
    if (isModified())
        autosave();
    else if (m_explorer.state().world() && m_kept)
        dropLeftBehind();
}

std::optional<QString> SessionKeeper::leftBehind() const { return QFileInfo::exists(m_autosave) ? std::optional(m_autosave) : std::nullopt; }

void SessionKeeper::dropLeftBehind() { QFile::remove(m_autosave); }

} // namespace paretoscope::desktop

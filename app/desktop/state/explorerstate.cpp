// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/explorerstate.h"

#include <QUndoCommand>

#include <utility>

namespace paretoscope::desktop {

/// One step: the question before and after. Steps of one run, such as the drag of a slider, become one.
class ChangeQuestion final : public QUndoCommand {
public:
    ChangeQuestion(ExplorerState& state, const QString& text, int run, Question after)
        : QUndoCommand(text)
        , m_state(state)
        , m_run(run)
        , m_before(state.m_question)
        , m_after(std::move(after))
    {
    }
    void redo() override { m_state.apply(m_after); }
    void undo() override { m_state.apply(m_before); }
    int id() const override { return m_run; }
    bool mergeWith(const QUndoCommand* next) override
    {
        m_after = static_cast<const ChangeQuestion*>(next)->m_after;
        setObsolete(m_after == m_before); // came back to where it began: no step at all
        return true;
    }

private:
    ExplorerState& m_state;
    int m_run; // -1: merges with nothing
    Question m_before, m_after;
};

ExplorerState::ExplorerState(QObject* parent)
    : QObject(parent)
{
    m_undo.setUndoLimit(500);
    // After an undo the next drag is another step.
    connect(&m_undo, &QUndoStack::indexChanged, this, [this] {
        if (m_undo.index() < m_undo.count())
            m_merge.clear();
    });
}

void ExplorerState::open(std::shared_ptr<const World> world, std::shared_ptr<const Table> cloud, Question question)
{
    m_world = std::move(world);
    m_cloud = std::move(cloud);
    m_question = std::move(question);
    m_answer.reset();
    m_selection.reset();
    m_progress = {};
    m_failure.clear();
    m_merge.clear();
    m_undo.clear();
    m_second.reset();
    m_trace.clear();
    m_phase = Phase::Ready;
    emit changed(WorldChanged | CloudChanged | QuestionChanged | AnswerChanged | SelectionChanged | PhaseChanged);
}

void ExplorerState::close()
{
    open(nullptr, nullptr, {});
    setPhase(Phase::Empty);
}

void ExplorerState::change(const QString& text, const std::string& merge, const std::function<void(Question&)>& edit)
{
    auto after = m_question;
    edit(after);
    if (after == m_question)
        return;
    if (merge.empty() || merge != m_merge)
        ++m_run;
    m_merge = merge;
    m_undo.push(new ChangeQuestion(*this, text, merge.empty() ? -1 : m_run, std::move(after)));
}

void ExplorerState::apply(const Question& question)
{
    if (question == m_question)
        return;
    m_question = question;
    emit changed(QuestionChanged);
}

void ExplorerState::setPhase(Phase phase)
{
    if (phase == m_phase)
        return;
    m_phase = phase;
    emit changed(PhaseChanged);
}

void ExplorerState::setWorld(std::shared_ptr<const World> world, std::shared_ptr<const Table> cloud)
{
    m_world = std::move(world);
    m_cloud = std::move(cloud);
    emit changed(WorldChanged | CloudChanged);
}

void ExplorerState::setAnswer(std::shared_ptr<const Answer> answer)
{
    m_answer = std::move(answer);
    m_second.reset();
    m_trace.clear();
    m_failure.clear();
    m_phase = !m_answer ? Phase::Ready : m_answer->result->infeasible ? Phase::Infeasible : Phase::Results;
    emit changed(AnswerChanged | PhaseChanged);
}

void ExplorerState::addTrace(const SearchState& state)
{
    m_trace.push_back(state);
    emit changed(TraceChanged);
}

void ExplorerState::setSecond(std::shared_ptr<const SecondOpinion> opinion)
{
    m_second = std::move(opinion);
    emit changed(SecondChanged);
}

void ExplorerState::setProgress(const SearchState& progress)
{
    m_progress = progress;
    emit changed(ProgressChanged);
}

void ExplorerState::setFailure(const QString& text)
{
    m_failure = text;
    m_phase = Phase::Failed;
    emit changed(PhaseChanged);
}

void ExplorerState::select(const std::optional<Subnet>& subnet)
{
    if (subnet == m_selection)
        return;
    m_selection = subnet;
    emit changed(SelectionChanged);
}

std::optional<Subnet> ExplorerState::current() const
{
    if (m_selection)
        return m_selection;
    if (m_answer && m_answer->suggested)
        return m_answer->front.points.subnets[*m_answer->suggested];
    return std::nullopt;
}

} // namespace paretoscope::desktop

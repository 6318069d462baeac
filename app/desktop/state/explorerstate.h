// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one mutable thing of the window: question, answer, selection. Views read it and listen; whoever wants a change asks
// for it here, so that it can be undone.
#pragma once

#include "search/groups.h"
#include "search/request.h"
#include "state/table.h"

#include <QObject>
#include <QUndoStack>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope::desktop {

/// What is on screen; decides what is enabled.
enum class Phase {
    Empty,      // no bundle
    Loading,
    Ready,      // a cloud and limits, nothing searched yet
    Searching,
    Results,
    Infeasible, // no subnet satisfies the limits
    Stale,      // the answer is one to another question
    Failed,     // the last good answer stays
};

/// What came back, with all that is read off it. Immutable.
struct Answer {
    std::shared_ptr<const World> world;
    Question question;
    std::shared_ptr<const SearchResult> result;
    Table front;                          // every figure of the points of the front
    std::optional<std::size_t> suggested; // row of the front: its knee
    std::vector<double> halfWidthPercent; // by row: of the interval of top-1; 0 where none is known
    std::optional<AccuracyGroups> groups; // where there are intervals
};

struct SecondOpinion; // state/secondopinion.h

struct SearchState {
    std::uint64_t evaluations = 0;
    double elapsedMs = 0;
    std::optional<double> share, timeLeftMs;
    double hypervolume = 0;
};

class ExplorerState : public QObject {
    Q_OBJECT
public:
    enum Change : unsigned {
        WorldChanged = 1,     // another bundle, device or grid: all figures
        CloudChanged = 2,
        QuestionChanged = 4,  // limits, axes, filter, pins, …
        AnswerChanged = 8,
        SelectionChanged = 16,
        PhaseChanged = 32,
        ProgressChanged = 64,
        SecondChanged = 128,  // what the other predictor makes of the answer
        TraceChanged = 256,   // how far it has come
    };
    Q_DECLARE_FLAGS(Changes, Change)

    explicit ExplorerState(QObject* parent = nullptr);

    Phase phase() const { return m_phase; }
    const Question& question() const { return m_question; }
    const std::shared_ptr<const World>& world() const { return m_world; } // null while there is no bundle
    const std::shared_ptr<const Table>& cloud() const { return m_cloud; }
    const std::shared_ptr<const Answer>& answer() const { return m_answer; }
    const std::shared_ptr<const SecondOpinion>& second() const { return m_second; } // of the answer; null while there is none
    const std::optional<Subnet>& selection() const { return m_selection; }
    const SearchState& progress() const { return m_progress; }
    /// Of the search that makes the second opinion on the answer, from its beginning.
    const std::vector<SearchState>& trace() const { return m_trace; }
    const QString& failure() const { return m_failure; }
    QUndoStack& undoStack() { return m_undo; }

    /// A bundle is opened, with the question to begin with. Forgets undo, answer and selection.
    void open(std::shared_ptr<const World> world, std::shared_ptr<const Table> cloud, Question question);
    void close();

    /// A change that can be undone. Changes with the same `merge` that follow one another are one step (the drag of a
    /// slider); empty: a step of its own. A change that changes nothing is none.
    void change(const QString& text, const std::string& merge, const std::function<void(Question&)>& edit);
    /// Ends a run of merged changes: the next one is another step.
    void endMerge() { m_merge.clear(); }

    // From the workers.
    void setPhase(Phase phase);
    /// Figures on other devices or another grid for the question as it is.
    void setWorld(std::shared_ptr<const World> world, std::shared_ptr<const Table> cloud);
    void setAnswer(std::shared_ptr<const Answer> answer);
    void addTrace(const SearchState& state);
    void setSecond(std::shared_ptr<const SecondOpinion> opinion);
    void setProgress(const SearchState& progress);
    void setFailure(const QString& text);

    void select(const std::optional<Subnet>& subnet);
    /// The subnet that is spoken of: the selected one, else the suggested one.
    std::optional<Subnet> current() const;

signals:
    void changed(paretoscope::desktop::ExplorerState::Changes what);

private:
    friend class ChangeQuestion;
    void apply(const Question& question);

    Phase m_phase = Phase::Empty;
    Question m_question;
    std::shared_ptr<const World> m_world;
    std::shared_ptr<const Table> m_cloud;
    std::shared_ptr<const Answer> m_answer;
    std::shared_ptr<const SecondOpinion> m_second;
    std::optional<Subnet> m_selection;
    SearchState m_progress;
    std::vector<SearchState> m_trace;
    QString m_failure;
    std::string m_merge; // of the last change
    int m_run = 0;       // number of the run of merged changes
    QUndoStack m_undo;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(ExplorerState::Changes)

} // namespace paretoscope::desktop

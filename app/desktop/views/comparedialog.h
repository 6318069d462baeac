// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pinned subnets side by side: every figure with its difference to the first, which is best, how likely one is truly more
// accurate than another, who emits less from when on, and their architectures.
#pragma once

#include "models/comparemodel.h"
#include "state/emissions.h"
#include "state/explorerstate.h"

#include <QDialog>
#include <QTimer>

#include <thread>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QTableView;

namespace paretoscope::desktop {

class CompareDialog : public QDialog {
    Q_OBJECT
public:
    static constexpr std::size_t kFewest = 2, kMost = 4;
    /// Whether there is something to compare.
    static bool canCompare(const ExplorerState& state);

    /// Of the first kMost pins, and follows them.
    explicit CompareDialog(ExplorerState& state, QWidget* parent = nullptr);
    ~CompareDialog() override;
    CompareModel& model() { return m_model; }
    /// What stands below the table.
    QString words() const;

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void retranslate();
    void follow(ExplorerState::Changes what);
    void fill(bool again = false);
    void fitColumns();
    void showArchitectures();
    void showWords();
    void computeEmissions();

    /// What all that is shown depends on.
    struct Key {
        std::shared_ptr<const World> world;
        CarbonAssumptions carbon;
        std::vector<Pin> pins;
        std::size_t pinned = 0; // that are not shown, too
        bool operator==(const Key&) const = default;
    };

    ExplorerState& m_state;
    CompareModel m_model;
    Key m_key;
    std::vector<NetEmissions> m_emissions; // of the pins; empty until they are computed
    QString m_emissionsFailed;
    QTableView* m_table;
    QHBoxLayout* m_architectures;
    QLabel* m_words;
    QPushButton *m_copy, *m_copyMarkdown, *m_close;
    QTimer m_rest;           // emissions are computed once assumptions rest
    std::uint64_t m_run = 0; // of that computation
    std::jthread m_thread;
};

} // namespace paretoscope::desktop

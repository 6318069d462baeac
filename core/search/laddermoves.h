// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drawing changes of a subnet by their gain to first order. Private to this room.
#pragma once

#include "base/random.h"
#include "search/laddermodel.h"

namespace paretoscope::ladder {

/// A subnet on its way: what it costs, and what bounds it.
struct Candidate {
    Subnet subnet;
    std::vector<double> costs; // by row of the model; of sums they follow every move, of largest parts not
};

/// Draws moves with probability ∝ exp(gain / temperature) by the Gumbel-max trick: every score plus a Gumbel number,
/// then the largest. The numbers come from a table that is read from a random place on.
class MoveSampler {
public:
    explicit MoveSampler(const Model& model); // outlives it

    struct Context {
        const float* gains = nullptr; // a row of gradients
        std::span<const double> budget; // by row
        double price = 0; // of the binding row: gain that one unit of it is worth
        std::size_t bindingRow = 0;
        float temperature = 1;
        int excludedSlot = -1;
    };
    enum class Goal {
        Fit, // the best of those that bring or leave all rows within their budgets
        Free, // the best at the price of the binding row, whether it fits or not
        Save, // the best that lowers the binding row, credited for what exceeds the budget
    };
    /// Nothing where no move serves the goal.
    Move draw(const Candidate& candidate, const Context& context, Goal goal, Random& random);
    /// Applies the move and its costs.
    void apply(Candidate& candidate, Move move);
    /// Brings the candidate within the budgets by the moves that lose least. False where it does not succeed.
    bool repair(Candidate& candidate, Context context, Random& random);
    /// Spends what is left of the budgets while a move promises a gain, at most `moves` times.
    void fill(Candidate& candidate, const Context& context, int moves, Random& random);
    bool fits(const Candidate& candidate, std::span<const double> budget) const;
    /// The row that exceeds its budget by the largest share; rows().size() where none does.
    std::size_t worstRow(const Candidate& candidate, std::span<const double> budget) const;

private:
    const Model* m_model;
    const float* m_noise;
    std::vector<float> m_scratch;
    std::vector<float> m_scores;
    float m_drawnGain = 0; // of the last move drawn
};

} // namespace paretoscope::ladder

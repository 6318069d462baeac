// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Groups of annealed chains. A group is worked on by one thread at a time and depends on nothing but its own state and
// what it is given, so that the number of threads changes no result. Private to this room.
#pragma once

#include "search/laddermoves.h"
#include "search/ladderstairs.h"

#include <functional>

namespace paretoscope::ladder {

struct Chain {
    Subnet subnet;
    float raw = -1;
    std::vector<double> costs;
    std::vector<double> budget; // by row
    double price = 0; // gain in raw accuracy that a unit of the binding row is worth here
    bool alive = false; // has a subnet within its budget
};

/// The machinery that groups share.
struct Engine {
    const Model& model;
    const MlpGradient& gradient; // what chains follow; may be the fast one
    const Evaluator& evaluator; // what the archive gets
    bool exact = true; // whether `gradient` gives the archive's numbers
    std::vector<double> rowScale; // range of each row
};

struct RoundPlan {
    int steps = 0;
    float temperature = 0; // in raw accuracy
    const Staircase* front = nullptr; // of the archive; nothing with several costs
    std::function<bool()> stopped;
};

/// Raw accuracy that a fast evaluation is mostly within.
inline constexpr float kFastError = 1e-4f;
/// Evaluations that expanding one member takes at most, its own included.
inline constexpr std::size_t kExpansion = 9;

class Group {
public:
    Group(const Engine& engine, std::uint64_t seed);
    std::vector<Chain> chains;
    /// Sets a chain to a subnet; its value and gradient come with the next round.
    void reset(std::size_t chain, const Subnet& subnet);
    /// Looks for any subnet within the chain's budget, led by these gains. False where none was found.
    bool revive(std::size_t chain, const float* gains);
    /// Chain takes over another's state.
    void copyFrom(std::size_t chain, const Group& other, std::size_t from);

    void run(const RoundPlan& plan);
    /// Exact values of subnets, into `found` and `values`.
    void evaluate(std::span<const Subnet> subnets, std::size_t columns, const std::function<bool()>& stopped);
    /// Looks around members of the front: tries the single and paired changes that promise to rise above it most.
    void expand(std::span<const Subnet> members, const RoundPlan& plan);
    /// What the last round found, as the archive wants it, and how many evaluations that took.
    std::vector<Subnet> found;
    std::vector<double> values; // [found][dimensions]
    std::uint64_t evaluations = 0;
    std::uint64_t proposals = 0, accepted = 0; // of all rounds

private:
    void begin(const RoundPlan& plan);
    void promising(const Subnet& member, float raw, const float* gains);
    bool propose(std::size_t chain, Candidate& candidate, float temperature);
    void slotMoves(Candidate& candidate, MoveSampler::Context context);
    void changeResolution(Candidate& candidate);
    void changeWidths(Candidate& candidate);
    void jumpDepth(Candidate& candidate, const Chain& chain);
    void keep(const Subnet& subnet, float raw, std::span<const double> costs, float rival);
    void settle();

    const Engine* m_engine;
    Random m_random;
    MoveSampler m_sampler;
    MlpGradient::Workspace m_workspace;
    Evaluator::Workspace m_evaluatorWorkspace;
    std::vector<float> m_gradients; // [chain][stride]
    std::vector<std::size_t> m_fresh; // chains whose value and gradient are not known
    std::vector<Candidate> m_candidates;
    std::vector<Subnet> m_batch;
    std::vector<std::size_t> m_batchChain;
    std::vector<float> m_raw, m_rows;
    std::vector<std::uint64_t> m_seen; // hashes of what was kept lately
    Staircase m_front;
    bool m_hasFront = false;
    std::vector<double> m_scratch;
    std::vector<float> m_opCosts;
};

} // namespace paretoscope::ladder

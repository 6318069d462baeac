// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The evolutionary search of Once-for-All as it was published (Cai et al., ICLR 2020; the tutorial's finder and that of
// the package `ofa.nas`), draw by draw, so that published runs can be replayed. A baseline: Ladder and Exact find more.
#pragma once

#include "base/random.h"
#include "search/archive.h"
#include "search/control.h"
#include "search/problem.h"
#include "space/subnetjson.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace paretoscope {

enum class EvolutionVariant : std::uint8_t {
    Tutorial, // draws d, then e and ks block by block, then r
    Nas, // draws ks, e, d, then r
};

struct EvolutionSettings {
    EvolutionVariant variant = EvolutionVariant::Tutorial;
    double mostCost = 0; // the constraint, in the unit of the cost function
    int population = 100;
    int generations = 500;
    double parentRatio = 0.25;
    double mutationRatio = 0.5;
    double mutateProbability = 0.1;
    std::optional<double> resolutionProbability; // 0.1 in the tutorial, 0.5 in `ofa.nas`
    /// Of the first `population` random subnets so many are selected from. The published notebook of 2020 drew and
    /// scored 100, but went on with the first mutationRatio × population = 50; later versions with all.
    std::optional<int> initialPopulation;
    /// The reference draws without end where the constraint is too tight; here a run ends when this many subnets in a
    /// row cost too much.
    std::uint64_t mostAttempts = 1'000'000;

    int parents() const;
    int mutants() const;
    int initial() const { return initialPopulation.value_or(population); }
};

/// Where the numbers come from: Python's `random` for all but the choice of parents, which is NumPy's.
class Draws {
public:
    virtual ~Draws() = default;
    virtual double uniform() = 0; // random.random()
    virtual std::size_t choice(std::size_t n) = 0; // random.choice
    virtual void choices(std::size_t n, std::span<std::size_t> indices) = 0; // random.choices
    virtual std::size_t randint(std::size_t n) = 0; // numpy.random.randint
};

/// Both generators with the same seed, as in the published notebook. NumPy takes the lower 32 bits.
class SeededDraws final : public Draws {
public:
    explicit SeededDraws(std::uint64_t seed)
        : m_python(seed)
        , m_numpy(static_cast<std::uint32_t>(seed))
    {
    }
    double uniform() override { return m_python.uniform(); }
    std::size_t choice(std::size_t n) override { return m_python.choice(n); }
    void choices(std::size_t n, std::span<std::size_t> indices) override
    {
        for (auto& i : indices)
            i = m_python.weightless(n);
    }
    std::size_t randint(std::size_t n) override { return m_numpy.below(static_cast<std::uint32_t>(n)); }

private:
    PythonRandom m_python;
    NumpyRandom m_numpy;
};

/// The genes of the reference: blocks that depth switches off keep their kernel and expansion, and may be switched on
/// again with them. Order: ks, e, d, w (ResNet), r; a ResNet has no ks.
class EvolutionSpace {
public:
    /// Kernel and expansion: index in their stage; depth: its value; width: index; resolution: index among the allowed.
    using Genome = std::array<std::uint8_t, 2 * Subnet::kMaxSlots + Subnet::kMaxDepths + Subnet::kMaxWidths + 1>;

    /// Both outlive it.
    EvolutionSpace(const SearchSpace& space, const AllowedChoices& allowed);
    std::size_t size() const { return m_values.size(); }
    Subnet subnet(const Genome& genome) const;
    Genotype genotype(const Genome& genome) const; // with what is switched off

    Genome random(EvolutionVariant variant, Draws& draws) const;
    Genome mutant(Genome genome, double probability, double resolutionProbability, Draws& draws) const;
    Genome child(const Genome& a, const Genome& b, Draws& draws) const;

private:
    void redraw(Genome& genome, std::size_t gene, Draws& draws) const;
    void redrawAll(Genome& genome, std::size_t first, std::size_t last, Draws& draws) const;

    const SearchSpace* m_space;
    const AllowedChoices* m_allowed;
    std::vector<std::vector<std::uint8_t>> m_values; // by gene, in the order of the space's lists
    std::size_t m_kernels = 0; // number of kernel genes: as many as blocks, or none
    std::size_t m_slots = 0;
    std::size_t m_depths = 0; // index of the first
    std::size_t m_widths = 0;
    std::size_t m_resolution = 0;
};

struct EvolutionOutcome {
    double accuracy = -100; // of the best, as it was scored; -100 before there is one
    double cost = 0;
    Subnet subnet;
    Genotype genotype; // of the best, with what is switched off
    /// The best after each selection, with -100 in front. Children of the last generation are scored, but not looked
    /// at.
    std::vector<double> bestValids{-100};
    std::uint64_t attempts = 0; // subnets drawn, those that cost too much included
    std::uint64_t scored = 0;
    bool stuck = false; // mostAttempts subnets in a row cost too much
    bool stopped = false; // by the stop token
};

/// A run that somebody else drives: draw, score, draw, …
class EvolutionRun {
public:
    using Cost = std::function<double(const Subnet&)>;
    enum class State : std::uint8_t { Drawing, Ready, Finished };

    /// `space` and `draws` outlive it. @throws ValueError for settings that cannot be.
    EvolutionRun(const EvolutionSpace& space, const EvolutionSettings& settings, Draws& draws, Cost cost);
    /// Draws until a batch is ready or `attempts` subnets are drawn; goes on where it was.
    State draw(std::uint64_t attempts);
    std::span<const Subnet> batch() const { return m_subnets; }
    /// Accuracies of the batch, in order.
    void score(std::span<const double> accuracies);
    const EvolutionOutcome& outcome() const { return m_outcome; }

private:
    struct Member {
        double accuracy = 0;
        double cost = 0;
        EvolutionSpace::Genome genome{};
    };
    void select();
    void chooseParents();
    EvolutionSpace::Genome candidate();

    const EvolutionSpace& m_space;
    EvolutionSettings m_settings;
    double m_resolutionProbability;
    Draws& m_draws;
    Cost m_cost;
    State m_state = State::Drawing;
    int m_generation = -1; // of the batch; -1: the initial population
    std::size_t m_wanted = 0;
    std::uint64_t m_inARow = 0;
    std::size_t m_parent[2] = {0, 0};
    std::vector<Member> m_population; // after a selection: the parents
    std::vector<Member> m_children;
    std::vector<Subnet> m_subnets; // of the children
    EvolutionOutcome m_outcome;
};

using EvolutionScore = std::function<void(std::span<const Subnet>, std::span<double> accuracies)>;

/// One run to its end. The published seed, settings, predictor and table give the published result, unless two scores
/// lie closer together than float32 resolves: then the order of sums inside the predictor decides (one of four runs).
/// The token is honoured within a millisecond, in fruitless drawing, too.
EvolutionOutcome evolve(const EvolutionSpace& space, const EvolutionSettings& settings, Draws& draws,
    const EvolutionRun::Cost& cost, const EvolutionScore& score, std::stop_token stop = {});

/// As a search. One objective, top-1, and one limited cost: one run of 50,100 evaluations with the seed of the request,
/// however much more its bounds would allow. Top-1 and one cost as objectives: a run for each of 24 constraints, evenly
/// spaced over the costs that choices and limits allow, in turns; while a bound leaves room, again with further seeds.
/// Everything evaluated goes to the archive. `notes` gets what a person should know: constraints too tight to draw for.
/// Single-threaded: the same whatever `threads` says.
/// @throws ValueError for other shapes.
void searchEvolution(const SearchTask& task, const SearchRequest& request, Algorithm variant, Archive& archive,
    SearchControl& control, std::vector<std::string>* notes = nullptr);

} // namespace paretoscope

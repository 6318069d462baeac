// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a search works on, and a request in the form that solvers take.
#pragma once

#include "base/random.h"
#include "predict/predictor.h"
#include "search/request.h"
#include "space/costtable.h"

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// A target device as the search sees it: flat tables. A cost is the largest of its sums; mostly there is one.
struct SearchDevice {
    std::string id;
    std::vector<CostTable> latencyMs;
    std::vector<CostTable> energyJ;      // of one inference; empty where it is not known
    double co2eGPerMillionPerJ = 0;      // from energy to emissions; 0 where it is not known
    double weight = 1;                   // in the mean over devices
};

/// Space, predictor and devices: immutable, cheap to copy.
class SearchProblem {
public:
    /// @throws ValueError when nothing is left of the resolutions that space, predictor and devices share, the predictor
    /// does not fit the space, or a number in a predictor or table is not finite.
    SearchProblem(std::shared_ptr<const Parts> parts, std::optional<AccuracyPredictor> predictor, std::vector<SearchDevice> devices);

    const SearchSpace& space() const { return m_parts->space(); }
    const std::shared_ptr<const Parts>& parts() const { return m_parts; }
    const AccuracyPredictor* predictor() const { return m_predictor ? &*m_predictor : nullptr; }
    const std::vector<SearchDevice>& devices() const { return m_devices; }
    /// Those that predictor and all devices know, ascending. Of the space's list where it has any of them.
    const std::vector<int>& resolutions() const { return m_resolutions; }
    /// Percent as it is shown (calibrated) of a raw output.
    double top1Percent(double raw) const;

private:
    std::shared_ptr<const Parts> m_parts;
    std::optional<AccuracyPredictor> m_predictor;
    std::vector<SearchDevice> m_devices;
    std::vector<int> m_resolutions;
};

/// What subnets may consist of, by gene.
class AllowedChoices {
public:
    /// @throws ValueError naming a choice that the space does not have, or a stage of which nothing is left.
    AllowedChoices(const SearchSpace& space, const Choices& choices, std::vector<int> resolutions);
    const std::vector<int>& resolutions() const { return m_resolutions; }
    /// Operators (1 and up, as in Subnet::op) of a block position, ascending.
    const std::vector<std::uint8_t>& ops(int slot) const { return m_ops[static_cast<std::size_t>(slot)]; }
    bool hasOp(int slot, int op) const { return m_hasOp[static_cast<std::size_t>(slot)] >> op & 1; }
    /// Values of `Subnet::depth[gene]`, ascending.
    const std::vector<std::uint8_t>& depths(int gene) const { return m_depths[static_cast<std::size_t>(gene)]; }
    bool allows(const Subnet& subnet) const;
    /// Uniform over the resolutions, then over the distinct subnets.
    Subnet uniform(Random& random) const;
    /// The closest allowed subnet: choices that are not allowed become the nearest allowed ones.
    Subnet repaired(Subnet subnet) const;
    /// Distinct subnets over all resolutions, exact.
    std::string count() const;

private:
    const SearchSpace* m_space; // of the problem, which outlives this
    std::vector<int> m_resolutions;
    std::vector<std::vector<std::uint8_t>> m_ops;
    std::vector<std::uint64_t> m_hasOp; // bit by operator
    std::vector<std::vector<std::uint8_t>> m_depths;
    std::vector<std::vector<double>> m_depthWeight; // share of the distinct subnets, cumulated
};

/// A quantity that a solver carries along.
struct Dimension {
    enum class Form : std::uint8_t {
        Accuracy,    // the predictor
        Sum,         // one table
        MaxOfSums,   // the largest of several
        LargestPart, // the largest entry of one table over the parts of a subnet
    };
    SearchQuantity quantity;
    Form form = Form::Accuracy;
    bool maximised = false;
    std::vector<CostTable> tables; // in the unit of the quantity; their resolutions are those of the task
    double least = -std::numeric_limits<double>::infinity(); // the limits
    double most = std::numeric_limits<double>::infinity();
};

/// A request, checked and prepared. The problem outlives it.
struct SearchTask {
    const SearchProblem* problem = nullptr;
    AllowedChoices allowed;
    std::vector<Dimension> dimensions; // the objectives, in order, then quantities that are limited only
    std::size_t objectives = 0;
    std::optional<std::size_t> accuracy; // the dimension that is the predictor's

    const std::vector<int>& resolutions() const { return allowed.resolutions(); }
    std::vector<SearchQuantity> quantities() const;
    /// Within all limits.
    bool satisfies(std::span<const double> values) const;
};

/// @throws ValueError for no objective, one twice, one that the problem cannot give (saying what is missing), a limit
/// that contradicts itself or is NaN, a choice that the space does not have.
SearchTask prepare(const SearchProblem& problem, const SearchRequest& request);

/// Computes the dimensions of a task for many subnets. Thread-safe with a workspace for each thread.
class Evaluator {
public:
    explicit Evaluator(const SearchTask& task); // the task outlives it
    struct Workspace {
        MlpPredictor::Workspace mlp;
        std::vector<float> raw;
        std::vector<double> column;
    };
    std::size_t dimensions() const { return m_task->dimensions.size(); }
    /// `values` is [subnets][dimensions]. The subnets must be allowed ones.
    void evaluate(std::span<const Subnet> subnets, std::span<double> values, Workspace& workspace) const;

private:
    const SearchTask* m_task;
};

} // namespace paretoscope

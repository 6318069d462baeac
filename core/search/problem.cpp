// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/problem.h"

#include "base/error.h"
#include "space/accounting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

/// A max-of-sums over several devices multiplies its sums; beyond this it would no longer be searched exactly.
constexpr std::size_t kMostSums = 8;

void requireFinite(const CostTable& table, const std::string& device, const char* what)
{
    for (const double v : table.values())
        if (!std::isfinite(v) || v < 0)
            throw ValueError({device, fmt::format("{} table holds a number that cannot be a cost", what), fmt::format("{}", v), "finite, 0 or more"});
}

void intersect(std::vector<int>& have, const std::vector<int>& other)
{
    std::erase_if(have, [&](int r) { return std::find(other.begin(), other.end(), r) == other.end(); });
}

CostTable scaled(const CostTable& table, double factor, const std::vector<int>& resolutions)
{
    const auto variants = static_cast<std::size_t>(table.parts().variants());
    std::vector<double> values;
    values.reserve(variants * resolutions.size());
    for (const int r : resolutions) {
        const auto* from = table.values().data() + table.resolutionIndex(r) * variants;
        for (std::size_t i = 0; i < variants; ++i)
            values.push_back(factor * from[i]);
    }
    return CostTable(table.sharedParts(), resolutions, std::move(values));
}

/// All sums of one table of each device, weighted: the mean of maxima is the largest of these.
std::vector<CostTable> weightedMean(const std::vector<const std::vector<CostTable>*>& tables, const std::vector<double>& weights, const std::vector<int>& resolutions)
{
    std::vector<CostTable> sums;
    for (std::size_t d = 0; d < tables.size(); ++d) {
        std::vector<CostTable> next;
        for (const auto& table : *tables[d]) {
            const auto part = scaled(table, weights[d], resolutions);
            if (d == 0) {
                next.push_back(part);
                continue;
            }
            for (const auto& before : sums) {
                auto values = before.values();
                for (std::size_t i = 0; i < values.size(); ++i)
                    values[i] += part.values()[i];
                next.emplace_back(before.sharedParts(), resolutions, std::move(values));
            }
        }
        sums = std::move(next);
        if (sums.size() > kMostSums)
            throw ValueError({{}, "the weighted mean over these devices has too many sums", fmt::format("{}", sums.size()), fmt::format("at most {}; leave out devices that are bound by launches", kMostSums)});
    }
    return sums;
}

std::string text(const SearchProblem& problem, const SearchQuantity& q)
{
    const std::string n(name(q.metric));
    if (!dependsOnDevice(q.metric) || problem.devices().size() < 2)
        return n;
    return q.device == SearchQuantity::kMeanOfDevices ? "mean " + n : fmt::format("{} on {}", n, problem.devices()[static_cast<std::size_t>(q.device)].id);
}

std::vector<CostTable> deviceTables(const SearchProblem& problem, const SearchQuantity& q, const std::vector<int>& resolutions)
{
    const auto& devices = problem.devices();
    if (devices.empty())
        throw ValueError({std::string(name(q.metric)), "needs a device, and the search has none", {}, {}});
    std::vector<const std::vector<CostTable>*> tables;
    std::vector<double> weights;
    double total = 0;
    for (std::size_t d = 0; d < devices.size(); ++d) {
        if (q.device != SearchQuantity::kMeanOfDevices && q.device != static_cast<int>(d))
            continue;
        const auto& device = devices[d];
        const bool latency = q.metric == Metric::LatencyMs;
        if (!latency && device.energyJ.empty())
            throw ValueError({device.id, fmt::format("{} cannot be searched", name(q.metric)), "no power or work term of this device is known", {}});
        if (q.metric == Metric::Co2eGPerMillion && !(device.co2eGPerMillionPerJ > 0))
            throw ValueError({device.id, "emissions cannot be searched", "no grid was given", {}});
        tables.push_back(latency ? &device.latencyMs : &device.energyJ);
        const double weight = q.device == SearchQuantity::kMeanOfDevices ? device.weight : 1.0;
        weights.push_back(weight * (q.metric == Metric::Co2eGPerMillion ? device.co2eGPerMillionPerJ : 1.0));
        total += weight;
    }
    if (tables.empty())
        throw ValueError({std::string(name(q.metric)), "no such device in the search", fmt::format("{}", q.device), fmt::format("0 to {}", devices.size() - 1)});
    if (!(total > 0))
        throw ValueError({"mean " + std::string(name(q.metric)), "all devices have weight 0", {}, {}});
    for (double& w : weights)
        w /= total;
    return weightedMean(tables, weights, resolutions);
}

Dimension dimensionOf(const SearchProblem& problem, const SearchQuantity& q, const std::vector<int>& resolutions)
{
    Dimension d;
    d.quantity = q;
    d.maximised = isMaximised(q.metric);
    d.form = Dimension::Form::Sum;
    switch (q.metric) {
    case Metric::Top1Percent:
        if (!problem.predictor())
            throw ValueError({"top1", "the bundle has no accuracy predictor", {}, "a bundle with one: import --predictor or fit-predictor makes it"});
        d.form = Dimension::Form::Accuracy;
        break;
    case Metric::LatencyMs:
    case Metric::EnergyJ:
    case Metric::Co2eGPerMillion:
        d.tables = deviceTables(problem, q, resolutions);
        if (d.tables.size() > 1)
            d.form = Dimension::Form::MaxOfSums;
        break;
    case Metric::Macs:
        d.tables.push_back(CostTable::macs(problem.parts(), resolutions));
        break;
    case Metric::Params:
        d.tables.push_back(CostTable::params(problem.parts(), resolutions));
        break;
    case Metric::WeightBytes:
        d.tables.push_back(scaled(CostTable::params(problem.parts(), resolutions), 4, resolutions));
        break;
    case Metric::PeakActivationBytes:
        d.form = Dimension::Form::LargestPart;
        d.tables.push_back(CostTable::make(problem.parts(), resolutions,
            [](std::size_t, int, const Block& b, int size) { return static_cast<double>(account(b, size).peakActivationBytes); }));
        break;
    }
    return d;
}

void checkLimit(const SearchProblem& problem, const Limit& limit)
{
    const auto what = text(problem, limit.quantity);
    for (const auto& side : {limit.least, limit.most})
        if (side && !std::isfinite(*side))
            throw ValueError({what, "a limit that is no number", fmt::format("{}", *side), {}});
    if (limit.most && !isMaximised(limit.quantity.metric) && !(*limit.most > 0))
        throw ValueError({what, "a limit that no subnet can satisfy", fmt::format("at most {:g}", *limit.most), "more than 0"});
    if (limit.least && limit.most && *limit.least > *limit.most)
        throw ValueError({what, "limits that contradict each other", fmt::format("at least {:g}, at most {:g}", *limit.least, *limit.most), {}});
}

} // namespace

SearchProblem::SearchProblem(std::shared_ptr<const Parts> parts, std::optional<AccuracyPredictor> predictor, std::vector<SearchDevice> devices)
    : m_parts(std::move(parts))
    , m_predictor(std::move(predictor))
    , m_devices(std::move(devices))
    , m_resolutions(space().resolutions)
{
    // A released predictor and table may go beyond the list of the space; what they share with it counts first.
    std::vector<std::pair<std::string, std::vector<int>>> lists;
    if (m_predictor) {
        if (!m_predictor->fits(space()))
            throw ValueError({space().id, "the accuracy predictor is for another space", m_predictor->describe(), {}});
        lists.emplace_back("predictor", m_predictor->resolutions());
    }
    for (const auto& d : m_devices) {
        if (d.latencyMs.empty())
            throw ValueError({d.id, "a device without latencies", {}, {}});
        for (const auto& t : d.latencyMs)
            requireFinite(t, d.id, "the latency");
        for (const auto& t : d.energyJ)
            requireFinite(t, d.id, "the energy");
        if (!std::isfinite(d.weight) || d.weight < 0)
            throw ValueError({d.id, "the weight in the mean over devices", fmt::format("{}", d.weight), "0 or more"});
        lists.emplace_back(d.id, d.latencyMs.front().resolutions());
    }
    for (const auto& [who, list] : lists)
        intersect(m_resolutions, list);
    if (!m_resolutions.empty())
        return;
    std::vector<std::string> all{fmt::format("{} {}", space().id, fmt::join(space().resolutions, " "))};
    for (const auto& [who, list] : lists)
        all.push_back(fmt::format("{} {}", who, fmt::join(list, " ")));
    throw ValueError({"search", "space, predictor and devices have no resolution in common", joinNames(all), {}});
}

double SearchProblem::top1Percent(double raw) const
{
    const double percent = 100 * raw;
    return m_predictor && m_predictor->calibration ? m_predictor->calibration->apply(percent) : percent;
}

std::vector<SearchQuantity> SearchTask::quantities() const
{
    std::vector<SearchQuantity> list;
    for (const auto& d : dimensions)
        list.push_back(d.quantity);
    return list;
}

bool SearchTask::satisfies(std::span<const double> values) const
{
    for (std::size_t i = 0; i < dimensions.size(); ++i)
        if (!(values[i] >= dimensions[i].least && values[i] <= dimensions[i].most))
            return false;
    return true;
}

SearchTask prepare(const SearchProblem& problem, const SearchRequest& request)
{
    if (request.objectives.empty())
        throw ValueError({"search", "no objective", {}, "one or more of top1, latency, energy, co2e, macs, params, weight-bytes, peak-activation-bytes"});
    if (request.timeMs && !(*request.timeMs > 0 && std::isfinite(*request.timeMs)))
        throw ValueError({"search", "the time limit", fmt::format("{:g} ms", *request.timeMs), "more than 0"});
    if (request.evaluations && *request.evaluations == 0)
        throw ValueError({"search", "the limit of evaluations", "0", "1 or more"});
    if (!(request.epsilon >= 0 && request.epsilon < 1))
        throw ValueError({"search", "epsilon", fmt::format("{:g}", request.epsilon), "0 or more, below 1"});
    SearchTask task{&problem, AllowedChoices(problem.space(), request.choices, problem.resolutions()), {}, request.objectives.size(), {}};
    for (const auto& q : request.objectives) {
        for (const auto& d : task.dimensions)
            if (d.quantity == q)
                throw ValueError({"search", "an objective that is named twice", text(problem, q), {}});
        task.dimensions.push_back(dimensionOf(problem, q, task.resolutions()));
    }
    std::vector<SearchQuantity> limited;
    for (const auto& limit : request.limits) {
        if (std::find(limited.begin(), limited.end(), limit.quantity) != limited.end())
            throw ValueError({text(problem, limit.quantity), "limited twice", {}, {}});
        limited.push_back(limit.quantity);
        checkLimit(problem, limit);
        auto at = std::find_if(task.dimensions.begin(), task.dimensions.end(), [&](const Dimension& d) { return d.quantity == limit.quantity; });
        if (at == task.dimensions.end())
            at = task.dimensions.insert(at, dimensionOf(problem, limit.quantity, task.resolutions()));
        at->least = limit.least.value_or(at->least);
        at->most = limit.most.value_or(at->most);
    }
    for (std::size_t i = 0; i < task.dimensions.size(); ++i)
        if (task.dimensions[i].form == Dimension::Form::Accuracy)
            task.accuracy = i;
    if (request.reference && request.reference->size() != task.objectives)
        throw ValueError({"search", "the reference point of the hypervolume", fmt::format("{} numbers", request.reference->size()), fmt::format("{}, one an objective", task.objectives)});
    return task;
}

Evaluator::Evaluator(const SearchTask& task)
    : m_task(&task)
{
}

void Evaluator::evaluate(std::span<const Subnet> subnets, std::span<double> values, Workspace& w) const
{
    const auto n = subnets.size(), columns = dimensions();
    w.column.resize(n);
    for (std::size_t c = 0; c < columns; ++c) {
        const auto& d = m_task->dimensions[c];
        const auto put = [&](std::size_t i, double v) { values[i * columns + c] = v; };
        switch (d.form) {
        case Dimension::Form::Accuracy: {
            const auto& problem = *m_task->problem;
            if (const auto* mlp = problem.predictor()->mlp()) {
                w.raw.resize(n);
                mlp->predict(subnets, w.raw, w.mlp);
                for (std::size_t i = 0; i < n; ++i)
                    put(i, problem.top1Percent(w.raw[i]));
            } else {
                problem.predictor()->predict(subnets, w.column);
                for (std::size_t i = 0; i < n; ++i)
                    put(i, problem.top1Percent(w.column[i]));
            }
            break;
        }
        case Dimension::Form::Sum:
        case Dimension::Form::MaxOfSums:
            for (std::size_t t = 0; t < d.tables.size(); ++t) {
                d.tables[t].costs(subnets, w.column);
                for (std::size_t i = 0; i < n; ++i)
                    put(i, t == 0 ? w.column[i] : std::max(values[i * columns + c], w.column[i]));
            }
            break;
        case Dimension::Form::LargestPart: {
            const auto& table = d.tables.front();
            const auto& parts = table.parts();
            for (std::size_t i = 0; i < n; ++i) {
                const auto r = table.resolutionIndex(subnets[i].resolution);
                double largest = 0;
                for (std::size_t p = 0; p < parts.size(); ++p)
                    if (const int v = parts.variantOf(subnets[i], p); v >= 0)
                        largest = std::max(largest, table.at(r, p, v));
                put(i, largest);
            }
            break;
        }
        }
    }
}

} // namespace paretoscope

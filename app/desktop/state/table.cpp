// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/table.h"

#include "bundle/searchproblem.h"
#include "carbon/grid.h"
#include "space/accounting.h"
#include "space/sampling.h"
#include "space/stratified.h"

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr Metric kMetrics[] = {Metric::Top1Percent, Metric::LatencyMs, Metric::EnergyJ, Metric::Co2eGPerMillion, Metric::Macs, Metric::Params, Metric::WeightBytes, Metric::PeakActivationBytes};
constexpr int kStrata = 32;

UsePhase usePhaseOf(const CarbonAssumptions& carbon)
{
    auto gPerKwh = builtInGrids().find(carbon.grid).gPerKwh;
    if (!gPerKwh.low || !gPerKwh.high) // the user's own number is taken at its word
        gPerKwh.low = gPerKwh.high = gPerKwh.value;
    return {gPerKwh, carbon.chargingEfficiency, carbon.pue};
}

bool isKnown(const World& world, Metric metric, std::size_t device)
{
    const auto& devices = world.problem->devices();
    switch (metric) {
    case Metric::Top1Percent: return world.problem->predictor() != nullptr;
    case Metric::LatencyMs: return device < devices.size();
    case Metric::EnergyJ: return device < devices.size() && !devices[device].energyJ.empty();
    case Metric::Co2eGPerMillion: return device < devices.size() && !devices[device].energyJ.empty() && devices[device].co2eGPerMillionPerJ > 0;
    default: return true;
    }
}

Estimate exact(double value, const char* how) { return {value, value, value, Kind::Measured, how}; }

} // namespace

bool World::knows(SearchQuantity quantity) const { return std::find(quantities.begin(), quantities.end(), quantity) != quantities.end(); }

std::optional<Estimate> World::figure(const Subnet& subnet, SearchQuantity quantity) const
{
    if (!knows(quantity))
        return std::nullopt;
    const auto& resolutions = problem->resolutions();
    const bool everywhere = !dependsOnDevice(quantity.metric) && quantity.metric != Metric::Top1Percent; // counted, not looked up
    if (!everywhere && std::find(resolutions.begin(), resolutions.end(), subnet.resolution) == resolutions.end())
        return std::nullopt;
    const auto* known = dependsOnDevice(quantity.metric) ? &devices[static_cast<std::size_t>(quantity.device)] : nullptr;
    const auto total = [&] { return account(*bundle->parts, subnet).total; };
    switch (quantity.metric) {
    case Metric::Top1Percent: return bundle->predictor()->top1Percent(subnet);
    case Metric::LatencyMs: return known->device.latency(subnet);
    case Metric::EnergyJ: return known->energy.model->energy(subnet);
    case Metric::Co2eGPerMillion: return co2eGPerMillion(known->energy.model->energy(subnet), known->device.supply, use);
    case Metric::Macs: return exact(static_cast<double>(total().macs), "counted");
    case Metric::Params: return exact(static_cast<double>(total().params), "counted");
    case Metric::WeightBytes: return exact(static_cast<double>(total().weightBytes()), "counted, float32");
    case Metric::PeakActivationBytes: return exact(static_cast<double>(total().peakActivationBytes), "counted, float32, batch 1");
    }
    return std::nullopt;
}

std::shared_ptr<const World> makeWorld(std::shared_ptr<const Bundle> bundle, const std::vector<Device>& devices, const CarbonAssumptions& carbon)
{
    auto world = std::make_shared<World>();
    world->bundle = std::move(bundle);
    world->use = usePhaseOf(carbon);
    std::vector<SearchDevice> searched;
    for (const auto& d : devices) {
        world->devices.push_back({d, energyOf(d)});
        searched.push_back(searchDevice(d, world->devices.back().energy, world->use));
    }
    const auto* predictor = world->bundle->predictor();
    const auto& all = world->bundle->predictors;
    if (const auto mlp = std::find_if(all.begin(), all.end(), [](const AccuracyPredictor& p) { return p.kind() == PredictorKind::Mlp; }); mlp != all.end() && mlp != all.begin())
        world->second = std::make_shared<const SearchProblem>(world->bundle->parts, *mlp, searched);
    world->problem = std::make_shared<const SearchProblem>(world->bundle->parts, predictor ? std::optional(*predictor) : std::nullopt, std::move(searched));
    for (const auto metric : kMetrics)
        for (std::size_t d = 0; d < (dependsOnDevice(metric) ? devices.size() : 1); ++d)
            if (isKnown(*world, metric, d))
                world->quantities.push_back({metric, static_cast<int>(d)});
    return world;
}

std::optional<std::size_t> Table::column(SearchQuantity quantity) const
{
    const auto it = std::find(quantities.begin(), quantities.end(), quantity);
    return it == quantities.end() ? std::nullopt : std::optional(static_cast<std::size_t>(it - quantities.begin()));
}

Table tabulate(const World& world, std::span<const Subnet> subnets)
{
    SearchRequest all;
    all.objectives = world.quantities;
    const auto task = prepare(*world.problem, all);
    const Evaluator evaluator(task);
    Table table;
    table.quantities = world.quantities;
    table.points.dimensions = evaluator.dimensions();
    table.points.subnets.assign(subnets.begin(), subnets.end());
    table.points.values.resize(subnets.size() * evaluator.dimensions());
    Evaluator::Workspace workspace;
    evaluator.evaluate(subnets, table.points.values, workspace);
    return table;
}

std::vector<Subnet> cloudOf(const World& world, std::size_t count, std::uint64_t seed)
{
    const auto& resolutions = world.problem->resolutions();
    Random random(seed);
    std::vector<Subnet> subnets;
    for (std::size_t i = 0; i < count / 2; ++i)
        subnets.push_back(uniformSubnet(world.space(), random, resolutions[i % resolutions.size()]));
    const auto& devices = world.problem->devices();
    const auto cost = devices.empty() ? CostTable::macs(world.bundle->parts, resolutions) : devices.front().latencyMs.front();
    std::vector<StratifiedSampler> samplers;
    for (const int r : resolutions)
        samplers.emplace_back(cost, r, kStrata);
    while (subnets.size() < count)
        subnets.push_back(samplers[subnets.size() % samplers.size()].draw(random));
    return subnets;
}

std::vector<Metric> missed(const Table& table, std::size_t row, const Question& question)
{
    std::vector<Metric> metrics;
    for (const auto& limit : question.limits) {
        const auto column = table.column({limit.metric, 0});
        if (!limit.on || !column)
            continue;
        const double value = table.at(row, *column);
        if (isMaximised(limit.metric) ? value < limit.value : value > limit.value)
            metrics.push_back(limit.metric);
    }
    return metrics;
}

} // namespace paretoscope::desktop

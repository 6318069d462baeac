// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundle/searchproblem.h"

namespace paretoscope {

namespace {

double gPerMillionPerJ(Supply supply, const UsePhase& use)
{
    return co2eGPerMillion({1, {}, {}, Kind::User, {}}, supply, use).value;
}

} // namespace

SearchDevice searchDevice(const Device& device, const DeviceEnergy& energy, const UsePhase& use, double weight)
{
    SearchDevice d;
    d.id = device.id;
    d.latencyMs = device.sums;
    d.weight = weight;
    if (energy.model)
        d.energyJ = energy.model->tables();
    d.co2eGPerMillionPerJ = gPerMillionPerJ(device.supply, use);
    return d;
}

SearchProblem onGrid(const SearchProblem& problem, std::span<const Device> devices, const UsePhase& use)
{
    auto list = problem.devices();
    for (std::size_t i = 0; i < list.size(); ++i)
        list[i].co2eGPerMillionPerJ = gPerMillionPerJ(devices[i].supply, use);
    return SearchProblem(problem.parts(), problem.predictor() ? std::optional(*problem.predictor()) : std::nullopt, std::move(list));
}

} // namespace paretoscope

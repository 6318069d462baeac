// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/embodied.h"

#include "base/error.h"
#include "carbon/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

void need(bool condition, const char* where, double found, const std::string& allowed)
{
    if (!condition || !std::isfinite(found))
        throw ValueError({where, "number out of range", fmt::format("{}", found), allowed});
}

} // namespace

double sciShare(double hours, double lifeYears, double resourceShare)
{
    need(lifeYears > 0, "life_years", lifeYears, "more than 0");
    need(resourceShare >= 0 && resourceShare <= 1, "share", resourceShare, "0 to 1");
    const double life = lifeYears * kHoursPerYear;
    need(hours >= 0 && hours <= life * (1 + 1e-9), "hours", hours,
        fmt::format("0 to {:g}, the life of the device: a job cannot carry more than was made", life));
    return std::min(1.0, hours / life) * resourceShare;
}

double serverSharePerHour(double lifeYears, double utilisation)
{
    need(lifeYears > 0, "life_years", lifeYears, "more than 0");
    need(utilisation > 0 && utilisation <= 1, "util", utilisation, "above 0 up to 1");
    return 1 / (lifeYears * kHoursPerYear * utilisation);
}

double phoneShare(double activeSeconds, double lifeYears, double screenHoursPerDay)
{
    need(activeSeconds >= 0, "active_s", activeSeconds, "0 or more");
    need(lifeYears > 0, "life_years", lifeYears, "more than 0");
    need(screenHoursPerDay > 0 && screenHoursPerDay <= 24, "screen_hours_per_day", screenHoursPerDay, "above 0 up to 24");
    return std::min(1.0, activeSeconds / (lifeYears * 365 * screenHoursPerDay * 3600));
}

Uncertain dieGPerCm2(MonteCarlo& world, const DieRecipe& recipe, const std::string& name)
{
    need(recipe.yield > 0 && recipe.yield <= 1, "yield", recipe.yield, "above 0 up to 1");
    need(recipe.materialsGPerCm2 >= 0, "mpa", recipe.materialsGPerCm2, "0 or more");
    auto g = world.input(name + ".fabGrid", recipe.fabGPerKwh) * world.input(name + ".fabEnergy", recipe.energyKwhPerCm2);
    g += world.input(name + ".gas", recipe.gasGPerCm2);
    g += recipe.materialsGPerCm2;
    return g / recipe.yield;
}

} // namespace paretoscope

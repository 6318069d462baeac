// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Embodied carbon: what making a device emitted, and the share of it that one job carries. A share never exceeds the
// device. Sources: SCI 1.1.0 (ISO/IEC 21031:2024) for the share, ACT (Gupta et al., ISCA 2022) for parts.
#pragma once

#include "carbon/montecarlo.h"

namespace paretoscope {

// A year of life is 8760 h (facts.h): SCI counts 365 days; ACT counts 8766 h, 0.07 % more.

/// Which part of a device a job has: (hours / life) * share of its resources, between 0 and 1 (SCI: TiR/EL * RR/ToR).
/// @throws ValueError when a number is negative, the life is 0, or the job is longer than the life or wider than the
/// device: no job carries more than was made.
double sciShare(double hours, double lifeYears, double resourceShare);

/// Part of a server's making for one productive hour: 1 / (life * 8760 * utilisation). A machine that stands idle half
/// of its life makes each productive hour twice as heavy. @throws ValueError unless 0 < utilisation <= 1, life > 0.
double serverSharePerHour(double lifeYears, double utilisation);

/// Part of a phone: time spent inferring over time with the screen on, over its life; at most 1.
double phoneShare(double activeSeconds, double lifeYears, double screenHoursPerDay);

/// A logic die (ACT): area * (CI_fab * EPA + GPA + MPA) / yield + packages * 150 g.
struct DieRecipe {
    Quantity fabGPerKwh;           // electricity of the fab: Taiwan 583
    Quantity energyKwhPerCm2;      // EPA
    Quantity gasGPerCm2;           // GPA, after abatement
    double materialsGPerCm2 = 500; // MPA
    double yield = 0.875;
};

/// Gas per area at 97 % abatement, half-way between ACT's columns for 95 and 99 %.
inline double gasAt97(double gpa95, double gpa99) { return (gpa95 + gpa99) / 2; }

/// g per cm² of good die. @throws ValueError unless 0 < yield <= 1.
Uncertain dieGPerCm2(MonteCarlo& world, const DieRecipe& recipe, const std::string& name = "die");

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The training phase: energy at the computers, energy of the facility, carbon. Energy comes first, so that another grid
// multiplies and never measures again.
#pragma once

#include "base/estimate.h"

namespace paretoscope {

/// The three stay apart: E_facility = PUE · E_it; C = E_facility · g/kWh.
struct TrainingCost {
    Estimate itKwh, pue, facilityKwh, gPerKwh, co2eKg;
};
TrainingCost trainingCost(const Estimate& itKwh, const Estimate& pue, const Estimate& gPerKwh);

/// Strubell et al. 2019, equation 1: facility kWh of a run. PUE 1.58 and 0.954 lb/kWh (EPA 2018, United States).
inline double strubellKwh(double hours, double powerW, double pue) { return pue * hours * powerW / 1000; }
inline constexpr double kStrubellLbPerKwh = 0.954;

/// Share of its TDP that an accelerator draws: with everything else of its node in it (0.60 to 1.10: Strubell et al.
/// 2019, Patterson et al. 2021), or alone (0.5 to 1).
inline constexpr double kNodeShareOfTdp = 0.85;
inline constexpr double kGpuShareOfTdp = 0.75;
/// Fans, losses of the power supply, disks, network, where CPU, GPU and memory are counted one by one (1.05 to 1.30).
inline constexpr double kOtherParts = 1.15;

/// Model FLOPs utilisation where none is known (0.2 to 0.5).
inline constexpr double kDefaultMfu = 0.35, kLowMfu = 0.2, kHighMfu = 0.5;
/// Seconds of one device: FLOPs / (peak · MFU). With an MFU of 1 it is a lower bound.
inline double deviceSeconds(double flop, double peakFlops, double mfu) { return flop / (peakFlops * mfu); }

} // namespace paretoscope

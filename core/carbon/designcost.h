// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cost of designing networks for N deployment targets: no search, search per target, once for all (Cai et al. 2020,
// Table 1, with the watts of Strubell et al. 2019).
#pragma once

#include "carbon/facttable.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// What one GPU-hour costs. Defaults: the BERT node of Strubell et al. 2019 over its 64 V100, and p3.16xlarge on
/// demand.
struct DesignRates {
    double nodeW = 12041.51;
    double gpus = 64;
    double pue = 1.58;
    double lbPerKwh = 0.954;
    double usdPerGpuHour = 3.06;

    double wPerGpu() const { return nodeW / gpus; }
    double kwhPerGpuHour() const { return wPerGpu() * pue / 1000; } // facility
    double lbPerGpuHour() const { return kwhPerGpuHour() * lbPerKwh; }
    double kgPerGpuHour() const;
};

/// GPU-hours of a method: constant + N · (search + train).
struct DesignHours {
    double constant = 0, search = 0, train = 0;
    double total(double targets) const { return constant + targets * (search + train); }
};

/// A row of the paper's Table 1, with what is printed there.
struct DesignMethod {
    std::string key, model; // "proxyless", "ProxylessNAS"
    DesignHours hours;
    double targets = 40;
    double printedKiloGpuHours = 0, printedKiloLb = 0, printedKiloUsd = 0;
    double top1Percent = 0, megaMacs = 0;
    std::optional<double> latencyMsPixel1;
    FactSource source;
};

const std::vector<DesignMethod>& designMethods();
/// By key or model, without regard to case and punctuation. @throws ValueError with suggestions.
const DesignMethod& designMethod(const std::string& text);

/// Number of targets where `a` costs as much as `b`: N* = (a.constant - b.constant) / (b's rate - a's rate). Absent
/// when `a` never becomes the cheaper one; 0 when it always is.
std::optional<double> breakEvenTargets(const DesignHours& a, const DesignHours& b);
/// The first whole number strictly above N*.
double firstWholeAbove(double targets);

} // namespace paretoscope

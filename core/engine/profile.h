// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Profiling this computer: the latency of every block of a space, measured, and how well their sums meet whole nets.
#pragma once

#include "engine/interleavedtimer.h"
#include "engine/profilecorrection.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace paretoscope {

/// What can be timed here, and with what.
struct ProfileSource {
    EngineFacts facts;
    std::function<std::unique_ptr<TimedRun>(const Block& block, int inputSize)> block;
    MakeRun nothing; // what a run costs beside its layers
    std::function<std::unique_ptr<TimedRun>(const Subnet& subnet)> net; // at its resolution
};

/// `weights` under supernet keys; they do not change how long a net takes. On one thread, time in which the processor
/// served other programs is not counted. The engine must outlive the source.
ProfileSource profileSource(Engine& engine, std::shared_ptr<const Parts> parts, const StateDict& weights, int batch);

struct ProfileOptions {
    std::vector<int> resolutions; // of the space; empty: all
    int batch = 1;
    int nets = 64; // to check with, evenly over the resolutions and stratified over MACs; 0: none
    TimingOptions timing;
    std::uint64_t seed = 1; // of the nets and of the orders
    std::string processor;  // "AMD EPYC 7B13"
    std::filesystem::path partial; // what was measured so far, see ProfileState; removed by finishProfile
    bool resume = false;
    OnStep onStep;
};

struct Profile {
    Device device; // id, title, supply and power are the caller's
    int blocks = 0; // that were measured: no two compute the same
    int rounds = 0; // that were used
    int discardedRounds = 0;
    double slowestPercent = 0; // as in TimingSummary
    double scatterPercent = 0; // likewise
    Validation validation;
};

/// Blocks and nets are timed in the same rounds, so that both stand on one scale. Nets run in groups that fit into
/// memory, the blocks with every group. What was measured stays in `partial` whatever happens.
/// @throws ValueError for a resolution outside the space or an unfinished profile that is in the way; IoError,
/// EngineError; Cancelled.
Profile profile(const ProfileSource& source, std::shared_ptr<const Parts> parts, const ProfileOptions& options);

/// The nets that a profile is checked with, in order of resolution and MACs, no two alike.
std::vector<Subnet> validationNets(const std::shared_ptr<const Parts>& parts, const std::vector<int>& resolutions, int count, std::uint64_t seed);

/// To be called when the device is written.
void finishProfile(const ProfileOptions& options);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frozen graphs, and their time.
#pragma once

#include "convert.h"

#include <memory>

namespace paretoscope {

class TorchStaticNet;

std::unique_ptr<FrozenNet> freezeNet(const TorchStaticNet& net);
std::unique_ptr<FrozenNet> readFrozenNet(const std::filesystem::path& path, at::Device device);

std::unique_ptr<TimedRun> timeBlock(const Block& block, int inputSize, int batch, at::Device device);
std::unique_ptr<TimedRun> timeNothing(at::Device device);

} // namespace paretoscope

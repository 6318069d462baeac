// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One step of training after the other.
#pragma once

#include "engine/engine.h"

#include <memory>

namespace paretoscope {

class TorchSupernet;

/// @throws ValueError for a teacher of another engine.
std::unique_ptr<Trainer> makeTrainer(TorchSupernet& supernet, const TrainerOptions& options, std::shared_ptr<StaticNet> teacher);

} // namespace paretoscope

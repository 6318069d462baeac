// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"

#include <memory>

namespace paretoscope {

/// The same run, but never longer than the processor time that it took: when the system gives the processor to another
/// program in between, that time is not the run's. A run of tens of milliseconds is hit so much more often than one of
/// a fraction that no median over runs would take it out. Only for work that runs on the calling thread alone.
std::unique_ptr<TimedRun> withoutPreemption(std::unique_ptr<TimedRun> run);

} // namespace paretoscope

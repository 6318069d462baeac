// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long work reports and is stopped, the same everywhere.
#pragma once

#include "base/error.h"

#include <functional>
#include <string>

namespace paretoscope {

/// Called with what is being done and the share done, 0 to 1. Return false to stop; the work then throws Cancelled.
using OnStep = std::function<bool(const std::string& step, double share)>;

/// A long piece of work was asked to stop; nothing is left half done.
class Cancelled final : public Error {
public:
    Cancelled()
        : Error({{}, "cancelled", {}, {}})
    {
    }
};

/// @throws Cancelled when the callback, if there is one, asks to stop.
inline void reportStep(const OnStep& onStep, const std::string& step, double share)
{
    if (onStep && !onStep(step, share))
        throw Cancelled();
}

} // namespace paretoscope

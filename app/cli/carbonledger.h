// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger of a bundle: `carbon ledger --bundle B --device D --subnet X`.
#pragma once

#include "context.h"

#include <functional>
#include <optional>

namespace paretoscope::cli {

/// The request that the options ask for; nothing where --bundle was not given.
using LedgerRequestSource = std::function<std::optional<Json>()>;

/// Adds --bundle to `what`, which asks for one of its options, and the rest to `ledger`.
LedgerRequestSource addLedgerOfBundle(CLI::App& ledger, CLI::App& what, const Context& context);

} // namespace paretoscope::cli

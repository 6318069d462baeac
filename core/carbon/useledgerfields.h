// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields of a ledger request and of the objects inside it.
#pragma once

#include "carbon/userequest.h"

namespace paretoscope::use {

const Fields& machineFields();
const Fields& computeFields();
const Fields& makingFields();
const Fields& deviceFields();
const Fields& methodFields();
const Fields& marginalFields();
const Fields& ledgerFields();

/// The schema of the whole request, with the objects inside spelt out.
Json ledgerSchema();

} // namespace paretoscope::use

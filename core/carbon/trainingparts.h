// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The formulas that trainingFormulas() puts together, one a function.
#pragma once

#include "carbon/formula.h"

namespace paretoscope {

Formula trainingFormula();
Formula fromFlopsFormula();
Formula strubellFormula();
Formula pattersonFormula();
Formula designCostFormula();
Formula breakEvenFormula();
Formula mixFormula();
Formula cpuPowerFormula();
Formula whatIfFormula();
Formula equivalentsFormula();

} // namespace paretoscope

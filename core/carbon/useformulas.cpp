// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/formula.h"
#include "carbon/userequest.h"

namespace paretoscope {

std::vector<Formula> useFormulas()
{
    return {use::inferenceFormula(), use::batteryFormula(), use::fleetFormula(), use::paybackFormula(), use::embodiedFormula(), use::shiftFormula(),
        use::sciFormula(), use::combineFormula(), use::ledgerFormula()};
}

} // namespace paretoscope

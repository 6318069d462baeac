// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/formula.h"

#include <algorithm>

namespace paretoscope {

const std::vector<Formula>& formulas()
{
    static const auto all = [] {
        std::vector<Formula> list;
        for (auto* part : {&trainingFormulas, &useFormulas, &trackFormulas})
            for (auto& f : (*part)())
                list.push_back(std::move(f));
        std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        return list;
    }();
    return all;
}

const Formula& formula(const std::string& name)
{
    std::vector<std::string> names;
    for (const auto& f : formulas()) {
        if (f.name == name)
            return f;
        names.push_back(f.name);
    }
    throw ValueError({{}, "there is no formula with this name", quote(name), joinNames(names, 40)});
}

} // namespace paretoscope

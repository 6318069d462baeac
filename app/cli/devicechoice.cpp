// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "devicechoice.h"

namespace paretoscope::cli {

std::vector<Device> devicesFromArguments(const Bundle& bundle, const std::vector<std::string>& arguments)
{
    std::vector<Device> list;
    for (const auto& a : arguments) {
        if (const auto* own = bundle.device(a))
            list.push_back(*own);
        else
            list.push_back(std::filesystem::exists(a) ? openDevice(a, bundle.parts) : catalogueDevice(a, bundle.parts));
    }
    return list;
}

} // namespace paretoscope::cli

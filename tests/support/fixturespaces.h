// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The spaces of the OFA fixtures, by the names of their files.
#pragma once

#include "space/spacejson.h"
#include "space/subnetjson.h"
#include "support.h"

namespace testing {

inline paretoscope::SearchSpace fixtureSpace(const std::string& net)
{
    using namespace paretoscope;
    if (net == "mbv3_w1.0" || net == "mbv3_w1.2" || net == "proxyless_w1.3" || net == "resnet50")
        return builtInSpace("ofa-" + net.substr(0, net.find('_')) + (net.find('_') == std::string::npos ? "" : "-" + net.substr(net.find('_') + 1)));
    auto space = net == "tiny_resnet" ? builtInSpace("ofa-resnet50")
        : net == "tiny_proxyless"     ? builtInSpace("ofa-proxyless-w0.35")
        : net == "tiny_mbv3"          ? builtInSpace("ofa-mbv3-w0.35")
                                      : builtInSpace("ofa-mbv3-w0.25");
    space.id = net;
    space.classes = 10;
    if (net == "tiny_mbv3_b") {
        space.classes = 7;
        for (auto& s : space.stages) {
            s.kernels = {3, 7};
            s.expansions = {2, 4};
            s.depths = {1, 2};
        }
    }
    if (net == "tiny_resnet") {
        space.widthMultipliers = {0.125, 0.25};
        space.stemDepths = {0, 1};
        for (auto& s : space.stages)
            s.depths = {0, 1};
    }
    space.finish(net);
    return space;
}

} // namespace testing

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that is read from JSON: the first byte chooses what the rest is taken for.
#include "base/error.h"
#include "base/json.h"
#include "device/device.h"
#include "predict/samples.h"
#include "space/accounting.h"
#include "space/keys.h"
#include "space/netconfig.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace paretoscope;

std::shared_ptr<const Parts> smallParts()
{
    auto space = builtInSpace("ofa-mbv3-w0.25");
    for (auto& s : space.stages) {
        s.kernels = {3, 5};
        s.expansions = {2};
        s.depths = {1, 2};
    }
    space.resolutions = {64, 96};
    space.finish("small");
    return std::make_shared<const Parts>(space);
}

void readAs(char what, std::string_view text)
{
    static const auto small = smallParts();
    static const Parts resnet(builtInSpace("ofa-resnet50"));
    if (what == 'c') {
        readSamples(text, "input", small->space());
        return;
    }
    const auto json = parseJson(text, "input");
    const JsonView view(json, "input");
    switch (what) {
    case 's': {
        const auto space = spaceFromJson(view);
        if (!(spaceFromJson(JsonView(toJson(space), "again")) == space))
            std::abort();
        space.subnets();
        const Parts parts(space);
        account(parts, space.largest());
        staticKeys(parts, space.smallest());
        break;
    }
    case 'g': {
        const auto s = subnetFromGenotype(small->space(), genotypeFromJson(view), "input", ResolutionRule::Any);
        if (subnetFromGenotype(small->space(), genotypeFromJson(JsonView(toJson(small->space(), s), "again")), "again", ResolutionRule::Any) != s)
            std::abort();
        break;
    }
    case 'r': repair(small->space(), genotypeFromJson(view)); break;
    case 'n': account(*small, subnetFromNetConfig(*small, view, 64)); break;
    case 'm': account(resnet, subnetFromNetConfig(resnet, view, 224)); break;
    case 'd': deviceFromJson(view, small); break;
    default: printJson(json); break;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    try {
        readAs(static_cast<char>(data[0]), {reinterpret_cast<const char*>(data) + 1, size - 1});
    } catch (const Error&) {
    }
    return 0;
}

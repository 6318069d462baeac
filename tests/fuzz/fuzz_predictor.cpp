// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measured samples (after a first byte "c") and predictor files (after any other): whatever comes in, the outcome is a
// value that works or one of our errors.
#include "base/error.h"
#include "checkpoint/safetensors.h"
#include "predict/predictorfile.h"
#include "predict/samples.h"
#include "space/spacejson.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

using namespace paretoscope;

namespace {

void use(const AccuracyPredictor& predictor, const SearchSpace& space)
{
    for (auto subnet : {space.largest(), space.smallest()}) {
        subnet.resolution = static_cast<std::uint16_t>(predictor.resolutions().front());
        const auto estimate = predictor.top1Percent(subnet);
        static_cast<void>(estimate);
        static_cast<void>(predictor.outsideTraining(subnet, space));
    }
    // What was read must survive being written.
    const auto bytes = std::make_shared<const Bytes>(makePredictorFile(predictor));
    if (makePredictorFile(loadPredictor(*bytes, bytes, "again", space)) != *bytes)
        std::abort();
}

void readPredictor(ByteView bytes)
{
    static const SearchSpace space = builtInSpace("ofa-mbv3-w1.2");
    const auto owner = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
    try {
        use(loadPredictor(*owner, owner, "fuzz", space), space);
    } catch (const Error&) {
    }
    try {
        use(importPredictor(readSafeTensors(*owner, owner, "fuzz").tensors, space, {}, "fuzz"), space);
    } catch (const Error&) {
    }
}

void readCsv(std::string_view text)
{
    static const SearchSpace space = builtInSpace("ofa-mbv3-w1.0");
    try {
        for (const auto& s : readSamples(text, "fuzz", space))
            if (!std::isfinite(s.top1Percent) || !space.hasResolution(s.subnet.resolution))
                std::abort();
    } catch (const Error&) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (text.front() == 'c')
        readCsv(text.substr(1));
    else
        readPredictor(asBytes(text.substr(1)));
    return 0;
}

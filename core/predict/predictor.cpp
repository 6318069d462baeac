// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/predictor.h"

#include "base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

std::string_view name(PredictorKind kind) { return kind == PredictorKind::Mlp ? "mlp" : "additive"; }

Calibration fitCalibration(
    std::span<const double> rawPercent, std::span<const double> measuredPercent, std::string source)
{
    const auto n = rawPercent.size();
    if (n == 0 || n != measuredPercent.size())
        throw ValueError({"calibration", "no measured nets to calibrate with",
            fmt::format("{} and {}", n, measuredPercent.size()), {}});
    double meanRaw = 0, meanMeasured = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!std::isfinite(rawPercent[i]) || !std::isfinite(measuredPercent[i]))
            throw ValueError({"calibration", "a value is not finite", fmt::format("net {}", i), {}});
        meanRaw += rawPercent[i] / static_cast<double>(n);
        meanMeasured += measuredPercent[i] / static_cast<double>(n);
    }
    double varies = 0, together = 0;
    for (std::size_t i = 0; i < n; ++i) {
        varies += (rawPercent[i] - meanRaw) * (rawPercent[i] - meanRaw);
        together += (rawPercent[i] - meanRaw) * (measuredPercent[i] - meanMeasured);
    }
    Calibration c;
    // A slope that would turn the order round is noise of too few nets; the offset alone is safe.
    const bool usable = varies > 1e-12 * static_cast<double>(n) && together > 0;
    c.slope = usable ? together / varies : 1;
    c.offsetPercent = meanMeasured - c.slope * meanRaw;
    c.source = std::move(source);
    return c;
}

AccuracyPredictor::AccuracyPredictor(std::shared_ptr<const MlpPredictor> mlp, PredictorInfo about)
    : info(std::move(about))
    , m_mlp(std::move(mlp))
{
}

AccuracyPredictor::AccuracyPredictor(std::shared_ptr<const AdditivePredictor> additive, PredictorInfo about)
    : info(std::move(about))
    , m_additive(std::move(additive))
{
}

std::vector<int> AccuracyPredictor::resolutions() const
{
    auto list = m_mlp ? m_mlp->encoding().resolutions() : m_additive->resolutions();
    std::sort(list.begin(), list.end());
    return list;
}

bool AccuracyPredictor::knows(int resolution) const
{
    if (m_mlp)
        return m_mlp->encoding().knows(resolution);
    const auto& list = m_additive->resolutions();
    return std::binary_search(list.begin(), list.end(), resolution);
}

bool AccuracyPredictor::fits(const SearchSpace& space) const
{
    return m_mlp ? m_mlp->encoding().fits(space) : m_additive->fits(space);
}

void AccuracyPredictor::predict(std::span<const Subnet> subnets, std::span<double> rawTop1) const
{
    if (!m_mlp) {
        std::transform(
            subnets.begin(), subnets.end(), rawTop1.begin(), [&](const Subnet& s) { return m_additive->predict(s); });
        return;
    }
    constexpr std::size_t kBlock = 960; // whole chunks of the MLP, and a small buffer
    MlpPredictor::Workspace workspace;
    std::vector<float> out(std::min(kBlock, subnets.size()));
    for (std::size_t i = 0; i < subnets.size(); i += kBlock) {
        const auto n = std::min(kBlock, subnets.size() - i);
        m_mlp->predict(subnets.subspan(i, n), std::span(out).first(n), workspace);
        std::copy_n(out.begin(), n, rawTop1.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

double AccuracyPredictor::predict(const Subnet& subnet) const
{
    double value = 0;
    predict({&subnet, 1}, {&value, 1});
    return value;
}

Estimate AccuracyPredictor::top1RawPercent(const Subnet& subnet) const
{
    Estimate e;
    e.value = 100 * predict(subnet);
    e.kind = Kind::Predicted;
    e.source = info.source.empty() ? info.title : fmt::format("{}, {}", info.title, info.source);
    return e;
}

Estimate AccuracyPredictor::top1Percent(double rawTop1, int resolution) const
{
    Estimate e;
    e.value = calibration ? calibration->apply(100 * rawTop1) : 100 * rawTop1;
    e.kind = Kind::Predicted;
    e.source = info.source.empty() ? info.title : fmt::format("{}, {}", info.title, info.source);
    if (calibration)
        e.source += fmt::format("; calibrated: {}", calibration->source);
    if (const auto half = bands ? bands->halfWidthPercent(resolution) : std::nullopt) {
        e.low = e.value - *half;
        e.high = e.value + *half;
        e.source += fmt::format("; band: {}", bands->describe(resolution));
    }
    return e;
}

Estimate AccuracyPredictor::top1Percent(const Subnet& subnet) const
{
    return top1Percent(predict(subnet), subnet.resolution);
}

Estimate AccuracyPredictor::top1CorrectedPercent(double rawTop1, int resolution) const
{
    if (!optimism)
        throw ValueError({{}, "the selection optimism of the predictor is not known", {}, {}});
    constexpr double kNormal95 = 1.6448536269514722; // half-width of 90 % in standard deviations
    auto e = top1Percent(rawTop1, resolution);
    e.value -= optimism->percent;
    if (e.low && e.high) {
        const double half = std::hypot((*e.high - *e.low) / 2, kNormal95 * optimism->sdPercent);
        e.low = e.value - half;
        e.high = e.value + half;
    }
    e.source += fmt::format("; less {:.2g} pp of selection optimism: {}", optimism->percent, optimism->basis);
    return e;
}

Estimate AccuracyPredictor::top1CorrectedPercent(const Subnet& subnet) const
{
    return top1CorrectedPercent(predict(subnet), subnet.resolution);
}

std::vector<std::string> AccuracyPredictor::outsideTraining(const Subnet& subnet, const SearchSpace& space) const
{
    std::vector<std::string> reasons;
    if (!fits(space))
        reasons.push_back(fmt::format("the predictor was made for other blocks than those of {}", space.id));
    else if (!info.trainedSpace.empty() && info.trainedSpace != space.id)
        reasons.push_back(fmt::format("the predictor was trained for {}, not for {}", info.trainedSpace, space.id));
    const int r = subnet.resolution;
    if (!knows(r)) {
        reasons.push_back(
            fmt::format("the predictor does not know resolution {} (it knows {})", r, fmt::join(resolutions(), ", ")));
        return reasons;
    }
    const int taken = m_mlp ? m_mlp->encoding().encodedResolution(r) : r;
    if (taken != r)
        reasons.push_back(fmt::format("the predictor takes resolution {} for {}", r, taken));
    const auto& trained = info.trainedResolutions;
    const auto between = std::find_if(info.interpolated.begin(), info.interpolated.end(),
        [&](const InterpolatedResolution& i) { return i.resolution == taken; });
    if (between != info.interpolated.end())
        reasons.push_back(fmt::format("no net was measured at resolution {}: interpolated {}", taken, between->basis));
    else if (!trained.empty() && std::find(trained.begin(), trained.end(), taken) == trained.end())
        reasons.push_back(
            fmt::format("the predictor was not trained at resolution {} (but at {})", taken, fmt::join(trained, ", ")));
    return reasons;
}

std::string AccuracyPredictor::describe() const
{
    const auto list = resolutions();
    const auto sizes =
        fmt::format("{} resolution{} {} to {}", list.size(), list.size() == 1 ? "," : "s,", list.front(), list.back());
    if (m_additive)
        return fmt::format("additive, {} effects{}, {}", m_additive->coefficients().effects.size(),
            m_additive->hasStageTerms() ? " with stage terms" : "", sizes);
    std::string widths = fmt::format("{}", m_mlp->weights().inputs());
    for (const auto& layer : m_mlp->weights().layers)
        widths += fmt::format("-{}", layer.outputs);
    return fmt::format("MLP {}, {} encoding, {}", widths, name(m_mlp->encoding().kind()), sizes);
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "searchoptions.h"

#include "bundleargument.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace paretoscope::cli {

namespace {

struct LimitOption {
    Metric metric;
    const char* suffix; // of --max-… and --min-…
    const char* text;
};
constexpr LimitOption kLimits[] = {
    {Metric::Top1Percent, "top1", "top-1, percent"},
    {Metric::LatencyMs, "latency-ms", "latency on every device (with --weights: their mean)"},
    {Metric::EnergyJ, "energy-j", "energy of an inference"},
    {Metric::Co2eGPerMillion, "co2e-g-per-million", "use-phase emissions of a million inferences"},
    {Metric::Macs, "macs", "multiply-accumulates"},
    {Metric::Params, "params", "parameters"},
    {Metric::WeightBytes, "weight-bytes", "bytes of float32 weights"},
    {Metric::PeakActivationBytes, "peak-activation-bytes", "peak activation memory, float32, batch 1"},
};

/// A metric on every device, or on their mean where weights are given.
std::vector<SearchQuantity> quantitiesOf(Metric metric, std::size_t devices, bool mean)
{
    if (!dependsOnDevice(metric))
        return {{metric, 0}};
    if (mean)
        return {{metric, SearchQuantity::kMeanOfDevices}};
    std::vector<SearchQuantity> list;
    for (std::size_t d = 0; d < std::max<std::size_t>(1, devices); ++d)
        list.push_back({metric, static_cast<int>(d)});
    return list;
}

/// "latency=60,top1=72.1", one number for each objective.
std::vector<double> parseReference(const std::string& text, const std::vector<SearchQuantity>& objectives)
{
    std::vector<double> reference(objectives.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        const auto part = text.substr(at, end - at);
        const auto equals = part.find('=');
        double value = 0;
        const auto* first = part.data() + std::min(equals == std::string::npos ? part.size() : equals + 1, part.size());
        const auto parsed = std::from_chars(first, part.data() + part.size(), value);
        if (equals == std::string::npos || parsed.ec != std::errc{} || parsed.ptr != part.data() + part.size())
            throw ValueError({"--reference", "cannot be read", quote(part), "NAME=NUMBER, one for each objective, such as latency=60,top1=72.1"});
        const auto metric = metricFromName(part.substr(0, equals), "--reference");
        bool used = false;
        for (std::size_t i = 0; i < objectives.size(); ++i)
            if (objectives[i].metric == metric) {
                reference[i] = value;
                used = true;
            }
        if (!used)
            throw ValueError({"--reference", "names what is no objective", quote(part), {}});
        at = end + 1;
    }
    for (std::size_t i = 0; i < objectives.size(); ++i)
        if (std::isnan(reference[i]))
            throw ValueError({"--reference", "has no number for an objective", std::string(name(objectives[i].metric)), {}});
    return reference;
}

} // namespace

void addSearchOptions(CLI::App& command, SearchOptions& o)
{
    command.add_option("--bundle", o.bundle, kBundleHelp)->required();
    command.add_option("--device", o.devices, "A device of the bundle or the catalogue, a device file, or a latency table; several are several objectives");
    command.add_option("--weights", o.weights, "Weights of the devices: their weighted mean is one objective")->delimiter(',')->check(CLI::NonNegativeNumber);
    addCarbonOptions(command, o.carbon);
    command.add_option("--objectives", o.objectives, "One or more of top1, latency, energy, co2e, macs, params, weight-bytes, peak-activation-bytes (default: top1 and latency, or macs without a device)")->delimiter(',');
    for (const auto& l : kLimits) {
        command.add_option_function<double>(fmt::format("--max-{}", l.suffix), [&o, &l](double v) { o.most[l.suffix] = v; }, fmt::format("At most: {}", l.text));
        command.add_option_function<double>(fmt::format("--min-{}", l.suffix), [&o, &l](double v) { o.least[l.suffix] = v; }, fmt::format("At least: {}", l.text));
    }
    command.add_option("--resolutions", o.choices.resolutions, "Only these input resolutions")->delimiter(',');
    command.add_option("--kernels", o.choices.kernels, "Only these kernel sizes")->delimiter(',');
    command.add_option("--expansions", o.choices.expansions, "Only these expansion ratios")->delimiter(',');
    command.add_option("--depths", o.choices.depths, "Only these depths of a stage")->delimiter(',');
    command.add_option("--predictor", o.predictor, "auto, additive, stage-wise, slot-wise, mlp")->check(CLI::IsMember({"auto", "additive", "stage-wise", "slot-wise", "mlp"}))->capture_default_str();
    command.add_option("--algorithm", o.algorithm, "auto, exact, ladder, evolution, evolution-nas, nsga2, random")->check(CLI::IsMember({"auto", "exact", "ladder", "evolution", "evolution-nas", "nsga2", "random"}))->capture_default_str();
    command.add_option("--time-ms", o.timeMs, "Stop after so many milliseconds (default without --evaluations: 1000; exact and evolution end by themselves)");
    command.add_option("--evaluations", o.evaluations, "Stop after so many evaluations of the predictor; the result is then repeatable");
    command.add_option("--epsilon", o.epsilon, "Exact with three or more objectives: merge what is within this share of each cost, e.g. 0.02");
    command.add_option("--reference", o.reference, "Of the hypervolume, e.g. latency=60,top1=72.1 (default: the limits, or the dearest and 0.2 below the smallest subnet)");
    command.add_option("--start", o.start, "An earlier result of search --json or --out: its subnets are where the search begins");
    command.add_option("--judge-on", o.judgeOn, "Also say what the front loses on this device against a front searched for it");
    command.add_option("--out", o.out, "Write the whole front to a .json or .csv file");
    command.add_option("--knee-out", o.kneeOut, "Write the subnet at the knee of the front (or the best one, where there is one objective) as JSON");
    command.add_option("--rows", o.rows, "Rows of the printed table; 0: all")->check(CLI::NonNegativeNumber)->capture_default_str();
}

std::size_t chosenPredictor(const Bundle& bundle, const std::string& wanted)
{
    std::vector<std::string> have;
    for (std::size_t i = 0; i < bundle.predictors.size(); ++i) {
        const auto& p = bundle.predictors[i];
        have.push_back(p.describe());
        const bool additive = p.kind() == PredictorKind::Additive;
        if ((wanted == "mlp" && !additive) || ((wanted == "auto" || wanted == "additive") && additive) || (wanted == "stage-wise" && additive && p.additive()->hasStageTerms())
            || (wanted == "slot-wise" && additive && !p.additive()->hasStageTerms()))
            return i;
    }
    if (wanted == "auto")
        return 0;
    throw ValueError({bundle.id, fmt::format("the bundle holds no {} accuracy predictor", wanted), {}, have.empty() ? "none is there" : joinNames(have)});
}

SearchRequest requestOf(const SearchOptions& o, std::size_t devices, const Context& context)
{
    SearchRequest q;
    const bool mean = !o.weights.empty();
    if (mean && o.weights.size() != devices)
        throw ValueError({"--weights", "one weight for each device", fmt::format("{} weights", o.weights.size()), fmt::format("{}", devices)});
    auto objectives = o.objectives;
    if (objectives.empty())
        objectives = {"top1", devices > 0 ? "latency" : "macs"};
    for (const auto& n : objectives)
        for (const auto& quantity : quantitiesOf(metricFromName(n, "--objectives"), devices, mean))
            q.objectives.push_back(quantity);
    for (const auto& l : kLimits) {
        const auto least = o.least.find(l.suffix), most = o.most.find(l.suffix);
        if (least == o.least.end() && most == o.most.end())
            continue;
        for (const auto& quantity : quantitiesOf(l.metric, devices, mean)) {
            Limit limit{quantity, {}, {}};
            if (least != o.least.end())
                limit.least = least->second;
            if (most != o.most.end())
                limit.most = most->second;
            q.limits.push_back(limit);
        }
    }
    q.choices = o.choices;
    q.algorithm = algorithmFromName(o.algorithm, "--algorithm");
    q.timeMs = o.timeMs;
    q.evaluations = o.evaluations;
    q.epsilon = o.epsilon;
    q.seed = context.seed;
    q.threads = context.threads;
    if (!o.reference.empty())
        q.reference = parseReference(o.reference, q.objectives);
    return q;
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlptrain.h"

#include "base/error.h"
#include "base/random.h"
#include "predict/additive.h"
#include "predict/interpolate.h"
#include "predict/mlpmember.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>
#include <thread>

namespace paretoscope {

namespace {

using Index = Eigen::Index;

void check(const MlpTrainOptions& o, const std::string& where)
{
    const auto within = [&](const char* what, int value, int low, int high) {
        if (value < low || value > high)
            throw ValueError(
                {where, fmt::format("{} out of range", what), fmt::format("{}", value), fmt::format("{} to {}", low, high)});
    };
    within("number of members", o.members, 1, 64);
    within("width of a member", o.width, 1, 1024);
    within("number of hidden layers", o.hiddenLayers, 1, 8);
    within("number of epochs", o.epochs, 1, 100'000);
    within("batch size", o.batch, 1, 65536);
    if (!(o.learningRate > 0 && o.learningRate <= 1))
        throw ValueError({where, "learning rate out of range", fmt::format("{}", o.learningRate), "above 0, at most 1"});
    if (!(o.weightDecay >= 0 && o.weightDecay <= 100))
        throw ValueError({where, "weight decay out of range", fmt::format("{}", o.weightDecay), "0 to 100"});
}

/// The linear path: the additive score as weights of the inputs, in one unit a stage and one for the rest. `least` is
/// the smallest sum that a unit can have; taken off by its bias, so that it is never negative and starts at zero.
struct LinearPath {
    std::vector<std::vector<float>> weight; // [unit][input]
    std::vector<double> least; // by unit

    LinearPath(const SearchSpace& space, const AdditivePredictor& additive, const Encoding& encoding)
        : weight(space.stages.size() + 1, std::vector<float>(static_cast<std::size_t>(encoding.inputs()), 0.0f))
        , least(weight.size(), 0.0)
    {
        auto term = encoding.terms().begin();
        for (std::size_t i = 0; i < space.stages.size(); ++i) {
            const auto& stage = space.stages[i];
            std::vector<double> sums{0.0}; // the least of the first 0, 1, … blocks
            for (int b = 0; b < stage.maxBlocks; ++b) {
                double smallest = std::numeric_limits<double>::max();
                for (int op = 1; op <= stage.ops(); ++op, ++term) {
                    // One input for the kernel and one for the expansion: that of the expansion gets what an operator
                    // has beyond the one with the same kernel and the first expansion.
                    const int plain = op - (op - 1) % static_cast<int>(stage.expansions.size());
                    const double score = additive.score(0, stage.firstSlot + b, op);
                    const double ofKernel = term->second < 0 ? score : additive.score(0, stage.firstSlot + b, plain);
                    weight[i][static_cast<std::size_t>(term->first)] = static_cast<float>(ofKernel);
                    if (term->second >= 0)
                        weight[i][static_cast<std::size_t>(term->second)] = static_cast<float>(score - ofKernel);
                    smallest = std::min(smallest, score);
                }
                sums.push_back(sums.back() + smallest);
            }
            least[i] = std::numeric_limits<double>::max();
            for (const int d : stage.depths)
                least[i] = std::min(least[i], sums[static_cast<std::size_t>(stage.baseDepth + d)]);
        }
        if (!space.isResNet())
            return;
        ++term; // without the residual layer of the stem
        weight.back()[static_cast<std::size_t>(term->first)] = static_cast<float>(additive.stemScore(0, true));
        least.back() = std::min(0.0, additive.stemScore(0, true));
        ++term;
        for (int gene = 0; gene < space.widthGenes(); ++gene) {
            double smallest = 0;
            for (int w = 0; w < space.widthChoices(); ++w, ++term) {
                const double score = additive.widthScore(0, gene, w);
                weight.back()[static_cast<std::size_t>(term->first)] = static_cast<float>(score);
                smallest = std::min(smallest, score);
            }
            least.back() += smallest;
        }
    }

    /// Without the offset of the resolution.
    double score(const std::vector<int>& ones) const
    {
        double sum = 0;
        for (const auto& unit : weight)
            for (const int input : ones)
                sum += unit[static_cast<std::size_t>(input)];
        return sum;
    }
};

/// Members and linear path as one MLP; `offset` by resolution of the encoding.
MlpWeights assembled(const std::vector<MlpMember>& members, double scale, const LinearPath& path,
    const std::vector<double>& offset, const Encoding& encoding, const MlpTrainOptions& o)
{
    const auto m = static_cast<Index>(members.size()), width = static_cast<Index>(o.width),
               through = static_cast<Index>(path.weight.size()), units = m * width + through;
    MlpWeights weights;
    weights.layout = MlpLayout::OfaNas;
    using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    for (int i = 0; i <= o.hiddenLayers; ++i) {
        const bool first = i == 0, last = i == o.hiddenLayers;
        RowMajor w = RowMajor::Zero(last ? 1 : units, first ? encoding.inputs() : units);
        Eigen::VectorXf b = Eigen::VectorXf::Zero(w.rows());
        for (Index k = 0; k < m; ++k) {
            const auto& layer = members[static_cast<std::size_t>(k)].layers[static_cast<std::size_t>(i)];
            const auto share = static_cast<float>(last ? scale / static_cast<double>(m) : 1.0);
            w.block(last ? 0 : k * width, first ? 0 : k * width, layer.weight.value.rows(), layer.weight.value.cols())
                = share * layer.weight.value;
            b.segment(last ? 0 : k * width, layer.bias.value.size()) += share * layer.bias.value;
        }
        for (Index k = 0; k < through; ++k) {
            const Index row = last ? 0 : m * width + k;
            if (!first)
                w(row, m * width + k) = 1;
            else
                for (Index input = 0; input < encoding.inputs(); ++input)
                    w(row, input) = path.weight[static_cast<std::size_t>(k)][static_cast<std::size_t>(input)];
        }
        const double lowest = *std::min_element(offset.begin(), offset.end());
        if (first) {
            for (Index k = 0; k < through; ++k)
                b[m * width + k] = static_cast<float>(-path.least[static_cast<std::size_t>(k)]);
            for (std::size_t r = 0; r < offset.size(); ++r)
                w(units - 1, encoding.resolutionInput(r)) = static_cast<float>(offset[r] - lowest);
        }
        LinearWeights linear{static_cast<int>(w.cols()), static_cast<int>(w.rows()), {w.data(), w.data() + w.size()}, {}};
        if (last)
            weights.baseAccuracy = static_cast<float>(
                b[0] + lowest + std::accumulate(path.least.begin(), path.least.end(), 0.0));
        else
            linear.bias.assign(b.begin(), b.end());
        weights.layers.push_back(std::move(linear));
    }
    return weights;
}

/// The first layer for an encoding with more resolutions: what is not measured lies between the columns of its
/// neighbours. Both encodings have the resolutions first.
void addColumns(MlpMember& member, const Encoding& measured, const Encoding& all)
{
    auto& layer = member.layers.front().weight.value;
    Eigen::MatrixXf w(layer.rows(), all.inputs());
    w.rightCols(all.architectureInputs()) = layer.rightCols(measured.architectureInputs());
    const auto column = [&](int r) { return layer.col(measured.resolutionInput(measured.resolutionIndex(r))); };
    for (std::size_t i = 0; i < all.resolutions().size(); ++i) {
        const int r = all.resolutions()[i];
        auto to = w.col(all.resolutionInput(i));
        if (measured.knows(r)) {
            to = column(r);
            continue;
        }
        const auto sides = neighboursOf(measured.resolutions(), r);
        const float t = static_cast<float>(r - sides.below) / static_cast<float>(sides.above - sides.below);
        to = (1 - t) * column(sides.below) + t * column(sides.above);
    }
    layer = std::move(w);
}

/// Mean prediction of some nets at each resolution of the encoding.
std::vector<double> levelsOf(const MlpPredictor& predictor, std::span<const Sample> samples)
{
    constexpr std::size_t kNets = 500;
    const auto stride = std::max<std::size_t>(1, samples.size() / kNets);
    std::vector<double> levels;
    for (const int r : predictor.encoding().resolutions()) {
        std::vector<Subnet> nets;
        for (std::size_t i = 0; i < samples.size(); i += stride) {
            nets.push_back(samples[i].subnet);
            nets.back().resolution = static_cast<std::uint16_t>(r);
        }
        std::vector<float> out(nets.size());
        MlpPredictor::Workspace workspace;
        predictor.predict(nets, out, workspace);
        levels.push_back(std::accumulate(out.begin(), out.end(), 0.0) / static_cast<double>(out.size()));
    }
    return levels;
}

/// Trains the members, several at a time. False when stopped.
bool trainAll(std::vector<MlpMember>& members, std::vector<Random>& randoms, const MlpTask& task, const MlpTrainOptions& o,
    const OnTraining& onTraining)
{
    std::atomic<std::size_t> next{0};
    std::atomic<bool> stopped{false};
    std::mutex mutex;
    double done = 0;
    const double total = static_cast<double>(o.epochs) * static_cast<double>(members.size());
    const auto work = [&] {
        for (std::size_t i = next++; i < members.size() && !stopped; i = next++)
            trainMember(members[i], task, o, randoms[i], [&] {
                const std::lock_guard lock(mutex);
                if (!stopped && onTraining && !onTraining(++done / total))
                    stopped = true;
                return !stopped;
            });
    };
    std::vector<std::thread> others;
    for (int t = 1; t < std::min(o.threads, static_cast<int>(members.size())); ++t)
        others.emplace_back(work);
    work();
    for (auto& t : others)
        t.join();
    return !stopped;
}

} // namespace

std::shared_ptr<const MlpPredictor> trainMlp(const SearchSpace& space, std::span<const Sample> samples,
    const MlpTrainOptions& options, const std::string& where, const OnTraining& onTraining)
{
    check(options, where);
    AdditiveOptions linear;
    linear.stageTerms = false;
    linear.groupOffsets = true;
    linear.seed = options.seed;
    const auto fit = fitAdditive(space, samples, linear, where);
    const auto& measured = fit.coefficients.resolutions;
    checkInterpolation(measured, options.interpolate, where);
    auto resolutions = measured;
    resolutions.insert(resolutions.end(), options.interpolate.begin(), options.interpolate.end());
    std::sort(resolutions.begin(), resolutions.end());
    const auto kind = space.isResNet() ? EncodingKind::OfaNasResNet : EncodingKind::OfaNas;
    const Encoding training(kind, space, measured, where), encoding(kind, space, resolutions, where);
    const LinearPath path(space, AdditivePredictor(fit.coefficients, space, where), encoding);

    std::map<std::pair<std::string, int>, double> shift; // of a group's nets at a resolution, from the mean of groups
    for (const auto& g : fit.groups)
        shift[{g.group, g.resolution}] = g.offsetPercent / 100;
    std::map<int, double> meanOffset;
    for (std::size_t r = 0; r < measured.size(); ++r)
        meanOffset[measured[r]] = fit.coefficients.offsets[r];

    MlpTask task;
    task.inputs = training.inputs();
    double squares = 0;
    for (const auto& s : samples) {
        task.ones.push_back(training.ones(s.subnet));
        const double left = s.top1Percent / 100 - shift.at({s.group, s.subnet.resolution})
            - meanOffset.at(s.subnet.resolution) - path.score(encoding.ones(s.subnet));
        task.target.push_back(static_cast<float>(left));
        squares += left * left;
        task.onesIn = std::max(task.onesIn, static_cast<int>(task.ones.back().size()));
    }
    const double scale = std::max(std::sqrt(squares / static_cast<double>(samples.size())), 1e-6);
    for (auto& t : task.target)
        t = static_cast<float>(t / scale);

    std::vector<MlpMember> members;
    std::vector<Random> randoms;
    for (int i = 0; i < options.members; ++i) {
        randoms.emplace_back(mix64(options.seed) + static_cast<std::uint64_t>(i));
        members.emplace_back(task.inputs, task.onesIn, options, randoms.back());
    }
    if (!trainAll(members, randoms, task, options, onTraining))
        return nullptr;

    for (auto& member : members)
        addColumns(member, training, encoding);
    std::vector<double> offset;
    for (const int r : resolutions)
        offset.push_back(meanOffset.contains(r) ? meanOffset[r] : fit.coefficients.offsets.front());
    const auto predictor = [&] {
        return std::make_shared<const MlpPredictor>(
            assembled(members, scale, path, offset, encoding, options), encoding, Precision::Exact, where);
    };
    if (options.interpolate.empty())
        return predictor();
    // The members bend the level between the measured resolutions a little; the curve is what counts.
    const auto levels = levelsOf(*predictor(), samples);
    std::vector<double> atMeasured;
    for (const int r : measured)
        atMeasured.push_back(levels[encoding.resolutionIndex(r)]);
    const auto wanted = interpolatedLevels(measured, atMeasured, options.interpolate);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto r = encoding.resolutionIndex(options.interpolate[i]);
        offset[r] += wanted[i] - levels[r];
    }
    return predictor();
}

} // namespace paretoscope

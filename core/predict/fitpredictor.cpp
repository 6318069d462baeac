// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/fitpredictor.h"

#include "base/error.h"
#include "predict/groupbands.h"
#include "predict/interpolate.h"
#include "predict/mlptrain.h"
#include "predict/sampleplan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace paretoscope {

namespace {

constexpr FitKind kKinds[]{FitKind::Stagewise, FitKind::Additive, FitKind::Mlp};
constexpr std::size_t kMostGroups = 40; // each is left out in turn
constexpr std::size_t kMostGroupsInPairs = 12; // more would take too long to leave out two at a time
constexpr std::size_t kFewestToInterpolate = 4; // one left out leaves three, enough for the curve

struct Stopped { };

/// Offsets of resolutions without nets, so that the mean of the nets given stands on the curve.
AdditiveCoefficients interpolated(
    AdditiveCoefficients c, const SearchSpace& space, std::span<const Sample> samples, const std::vector<int>& wanted)
{
    if (wanted.empty())
        return c;
    const auto measured = c.resolutions;
    for (const int r : wanted) {
        const auto at = std::lower_bound(c.resolutions.begin(), c.resolutions.end(), r) - c.resolutions.begin();
        c.resolutions.insert(c.resolutions.begin() + at, r);
        c.offsets.insert(c.offsets.begin() + at, 0.0f);
    }
    const AdditivePredictor predictor(c, space, "interpolation");
    const auto level = [&](int r) {
        double sum = 0;
        for (const auto& s : samples) {
            auto net = s.subnet;
            net.resolution = static_cast<std::uint16_t>(r);
            sum += predictor.predict(net);
        }
        return sum / static_cast<double>(samples.size());
    };
    std::vector<double> levels;
    for (const int r : measured)
        levels.push_back(level(r));
    const auto curve = interpolatedLevels(measured, levels, wanted);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        c.offsets[predictor.resolutionIndex(wanted[i])] = static_cast<float>(curve[i] - level(wanted[i]));
    return c;
}

class Fitter {
public:
    Fitter(const SearchSpace& space, std::span<const Sample> samples, FitKind kind, const FitOptions& options,
        const std::string& where, const OnFitStep& onStep)
        : m_space(space)
        , m_marked(options.marks ? MarkedSamples::of(samples) : std::nullopt)
        , m_samples(m_marked ? std::span<const Sample>(m_marked->train) : samples)
        , m_kind(kind)
        , m_options(options)
        , m_where(where)
        , m_onStep(onStep)
    {
        std::set<int> sizes;
        for (const auto& s : m_samples) {
            sizes.insert(s.subnet.resolution);
            if (std::find(m_groups.begin(), m_groups.end(), s.group) == m_groups.end())
                m_groups.push_back(s.group);
        }
        m_resolutions.assign(sizes.begin(), sizes.end());
        if (!options.interpolate.empty() && m_resolutions.size() < kFewestToInterpolate)
            throw ValueError({where, "too few measured resolutions to interpolate between",
                fmt::format("{}", fmt::join(m_resolutions, ", ")),
                fmt::format("{} or more, so that the curve can be checked", kFewestToInterpolate)});
        checkInterpolation(m_resolutions, options.interpolate, where);
        if (m_groups.size() > kMostGroups)
            throw ValueError({where, "too many groups of measured nets", fmt::format("{}", m_groups.size()),
                fmt::format("{} or fewer: a group is a run of measurements with one level", kMostGroups)});
        std::sort(m_options.interpolate.begin(), m_options.interpolate.end());
    }

    FittedPredictor run()
    {
        step("fit", 0);
        const auto additive = fitAdditive(m_space, m_samples, additiveOptions(m_kind, m_options), m_where);
        m_penalty = additive.penalty;
        m_fitsToDo = fitsToDo();
        FittedPredictor result{whole(additive.coefficients), {}, additive.groups, additive.notes};
        ++m_fitsDone;
        if (m_marked) {
            judgeByMarks(result);
            return result;
        }

        const auto heldOut = m_kind == FitKind::Mlp ? foldsOfMlp(result.heldOutKnownGroup) : additive.heldOutPercent;
        if (m_kind != FitKind::Mlp)
            result.heldOutKnownGroup = additive.heldOut;
        const bool runs = m_groups.size() > 1;
        result.predictor.heldOut = HeldOutErrors{
            runs ? fmt::format("{} folds; with the mean offset over runs, as the run of a new net is not known", m_options.folds)
                 : fmt::format("{} folds", m_options.folds),
            heldOutRows(m_samples, heldOut)};
        result.predictor.bands = bands(heldOut);
        addInterpolated(*result.predictor.bands);
        if (m_resolutions.size() == 1)
            result.notes.push_back(fmt::format("all nets were measured at resolution {}: the predictor knows no other", m_resolutions.front()));
        if (!runs)
            result.notes.push_back("the samples name no runs: a shift between runs of measurements would lie outside the bands");
        step("done", 1);
        return result;
    }

private:
    /// Bands from nets that the fit has not seen, errors on others that neither has seen.
    void judgeByMarks(FittedPredictor& result)
    {
        auto& p = result.predictor;
        const auto percentOf = [&](const Sample& s) { return 100 * p.predict(s.subnet); };
        std::vector<Residual> residuals;
        for (const auto& s : m_marked->calibration)
            residuals.push_back({s.subnet.resolution, s.top1Percent - percentOf(s)});
        p.bands = fitConformal(residuals, m_options.level);
        addInterpolated(*p.bands);

        std::vector<double> predicted;
        for (const auto& s : m_marked->heldOut)
            predicted.push_back(percentOf(s));
        auto rows = heldOutRows(m_marked->heldOut, predicted);
        for (auto& row : rows) {
            if (!p.bands->pooledHalfWidthPercent)
                break; // too few nets: there is no band to lie in
            row.insideBand = 0;
            for (std::size_t i = 0; i < predicted.size(); ++i) {
                const auto& s = m_marked->heldOut[i];
                const auto half = p.bands->halfWidthPercent(s.subnet.resolution);
                *row.insideBand += (row.resolution == 0 || row.resolution == s.subnet.resolution) && half && std::abs(s.top1Percent - predicted[i]) <= *half;
            }
        }
        p.heldOut = HeldOutErrors{fmt::format("{} held-out nets, seen neither by the fit ({} nets) nor by the bands ({} nets)", m_marked->heldOut.size(), m_samples.size(), m_marked->calibration.size()), rows};
        if (!p.bands->pooledHalfWidthPercent)
            result.notes.push_back(fmt::format("{} nets to calibrate on are too few for intervals: {} or more", m_marked->calibration.size(), kFewestConformalNets));
        step("done", 1);
    }

    /// Fitted to all samples.
    AccuracyPredictor whole(const AdditiveCoefficients& coefficients)
    {
        if (m_kind == FitKind::Mlp)
            return {trained(m_samples, m_options.interpolate, "fit"), info()};
        return {std::make_shared<const AdditivePredictor>(
                    interpolated(coefficients, m_space, m_samples, m_options.interpolate), m_space, m_where),
            info()};
    }

    void step(const std::string& what, double share)
    {
        if (m_onStep && !m_onStep(std::string(name(m_kind)) + ": " + what, std::min(share, 1.0)))
            throw Stopped();
    }

    std::shared_ptr<const MlpPredictor> trained(
        std::span<const Sample> samples, const std::vector<int>& interpolate, const std::string& what)
    {
        MlpTrainOptions o;
        o.members = m_options.members;
        o.seed = m_options.seed;
        o.threads = m_options.threads;
        o.interpolate = interpolate;
        auto mlp = trainMlp(m_space, samples, o, m_where,
            [&](double share) { return !m_onStep || m_onStep(fmt::format("mlp: {}", what), (m_fitsDone + share) / m_fitsToDo); });
        if (!mlp)
            throw Stopped();
        return mlp;
    }

    /// A predictor of raw top-1 fitted to some of the samples, quickly: with the penalty that all of them led to.
    std::function<double(const Subnet&)> fitted(
        const std::vector<Sample>& samples, const std::vector<int>& interpolate, const std::string& what)
    {
        if (m_kind == FitKind::Mlp) {
            auto mlp = trained(samples, interpolate, what);
            ++m_fitsDone;
            return [mlp](const Subnet& s) { return static_cast<double>(mlp->predict(s)); };
        }
        step(what, m_fitsDone++ / m_fitsToDo);
        auto o = additiveOptions(m_kind, m_options);
        o.penalties = {m_penalty};
        o.folds = 0;
        auto c = fitAdditive(m_space, samples, o, m_where).coefficients;
        auto p = std::make_shared<const AdditivePredictor>(interpolated(std::move(c), m_space, samples, interpolate), m_space, m_where);
        return [p](const Subnet& s) { return p->predict(s); };
    }

    template <typename F>
    std::vector<Sample> samplesWhere(F&& f) const
    {
        std::vector<Sample> some;
        std::copy_if(m_samples.begin(), m_samples.end(), std::back_inserter(some), f);
        return some;
    }

    std::vector<double> foldsOfMlp(std::vector<HeldOutRow>& knownGroup)
    {
        const auto fold = foldsOf(m_samples.size(), m_options.folds, m_options.seed);
        std::vector<double> unknown(m_samples.size()), known(m_samples.size());
        for (int f = 0; f < m_options.folds; ++f) {
            std::vector<Sample> training;
            for (std::size_t i = 0; i < fold.size(); ++i)
                if (fold[i] != static_cast<std::size_t>(f))
                    training.push_back(m_samples[i]);
            const auto predict = fitted(training, {}, fmt::format("fold {} of {}", f + 1, m_options.folds));
            std::map<std::pair<std::string, int>, std::pair<double, int>> shift;
            for (const auto& s : training) {
                auto& [sum, n] = shift[{s.group, s.subnet.resolution}];
                sum += s.top1Percent - 100 * predict(s.subnet);
                ++n;
            }
            for (std::size_t i = 0; i < fold.size(); ++i)
                if (fold[i] == static_cast<std::size_t>(f)) {
                    const auto& s = m_samples[i];
                    unknown[i] = 100 * predict(s.subnet);
                    const auto at = shift.find({s.group, s.subnet.resolution});
                    known[i] = unknown[i] + (at == shift.end() ? 0 : at->second.first / at->second.second);
                }
        }
        knownGroup = heldOutRows(m_samples, known);
        return unknown;
    }

    /// Residuals of the nets of some groups under a fit without them; those at resolutions that no other group has are
    /// left out.
    std::vector<std::vector<Residual>> residualsWithout(const std::vector<std::string>& groups)
    {
        const auto at = [&](const Sample& s) { return std::find(groups.begin(), groups.end(), s.group) - groups.begin(); };
        const auto none = static_cast<std::ptrdiff_t>(groups.size());
        const auto rest = samplesWhere([&](const Sample& s) { return at(s) == none; });
        std::vector<std::vector<Residual>> residuals(groups.size());
        if (rest.size() < kFewestSamples)
            return residuals;
        std::set<int> known;
        for (const auto& s : rest)
            known.insert(s.subnet.resolution);
        const auto predict = fitted(rest, {}, fmt::format("without {}", fmt::join(groups, " and ")));
        for (const auto& s : m_samples)
            if (at(s) != none && known.contains(s.subnet.resolution))
                residuals[static_cast<std::size_t>(at(s))].push_back(
                    {s.subnet.resolution, s.top1Percent - 100 * predict(s.subnet)});
        return residuals;
    }

    ConformalBands bands(const std::vector<double>& heldOut)
    {
        std::vector<Residual> ofFolds;
        for (std::size_t i = 0; i < heldOut.size(); ++i)
            ofFolds.push_back({m_samples[i].subnet.resolution, m_samples[i].top1Percent - heldOut[i]});
        if (m_groups.size() < 2)
            return fitConformal(ofFolds, m_options.level);
        GroupResiduals left;
        for (const auto& g : m_groups)
            left.push_back(residualsWithout({g}).front());
        std::map<std::pair<std::size_t, std::size_t>, std::vector<std::vector<Residual>>> ofPairs;
        return groupBands(
            left,
            [&](std::size_t g, std::size_t h) {
                if (!shareAResolution(g, h))
                    return std::vector<Residual>();
                if (m_groups.size() > kMostGroupsInPairs)
                    return left[h];
                const auto pair = std::minmax(g, h);
                auto& both = ofPairs[pair];
                if (both.empty())
                    both = residualsWithout({m_groups[pair.first], m_groups[pair.second]});
                return both[h == pair.first ? 0 : 1];
            },
            ofFolds, m_options.level);
    }

    bool shareAResolution(std::size_t g, std::size_t h) const
    {
        return std::any_of(m_resolutions.begin(), m_resolutions.end(), [&](int r) {
            const auto groups = groupsAt(r);
            return groups.contains(m_groups[g]) && groups.contains(m_groups[h]);
        });
    }

    /// How many times a predictor is fitted in all, for the progress.
    double fitsToDo() const
    {
        if (m_marked)
            return 1;
        double fits = 1.0 + (m_kind == FitKind::Mlp ? m_options.folds : 0);
        if (m_groups.size() > 1)
            for (std::size_t g = 0; g < m_groups.size(); ++g) {
                ++fits;
                for (std::size_t h = 0; h < g && m_groups.size() <= kMostGroupsInPairs; ++h)
                    fits += shareAResolution(g, h);
            }
        return fits + static_cast<double>(m_options.interpolate.empty() ? 0 : m_resolutions.size() - 2);
    }

    void addInterpolated(ConformalBands& bands)
    {
        if (m_options.interpolate.empty() || !bands.pooledHalfWidthPercent)
            return;
        std::vector<Residual> residuals;
        const std::vector<int> inner(m_resolutions.begin() + 1, m_resolutions.end() - 1);
        for (const int r : inner) {
            const auto predict = fitted(samplesWhere([&](const Sample& s) { return s.subnet.resolution != r; }), {r},
                fmt::format("without resolution {}", r));
            for (const auto& s : m_samples)
                if (s.subnet.resolution == r)
                    residuals.push_back({r, s.top1Percent - 100 * predict(s.subnet)});
        }
        const auto checked = fitConformal(residuals, m_options.level);
        for (const int r : m_options.interpolate) {
            const auto [below, above] = neighboursOf(m_resolutions, r);
            double half = std::max(*bands.halfWidthPercent(below), *bands.halfWidthPercent(above));
            for (const int i : inner)
                half = std::max(half, checked.halfWidthPercent(i).value_or(half));
            bands.rows.push_back({r, 0, half, false, {},
                fmt::format("interpolated between {} and {}: the widest of their bands and of what {} {} when left out", below, above,
                    fmt::join(inner, " and "), inner.size() == 1 ? "needs" : "need")});
        }
        std::sort(bands.rows.begin(), bands.rows.end(),
            [](const ConformalBands::Row& a, const ConformalBands::Row& b) { return a.resolution < b.resolution; });
    }

    std::set<std::string> groupsAt(int resolution) const
    {
        std::set<std::string> groups;
        for (const auto& s : m_samples)
            if (s.subnet.resolution == resolution)
                groups.insert(s.group);
        return groups;
    }

    PredictorInfo info() const
    {
        PredictorInfo i;
        i.title = m_kind == FitKind::Stagewise ? "stage-wise additive predictor"
            : m_kind == FitKind::Additive      ? "additive predictor"
                                               : fmt::format("MLP ensemble predictor, {} members", m_options.members);
        i.source = m_options.source;
        i.trainedSpace = m_space.id;
        i.trainedResolutions = m_resolutions;
        i.note = fmt::format("Fitted to {} measured nets", m_samples.size());
        if (m_groups.size() > 1)
            i.note += fmt::format(" of {} runs, each with an offset of its own at each resolution; it has the mean offset", m_groups.size());
        i.note += ".";
        // Groups that share their resolutions are one campaign; several campaigns confound resolution and source.
        for (std::size_t r = 1; r < m_resolutions.size(); ++r)
            if (!shareAGroup(m_resolutions[r - 1], m_resolutions[r]))
                i.note += fmt::format(" No run has nets both at {} and at {}: their levels cannot be told from a shift between runs.",
                    m_resolutions[r - 1], m_resolutions[r]);
        for (const int r : m_options.interpolate) {
            const auto [below, above] = neighboursOf(m_resolutions, r);
            i.interpolated.push_back({r,
                fmt::format("between {} and {}{}", below, above,
                    shareAGroup(below, above) ? "" : ", which no run has both of")});
        }
        if (m_kind == FitKind::Mlp)
            i.note += fmt::format(" {} members side by side in block-diagonal layers, beside a linear path.", m_options.members);
        return i;
    }

    bool shareAGroup(int a, int b) const
    {
        const auto other = groupsAt(b);
        const auto groups = groupsAt(a);
        return std::any_of(groups.begin(), groups.end(), [&](const std::string& g) { return other.contains(g); });
    }

    const SearchSpace& m_space;
    std::optional<MarkedSamples> m_marked; // before the samples, which may be those to train on
    std::span<const Sample> m_samples;
    FitKind m_kind;
    FitOptions m_options;
    std::string m_where;
    const OnFitStep& m_onStep;
    std::vector<int> m_resolutions;
    std::vector<std::string> m_groups;
    double m_penalty = 0;
    double m_fitsToDo = 1;
    double m_fitsDone = 0;
};

} // namespace

std::string_view name(FitKind kind)
{
    switch (kind) {
    case FitKind::Stagewise: return "stagewise";
    case FitKind::Additive: return "additive";
    case FitKind::Mlp: break;
    }
    return "mlp";
}

FitKind fitKindFromName(std::string_view text, const std::string& where)
{
    for (const auto kind : kKinds)
        if (name(kind) == text)
            return kind;
    throw ValueError({where, "unknown kind of predictor", quote(text), "stagewise, additive, mlp"});
}

AdditiveOptions additiveOptions(FitKind kind, const FitOptions& o)
{
    AdditiveOptions a;
    a.stageTerms = a.slopes = kind == FitKind::Stagewise;
    a.groupOffsets = true;
    a.folds = o.folds;
    a.seed = o.seed;
    return a;
}

std::optional<FittedPredictor> fitPredictor(const SearchSpace& space, std::span<const Sample> samples, FitKind kind,
    const FitOptions& options, const std::string& where, const OnFitStep& onStep)
{
    try {
        return Fitter(space, samples, kind, options, where, onStep).run();
    } catch (const Stopped&) {
        return std::nullopt;
    }
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/profile.h"

#include "base/sha256.h"
#include "device/relativefit.h"
#include "engine/processortime.h"
#include "engine/profileblocks.h"
#include "engine/profilestate.h"
#include "engine/timingsummary.h"
#include "space/accounting.h"
#include "space/spacejson.h"
#include "space/stratified.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace paretoscope {

namespace {

constexpr std::uint64_t kMostBytesOfNets = std::uint64_t(1) << 30; // weights of the nets of one group
constexpr int kTriesForANewNet = 50;
constexpr double kNoisyPercent = 30;     // scatter of the times of a block; at 25, tables still met nets within 2 %
constexpr double kNoisyDiscarded = 0.25; // share of the rounds

std::vector<int> resolutionsOf(const SearchSpace& space, std::vector<int> wanted)
{
    if (wanted.empty())
        return space.resolutions;
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    for (const int r : wanted)
        if (!space.hasResolution(r))
            throw ValueError({"resolutions", "not a resolution of the space " + space.id, fmt::format("{}", r), fmt::format("{}", fmt::join(space.resolutions, ", "))});
    return wanted;
}

/// All that is timed: the empty run, the blocks, the nets.
struct Items {
    std::vector<TimedItem> list;
    std::vector<int> groups; // of each
    std::size_t firstNet = 0;
};

/// Nets are dealt to as few groups as memory allows, each of which spans all resolutions and costs.
Items itemsOf(const ProfileSource& source, const Parts& parts, const BlockPlan& plan, const std::vector<Subnet>& nets)
{
    Items items;
    items.list.push_back({source.nothing, kEveryGroup});
    for (const auto& b : plan.blocks)
        items.list.push_back({[&source, &b] { return source.block(b.block, b.inputSize); }, kEveryGroup});
    items.firstNet = items.list.size();
    std::uint64_t bytes = 0;
    for (const auto& s : nets)
        bytes += account(parts, s).total.weightBytes();
    const auto groups = static_cast<std::size_t>(bytes / kMostBytesOfNets + 1);
    for (std::size_t i = 0; i < nets.size(); ++i)
        items.list.push_back({[&source, s = nets[i]] { return source.net(s); }, static_cast<int>(i % groups), true});
    for (const auto& item : items.list)
        items.groups.push_back(item.group);
    return items;
}

/// All that must be the same for times to belong together.
Json identityOf(const ProfileSource& source, const Parts& parts, const ProfileOptions& o, const std::vector<int>& resolutions)
{
    return {{"space", sha256(asBytes(printJson(toJson(parts.space()))))}, {"resolutions", resolutions}, {"batch", o.batch}, {"nets", o.nets}, {"seed", o.seed},
        {"threads", source.facts.threads}, {"device", source.facts.device}, {"library", source.facts.library}, {"processor", o.processor}};
}

/// Blocks of a net of middling depth.
int middlingDepth(const Parts& parts)
{
    const auto& space = parts.space();
    return static_cast<int>((network(parts, space.smallest()).size() + network(parts, space.largest()).size()) / 2);
}

std::vector<TimingRound> measure(const Parts& parts, const Items& items, const ProfileOptions& o, Json identity)
{
    ProfileState state(o.partial, std::move(identity), items.groups, o.resume);
    auto timing = o.timing;
    timing.seed = o.seed;
    timing.chain = middlingDepth(parts);
    try {
        const auto done = state.rounds();
        timeInterleaved(items.list, timing, done, [&](const TimingRound& r) { state.add(r); }, o.onStep);
    } catch (...) {
        state.save();
        throw;
    }
    state.save();
    return state.rounds();
}

std::vector<std::string> noiseWarnings(const TimingSummary& s)
{
    if (s.scatterPercent <= kNoisyPercent && s.discarded <= kNoisyDiscarded * (s.rounds + s.discarded))
        return {};
    return {fmt::format("noisy computer: half of the times of the same work span {:.0f} %, and in {} of {} rounds all was far slower than usual; profile again when nothing else runs",
        s.scatterPercent, s.discarded, s.rounds + s.discarded)};
}

std::string noteOf(const Profile& p)
{
    auto note = fmt::format("{} distinct blocks, each the mean of the faster half of its runs, in chains as long as a net, interleaved in {} rounds, drift taken out", p.blocks, p.rounds);
    if (p.validation.correction)
        note += fmt::format("; {}, fitted to {} nets (without: mean error {:.2f} %)", describe(*p.validation.correction), p.validation.nets.size(), *p.validation.plainError->mapePercent);
    return note;
}

CostTable roundedTable(const CostTable& table)
{
    auto values = table.values();
    for (auto& v : values)
        v = rounded(v);
    return CostTable(table.sharedParts(), table.resolutions(), std::move(values));
}

Device deviceOf(const ProfileSource& source, const CostTable& table, const Profile& p, const ProfileOptions& o)
{
    Device d;
    d.spaceId = table.parts().space().id;
    d.kind = Kind::Table; // a subnet's latency is a sum; only whole nets that were run are measured
    const auto processor = o.processor.empty() ? std::string("a processor that does not tell its name") : o.processor;
    d.source = fmt::format("block latencies measured by Paretoscope on {} ({}) with {}", processor, source.facts.device, source.facts.library);
    d.conditions = {o.batch, source.facts.threads, source.facts.library, "float32", noteOf(p)};
    d.sums.push_back(roundedTable(p.validation.correction ? corrected(table, *p.validation.correction) : table));
    d.error = p.validation.error;
    d.warnings = p.validation.warnings;
    return d;
}

} // namespace

ProfileSource profileSource(Engine& engine, std::shared_ptr<const Parts> parts, const StateDict& weights, int batch)
{
    std::shared_ptr<const Supernet> supernet = engine.supernet(std::move(parts), weights, NetPrecision::Float32);
    const auto facts = engine.facts();
    const bool ownThread = facts.threads == 1 && facts.device == "cpu";
    const auto run = [ownThread](std::unique_ptr<TimedRun> r) { return ownThread ? withoutPreemption(std::move(r)) : std::move(r); };
    return {facts, [&engine, batch, run](const Block& b, int inputSize) { return run(engine.timedBlock(b, inputSize, batch)); }, [&engine, run] { return run(engine.timedNothing()); },
        [supernet, batch, run](const Subnet& s) { return run(supernet->extract(s)->freeze()->timed(batch, s.resolution)); }};
}

std::vector<Subnet> validationNets(const std::shared_ptr<const Parts>& parts, const std::vector<int>& resolutions, int count, std::uint64_t seed)
{
    const auto macs = CostTable::macs(parts, resolutions);
    Random random(seed);
    std::set<Subnet> seen;
    std::vector<Subnet> nets;
    const auto columns = static_cast<int>(resolutions.size());
    for (int i = 0; i < columns; ++i) {
        const int here = count * (i + 1) / columns - count * i / columns;
        if (here == 0)
            continue;
        StratifiedSampler sampler(macs, resolutions[static_cast<std::size_t>(i)], here);
        const auto before = nets.size();
        for (int tries = 0; static_cast<int>(nets.size() - before) < here && tries < kTriesForANewNet * here; ++tries)
            if (const auto s = sampler.draw(random); seen.insert(s).second)
                nets.push_back(s);
        std::sort(nets.begin() + static_cast<std::ptrdiff_t>(before), nets.end(), [&](const Subnet& a, const Subnet& b) { return macs.cost(a) < macs.cost(b); });
    }
    return nets;
}

Profile profile(const ProfileSource& source, std::shared_ptr<const Parts> parts, const ProfileOptions& o)
{
    const auto resolutions = resolutionsOf(parts->space(), o.resolutions);
    const auto plan = planBlocks(*parts, resolutions);
    const auto nets = validationNets(parts, resolutions, o.nets, o.seed);
    const auto items = itemsOf(source, *parts, plan, nets);
    const auto rounds = measure(*parts, items, o, identityOf(source, *parts, o, resolutions));
    const auto summary = summarise(items.groups, rounds);

    const double nothingMs = summary.items.front().ms;
    std::vector<double> msOfBlock;
    for (std::size_t i = 1; i < items.firstNet; ++i)
        msOfBlock.push_back(std::max(0.0, summary.items[i].ms - nothingMs));
    // A net is started once, however many blocks it has.
    const auto table = corrected(plan.table(parts, msOfBlock), {nothingMs, 1});
    std::vector<MeasuredNet> measured;
    for (std::size_t i = 0; i < nets.size(); ++i)
        measured.push_back({nets[i], summary.items[items.firstNet + i].ms, 0});

    Profile p;
    p.blocks = static_cast<int>(plan.blocks.size());
    p.rounds = summary.rounds;
    p.discardedRounds = summary.discarded;
    p.slowestPercent = summary.slowestPercent;
    p.scatterPercent = summary.scatterPercent;
    p.validation = validate(table, std::move(measured));
    for (auto& w : noiseWarnings(summary))
        p.validation.warnings.push_back(std::move(w));
    p.device = deviceOf(source, table, p, o);
    return p;
}

void finishProfile(const ProfileOptions& options)
{
    std::error_code ignored; // the device is written; a next profile will say that this is in its way
    std::filesystem::remove(options.partial, ignored);
}

} // namespace paretoscope

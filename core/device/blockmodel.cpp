// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/blockmodel.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace paretoscope {

namespace {

constexpr std::array<const char*, 2> kPublishedWidths{"ofa-mbv3-w1.0", "ofa-mbv3-w1.2"};
constexpr double kMostMs = 1e6; // a coefficient above this is a mistake
constexpr int kMostBatch = 1 << 20;
constexpr int kMostRows = 1'000'000'000;

} // namespace

std::string_view name(LatencyForm form) { return form == LatencyForm::Additive ? "additive" : "max-of-sums"; }

bool BlockModel::wasFittedTo(const std::string& spaceId) const
{
    return std::any_of(trained.begin(), trained.end(), [&](const auto& t) { return t.space == spaceId; });
}

std::vector<std::string> BlockModel::spaces() const
{
    std::vector<std::string> ids;
    const auto add = [&](const std::string& id) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
            ids.push_back(id);
    };
    for (const auto& t : trained)
        add(t.space);
    if (std::any_of(kPublishedWidths.begin(), kPublishedWidths.end(), [&](const char* id) { return wasFittedTo(id); }))
        for (const char* id : kPublishedWidths)
            add(id);
    return ids;
}

bool BlockModel::accepts(const std::string& spaceId) const
{
    const auto ids = spaces();
    return std::find(ids.begin(), ids.end(), spaceId) != ids.end();
}

bool BlockModel::launchBound() const
{
    if (sums.size() != 1)
        return false;
    for (std::size_t i = 0; i < sums[0].size(); ++i)
        if (sums[0][i] > 0 && blockFeatures()[i].kind != FeatureClass::Launch)
            return false;
    return true;
}

double BlockModel::blockMs(std::size_t sum, const Block& block, int inputSize) const
{
    const auto features = featuresOf(block, inputSize, batch);
    double ms = 0;
    for (std::size_t i = 0; i < features.size(); ++i)
        ms += sums[sum][i] * features[i];
    return ms;
}

std::vector<CostTable> BlockModel::tables(std::shared_ptr<const Parts> parts) const
{
    const auto& space = parts->space();
    if (!accepts(space.id))
        throw ValueError({"device model", "the space is too far from those that the model was fitted to", quote(space.id), joinNames(spaces())});
    std::vector<CostTable> tables;
    for (std::size_t s = 0; s < sums.size(); ++s)
        tables.push_back(CostTable::make(parts, space.resolutions, [&](std::size_t, int, const Block& b, int size) { return blockMs(s, b, size); }));
    return tables;
}

Json toJson(const BlockModel& m)
{
    Json trained = Json::array(), sums = Json::array();
    for (const auto& t : m.trained)
        trained.push_back({{"space", t.space}, {"resolutions", {t.lowestResolution, t.highestResolution}}, {"rows", t.rows}});
    for (const auto& sum : m.sums) {
        Json j = Json::object();
        for (std::size_t i = 0; i < sum.size(); ++i)
            if (sum[i] != 0)
                j[std::string(blockFeatures()[i].name)] = {{"ms", sum[i]}, {"per", blockFeatures()[i].unit}};
        sums.push_back(std::move(j));
    }
    return {{"form", name(m.form)}, {"fittedTo", m.fittedTo}, {"batch", m.batch}, {"trained", std::move(trained)}, {"sums", std::move(sums)}};
}

BlockModel blockModelFromJson(const JsonView& v)
{
    v.onlyKeys({"form", "fittedTo", "batch", "trained", "sums"});
    BlockModel m;
    const auto form = v.at("form").string();
    if (form != name(LatencyForm::Additive) && form != name(LatencyForm::MaxOfSums))
        v.at("form").fail("unknown form of a device model", quote(form), "additive, max-of-sums");
    m.form = form == name(LatencyForm::Additive) ? LatencyForm::Additive : LatencyForm::MaxOfSums;
    m.fittedTo = v.at("fittedTo").string();
    if (m.fittedTo != "blocks" && m.fittedTo != "nets")
        v.at("fittedTo").fail("unknown value", quote(m.fittedTo), "blocks, nets");
    m.batch = static_cast<int>(v.at("batch").integer(1, kMostBatch));
    for (const auto& t : v.at("trained").elements(64)) {
        t.onlyKeys({"space", "resolutions", "rows"});
        const auto range = t.at("resolutions").integers(1, 65535, 2);
        if (range.size() != 2 || range[0] > range[1])
            t.at("resolutions").fail("not the lowest and the highest resolution", t.at("resolutions").json().dump(), "two numbers that ascend");
        m.trained.push_back({t.at("space").string(), range[0], range[1], static_cast<int>(t.at("rows").integer(1, kMostRows))});
    }
    if (m.trained.empty())
        v.at("trained").fail("a model that was fitted to nothing", {}, {});
    const auto sums = v.at("sums").elements(16);
    if (sums.size() != (m.form == LatencyForm::Additive ? 1u : 2u))
        v.at("sums").fail("wrong number of sums", fmt::format("{}", sums.size()), m.form == LatencyForm::Additive ? "one" : "two");
    for (const auto& sum : sums) {
        auto& coefficients = m.sums.emplace_back(blockFeatures().size(), 0.0);
        for (const auto& [key, view] : sum.items()) {
            const auto i = blockFeatureIndex(key);
            if (i == blockFeatures().size())
                view.fail("unknown feature", quote(key), {});
            view.onlyKeys({"ms", "per"});
            if (const auto per = view.at("per").string(); per != blockFeatures()[i].unit)
                view.at("per").fail("another unit", quote(per), quote(blockFeatures()[i].unit));
            coefficients[i] = view.at("ms").number(0, kMostMs);
        }
    }
    return m;
}

} // namespace paretoscope

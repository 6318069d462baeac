// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "base/random.h"
#include "engine/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace paretoscope {

namespace {

using Indices = std::vector<std::uint32_t>;

void shuffle(Indices& v, Random& random)
{
    for (std::size_t n = v.size(); n > 1; --n)
        std::swap(v[n - 1], v[random.below(n)]);
}

/// How many of each class, so that they add up to `count` and each differs from its exact share by less than one: whole
/// parts first, then one more for the largest remainders, the earlier class first where they are equal.
std::vector<std::size_t> shares(const std::vector<Indices>& classes, std::size_t count, std::size_t all)
{
    std::vector<std::size_t> taken, order(classes.size());
    std::vector<std::size_t> remainder;
    for (const auto& images : classes) {
        taken.push_back(images.size() * count / all);
        remainder.push_back(images.size() * count % all);
    }
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return remainder[a] > remainder[b]; });
    auto left = count - std::accumulate(taken.begin(), taken.end(), std::size_t{0});
    for (std::size_t i = 0; left > 0; ++i, --left)
        ++taken[order[i]];
    return taken;
}

/// Takes `count` images off the ends of the shuffled classes.
Indices take(std::vector<Indices>& classes, std::size_t count, std::size_t all)
{
    Indices out;
    const auto each = shares(classes, count, all);
    for (std::size_t c = 0; c < classes.size(); ++c) {
        const auto from = classes[c].end() - static_cast<std::ptrdiff_t>(each[c]);
        out.insert(out.end(), from, classes[c].end());
        classes[c].erase(from, classes[c].end());
    }
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

DataSplits splitDataSet(const DataSource& source, const SplitRequest& request)
{
    const auto& train = *source.train;
    const auto test = source.test ? 0 : request.testIfNone;
    const auto all = train.size();
    if (request.validation >= all || test >= all - request.validation)
        throw ValueError({train.source, "no image would be left to train on",
            fmt::format("{} for validation and {} for the test of {}", request.validation, test, all), fmt::format("fewer than {} together", all)});

    std::vector<Indices> classes(train.classNames.size());
    for (std::uint32_t i = 0; i < all; ++i)
        classes[static_cast<std::size_t>(train.labels[i])].push_back(i);
    for (std::size_t c = 0; c < classes.size(); ++c) {
        Random random(mix64(request.seed) + c); // a generator a class: one class does not move the others
        shuffle(classes[c], random);
    }
    DataSplits splits{{source.train, {}}, {source.train, {}}, wholeDataSet(source.test)};
    splits.validation.images = take(classes, request.validation, all);
    if (!source.test)
        splits.test = {source.train, take(classes, test, all - request.validation)};
    for (const auto& images : classes)
        splits.train.images.insert(splits.train.images.end(), images.begin(), images.end());
    std::sort(splits.train.images.begin(), splits.train.images.end());
    return splits;
}

DataSubset drawImages(const DataSubset& from, std::size_t count, std::uint64_t seed)
{
    if (count > from.size())
        throw ValueError({from.data ? from.data->source : std::string(), "there are not so many images", fmt::format("{}", count), fmt::format("at most {}", from.size())});
    auto images = from.images;
    Random random(seed);
    for (std::size_t i = 0; i < count; ++i)
        std::swap(images[i], images[i + random.below(images.size() - i)]);
    images.resize(count);
    return {from.data, std::move(images)};
}

} // namespace paretoscope

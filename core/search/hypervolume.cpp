// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/hypervolume.h"

#include "base/error.h"
#include "search/boxtree.h"
#include "search/buckets.h"
#include "search/nondominated.h"
#include "search/rows.h"
#include "search/staircase.h"
#include "search/sweep.h"

#include <boost/container/flat_map.hpp>
#include <fmt/format.h>

#include <memory_resource>
#include <numeric>

namespace paretoscope {

namespace {

constexpr char kWhere[] = "hypervolume";

void checkReference(std::span<const double> reference)
{
    if (reference.empty())
        throw ValueError({kWhere, "the reference point has no columns", "", ""});
    for (std::size_t c = 0; c < reference.size(); ++c)
        if (!std::isfinite(reference[c]))
            throw ValueError({kWhere, "the reference point is not finite", fmt::format("{} in column {}", reference[c], c), "finite numbers"});
}

void checkValues(std::span<const double> values, std::size_t columns)
{
    checkRows(values, columns, kWhere);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] == -std::numeric_limits<double>::infinity())
            throw ValueError({kWhere, "no volume", fmt::format("-inf in row {}, column {}", i / columns, i % columns), "numbers above"});
}

bool isInside(const double* row, const double* reference, std::size_t columns)
{
    for (std::size_t c = 0; c < columns; ++c)
        if (!(row[c] < reference[c]))
            return false;
    return true;
}

double boxVolume(const double* low, const double* high, std::size_t columns)
{
    double volume = 1;
    for (std::size_t c = 0; c < columns; ++c)
        volume *= high[c] - low[c];
    return volume;
}

double volume2(std::vector<Row2>& rows, const double* reference)
{
    sortByBuckets(rows, [](const Row2& r) { return r.x; }, std::less<>());
    double volume = 0, top = reference[1];
    for (const auto& r : rows)
        if (r.x < reference[0] && r.y < top) {
            volume += (reference[0] - r.x) * (top - r.y);
            top = r.y;
        }
    return volume;
}

/// Each row adds the area by which it widens the staircase of the rows before it, over all that is left of the column swept.
double volume3(std::vector<Row3>& rows, const double* reference)
{
    std::erase_if(rows, [&](const Row3& r) { return !(r.x < reference[0] && r.y < reference[1] && r.z < reference[2]); });
    sortByBuckets(rows, [](const Row3& r) { return r.x; }, std::less<>());
    constexpr std::size_t kManySteps = 2048; // up to here moving steps is cheaper than following pointers
    boost::container::flat_map<double, double> few;
    double volume = 0;
    std::size_t i = 0;
    for (; i < rows.size() && few.size() < kManySteps; ++i)
        volume += addStep(few, rows[i].y, rows[i].z, reference[1], reference[2]) * (reference[0] - rows[i].x);
    if (i == rows.size())
        return volume;
    std::pmr::monotonic_buffer_resource memory;
    std::pmr::map<double, double> many(few.begin(), few.end(), &memory);
    for (; i < rows.size(); ++i)
        volume += addStep(many, rows[i].y, rows[i].z, reference[1], reference[2]) * (reference[0] - rows[i].x);
    return volume;
}

double volumeOf(std::span<const double> values, const double* reference, std::size_t columns);

/// Of the box between a row and the bound that clipping has left, what the clipped corners do not cover.
double uncovered(const double* row, const std::vector<double>& bound, const std::vector<double>& clipped)
{
    const double box = boxVolume(row, bound.data(), bound.size());
    return clipped.empty() ? box : std::max(0.0, box - volumeOf(clipped, bound.data(), bound.size()));
}

/// As in three columns: each row adds what it alone covers in the other columns. The volume around a row is bounded by
/// its neighbours (While et al., IEEE TEVC 16(1), 2012, call this limiting).
double sweepLast(std::span<const double> values, const double* reference, std::size_t columns)
{
    const auto n = values.size() / columns, others = columns - 1;
    std::vector<double> narrow;
    narrow.reserve(n * others);
    for (std::size_t i = 0; i < values.size(); i += columns)
        narrow.insert(narrow.end(), values.begin() + i, values.begin() + i + others);
    std::vector<std::uint32_t> rows(n);
    std::iota(rows.begin(), rows.end(), 0u);
    BoxTree tree(narrow, others, std::move(rows), false);
    std::vector<std::uint32_t> order(n); // places
    std::iota(order.begin(), order.end(), 0u);
    const auto last = [&](std::uint32_t place) { return values[tree.row(place) * columns + others]; };
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return last(a) != last(b) ? last(a) < last(b) : a < b; });
    double volume = 0;
    std::vector<double> bound, clipped;
    for (const auto place : order) {
        bound.assign(reference, reference + others);
        clipped.clear();
        if (!tree.clip(place, bound.data(), clipped))
            continue;
        volume += uncovered(tree.at(place), bound, clipped) * (reference[others] - last(place));
        tree.eraseBeaten(tree.at(place));
        tree.insert(place);
    }
    return volume;
}

double volumeOf(std::span<const double> values, const double* reference, std::size_t columns)
{
    std::vector<double> inside;
    inside.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); i += columns)
        if (isInside(values.data() + i, reference, columns))
            inside.insert(inside.end(), values.begin() + i, values.begin() + i + columns);
    if (inside.size() <= columns)
        return inside.empty() ? 0 : boxVolume(inside.data(), reference, columns);
    if (columns == 1)
        return reference[0] - *std::min_element(inside.begin(), inside.end());
    if (columns == 2) {
        auto rows = survivors2(inside);
        return volume2(rows, reference);
    }
    if (columns == 3) {
        auto rows = survivors3(inside);
        return volume3(rows, reference);
    }
    return sweepLast(inside, reference, columns);
}

} // namespace

double hypervolume(std::span<const double> values, std::span<const double> reference)
{
    const auto columns = reference.size();
    checkReference(reference);
    checkValues(values, columns);
    if (columns < 4)
        return volumeOf(values, reference.data(), columns);
    std::vector<double> front;
    for (const auto i : nondominated(values, columns))
        front.insert(front.end(), values.begin() + i * columns, values.begin() + (i + 1) * columns);
    return volumeOf(front, reference.data(), columns);
}

std::vector<double> hypervolumeContributions(std::span<const double> values, std::span<const double> reference)
{
    const auto columns = reference.size();
    checkReference(reference);
    checkValues(values, columns);
    std::vector<std::uint32_t> inside;
    for (std::size_t i = 0; i < values.size() / columns; ++i)
        if (isInside(values.data() + i * columns, reference.data(), columns))
            inside.push_back(static_cast<std::uint32_t>(i));
    std::vector<double> contributions(values.size() / columns, 0);
    const BoxTree tree(values, columns, std::move(inside), true);
    std::vector<double> bound, clipped;
    for (std::size_t place = 0; place < tree.size(); ++place) {
        bound.assign(reference.begin(), reference.end());
        clipped.clear();
        if (tree.clip(place, bound.data(), clipped))
            contributions[tree.row(place)] = uncovered(tree.at(place), bound, clipped);
    }
    return contributions;
}

HypervolumeTrace::HypervolumeTrace(std::vector<double> reference)
    : m_reference(std::move(reference))
{
    checkReference(m_reference);
}

double HypervolumeTrace::add(std::span<const double> row)
{
    const auto columns = m_reference.size();
    if (row.size() != columns)
        throw ValueError({kWhere, "a row of another width", fmt::format("{} values", row.size()), fmt::format("{}", columns)});
    checkValues(row, columns);
    if (!isInside(row.data(), m_reference.data(), columns))
        return 0;
    const double added = columns == 2 ? addStep(m_steps, row[0], row[1], m_reference[0], m_reference[1]) : addToRows(row);
    m_volume += added;
    return added;
}

double HypervolumeTrace::addToRows(std::span<const double> row)
{
    const auto columns = m_reference.size();
    m_bound = m_reference;
    m_clipped.clear();
    for (std::size_t i = 0; i < m_rows.size(); i += columns)
        if (!clipBox(m_rows.data() + i, row.data(), columns, m_bound.data(), m_clipped)) {
            std::swap_ranges(m_rows.begin(), m_rows.begin() + columns, m_rows.begin() + i); // it may well beat the next one, too
            return 0;
        }
    const double added = uncovered(row.data(), m_bound, m_clipped);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_rows.size(); i += columns)
        if (!isNowhereWorse(row.data(), m_rows.data() + i, columns)) {
            std::copy_n(m_rows.begin() + i, columns, m_rows.begin() + kept);
            kept += columns;
        }
    m_rows.resize(kept);
    m_rows.insert(m_rows.end(), row.begin(), row.end());
    return added;
}

std::size_t HypervolumeTrace::size() const { return m_steps.size() + m_rows.size() / m_reference.size(); }

} // namespace paretoscope

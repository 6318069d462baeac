// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/runs.h"

#include "base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

namespace paretoscope {

namespace {

constexpr std::size_t kBlock = 20; // nets at the smallest resolution that make a beginning

std::vector<std::size_t> startsIn(const std::vector<int>& resolutions)
{
    const auto [least, most] = std::minmax_element(resolutions.begin(), resolutions.end());
    std::vector<std::size_t> starts{0};
    bool sawLargest = false;
    for (std::size_t i = 0, block = 0; i < resolutions.size(); ++i) {
        sawLargest |= resolutions[i] == *most;
        block = resolutions[i] == *least ? block + 1 : 0;
        if (sawLargest && block == kBlock) {
            starts.push_back(i + 1 - kBlock);
            sawLargest = false;
        }
    }
    return *least == *most ? std::vector<std::size_t>{0} : starts;
}

} // namespace

std::vector<RunStarts> guessRuns(std::span<const Sample> samples)
{
    std::vector<std::string> order;
    std::map<std::string, std::vector<int>> resolutions;
    for (const auto& s : samples) {
        auto& list = resolutions[s.group];
        if (list.empty())
            order.push_back(s.group);
        list.push_back(s.subnet.resolution);
    }
    std::vector<RunStarts> found;
    for (const auto& group : order)
        if (auto starts = startsIn(resolutions[group]); starts.size() > 1)
            found.push_back({group, std::move(starts)});
    return found;
}

RunStarts runStartsFromText(const std::string& text, const std::string& where)
{
    RunStarts starts;
    const auto colon = text.rfind(':');
    starts.group = colon == std::string::npos ? std::string() : text.substr(0, colon);
    const auto* at = text.data() + (colon == std::string::npos ? 0 : colon + 1);
    const auto* const end = text.data() + text.size();
    for (;; ++at) {
        std::size_t row = 0;
        const auto [stop, error] = std::from_chars(at, end, row);
        if (error != std::errc() || (stop != end && *stop != ','))
            throw ValueError({where, "not a list of rows", quote(text), "GROUP:0,ROW,ROW… in the order of the file"});
        starts.rows.push_back(row);
        at = stop;
        if (at == end)
            return starts;
    }
}

void splitRuns(std::vector<Sample>& samples, const RunStarts& starts, const std::string& where)
{
    std::vector<std::string> groups;
    std::size_t rows = 0;
    for (const auto& s : samples) {
        if (std::find(groups.begin(), groups.end(), s.group) == groups.end())
            groups.push_back(s.group);
        rows += s.group == starts.group;
    }
    if (rows == 0)
        throw ValueError({where, "no sample is of this group", quote(starts.group),
            groups == std::vector<std::string>{""} ? "rows without a group: the samples name none" : joinNames(groups)});
    const auto& r = starts.rows;
    if (r.empty() || r.front() != 0 || r.back() >= rows
        || std::adjacent_find(r.begin(), r.end(), std::greater_equal<>()) != r.end())
        throw ValueError({where, "wrong rows at which runs begin", fmt::format("{}", fmt::join(r, ",")),
            fmt::format("0 first, ascending, below {}", rows)});
    std::size_t row = 0, run = 0;
    for (auto& s : samples) {
        if (s.group != starts.group)
            continue;
        while (run < r.size() && r[run] <= row)
            ++run;
        s.group += fmt::format("{}run {}", starts.group.empty() ? "" : " ", run);
        ++row;
    }
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/randomsearch.h"

namespace paretoscope {

namespace {

constexpr std::uint64_t kBatch = 256; // under a millisecond
constexpr double kUnboundedMs = 1000;

} // namespace

void searchRandom(const SearchTask& task, const SearchRequest& request, Archive& archive, SearchControl& control)
{
    Random random(request.seed);
    const Evaluator evaluator(task);
    Evaluator::Workspace workspace;
    std::vector<Subnet> batch;
    std::vector<double> values;
    while (!control.stopped() && (control.bounded() || control.elapsedMs() < kUnboundedMs)) {
        const auto n = control.take(kBatch);
        if (n == 0)
            return;
        batch.clear();
        while (batch.size() < n)
            batch.push_back(task.allowed.uniform(random));
        values.resize(batch.size() * evaluator.dimensions());
        evaluator.evaluate(batch, values, workspace);
        archive.add(batch, values);
        control.report([&] { return archive.front(); });
    }
}

} // namespace paretoscope

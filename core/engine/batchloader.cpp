// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/batchloader.h"

#include "base/error.h"
#include "base/random.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace paretoscope {

namespace {

// So that order, resolution and augmentation of the same seed are not drawn from the same numbers.
constexpr std::uint64_t kOrderStream = 0x6F72646572u, kResolutionStream = 0x7265736F6Cu;

void check(const LoaderRequest& r)
{
    const auto fail = [](const char* problem, std::string found, std::string allowed) { throw ValueError({"loader", problem, std::move(found), std::move(allowed)}); };
    constexpr std::size_t kMostImages = 65536, kMostAhead = 1024;
    constexpr int kMostThreads = 256;
    if (r.batchSize < 1 || r.batchSize > kMostImages)
        fail("the size of a batch is out of range", fmt::format("{}", r.batchSize), fmt::format("1 to {}", kMostImages));
    if (r.threads < 1 || r.threads > kMostThreads)
        fail("the number of threads is out of range", fmt::format("{}", r.threads), fmt::format("1 to {}", kMostThreads));
    if (r.ahead < 1 || r.ahead > kMostAhead)
        fail("the number of batches ahead is out of range", fmt::format("{}", r.ahead), fmt::format("1 to {}", kMostAhead));
    if (!r.resolution)
        fail("there is no rule for the resolution", {}, {});
    if (!r.images.data)
        fail("there is no data set", {}, {});
}

} // namespace

BatchResolution fixedResolution(int resolution)
{
    return [resolution](std::size_t) { return resolution; };
}

BatchResolution drawnResolutions(std::vector<int> resolutions, std::uint64_t seed, std::uint64_t epoch)
{
    if (resolutions.empty())
        throw ValueError({"loader", "there is no resolution to draw from", {}, {}});
    return [list = std::move(resolutions), seed, epoch](std::size_t batch) {
        Random random(drawSeed(seed ^ kResolutionStream, epoch, batch));
        return list[random.below(list.size())];
    };
}

BatchResolution referenceResolutions(std::vector<int> resolutions, std::uint64_t epoch)
{
    if (resolutions.empty())
        throw ValueError({"loader", "there is no resolution to draw from", {}, {}});
    return [list = std::move(resolutions), epoch](std::size_t batch) {
        const std::uint64_t digits = epoch < 1000 ? 1000 : epoch < 10000 ? 10000 : 100000; // at least three
        PythonRandom random(batch * digits + epoch);
        return list[random.weightless(list.size())];
    };
}

BatchLoader::BatchLoader(LoaderRequest request)
    : m_request(std::move(request))
{
    check(m_request);
    const ImageTransform probe(m_request.preprocessing, m_request.augmentation); // says here what is wrong with them
    m_order = m_request.images.images;
    if (m_request.shuffle) {
        Random random(drawSeed(m_request.seed ^ kOrderStream, m_request.epoch, 0));
        for (std::size_t n = m_order.size(); n > 1; --n)
            std::swap(m_order[n - 1], m_order[random.below(n)]);
    }
    const auto size = m_request.batchSize;
    m_batches = m_request.dropLast ? m_order.size() / size : (m_order.size() + size - 1) / size;
    m_images = std::min(m_order.size(), m_batches * size);
    if (m_request.firstBatch > m_batches)
        throw ValueError({"loader", "the epoch has no such batch to begin with", fmt::format("{}", m_request.firstBatch), fmt::format("0 to {}", m_batches)});
    m_nextToMake = m_nextToGive = m_request.firstBatch;
    m_made.resize(m_request.ahead);
    const auto useful = std::min({static_cast<std::size_t>(m_request.threads), m_request.ahead, m_batches - m_nextToMake});
    for (std::size_t i = 0; i < useful; ++i)
        m_threads.emplace_back([this] { work(m_stop.get_token()); });
}

BatchLoader::~BatchLoader() { cancel(); }

void BatchLoader::cancel() { m_stop.request_stop(); }

bool BatchLoader::cancelled() const { return m_stop.stop_requested(); }

void BatchLoader::recycle(DataBatch batch)
{
    const std::lock_guard lock(m_mutex);
    if (m_spare.size() < m_request.ahead)
        m_spare.push_back(std::move(batch));
}

std::optional<DataBatch> BatchLoader::next()
{
    std::unique_lock lock(m_mutex);
    if (m_nextToGive == m_batches)
        return std::nullopt;
    auto& slot = m_made[m_nextToGive % m_made.size()];
    m_ready.wait(lock, m_stop.get_token(), [&] { return slot.ready; });
    if (m_stop.stop_requested())
        return std::nullopt;
    auto made = std::exchange(slot, {});
    ++m_nextToGive;
    m_room.notify_one();
    if (made.error) {
        m_nextToGive = m_batches;
        m_stop.request_stop();
        std::rethrow_exception(made.error);
    }
    return std::move(made.batch);
}

void BatchLoader::work(const std::stop_token& stop)
{
    std::optional<ImageTransform> transform;
    Image scratch;
    for (;;) {
        std::size_t index = 0;
        Made made;
        {
            std::unique_lock lock(m_mutex);
            const auto mayMake = [this] { return m_nextToMake == m_batches || m_nextToMake < m_nextToGive + m_made.size(); };
            if (!m_room.wait(lock, stop, mayMake) || stop.stop_requested() || m_nextToMake == m_batches)
                return;
            index = m_nextToMake++;
            if (!m_spare.empty()) {
                made.batch = std::move(m_spare.back());
                m_spare.pop_back();
            }
            if (m_nextToMake == m_batches)
                m_room.notify_all(); // nothing is left for those that wait
        }
        try {
            if (!transform)
                transform.emplace(m_request.preprocessing, m_request.augmentation);
            if (!make(index, *transform, scratch, made.batch, stop))
                return;
        } catch (...) {
            made.error = std::current_exception();
        }
        made.ready = true;
        const std::lock_guard lock(m_mutex);
        m_made[index % m_made.size()] = std::move(made);
        m_ready.notify_one();
    }
}

bool BatchLoader::make(std::size_t index, ImageTransform& transform, Image& scratch, DataBatch& batch, const std::stop_token& stop) const
{
    const auto begin = index * m_request.batchSize, end = std::min(begin + m_request.batchSize, m_order.size());
    batch.index = index;
    batch.channels = m_request.preprocessing.channels;
    batch.resolution = m_request.resolution(index);
    if (batch.resolution < 1 || batch.resolution > 4096)
        throw ValueError({"loader", "the resolution is out of range", fmt::format("{}", batch.resolution), "1 to 4096"});
    const auto side = static_cast<std::size_t>(batch.resolution), each = static_cast<std::size_t>(batch.channels) * side * side;
    batch.pixels.resize((end - begin) * each);
    batch.labels.clear();
    batch.images.assign(m_order.begin() + static_cast<std::ptrdiff_t>(begin), m_order.begin() + static_cast<std::ptrdiff_t>(end));
    const auto& data = *m_request.images.data;
    for (std::size_t i = begin; i < end; ++i) {
        if (stop.stop_requested())
            return false;
        const auto image = m_order[i];
        transform.apply(data.image(image, scratch), batch.resolution, drawSeed(m_request.seed, m_request.epoch, image), batch.pixels.data() + (i - begin) * each);
        batch.labels.push_back(data.labels[image]);
    }
    return true;
}

} // namespace paretoscope

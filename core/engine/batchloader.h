// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Batches made ahead by threads in the background. What a batch holds depends on the request alone: not on the number of
// threads, the clock, or where an epoch was taken up again.
#pragma once

#include "engine/dataset.h"
#include "engine/transform.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace paretoscope {

struct DataBatch {
    std::size_t index = 0; // of the batch in its epoch
    int channels = 0;
    int resolution = 0;
    std::vector<float> pixels;          // images × channels × resolution × resolution
    std::vector<std::int64_t> labels;   // one an image
    std::vector<std::uint32_t> images;  // indices into the data set
    std::size_t size() const { return labels.size(); }
};

/// The resolution of a batch. Called from several threads: it may not change anything.
using BatchResolution = std::function<int(std::size_t batch)>;
BatchResolution fixedResolution(int resolution);
/// Uniform over the list, by our generator.
BatchResolution drawnResolutions(std::vector<int> resolutions, std::uint64_t seed, std::uint64_t epoch);
/// The draws of the reference implementation: Python's `random.choices`, seeded with the digits of the batch and three of
/// the epoch. Every rank of a distributed run sees the same.
BatchResolution referenceResolutions(std::vector<int> resolutions, std::uint64_t epoch);

struct LoaderRequest {
    DataSubset images;
    Preprocessing preprocessing;
    std::optional<Augmentation> augmentation; // none: the transform of evaluation
    BatchResolution resolution;
    std::size_t batchSize = 128;
    bool shuffle = false;      // in an order of this seed and epoch; else as the subset lists them
    bool dropLast = false;     // leave out the last batch when it is not full
    std::uint64_t seed = 0;    // of order and augmentation
    std::uint64_t epoch = 0;
    std::size_t firstBatch = 0; // to go on in the middle of an epoch
    int threads = 1;
    std::size_t ahead = 4;     // batches that are made or wait at any time
};

/// The batches of one epoch, in order.
class BatchLoader {
public:
    /// Starts the threads. @throws ValueError when the request makes no sense.
    explicit BatchLoader(LoaderRequest request);
    /// Cancels and waits for the threads: at most for the image that each is at.
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// The next batch; nothing after the last one and after cancel(). Waits for it. One consumer at a time.
    /// @throws what making this batch threw, when it is its turn; nothing comes after it.
    std::optional<DataBatch> next();
    /// Hands buffers back to be used again, once the batch has been copied.
    void recycle(DataBatch batch);
    /// From any thread. A consumer that waits returns at once.
    void cancel();
    bool cancelled() const;
    /// Of the whole epoch, those before `firstBatch` included.
    std::size_t batches() const { return m_batches; }
    std::size_t images() const { return m_images; } // of all batches

private:
    struct Made {
        bool ready = false;
        DataBatch batch;
        std::exception_ptr error;
    };
    void work(const std::stop_token& stop);
    /// False when it was stopped half way.
    bool make(std::size_t index, ImageTransform& transform, Image& scratch, DataBatch& batch, const std::stop_token& stop) const;

    const LoaderRequest m_request;
    std::vector<std::uint32_t> m_order; // indices into the data set
    std::size_t m_batches = 0;
    std::size_t m_images = 0;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_room;  // for threads: a batch was taken
    std::condition_variable_any m_ready; // for the consumer: a batch was made
    std::size_t m_nextToMake = 0;
    std::size_t m_nextToGive = 0;
    std::vector<Made> m_made; // a ring: batch i at i % ahead
    std::vector<DataBatch> m_spare;
    std::stop_source m_stop;
    std::vector<std::jthread> m_threads; // last: the rest is there before they start, and they end before the rest goes
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Data sets of labelled images: IDX as MNIST and its successors come (plain or gz), the binary versions of CIFAR-10 and
// CIFAR-100, and folders of images with one folder a class. Every file is untrusted.
#pragma once

#include "engine/image.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// Where pixels come from: memory, or files that are decoded when they are asked for.
class ImageStore {
public:
    virtual ~ImageStore() = default;
    virtual std::size_t size() const = 0;
    /// From any thread. What the view shows lives as long as the store and `scratch`, and until `scratch` is used again.
    /// @throws IoError, FormatError where the image is read from a file.
    virtual ImageView image(std::size_t i, Image& scratch) const = 0;
};

/// Images of one size, one after the other in memory.
class PackedImages final : public ImageStore {
public:
    /// @throws ValueError when the pixels are not a whole number of images.
    PackedImages(int channels, int height, int width, std::vector<std::uint8_t> pixels);
    std::size_t size() const override { return m_count; }
    ImageView image(std::size_t i, Image&) const override;

private:
    int m_channels, m_height, m_width;
    std::size_t m_count;
    std::vector<std::uint8_t> m_pixels;
};

struct DataSet {
    std::string format;                  // "IDX", "CIFAR-10", "CIFAR-100", "image folder"
    std::string source;                  // the folder
    std::vector<std::string> classNames; // by label
    std::vector<std::int32_t> labels;    // by image, each below classNames.size()
    std::shared_ptr<const ImageStore> images;

    std::size_t size() const { return labels.size(); }
    ImageView image(std::size_t i, Image& scratch) const { return images->image(i, scratch); }
};

/// What a folder held: `test` is null where the source has no test images of its own.
struct DataSource {
    std::shared_ptr<const DataSet> train;
    std::shared_ptr<const DataSet> test;
    std::vector<std::string> notes; // what was left aside, in sentences for people
};

/// Recognises what the folder holds:
/// - IDX: `*train*images*idx3-ubyte[.gz]` (or idx4) with labels of the same name, and `*t10k*` or `*test*` likewise.
///   Names of classes from `classes.txt`, one a line, else the digits; Fashion-MNIST is known by its labels.
/// - CIFAR-10: `data_batch_1.bin` and on, `test_batch.bin`, `batches.meta.txt`; CIFAR-100: `train.bin`, `test.bin`,
///   `fine_label_names.txt`; in the folder itself or in the one that their archives unpack to.
/// - a folder a class, in it PNG, JPEG or PNM files; or `train` and `test` (or `val`, `validation`) with such folders.
///   Classes are numbered in the order of their names. Images are decoded when they are asked for.
/// @throws IoError; FormatError when it is none of these or not whole, with the file, what was found and what is allowed.
DataSource openDataSet(const std::filesystem::path& folder);

/// @throws ValueError when the data set does not have so many classes.
void requireClasses(const DataSet& data, int classes);

/// Some images of a data set, in this order.
struct DataSubset {
    std::shared_ptr<const DataSet> data;
    std::vector<std::uint32_t> images; // indices into the data set
    std::size_t size() const { return images.size(); }
    std::int32_t label(std::size_t i) const { return data->labels[images[i]]; }
};

/// All images of the data set; none where it is null.
DataSubset wholeDataSet(std::shared_ptr<const DataSet> data);

/// Of every split of this program: which images are held out must not change from one command to the next.
inline constexpr std::uint64_t kSplitSeed = 1;

struct SplitRequest {
    std::size_t validation = 0; // images taken out of the training images
    std::size_t testIfNone = 0; // images taken out of them for the test, only where the source has no test images
    std::uint64_t seed = kSplitSeed;
    bool operator==(const SplitRequest&) const = default;
};

struct DataSplits {
    DataSubset train, validation, test; // indices ascend; no image stands in two of them
};

/// Stratified: of every class the same share is taken, to within one image. The same request takes the same images on
/// every platform; the validation images do not depend on `testIfNone`.
/// @throws ValueError when fewer than one image would be left to train on.
DataSplits splitDataSet(const DataSource& source, const SplitRequest& request);

/// `count` images, drawn uniformly without repeats, in the order of the draw: the images of a recalibration.
/// @throws ValueError when there are not so many.
DataSubset drawImages(const DataSubset& from, std::size_t count, std::uint64_t seed);

/// Tells other images from these: SHA-256 over their number, every label, and the pixels of 64 images spread over them
/// (a folder of photographs would take minutes to decode whole). @throws as ImageStore::image
std::string fingerprint(const DataSubset& images);

/// Mean and standard deviation of every channel in [0, 1], after withChannels(): what images are normalised with.
struct ChannelStatistics {
    std::vector<double> mean;
    std::vector<double> deviation;
};
/// Exact up to the last division: sums are of integers. @throws ValueError when there is no image.
ChannelStatistics channelStatistics(const DataSubset& images, int channels);

} // namespace paretoscope

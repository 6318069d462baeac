// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The readers behind openDataSet(): of files in memory, and of folders.
#pragma once

#include "engine/dataset.h"

#include <optional>

namespace paretoscope {

/// An array of unsigned bytes as IDX keeps it: https://yann.lecun.com/exdb/mnist/ describes the format.
struct IdxArray {
    std::vector<std::uint32_t> sizes;
    std::vector<std::uint8_t> values;
};
/// Plain or gz, told apart by the first bytes. No memory is taken that the file cannot fill. @throws FormatError
IdxArray readIdx(ByteView bytes, const std::string& where);

/// Records of `labelBytes` labels, of which the last counts, and 3 × 32 × 32 pixels; appended to both vectors.
/// @throws FormatError when the file is no whole number of records or a label is not below `classes`.
void readCifar(ByteView bytes, const std::string& where, int labelBytes, int classes, std::vector<std::uint8_t>& pixels,
    std::vector<std::int32_t>& labels);

// Each returns nothing when the folder is of another kind, and throws when it is of this kind and not whole.
std::optional<DataSource> openIdxFolder(const std::filesystem::path& folder);
std::optional<DataSource> openCifarFolder(const std::filesystem::path& folder);
std::optional<DataSource> openImageFolder(const std::filesystem::path& folder);

/// One name a line; empty lines at the end do not count. @throws IoError, FormatError
std::vector<std::string> readClassNames(const std::filesystem::path& file);

/// @throws FormatError when a label of the data set has no name.
void checkLabels(const DataSet& data, const std::string& where);

} // namespace paretoscope

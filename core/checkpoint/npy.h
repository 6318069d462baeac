// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NumPy's .npy: one array a file.
#pragma once

#include "checkpoint/tensor.h"

#include <filesystem>
#include <memory>
#include <string>

namespace paretoscope {

/// Reads versions 1 to 3, little-endian f2 f4 f8 i1 i2 i4 i8 u1 and b1; an array in Fortran order comes with the
/// strides of one. The file is mapped, and must not be rewritten in place while the tensor lives.
/// @throws IoError; FormatError when the header is no valid one, the type is another (it is named), or the file has not
/// exactly the size that the header says.
Tensor readNpy(const std::filesystem::path& path);
/// The same from bytes that `owner` keeps alive; `where` names them in errors.
Tensor readNpy(ByteView bytes, std::shared_ptr<const void> owner, const std::string& where);

/// Writes version 1 in C order; the values begin at a multiple of 64 bytes.
/// @throws IoError; ValueError for BF16, which NumPy does not have.
void writeNpy(const std::filesystem::path& path, const Tensor& tensor);
/// The same as bytes.
Bytes makeNpy(const Tensor& tensor);

} // namespace paretoscope

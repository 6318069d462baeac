// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Computes an ONNX file as any reader of it would: from the file alone, by what the standard says of its nodes.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>

namespace paretoscope {

/// Checks the file with the checker and the full shape inference of the ONNX library and computes it node by node on
/// the CPU. The file is not trusted: it may not point to others, and what a value will need is known before memory is
/// taken. `images` are float32 [N, channels, height, width] on the CPU.
/// @throws IoError; FormatError naming what is wrong, which operator or attribute is not known here, or which value is
/// too large; ValueError when the images do not fit.
at::Tensor runOnnxModel(const std::filesystem::path& path, const at::Tensor& images);

} // namespace paretoscope

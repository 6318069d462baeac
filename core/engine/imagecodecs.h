// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decoders behind decodeImage(), one a format.
#pragma once

#include "engine/image.h"

namespace paretoscope {

Image decodePng(ByteView bytes, const std::string& where, const ImageLimits& limits);
Image decodeJpeg(ByteView bytes, const std::string& where, const ImageLimits& limits);
Image decodePnm(ByteView bytes, const std::string& where, const ImageLimits& limits);

/// An empty image of this size. @throws FormatError when it is beyond the limits.
Image checkedImage(int channels, std::uint64_t height, std::uint64_t width, const std::string& where, const ImageLimits& limits);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"

#include <string>

namespace paretoscope {

/// SHA-256 in 64 lower-case hexadecimal digits.
std::string sha256(ByteView content);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace paretoscope {

/// A file of `resources/`, compiled into the library; the name is relative to that folder.
struct EmbeddedFile {
    std::string_view name;
    std::string_view content;
};

std::vector<EmbeddedFile> embeddedFiles();

} // namespace paretoscope

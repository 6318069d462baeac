// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session as a file: the bundle, the question, and the front as it was shown, so that it can be shown and drawn again
// without a search.
#pragma once

#include "base/json.h"
#include "state/explorerstate.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace paretoscope::desktop {

inline constexpr const char* kSessionSuffix = ".paretoscope";

struct Session {
    std::string bundle;   // path or id of a shipped one
    std::string bundleId; // to tell another bundle at the same place
    std::string spaceId;
    Question question;
    std::vector<Subnet> front; // empty where nothing was searched
    std::string algorithm;     // of that front; for people
    bool operator==(const Session&) const = default;
};

/// Locale does not matter; the same session gives the same bytes.
Json toJson(const Session& session, const SearchSpace& space);
/// @throws FormatError: not a session, of another version, or with subnets and choices that the space does not have.
Session sessionFromJson(const JsonView& view, const SearchSpace& space);
/// What a session says of its bundle, before the space is known. @throws as above
Session sessionHead(const JsonView& view);

/// Whole or not at all. @throws IoError
void saveSession(const std::filesystem::path& path, const Session& session, const SearchSpace& space);

} // namespace paretoscope::desktop

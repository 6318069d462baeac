// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundleargument.h"

#include "bundle/shipped.h"

namespace paretoscope::cli {

Bundle openBundleArgument(const Context& context, const std::string& pathOrId)
{
    ProgressReport progress(context);
    return openBundle(findBundle(pathOrId), [&](const auto& step, double share) { return progress.report(step, share); });
}

void checkTarget(const std::string& path)
{
    if (!path.ends_with(".zip") && std::filesystem::exists(path) && !std::filesystem::is_empty(path))
        throw ValueError({path, "exists already and is not empty", {}, "a new name or an empty folder"});
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include <fmt/format.h>

#include <cstdlib>
#include <dlfcn.h>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr const char* kModule = "paretoscope_torch.so";
constexpr const char* kRemedy = "the module that belongs to this program (packaging/run.sh builds it; it needs libtorch-dev)";

fs::path modulePath()
{
    if (const char* set = std::getenv("PARETOSCOPE_ENGINE"); set && *set)
        return set;
    const auto folder = libraryFolder();
    for (const auto& path : {folder / kModule, folder / "paretoscope" / kModule})
        if (fs::exists(path))
            return path;
    throw IoError({folder.string(), fmt::format("there is no {}, which everything that runs nets needs", kModule), {}, kRemedy});
}

template <typename Function>
Function* symbol(void* module, const char* name, const fs::path& path)
{
    void* address = dlsym(module, name);
    if (!address)
        throw IoError({path.string(), "is no engine module", fmt::format("no symbol {}", name), kRemedy});
    return reinterpret_cast<Function*>(address);
}

} // namespace

std::unique_ptr<Engine> openEngine(const EngineSetup& setup)
{
    const auto path = modulePath();
    // Never unloaded: LibTorch does not survive that.
    void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!module) {
        const char* reason = dlerror();
        throw IoError({path.string(), "the engine cannot be loaded", reason ? reason : "no reason given", kRemedy});
    }
    const int version = symbol<int()>(module, "paretoscopeEngineInterface", path)();
    if (version != kEngineInterface)
        throw IoError({path.string(), "the engine belongs to another version of the program", fmt::format("interface {}", version), fmt::format("interface {}", kEngineInterface)});
    return std::unique_ptr<Engine>(symbol<Engine*(const EngineSetup&)>(module, "paretoscopeEngine", path)(setup));
}

} // namespace paretoscope

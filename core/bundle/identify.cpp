// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundle/identify.h"

#include "bundle/bundle.h"
#include "bundle/bundlefiles.h"
#include "checkpoint/npy.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/supernetweights.h"
#include "device/latencytable.h"
#include "predict/predictorfile.h"
#include "predict/samples.h"
#include "space/netconfig.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxTextBytes = 64u << 20;

template <typename F>
std::optional<std::string> problemOf(F&& f)
{
    try {
        f();
        return std::nullopt;
    } catch (const Error& e) {
        return e.what();
    }
}

// The spaces for which `f` does not throw.
template <typename F>
std::vector<std::string> spacesWhere(F&& f)
{
    std::vector<std::string> ids;
    for (const auto& id : builtInSpaceIds())
        if (!problemOf([&] { f(builtInSpace(id)); }))
            ids.push_back(id);
    return ids;
}

FormatError unknownFile(const fs::path& path)
{
    return FormatError({path.string(), "is no file that this program knows", {},
        "a bundle, checkpoint, predictor, latency table, device, space, net.config, subnet, samples or array"});
}

/// How far to trust a predictor.
Json trust(const AccuracyPredictor& p)
{
    Json j{{"predictor", p.describe()}, {"title", p.info.title}, {"source", p.info.source}, {"note", p.info.note},
        {"heldOut", p.heldOut ? toJson(*p.heldOut) : Json(nullptr)}, {"bands", p.bands ? toJson(*p.bands) : Json(nullptr)},
        {"selectionOptimism", nullptr}};
    if (const auto& o = p.optimism)
        j["selectionOptimism"] = {{"percent", o->percent}, {"sdPercent", o->sdPercent}, {"basis", o->basis}};
    return j;
}

FileInfo bundleInfo(const fs::path& path)
{
    FileInfo info;
    info.kind = "bundle";
    info.format = fs::is_directory(path) ? "folder" : "zip";
    const auto b = openBundle(path);
    info.fits = {b.space().id};
    info.summary = fmt::format("bundle {} of the space {}: {} predictors, {} devices, {}", b.id, b.space().id, b.predictors.size(), b.devices.size(), b.weights ? "with weights" : "without weights");
    info.details["id"] = b.id;
    info.details["space"] = b.space().id;
    info.details["weights"] = b.weights ? Json(b.weightsSource) : Json(nullptr);
    info.details["predictors"] = Json::array();
    info.details["accuracy"] = Json::array();
    for (const auto& p : b.predictors) {
        info.details["predictors"].push_back(p.describe());
        info.details["accuracy"].push_back(trust(p));
    }
    info.details["devices"] = Json::array();
    for (const auto& d : b.devices)
        info.details["devices"].push_back({{"id", d.id}, {"title", d.title}, {"source", d.source}});
    info.details["licences"] = Json::array();
    for (const auto& l : b.licences)
        info.details["licences"].push_back({{"what", l.what}, {"licence", l.licence}, {"source", l.source}});
    info.details["notes"] = b.notes;
    return info;
}

Json tensorList(const StateDict& tensors)
{
    Json list = Json::array();
    for (const auto& t : tensors.tensors())
        list.push_back({t.name, t.tensor.shape(), name(t.tensor.dtype())});
    return list;
}

bool looksLikePredictor(const StateDict& tensors)
{
    return tensors.find("0.weight") || tensors.find("layers.0.0.weight");
}

void predictorInfo(FileInfo& info, const StateDict& tensors, const std::string& where)
{
    info.kind = "predictor";
    std::string describe;
    std::vector<std::string> reasons;
    for (const auto& id : builtInSpaceIds()) {
        const auto problem = problemOf([&] { describe = importPredictor(tensors, builtInSpace(id), std::nullopt, where).describe(); });
        if (!problem)
            info.fits.push_back(id);
        else
            reasons.push_back(id + ": " + *problem);
    }
    info.summary = info.fits.empty() ? fmt::format("accuracy predictor with {} tensors", tensors.size()) : "accuracy predictor: " + describe;
    if (info.fits.empty())
        info.problems = std::move(reasons);
}

void weightsInfo(FileInfo& info, const StateDict& weights, const std::string& where)
{
    info.details["tensors"] = tensorList(weights);
    if (looksLikePredictor(weights))
        return predictorInfo(info, weights, where);
    info.kind = "checkpoint";
    std::int64_t elements = 0;
    std::vector<std::string> bad;
    for (const auto& t : weights.tensors()) {
        elements += t.tensor.elements();
        if (t.tensor.hasNonFinite())
            bad.push_back(t.name);
    }
    if (!bad.empty())
        info.problems.push_back("NaN or infinite values in " + joinNames(bad, 4));
    info.summary = fmt::format("{} tensors, {:.2f} M values", weights.size(), static_cast<double>(elements) / 1e6);
    std::string best;
    std::size_t most = 0;
    for (const auto& id : builtInSpaceIds()) {
        const auto space = builtInSpace(id);
        if (!problemOf([&] { fitToSupernet(weights, space, where); }))
            info.fits.push_back(id);
        if (const auto n = matchingKeys(weights, space); n > most) {
            most = n;
            best = id;
        }
    }
    info.details["closestSpace"] = most ? Json(best) : Json(nullptr);
    if (!info.fits.empty())
        info.summary += ", a supernet of " + info.fits.front();
    else if (most > 0)
        info.problems.push_back(fmt::format("the weights are no whole supernet of a built-in space; closest is {} with {} of {} tensors", best, most, weights.size()));
}

FileInfo checkpointInfo(const fs::path& path)
{
    const auto c = readPyTorch(path);
    FileInfo info;
    info.format = fmt::format("PyTorch {}", name(c.format));
    weightsInfo(info, c.weights, path.string());
    info.details["weightsKey"] = c.weightsKey;
    Json scalars = Json::object();
    for (const auto& s : c.scalars)
        std::visit([&](const auto& v) {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, std::monostate>)
                scalars[s.name] = nullptr;
            else
                scalars[s.name] = v;
        }, s.value);
    info.details["scalars"] = std::move(scalars);
    return info;
}

FileInfo safeTensorsInfo(const fs::path& path)
{
    const auto file = readSafeTensors(path);
    FileInfo info;
    info.format = "safetensors";
    if (file.metadata.contains("kind")) {
        info.kind = "predictor";
        std::string describe;
        info.details["accuracy"] = Json::array();
        info.fits = spacesWhere([&](const SearchSpace& s) {
            const auto predictor = loadPredictor(path, s);
            describe = predictor.describe();
            info.details["accuracy"] = {trust(predictor)};
        });
        info.summary = "accuracy predictor of this program" + (describe.empty() ? "" : ": " + describe);
        info.details["tensors"] = tensorList(file.tensors);
    } else {
        weightsInfo(info, file.tensors, path.string());
    }
    info.details["metadata"] = file.metadata;
    return info;
}

FileInfo tableInfo(const fs::path& path)
{
    const auto table = readLatencyTable(path);
    FileInfo info;
    info.kind = "latency-table";
    info.format = fmt::format("{} grammar", name(table.grammar));
    info.summary = fmt::format("block latencies, {} entries", table.size());
    info.details["entries"] = table.size();
    info.details["resolutions"] = Json::object();
    std::vector<std::string> reasons;
    for (const auto& id : builtInSpaceIds()) {
        const auto parts = std::make_shared<const Parts>(builtInSpace(id));
        const auto problem = problemOf([&] { info.details["resolutions"][id] = toCostTable(table, parts).resolutions(); });
        if (!problem)
            info.fits.push_back(id);
        else
            reasons.push_back(*problem);
    }
    if (info.fits.empty())
        info.problems = std::move(reasons);
    else
        info.summary += ", complete for " + joinNames(info.fits);
    return info;
}

std::optional<FileInfo> jsonInfo(const fs::path& path, const Json& json)
{
    FileInfo info;
    info.format = "json";
    const JsonView view(json, path.string());
    if (looksLikeNetConfig(json)) {
        info.kind = "net-config";
        info.fits = spacesWhere([&](const SearchSpace& s) { subnetFromNetConfig(Parts(s), view, s.resolutions.back()); });
        info.summary = "net.config of a static net" + (info.fits.empty() ? std::string(", in no built-in space") : ", a subnet of " + info.fits.front());
        return info;
    }
    if (json.is_object() && json.contains("family")) {
        const auto s = spaceFromJson(view);
        info.kind = "space";
        info.summary = fmt::format("search space {}: {} subnets at each of {} resolutions", s.id, s.subnetsPerResolution(), s.resolutions.size());
        info.fits = {s.id};
        return info;
    }
    if (json.is_object() && (json.contains("latencyMs") || (json.contains("model") && json.contains("conditions")))) {
        info.kind = "device";
        info.fits = spacesWhere([&](const SearchSpace& s) { deviceFromJson(view, std::make_shared<const Parts>(s)); });
        info.summary = json.contains("model") ? fmt::format("device {}, a fitted model for {}", view.at("id").string(), joinNames(info.fits))
                                              : fmt::format("device {} for the space {}", view.at("id").string(), view.at("space").string());
        return info;
    }
    if (json.is_object() && json.contains("d") && (json.contains("ks") || json.contains("w"))) {
        info.kind = "subnet";
        info.fits = spacesWhere([&](const SearchSpace& s) { subnetFromGenotype(s, genotypeFromJson(view), path.string(), ResolutionRule::Any); });
        info.summary = "architecture of a subnet" + (info.fits.empty() ? std::string(", in no built-in space") : " of " + joinNames(info.fits));
        return info;
    }
    return std::nullopt;
}

FileInfo textInfo(const fs::path& path, const std::string& text)
{
    const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first != std::string::npos && text[first] == '{') {
        const auto json = parseJson(text, path.string());
        if (auto info = jsonInfo(path, json))
            return *info;
    } else if (const auto header = text.substr(0, text.find('\n')); header.find(',') != std::string::npos && header.find(':') == std::string::npos) {
        FileInfo info;
        info.kind = "samples";
        info.format = "csv";
        std::size_t count = 0;
        std::string reason;
        for (const auto& id : builtInSpaceIds()) {
            const auto problem = problemOf([&] { count = readSamples(text, path.string(), builtInSpace(id)).size(); });
            if (!problem)
                info.fits.push_back(id);
            else if (reason.empty())
                reason = *problem;
        }
        if (info.fits.empty())
            info.problems.push_back(reason);
        info.summary = info.fits.empty() ? "a CSV file" : fmt::format("{} measured subnets", count);
        return info;
    }
    // Whatever is left may be a table in YAML; if it is not one, its errors would only confuse.
    const auto extension = path.extension();
    if (extension == ".yaml" || extension == ".yml" || text.find("-input:") != std::string::npos)
        return tableInfo(path);
    throw unknownFile(path);
}

} // namespace

FileInfo identify(const fs::path& path)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
        return fs::exists(path / kManifestName, ignored) ? bundleInfo(path) : tableInfo(path);

    Bytes head;
    {
        const MappedFile file(path);
        const auto n = std::min<std::size_t>(file.bytes().size(), 4096);
        head.assign(file.bytes().begin(), file.bytes().begin() + static_cast<std::ptrdiff_t>(n));
    }
    const auto begins = [&](std::string_view magic) { return asText(head).starts_with(magic); };
    if (head.empty())
        throw FormatError({path.string(), "the file is empty", {}, {}});
    if (begins(std::string_view("PK\x03\x04", 4))) {
        const ZipReader zip(path);
        return zip.find(kManifestName) ? bundleInfo(path) : checkpointInfo(path);
    }
    if (begins("\x93NUMPY")) {
        const auto t = readNpy(path);
        FileInfo info;
        info.kind = "array";
        info.format = "npy";
        info.summary = fmt::format("array {} {}", toString(t.shape()), name(t.dtype()));
        return info;
    }
    if (begins("\x80")) // a pickle of protocol 2 or later
        return checkpointInfo(path);
    if (head.size() > 9 && head[8] == std::byte{'{'} && asText(head).find('\0') != std::string_view::npos)
        return safeTensorsInfo(path);
    if (asText(head).find('\0') != std::string_view::npos)
        throw unknownFile(path);
    return textInfo(path, readTextFile(path, kMaxTextBytes));
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/device.h"

#include "base/error.h"
#include "base/resource.h"
#include "device/latencytable.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

std::string_view name(Supply supply)
{
    switch (supply) {
    case Supply::Battery: return "battery";
    case Supply::Mains: return "mains";
    case Supply::DataCentre: return "data-centre";
    }
    return {};
}

double Device::latencyMs(const Subnet& s) const
{
    double ms = sums.front().cost(s);
    for (std::size_t i = 1; i < sums.size(); ++i)
        ms = std::max(ms, sums[i].cost(s));
    return ms;
}

const ErrorRange* Device::errorRangeOf(const Subnet& s) const
{
    for (const auto& e : errors)
        if (e.space == spaceId && s.resolution >= e.lowestResolution && s.resolution <= e.highestResolution)
            return &e;
    return nullptr;
}

const DeviceError* Device::errorOf(const Subnet& s) const
{
    if (const auto* range = errorRangeOf(s))
        return &range->error;
    return error ? &*error : nullptr;
}

std::vector<std::string> Device::warningsOf(const Subnet& s) const
{
    auto all = warnings;
    if (const auto* range = errorRangeOf(s))
        all.insert(all.end(), range->warnings.begin(), range->warnings.end());
    return all;
}

Estimate Device::latency(const Subnet& s) const
{
    Estimate e;
    e.value = latencyMs(s);
    e.kind = kind;
    e.source = source;
    const auto* known = errorOf(s);
    if (known && known->band90Percent) {
        e.low = e.value * std::max(0.0, 1 - *known->band90Percent / 100);
        e.high = e.value * (1 + *known->band90Percent / 100);
        const auto* range = errorRangeOf(s);
        e.source += range && range->extrapolated ? fmt::format("; extrapolated, ±{:g} %: {}", *known->band90Percent, known->basis)
                                                 : fmt::format("; 90 % of {} within ±{:g} %", known->basis, *known->band90Percent);
    }
    return e;
}

void applyModel(Device& d, std::shared_ptr<const Parts> parts)
{
    d.spaceId = parts->space().id;
    d.form = d.model->form;
    d.sums = d.model->tables(std::move(parts));
    d.error.reset();
    for (const auto& e : d.errors)
        if (e.space == d.spaceId && !d.error)
            d.error = e.error;
}

std::string idFromName(std::string_view text)
{
    std::string id;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain || (c == '.' && !id.empty() && id.back() != '-' && id.back() != '.'))
            id += c;
        else if (c >= 'A' && c <= 'Z')
            id += static_cast<char>(c - 'A' + 'a');
        else if (!id.empty() && id.back() != '-')
            id += '-';
    }
    while (!id.empty() && (id.back() == '-' || id.back() == '.'))
        id.pop_back();
    return id.empty() ? "device" : id;
}

Device deviceFromTable(const std::filesystem::path& path, std::string deviceName, std::shared_ptr<const Parts> parts)
{
    const auto table = readLatencyTable(path);
    Device d;
    d.title = std::move(deviceName);
    d.id = idFromName(d.title);
    const auto& space = parts->space();
    d.spaceId = space.id;
    d.kind = Kind::Table;
    // The file says nothing about where it was measured; its name is all there is.
    const auto file = path.filename().empty() ? path.parent_path().filename() : path.filename();
    d.source = fmt::format("block latency table {}, {} grammar, {} entries", file.string(), name(table.grammar), table.size());
    d.sums.push_back(toCostTable(table, std::move(parts)));
    return d;
}

Device openDevice(const std::filesystem::path& path, std::shared_ptr<const Parts> parts, const std::string& deviceName)
{
    std::error_code ignored;
    if (path.extension() == ".json" && !std::filesystem::is_directory(path, ignored)) {
        const auto json = readJsonFile(path);
        if (json.is_object() && json.contains("schema"))
            return deviceFromJson(JsonView(json, path.string()), std::move(parts));
    }
    const auto stem = path.filename().empty() ? path.parent_path().filename() : path.stem();
    return deviceFromTable(path, deviceName.empty() ? stem.string() : deviceName, std::move(parts));
}

namespace {

constexpr std::string_view kFolder = "devices/";

template <typename F>
void forEachCatalogueDevice(F&& f)
{
    for (const auto& file : embeddedFiles())
        if (file.name.starts_with(kFolder))
            f(file);
}

bool isFor(const JsonView& device, const std::string& spaceId)
{
    return device.has("model") ? blockModelFromJson(device.at("model")).accepts(spaceId) : device.at("space").string() == spaceId;
}

} // namespace

std::vector<std::string> catalogueDeviceIds(const std::string& spaceId)
{
    std::vector<std::string> ids;
    forEachCatalogueDevice([&](const EmbeddedFile& file) {
        const auto json = parseJson(file.content, std::string(file.name));
        const JsonView view(json, std::string(file.name));
        if (isFor(view, spaceId))
            ids.push_back(view.at("id").string());
    });
    std::sort(ids.begin(), ids.end());
    return ids;
}

Device catalogueDevice(const std::string& id, std::shared_ptr<const Parts> parts)
{
    std::optional<Device> found;
    forEachCatalogueDevice([&](const EmbeddedFile& file) {
        const auto json = parseJson(file.content, std::string(file.name));
        const JsonView view(json, std::string(file.name));
        if (!found && view.at("id").string() == id && isFor(view, parts->space().id))
            found = deviceFromJson(view, parts);
    });
    if (!found) {
        const auto ids = catalogueDeviceIds(parts->space().id);
        throw ValueError({{}, "there is no device with this id for the space " + parts->space().id, quote(id),
            ids.empty() ? "a device file or a latency table" : joinNames(ids) + "; or a device file or a latency table"});
    }
    return *found;
}

} // namespace paretoscope

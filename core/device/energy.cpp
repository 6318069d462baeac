// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/energy.h"

#include "base/error.h"
#include "base/resource.h"
#include "space/accounting.h"
#include "space/stratified.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

constexpr double kPico = 1e-12;
constexpr double kMilli = 1e-3;
constexpr int kCalibrationSubnets = 1000;
constexpr std::size_t kCalibrationResolutions = 5;
constexpr std::uint64_t kCalibrationSeed = 1;
// P5 and P95 of measured energies of nets of one family on one phone lie a factor of 2 apart from the middle.
constexpr double kJoinedFactor = 2.0;
// Beyond this the two ways speak of different devices or different years.
constexpr double kAgreement = 2.0;
constexpr const char* kClassesFile = "facts/energyclasses.json";

// Both sides of a band relative to its value; 1 where none is known.
Spread spreadOf(const Estimate& e)
{
    return {e.low && e.value > 0 ? *e.low / e.value : 1.0, e.high && e.value > 0 ? *e.high / e.value : 1.0};
}

Estimate spread(double value, const Spread& s, Kind kind, std::string source) { return {value, value * s.low, value * s.high, kind, std::move(source)}; }

std::string timeInWords(int batch) { return batch == 1 ? "latency" : fmt::format("latency of a batch / {}", batch); }

std::optional<Estimate> find(const std::map<std::string, Estimate>& estimates, const char* key)
{
    const auto it = estimates.find(key);
    return it == estimates.end() ? std::nullopt : std::optional(it->second);
}

} // namespace

std::uint64_t movedBytes(const Block& b, int inputSize)
{
    const auto map = [](int channels, int size) {
        return static_cast<std::uint64_t>(channels) * static_cast<std::uint64_t>(size) * static_cast<std::uint64_t>(size);
    };
    if (b.type == BlockType::GlobalPool)
        return 4 * (map(b.in, inputSize) + static_cast<std::uint64_t>(b.out));
    const int outputSize = strided(inputSize, b.stride);
    std::uint64_t elements = parameters(b);
    if (b.convolutions.empty())
        elements += map(b.in, inputSize) + map(b.out, outputSize);
    int size = inputSize;
    for (const auto& c : b.convolutions) {
        elements += map(c.in, size);
        size = strided(size, c.stride);
        elements += map(c.out, size);
    }
    if (b.squeezeExcite) // the map is read to pool it, and read and written to scale it
        elements += 3 * map(b.squeezeExcite->channels, outputSize);
    if (b.shortcut != Shortcut::None)
        elements += map(b.out, outputSize) + (b.shortcut == Shortcut::Projection ? map(b.in, inputSize) + map(b.out, outputSize) : 0);
    return 4 * elements;
}

EnergyModel::EnergyModel(const Device& device)
    : m_device(device)
    , m_activeW(find(device.powerW, "active"))
    , m_awakeW(find(device.powerW, "awake"))
{
    const auto pointwise = find(device.workPj, "pointwiseMac"), depthwise = find(device.workPj, "depthwiseMac"),
               dense = find(device.workPj, "denseMac"), byte = find(device.workPj, "byte");
    if (pointwise || depthwise || dense || byte) {
        const auto value = [](const std::optional<Estimate>& e) { return e ? e->value * kPico : 0.0; };
        m_workJ = CostTable::make(device.sums.front().sharedParts(), device.resolutions(),
            [&](std::size_t, int, const Block& b, int size) {
                const auto m = macsByKind(b, size);
                return value(pointwise) * static_cast<double>(m.pointwise + m.gate + m.linear) + value(depthwise) * static_cast<double>(m.depthwise)
                    + value(dense) * static_cast<double>(m.dense) + value(byte) * static_cast<double>(movedBytes(b, size));
            });
        for (const auto* e : {&pointwise, &depthwise, &dense, &byte})
            if (*e) {
                const auto s = spreadOf(**e);
                m_work = {std::min(m_work.low, s.low), std::max(m_work.high, s.high)};
                m_kind = worse(m_kind, (*e)->kind);
                if (m_workSource.find((*e)->source) == std::string::npos)
                    m_workSource += (m_workSource.empty() ? "" : "; ") + (*e)->source;
            }
    }
    if (!m_workJ && !m_activeW)
        throw ValueError({device.id, "nothing is known of the power of this device", {}, "powerW or workPj in its device file, or an energy class"});
    if (m_activeW)
        m_kind = worse(m_kind, m_activeW->kind);
    m_kind = worse(m_kind, device.kind);
    if (!m_workJ) {
        m_joined = spreadOf(*m_activeW);
        m_notes.push_back("only a power is known of this device: energy is latency times a constant, and both order subnets alike");
        return;
    }
    if (!m_activeW) {
        m_joined = m_work;
        return;
    }
    m_joined = {1 / kJoinedFactor, kJoinedFactor};
    calibrate();
}

double EnergyModel::secondsPerInference(const Subnet& s) const { return m_device.latencyMs(s) * kMilli / m_device.conditions.batch; }

double EnergyModel::scaled(const Subnet& s) const
{
    return (m_awakeW ? m_awakeW->value * secondsPerInference(s) : 0.0) + m_workJ->cost(s);
}

void EnergyModel::calibrate()
{
    const auto& resolutions = m_device.resolutions();
    const auto columns = std::min(kCalibrationResolutions, resolutions.size());
    Random random(kCalibrationSeed);
    double logKappa = 0, logRatio = 0;
    int drawn = 0;
    for (std::size_t i = 0; i < columns; ++i) {
        const int r = resolutions[columns == 1 ? 0 : i * (resolutions.size() - 1) / (columns - 1)];
        StratifiedSampler sampler(*m_workJ, r);
        for (int n = 0; n < kCalibrationSubnets / static_cast<int>(columns); ++n, ++drawn) {
            const auto s = sampler.draw(random);
            const double power = *byPowerJ(s), work = m_workJ->cost(s);
            logKappa += std::log(std::sqrt(power * work) / scaled(s));
            logRatio += std::log(power / work);
        }
    }
    m_kappa = std::exp(logKappa / drawn);
    m_ratio = std::exp(logRatio / drawn);
    const double apart = std::max(m_ratio, 1 / m_ratio);
    if (apart > kAgreement)
        m_notes.push_back(fmt::format("energy by power is {:.2g} times energy by work on average: latency table and power row are likely of different devices; the range is shown", m_ratio));
}

double EnergyModel::energyJ(const Subnet& s) const
{
    if (!m_workJ)
        return *byPowerJ(s);
    return m_activeW ? m_kappa * scaled(s) : scaled(s);
}

std::optional<double> EnergyModel::byPowerJ(const Subnet& s) const
{
    return m_activeW ? std::optional(m_activeW->value * secondsPerInference(s)) : std::nullopt;
}

std::optional<double> EnergyModel::byWorkJ(const Subnet& s) const { return m_workJ ? std::optional(m_workJ->cost(s)) : std::nullopt; }

Estimate EnergyModel::energy(const Subnet& s) const
{
    auto e = spread(energyJ(s), m_joined, m_kind, {});
    const auto time = timeInWords(m_device.conditions.batch);
    if (m_workJ && m_activeW) {
        for (const auto& way : {byPowerJ(s), byWorkJ(s)}) {
            e.low = std::min(*e.low, *way);
            e.high = std::max(*e.high, *way);
        }
        e.source = fmt::format("{:.3g} × ({}work: {}), joining power ({}) and work", m_kappa, m_awakeW ? fmt::format("{:g} W × {} + ", m_awakeW->value, time) : "", m_workSource, m_activeW->source);
    } else {
        e.source = m_workJ ? "work: " + m_workSource : fmt::format("{:g} W × {}: {}", m_activeW->value, time, m_activeW->source);
    }
    return e;
}

std::optional<Estimate> EnergyModel::byPower(const Subnet& s) const
{
    if (!m_activeW)
        return std::nullopt;
    return spread(*byPowerJ(s), spreadOf(*m_activeW), worse(m_activeW->kind, m_device.kind), fmt::format("{:g} W × {}: {}", m_activeW->value, timeInWords(m_device.conditions.batch), m_activeW->source));
}

std::optional<Estimate> EnergyModel::byWork(const Subnet& s) const
{
    if (!m_workJ)
        return std::nullopt;
    return spread(m_workJ->cost(s), m_work, m_kind, "work: " + m_workSource);
}

std::vector<CostTable> EnergyModel::tables() const
{
    const double perMs = (m_workJ ? m_awakeW ? m_awakeW->value : 0.0 : m_activeW->value) * kMilli / m_device.conditions.batch;
    const double kappa = m_workJ && m_activeW ? m_kappa : 1.0;
    std::vector<CostTable> tables;
    for (const auto& latency : m_device.sums) {
        auto values = latency.values();
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = kappa * (perMs * values[i] + (m_workJ ? m_workJ->values()[i] : 0.0));
        tables.emplace_back(latency.sharedParts(), latency.resolutions(), std::move(values));
    }
    return tables;
}

namespace {

Json classesJson()
{
    for (const auto& file : embeddedFiles())
        if (file.name == kClassesFile)
            return parseJson(file.content, kClassesFile);
    throw FormatError({kClassesFile, "is not part of this program", {}, {}});
}

} // namespace

std::vector<std::string> energyClasses()
{
    const auto json = classesJson();
    std::vector<std::string> names;
    for (const auto& [name, view] : JsonView(json, kClassesFile).at("classes").items())
        names.push_back(name);
    return names;
}

void assumeEnergyOf(Device& device, const std::string& deviceClass)
{
    const auto json = classesJson();
    const auto classes = JsonView(json, kClassesFile).at("classes");
    if (!classes.has(deviceClass.c_str()))
        throw ValueError({device.id, "unknown energy class", quote(deviceClass), joinNames(energyClasses())});
    const auto chosen = classes.at(deviceClass.c_str());
    const auto fill = [](std::map<std::string, Estimate>& into, const JsonView& from) {
        for (const auto& [key, view] : from.items())
            into.emplace(key, estimateFromJson(view));
    };
    fill(device.powerW, chosen.at("powerW"));
    fill(device.workPj, chosen.at("workPj"));
    device.warnings.push_back(fmt::format("power and work per MAC are those of the class {}, not measured on this device", deviceClass));
}

} // namespace paretoscope

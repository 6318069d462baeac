// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Energy of one inference on a device, additive over the blocks of a subnet.
#pragma once

#include "device/device.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// A band relative to its value.
struct Spread {
    double low = 1;
    double high = 1;
};

/// Two independent ways to the same figure, and what joins them:
///   by power  P_active · t            the whole device while it infers, times its latency
///   by work   Σ e_kind · MACs + e_byte · bytes
///   joined    κ · (P_awake · t + Σ e_kind · MACs + e_byte · bytes)
/// The time term of the joined form is the power drawn while awake; κ is one factor a device, chosen so that on average
/// over subnets stratified over cost it meets the geometric mean of the two ways: κ = exp(mean ln(√(power·work) / raw)).
/// Where only one way is known the joined figure is that way. t is the time of one inference: the latency of a batch is
/// shared by its images.
class EnergyModel {
public:
    /// @throws ValueError when nothing is known of the device's power or work.
    explicit EnergyModel(const Device& device);

    /// Joule of one inference. @throws ValueError when the device has nothing for the resolution.
    double energyJ(const Subnet& subnet) const;
    std::optional<double> byPowerJ(const Subnet& subnet) const; // nothing where no active power is known
    std::optional<double> byWorkJ(const Subnet& subnet) const;  // nothing where no work term is known

    /// The same with band, kind and source. The band is that of the joined model, widened to where the two ways
    /// disagree by more.
    Estimate energy(const Subnet& subnet) const;
    std::optional<Estimate> byPower(const Subnet& subnet) const;
    std::optional<Estimate> byWork(const Subnet& subnet) const;

    bool knowsPower() const { return m_activeW.has_value(); }
    bool knowsWork() const { return m_workJ.has_value(); }
    double kappa() const { return m_kappa; }
    /// True where energy is only latency times a constant: the two then order subnets alike, and a third axis would
    /// repeat the second.
    bool repeatsLatency() const { return !m_workJ; }
    /// What a person must know: that energy repeats latency, or that the two ways lie far apart.
    const std::vector<std::string>& notes() const { return m_notes; }
    /// Joule of one inference as flat tables, for search: the energy is the largest of them, as the latency is.
    std::vector<CostTable> tables() const;

private:
    double secondsPerInference(const Subnet& subnet) const;
    void calibrate();
    double scaled(const Subnet& subnet) const;

    Device m_device;
    std::optional<CostTable> m_workJ;
    std::optional<Estimate> m_activeW, m_awakeW;
    Spread m_work;           // of the work terms
    Spread m_joined;         // of the joined figure
    double m_kappa = 1;
    double m_ratio = 1;      // mean of by power / by work
    Kind m_kind = Kind::Citation;
    std::string m_workSource;
    std::vector<std::string> m_notes;
};

/// Powers and work terms for a class of devices, from cited rows, for a device of which nothing of its own is known:
/// "phone-cpu", "phone-gpu". Fills only what the device lacks, and adds a warning that says so.
/// @throws ValueError that lists the classes.
void assumeEnergyOf(Device& device, const std::string& deviceClass);
std::vector<std::string> energyClasses();

/// Bytes that a block moves when nothing stays in cache: every layer's input, output and weights once, in float32.
std::uint64_t movedBytes(const Block& block, int inputSize);

} // namespace paretoscope

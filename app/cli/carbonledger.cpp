// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbonledger.h"

#include "bundleargument.h"
#include "devicechoice.h"
#include "figures.h"
#include "subnetargument.h"

#include "bundle/ledgerrequest.h"

namespace paretoscope::cli {

namespace {

struct Options {
    std::string bundle, device, subnet;
    SubnetUse use;
};

Json requestOf(const Context& context, const Options& o)
{
    const auto bundle = openBundleArgument(context, o.bundle);
    const auto devices = devicesFromArguments(bundle, {o.device});
    const auto& device = devices.front();
    const auto subnet = subnetFromArgument(o.subnet, *bundle.parts, std::nullopt, context, ResolutionRule::InSpace);
    const auto energy = energyOf(device);
    if (!energy.model)
        throw ValueError({device.id, "the energy of an inference is not known on this device", energy.reason, "a device with a power: profile or fit-device with --power-w"});
    auto use = o.use;
    use.latencyMs = device.latencyMs(subnet);
    return ledgerRequest(bundle, device, energy.model->energy(subnet), use);
}

} // namespace

LedgerRequestSource addLedgerOfBundle(CLI::App& ledger, CLI::App& what, const Context& context)
{
    auto o = std::make_shared<Options>();
    auto* bundle = what.add_option("--bundle", o->bundle, "Make the request of a bundle: what its training has cost and what a subnet costs in use");
    ledger.add_option("--device", o->device, "Where the subnet runs")->needs(bundle);
    ledger.add_option("--subnet", o->subnet, kSubnetHelp)->needs(bundle);
    ledger.add_option("--grid", o->use.grid, "Place or g/kWh of the use")->needs(bundle)->capture_default_str();
    ledger.add_option("--devices", o->use.devices, "Devices in use")->needs(bundle)->capture_default_str();
    ledger.add_option("--inferences-per-day", o->use.inferencesPerDay, "Of each device")->needs(bundle)->capture_default_str();
    ledger.add_option("--life-years", o->use.lifeYears, "How long they are in use")->needs(bundle)->capture_default_str();
    ledger.add_option("--targets", o->use.targets, "Nets that share the training, of which this one bears its part")->needs(bundle)->capture_default_str();
    ledger.add_option("--embodied-kg", o->use.embodiedKg, "Of making one device, borne by the time spent inferring; 0: left out")->needs(bundle)->capture_default_str();
    ledger.add_option("--pue", o->use.pue, "Of a data centre, where the device stands in one")->needs(bundle)->capture_default_str();
    ledger.add_option("--charging-efficiency", o->use.chargingEfficiency, "Of a device with a battery")->needs(bundle)->capture_default_str();
    return [o, bundle, &context]() -> std::optional<Json> {
        if (!*bundle)
            return std::nullopt;
        if (o->device.empty() || o->subnet.empty())
            throw CLI::RequiredError("--bundle needs --device and --subnet");
        return requestOf(context, *o);
    };
}

} // namespace paretoscope::cli

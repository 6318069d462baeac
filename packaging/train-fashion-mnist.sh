#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the shipped bundle resources/bundles/fashion-mnist from its configuration, resources/training/fashion-mnist.json:
# trains the supernet, measures subnets, fits predictors to them, profiles this computer as its device. Hours of work in
# pieces that resume: stop it whenever you like and start it again.
#
#   packaging/train-fashion-mnist.sh [RUN [DATA]]     RUN: a folder for what is half done (default: run/fashion)
#                                                     DATA: Fashion-MNIST as IDX files (default: where Debian's
#                                                     dataset-fashion-mnist puts it)
#   PARETOSCOPE_CLI: a command line that is built already; else the release preset is built
#   PARETOSCOPE_SAMPLES: how many subnets to measure (default: 1270)
#   PARETOSCOPE_NAME, PARETOSCOPE_ID, PARETOSCOPE_POWER_W: this computer as a device, and what it draws while it infers
#                     (value, low and high in watt)
. "$(dirname "$0")/common.sh"

id=fashion-mnist
run=${1:-$root/run/fashion}
data=${2:-/usr/share/datasets/fashion-mnist}
samples=${PARETOSCOPE_SAMPLES:-1270}
target=$root/resources/bundles/$id
cli=${PARETOSCOPE_CLI:-}
if [ -z "$cli" ]; then
    install_missing build data
    build release
    cli=$root/build/release/bin/paretoscope-cli
fi

# Phases that are trained already, on whatever computer.
begun=$root/packaging/fashion-mnist-run
if [ ! -e "$run" ] && [ -e "$begun" ]; then
    mkdir -p "$(dirname "$run")"
    cp -r "$begun" "$run"
fi

say "The supernet"
if [ -e "$run/run.json" ]; then
    "$cli" train --resume "$run" --data "$data"
else
    "$cli" train --config "$root/resources/training/$id.json" --data "$data" --out "$run"
fi

say "Accuracy of $samples subnets"
if [ ! -e "$run/samples.csv" ]; then
    "$cli" sample --bundle "$run/bundle" --data "$data" --count "$samples" --calibration 0.15 --held-out 0.47 \
        --out "$run/samples.csv" --resume
fi

say "Accuracy predictors"
rm -rf "$run/fitted"
"$cli" fit-predictor --bundle "$run/bundle" --samples "$run/samples.csv" --out "$run/fitted"

say "This computer as a device"
if [ ! -e "$run/device.json" ]; then
    name=${PARETOSCOPE_NAME:-$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)}
    power=()
    if [ -n "${PARETOSCOPE_POWER_W:-}" ]; then
        read -ra watts <<<"$PARETOSCOPE_POWER_W"
        power=(--power-w "${watts[@]}" --power-source "${PARETOSCOPE_POWER_SOURCE:?says where PARETOSCOPE_POWER_W is from}")
    fi
    "$cli" profile --bundle "$run/fitted" --name "$name" ${PARETOSCOPE_ID:+--id "$PARETOSCOPE_ID"} "${power[@]}" \
        --out "$run/device.json" --resume
fi

rm -rf "$run/finished"
"$cli" bundle attach "$run/fitted" --device "$run/device.json" --out "$run/finished"
"$cli" bundle verify "$run/finished"
mkdir -p "$(dirname "$target")"
rm -rf "$target"
cp -r "$run/finished" "$target"
say "$target"
(cd "$target" && sha256sum bundle.json && du -sk .)

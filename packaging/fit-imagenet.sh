#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the shipped bundle resources/bundles/imagenet-ofa-mbv3-w1.0: the space, accuracy predictors fitted to published
# measurements, and the devices of resources/devices (see fit-devices.sh). The same inputs give the same bytes.
#
#   packaging/fit-imagenet.sh [REFERENCE_DIR]     REFERENCE_DIR holds real/measured/ofa_mbv3_w1.0_imagenet_top1.csv
#                                                 (default: PARETOSCOPE_REFERENCE_DIR, then ../shared)
#   PARETOSCOPE_CLI: a command line that is built already; else the release preset is built
. "$(dirname "$0")/common.sh"

id=imagenet-ofa-mbv3-w1.0
space=ofa-mbv3-w1.0
reference=${1:-${PARETOSCOPE_REFERENCE_DIR:-$root/../shared}}
samples=$reference/real/measured/ofa_mbv3_w1.0_imagenet_top1.csv
target=$root/resources/bundles/$id
if [ ! -f "$samples" ]; then
    echo "fit-imagenet.sh: $samples is absent; give the folder that holds real/measured" >&2
    exit 1
fi
cli=${PARETOSCOPE_CLI:-}
if [ -z "$cli" ]; then
    install_missing build
    build release
    cli=$root/build/release/bin/paretoscope-cli
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say "The space"
"$cli" import --space "$space" --about "$root/packaging/$id.json" --out "$work/space"

say "Accuracy predictors, fitted to $(basename "$samples")"
"$cli" fit-predictor --bundle "$work/space" --samples "$samples" --runs auto --interpolate 144,176,208 \
    --without-samples --seed 1 --out "$work/fitted"

# The models of the catalogue hold for both widths of the family, so each gives a device of this space.
devices=()
for file in "$root"/resources/devices/*.json; do
    devices+=(--device "$file")
done
bundle=$work/fitted
if [ ${#devices[@]} -gt 0 ]; then
    say "Devices: $((${#devices[@]} / 2))"
    "$cli" bundle attach "$bundle" "${devices[@]}" --out "$work/devices"
    bundle=$work/devices
fi

"$cli" bundle verify "$bundle"
mkdir -p "$(dirname "$target")"
rm -rf "$target"
cp -r "$bundle" "$target"
say "$target"
(cd "$target" && sha256sum bundle.json && du -sk .)

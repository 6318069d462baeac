#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds, and runs the main job. Until the window exists this is the command line's most
# complete job: it describes the largest and smallest subnet of a supernet exactly, and where released OFA files are at
# hand, imports them into a bundle and predicts subnets with it. Results: paretoscope-results/.
#
#   packaging/run.sh [FOLDER]     FOLDER holds acc_predictor.pth and a folder note10 with latency tables
#                                 (default: real/once-for-all below PARETOSCOPE_REFERENCE_DIR, default ../shared)
. "$(dirname "$0")/common.sh"
install_missing build
build release

cli=$root/build/release/bin/paretoscope-cli
results=$root/paretoscope-results
released=${1:-${PARETOSCOPE_REFERENCE_DIR:-$root/../shared}/real/once-for-all}
rm -rf "$results"
mkdir -p "$results"

say "The search spaces"
"$cli" spaces | tee "$results/spaces.txt"

say "OFA-MobileNetV3 w1.2: the largest and the smallest subnet"
for which in max min; do
    "$cli" describe --space ofa-mbv3-w1.2 --subnet "$which" --json >"$results/describe-$which.json"
    "$cli" describe --space ofa-mbv3-w1.2 --subnet "$which" | sed -n 2p
done

if [ -f "$released/acc_predictor.pth" ] && [ -d "$released/note10" ]; then
    say "Released OFA files: a bundle, and predictions with it"
    "$cli" import --space ofa-mbv3-w1.2 --predictor "$released/acc_predictor.pth" \
        --latency "$released/note10" --device-name "Samsung Note10" --supply battery --out "$results/bundle"
    subnets=(max min random:1 random:2 random:3)
    "$cli" predict --bundle "$results/bundle" --subnet "${subnets[@]}" --resolution 192 --json >"$results/predictions.json"
    "$cli" predict --bundle "$results/bundle" --subnet "${subnets[@]}" --resolution 192
else
    say "No released OFA files at $released: nothing to import (give a folder with acc_predictor.pth and note10/)"
fi
say "The window does not exist yet; this was the command line's job. Results: $results"

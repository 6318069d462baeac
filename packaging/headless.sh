#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The whole job without a window, on a bundle with weights, a predictor and a device: search, take the knee, export it,
# evaluate it on the test images, account for its emissions.
#
#   packaging/headless.sh CLI RESULTS BUNDLE DEVICE [GRID]     GRID as `paretoscope-cli grids` lists them (default: World)
#   PARETOSCOPE_IMAGES: Fashion-MNIST as IDX files (default: where Debian's dataset-fashion-mnist puts it)
set -euo pipefail

cli=$1
results=$2
bundle=$3
device=$4
grid=${5:-World}
images=${PARETOSCOPE_IMAGES:-/usr/share/datasets/fashion-mnist}
say() { printf '\n== %s\n' "$*"; }

mkdir -p "$results"

say "Search: the exact front of top-1 and latency on $device"
"$cli" search --bundle "$bundle" --device "$device" --grid "$grid" --rows 10 --knee-out "$results/knee.json" --out "$results/front.json"
"$cli" search --bundle "$bundle" --device "$device" --grid "$grid" --out "$results/front.csv" >/dev/null

say "The knee, exported: TorchScript, ONNX, safetensors, model card; recalibrated and measured on the test images"
rm -rf "$results/subnet"
"$cli" export --bundle "$bundle" --subnet "$results/knee.json" --format torchscript,onnx,safetensors,ofa-config,model-card \
    --data "$images" --out "$results/subnet"

say "Its accuracy on the test images, and what was predicted"
"$cli" evaluate --bundle "$bundle" --subnet "$results/knee.json" --data "$images" --recalibrate 2000 --json >"$results/accuracy.json"
"$cli" predict --bundle "$bundle" --subnet "$results/knee.json" --device "$device" --grid "$grid" | tee "$results/prediction.txt"
sed -nE '/"top1Percent"/,/}/ s/^ *"(value|low|high)": ([0-9.]+),?$/measured top-1, \1: \2 %/p' "$results/accuracy.json"

say "Emissions: training of the supernet and three years of use, 1000 inferences a day ($grid)"
"$cli" carbon ledger --bundle "$bundle" --device "$device" --subnet "$results/knee.json" --grid "$grid" | tee "$results/emissions.txt"

say "Results: $results"
ls -l "$results" "$results/subnet"

#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds, and runs the main job: the window, with a sample open. Without a display the same job
# headless, results in paretoscope-results/.
#
#   packaging/run.sh [FILE]              with a display; FILE: another bundle, or a session
#   packaging/run.sh [DEVICE [GRID]]     without one; DEVICE as `paretoscope-cli devices` lists them,
#                                        GRID as `paretoscope-cli grids` does (default: World)
. "$(dirname "$0")/common.sh"
install_missing build
build release

bin=$root/build/release/bin
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "The window"
    exec "$bin/paretoscope" "${1:-imagenet-ofa-mbv3-w1.0}"
fi

cli=$bin/paretoscope-cli
results=$root/paretoscope-results
bundle=imagenet-ofa-mbv3-w1.0
device=${1:-samsung-note10}
grid=${2:-World}
rm -rf "$results"
mkdir -p "$results"

say "$bundle: top-1 and latency on $device"
"$cli" search --bundle "$bundle" --device "$device" --grid "$grid" --rows 12 --out "$results/front.json"
"$cli" search --bundle "$bundle" --device "$device" --grid "$grid" --out "$results/front.csv" >/dev/null

say "Top-1, latency and emissions, each cost within 2 % ($grid grid)"
"$cli" search --bundle "$bundle" --device "$device" --grid "$grid" --objectives top1,latency,co2e --epsilon 0.02 \
    --rows 6 --out "$results/front-with-emissions.csv"

say "The most accurate subnet within 15 ms on $device"
"$cli" search --bundle "$bundle" --device "$device" --grid "$grid" --objectives top1 --max-latency-ms 15 \
    --out "$results/best-within-15-ms.json"

say "There is no display: this was the job without the window. Results: $results"
ls -l "$results"

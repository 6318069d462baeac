#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Fits every device model of the catalogue anew, from the published measurements. The same files give the same bytes.
#
#   packaging/fit-devices.sh [REFERENCE_DIR [OUT]]
#       REFERENCE_DIR holds real/once-for-all/note10, real/nsganetv2/i7-8700K_lut.yaml and
#       real/help/help_mbv3_gpu_latency_ms.csv (default: PARETOSCOPE_REFERENCE_DIR, else ../shared);
#       OUT is where the files go (default: resources/devices). PARETOSCOPE_CLI names the program.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
real=${1:-${PARETOSCOPE_REFERENCE_DIR:-$root/../shared}}/real
out=${2:-$root/resources/devices}
cli=${PARETOSCOPE_CLI:-$root/build/release/bin/paretoscope-cli}
mkdir -p "$out"

fit() { # ID, then options
    "$cli" fit-device --seed 1 --progress none --id "$1" --out "$out/$1.json" "${@:2}"
}

fit samsung-note10 --name "Samsung Note10" --space ofa-mbv3-w1.2 --table "$real/once-for-all/note10" --supply battery \
    --source "model fitted to the block latencies of mit-han-lab/once-for-all, revision 698a5c1, 17 resolutions" --licence "Apache-2.0 (data)" \
    --other-width-note "tends to read about 4 % high: four published nets of this width advertise 8, 11, 16 and 22 ms, a fit like this one gave 8.3, 11.4, 16.5 and 23.2"

fit intel-i7-8700k --name "Intel Core i7-8700K" --space ofa-mbv3-w1.0 --space ofa-mbv3-w1.2 --table "$real/nsganetv2/i7-8700K_lut.yaml" \
    --source "model fitted to the block latencies of mikelzc1990/nsganetv2, revision 04c495a, both widths" --licence "Apache-2.0 (data)"

gpu() { # ID, NAME, COLUMN, BATCH, FORM, then options
    fit "$1" --name "$2 (batch $4)" --space ofa-mbv3-w1.2 --measurements "$real/help/help_mbv3_gpu_latency_ms.csv" --column "$3" --batch "$4" --form "$5" \
        --source "model fitted to 5,000 nets measured by HayeonLee/HELP, revision 45f70eb; latency of a whole batch" --licence "MIT (data)" "${@:6}"
}
# Which V100 it was is not stated: 250 W (PCIe) or 300 W (SXM2), at a load between idle (10 %) and full.
v100=(--supply data-centre --power-w 151 25 300 --power-source "NVIDIA V100, 250 W (PCIe) or 300 W (SXM2), × (0.1 + 0.9 u), load u not stated: 0 to 1 (vendor data sheet)")
gpu nvidia-titan-rtx-b1 "NVIDIA Titan RTX" titan_rtx_1 1 launch
gpu nvidia-titan-rtx-b32 "NVIDIA Titan RTX" titan_rtx_32 32 additive
gpu nvidia-titan-rtx-b64 "NVIDIA Titan RTX" titan_rtx_64 64 additive
gpu nvidia-v100-b1 "NVIDIA V100" v100_1 1 launch "${v100[@]}"
gpu nvidia-v100-b32 "NVIDIA V100" v100_32 32 max "${v100[@]}"
gpu nvidia-v100-b64 "NVIDIA V100" v100_64 64 additive "${v100[@]}"
gpu nvidia-titan-xp-b32 "NVIDIA Titan Xp" titan_xp_32 32 additive
gpu nvidia-titan-xp-b64 "NVIDIA Titan Xp" titan_xp_64 64 additive
gpu nvidia-rtx-2080-ti-b64 "NVIDIA RTX 2080 Ti" 2080ti_64 64 additive

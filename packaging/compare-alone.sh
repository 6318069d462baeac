#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How much a subnet loses by sharing its weights: three nets over the span of the Fashion-MNIST space, each trained alone
# for as many epochs as the full net was, beside the same nets cut out of the supernet. Test images, batch norm
# recalibrated. Goes on where it was stopped.
#
#   packaging/compare-alone.sh [RUNS [DATA]]     RUNS: a folder for the three runs (default: run/alone)
#   PARETOSCOPE_CLI: a command line that is built already; else the release preset is built
#   PARETOSCOPE_BUNDLE: the supernet (default: fashion-mnist)
. "$(dirname "$0")/common.sh"

runs=${1:-$root/run/alone}
data=${2:-/usr/share/datasets/fashion-mnist}
bundle=${PARETOSCOPE_BUNDLE:-fashion-mnist}
cli=${PARETOSCOPE_CLI:-}
if [ -z "$cli" ]; then
    install_missing build data
    build release
    cli=$root/build/release/bin/paretoscope-cli
fi

# top1 BUNDLE SUBNET: percent of the test images
top1() {
    "$cli" evaluate --bundle "$1" --subnet "$2" --data "$data" --recalibrate 2000 --progress none --json |
        sed -nE '/"top1Percent"/,/}/ s/^ *"value": ([0-9.]+),?$/\1/p'
}

mkdir -p "$runs"
table=
while read -r name kernel expansion depth resolution; do
    run=$runs/$name
    sed -E "s/\"id\": \"fashion-mbv3\"/\"id\": \"fashion-$name\"/; s/\"resolutions\": \[[^]]*\]/\"resolutions\": [$resolution]/; \
        s/\"kernels\": \[[^]]*\], \"expansions\": \[[^]]*\], \"depths\": \[[^]]*\]/\"kernels\": [$kernel], \"expansions\": [$expansion], \"depths\": [$depth]/" \
        "$root/resources/spaces/fashion-mbv3.json" >"$runs/$name-space.json"
    # The first phase of the supernet's configuration, on a space that holds this net alone.
    sed -E "s#\"space\": \"fashion-mbv3\"#\"space\": \"$runs/$name-space.json\"#; s/\"id\": \"fashion-mnist\"/\"id\": \"fashion-mnist-$name\"/; \
        /\"name\": \"full\"/ { s/, \"kernels\".*\"depths\": \[3\]//; s/},\$/}/ }; /\"name\": \"(kernel|depth|expand)/d" \
        "$root/resources/training/fashion-mnist.json" >"$runs/$name.json"
    say "$name: kernels $kernel, expansion $expansion, depth $depth, resolution $resolution"
    if [ -e "$run/run.json" ]; then
        "$cli" train --resume "$run" --data "$data"
    else
        "$cli" train --config "$runs/$name.json" --data "$data" --out "$run"
    fi
    echo "{\"ks\": $kernel, \"e\": $expansion, \"d\": $depth, \"r\": $resolution}" >"$runs/$name-subnet.json"
    alone=$(top1 "$run/bundle" max)
    shared=$(top1 "$bundle" "$runs/$name-subnet.json")
    table+=$(printf '%-10s %8s %8s' "$name" "${alone:?}" "${shared:?}")$'\n'
done <<'NETS'
smallest 3 2 1 16
middle 5 3 2 24
largest 7 4 3 28
NETS

say "Test top-1, percent: trained alone, and shared"
printf '%-10s %8s %8s\n%s' net alone shared "$table" | tee "$runs/table.txt"

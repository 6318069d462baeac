#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds, and runs the main job: the window, with a sample open. Without a display the same job
# headless, results in paretoscope-results/: search, knee, export, accuracy on the test images, emissions.
#
#   packaging/run.sh [FILE]              with a display; FILE: another bundle, or a session
#   packaging/run.sh [DEVICE [GRID]]     without one; DEVICE: of the bundle fashion-mnist, or a device file,
#                                        GRID: as `paretoscope-cli grids` lists them (default: World)
. "$(dirname "$0")/common.sh"
install_missing build
build release

bin=$root/build/release/bin
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "The window"
    exec "$bin/paretoscope" "${1:-imagenet-ofa-mbv3-w1.0}"
fi

install_missing data
rm -rf "$root/paretoscope-results"
"$root/packaging/headless.sh" "$bin/paretoscope-cli" "$root/paretoscope-results" fashion-mnist "${1:-epyc-2-vcpu}" "${2:-World}"
say "There is no display: this was the job without the window, on the shipped bundle fashion-mnist."

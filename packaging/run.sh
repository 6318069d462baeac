#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds, and runs the main job. Until the window exists this is the command line's: search,
# export, evaluation and emissions on the Fashion-MNIST bundle that comes with the program. Results: paretoscope-results/.
#
#   packaging/run.sh [GRID [DEVICE]]     GRID as `paretoscope-cli grids` lists them (default: World),
#                                        DEVICE of the bundle, or a device file of your own computer
. "$(dirname "$0")/common.sh"
install_missing build data
build release

results=$root/paretoscope-results
rm -rf "$results"
"$root/packaging/headless.sh" "$root/build/release/bin/paretoscope-cli" "$results" "$@"
say "The window does not exist yet; this was the command line's job. Results: $results"

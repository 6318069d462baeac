#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds and passes the tests: warnings as errors, then the sanitizers, then a short run of
# every fuzz target.
#
#   packaging/test.sh [quick]     quick: without sanitizers and fuzzing
. "$(dirname "$0")/common.sh"
begin=$SECONDS
install_missing build test

build ci
say "Tests"
(cd "$root" && ctest --preset ci)

if [ "${1:-}" != quick ]; then
    build asan-ubsan
    say "Tests under address and undefined-behaviour sanitizers"
    (cd "$root" && ctest --preset asan-ubsan)
    build fuzz
    say "A short run of every fuzz target"
    (cd "$root" && ctest --preset fuzz)
fi
say "All green in $(((SECONDS - begin) / 60)) min $(((SECONDS - begin) % 60)) s"

#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds and passes the tests: warnings as errors, then the sanitizers.
#
#   packaging/test.sh [quick|full]     quick: without sanitizers; full: also a short run of every fuzz target, which
#                                      needs a build of its own with clang
. "$(dirname "$0")/common.sh"
begin=$SECONDS
stage=${1:-}
case $stage in
"" | quick | full) ;;
*)
    echo "test.sh: unknown argument: $stage (allowed: quick, full)" >&2
    exit 2
    ;;
esac
install_missing build test data

build ci
say "Tests"
(cd "$root" && ctest --preset ci)

if [ "$stage" != quick ]; then
    build asan-ubsan
    say "Tests under address and undefined-behaviour sanitizers"
    (cd "$root" && ctest --preset asan-ubsan)
fi
if [ "$stage" = full ]; then
    build fuzz
    say "A short run of every fuzz target"
    (cd "$root" && ctest --preset fuzz)
fi
say "All green in $(((SECONDS - begin) / 60)) min $(((SECONDS - begin) % 60)) s"

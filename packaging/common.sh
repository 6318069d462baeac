# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Shared by run.sh and test.sh: where things are, and installing what is missing.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }

# install_missing KIND…: the packages of these kinds of dependencies.txt that are not installed yet.
install_missing() {
    local kinds wanted missing=()
    kinds=$(IFS='|'; echo "$*")
    wanted=$(sed -nE "s/^($kinds) +([^ ]+).*/\2/p" "$root/packaging/dependencies.txt")
    for package in $wanted; do
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed'; then
            missing+=("$package")
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "These Debian packages are missing and installing them needs root or sudo: ${missing[*]}" >&2
            exit 1
        fi
        sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update -qq
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# build PRESET: configures and builds below build/; quick when nothing changed.
build() {
    say "Building ($1)"
    (cd "$root" && cmake --preset "$1" >/dev/null && cmake --build --preset "$1")
}

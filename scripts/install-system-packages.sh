#!/usr/bin/env bash
# Installs the Debian packages that building needs, and those named as arguments, where they are missing; asks for root only then.
set -euo pipefail

packages=(libturbojpeg0-dev libspng-dev zlib1g-dev pkg-config python3-venv python3-pip "$@")
missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    [[ $status == i* ]] || missing+=("$package")
done
# A Python of one's own (pyenv, conda) brings venv and pip itself.
if python3 -c 'import venv, ensurepip, pip' 2>/dev/null; then
    kept=()
    for package in "${missing[@]}"; do [[ $package == python3-* ]] || kept+=("$package"); done
    missing=("${kept[@]}")
fi
if ! command -v swift >/dev/null; then
    echo "swift is not on PATH: install a Swift 6.2 toolchain or newer from https://www.swift.org/install/linux/" >&2
    exit 1
fi
[[ ${#missing[@]} -eq 0 ]] && exit 0

echo "Installing ${missing[*]}"
install=(env DEBIAN_FRONTEND=noninteractive apt-get)
if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
        echo "run as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    install=(sudo "${install[@]}")
fi
"${install[@]}" update -qq
"${install[@]}" install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null

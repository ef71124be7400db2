# SPDX-License-Identifier: Apache-2.0
# Which packages of packages.txt are missing, and their installation; part of toolchain/dev.
# shellcheck shell=bash

packages_for() { # PURPOSE...
    local purpose
    for purpose in "$@"; do
        awk -v purpose="$purpose" '$1 == purpose { print $2; found = 1 } END { exit !found }' \
            toolchain/packages.txt || die "no packages are listed for '$purpose'"
    done | sort -u
}

is_installed() { # PACKAGE
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() { # PURPOSE...
    local package packages
    packages=$(packages_for "$@")
    for package in $packages; do
        is_installed "$package" || printf '%s\n' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

install_for() { # PURPOSE...
    local missing
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    # One word a package from here on.
    missing=${missing//$'\n'/ }
    command -v apt-get >/dev/null || die "no apt-get here; install by hand: $missing"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        die "not root and no sudo; as root: apt-get install --no-install-recommends $missing"
    as_root apt-get update -qq
    say "Installing $missing: $(megabytes_to_download "$missing") MB to download"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 \
        --no-install-recommends $missing >/dev/null
}

megabytes_to_download() { # "PACKAGE..."
    # shellcheck disable=SC2086
    apt-get install --print-uris -qq --no-install-recommends $1 |
        awk '{ bytes += $3 } END { printf "%.0f", bytes / 1e6 }'
}

setup() { # [demo|test|bench|riscv|flash|golden|mutate|witnesses]...
    local what
    for what in "${@:-test}"; do
        case $what in
        demo) install_for build arm demo ;;
        test) install_for build arm test ;;
        bench) install_for build bench ;;
        riscv | flash | golden | mutate) install_for "$what" ;;
        witnesses) install_for witnesses && install_npm_witnesses ;;
        *) die "setup knows demo, test, bench, riscv, flash, golden, mutate, witnesses; not '$what'" ;;
        esac
    done
}

# One package of a pinned version, into build/witnesses.
install_npm_witnesses() {
    command -v npm >/dev/null || install_for node
    mkdir -p build/witnesses
    if ! cmp -s toolchain/witnesses/package-lock.json build/witnesses/package-lock.json ||
        [ ! -d build/witnesses/node_modules ]; then
        cp toolchain/witnesses/package*.json build/witnesses/
        say "Installing rp2040js into build/witnesses"
        quietly npm --prefix build/witnesses ci --ignore-scripts --no-audit --no-fund
    fi
}

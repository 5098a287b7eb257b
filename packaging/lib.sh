# Shared by the scripts beside it: what a fresh Debian or Raspberry Pi OS (64 bit) needs, installed only where it is missing.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

# need_packages PACKAGE...: installs those that are missing; says in one line what could not be installed, and goes on.
need_packages() {
    local missing=() package
    for package in "$@"; do
        # shellcheck disable=SC2016 # the format is dpkg-query's
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "Installing ${missing[*]} …"
    if ! { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } \
        </dev/null >"$root/artifacts/apt.log" 2>&1; then
        say "Could not install ${missing[*]} (see artifacts/apt.log); what needs them is skipped or fails."
    fi
}

# need_node: any node and npm will do, Debian's or another's.
need_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        need_packages nodejs npm
    fi
}

need_dotnet() {
    command -v dotnet >/dev/null || fail "The .NET SDK 10 is missing: no 'dotnet' on the path. See https://dotnet.microsoft.com/download"
    dotnet --list-sdks | grep -q '^10\.' || fail "The .NET SDK 10 is missing: 'dotnet --list-sdks' shows $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd, -)."
}

# node_modules of the tests that speak OCPP with a charger that is not ours; anew when the lock file changed.
need_node_modules() {
    local tests="$root/tests/node" stamp
    [ -f "$tests/package-lock.json" ] || return 0
    stamp="$(sha256sum "$tests/package-lock.json" | cut -d' ' -f1)"
    [ "$(cat "$tests/node_modules/.stamp" 2>/dev/null || true)" != "$stamp" ] || return 0
    if command -v npm >/dev/null && (cd "$tests" && npm ci --no-audit --no-fund --ignore-scripts </dev/null >"$root/artifacts/npm.log" 2>&1); then
        printf '%s\n' "$stamp" >"$tests/node_modules/.stamp"
    else
        say "npm ci did not work in tests/node (see artifacts/npm.log); the tests that need it are skipped or fail."
    fi
}

set_up() {
    mkdir -p "$root/artifacts"
    need_dotnet
    need_packages libsqlite3-0 libmodbus5 libmosquitto1 sqlite3 tzdata ca-certificates
}

restore() {
    dotnet restore "$root/EdgeGateway.sln" -v q </dev/null || fail "Restoring the packages did not work."
}

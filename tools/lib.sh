# Shared by the scripts beside it. Source it; it does nothing by itself.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

die() { say "$*"; exit 1; }

# Runs a command as root, through sudo when we are not root.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "This needs root and there is no sudo: run '$*' as root, then start again."
  fi
}

# need_packages PACKAGE...: installs those that are missing, with one line; silent when none is.
need_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null 2>&1 || die "This script installs with apt: on another system install the equivalents of: $*"
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ "${#missing[@]}" = 0 ] && return 0
  say "Installing ${missing[*]}"

  # An archive folder of our own: images whose apt cleans the shared one after every run break two installs at once.
  local archives log
  archives=$(mktemp -d) && log=$(mktemp)
  mkdir -p "$archives/partial"
  chmod 755 "$archives"
  local options=(-o "Dir::Cache::archives=$archives" -o DPkg::Lock::Timeout=600 -o APT::Sandbox::User=root)
  if ! { apt_get "${options[@]}" install "${missing[@]}" || { apt_get -o DPkg::Lock::Timeout=600 update && apt_get "${options[@]}" install "${missing[@]}"; }; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "apt-get could not install ${missing[*]}: see above, mend it, then start again."
  fi
  as_root rm -rf "$archives"
  rm -f "$log"
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq --no-install-recommends "$@"; }

# promtool alone, out of Debian's package: installed as a whole it would start a Prometheus on this machine.
need_promtool() {
  command -v promtool >/dev/null 2>&1 && return 0
  say "Installing promtool"
  local folder log
  folder=$(mktemp -d) && log=$(mktemp)
  chmod 755 "$folder"
  if ! { download prometheus "$folder" || { apt_get -o DPkg::Lock::Timeout=600 update && download prometheus "$folder"; }; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "apt-get could not download prometheus, which has promtool: see above, mend it, then start again."
  fi
  dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb | tar -x -C "$folder" ./usr/bin/promtool
  as_root install "$folder/usr/bin/promtool" /usr/local/bin/promtool
  rm -rf "$folder" "$log"
}

# download PACKAGE FOLDER: its file, which is not installed.
download() { (cd "$2" && apt-get -o APT::Sandbox::User=root -qq download "$1"); }

need_dotnet() {
  command -v dotnet >/dev/null 2>&1 || die "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and put dotnet on the PATH."
  dotnet --list-sdks | grep -q '^10\.' || die "The .NET 10 SDK is missing; dotnet knows only: $(dotnet --list-sdks | tr '\n' ' '). Install it from https://dotnet.microsoft.com/download/dotnet/10.0"
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}

# Node and npm, from wherever they come: only when no npm is on the PATH is Debian's installed.
need_npm() {
  if ! command -v npm >/dev/null 2>&1 || ! command -v node >/dev/null 2>&1; then
    need_packages nodejs npm
  fi
}

# The players and the browser driver that tests and tools/players use, as the lock file pins them.
need_players() {
  local folder=$root/Rivet.Live.Tests/Player
  if [ ! -d "$folder/node_modules" ] || [ "$folder/package-lock.json" -nt "$folder/node_modules" ]; then
    say "Installing the players"
    (cd "$folder" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
    touch "$folder/node_modules"
  fi
}

# build_release PROJECT: quiet unless it fails.
build_release() {
  local log
  log=$(mktemp)
  say "Building $1"
  if ! dotnet build "$root/$1" -c Release -v q --nologo >"$log" 2>&1; then
    cat "$log" >&2
    die "The build failed: see above."
  fi
  rm -f "$log"
}

# The libraries that the server loads, and the command line tool that scripts and tests publish and check with.
ffmpeg_packages=(ffmpeg libavcodec-extra)

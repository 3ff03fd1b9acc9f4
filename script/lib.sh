# What the scripts of this folder share. Sourced, not run.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${JOBS:-$(nproc)}

# A script's help is the comment that it opens with.
help_if_asked() {
  case "${1:-}" in
    -h|--help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0 ;;
  esac
}

say() { printf '\n== %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Configures and builds one preset; further arguments are targets.
build() {
  local preset=$1; shift
  say "build: $preset"
  cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 || { cat "build/$preset.configure.log" >&2; return 1; }
  cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"}
}

# The desk's tools need node 20.19; Debian 12 has 18. Then node comes from npm alone, into a folder of ours.
node_is_new() { node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
use_node() {
  node_is_new && return
  local arch folder=$PWD/build/node
  case "$(uname -m)" in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) die "no node for $(uname -m); install node 20.19 or newer" ;; esac
  [[ -x $folder/node_modules/node-linux-$arch/bin/node ]] ||
    npm install --prefix "$folder" --no-save --no-audit --no-fund --ignore-scripts "node-linux-$arch@20.19.5" >&2
  export PATH="$folder/node_modules/node-linux-$arch/bin:$PATH"
  node_is_new || die "node 20.19 or newer is needed, and what npm gave is $(node --version)"
}

# Installs what a package-lock.json says, once.
install_packages() {
  local stamp=$1/node_modules/.lock-of-entraide
  cmp -s "$1/package-lock.json" "$stamp" && return
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund >&2)
  cp "$1/package-lock.json" "$stamp"
}
mkdir -p build

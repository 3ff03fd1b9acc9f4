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
mkdir -p build

# Sourced by every script that needs Node: puts one that is new enough first on PATH.
#
#   . "$(dirname "$0")/env.sh"
#
# That is the machine's own, if it is 20.19 or newer, or else the one that tools/setup has put under
# .tools/node. Without either, PATH stays as it is and node_is_new_enough says no.

livetape_root=${livetape_root:-$(CDPATH= cd -- "$(dirname -- "${BASH_SOURCE[0]:-$0}")/.." && pwd)}

# True when the first node on PATH is 20.19 or newer.
node_is_new_enough() {
  command -v node >/dev/null 2>&1 && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);' 2>/dev/null
}

# The package's own folder, not node_modules/.bin: Debian's npm makes no links there for a package
# that comes by lockfile.
if ! node_is_new_enough; then
  for livetape_node in "$livetape_root"/.tools/node/node_modules/node-linux-*/bin; do
    [ -x "$livetape_node/node" ] || continue
    PATH="$livetape_node:$PATH"
    export PATH
  done
fi

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

if ! node_is_new_enough && [ -x "$livetape_root/.tools/node/node_modules/.bin/node" ]; then
  PATH="$livetape_root/.tools/node/node_modules/.bin:$PATH"
  export PATH
fi

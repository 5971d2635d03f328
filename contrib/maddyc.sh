#!/usr/bin/env bash
# Runs maddyc out of its own checkout; the first call sets it up. For CI and hooks, which fetch the repository at a fixed commit.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [[ ! -e $home/node_modules/.maddyc-setup || ! -e $home/compiler/generated/plan-validator.js ]]; then
    node "$home/scripts/setup.mjs" >&2
fi
exec node "$home/bin/maddyc.cjs" "$@"

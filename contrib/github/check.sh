#!/usr/bin/env bash
# What action.yml runs. Inputs come as MADDYC_FILES (a file, folder or pattern a line), MADDYC_ARGUMENTS (options of check, separated by
# blanks) and MADDYC_SARIF (where to write a report for code scanning; empty: none).
set -uo pipefail

maddyc=$(dirname "${BASH_SOURCE[0]}")/../maddyc.sh
files=()
while IFS= read -r line; do
    [[ $line =~ [^[:space:]] ]] && files+=("$line")
done <<<"${MADDYC_FILES:-.}"
read -r -a arguments <<<"${MADDYC_ARGUMENTS:-}"

"$maddyc" check --format github ${arguments[@]+"${arguments[@]}"} -- "${files[@]}"
code=$?
if [[ -n ${MADDYC_SARIF:-} && $code -le 1 ]]; then
    mkdir -p "$(dirname "$MADDYC_SARIF")"
    "$maddyc" check --format sarif --quiet ${arguments[@]+"${arguments[@]}"} -- "${files[@]}" >"$MADDYC_SARIF"
    echo "sarif=$MADDYC_SARIF" >>"${GITHUB_OUTPUT:-/dev/null}"
fi
exit "$code"

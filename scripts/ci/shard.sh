#!/usr/bin/env bash
# Runs shard INDEX of COUNT of the given vitest projects (all that need no GPU, unless named); leaves .vitest-reports/blob-INDEX-COUNT.json.
set -euo pipefail
index=${1:?shard.sh: INDEX is missing}
count=${2:?shard.sh: COUNT is missing}
shift 2
if [[ $# -eq 0 ]]; then set -- unit theory end-to-end networks empirical; fi
projects=()
for name in "$@"; do projects+=(--project "$name"); done
exec npx vitest run "${projects[@]}" --shard="$index/$count" --reporter=blob

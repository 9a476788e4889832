#!/usr/bin/env bash
# Merges the blobs of COUNT shards into one report; one that is missing is an error, never a smaller report.
set -euo pipefail
count=${1:?merge-shards.sh: COUNT is missing}
missing=()
for ((index = 1; index <= count; index++)); do
  blob=".vitest-reports/blob-$index-$count.json"
  if [[ ! -s $blob ]]; then missing+=("$index"); fi
done
if [[ ${#missing[@]} -gt 0 ]]; then
  echo "::error::shard ${missing[*]} of $count left no report" >&2
  exit 1
fi
exec npx vitest --merge-reports

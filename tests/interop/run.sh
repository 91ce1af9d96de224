#!/bin/sh
# The interop tests: matter.js against the built host board, in a network namespace of their own.
#   run.sh [times]
set -e
cd "$(dirname "$0")"
[ -d node_modules/@matter/main ] || npm ci --no-audit --no-fund
times=${1:-1}
while [ "$times" -gt 0 ]; do
    storage=$(mktemp -d)
    MATTER_STORAGE_PATH=$storage MATTER_LOG_LEVEL=${MATTER_LOG_LEVEL:-fatal} \
        lib/network.sh node --test --test-reporter=spec interop.test.mjs
    rm -rf "$storage"
    times=$((times - 1))
done

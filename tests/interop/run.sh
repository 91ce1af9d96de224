#!/bin/sh
# The interop tests: matter.js against the built host board. Each file has a network namespace, a controller process
# and a storage of its own.
#   run.sh [times] [file...]
cd "$(dirname "$0")" || exit 1
[ -d node_modules/@matter/main ] || npm ci --no-audit --no-fund || exit 1
times=${1:-1}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- *.test.mjs
failed=0
while [ "$times" -gt 0 ]; do
    for file in "$@"; do
        storage=$(mktemp -d)
        MATTER_STORAGE_PATH=$storage MATTER_LOG_LEVEL=${MATTER_LOG_LEVEL:-fatal} \
            lib/network.sh node --test --test-reporter=spec "$file" || failed=1
        rm -rf "$storage"
    done
    times=$((times - 1))
done
exit $failed

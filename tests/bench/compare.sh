#!/bin/sh
# MatterNano beside matter.js' own light, in a network namespace of their own: compare.sh [ble] [rounds] [samples]
set -e
cd "$(dirname "$0")"
[ -d ../interop/node_modules/@matter/main ] || (cd ../interop && npm ci --no-audit --no-fund)
exec ../interop/lib/network.sh node compare.mjs "$@"

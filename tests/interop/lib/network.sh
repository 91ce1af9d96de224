#!/bin/sh
# Runs a command in a network namespace of its own in which multicast works on loopback, so that discovery is real
# and nothing reaches the machine's network. Where no namespace can be made the caller is told so.
#   network.sh COMMAND...
set -e
if [ "$1" != "--inside" ]; then
    if ! unshare -n true 2>/dev/null; then
        echo "network.sh: cannot make a network namespace (Linux and root are needed)" >&2
        exit 77
    fi
    exec unshare -n "$0" --inside "$@"
fi
shift
ip link set lo up multicast on
ip route add 224.0.0.0/4 dev lo
ip -6 route add multicast ff00::/8 dev lo table local metric 2000
export MATTER_MDNS_NETWORKINTERFACE=lo
exec "$@"

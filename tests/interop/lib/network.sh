#!/bin/sh
# Runs a command in a network namespace of its own, so that discovery is real and nothing reaches the machine's network:
# loopback, and a pair of linked interfaces that have link-local IPv6 only, so that what is found there is found over
# IPv6. Exit code 77 where no namespace can be made.
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
ip link set lo up
ip link add wire0 type veth peer name wire1
for end in 0 1; do
    ip link set wire$end addrgenmode none
    ip link set wire$end up
    ip -6 addr add fe80::$((end + 1))/64 dev wire$end nodad
done
export MATTER_MDNS_NETWORKINTERFACE=wire0
exec "$@"

#!/bin/sh
# Sets up and runs every test: the format of the sources, unit, oracle, simulation, fuzz, gate and host tests on .NET, the unit tests on a nanoCLR
# emulator if there is one, and matter.js as a real controller in a network namespace. Ends with one line of totals;
# what cannot run here is named above it and counted as skipped, never as passed.
#   run.sh [--times N] [--busy]
#     --times N   N runs in a row; the line of each at the end
#     --busy      beside a busy loop for each core: nothing may depend on a quiet machine
set -u
cd "$(dirname "$0")/.."
times=1 busy=
while [ $# -gt 0 ]; do
    case $1 in
        --times) times=$2; shift ;;
        --busy) busy=1 ;;
        *) sed -n 's/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
log=$(mktemp -d)
loops=
trap 'rm -rf "$log"; [ -z "$loops" ] || kill $loops' EXIT
trap 'exit 130' INT TERM

if [ "$times" -gt 1 ] || [ -n "$busy" ]; then
    for core in $([ -n "$busy" ] && seq "$(nproc)"); do
        while :; do :; done &
        loops="$loops $!"
    done
    good=0
    for run in $(seq "$times"); do
        tests/run.sh >"$log/run" 2>&1 && good=$((good + 1)) || cat "$log/run"
        echo "run $run of $times: $(tail -1 "$log/run")"
    done
    echo "$good of $times runs passed"
    [ "$good" = "$times" ]
    exit
fi
passed=0 failed=0 skipped=0

need() { # need COMMAND DEBIAN-PACKAGE
    command -v "$1" >/dev/null 2>&1 && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        { apt-get update && apt-get install -y --no-install-recommends "$2"; } >"$log/apt" 2>&1 || cat "$log/apt"
    fi
    command -v "$1" >/dev/null 2>&1
}

count() { # count PASSED FAILED SKIPPED
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

skip() { # skip NAME REASON
    echo "SKIPPED $1: $2"
    count 0 0 1
}

command -v dotnet >/dev/null 2>&1 || { echo "dotnet is missing: install the .NET 10 SDK"; exit 1; }
echo "== build"
dotnet build MatterNano.sln -c Release -nologo -v quiet >"$log/build" 2>&1 || { cat "$log/build"; echo "0 passed, 1 failed"; exit 1; }

echo "== format"
if dotnet format MatterNano.sln --verify-no-changes --no-restore >"$log/format" 2>&1; then
    count 1 0 0
else
    cat "$log/format"
    echo "FAILED format: dotnet format MatterNano.sln mends it"
    count 0 1 0
fi

# For the tests of the computer's Wi-Fi; where it cannot be had, they say so by name.
if ! /usr/bin/python3 -c "import dbusmock" 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update && apt-get install -y --no-install-recommends python3-dbusmock dbus-daemon; } >"$log/apt" 2>&1 || tail -2 "$log/apt"
fi

echo "== .NET tests"
dotnet test MatterNano.sln -c Release --no-build -nologo -m:1 2>&1 | tee "$log/dotnet" | grep -vE '^(Test run for|A total of|$|  Restored|VSTest)'
# Summary lines: "Passed!  - Failed:     0, Passed:    19, Skipped:     0, Total: ..."
eval "$(awk '/ - Failed: *[0-9]+, Passed: *[0-9]+, Skipped: *[0-9]+/ {
    gsub(/,/, ""); for (i = 1; i < NF; i++) { if ($i == "Failed:") f += $(i+1); if ($i == "Passed:") p += $(i+1); if ($i == "Skipped:") s += $(i+1) } n++
} END { printf "dp=%d df=%d ds=%d dn=%d", p, f, s, n }' "$log/dotnet")"
projects=$(dotnet sln MatterNano.sln list | grep -c 'tests/.*\.csproj' || true)
[ "$dn" -gt 0 ] || { echo "no test project ran (of $projects below tests)"; df=$((df + 1)); }
grep -q 'Test Run Aborted\|error MSB\|The active test run was aborted' "$log/dotnet" && df=$((df + 1))
count "$dp" "$df" "$ds"

echo "== unit tests on nanoCLR"
if [ -d tests/emulator ]; then
    dotnet run -c Release --no-build --project tests/emulator 2>&1 | tee "$log/emulator"
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log/emulator" | tail -1)
    if [ -n "$line" ]; then
        count "$(echo "$line" | cut -d' ' -f1)" "$(echo "$line" | cut -d' ' -f3)" 0
    else
        skip "unit tests on nanoCLR" "no emulator on this machine"
    fi
fi

echo "== matter.js as the controller"
if ! command -v node >/dev/null 2>&1 && ! need node nodejs; then
    skip "interop" "node is missing"
elif ! need ip iproute2 || ! unshare -n true 2>/dev/null; then
    skip "interop" "no network namespace can be made (Linux and root are needed)"
else
    # Two Bluetooth adapters without hardware; where they cannot be had, their test says so by name.
    tests/radio/machine/machine.sh --install >"$log/radio" 2>&1 || tail -1 "$log/radio"
    tests/interop/run.sh >"$log/interop" 2>&1
    status=$?
    grep -vE '^(ℹ|npm warn)' "$log/interop"
    ip=$(sed -n 's/^ℹ pass //p' "$log/interop" | awk '{s+=$1} END {print s+0}')
    if_=$(sed -n 's/^ℹ \(fail\|cancelled\) //p' "$log/interop" | awk '{s+=$1} END {print s+0}')
    is=$(sed -n 's/^ℹ skipped //p' "$log/interop" | awk '{s+=$1} END {print s+0}')
    [ "$status" = 0 ] || [ "$if_" -gt 0 ] || if_=1
    [ "$ip" -gt 0 ] || if_=$((if_ + 1))
    count "$ip" "$if_" "$is"
fi

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

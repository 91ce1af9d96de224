#!/bin/sh
# A machine with two Bluetooth radios and no hardware: Debian's kernel in qemu's emulation, bluetoothd and BlueZ's radio
# emulator from this computer's own files, read-only. Runs in the foreground and says "machine is up" when it is.
#   machine.sh --install             what it needs, from Debian's packages (the kernel is unpacked into the cache, not installed)
#   machine.sh BUS-PORT SHELL-PORT
# On loopback, BUS-PORT is the machine's system bus and SHELL-PORT a shell in it. Exit code 77: something cannot be had here.
set -u
cd "$(dirname "$0")" || exit 1
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/matternano-radio

lacks() {
    echo "machine.sh: $1" >&2
    exit 77
}

[ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && [ "$(uname -m)" = x86_64 ] || lacks "root on Debian amd64 is needed"
if [ "$1" = --install ]; then
    { apt-get update && apt-get install -y --no-install-recommends qemu-system-x86 bluez bluez-test-tools dbus-daemon socat busybox-static kmod iproute2; } >&2 || lacks "the packages cannot be had"
    ls "$cache"/kernel/boot/vmlinuz-* >/dev/null 2>&1 && exit 0
    package=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
    download=$(mktemp -d)
    trap 'rm -rf "$download"' EXIT
    (cd "$download" && apt-get download "$package") >&2 && mkdir -p "$cache" && dpkg -x "$download"/*.deb "$download/kernel" || lacks "the kernel package cannot be had"
    depmod -b "$download/kernel" "$(ls "$download/kernel/lib/modules")" && rm -rf "$cache/kernel" && mv "$download/kernel" "$cache/kernel" || lacks "the kernel package cannot be unpacked"
    exit 0
fi
if ! command -v qemu-system-x86_64 >/dev/null || ! command -v btvirt >/dev/null || ! command -v socat >/dev/null || ! command -v bluetoothctl >/dev/null \
    || ! command -v dbus-daemon >/dev/null || ! command -v busybox >/dev/null || ! command -v depmod >/dev/null; then
    lacks "packages are missing: machine.sh --install"
fi
kernel=$(ls "$cache"/kernel/boot/vmlinuz-* 2>/dev/null | head -1)
[ -n "$kernel" ] || lacks "the kernel package is missing: machine.sh --install"
version=${kernel##*/vmlinuz-}

# The first file system: what it takes to see this computer's own.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/mod" "$work/ro" "$work/up" "$work/new" "$work/dev"
cp "$(command -v busybox)" "$work/bin/busybox"
cp guest.sh "$work/guest.sh"
order=
for module in af_alg algif_skcipher algif_hash cmac ecb ecdh_generic virtio_pci virtio_net 9pnet_virtio 9p overlay hci_vhci; do
    for file in $(modprobe -d "$cache/kernel" -S "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'); do
        name=${file##*/}
        [ -e "$work/mod/$name" ] && continue
        cp "$file" "$work/mod/$name"
        order="$order $name"
    done
done
cat >"$work/init" <<INIT
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
for m in $order; do /bin/busybox insmod /mod/\$m; done
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 root /ro
/bin/busybox mount -t tmpfs up /up
/bin/busybox mkdir /up/changed /up/work
/bin/busybox mount -t overlay -o lowerdir=/ro,upperdir=/up/changed,workdir=/up/work root /new
/bin/busybox mount -t devtmpfs dev /new/dev
/bin/busybox cp /guest.sh /new/guest.sh
exec /bin/busybox switch_root /new /bin/sh /guest.sh
INIT
chmod +x "$work/init"
(cd "$work" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$work.cpio.gz"
trap 'rm -rf "$work" "$work.cpio.gz"' EXIT

# -cpu without la57: emulated five-level page tables slow everything. restrict: nothing leaves the machine but through the two doors.
qemu-system-x86_64 -M q35 -accel tcg -cpu max,la57=off -m 512 -nodefaults -display none -serial stdio -no-reboot \
    -kernel "$kernel" -initrd "$work.cpio.gz" -append "console=ttyS0 quiet panic=-1" \
    -fsdev local,id=root,path=/,security_model=none,readonly=on,multidevs=remap -device virtio-9p-pci,fsdev=root,mount_tag=root \
    -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$1-:7000,hostfwd=tcp:127.0.0.1:$2-:7001" -device virtio-net-pci,netdev=net </dev/null &
qemu=$!
trap 'kill $qemu 2>/dev/null; rm -rf "$work" "$work.cpio.gz"' EXIT INT TERM
wait $qemu

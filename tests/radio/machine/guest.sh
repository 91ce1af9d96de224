#!/bin/sh
# The machine's first program after its root is mounted: D-Bus, two radios that hear one another, and two doors to them.
# Port 7000 is the system bus, port 7001 a shell for the test.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
mkdir -p /run/dbus /tmp/etc
ip link set lo up
ip link set eth0 up
ip address add 10.0.2.15/24 dev eth0
ip route add default via 10.0.2.2
cat >/tmp/bus.conf <<'CONF'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow own="*"/><allow eavesdrop="true"/></policy>
</busconfig>
CONF
dbus-daemon --config-file=/tmp/bus.conf --fork
cat >/tmp/radios.sh <<'RADIOS'
#!/bin/sh
# radios.sh up|down: the two adapters.
# bluetoothd.sh [MTU [CHANNELS]|down]: bluetoothd anew, by default with its own ATT MTU and channels of ATT, or not at all.
# bus.sh refuse|allow: whether BlueZ may be talked to.   others.sh N: that many other advertisers for ten minutes; 0 ends them.
if [ "$1" = down ]; then
    kill $(pidof btvirt)
else
    setsid btvirt -L -l2 >/tmp/btvirt.log 2>&1 &
    until [ -e /sys/class/bluetooth/hci0 ] && [ -e /sys/class/bluetooth/hci1 ]; do sleep 0.1; done
fi
RADIOS
cat >/tmp/bluetoothd.sh <<'DAEMON'
#!/bin/sh
kill $(pidof bluetoothd) 2>/dev/null
while pidof bluetoothd >/dev/null; do sleep 0.1; done
[ "$1" = down ] && exit 0
rm -rf /tmp/bluetooth-state
printf '[General]\nTemporaryTimeout=0\n[GATT]\nCache=no\nExchangeMTU=%s\nChannels=%s\n' "${1:-517}" "${2:-3}" >/tmp/main.conf
setsid $(ls /usr/libexec/bluetooth/bluetoothd /usr/lib/bluetooth/bluetoothd 2>/dev/null | head -1) -f /tmp/main.conf -n >/tmp/bluetoothd.log 2>&1 &
DAEMON
cat >/tmp/bus.sh <<'BUS'
#!/bin/sh
sed -i '/deny/d' /tmp/bus.conf
[ "$1" = refuse ] && sed -i 's|</busconfig>|<policy context="mandatory"><deny send_destination="org.bluez"/></policy>\n</busconfig>|' /tmp/bus.conf
kill -HUP "$(pidof dbus-daemon)"
BUS
cat >/tmp/others.sh <<'OTHERS'
#!/bin/sh
kill $(pidof bluetoothctl) 2>/dev/null
for i in $(seq "$1"); do (echo "select 00:AA:01:00:00:00"; sleep 1; echo "advertise on"; sleep 600) | setsid bluetoothctl >/tmp/other$i.log 2>&1 & done
OTHERS
cat >/tmp/listen.sh <<'LISTEN'
#!/bin/sh
# From now on, what is on the air goes to a new record; heard.sh ends it and prints it.
kill $(pidof btmon) 2>/dev/null
rm -f /tmp/air.btsnoop
setsid btmon -w /tmp/air.btsnoop >/dev/null 2>&1 &
until [ -s /tmp/air.btsnoop ]; do sleep 0.1; done
LISTEN
cat >/tmp/heard.sh <<'HEARD'
#!/bin/sh
kill $(pidof btmon)
while pidof btmon >/dev/null; do sleep 0.1; done
btmon -r /tmp/air.btsnoop
HEARD
cat >/tmp/ready.sh <<'READY'
#!/bin/sh
# Waits until bluetoothd tells of both adapters. A bluetoothctl that came before bluetoothd waits for ever, so each has its time.
until [ "$(timeout 30 bluetoothctl list | grep -c Controller)" = 2 ]; do sleep 0.2; done
READY
chmod +x /tmp/*.sh
/tmp/radios.sh up
/tmp/bluetoothd.sh
/tmp/ready.sh
socat TCP-LISTEN:7000,fork,reuseaddr UNIX-CONNECT:/run/dbus/system_bus_socket &
socat TCP-LISTEN:7001,fork,reuseaddr EXEC:/bin/sh,stderr &
for port in 7000 7001; do
    until socat -u OPEN:/dev/null TCP:127.0.0.1:$port 2>/dev/null; do sleep 0.1; done
done
echo "machine is up"
while true; do sleep 3600; done

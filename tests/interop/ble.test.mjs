// Commissioning over BLE and Wi-Fi by matter.js with its own BTP code, on the simulated radio: every MTU and window, links
// cut at each phase, wrong networks, and the network going away. Run by run.sh.
//   BLE_RUNS=30: that many runs of each case instead of one, with their times.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { createConnection } from "node:net";
import { after, before, describe, test } from "node:test";
import { Frame, parseAdvertisement } from "./lib/ble.mjs";
import {
    aim, commission, describeCommissioning, listen, radio, repeated, sleep, ssid, startBoard as start, toggles, until,
} from "./lib/ble-cases.mjs";
import { OnOff, Read } from "./lib/controller.mjs";

const { NetworkCommissioning } = await import("@matter/main/clusters/network-commissioning");
const { WiFiNetworkDiagnostics } = await import("@matter/main/clusters/wi-fi-network-diagnostics");
const { Bytes } = await import("@matter/main");
const startBoard = (...args) => start("matternano", ...args);

describeCommissioning("matternano", "a light");

describe("a light out of its box, of another kind,", () => {
    for (const [name, ...args] of [
        ["whose radio has notifications only", "--ble-notify"],
        ["that leaves BLE before it joins Wi-Fi", "--non-concurrent"],
        ["that joins slowly", "--wifi-delay", "3000"],
    ]) {
        repeated(`${name} is commissioned`, async () => {
            const board = await startBoard(...args);
            try {
                aim(board, { mtu: 23 });
                const started = performance.now();
                await toggles(await commission(board));
                return performance.now() - started;
            } finally {
                await board.dispose();
            }
        });
    }
});

describe("a light whose network fails it", () => {
    test("that vanished after the scan is not commissioned, and advertises again", async () => {
        const board = await startBoard("--wifi-vanishes");
        try {
            aim(board);
            await assert.rejects(commission(board));
            assert.ok(await listen(radio.port), "it advertises again");
        } finally {
            await board.dispose();
        }
    });

    test("on a board without concurrent connection comes back on BLE at once", async () => {
        const board = await startBoard("--non-concurrent");
        try {
            aim(board);
            const gone = board.event("fabricRemoved", 10_000);
            // matter.js looks for the device on the network for minutes; another attempt need not wait.
            commission(board, { secret: "wrong battery" }).catch(() => {});
            await gone;
            assert.ok(await listen(radio.port), "it advertises again");
            aim(board);
            await toggles(await commission(board));
        } finally {
            await board.dispose();
        }
    });
});

describe("a light that was commissioned over BLE", () => {
    let board;
    let peer;

    before(async () => {
        board = await startBoard();
        aim(board);
        assert.deepEqual(parseAdvertisement(new Uint8Array(await listen(radio.port))), {
            deviceIdentifier: "024d4e000001",
            D: board.discriminator,
            VP: "65521+32769",
            CM: 1,
            addresses: [{ type: "ble", peripheralAddress: "024d4e000001" }],
        });
        peer = await commission(board);
    });
    after(async () => { await board.dispose(); });

    test("does not advertise any more, also while a window is open or after a restart", async () => {
        assert.equal(await listen(radio.port, 300), undefined);
        await board.command("window 180");
        assert.equal(await listen(radio.port, 300), undefined);
        await board.stop();
        board.ready = await board.start();
        assert.equal(await listen(board.ready.bleRadio, 300), undefined);
    });

    test("joins its network again after a restart and tells it", async () => {
        await until(async () => (await board.command("wifi")).connected, "connected again");
        assert.deepEqual((await peer.get(0, NetworkCommissioning, "networks")).map(one => [Bytes.toString(one.networkId), one.connected]), [[ssid, true]]);
        assert.equal(await peer.get(0, NetworkCommissioning, "featureMap").then(map => map.wiFiNetworkInterface), true);
        assert.equal(await peer.get(0, WiFiNetworkDiagnostics, "channelNumber"), 6);
        assert.equal(await peer.get(0, WiFiNetworkDiagnostics, "rssi"), -48);
        assert.equal(Bytes.toHex(await peer.get(0, WiFiNetworkDiagnostics, "bssid")), "024e4d000002");
    });

    test("reports at once what changed while its network was gone, without a restart or a new subscription", { timeout: 60_000 }, async () => {
        const reports = [];
        const watch = await peer.subscribe([Read.Attribute({ endpoint: 1, cluster: OnOff, attributes: "onOff" })], one => reports.push(one), { max: 60 });
        await until(() => reports.length === 1, "the priming report");
        const was = reports[0].value;
        await board.command("wifi off");
        await board.command("toggle");
        // Longer than every retransmission of a report.
        await sleep(12_000);
        assert.equal(reports.length, 1);
        const back = performance.now();
        await board.command("wifi on");
        await until(() => reports.length > 1, "a report after the network came back", 20_000);
        assert.equal(reports.at(-1).value, !was);
        assert.equal(watch.closed, false);
        const ms = reports.at(-1).at - back;
        console.log(`    first report ${ms.toFixed(0)} ms after the access point came back`);
        // The light looks for its network every second.
        assert.ok(ms < 2_500);
    });

    test("is new again after a factory reset, over BLE too", async () => {
        await board.command("reset");
        await board.event("ready");
        aim(board);
        await until(async () => await listen(radio.port, 500) !== undefined, "it advertises again");
        aim(board);
        await toggles(await commission(board));
    });
});

test("a light announces itself within a second of its address, and again when its network is back", { timeout: 60_000 }, async context => {
    // The other end of the wire on which it announces.
    const ears = createSocket({ type: "udp6", reuseAddr: true });
    await new Promise(resolve => ears.bind(5353, resolve));
    ears.addMembership("ff02::fb", "::%wire1");
    const board = await startBoard("--wifi-delay", "300");
    try {
        const heard = [];
        ears.on("message", data => {
            // Answers only, and those of an operational node.
            if (data[2] & 0x80 && data.includes("\x07_matter\x04_tcp")) {
                heard.push({ at: performance.now(), data });
            }
        });
        const announcement = async (after, nodeId) => {
            await until(() => heard.some(one => one.at > after && one.data.includes(`-${nodeId}`)), "an announcement");
            return heard.find(one => one.at > after && one.data.includes(`-${nodeId}`)).at;
        };
        aim(board);
        const addressed = board.event("wifi", 10_000, event => event.state === "connected");
        await toggles(await commission(board));
        const [{ nodeId }] = (await board.command("fabrics")).fabrics;
        const first = (await addressed).at;
        const ms = await announcement(first, nodeId) - first;
        assert.ok(ms < 1_000, `${ms} ms after its address`);

        await board.command("wifi off");
        await sleep(1_500);
        const back = performance.now();
        const again = board.event("wifi", 10_000, event => event.state === "connected");
        await board.command("wifi on");
        const second = (await again).at;
        const later = await announcement(second, nodeId) - second;
        assert.ok(later < 1_000, `${later} ms after its address`);
        assert.ok(second - back < 2_500, `joined ${second - back} ms after the access point came back`);
        context.diagnostic(`announced ${ms.toFixed(0)} ms after its first address; joined again ${(second - back).toFixed(0)} ms after its access point came back, announced ${later.toFixed(0)} ms after that`);
    } finally {
        ears.close();
        await board.dispose();
    }
});

test("a second central is refused while one is connected", async () => {
    const board = await startBoard();
    try {
        aim(board);
        const first = createConnection(radio.port, "127.0.0.1");
        const connected = new Promise(resolve => first.on("data", data => data.includes(Frame.CONNECTED) && resolve()));
        first.write(Buffer.from([Frame.CONNECT, 2, 0, 247, 0]));
        await connected;
        const answer = await new Promise(resolve => {
            const second = createConnection(radio.port, "127.0.0.1");
            let seen = Buffer.alloc(0);
            second.on("data", data => { seen = Buffer.concat([seen, data]); });
            second.on("close", () => resolve(seen));
            second.write(Buffer.from([Frame.CONNECT, 2, 0, 247, 0]));
        });
        assert.ok(!answer.includes(Frame.CONNECTED));
        assert.deepEqual([...answer.subarray(-3)], [Frame.DISCONNECT, 0, 0]);
        first.destroy();
        await until(async () => await listen(radio.port, 300) !== undefined, "it advertises again");
        await toggles(await commission(board));
    } finally {
        await board.dispose();
    }
});

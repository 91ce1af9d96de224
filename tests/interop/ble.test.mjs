// Commissioning over BLE and Wi-Fi by matter.js with its own BTP code, on the simulated radio: every MTU and window, links
// cut at each phase, wrong networks, and the network going away. Run by run.sh.
//   BLE_RUNS=30: that many runs of each case instead of one, with their times.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CentralBle, Frame, parseAdvertisement, readAdditionalData } from "./lib/ble.mjs";
import { Board } from "./lib/board.mjs";
import { OnOff, Read, startController } from "./lib/controller.mjs";
import { createConnection } from "node:net";

const { NetworkCommissioning } = await import("@matter/main/clusters/network-commissioning");
const { WiFiNetworkDiagnostics } = await import("@matter/main/clusters/wi-fi-network-diagnostics");
const { ControllerCommissioningFlow } = await import("@matter/main/protocol");
const { Bytes } = await import("@matter/main");

const runs = Number(process.env.BLE_RUNS ?? 1);
const ssid = "home";
const password = "correct horse";
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(condition, what, timeoutMs = 10_000) {
    for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(5)) {
        if (await condition()) {
            return;
        }
    }
    assert.fail(`not within ${timeoutMs} ms: ${what}`);
}

/** One radio for the controller of this process; each test aims it at its own board. */
const radio = new CentralBle({ port: 0 });
let controller;
let discriminator = 0x100;

function aim(board, { mtu = 247, window = 6 } = {}) {
    Object.assign(radio, { port: board.ready.bleRadio, mtu, window, frames: { written: 0, indicated: 0 }, tap: () => {} });
    radio.scanner.port = radio.port;
}

async function startBoard(...args) {
    const board = new Board({ discriminator: discriminator++, args: ["--ble-radio", "0", "--wifi", `${ssid}:${password}`, ...args] });
    board.discriminator = discriminator - 1;
    board.ready = await board.start();
    return board;
}

function commission(board, options = {}) {
    const { network = ssid, secret = password, ...more } = options;
    return controller.commissionOverBle(radio, board.passcode, board.discriminator, network, secret, more);
}

const toggles = async peer => assert.equal((await peer.invoke(1, OnOff, "toggle")).status, 0);

/** What a central hears: resolves with the advertisement, or undefined when there is none for a while. */
function listen(port, ms = 2_000) {
    return new Promise((resolve, reject) => {
        const socket = createConnection(port, "127.0.0.1");
        let rest = Buffer.alloc(0);
        const timer = setTimeout(() => { socket.destroy(); resolve(undefined); }, ms);
        socket.on("error", reject);
        socket.on("data", data => {
            rest = Buffer.concat([rest, data]);
            while (rest.length >= 3 && rest.length >= 3 + rest.readUInt16LE(1)) {
                const length = 3 + rest.readUInt16LE(1);
                if (rest[0] === Frame.ADVERTISE) {
                    clearTimeout(timer);
                    socket.destroy();
                    resolve(rest.subarray(3, length));
                }
                rest = rest.subarray(length);
            }
        });
    });
}

/** Cuts the link when the named step of commissioning begins. */
function cutAt(name) {
    return class extends ControllerCommissioningFlow {
        constructor(...args) {
            super(...args);
            const step = this.commissioningSteps.find(one => one.name === name);
            const logic = step.stepLogic;
            step.stepLogic = async () => {
                radio.contact.lose();
                return await logic.call(step);
            };
        }
    };
}

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];

/** A test of `runs` runs, which prints its times. */
function repeated(name, run) {
    test(name, { timeout: 60_000 + runs * 60_000 }, async context => {
        const times = [];
        for (let i = 0; i < runs; i++) {
            times.push(await run());
        }
        context.diagnostic(`${runs} of ${runs}, median ${median(times).toFixed(0)} ms`);
    });
}

before(async () => { controller = await startController({ ble: radio }); });
// matter.js leaves timers behind; the process ends when the last test has.
after(() => { setTimeout(() => process.exit(), 500).unref(); });

describe("a light out of its box", () => {
    for (const mtu of [247, 185, 64, 23]) {
        repeated(`is commissioned with an ATT MTU of ${mtu}`, async () => {
            const board = await startBoard("--ble-mtu", String(mtu));
            try {
                aim(board, { mtu: 517 });
                const started = performance.now();
                const peer = await commission(board);
                const ms = performance.now() - started;
                await toggles(peer);
                return ms;
            } finally {
                await board.dispose();
            }
        });
    }

    for (const window of [4, 5, 20, 255]) {
        repeated(`is commissioned with a window of ${window}`, async () => {
            const board = await startBoard();
            try {
                aim(board, { mtu: 64, window });
                const started = performance.now();
                await toggles(await commission(board));
                return performance.now() - started;
            } finally {
                await board.dispose();
            }
        });
    }

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

describe("a light whose link is cut", () => {
    // matter.js itself waits for half a minute for an answer in PASE; nobody else has to.
    for (const [phase, indication] of [["before PASE", 0], ["at the first answer of PASE", 1], ["at the second", 2]]) {
        repeated(`${phase} takes a second attempt without a restart`, async () => {
            const board = await startBoard();
            try {
                aim(board);
                let cut;
                const lost = new Promise(resolve => { cut = resolve; });
                let indications = 0;
                radio.tap = (type, payload, contact) => {
                    const now = indication === 0 ? type === Frame.WRITE_C1 : type === Frame.INDICATE_C2 && ++indications === indication;
                    if (now) {
                        radio.tap = () => {};
                        contact.lose();
                        cut();
                    }
                };
                commission(board).catch(() => {});
                await lost;
                const started = performance.now();
                assert.ok(await listen(radio.port), "it advertises again");
                aim(board);
                await toggles(await commission(board));
                return performance.now() - started;
            } finally {
                await board.dispose();
            }
        });
    }

    for (const [phase, step] of [["after AddNOC", "AccessControl"], ["before ConnectNetwork", "NetworkCommissioning.Validate"]]) {
        repeated(`${phase} undoes all at once and takes a second attempt`, async () => {
            const board = await startBoard();
            try {
                aim(board);
                const started = performance.now();
                const gone = board.event("fabricRemoved", 5_000);
                await assert.rejects(commission(board, { commissioningFlowImpl: cutAt(step) }));
                await gone;
                assert.ok(await listen(radio.port), "it advertises again");
                aim(board);
                await toggles(await commission(board));
                return performance.now() - started;
            } finally {
                await board.dispose();
            }
        });
    }

    repeated("at ConnectNetwork is commissioned all the same, over IP", async () => {
        const board = await startBoard("--wifi-delay", "4000");
        try {
            aim(board);
            // The light is silent for long only while it joins.
            let silence = 0;
            let cuts = 0;
            radio.tap = (type, payload, contact) => {
                clearTimeout(silence);
                silence = setTimeout(() => { radio.tap = () => {}; cuts++; contact.lose(); }, 1500);
            };
            const started = performance.now();
            const peer = await commission(board);
            clearTimeout(silence);
            const ms = performance.now() - started;
            assert.equal(cuts, 1);
            await toggles(peer);
            return ms;
        } finally {
            await board.dispose();
        }
    });
});

describe("a light told the wrong network", () => {
    for (const [what, options, status] of [
        ["a wrong password", { secret: "wrong battery" }, /failed to connect to WiFi network/],
        ["a missing network", { network: "elsewhere" }, /NetworkNotFound/],
    ]) {
        repeated(`answers ${what} with its status and takes the right one`, async () => {
            const board = await startBoard();
            try {
                aim(board);
                const started = performance.now();
                await assert.rejects(commission(board, options), status);
                aim(board);
                const peer = await commission(board);
                const ms = performance.now() - started;
                await toggles(peer);
                assert.equal(await peer.get(0, NetworkCommissioning, "lastNetworkingStatus"), 0);
                return ms;
            } finally {
                await board.dispose();
            }
        });
    }

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
        console.log(`    first report ${(reports.at(-1).at - back).toFixed(0)} ms after the access point came back`);
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

test("an advertisement tells of an identifier that moves with each start, and C3 has it", async () => {
    const board = await startBoard();
    try {
        aim(board);
        const seen = new Set();
        for (let start = 1; start <= 3; start++) {
            if (start > 1) {
                await board[start === 2 ? "stop" : "kill"]();
                board.ready = await board.start();
                aim(board);
            }
            const advertisement = await listen(radio.port);
            assert.equal(advertisement.at(-1), 1, "the flag of additional data");
            const data = await readAdditionalData(radio.port);
            // A TLV structure of one byte string, which begins with how often advertising started.
            assert.deepEqual([...data.subarray(0, 6)], [0x15, 0x30, 0, 18, start, 0]);
            assert.equal(data.length, 23);
            seen.add(data.subarray(6).toString("hex"));
        }
        assert.equal(seen.size, 3);
        await until(async () => await listen(radio.port, 300) !== undefined, "it advertises again");
        aim(board);
        await toggles(await commission(board));
    } finally {
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

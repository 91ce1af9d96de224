// What every kind of light has to show over the simulated radio: commissioning with each MTU and window, with the link cut at each
// phase, and onto the wrong network. BLE_RUNS=30: that many runs of each case instead of one, with their times.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createConnection } from "node:net";
import { CentralBle, Frame, readAdditionalData } from "./ble.mjs";
import { Board } from "./board.mjs";
import { OnOff, startController } from "./controller.mjs";

const { NetworkCommissioning } = await import("@matter/main/clusters/network-commissioning");
const { ControllerCommissioningFlow } = await import("@matter/main/protocol");

export const runs = Number(process.env.BLE_RUNS ?? 1);
export const ssid = "home";
export const password = "correct horse";
export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

export async function until(condition, what, timeoutMs = 10_000) {
    for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(5)) {
        if (await condition()) {
            return;
        }
    }
    assert.fail(`not within ${timeoutMs} ms: ${what}`);
}

/** One radio for the controller of this process; each test aims it at its own board. */
export const radio = new CentralBle({ port: 0 });
let controller;
before(async () => { controller = await startController({ ble: radio }); });
// matter.js leaves timers behind; the process ends when the last test has.
after(() => { setTimeout(() => process.exit(), 500).unref(); });

export function aim(board, { mtu = 247, window = 6 } = {}) {
    Object.assign(radio, { port: board.ready.bleRadio, mtu, window, frames: { written: 0, indicated: 0 }, tap: () => {}, contact: undefined });
    radio.scanner.port = radio.port;
}

let discriminator = 0x100;

/** Starts a light of a kind on a network of its own. */
export async function startBoard(kind, ...args) {
    const board = new Board({ kind, discriminator: ++discriminator, args: ["--ble-radio", "0", "--wifi", `${ssid}:${password}`, ...args] });
    board.discriminator = discriminator;
    board.ready = await board.start();
    return board;
}

export function commission(board, options = {}) {
    const { network = ssid, secret = password, ...more } = options;
    return controller.commissionOverBle(radio, board.passcode, board.discriminator, network, secret, more);
}

export const toggles = async peer => assert.equal((await peer.invoke(1, OnOff, "toggle")).status, 0);

/** What a central hears: resolves with the advertisement, or undefined when there is none for so long. */
export function listen(port, ms = 20_000) {
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
export function repeated(name, run) {
    test(name, { timeout: 60_000 + runs * 60_000 }, async context => {
        const times = [];
        for (let i = 0; i < runs; i++) {
            times.push(await run());
        }
        context.diagnostic(`${runs} of ${runs}, median ${median(times).toFixed(0)} ms`);
    });
}

/** The cases that every kind of light has to pass. `nameOf` is what a light of the kind is called. */
export function describeCommissioning(kind, nameOf) {
    describe(`${nameOf} out of its box`, () => {
        for (const mtu of [247, 185, 64, 23]) {
            repeated(`is commissioned with an ATT MTU of ${mtu}`, async () => {
                const board = await startBoard(kind, "--ble-mtu", String(mtu));
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
                const board = await startBoard(kind);
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

        test("tells of an identifier that moves with each start, and has it in C3", { timeout: 60_000 }, async () => {
            const board = await startBoard(kind);
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
    });

    describeCuts(nameOf, (...args) => startBoard(kind, ...args));

    describe(`${nameOf} told the wrong network`, () => {
        for (const [what, options, status] of [
            ["a wrong password", { secret: "wrong battery" }, /failed to connect to WiFi network/],
            ["a missing network", { network: "elsewhere" }, /NetworkNotFound/],
        ]) {
            repeated(`answers ${what} with its status and takes the right one`, async () => {
                const board = await startBoard(kind);
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
    });
}

/** The link is cut at each phase. `start(...args)` starts a light of the kind. */
export function describeCuts(nameOf, start) {
    describe(`${nameOf} whose link is cut`, () => {
        // matter.js itself waits for half a minute for an answer in PASE; nobody else has to.
        for (const [phase, indication] of [["before PASE", 0], ["at the first answer of PASE", 1], ["at the second", 2]]) {
            repeated(`${phase} takes a second attempt without a restart`, async () => {
                const board = await start();
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
                const board = await start();
                try {
                    aim(board);
                    const started = performance.now();
                    const gone = board.event("fabricRemoved", 20_000);
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
            const board = await start("--wifi-delay", "2000");
            try {
                aim(board);
                const cut = board.event("wifi", 20_000, event => event.state === "connecting").then(() => radio.contact.lose());
                const started = performance.now();
                const peer = await commission(board);
                const ms = performance.now() - started;
                await cut;
                await toggles(peer);
                return ms;
            } finally {
                await board.dispose();
            }
        });

        repeated("at ConnectNetwork with a wrong password undoes all and takes a second attempt", async () => {
            const board = await start("--wifi-delay", "500");
            try {
                aim(board);
                const gone = board.event("fabricRemoved", 20_000);
                board.event("wifi", 20_000, event => event.state === "connecting").then(() => radio.contact.lose(), () => {});
                // matter.js looks for the device on the network for minutes; another attempt need not wait.
                commission(board, { secret: "wrong battery" }).catch(() => {});
                await gone;
                const started = performance.now();
                assert.ok(await listen(radio.port), "it advertises again");
                aim(board);
                await toggles(await commission(board));
                return performance.now() - started;
            } finally {
                await board.dispose();
            }
        });
    });
}

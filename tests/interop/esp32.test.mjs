// The firmware of the ESP32 light, on a make-believe chip (tests/esp32), commissioned and used by matter.js over BLE and Wi-Fi.
// Run by run.sh; needs `dotnet build -c Release tests/esp32/Board`.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CentralBle } from "./lib/ble.mjs";
import { Board } from "./lib/board.mjs";
import { OnOff, Read, startController } from "./lib/controller.mjs";

const { NetworkCommissioning } = await import("@matter/main/clusters/network-commissioning");
const ssid = "home";
const password = "correct horse";
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const radio = new CentralBle({ port: 0 });
let controller;

async function startBoard(discriminator, ...args) {
    const board = new Board({ kind: "esp32", discriminator, args: ["--ble-radio", "0", "--wifi", `${ssid}:${password}`, ...args] });
    board.discriminator = discriminator;
    board.ready = await board.start();
    return board;
}

function aim(board, { mtu = 247, window = 6 } = {}) {
    Object.assign(radio, { port: board.ready.bleRadio, mtu, window, frames: { written: 0, indicated: 0 }, tap: () => {} });
    radio.scanner.port = radio.port;
}

const commission = (board, secret = password) => controller.commissionOverBle(radio, board.passcode, board.discriminator, ssid, secret);
const toggles = async peer => assert.equal((await peer.invoke(1, OnOff, "toggle")).status, 0);

before(async () => { controller = await startController({ ble: radio }); });
after(() => { setTimeout(() => process.exit(), 500).unref(); });

describe("the ESP32 light", () => {
    let board;
    let peer;

    before(async () => { board = await startBoard(0x301); });
    after(async () => { await board.dispose(); });

    test("is commissioned over notifications and joins Wi-Fi", { timeout: 60_000 }, async context => {
        aim(board);
        const started = performance.now();
        peer = await commission(board);
        context.diagnostic(`${(performance.now() - started).toFixed(0)} ms`);
        await toggles(peer);
        assert.equal((await board.command("state")).onOff, true);
        assert.equal((await board.command("wifi")).connected, true);
    });

    test("tells its button", { timeout: 30_000 }, async () => {
        const reports = [];
        await peer.subscribe([Read.Attribute({ endpoint: 1, cluster: OnOff, attributes: "onOff" })], one => reports.push(one.value), { max: 60 });
        await board.command("toggle");
        for (let i = 0; i < 100 && reports.length < 2; i++) {
            await sleep(50);
        }
        assert.deepEqual(reports, [true, false]);
    });

    test("answers again after a power cut", { timeout: 60_000 }, async () => {
        // The light remembers a subscription that has lived for two seconds, and opens the session again itself.
        await sleep(3_000);
        const again = board.event("ready", 20_000);
        await board.command("reboot");
        const ready = await again;
        assert.equal(ready.fabrics, 1);
        const started = performance.now();
        // What was put to the dead session does not hold up the next question.
        const ask = async delay => {
            await sleep(delay);
            return await peer.get(0, NetworkCommissioning, "networks");
        };
        const networks = await Promise.any([ask(0), ask(500), ask(1_500), ask(4_000)]);
        assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
        assert.deepEqual(networks.map(one => one.connected), [true]);
    });

    test("comes back after its network was gone", { timeout: 60_000 }, async () => {
        await board.command("wifi off");
        await sleep(3_000);
        await board.command("wifi on");
        await toggles(peer);
    });
});

for (const [name, discriminator, options, ...args] of [
    ["with the smallest MTU", 0x302, { mtu: 23 }, "--ble-mtu", "23"],
    ["with a wide window", 0x303, { mtu: 64, window: 20 }],
]) {
    test(`an ESP32 light ${name} is commissioned`, { timeout: 90_000 }, async context => {
        const board = await startBoard(discriminator, ...args);
        try {
            aim(board, options);
            const started = performance.now();
            await toggles(await commission(board));
            context.diagnostic(`${(performance.now() - started).toFixed(0)} ms`);
        } finally {
            await board.dispose();
        }
    });
}

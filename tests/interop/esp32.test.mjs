// The firmware of the ESP32 light, on a make-believe chip (tests/esp32), commissioned and used by matter.js over BLE and Wi-Fi.
// Run by run.sh (BLE_RUNS as in ble.test.mjs); needs `dotnet build -c Release tests/esp32/Board`.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aim, commission, describeCommissioning, sleep, startBoard as start, toggles } from "./lib/ble-cases.mjs";
import { OnOff, Read } from "./lib/controller.mjs";

const { NetworkCommissioning } = await import("@matter/main/clusters/network-commissioning");
const startBoard = (...args) => start("esp32", ...args);

describe("the ESP32 light", () => {
    let board;
    let peer;

    before(async () => { board = await startBoard(); });
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

describeCommissioning("esp32", "an ESP32 light");

// The PC board as a real BLE peripheral: matter.js commissions it through two real Bluetooth stacks, with the link cut at each
// phase and whatever may happen to an adapter. Needs a machine of its own (tests/radio/machine); skipped by name where that cannot
// be had. Run by run.sh.
//   BLE_RUNS=10: that many runs of each case instead of one, with their times.
//   RADIO_TRANSCRIPT=FILE: what was on the air, as btmon prints it.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Board } from "./lib/board.mjs";
import { aim, commission, describeCuts, password, radio, repeated, ssid, toggles, until } from "./lib/ble-cases.mjs";
import { RadioMachine } from "./lib/radio-machine.mjs";

const machine = await RadioMachine.start();
const skip = machine.reason;
const patience = 30_000;
let discriminator = 0x700;

/** Waits for the line that the board told last about its radio. */
const tells = (board, line) => until(() => board.events.findLast(event => event.event === "bluetooth")?.message.includes(line), `"${line}"`, patience);

/** Starts a light on the machine's first adapter; `bleRadio` is the port of the central on the second. */
async function start(...args) {
    const board = new Board({
        discriminator: ++discriminator,
        args: [...(args.includes("--ble") ? [] : ["--ble", "hci0"]), "--wifi", `${ssid}:${password}`, ...args],
        env: machine.environment,
    });
    board.discriminator = discriminator;
    board.ready = await board.start();
    board.ready.bleRadio = machine.port;
    return board;
}

async function startReady(...args) {
    const board = await start(...args);
    await tells(board, "is ready");
    return board;
}

async function commissioning(...args) {
    const board = await startReady(...args);
    try {
        aim(board);
        const started = performance.now();
        const peer = await commission(board);
        const ms = performance.now() - started;
        await toggles(peer);
        await tells(board, "The central is gone.");
        assert.match(board.events.findLast(event => event.message?.startsWith("A central")).message, /^A central is connected, ATT MTU \d+\.$/);
        return ms;
    } finally {
        await board.dispose();
    }
}

/** A board that is told of by `told` while `spoil` holds, and is commissioned once `mend` has undone it. */
async function fault(spoil, told, mend, ready = "is ready") {
    const board = await startReady();
    try {
        await machine.run(spoil);
        await tells(board, told);
        await machine.run(mend);
        await tells(board, ready);
        aim(board);
        await toggles(await commission(board));
    } finally {
        await board.dispose();
    }
}

describe("a light on a real Bluetooth stack", { skip }, () => {
    before(() => machine.startCentral());
    after(() => machine.dispose());

    for (const mtu of [517, 64]) {
        describe(`with an ATT MTU of ${mtu}`, () => {
            before(() => machine.run(`/tmp/bluetoothd.sh ${mtu}; /tmp/ready.sh`));
            repeated("is commissioned", () => commissioning());
        });
    }

    describe("on the air", () => {
        // One channel of ATT, as most phones have it: what is cut into parts on the others, btmon does not put together.
        before(() => machine.run("/tmp/bluetoothd.sh 517 1; /tmp/ready.sh"));
        after(() => machine.run("/tmp/bluetoothd.sh; /tmp/ready.sh"));

        test("indicates, and each indication is confirmed before the next", { timeout: 120_000 }, async () => {
            await machine.run("/tmp/listen.sh");
            await commissioning();
            const air = await machine.run("/tmp/heard.sh");
            if (process.env.RADIO_TRANSCRIPT) {
                writeFileSync(process.env.RADIO_TRANSCRIPT, air);
            }
            // The light's side alone: hci0 sends indications and hears confirmations.
            const pdus = air.split(/\n(?=[<>@=])/).filter(one => one.includes("[hci0]")).map(one => /ATT: Handle Value (Indication|Confirmation|Notification)/.exec(one)?.[1]).filter(Boolean);
            assert.ok(radio.frames.indicated > 10);
            assert.ok(pdus.length >= 2 * radio.frames.indicated);
            assert.deepEqual(pdus, pdus.map((_, i) => (i % 2 === 0 ? "Indication" : "Confirmation")));
        });

        repeated("is commissioned when it declares and notifies as an ESP32 does", () => commissioning("--ble-notify"));
    });

    describeCuts("a light on a real Bluetooth stack", startReady);

    describe("whatever happens to the adapter", () => {
        test("comes back when bluetoothd does", { timeout: 120_000 }, () =>
            fault("/tmp/bluetoothd.sh down", "bluetoothd does not run", "/tmp/bluetoothd.sh; /tmp/ready.sh"));

        test("comes back when the adapter does", { timeout: 120_000 }, () =>
            fault("/tmp/radios.sh down", "There is no Bluetooth adapter hci0", "/tmp/radios.sh up; /tmp/ready.sh"));

        test("comes back when it is allowed to", { timeout: 120_000 }, async () => {
            await machine.run("/tmp/bus.sh refuse");
            const board = await start();
            try {
                await tells(board, "BlueZ refuses this user");
                await machine.run("/tmp/bus.sh allow");
                await tells(board, "is ready");
                aim(board);
                await toggles(await commission(board));
            } finally {
                await machine.run("/tmp/bus.sh allow");
                await board.dispose();
            }
        });

        test("comes back when other advertisers leave it room", { timeout: 120_000 }, async () => {
            await machine.run("/tmp/others.sh 5; sleep 4");
            const board = await start();
            try {
                await tells(board, "no room for another advertisement");
                await machine.run("/tmp/others.sh 0");
                await tells(board, "is ready");
                aim(board);
                await toggles(await commission(board));
            } finally {
                await machine.run("/tmp/others.sh 0");
                await board.dispose();
            }
        });

        test("is commissioned beside another advertiser", { timeout: 120_000 }, async () => {
            await machine.run("/tmp/others.sh 1; sleep 3");
            try {
                await commissioning();
            } finally {
                await machine.run("/tmp/others.sh 0");
            }
        });

        test("ends when it is told to, though bluetoothd hangs", { timeout: 120_000 }, async () => {
            const board = await startReady();
            await machine.run("kill -STOP $(pidof bluetoothd)");
            try {
                assert.equal(await board.stop(), 0);
            } finally {
                await machine.run("kill -CONT $(pidof bluetoothd); /tmp/bluetoothd.sh; /tmp/ready.sh");
                await board.dispose();
            }
        });

        test("says so where its adapter is not, and works over IP meanwhile", { timeout: 60_000 }, async () => {
            const board = await start("--ble", "hci7");
            try {
                await tells(board, "There is no Bluetooth adapter hci7");
            } finally {
                await board.dispose();
            }
        });
    });
});

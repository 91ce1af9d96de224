// What a controller sees when its light loses power or restarts: how long until the next read succeeds and until the
// next report comes. RECOVERY_COMPARE=1 does the same with matter.js' own light first; that takes over a minute.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Board } from "./lib/board.mjs";
import { handshakes, Read, startController } from "./lib/controller.mjs";

const { OnOff } = await import("@matter/main/clusters/on-off");
const onOff = Read.Attribute({ endpoint: 1, cluster: OnOff, attributes: "onOff" });
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(condition, what, timeoutMs) {
    for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(5)) {
        if (condition()) {
            return;
        }
    }
    assert.fail(`not within ${timeoutMs} ms: ${what}`);
}

/** Stops the light one way or the other, starts it again, and measures. Times are milliseconds from the start of the new process' ready event, and from the stop. */
async function outage(board, peer, reports, stop, limitMs) {
    const began = handshakes.length;
    const seen = reports.length;
    const stopped = performance.now();
    await stop();
    let firstRead;
    let asking = true;
    await board.start();
    const ready = performance.now();
    // Somebody taps, and taps again, and then after each error. Nobody taps before there is light: what matter.js puts
    // to a dead session takes one of the four places it has for a device, for most of a minute.
    const ask = async delay => {
        await sleep(delay);
        while (asking && firstRead === undefined) {
            await peer.get(1, OnOff, "onOff").then(() => { firstRead ??= performance.now(); }, () => sleep(250));
        }
    };
    const questions = Promise.all([ask(250), ask(700)]);
    try {
        await until(() => firstRead !== undefined, "a read that succeeds", limitMs);
        await until(() => reports.length > seen, "a report", limitMs);
    } finally {
        asking = false;
        questions.catch(() => {});
    }
    return {
        off: ready - stopped,
        read: firstRead - ready,
        report: reports[seen].at - ready,
        byController: handshakes.length - began,
        value: reports.at(-1).value,
    };
}

function tell(name, figures) {
    const ms = value => `${Math.round(value)} ms`;
    console.log(`${name}: off for ${ms(figures.off)}; from then on next read after ${ms(figures.read)}, next report after ${ms(figures.report)}; `
        + `handshakes begun by the controller: ${figures.byController}`);
}

let controller;
before(async () => { controller = await startController(); });
after(() => { setTimeout(() => process.exit(), 500).unref(); });

for (const kind of process.env.RECOVERY_COMPARE ? ["matterjs", "matternano"] : ["matternano"]) {
    const isOurs = kind === "matternano";
    describe(`recovery of a ${kind} light`, () => {
        const board = new Board({ kind, discriminator: isOurs ? 0x321 : 0x322, passcode: isOurs ? 20202021 : 20212021 });
        const reports = [];
        let peer;
        let watch;

        before(async () => {
            await board.start();
            peer = await controller.commissionFound(board.passcode, isOurs ? 0x321 : 0x322);
            watch = await peer.subscribe([onOff], one => reports.push(one), { max: 12, sustain: true });
            await until(() => reports.length === 1, "the priming report", 10_000);
            // The light remembers a subscription that has lived for two seconds.
            await sleep(3_000);
        });
        after(async () => { await board.dispose(); });

        test("after a power cut", async () => {
            const figures = await outage(board, peer, reports, () => board.kill(), 120_000);
            tell(`power cut, ${kind}`, figures);
            if (isOurs) {
                assert.ok(figures.read < 5_000, `read after ${figures.read} ms`);
                assert.ok(figures.report < 5_000, `report after ${figures.report} ms`);
                assert.equal(figures.byController, 0, "the light opened the session, not the controller");
            }
        });

        test("reports as before", async () => {
            const seen = reports.length;
            await board.command("toggle");
            await until(() => reports.length > seen, "a report of the toggle", 10_000);
            assert.equal(reports.at(-1).value, (await board.command("state")).onOff);
            assert.equal(watch.closed, false);
            if (isOurs) {
                const { sessions, pools, counters } = await board.command("sessions");
                const [ours] = sessions.filter(one => one.isInitiator);
                assert.equal(ours.type, "resumed");
                assert.equal(ours.numberOfActiveSubscriptions, 1);
                assert.ok(ours.ageMs >= 0 && ours.peerSessionId > 0);
                assert.ok(pools.secureSessions.used >= 2 && pools.secureSessions.highWater >= pools.secureSessions.used);
                assert.equal(pools.subscriptions.used, 1);
                assert.equal(counters.caseInitiated, 1);
                assert.equal(counters.evicted, 0);
                assert.equal((await board.command("records")).records[0].hasSession, true);
            }
        });

        if (isOurs) {
            test("after a second power cut, with the renewed record", async () => {
                await sleep(3_000);
                const figures = await outage(board, peer, reports, () => board.kill(), 60_000);
                tell(`second power cut, ${kind}`, figures);
                assert.ok(figures.read < 5_000 && figures.report < 5_000, JSON.stringify(figures));
                assert.equal(figures.byController, 0);
            });

            test("after an orderly restart", async () => {
                await sleep(3_000);
                const figures = await outage(board, peer, reports, () => board.stop(), 60_000);
                tell(`orderly restart, ${kind}`, figures);
                assert.ok(figures.read < 5_000, JSON.stringify(figures));
            });
        }
    });
}

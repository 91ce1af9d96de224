// Commissioning where packets are lost, as at the edge of a Wi-Fi's reach: with 15 % lost each way all succeed, with 30 % nine of
// ten, and nobody is told Busy. What the controller sends and hears is dropped inside its process, by a seeded chance. Run by run.sh.
//   LOSS_RUNS=50: that many commissionings of each kind instead of 2.  LOSS_SEED=7: the first seed instead of 1.
import dgram from "node:dgram";
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Board } from "./lib/board.mjs";
import { OnOff, startController } from "./lib/controller.mjs";

const runs = Number(process.env.LOSS_RUNS ?? 2);
const firstSeed = Number(process.env.LOSS_SEED ?? 1);

// matter.js leaves timers behind; the process ends when the last test has.
after(() => { setTimeout(() => process.exit(), 500).unref(); });

/** What happens to the datagrams of one port; all others, mDNS among them, pass. */
const air = { port: 0, loss: 0, seed: 1, busy: 0, passed: 0, lost: 0 };

function isLost() {
    // mulberry32
    air.seed = (air.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(air.seed ^ (air.seed >>> 15), 1 | air.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const lost = ((t ^ (t >>> 14)) >>> 0) / 4294967296 < air.loss;
    air[lost ? "lost" : "passed"]++;
    return lost;
}

/** A StatusReport Busy of the secure channel, in clear: no session, no flags but type and acknowledgement, general code 8. */
function isBusy(data) {
    const header = 8 + ((data[0] & 4) !== 0 ? 8 : 0) + ((data[0] & 3) === 1 ? 8 : 0);
    const body = header + 6 + ((data[header] & 2) !== 0 ? 4 : 0);
    return data.readUInt16LE(1) === 0 && data[header + 1] === 0x40 && data.length >= body + 8 && data.readUInt16LE(body) === 8;
}

const { send, emit } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
    if (air.port !== 0 && args.includes(air.port) && isLost()) {
        const done = args.at(-1);
        if (typeof done === "function") {
            setImmediate(() => done(null, 0));
        }
        return;
    }
    return send.apply(this, args);
};
dgram.Socket.prototype.emit = function (event, ...args) {
    if (event === "message" && air.port !== 0 && args[1]?.port === air.port) {
        if (isLost()) {
            return true;
        }
        air.busy += isBusy(args[0]) ? 1 : 0;
    }
    return emit.call(this, event, ...args);
};

async function commission(loss, seed) {
    const board = new Board({ discriminator: 0x700 + (seed & 0xff) });
    await board.start();
    const controller = await startController({ id: `loss-${loss * 100}-${seed}`, label: "loss" });
    Object.assign(air, { port: board.port, loss, seed, busy: 0, passed: 0, lost: 0 });
    const started = performance.now();
    try {
        const peer = await controller.commissionAt("::1", board.port, board.passcode);
        assert.equal(await peer.get(1, OnOff, "onOff"), false);
        return `${((performance.now() - started) / 1000).toFixed(1)} s`;
    } catch (error) {
        console.log(`    seed ${seed}, ${loss * 100} %: ${error.message}`);
        return undefined;
    } finally {
        assert.equal(air.busy, 0, `told Busy with seed ${seed}`);
        air.port = 0;
        await controller.close();
        await board.dispose();
    }
}

describe("commissioning where packets are lost", () => {
    for (const [loss, share] of [[0.15, 1], [0.3, 0.9]]) {
        test(`${loss * 100} % each way`, { timeout: 60_000 + runs * 120_000 }, async () => {
            const times = [];
            for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
                times.push(await commission(loss, seed));
            }
            const done = times.filter(time => time !== undefined);
            console.log(`    ${done.length} of ${runs} at ${loss * 100} %: ${done.join(", ")}`);
            assert.ok(done.length >= Math.floor(runs * share), `${done.length} of ${runs}; LOSS_SEED=${firstSeed} LOSS_RUNS=${runs}`);
        });
    }
});

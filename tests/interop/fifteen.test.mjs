// A full house: five fabrics of three controllers each, every one with a session and a subscription to the same attribute.
// Nobody has to come back or to subscribe anew, and a sixteenth session takes the place that the rule names. Run by run.sh.
//   FIFTEEN_MINUTES=10: the quiet time, which is half a minute otherwise.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Board } from "./lib/board.mjs";
import { handshakes, OnOff, Read, startController } from "./lib/controller.mjs";

const { AccessControl } = await import("@matter/main/clusters/access-control");
const { FabricIndex } = await import("@matter/main/types");
const fabrics = 5;
const controllersEach = 3;
const all = fabrics * controllersEach;
const quietMs = Number(process.env.FIFTEEN_MINUTES ?? 0.5) * 60_000;
/** The longest silence that the subscribers ask for, in seconds. */
const maxInterval = 10;
/** What a change may take to the last of all subscribers. */
const reportMs = 2_000;
const onOff = Read.Attribute({ endpoint: 1, cluster: OnOff, attributes: "onOff" });
const hex = nodeId => nodeId.toString(16).toUpperCase().padStart(16, "0");
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(condition, what, timeoutMs = 10_000) {
    for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(5)) {
        if (await condition()) {
            return;
        }
    }
    assert.fail(`not within ${timeoutMs} ms: ${what}`);
}

// matter.js leaves timers behind; the process ends when the last test has.
after(() => { setTimeout(() => process.exit(), 500).unref(); });

describe("a light with five fabrics of three controllers", () => {
    const board = new Board({ discriminator: 0x515 });
    /** Each {fabric, controller, peer, reports, watch, nodeId}; the three of a fabric side by side. */
    const house = [];
    let filled;
    let begun;

    before(async () => { await board.start(); });
    after(async () => { await board.dispose(); });

    function move(fabric, controller, peer) {
        const member = { fabric, controller, peer, reports: [], nodeId: hex(controller.fabric.nodeId) };
        house.push(member);
        return member;
    }

    async function subscribe(member) {
        member.watch = await member.peer.subscribe([onOff], one => member.reports.push(one), { min: 0, max: maxInterval });
    }

    function undisturbed(members) {
        for (const member of members) {
            assert.equal(member.watch.closed, false, `the subscription of controller ${house.indexOf(member)}`);
        }
    }

    /** Toggles by one controller, and returns how long the report took to reach each of some members, in milliseconds. */
    async function change(by, members) {
        const seen = house.map(one => one.reports.length);
        const expected = !(await by.peer.get(1, OnOff, "onOff"));
        const started = performance.now();
        assert.equal((await by.peer.invoke(1, OnOff, expected ? "on" : "off")).status, 0);
        const reached = member => member.reports[seen[house.indexOf(member)]];
        await until(() => members.every(reached), "a report to each", reportMs);
        for (const member of members) {
            assert.equal(reached(member).value, expected);
            assert.ok(reached(member).at - started < reportMs);
        }
        return members.map(member => reached(member).at - started);
    }

    const tell = (what, times) => console.log(`    ${what}: first report after ${Math.min(...times).toFixed(0)} ms, last of ${times.length} after ${Math.max(...times).toFixed(0)} ms`);

    test("has room for all fifteen", { timeout: 120_000 }, async () => {
        for (let fabric = 1; fabric <= fabrics; fabric++) {
            if (fabric > 1) {
                await board.command("window 180");
            }
            const first = await startController({ id: `f${fabric}c1`, label: `fabric ${fabric}` });
            const peer = await first.commissionAt("::1", board.port, board.passcode);
            const members = [move(fabric, first, peer)];
            for (let i = 2; i <= controllersEach; i++) {
                const further = await startController({ id: `f${fabric}c${i}`, label: `fabric ${fabric}`, of: first });
                members.push(move(fabric, further, await further.shared(peer.address.nodeId)));
            }
            const fabricIndex = FabricIndex(fabric);
            assert.equal(await peer.set(0, AccessControl, "acl", [
                { privilege: 5, authMode: 2, subjects: members.map(one => one.controller.fabric.nodeId), targets: null, fabricIndex },
            ]), 0);
        }
        for (const member of house) {
            await subscribe(member);
        }
        await until(() => house.every(one => one.reports.length === 1), "the priming reports");

        filled = await board.command("sessions");
        const secure = filled.sessions;
        assert.equal(secure.length, all);
        assert.ok(secure.every(one => one.type === "case"));
        for (let fabric = 1; fabric <= fabrics; fabric++) {
            assert.deepEqual(
                secure.filter(one => one.fabricIndex === fabric).map(one => one.peerNodeId).sort(),
                house.filter(one => one.fabric === fabric).map(one => one.nodeId).sort());
        }
        assert.ok(secure.every(one => one.numberOfActiveSubscriptions === 1 && !one.isDefunct));
        assert.equal(filled.pools.subscriptions.used, all);
        assert.equal(filled.counters.evicted, 0);
        begun = handshakes.length;
    });

    test("tells each of them a change", async () => {
        tell("a change", await change(house[0], house));
    });

    test(`keeps all of them in step for ${quietMs / 60_000} minutes, and nobody comes back or subscribes anew`, { timeout: quietMs + 60_000 }, async () => {
        const ids = house.map(one => one.watch.subscription.subscriptionId);
        const began = board.events.length;
        const heard = house.map(one => one.watch.keepalives);
        await sleep(quietMs);

        undisturbed(house);
        assert.deepEqual(house.map(one => one.watch.subscription.subscriptionId), ids);
        assert.deepEqual(board.events.slice(began).filter(event => event.event !== "answer"), [], "nothing happened on the light");
        assert.equal(handshakes.length, begun, "no controller opened a session");
        const now = await board.command("sessions");
        assert.deepEqual(now.sessions.map(one => [one.id, one.peerSessionId]).sort(), filled.sessions.map(one => [one.id, one.peerSessionId]).sort());
        for (const counter of ["caseEstablished", "caseResumed", "caseInitiated", "caseFailed", "initiationFailed", "evicted", "gaveUp", "closeReceived", "noSessionSlot", "exchangesFull"]) {
            assert.equal(now.counters[counter], filled.counters[counter], counter);
        }
        assert.equal(now.pools.subscriptions.used, all);
        // One for each longest silence (which matter.js stretches as it likes), and no storm.
        const alive = house.map((one, i) => one.watch.keepalives - heard[i]);
        house.forEach((one, i) => {
            const silences = quietMs / 1000 / one.watch.subscription.maxInterval;
            assert.ok(alive[i] >= Math.floor(silences) && alive[i] <= 1.5 * silences + 1, `${alive[i]} keep-alives with ${one.watch.subscription.maxInterval} s`);
        });
        console.log(`    keep-alives: ${Math.min(...alive)} to ${Math.max(...alive)} each`);
        tell("a change afterwards", await change(house[7], house));
        undisturbed(house);
    });

    test("takes the place of a controller's older session for its second one, and goes on reporting to it", async () => {
        const twice = house[7];
        const before = await board.command("sessions");
        const older = await twice.peer.connectAgain();
        const newer = twice.peer.session;
        assert.notEqual(newer.id, older.id);
        await until(() => older.closedByPeer.value === true, "CloseSession for the older session", 2_000);

        const now = await board.command("sessions");
        assert.equal(now.counters.evicted, 1);
        assert.deepEqual(
            now.sessions.map(one => one.peerSessionId).sort(),
            [...before.sessions.map(one => one.peerSessionId).filter(id => id !== older.id), newer.id].sort(),
            "no other session went");
        assert.equal(now.pools.subscriptions.used, all);
        tell("a change", await change(house[0], house));
        undisturbed(house);
        begun++;
    });

    test("takes the place of the one longest unheard of its fabric for a fourth controller", async () => {
        const [a, b, c] = house.filter(one => one.fabric === 2);
        // Those of other fabrics have been silent for longer, but their fabrics have no more than their share.
        await sleep(20);
        for (const one of [b, a, c]) {
            await one.peer.get(1, OnOff, "onOff");
        }
        const victim = b.peer.session;
        const others = house.filter(one => one !== b).map(one => one.peer.session);

        const fourth = await startController({ id: "f2c4", label: "fabric 2", of: a.controller });
        assert.equal(await a.peer.set(0, AccessControl, "acl", [{
            privilege: 5, authMode: 2, subjects: [a, b, c, { controller: fourth }].map(one => one.controller.fabric.nodeId), targets: null, fabricIndex: FabricIndex(2),
        }]), 0);
        const peer = await fourth.shared(a.peer.address.nodeId);
        const value = await peer.get(1, OnOff, "onOff");
        await until(() => victim.closedByPeer.value === true, "CloseSession for the one longest unheard", 2_000);

        const now = await board.command("sessions");
        assert.equal(now.counters.evicted, 2);
        assert.equal(now.sessions.length, all);
        assert.deepEqual(now.sessions.map(one => one.peerSessionId).sort(), [...others, peer.session].map(one => one.id).sort());
        assert.equal(now.pools.subscriptions.used, all - 1, "the victim's subscription ended with its session");
        assert.ok(others.every(one => one.closedByPeer.value !== true));
        tell("a change", await change(house[0], house.filter(one => one !== b)));
        undisturbed(house.filter(one => one !== b));
        assert.equal(await peer.get(1, OnOff, "onOff"), !value, "the fourth is served");

        // The one that had to go comes back, and another is the longest unheard.
        await a.peer.get(1, OnOff, "onOff");
        const next = c.peer.session;
        assert.equal(await b.peer.get(1, OnOff, "onOff"), !value);
        await until(() => next.closedByPeer.value === true, "CloseSession for the next", 2_000);
        const last = await board.command("sessions");
        assert.equal(last.counters.evicted, 3);
        assert.deepEqual(
            last.sessions.filter(one => one.fabricIndex === 2).map(one => one.peerNodeId).sort(),
            [a.nodeId, b.nodeId, hex(fourth.fabric.nodeId)].sort());
    });
});

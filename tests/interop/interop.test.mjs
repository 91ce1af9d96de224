// A real controller against the light: everything a user's controller does with it. Run by run.sh.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { Board } from "./lib/board.mjs";
import { handshakes, Read, startController } from "./lib/controller.mjs";

const { OnOff } = await import("@matter/main/clusters/on-off");
const { BasicInformation } = await import("@matter/main/clusters/basic-information");
const { AdministratorCommissioning } = await import("@matter/main/clusters/administrator-commissioning");
const { OperationalCredentials } = await import("@matter/main/clusters/operational-credentials");
const { Descriptor } = await import("@matter/main/clusters/descriptor");
const { AccessControl } = await import("@matter/main/clusters/access-control");
const { GroupKeyManagement } = await import("@matter/main/clusters/group-key-management");
const { Groups } = await import("@matter/main/clusters/groups");
const { FabricManager, Invoke, PaseClient } = await import("@matter/main/protocol");
const { Crypto, Logger, LogDestination, LogLevel, Seconds } = await import("@matter/main");
const { FabricIndex, GroupId, NodeId } = await import("@matter/main/types");
const { NodeJsUdpSocket } = await import("@matter/nodejs");

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Waits until a condition holds, so that no test depends on a fixed delay. */
async function until(condition, what, timeoutMs = 10_000) {
    for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(5)) {
        if (await condition()) {
            return;
        }
    }
    assert.fail(`not within ${timeoutMs} ms: ${what}`);
}

/** Puts the light into a group and switches it by multicast, which nobody answers. */
async function obeysItsGroup(board, peer) {
    const groupId = GroupId(0x102);
    const fabric = controller.node.env.get(FabricManager).for(FabricIndex(peer.address.fabricIndex));
    const groupKeySet = {
        groupKeySetId: 7, groupKeySecurityPolicy: 0, epochKey0: controller.node.env.get(Crypto).randomBytes(16), epochStartTime0: BigInt(Date.now() - 86_400_000) * 1000n,
        epochKey1: null, epochStartTime1: null, epochKey2: null, epochStartTime2: null,
    };
    assert.equal((await peer.invoke(0, GroupKeyManagement, "keySetWrite", { groupKeySet })).status, 0);
    assert.equal(await peer.set(0, GroupKeyManagement, "groupKeyMap", [{ groupId, groupKeySetId: 7, fabricIndex: FabricIndex(1) }]), 0);
    assert.equal((await peer.invoke(1, Groups, "addGroup", { groupId, groupName: "Flur" })).data.status, 0);
    const acl = await peer.get(0, AccessControl, "acl");
    assert.equal(await peer.set(0, AccessControl, "acl", [
        ...acl, { privilege: 3, authMode: 3, subjects: [NodeId(BigInt(groupId))], targets: null, fabricIndex: FabricIndex(1) },
    ]), 0);

    const multicast = fabric.groups.multicastAddressFor(groupId);
    const hex = multicast.split(":").map(part => part.padStart(4, "0")).join("");
    await until(() => readFileSync("/proc/net/igmp6", "utf8").includes(hex), `membership of ${multicast}`);

    await fabric.groups.setFromGroupKeySet(groupKeySet);
    fabric.groups.groupKeyIdMap = new Map([[groupId, 7]]);
    // From the other end of the wire, as another device on the network sends.
    const sender = createSocket("udp6");
    await new Promise(resolve => sender.bind(0, resolve));
    sender.setMulticastInterface("::%wire1");
    const send = NodeJsUdpSocket.prototype.send;
    NodeJsUdpSocket.prototype.send = async function (host, port, data) {
        if (host === multicast) {
            await new Promise((resolve, reject) => sender.send(data, port, host, error => error ? reject(error) : resolve()));
            return;
        }
        return await send.apply(this, arguments);
    };
    try {
        const group = await controller.node.peers.forAddress({ fabricIndex: fabric.fabricIndex, nodeId: NodeId.fromGroupId(groupId) });
        const was = (await board.command("state")).onOff;
        for (const expected of [!was, was]) {
            const changed = board.event("attribute", 5_000, event => event.cluster === 6 && event.value === expected);
            for await (const chunk of group.interaction.invoke(Invoke({ commands: [Invoke.WildcardCommandRequest({ cluster: OnOff, command: expected ? "on" : "off" })], suppressResponse: true }))) {
                assert.fail(`a group command is not answered: ${chunk}`);
            }
            await changed;
        }
    } finally {
        NodeJsUdpSocket.prototype.send = send;
        sender.close();
    }
}

let controller;
before(async () => { controller = await startController(); });
// matter.js leaves timers behind; the process ends when the last test has.
after(() => { setTimeout(() => process.exit(), 500).unref(); });

describe("a light found by mDNS over IPv6", () => {
    const board = new Board({ discriminator: 0xabc });
    let peer;

    before(async () => { await board.start(); });
    after(async () => { await board.dispose(); });

    test("is commissioned with its whole attestation verified", async () => {
        peer = await controller.commissionFound(board.passcode, 0xabc);
        assert.deepEqual(controller.findings.map(one => one.type), ["CertificationTypeTest"]);
        assert.match(String(peer.session.channel.name), /udp:\/\/\[/, "the operational session runs over IPv6");
        assert.match(peer.node.state.commissioning.rotatingIdentifier, /^0100[0-9A-F]{32}$/, "found with its rotating identifier, the first of its life");
    });

    test("answers a wildcard read in which lists and values agree", async () => {
        const found = await peer.read(Read.Attribute({}));
        const values = new Map();
        for (const one of found) {
            assert.equal(one.kind, "attr-value", `${one.endpointId}/${one.clusterId}/${one.attributeId}: status ${one.status}`);
            const key = `${one.endpointId}/${one.clusterId}`;
            values.set(key, (values.get(key) ?? new Map()).set(one.attributeId, one.value));
            assert.ok(one.version !== undefined, "every report carries its data version");
        }
        for (const [cluster, attributes] of values) {
            assert.deepEqual([...attributes.get(0xfffb)].sort((a, b) => a - b), [...attributes.keys()].sort((a, b) => a - b), `AttributeList of ${cluster}`);
        }
        const servers = endpoint => [...values.keys()].filter(key => key.startsWith(`${endpoint}/`)).map(key => Number(key.split("/")[1])).sort((a, b) => a - b);
        assert.deepEqual([...values.get("0/29").get(1)].sort((a, b) => a - b), servers(0), "ServerList of endpoint 0");
        assert.deepEqual([...values.get("1/29").get(1)].sort((a, b) => a - b), servers(1), "ServerList of endpoint 1");
        assert.deepEqual(servers(1).filter(id => [3, 4, 6, 29].includes(id)), [3, 4, 6, 29]);
    });

    test("answers single reads", async () => {
        assert.equal(await peer.get(1, OnOff, "onOff"), false);
        assert.equal(await peer.get(0, BasicInformation, "vendorId"), 0xfff1);
        assert.deepEqual([...(await peer.get(0, Descriptor, "partsList"))], [1]);
    });

    test("answers a path that is not there with its status", async () => {
        const [attribute] = await peer.read({ kind: "attribute", endpoint: 1, cluster: { id: 6, name: "OnOff", attributes: {} }, attributes: { id: 0x77, name: "none" } });
        assert.equal(attribute.kind, "attr-status");
        assert.equal(attribute.status, 0x86, "UNSUPPORTED_ATTRIBUTE");
    });

    test("toggles", async () => {
        const changed = board.event("attribute", 5_000, event => event.cluster === 6 && event.attribute === 0);
        assert.equal((await peer.invoke(1, OnOff, "toggle")).status, 0);
        assert.equal((await changed).value, true);
        assert.equal(await peer.get(1, OnOff, "onOff"), true);
    });

    test("obeys a timed invoke", async () => {
        assert.equal((await peer.invoke(1, OnOff, "off", undefined, { timed: true, timeout: Seconds(5) })).status, 0);
        assert.equal(await peer.get(1, OnOff, "onOff"), false);
    });

    test("keeps a written NodeLabel", async () => {
        assert.equal(await peer.set(0, BasicInformation, "nodeLabel", "Küche"), 0);
        assert.equal(await peer.get(0, BasicInformation, "nodeLabel"), "Küche");
    });

    test("reports a toggle typed on the board to its subscriber", async () => {
        const reports = [];
        await peer.subscribe([Read.Attribute({ endpoint: 1, cluster: OnOff, attributes: "onOff" })], one => reports.push(one.value));
        await until(() => reports.length === 1, "the priming report");
        for (const expected of [true, false, true]) {
            await board.command("toggle");
            await until(() => reports.at(-1) === expected, `a report of ${expected}`);
        }
    });

    test("resumes a closed session without a full handshake", async () => {
        await peer.closeSession();
        assert.equal((await peer.connect()).resumed, true, "Sigma2Resume");
        assert.equal(await peer.get(1, OnOff, "onOff"), true);
        await peer.closeSession();
        assert.equal((await peer.connect()).resumed, true, "the id is renewed on both sides");
    });

    test("takes a full handshake when the record is gone", async () => {
        await peer.closeSession();
        await peer.forgetResumption();
        assert.equal((await peer.connect()).resumed, false);
        assert.equal(await peer.get(1, OnOff, "onOff"), true);
    });

    test("remembers everything after a restart", async () => {
        await board.stop();
        await board.start();
        assert.equal((await board.command("state")).onOff, true);
        const before = handshakes.length;
        assert.equal(await peer.get(0, BasicInformation, "nodeLabel"), "Küche");
        assert.equal(await peer.get(1, OnOff, "onOff"), true);
        assert.equal(handshakes.at(before)?.resumed, true, "the first session after the restart is a resumed one");
    });

    test("takes a second administrator through a window, and loses it again", async () => {
        const passcode = 34567890;
        const crypto = controller.node.env.get(Crypto);
        const pbkdfParameters = { iterations: 1000, salt: crypto.randomBytes(32) };
        const verifier = await PaseClient.generatePakePasscodeVerifier(crypto, passcode, pbkdfParameters);
        const opened = await peer.invoke(0, AdministratorCommissioning, "openCommissioningWindow", {
            commissioningTimeout: 180, pakePasscodeVerifier: verifier, discriminator: 0x123, ...pbkdfParameters,
        }, { timed: true, timeout: Seconds(5) });
        assert.equal(opened.status, 0);
        assert.equal(await peer.get(0, AdministratorCommissioning, "windowStatus"), 1);

        const second = spawn(process.execPath, [join(import.meta.dirname, "lib/second-admin.mjs"), "::1", String(board.port), String(passcode)], {
            env: { ...process.env, MATTER_STORAGE_PATH: mkdtempSync(join(tmpdir(), "second-")) },
            stdio: ["pipe", "pipe", "inherit"],
        });
        const lines = createInterface({ input: second.stdout })[Symbol.asyncIterator]();
        const say = async command => {
            if (command) {
                second.stdin.write(command + "\n");
            }
            for (let next = await lines.next(); !next.done; next = await lines.next()) {
                if (next.value.startsWith("{")) {
                    return JSON.parse(next.value);
                }
            }
            assert.fail("the second administrator is gone");
        };
        try {
            assert.deepEqual(await say(), { event: "commissioned" });
            assert.equal(await peer.get(0, AdministratorCommissioning, "windowStatus"), 0, "the window closed behind it");
            const was = await peer.get(1, OnOff, "onOff");
            assert.equal((await say("toggle")).status, 0);
            assert.equal(await peer.get(1, OnOff, "onOff"), !was, "both control the same light");
            const fabrics = (await board.command("fabrics")).fabrics;
            assert.equal(fabrics.length, 2);

            const [all] = await peer.read(Read.Attribute({ endpoint: 0, cluster: OperationalCredentials, attributes: "commissionedFabrics" }));
            assert.equal(all.value, 2);
            const removed = await peer.invoke(0, OperationalCredentials, "removeFabric", { fabricIndex: 2 });
            assert.equal(removed.data.statusCode, 0);
            await until(async () => (await board.command("fabrics")).fabrics.length === 1, "the fabric is gone");
            assert.equal(await peer.get(1, OnOff, "onOff"), !was, "the first administrator stays");
            const records = (await board.command("records")).records;
            assert.ok(records.every(one => one.fabricIndex === 1), "no record of the removed fabric stays");
        } finally {
            second.kill("SIGKILL");
        }
    });

    test("is a new device after a factory reset", async () => {
        const again = board.event("ready", 20_000);
        board.type("reset");
        await again;
        assert.equal((await board.command("fabrics")).fabrics.length, 0);
        assert.equal((await board.command("records")).records.length, 0);
        assert.equal((await board.command("state")).onOff, false);
        const anew = await controller.commissionFound(board.passcode, 0xabc);
        assert.equal(await anew.get(1, OnOff, "onOff"), false);
    });
});

describe("a light at an IPv4 address", () => {
    const board = new Board({ discriminator: 0xdef, passcode: 12341234 });
    let peer;

    before(async () => { await board.start(); });
    after(async () => { await board.dispose(); });

    test("refuses a wrong passcode at once", async () => {
        const started = performance.now();
        await assert.rejects(controller.commissionAt("127.0.0.1", board.port, 12341235));
        assert.ok(performance.now() - started < 5_000, "no time-out: an answer");
    });

    test("is commissioned with the right one afterwards", async () => {
        peer = await controller.commissionAt("127.0.0.1", board.port, 12341234);
        assert.equal(await peer.get(1, OnOff, "onOff"), false);
        assert.equal((await peer.invoke(1, OnOff, "on")).status, 0);
        assert.equal(await peer.get(1, OnOff, "onOff"), true);
    });

    test("lets go when it is decommissioned", async () => {
        const { fabrics } = await board.command("fabrics");
        const removed = await peer.invoke(0, OperationalCredentials, "removeFabric", { fabricIndex: fabrics[0].index });
        assert.equal(removed.data.statusCode, 0);
        await until(async () => (await board.command("fabrics")).fabrics.length === 0, "the last fabric is gone");
    });
});

describe("a light that matter.js keeps in step by itself", () => {
    // The port that group messages go to.
    const board = new Board({ discriminator: 0x456, passcode: 23456789, port: 5540 });
    const warnings = [];
    let peer;
    let light;

    before(async () => {
        Logger.destinations.warnings = LogDestination({ level: LogLevel.WARN, add: message => { warnings.push(message); } });
        await board.start();
    });
    after(async () => {
        delete Logger.destinations.warnings;
        await board.dispose();
    });

    test("has a structure that is read, cached and subscribed to as a whole", async () => {
        peer = await controller.commissionFound(board.passcode, 0x456, { autoStateInitialize: true, autoSubscribe: true });
        light = [...peer.node.endpoints].find(endpoint => endpoint.number === 1);
        const state = light.state;
        assert.equal(light.type.name, "OnOffLight");
        assert.deepEqual(Object.keys(state).sort(), ["descriptor", "groups", "identify", "onOff"]);
        assert.equal(state.onOff.onOff, false);
        assert.equal(peer.node.state.basicInformation.vendorId, 0xfff1);
        assert.equal(peer.node.state.commissioning.sessionParameters.dataModelRevision, peer.node.state.basicInformation.dataModelRevision);
        await until(() => board.events.some(event => event.event === "subscriptions" && event.count === 1), "the subscription to everything");
    });

    test("shows every change in the controller's own state", async () => {
        for (const expected of [true, false, true]) {
            await board.command("toggle");
            await until(() => light.state.onOff.onOff === expected, `onOff is ${expected}`);
        }
        assert.equal((await peer.invoke(1, OnOff, "off")).status, 0);
        await until(() => light.state.onOff.onOff === false, "the controller's own command comes back as a report");
        assert.equal(await peer.set(0, BasicInformation, "nodeLabel", "Flur"), 0);
        await until(() => peer.node.state.basicInformation.nodeLabel === "Flur", "the new label");
    });

    test("obeys a command to its group", async () => { await obeysItsGroup(board, peer); });

    test("gave the controller nothing to warn of", () => {
        const ours = warnings.filter(one => !["DclCertificateService", "NodeJsDirectoryLock"].includes(one.facility));
        assert.deepEqual(ours.map(one => `${one.facility}: ${one.values}`), []);
    });

    for (const [what, end] of [["a restart", "stop"], ["a power cut", "kill"]]) {
        test(`is in step again soon after ${what}, though nobody uses it`, async () => {
            // A subscription is remembered once it has been quiet for a while.
            await sleep(2500);
            await board[end]();
            await board.start();
            const was = (await board.command("state")).onOff;
            await board.command("toggle");
            // Who was told of the stop is left alone for 7 s, so that it may subscribe anew; matter.js only waits.
            await until(() => light.state.onOff.onOff === !was, `a report behind ${what}`, 20_000);
        });
    }
});

test("a light bound to one address obeys a command to its group", async () => {
    const board = new Board({ discriminator: 0x457, port: 5540, args: ["--bind", "fe80::1%wire0"] });
    await board.start();
    try {
        await obeysItsGroup(board, await controller.commissionFound(board.passcode, 0x457));
    } finally {
        await board.dispose();
    }
});

// One round of the comparison: one light, one controller process, every operation timed. Prints one JSON object.
//   round.mjs KIND SAMPLES
import { once } from "node:events";
const [kind, samples] = [process.argv[2], Number(process.argv[3])];
process.argv.length = 2;
const { spans } = await import("./wire.mjs");
const { Board } = await import("../interop/lib/board.mjs");
const { handshakes, OnOff, Read, startController } = await import("../interop/lib/controller.mjs");

const times = {};
const add = (name, ms) => (times[name] ??= []).push(ms);
async function timed(name, action) {
    const started = performance.now();
    const result = await action();
    add(name, performance.now() - started);
    return result;
}

const board = new Board({ kind, discriminator: 0x5a5 });
try {
    await board.start();
    add("start", board.startMs);
    const controller = await startController({ id: "bench" });
    const started = performance.now();
    const peer = await controller.commissionAt("::1", board.port, board.passcode);
    add("commissioning", performance.now() - started);
    add("PASE", performance.now() - started - controller.steps.reduce((sum, one) => sum + one.ms, 0));
    add("memory, MiB", (await board.memory()) / 2 ** 20);

    const onOff = Read.Attribute({ endpoint: 1, cluster: OnOff, attributes: "onOff" });
    for (let i = 0; i < samples; i++) {
        await peer.closeSession();
        await peer.forgetResumption();
        await peer.connect();
        const full = handshakes.at(-1);
        await peer.closeSession();
        await peer.connect();
        const resumed = handshakes.at(-1);
        if (full.resumed || !resumed.resumed) {
            throw new Error("a handshake was not of the wanted kind");
        }
        add("CASE full", full.ms);
        add("CASE resumed", resumed.ms);
    }
    // Once: later wildcard reads carry data version filters and come back empty. It also tells matter.js the node's
    // network technology, until which it lets 100 ms pass between requests.
    const found = await timed("read, wildcard", () => peer.read(Read.Attribute({})));
    add("attributes in it", found.length);
    await peer.read(onOff);
    for (let i = 0; i < samples; i++) {
        await timed("read, single", () => peer.read(onOff));
        await timed("invoke toggle", () => peer.invoke(1, OnOff, "toggle"));
    }
    let reported;
    await peer.subscribe([onOff], one => reported?.(one));
    for (let i = 0; i < samples; i++) {
        const report = new Promise(resolve => { reported = resolve; });
        const typed = performance.now();
        board.type("toggle");
        add("toggle to report", (await report).at - typed);
        reported = undefined;
        await new Promise(resolve => setTimeout(resolve, 60));
    }
    add("memory after all, MiB", (await board.memory()) / 2 ** 20);
} finally {
    await board.dispose();
}
Object.assign(times, spans);
process.stdout.write(JSON.stringify(times) + "\n", () => process.exit(0));
await once(process, "exit");

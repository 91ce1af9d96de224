// One commissioning over BLE of the comparison: a new light, a new controller. Prints one JSON object.
//   ble-round.mjs KIND MTU
import { once } from "node:events";
import { createServer } from "node:net";
const [kind, mtu] = [process.argv[2], Number(process.argv[3])];
process.argv.length = 2;
const { Board } = await import("../interop/lib/board.mjs");
const { CentralBle } = await import("../interop/lib/ble.mjs");
const { startController } = await import("../interop/lib/controller.mjs");

const times = {};
const add = (name, value) => (times[name] ??= []).push(value);

/** matter.js' light cannot choose the port of its radio. */
async function freePort() {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address();
    server.close();
    await once(server, "close");
    return port;
}

const port = await freePort();
const board = new Board({ kind, discriminator: 0x300, args: ["--ble-radio", String(port), "--ble-mtu", String(mtu), "--wifi", "home:correct horse"] });
try {
    await board.start();
    const radio = new CentralBle({ port, mtu });
    const controller = await startController({ id: "bench", ble: radio });
    const started = performance.now();
    await controller.commissionOverBle(radio, board.passcode, 0x300, "home", "correct horse");
    add(`BLE, MTU ${mtu}`, performance.now() - started);
    add(`writes, MTU ${mtu}`, radio.frames.written);
    add(`indications, MTU ${mtu}`, radio.frames.indicated);
} finally {
    await board.dispose();
}
process.stdout.write(JSON.stringify(times) + "\n", () => process.exit(0));
await once(process, "exit");

// matter.js' own On/Off light behind the host board's protocol: what the benchmark measures MatterNano against, and
// what shows that a failing interop step is ours.
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
    options: {
        storage: { type: "string" }, port: { type: "string" }, passcode: { type: "string" }, discriminator: { type: "string" },
        bind: { type: "string", multiple: true }, "no-mdns": { type: "boolean" },
    },
});
// matter.js reads command line and environment when it is imported.
process.argv.length = 2;
process.env.MATTER_STORAGE_PATH = values.storage;
await import("@matter/nodejs");
const { ServerNode, VendorId } = await import("@matter/main");
const { OnOffLightDevice } = await import("@matter/main/devices/on-off-light");
const say = event => process.stdout.write(JSON.stringify(event) + "\n");
const node = await ServerNode.create({
    id: "light",
    network: { port: Number(values.port) },
    commissioning: { passcode: Number(values.passcode), discriminator: Number(values.discriminator) },
    productDescription: { name: "matter.js light", deviceType: OnOffLightDevice.deviceType },
    basicInformation: { vendorName: "matter.js", vendorId: VendorId(0xfff1), productId: 0x8000, productName: "light", nodeLabel: "light", serialNumber: "1" },
});
const light = await node.add(OnOffLightDevice, { id: "onoff" });
light.events.onOff.onOff$Changed.on(value => say({ event: "attribute", endpoint: 1, cluster: 6, attribute: 0, value }));
await node.start();
say({ event: "ready", port: node.state.network.operationalPort, ...node.state.commissioning.pairingCodes });

async function stop() {
    await node.close();
    process.exit(0);
}

process.on("SIGTERM", stop);
for await (const line of createInterface({ input: process.stdin })) {
    const [command] = line.trim().split(" ");
    switch (command) {
        case "toggle":
            await light.set({ onOff: { onOff: !light.state.onOff.onOff } });
            say({ event: "answer", command, onOff: light.state.onOff.onOff });
            break;
        case "state":
            say({ event: "answer", command, onOff: light.state.onOff.onOff });
            break;
        case "quit":
            await stop();
            break;
        default:
            say({ event: "answer", command, error: "unknown command" });
    }
}

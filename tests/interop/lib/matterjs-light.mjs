// matter.js' own On/Off light behind the host board's protocol: what the benchmark measures MatterNano against, and
// what shows that a failing interop step is ours.
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
    options: {
        storage: { type: "string" }, port: { type: "string" }, passcode: { type: "string" }, discriminator: { type: "string" },
        "ble-radio": { type: "string" }, "ble-mtu": { type: "string" }, wifi: { type: "string" },
    },
});
// matter.js reads command line and environment when it is imported.
process.argv.length = 2;
process.env.MATTER_STORAGE_PATH = values.storage;
await import("@matter/nodejs");
const { ServerNode, VendorId } = await import("@matter/main");
const { OnOffLightDevice } = await import("@matter/main/devices/on-off-light");
const overBle = values["ble-radio"] !== undefined;
const [ssid, password] = (values.wifi ?? "").split(":");
const { Environment, Bytes } = await import("@matter/main");
let WithNetwork = ServerNode.RootEndpoint;
if (overBle) {
    const { Ble } = await import("@matter/main/protocol");
    const { PeripheralBle } = await import("./ble.mjs");
    Environment.default.set(Ble, new PeripheralBle({ port: Number(values["ble-radio"]), mtu: Number(values["ble-mtu"] ?? 247) }));
    WithNetwork = WithNetwork.with(await wifiServer());
}
const say = event => process.stdout.write(JSON.stringify(event) + "\n");
const node = await ServerNode.create(WithNetwork, {
    id: "light",
    network: { port: Number(values.port), ble: overBle },
    commissioning: { passcode: Number(values.passcode), discriminator: Number(values.discriminator) },
    productDescription: { name: "matter.js light", deviceType: OnOffLightDevice.deviceType },
    ...(overBle ? { networkCommissioning: { maxNetworks: 1, interfaceEnabled: true, scanMaxTimeSeconds: 3, connectMaxTimeSeconds: 3, supportedWiFiBands: [0], networks: [], lastNetworkingStatus: null, lastNetworkId: null, lastConnectErrorValue: null } } : {}),
    basicInformation: { vendorName: "matter.js", vendorId: VendorId(0xfff1), productId: 0x8000, productName: "light", nodeLabel: "light", serialNumber: "1" },
});
const light = await node.add(OnOffLightDevice, { id: "onoff" });
light.events.onOff.onOff$Changed.on(value => say({ event: "attribute", endpoint: 1, cluster: 6, attribute: 0, value }));
await node.start();
say({ event: "ready", port: node.state.network.operationalPort, ...node.state.commissioning.pairingCodes });

/** Network Commissioning with one imaginary Wi-Fi network that is there at once, like the host board's. */
async function wifiServer() {
    const { NetworkCommissioningServer } = await import("@matter/main/behaviors/network-commissioning");
    const { NetworkCommissioning } = await import("@matter/main/clusters/network-commissioning");
    const Success = NetworkCommissioning.NetworkCommissioningStatus.Success;
    let given;
    return class extends NetworkCommissioningServer.with("WiFiNetworkInterface") {
        scanNetworks() {
            this.state.lastNetworkingStatus = Success;
            return {
                networkingStatus: Success,
                wiFiScanResults: [{ security: { wpa2Personal: true }, ssid: Bytes.fromString(ssid), bssid: Bytes.fromHex("000000000001"), channel: 1, wiFiBand: 0, rssi: -40 }],
            };
        }

        addOrUpdateWiFiNetwork({ ssid, credentials }) {
            given = Bytes.toString(credentials);
            this.state.networks = [{ networkId: ssid, connected: false }];
            this.state.lastNetworkingStatus = Success;
            this.state.lastNetworkId = ssid;
            return { networkingStatus: Success, networkIndex: 0 };
        }

        removeNetwork() {
            this.state.networks = [];
            return { networkingStatus: Success, networkIndex: 0 };
        }

        async connectNetwork({ networkId }) {
            const right = given === password;
            this.state.networks = [{ networkId, connected: right }];
            this.state.lastNetworkingStatus = right ? Success : NetworkCommissioning.NetworkCommissioningStatus.AuthFailure;
            this.state.lastNetworkId = networkId;
            return { networkingStatus: this.state.lastNetworkingStatus, errorValue: null };
        }

        reorderNetwork() {
            return { networkingStatus: Success, networkIndex: 0 };
        }
    };
}

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

// A second administrator: a controller with a storage of its own, in a process of its own. Commissions the light at
// ip, port, passcode, does what the line commands on standard input say, and answers one JSON object a line.
import { createInterface } from "node:readline";

const [ip, port, passcode] = process.argv.slice(2);
process.argv.length = 2;
const { startController } = await import("./controller.mjs");
const { OnOff } = await import("@matter/main/clusters/on-off");
const say = event => process.stdout.write(JSON.stringify(event, (_, value) => (typeof value === "bigint" ? value.toString() : value)) + "\n");

try {
    const controller = await startController({ id: "second", label: "second admin" });
    const peer = await controller.commissionAt(ip, Number(port), Number(passcode));
    say({ event: "commissioned" });
    for await (const line of createInterface({ input: process.stdin })) {
        switch (line.trim()) {
            case "toggle":
                say({ event: "toggled", ...(await peer.invoke(1, OnOff, "toggle")) });
                break;
            case "read":
                try {
                    say({ event: "read", value: await peer.get(1, OnOff, "onOff") });
                } catch (error) {
                    say({ event: "read", error: error.message });
                }
                break;
            case "quit":
                process.exit(0);
        }
    }
} catch (error) {
    say({ event: "failed", error: error.message });
    process.exit(1);
}

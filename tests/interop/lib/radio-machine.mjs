// A machine with two real Bluetooth stacks on emulated radios (tests/radio): ours is the peripheral on the first, a central on the
// second speaks the frames of the simulated radio, so that matter.js' client is the same as in the other BLE tests.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const bootMs = 300_000;
const tests = join(dirname(fileURLToPath(import.meta.url)), "../..");

async function freePort() {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address();
    server.close();
    await once(server, "close");
    return port;
}

/** A program of which lines are read. */
class Program {
    lines = [];
    #waiting = [];

    constructor(command, args, env = {}) {
        this.process = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
        for (const stream of [this.process.stdout, this.process.stderr]) {
            createInterface({ input: stream }).on("line", line => {
                this.lines.push(line);
                this.#waiting = this.#waiting.filter(one => !(line.includes(one.text) && (one.resolve(line), true)));
            });
        }
        this.exited = once(this.process, "exit").then(([code]) => {
            this.code = code;
            this.#waiting.forEach(one => one.reject(new Error(`${command} ended with ${code} before "${one.text}":\n${this.lines.slice(-10).join("\n")}`)));
            return code;
        });
    }

    /** The first line with a text, past or to come. */
    line(text) {
        const seen = this.lines.find(line => line.includes(text));
        return seen !== undefined ? Promise.resolve(seen) : new Promise((resolve, reject) => this.#waiting.push({ text, resolve, reject }));
    }

    async end() {
        this.process.kill("SIGTERM");
        await this.exited;
    }
}

export class RadioMachine {
    /** Starts the machine; undefined, with the reason told, where it cannot be had. */
    static async start() {
        const machine = new RadioMachine();
        machine.busPort = await freePort();
        machine.shellPort = await freePort();
        machine.program = new Program(join(tests, "radio/machine/machine.sh"), [String(machine.busPort), String(machine.shellPort)]);
        // A machine that does not come up is a failure, not a test without end.
        const late = setTimeout(() => machine.program.process.kill("SIGTERM"), bootMs);
        const up = await Promise.race([machine.program.line("machine is up").then(() => true), machine.program.exited.then(() => false)]).catch(() => false);
        clearTimeout(late);
        if (!up) {
            machine.reason = machine.program.lines.at(-1);
            if (machine.program.code !== 77) {
                throw new Error(machine.program.lines.slice(-20).join("\n"));
            }
        }
        return machine;
    }

    /** Environment of a program whose system bus is the machine's. */
    get environment() {
        return { DBUS_SYSTEM_BUS_ADDRESS: `tcp:host=127.0.0.1,port=${this.busPort}` };
    }

    /** Runs a command in the machine and returns what it prints. */
    async run(command) {
        const socket = createConnection(this.shellPort, "127.0.0.1");
        let text = "";
        socket.on("data", data => { text += data; });
        socket.write(`${command}\necho "ended $?"\nexit\n`);
        await once(socket, "close");
        return text.replace(/ended \d+\n$/, "");
    }

    /** Starts the central; its frames are spoken on `port`. */
    async startCentral(adapter = "hci1") {
        this.port = await freePort();
        this.central = new Program("dotnet", [join(tests, "radio/bridge/bin/Release/net10.0/MatterNano.RadioBridge.dll"), adapter, String(this.port)], this.environment);
        await this.central.line("listening");
    }

    async dispose() {
        await this.central?.end();
        await this.program.end();
    }
}

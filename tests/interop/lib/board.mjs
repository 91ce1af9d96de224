// A light as a child process: MatterNano's host board or, for comparison, matter.js' own light. Both print one JSON
// object a line on standard output, {"event":"ready",...} first, and take line commands on standard input.
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");

/** Command lines that start each kind of light with options that both understand. */
const kinds = {
    matternano: options => [
        process.env.MATTERNANO_HOST ?? "dotnet",
        ...(process.env.MATTERNANO_HOST ? [] : [join(root, "boards/host/bin/Release/net10.0/MatterNano.Host.dll")]),
        "--json",
        ...options,
    ],
    // The ESP32 light on a make-believe chip (tests/esp32/Board): Wi-Fi always, port 5540 always; its address is that of wire0 in network.sh.
    esp32: options => ["dotnet", join(root, "tests/esp32/Board/bin/Release/net10.0/MatterNano.Esp32.Board.dll"), "--open-network", "--address", "fe80::1", ...options],
    matterjs: options => [process.execPath, join(here, "matterjs-light.mjs"), ...options],
};

/** A UDP port nobody has now; chosen once, so that a restarted light keeps it. */
async function freePort() {
    const socket = createSocket("udp6");
    socket.bind(0);
    await once(socket, "listening");
    const { port } = socket.address();
    socket.close();
    await once(socket, "close");
    return port;
}

export class Board {
    events = [];
    #waiters = [];
    #process;
    log = "";

    constructor({ kind = process.env.BOARD_KIND ?? "matternano", storage, port, passcode = 20202021, discriminator = 3840, args = [], env = {} } = {}) {
        this.env = env;
        this.kind = kind;
        this.ownsStorage = storage === undefined;
        this.storage = storage ?? mkdtempSync(join(tmpdir(), "light-"));
        this.passcode = passcode;
        this.port = port;
        this.options = ["--storage", this.storage, "--passcode", String(passcode), "--discriminator", String(discriminator), ...args];
    }

    /** Starts the light and returns its `ready` event. */
    async start() {
        this.port ??= await freePort();
        const [command, ...args] = kinds[this.kind]([...this.options, "--port", String(this.port)]);
        this.startedAt = performance.now();
        this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...this.env, MATTER_LOG_LEVEL: process.env.LIGHT_LOG ?? "error" } });
        this.#process.stderr.on("data", data => { this.log += data; });
        createInterface({ input: this.#process.stdout }).on("line", line => this.#line(line));
        this.exited = once(this.#process, "exit").then(([code]) => {
            for (const waiter of this.#waiters.splice(0)) {
                waiter.reject(new Error(`the light exited with code ${code} while waiting for ${waiter.what}\n${this.log}`));
            }
            return code;
        });
        const ready = await this.event("ready", 60_000);
        this.startMs = performance.now() - this.startedAt;
        return ready;
    }

    get pid() {
        return this.#process.pid;
    }

    #line(line) {
        let event;
        try {
            event = JSON.parse(line);
        } catch {
            this.log += line + "\n";
            return;
        }
        event.at = performance.now();
        this.events.push(event);
        this.#waiters = this.#waiters.filter(waiter => {
            if (!waiter.matches(event)) {
                return true;
            }
            waiter.resolve(event);
            return false;
        });
    }

    /** The next event of a name (not one already seen) for which `matches` holds. */
    event(name, timeoutMs = 20_000, matches = () => true) {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                this.#waiters = this.#waiters.filter(one => one !== waiter);
                reject(new Error(`no event "${name}" within ${timeoutMs} ms; seen: ${this.events.slice(-8).map(e => e.event)}\n${this.log.slice(-2000)}`));
            }, timeoutMs);
            const waiter = {
                what: name,
                matches: event => event.event === name && matches(event),
                resolve: event => { clearTimeout(timer); resolve(event); },
                reject: error => { clearTimeout(timer); reject(error); },
            };
            this.#waiters.push(waiter);
        });
    }

    /** Types a command and returns the answer: the next event named "answer" for it. */
    async command(line, timeoutMs = 10_000) {
        const answer = this.event("answer", timeoutMs, event => event.command === line.split(" ")[0]);
        this.#process.stdin.write(line + "\n");
        return await answer;
    }

    /** Types a command without waiting. */
    type(line) {
        this.#process.stdin.write(line + "\n");
    }

    /** Resident memory in bytes. */
    async memory() {
        const { readFileSync } = await import("node:fs");
        return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"))[1]) * 1024;
    }

    /** Orderly stop. */
    async stop() {
        if (this.#process?.exitCode === null && this.#process.signalCode === null) {
            this.#process.kill("SIGTERM");
            const timer = setTimeout(() => this.#process.kill("SIGKILL"), 5_000);
            await this.exited;
            clearTimeout(timer);
        }
        return this.#process?.exitCode;
    }

    /** A power cut. */
    async kill() {
        this.#process.kill("SIGKILL");
        await this.exited;
    }

    async dispose() {
        await this.stop();
        if (this.ownsStorage) {
            rmSync(this.storage, { recursive: true, force: true });
        }
    }
}

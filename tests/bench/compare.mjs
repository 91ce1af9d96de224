// MatterNano's light and matter.js' own light, side by side under the same controller in one run.
//   compare.mjs [rounds] [samples a round]
//   compare.mjs ble [rounds]     commissioning over the simulated BLE radio onto Wi-Fi instead
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

const numbers = process.argv.slice(2);
const overBle = numbers[0] === "ble" && numbers.shift() === "ble";
const rounds = Number(numbers[0] ?? 5);
// What a round is told: how many samples to take, or the ATT MTU of its radio.
const parts = overBle ? [247, 23] : [Number(numbers[1] ?? 20)];
const kinds = ["matternano", "matterjs"];
const all = { matternano: {}, matterjs: {} };

async function round(kind, part) {
    const storage = mkdtempSync(join(tmpdir(), "bench-"));
    const child = spawn(process.execPath, [join(import.meta.dirname, overBle ? "ble-round.mjs" : "round.mjs"), kind, String(part)], {
        env: { ...process.env, MATTER_STORAGE_PATH: storage, MATTER_LOG_LEVEL: "fatal" },
        stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", data => { out += data; });
    const code = await new Promise(resolve => child.on("close", resolve));
    rmSync(storage, { recursive: true, force: true });
    if (code !== 0) {
        throw new Error(`${kind}: the round failed`);
    }
    return JSON.parse(out.trim().split("\n").at(-1));
}

for (let i = 0; i < rounds; i++) {
    // The order alternates, so that neither always runs on a warmer machine.
    for (const kind of i % 2 ? kinds : [...kinds].reverse()) {
        for (const part of parts) {
            for (const [name, values] of Object.entries(await round(kind, part))) {
                (all[kind][name] ??= []).push(...values);
            }
        }
    }
}

const sorted = values => [...values].sort((a, b) => a - b);
const at = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))];
const figures = values => [at(values, 0.5), at(values, 0), at(values, 0.9)].map(one => one.toFixed(1).padStart(7)).join(" ");

console.log(`${rounds} rounds, ${cpus().length} cores (${cpus()[0].model}), node ${process.version}; ms unless said otherwise`);
console.log(`${"".padEnd(40)} | ${"MatterNano: median min 90%".padEnd(26)} | ${"matter.js: median min 90%".padEnd(26)} | ratio`);
for (const name of Object.keys(all.matternano)) {
    const [ours, theirs] = kinds.map(kind => all[kind][name]);
    console.log(`${name.padEnd(40)} | ${figures(ours).padEnd(26)} | ${figures(theirs).padEnd(26)} | ${(at(ours, 0.5) / at(theirs, 0.5)).toFixed(2)}`);
}

// MatterNano's light and matter.js' own light, side by side under the same controller in one run.
//   compare.mjs [rounds] [samples a round]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

const rounds = Number(process.argv[2] ?? 5);
const samples = Number(process.argv[3] ?? 20);
const kinds = ["matternano", "matterjs"];
const all = { matternano: {}, matterjs: {} };

async function round(kind) {
    const storage = mkdtempSync(join(tmpdir(), "bench-"));
    const child = spawn(process.execPath, [join(import.meta.dirname, "round.mjs"), kind, String(samples)], {
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
        for (const [name, values] of Object.entries(await round(kind))) {
            (all[kind][name] ??= []).push(...values);
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

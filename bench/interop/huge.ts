/**
 * A study of many trials from one form into another, trial by trial: how long it
 * takes, and how much memory at most.
 *
 *     deno run -A bench/interop/huge.ts            # a million trials
 *     deno run -A bench/interop/huge.ts 10000 100000
 *     deno run -A bench/interop/huge.ts 100000 --only csv-db,db-jsonl
 *
 * Each way runs in a process of its own, which says its largest resident set itself
 * (`VmHWM` of `/proc/self/status`, so on Linux alone).
 *
 * @module
 */

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  copyStudies,
  exportStudy,
  importStudies,
  streamStudies,
} from "../../lib/interop/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { minimize } from "../../lib/records/mod.ts";

/** What is measured: from a file into another, or into memory. */
const ways: readonly (readonly [from: string, to: string])[] = [
  ["csv", "db"],
  ["csv", "jsonl"],
  ["jsonl", "db"],
  ["db", "jsonl"],
  ["db", "csv"],
  ["db", "log"],
  ["log", "db"],
  ["db", "arrow"],
  ["arrow", "db"],
  ["csv", "memory"],
];

const options = { objective: minimize("loss") };

/** A table of trials, written line by line. */
async function writeTable(path: string, trials: number): Promise<void> {
  const file = await open(path, "w");
  const random = randomStream("huge");
  let text =
    "number,state,loss,params_rate,params_units,params_kind,params_momentum\n";
  for (let i = 0; i < trials; i++) {
    const rate = 10 ** (-5 + 4 * random.uniform());
    const kind = random.uniform() < 0.5 ? "adam" : "sgd";
    const momentum = kind === "sgd" ? random.uniform() : "";
    const units = 16 + Math.floor(500 * random.uniform());
    text +=
      `${i},complete,${random.uniform()},${rate},${units},${kind},${momentum}\n`;
    if (text.length > 1 << 20) {
      await file.write(text);
      text = "";
    }
  }
  await file.write(text);
  await file.close();
}

/** Goes one way, in this process. */
async function go(from: string, to: string): Promise<void> {
  const begun = performance.now();
  if (to === "memory") await importStudies(from, options);
  else if (to.endsWith(".db")) await copyStudies(from, to, options);
  else {
    const [study] = await streamStudies(from, options);
    await exportStudy(study!, to, { overwrite: true });
  }
  const seconds = (performance.now() - begun) / 1000;
  const status = readFileSync("/proc/self/status", "utf8");
  const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
  console.log(JSON.stringify({ seconds, megabytes: kilobytes / 1024 }));
}

async function measure(from: string, to: string): Promise<string> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL(import.meta.url).pathname, "--go", from, to],
    stderr: "inherit",
  }).output();
  if (!success) return "failed";
  const { seconds, megabytes } = JSON.parse(new TextDecoder().decode(stdout));
  return `${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`;
}

async function main(
  counts: readonly number[],
  only: readonly string[] | null,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "etude-huge-"));
  try {
    const rows: Record<string, Record<string, string>> = {};
    for (const trials of counts) {
      const fileOf = (ending: string) => join(folder, `study.${ending}`);
      rmSync(folder, { recursive: true });
      Deno.mkdirSync(folder);
      await writeTable(fileOf("csv"), trials);
      const sizes = new Map<string, number>();
      for (const [from, to] of ways) {
        if (only?.includes(`${from}-${to}`) === false) continue;
        if (to === "db") rmSync(fileOf("db"), { force: true });
        const found = await measure(
          fileOf(from),
          to === "memory" ? to : fileOf(to),
        );
        if (to !== "memory") sizes.set(to, statSync(fileOf(to)).size / 2 ** 20);
        (rows[`${from} → ${to}`] ??= {})[`${trials} trials`] = found;
        console.log(`${trials}: ${from} → ${to}: ${found}`);
      }
      console.log(
        [...sizes].map(([name, size]) => `${name} ${size.toFixed(0)} MB`)
          .join(", "),
      );
    }
    console.table(rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const args = [...Deno.args];
  if (args[0] === "--go") await go(args[1]!, args[2]!);
  else {
    const at = args.indexOf("--only");
    const only = at < 0 ? null : args.splice(at, 2)[1]!.split(",");
    await main(args.length === 0 ? [1_000_000] : args.map(Number), only);
  }
}

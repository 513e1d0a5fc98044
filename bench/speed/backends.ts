/**
 * What TensorFlow.js computes how fast on: a table in Markdown, milliseconds an
 * epoch of the digits (1,077 examples, and 360 to validate) on the clock and,
 * behind the stroke, of the processor, all threads together; the least of
 * several. `deno run -A bench/speed/backends.ts [backend …]`; `node` is there
 * once `deno run -A tools/tfjs_node.ts` has built it, `node-gpu` with `--gpu`.
 *
 * @module
 */

import { join } from "node:path";
import { inProject } from "../../tools/project.ts";
import { capture } from "../../tools/process.ts";
import { isTfjsNodeReady, tfjsNodeFolder } from "../../tools/tfjs_node.ts";

interface Measured {
  readonly backend: string;
  readonly reason: string;
  readonly results: Readonly<
    Record<string, { ms: number; processorMs: number; loss: number }>
  >;
}

/** Epochs that are timed, else 4; of the slow ones few will do. */
const epochs: Readonly<Record<string, number>> = {
  webgpu: 2,
  cpu: 2,
};

async function measure(backend: string): Promise<Measured | string> {
  const gpu = backend === "node-gpu";
  const isNative = gpu || backend === "node";
  if (isNative && !await isTfjsNodeReady(gpu)) return "not built";
  const config = isNative
    ? join(tfjsNodeFolder(gpu), "deno.json")
    : inProject("deno.json");
  const { code, stdout, stderr } = await capture(Deno.execPath(), [
    "run",
    "-A",
    "--no-check",
    `--config=${config}`,
    inProject("bench", "speed", "_backend_epochs.ts"),
    backend,
    String(epochs[backend] ?? 4),
  ]);
  if (code !== 0) return stderr.trim().split("\n").at(-1)!;
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

const backends = Deno.args.length > 0
  ? Deno.args
  : ["node-gpu", "node", "webgpu", "wasm", "cpu"];
const rows: Measured[] = [];
for (const backend of backends) {
  const measured = await measure(backend);
  if (typeof measured === "string") console.error(`${backend}: ${measured}`);
  else {
    rows.push(measured);
    console.error(JSON.stringify(measured));
  }
}
const names = Object.keys(rows[0]?.results ?? {});
console.log(`| backend | ${names.join(" | ")} |`);
console.log(`|---|${names.map(() => "--:").join("|")}|`);
for (const { backend, reason, results } of rows) {
  const cells = names.map((name) => {
    const { ms, processorMs } = results[name]!;
    return `${ms.toFixed(0)} / ${processorMs.toFixed(0)}`;
  });
  console.log(`| \`${backend}\` (${reason}) | ${cells.join(" | ")} |`);
}
console.log(
  `\nValidation losses at the end: ${
    rows.map(({ backend, results }) =>
      `${backend} ${
        names.slice(0, 3).map((name) => results[name]!.loss.toFixed(4)).join(
          ", ",
        )
      }`
    ).join("; ")
  }`,
);

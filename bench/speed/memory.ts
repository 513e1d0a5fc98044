/**
 * `deno run -A bench/speed/memory.ts [--short]`: how much memory large studies
 * take; `--short` measures only the one that takes most.
 *
 * @module
 */

import { inProject } from "../../tools/project.ts";
import type { Measurement } from "./measurement.ts";

/** How much a study of 10,000 trials may take, with Deno itself. */
const targetBytes = 300e6;

/**
 * The most memory that a process takes for a study of 10,000 trials with 10
 * parameters and the default sampler: with a value each, or a curve of 50 steps
 * each; kept in memory, in a file, and read anew from the file.
 *
 * @param options `short`: whether to measure only curves in a file. Defaults to `false`.
 */
export async function measureMemory(
  { short = false }: { readonly short?: boolean } = {},
): Promise<Measurement[]> {
  const folder = await Deno.makeTempDir();
  const file = (steps: number) => `${folder}/${steps}.db`;
  const measurements: Measurement[] = [];
  try {
    for (const steps of short ? [50] : [0, 50]) {
      const ways = [
        ["in memory", "memory", "10000"],
        ["in a file", file(steps), "10000"],
        ["read from the file", file(steps), "0"],
      ] as const;
      for (const [where, ...args] of short ? ways.slice(1) : ways) {
        const bytes = await peakBytes(String(steps), ...args);
        measurements.push({
          what: `peak memory of a study with 10,000 trials, ${
            steps === 0 ? "a value" : `a curve of ${steps} steps`
          } each, ${where}`,
          target: `≤ ${targetBytes / 1e6} MB`,
          found: `${(bytes / 1e6).toFixed(0)} MB`,
          reached: bytes <= targetBytes,
        });
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return measurements;
}

/** The most resident memory of a process that runs this file, in bytes. */
async function peakBytes(...args: string[]): Promise<number> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", inProject("bench/speed/_memory_study.ts"), ...args],
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`the study broke off: ${text}`);
  return Number(text);
}

if (import.meta.main) {
  const short = Deno.args.includes("--short");
  for (const { what, found, target } of await measureMemory({ short })) {
    console.log(`${what}: ${found} (${target})`);
  }
}

/**
 * `deno task fuzz`: every parser and every sampler over made-up input, 10,000
 * cases each; then the table for `docs/security.md`.
 *
 *     deno task fuzz [NAME …]        only those whose names contain one of these
 *     deno task fuzz --cases=2000    another number of cases
 *     deno task fuzz --seed=7        another beginning
 *
 * It ends with 1 if a case failed, and prints seed and path, which belong into
 * `tests/attacks/_failed_cases.ts`.
 *
 * @module
 */

import { failedCases } from "../tests/attacks/_failed_cases.ts";
import { type FuzzTarget, usualSeed } from "../tests/attacks/_fuzz.ts";
import { parserTargets } from "../tests/attacks/_fuzz_parsers.ts";
import { samplerTargets } from "../tests/attacks/_fuzz_samplers.ts";

interface Tried {
  readonly name: string;
  readonly cases: number;
  readonly seconds: number;
  /** What went wrong; null if nothing did. */
  readonly problem: string | null;
}

async function tryTarget(
  target: FuzzTarget,
  cases: number,
  seed: number,
): Promise<Tried> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const { name } = target;
  try {
    for (const failed of failedCases.filter((one) => one.target === name)) {
      await target.run({ cases: 1, seed: failed.seed, path: failed.path });
    }
    const tried = await target.run({ cases, seed });
    return { name, cases: tried, seconds: seconds(), problem: null };
  } catch (error) {
    const problem = error instanceof Error
      ? `${error.message}\n${
        error.cause instanceof Error ? error.cause.stack : ""
      }`
      : String(error);
    return { name, cases, seconds: seconds(), problem };
  }
}

function numberOption(name: string, usual: number): number {
  const given = Deno.args.find((arg) => arg.startsWith(`--${name}=`));
  return given === undefined ? usual : Number(given.slice(name.length + 3));
}

if (import.meta.main) {
  const cases = numberOption("cases", 10_000);
  const seed = numberOption("seed", usualSeed);
  const wanted = Deno.args.filter((arg) => !arg.startsWith("--"));
  const all: Tried[] = [];
  for (const target of [...parserTargets, ...samplerTargets]) {
    const { name } = target;
    if (wanted.length > 0 && !wanted.some((one) => name.includes(one))) {
      continue;
    }
    const tried = await tryTarget(target, cases, seed);
    all.push(tried);
    console.log(
      `${tried.problem === null ? "ok    " : "FAILED"} ${name}: ${
        tried.cases.toLocaleString("en-US")
      } cases in ${tried.seconds.toFixed(1)} s`,
    );
    if (tried.problem !== null) console.log(tried.problem);
  }
  const failed = all.filter(({ problem }) => problem !== null);
  const total = all.reduce((sum, one) => sum + one.cases, 0);
  console.log(
    `\n| what | cases | failed |\n|---|---|---|\n${
      all.map(({ name, cases, problem }) =>
        `| ${name} | ${cases.toLocaleString("en-US")} | ${
          problem === null ? 0 : "**yes**"
        } |`
      ).join("\n")
    }\n\n${
      total.toLocaleString("en-US")
    } cases of ${all.length} targets, ${failed.length} targets failed; seed ${seed}, Deno ${Deno.version.deno}, ${
      new Date().toISOString().slice(0, 10)
    }.`,
  );
  if (failed.length > 0) Deno.exit(1);
}

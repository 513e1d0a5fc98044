/**
 * What the project's own studies are worth on data sets that they have not
 * seen: real trainings, cold and warm side by side.
 *
 *     out/runs_python/bin/python bench/library/run_studies.py --out out/library/runs
 *     deno run -A bench/library/own_runs.ts --seeds 2
 *
 * Every third data set, by the alphabet, is held out: the library is compiled of
 * the others alone. On each held-out set each family is searched twice with each
 * seed, cold and warm, by the same sampler; each value is a training by
 * `run_studies.py --serve`. Regret: (best known − best so far) / (best known −
 * median of the 64 configurations that were run beforehand). `--families`,
 * `--sets` take parts of names; `--out` keeps each run as a line of JSON.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  type CompactInput,
  openLibrary,
  packLibrary,
} from "../../lib/library/mod.ts";
import type { Configuration } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { studiesOf } from "../../tools/make_library.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    runs: { type: "string", default: "out/library/runs" },
    python: { type: "string", default: "out/runs_python/bin/python" },
    debs: { type: "string", default: "out/debs" },
    families: { type: "string", default: "mlp,linear,boosted trees,svm" },
    sets: { type: "string", default: "" },
    seeds: { type: "string", default: "1" },
    trials: { type: "string", default: "25" },
    out: { type: "string", default: "out/library/own_runs.jsonl" },
  },
});

/** Trains where the data sets are: in Python, one configuration at a time. */
class Trainer {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;
  readonly #known = new Map<string, number>();

  constructor(python: string, debs: string) {
    this.#process = new Deno.Command(python, {
      args: ["bench/library/run_studies.py", "--serve", "--debs", debs],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#lines = linesOf(this.#process.stdout);
  }

  async value(set: string, family: string, params: Configuration) {
    const asked = JSON.stringify([set, family, params]);
    const known = this.#known.get(asked);
    if (known !== undefined) return known;
    await this.#writer.write(new TextEncoder().encode(`${asked}\n`));
    const { value } = await this.#lines.next();
    const found = Number(value);
    this.#known.set(asked, found);
    return found;
  }

  async close() {
    await this.#writer.close();
    await this.#process.status;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>) {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** A study of `run_studies.py`, with the names in its title. */
interface OwnStudy extends CompactInput {
  readonly family: string;
  readonly set: string;
}

const studies: OwnStudy[] = [];
for await (const study of studiesOf(options.runs)) {
  const [family, set] = study.name.split(" on ");
  if (study.trials.length >= 64 && !set!.includes(",")) {
    studies.push({ ...study, family: family!, set: set! });
  }
}
const sets = [...new Set(studies.map(({ set }) => set))].sort();
const heldOut = sets.filter((_, i) => i % 3 === 2);
const known = studies.filter(({ set }) => !heldOut.includes(set));
const library = packLibrary(known);
console.log(
  `${known.length} studies of ${sets.length - heldOut.length} data sets, ` +
    `${library.length} bytes; held out: ${heldOut.join(", ")}`,
);

const trials = Number(options.trials);
const trainer = new Trainer(options.python, options.debs);

/** The best value so far after each trial. */
async function search(
  { set, family, space, objective, task }: OwnStudy,
  seed: number,
  isWarm: boolean,
): Promise<number[]> {
  const study = await createStudy({
    name: `${family} on ${set}`,
    space,
    objective,
    seed: `${seed} ${set} ${family}`,
    storage: "memory",
    ...(task === null ? {} : { task }),
    library: isWarm ? await openLibrary([library]) : false,
  });
  await study.optimize(
    ({ params }) => trainer.value(set, family, params as Configuration),
    { trials, progress: false },
  );
  let best = -Infinity;
  return study.trials.map(({ value }) => best = Math.max(best, value!));
}

interface Run {
  readonly set: string;
  readonly family: string;
  readonly seed: number;
  readonly cold: readonly number[];
  readonly warm: readonly number[];
  readonly best: number;
  readonly median: number;
}

const runs: Run[] = [];
const families = options.families.split(",");
for (let seed = 0; seed < Number(options.seeds); seed++) {
  for (const study of studies) {
    if (!heldOut.includes(study.set) || !families.includes(study.family)) {
      continue;
    }
    if (!options.sets.split(",").some((part) => study.set.includes(part))) {
      continue;
    }
    const cold = await search(study, seed, false);
    const warm = await search(study, seed, true);
    const values = study.trials.map(({ value }) => value!).sort((a, b) =>
      a - b
    );
    runs.push({
      set: study.set,
      family: study.family,
      seed,
      cold,
      warm,
      best: Math.max(values.at(-1)!, cold.at(-1)!, warm.at(-1)!),
      median: values[values.length >> 1]!,
    });
    await Deno.writeTextFile(options.out, JSON.stringify(runs.at(-1)) + "\n", {
      append: true,
    });
  }
}
await trainer.close();

// The best known of a task is that of all seeds.
const best = new Map<string, number>();
for (const { set, family, best: own } of runs) {
  const key = `${family} ${set}`;
  best.set(key, Math.max(own, best.get(key) ?? -Infinity));
}
const regret = ({ set, family, median }: Run, value: number) => {
  const top = best.get(`${family} ${set}`)!;
  return top > median ? (top - value) / (top - median) : 0;
};
const meanAt = (some: readonly Run[], arm: "cold" | "warm", t: number) =>
  some.reduce((sum, run) => sum + regret(run, run[arm][t - 1]!), 0) /
  some.length;
/** The first trial at which a list reaches a level; past the end if never. */
const firstAt = (values: readonly number[], level: number) => {
  const at = values.findIndex((value) => value >= level - 1e-12);
  return at < 0 ? values.length + 1 : at + 1;
};
const medianOf = (values: number[]) =>
  values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const marks = [1, 3, 5, 10, 25].filter((mark) => mark <= trials);

console.log(
  `\n| family | searches | ${
    marks.map((mark) => `cold / warm at ${mark}`).join(" | ")
  } | trials of the warm mean to the cold mean at ${trials} | median: warm, cold reach the cold end | warm never |`,
);
console.log(`|---|---|${marks.map(() => "---|").join("")}---|---|---|`);
for (const family of [...families, "all"]) {
  const some = runs.filter((run) => family === "all" || run.family === family);
  if (some.length === 0) continue;
  const level = meanAt(some, "cold", trials);
  const reached = Array.from({ length: trials }, (_, t) => t + 1)
    .find((t) => meanAt(some, "warm", t) <= level + 1e-12);
  const ends = some.map(({ cold, warm }) => ({
    warm: firstAt(warm, cold.at(-1)!),
    cold: firstAt(cold, cold.at(-1)!),
  }));
  console.log(
    `| ${family} | ${some.length} | ${
      marks.map((mark) =>
        `${meanAt(some, "cold", mark).toFixed(3)} / ${
          meanAt(some, "warm", mark).toFixed(3)
        }`
      ).join(" | ")
    } | ${reached ?? `> ${trials}`} | ${
      medianOf(ends.map(({ warm }) => warm))
    }, ${medianOf(ends.map(({ cold }) => cold))} | ${
      ends.filter(({ warm }) => warm > trials).length
    } |`,
  );
}

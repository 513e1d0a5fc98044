/**
 * What the project's own studies are worth on data sets that they have not
 * seen: real trainings, cold and warm side by side.
 *
 *     out/runs_python/bin/python bench/library/run_studies.py --out out/library/runs
 *     deno run -A bench/library/own_runs.ts --seeds 2
 *
 * Every third data set, by the alphabet, is held out: the library is compiled of
 * the others alone. On each held-out set each family is searched from each of the
 * `--arms`, with the same seeds, by the same sampler; each value is a training by
 * `run_studies.py --serve`. Regret: (best known − best so far) / (best known −
 * median of the 64 configurations that were run beforehand).
 *
 * | arm | what it begins from |
 * |---|---|
 * | `cold` | nothing |
 * | `warm` | the studies of the data sets that are not held out |
 * | `subset` | the one study of the same data set and family on a quarter of the rows (`run_studies.py --share 0.25 --out out/library/subsets`, then `--runs out/library/runs,out/library/subsets`) |
 * | `epochs` | that on all rows, but with the values of a quarter of the epochs, rounds or trees |
 *
 * `--families`, `--sets` take parts of names; `--out` keeps each search as a line
 * of JSON, and the same command goes on where it stopped.
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
    arms: { type: "string", default: "cold,warm" },
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
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`The training of ${asked} ended without a value`);
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
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    const text = decoder.decode(bytes, { stream: true });
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
const subsets = new Map<string, CompactInput>();
for (const folder of options.runs.split(",")) {
  for await (const study of studiesOf(folder)) {
    if (study.trials.length < 64) continue;
    const [family, rest] = study.name.split(" on ");
    const [set, part] = rest!.split(", ");
    if (part === undefined) {
      studies.push({ ...study, family: family!, set: set! });
    } else subsets.set(`${family} on ${set}`, study);
  }
}
const sets = [...new Set(studies.map(({ set }) => set))].sort();
// Every third of the 28 by the alphabet, whether or not all have been run.
const heldOut = [
  "digits",
  "glass",
  "ionosphere",
  "musk",
  "pima",
  "shuttle",
  "spam",
  "votes",
  "wisconsin",
].filter((set) => sets.includes(set));
const known = studies.filter(({ set }) => !heldOut.includes(set));
const library = packLibrary(known);
console.log(
  `${known.length} studies of ${sets.length - heldOut.length} data sets, ` +
    `${library.length} bytes; held out: ${heldOut.join(", ")}`,
);

/** The library of an arm for a study; undefined if there is none. */
function libraryOf(arm: string, study: OwnStudy): Uint8Array | undefined {
  if (arm === "warm") return library;
  const subset = subsets.get(study.name);
  if (arm === "subset") return subset && packLibrary([subset]);
  const early = study.trials.flatMap((trial) => {
    const values = trial.curves.get(study.objective.name)?.values;
    const value = values?.[Math.ceil(values.length / 4) - 1];
    return value === undefined
      ? []
      : [{ ...trial, value, values: [value], curves: new Map() }];
  });
  return early.length === 0
    ? undefined
    : packLibrary([{ ...study, name: `${study.name}, early`, trials: early }]);
}

const trials = Number(options.trials);
const trainer = new Trainer(options.python, options.debs);

/** The best value so far after each trial. */
async function search(
  { set, family, space, objective, task }: OwnStudy,
  seed: number,
  bytes: Uint8Array | null,
): Promise<number[]> {
  const study = await createStudy({
    name: `${family} on ${set}`,
    space,
    objective,
    seed: `${seed} ${set} ${family}`,
    storage: "memory",
    ...(task === null ? {} : { task }),
    library: bytes === null ? false : await openLibrary([bytes]),
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
  readonly arm: string;
  /** The best so far after each trial. */
  readonly reached: readonly number[];
  /** The best and the median of the 64. */
  readonly best: number;
  readonly median: number;
}

const families = options.families.split(",");
const arms = options.arms.split(",");
const parts = options.sets.split(",");
const kept = (await Deno.readTextFile(options.out).catch(() => ""))
  .split("\n").filter((line) => line !== "")
  .map((line): Run => JSON.parse(line));
const runs: Run[] = [];
for (let seed = 0; seed < Number(options.seeds); seed++) {
  for (const study of studies) {
    const { set, family } = study;
    if (
      !heldOut.includes(set) || !families.includes(family) ||
      !parts.some((part) => set.includes(part))
    ) continue;
    const values = study.trials.map(({ value }) => value!)
      .sort((a, b) => a - b);
    for (const arm of arms) {
      const before = kept.find((run) =>
        run.set === set && run.family === family && run.seed === seed &&
        run.arm === arm && run.reached.length >= trials
      );
      const bytes = arm === "cold" ? null : libraryOf(arm, study);
      if (bytes === undefined) continue;
      const run = before ?? {
        set,
        family,
        seed,
        arm,
        reached: await search(study, seed, bytes),
        best: values.at(-1)!,
        median: values[values.length >> 1]!,
      };
      runs.push(run);
      if (before !== undefined) continue;
      const line = `${JSON.stringify(run)}\n`;
      await Deno.writeTextFile(options.out, line, { append: true });
    }
  }
}
await trainer.close();

// The best known of a task is that of all seeds and arms.
const best = new Map<string, number>();
for (const { set, family, best: own, reached } of runs) {
  const key = `${family} ${set}`;
  best.set(key, Math.max(own, reached.at(-1)!, best.get(key) ?? -Infinity));
}
const regret = ({ set, family, median }: Run, value: number) => {
  const top = best.get(`${family} ${set}`)!;
  return top > median ? (top - value) / (top - median) : 0;
};
const meanAt = (some: readonly Run[], t: number) =>
  some.reduce((sum, run) => sum + regret(run, run.reached[t - 1]!), 0) /
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
  `\nMean regret after so many trials; the first trial at which an arm's mean reaches the cold mean at ${trials}; ` +
    `and the trials, in the median, to the level at which the cold search of the same seed ended.\n`,
);
console.log(
  `| family | arm | searches | ${
    marks.join(" | ")
  } | mean at the cold end after | median trials to the cold end | never |`,
);
console.log(`|---|---|---|${marks.map(() => "---|").join("")}---|---|---|`);
for (const family of [...families, "all"]) {
  for (const arm of arms) {
    const some = runs.filter((run) =>
      run.arm === arm && (family === "all" || run.family === family)
    );
    if (some.length === 0) continue;
    // The cold searches of the same tasks and seeds.
    const cold = some.map((run) =>
      runs.find((other) =>
        other.arm === "cold" && other.set === run.set &&
        other.family === run.family && other.seed === run.seed
      )!
    );
    const level = meanAt(cold, trials);
    const at = Array.from({ length: trials }, (_, t) => t + 1)
      .find((t) => meanAt(some, t) <= level + 1e-12);
    const ends = some.map(({ reached }, i) =>
      firstAt(reached, cold[i]!.reached.at(-1)!)
    );
    const cells = [
      family,
      arm,
      some.length,
      ...marks.map((mark) => meanAt(some, mark).toFixed(3)),
      at ?? `> ${trials}`,
      medianOf(ends.slice()),
      ends.filter((end) => end > trials).length,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

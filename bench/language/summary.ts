/**
 * The results of the other three benches in one file, `notebooks/data/language_model.json`,
 * and as tables: `deno run -A bench/language/summary.ts`.
 *
 * @module
 */

import { join } from "node:path";

const root = new URL("../../", import.meta.url);

async function results(name: string): Promise<Map<string, Result>> {
  const url = new URL(`out/language/${name}.jsonl`, root);
  const text = await Deno.readTextFile(url).catch(() => "");
  return new Map(
    text.split("\n").filter((line) => line !== "").map((line) => {
      const { key, result } = JSON.parse(line);
      return [key, result];
    }),
  );
}

/** What a line of a results file may hold. */
interface Result {
  readonly loss: number | null;
  readonly losses: readonly (number | null)[];
  readonly seconds: number | readonly number[];
  readonly flops: number | readonly number[];
  readonly test: number;
  readonly best: number;
  readonly begun: number;
  readonly curve: readonly number[];
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const total = (value: number | readonly number[]) =>
  typeof value === "number" ? value : value.reduce((sum, one) => sum + one, 0);

const rounded = (value: number, digits = 4) => Number(value.toFixed(digits));

/** Keys `"<seed> <rest>"` grouped by the rest. */
function bySetting(results: ReadonlyMap<string, Result>, prefix = "") {
  const groups = new Map<string, Result[]>();
  for (const [key, result] of results) {
    if (!key.startsWith(prefix)) continue;
    const rest = key.slice(prefix.length).replace(/^\d+ /, "");
    groups.set(rest, [...groups.get(rest) ?? [], result]);
  }
  return groups;
}

function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks: number[] = [];
  order.forEach((i, rank) => ranks[i] = rank);
  return ranks;
}

/** Spearman's rank correlation; ties in order of appearance. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const n = a.length;
  const squares = x.reduce((sum, rank, i) => sum + (rank - y[i]!) ** 2, 0);
  return 1 - 6 * squares / (n * (n ** 2 - 1));
}

/** A training that blew up counts as a very bad one. */
const lossOf = ({ loss }: Pick<Result, "loss">) => Math.min(loss ?? 99, 99);

function ratesTable(all: ReadonlyMap<string, Result>) {
  return [...bySetting(all)].map(([setting, runs]) => {
    const [width, scaling, learningRate] = setting.split(" ");
    return {
      scaling: scaling!,
      width: Number(width),
      learningRate: Number(learningRate),
      loss: rounded(mean(runs.map((run) => Math.min(lossOf(run), 9)))),
      seeds: runs.length,
    };
  });
}

/** The best after each trial. */
function bestSoFar(losses: readonly (number | null)[]): number[] {
  let least = Infinity;
  return losses.map((loss) => least = Math.min(least, loss ?? Infinity));
}

/** After how many trials losses are at a level; null if they never are. */
function trialsTo(
  level: number,
  losses: readonly (number | null)[],
): number | null {
  const at = losses.findIndex((loss) => (loss ?? Infinity) <= level);
  return at < 0 ? null : at + 1;
}

/** A third of what lies between two seeds, bits per character. */
const tolerance = 0.01;

/** The level to reach, seed by seed: what the standard, cold, has at its end, within the tolerance. */
function transferTable(all: ReadonlyMap<string, Result>) {
  const seeds = [0, 1, 2, 3, 4].filter((seed) =>
    all.has(`${seed} width-aware warm test`)
  );
  const small = seeds.map((seed) => all.get(`${seed} small`)!);
  const arms = ["standard", "width-aware"].flatMap((scaling) =>
    ["cold", "warm"].map((start) => ({ scaling, start }))
  ).map(({ scaling, start }) => {
    const runs = seeds.map((seed) => all.get(`${seed} ${scaling} ${start}`)!);
    const courses = runs.map(({ losses }) => bestSoFar(losses));
    const reached = runs.map(({ losses }, i) =>
      trialsTo(
        bestSoFar(all.get(`${seeds[i]} standard cold`)!.losses).at(-1)! +
          tolerance,
        losses,
      )
    );
    const until = (of: (run: Result) => number | readonly number[]) =>
      reached.map((trials, i) => {
        if (trials === null) return null;
        const before = start === "warm" ? total(of(small[i]!)) : 0;
        const own = of(runs[i]!) as readonly number[];
        return before + total(own.slice(0, trials));
      });
    const tests = seeds.map((seed) =>
      rounded(all.get(`${seed} ${scaling} ${start} test`)!.test)
    );
    return {
      scaling,
      start,
      best: Array.from(
        { length: courses[0]?.length ?? 0 },
        (_, i) => rounded(mean(courses.map((course) => course[i]!))),
      ),
      courses: courses.map((course) => course.map((loss) => rounded(loss))),
      reached,
      secondsToIt: until(({ seconds }) => seconds).map((value) =>
        value === null ? null : rounded(value, 1)
      ),
      flopsToIt: until(({ flops }) => flops),
      test: rounded(mean(tests)),
      tests,
    };
  });
  return {
    seeds: seeds.length,
    small: {
      trials: small[0]?.losses.length ?? 0,
      seconds: rounded(mean(small.map(({ seconds }) => total(seconds))), 1),
      flops: mean(small.map(({ flops }) => total(flops))),
      best: small.map(({ losses }) => rounded(bestSoFar(losses).at(-1)!)),
    },
    arms,
  };
}

/** How well cheap trainings foretell whole ones. */
function fidelityTable(all: ReadonlyMap<string, Result>) {
  const groups = bySetting(all, "order ");
  const runsOf = (name: string) => groups.get(name) ?? [];
  const price = (name: string) =>
    mean(runsOf(name).map(({ flops }) => total(flops)));
  const row = (
    name: string,
    losses: readonly number[],
    cost: number,
    wanted: readonly number[] = runsOf("whole").map(lossOf),
  ) => ({
    name,
    correlation: rounded(correlation(losses, wanted), 3),
    cost: rounded(cost, 3),
    regret: rounded(
      wanted[losses.indexOf(Math.min(...losses))]! - Math.min(...wanted),
    ),
    configurations: wanted.length,
  });
  const at = (report: number) =>
    runsOf("whole").map(({ curve }) =>
      lossOf({ loss: curve[report - 1] ?? null })
    );
  const cheap = (name: string, own = name, wanted = "whole") =>
    row(
      name,
      runsOf(own).map(lossOf),
      price(own) / price("whole"),
      runsOf(wanted).map(lossOf),
    );
  return [
    row("the first half of the steps", at(5), 1 / 2),
    row("the first fifth of the steps", at(2), 1 / 5),
    cheap("half the data"),
    cheap("a fifth of the data"),
    cheap("depth 2"),
    cheap("depth 1"),
    cheap("width 16"),
    cheap("width 16, in standard scaling", "width 16", "whole, standard"),
  ];
}

/** Searches by name; as many seeds as all of them have. */
function searchTable(all: ReadonlyMap<string, Result>, prefix: string) {
  const groups = [...bySetting(all, prefix)];
  const seeds = Math.min(...groups.map(([, runs]) => runs.length));
  return groups.map(([name, runs]) => [name, runs.slice(0, seeds)] as const)
    .map(([name, runs]) => ({
      name,
      best: rounded(mean(runs.map(({ best }) => best))),
      bests: runs.map(({ best }) => rounded(best)),
      test: rounded(mean(runs.map(({ test }) => test))),
      tests: runs.map(({ test }) => rounded(test)),
      begun: rounded(mean(runs.map(({ begun }) => begun)), 1),
      seconds: rounded(mean(runs.map(({ seconds }) => total(seconds))), 1),
      seeds: runs.length,
    }));
}

const fidelity = await results("fidelity");
const summary = {
  rates: ratesTable(await results("rates")),
  transfer: transferTable(await results("transfer")),
  fidelity: fidelityTable(fidelity),
  budgets: searchTable(fidelity, "budget ").map(({ name, ...rest }) => ({
    sampler: name,
    ...rest,
  })),
  layers: searchTable(fidelity, "layers ").map(({ name, ...rest }) => ({
    rates: name,
    ...rest,
  })),
};
await Deno.writeTextFile(
  new URL(join("notebooks", "data", "language_model.json"), root),
  JSON.stringify(summary, null, 2) + "\n",
);
console.table(summary.rates);
console.log(summary.transfer.small, summary.transfer.seeds);
console.table(summary.transfer.arms.map(({ courses: _, ...arm }) => arm));
console.table(summary.fidelity);
console.table(summary.budgets);
console.table(summary.layers);

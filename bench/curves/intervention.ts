/**
 * Whether advice helps: `deno run -A bench/curves/intervention.ts`.
 *
 * Trainings that went wrong (made by `diagnosis.ts`, kept in `out/curves`) are
 * diagnosed beside their study's others, the advice is followed, and the training
 * is run again from the same random numbers. Counted is how often the best
 * validation loss got better, beside a random move of one parameter by the same
 * distance in the unit cube.
 *
 * `--use report`: which tasks. `--runs 60`: how many trainings.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  adviseOn,
  diagnose,
  type FindingKind,
  type Move,
} from "../../lib/curves/mod.ts";
import { type RandomStream, randomStream } from "../../lib/math/mod.ts";
import {
  type Configuration,
  float,
  fromUnit,
  int,
  type Space,
  space,
  toUnit,
} from "../../lib/space/mod.ts";
import { type LabelledRun, type Params, runAgain } from "./_causes.ts";
import { signTest } from "./_score.ts";
import { tasks } from "./_tasks.ts";

const { values: options } = parseArgs({
  options: {
    use: { type: "string", default: "report" },
    runs: { type: "string", default: "60" },
  },
});

const searched = space({
  learningRate: float(1e-7, 1000, { log: true }),
  momentum: float(0, 0.95),
  batch: int(4, 128, { log: true }),
  epochs: int(5, 500, { log: true }),
  width: int(1, 128, { log: true }),
  weightDecay: float(1e-6, 0.5, { log: true }),
  dropout: float(0, 0.8),
}) as unknown as Space;

/** The parameters as the space has them: no decay is the least decay. */
function paramsOf({ params }: LabelledRun): Configuration {
  return { ...params, weightDecay: Math.max(1e-6, params.weightDecay) };
}

const bestOf = (values: readonly number[]) =>
  Math.min(...values.filter(Number.isFinite), 1e9);

/** One parameter, as far away as the advised one, either way. */
function randomMove(
  params: Configuration,
  { parameter, from, to }: Move,
  random: RandomStream,
): Configuration {
  const advised = searched.parameter(parameter);
  const far = Math.abs(toUnit(advised, to) - toUnit(advised, from));
  for (;;) {
    const other = searched.parameters[random.int(searched.dimension)]!;
    const place = toUnit(other, params[other.name]!) +
      (random.uniform() < 0.5 ? -far : far);
    if (place < 0 || place > 1) continue;
    return { ...params, [other.name]: fromUnit(other, place) };
  }
}

async function readStudies(): Promise<Map<string, LabelledRun[]>> {
  const folder = new URL("../../out/curves/", import.meta.url);
  const studies = new Map<string, LabelledRun[]>();
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    const runs = text.split("\n").filter((line) => line !== "").map((line) =>
      JSON.parse(line, (_, value) => value === null ? NaN : value)
    ).map((run) => ({ ...run, trainAccuracy: null })) as LabelledRun[];
    if (runs[0]?.use === options.use) studies.set(runs[0].study, runs);
  }
  return studies;
}

interface Outcome {
  readonly kind: FindingKind;
  readonly cause: string;
  readonly parameter: string;
  readonly advised: number;
  readonly random: number;
}

const studies = [...await readStudies()].sort(([a], [b]) => a < b ? -1 : 1);
const random = randomStream("intervention");
const all = random.shuffle(studies.flatMap(([, runs]) => runs));
const outcomes: Outcome[] = [];
for (const run of all) {
  if (outcomes.length >= Number(options.runs)) break;
  const runs = studies.find(([name]) => name === run.study)![1];
  const others = runs.filter((other) => other !== run);
  const params = paramsOf(run);
  const diagnosis = diagnose(run, {
    baseline: run.baseline,
    nValidation: run.nValidation,
    params,
    space: searched,
    siblings: others.map(({ train, validation, params }) => ({
      train,
      validation,
      params: { ...params },
    })),
  });
  const advice = adviseOn(diagnosis, {
    space: searched,
    params,
    value: bestOf(run.validation),
    siblings: others
      // A leak's value is no measure for the others.
      .filter(({ cause }) => !cause.startsWith("leak"))
      .map((other, number) => ({
        number,
        params: paramsOf(other),
        value: bestOf(other.validation),
      })),
  });
  const [move] = advice.moves;
  if (move === undefined || advice.finding === null) continue;
  const task = tasks.find(({ name }) => name === run.task)!;
  const before = bestOf(run.validation);
  const again = (params: Configuration) =>
    Math.log(
      bestOf(runAgain(task, run, params as unknown as Params).validation) /
        before,
    );
  const outcome = {
    kind: advice.finding.kind,
    cause: run.cause,
    parameter: move.parameter,
    advised: again(move.suggestion),
    random: again(randomMove(params, move, random)),
  };
  outcomes.push(outcome);
  console.error(
    `${run.study} ${run.cause}: ${advice.finding.kind}, ${move.parameter} ${
      Number(move.from).toPrecision(2)
    } → ${Number(move.to).toPrecision(2)}: ${
      (100 * (Math.exp(outcome.advised) - 1)).toFixed(1)
    } % (random ${(100 * (Math.exp(outcome.random) - 1)).toFixed(1)} %)`,
  );
}

const least = -0.002;
const share = (of: readonly Outcome[], which: "advised" | "random") =>
  of.filter((one) => one[which] < least).length / of.length;
const median = (values: number[]) =>
  values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const row = (name: string, of: readonly Outcome[]) =>
  `| ${name} | ${of.length} | ${(100 * share(of, "advised")).toFixed(0)} % | ${
    (100 * share(of, "random")).toFixed(0)
  } % | ${
    (100 * (Math.exp(median(of.map((o) => o.advised))) - 1)).toFixed(1)
  } % | ${
    (100 * (Math.exp(median(of.map((o) => o.random))) - 1)).toFixed(1)
  } % |`;

console.log(`# Advice followed (tasks to ${options.use})\n`);
console.log(
  "| finding | trainings | better by advice | better by a random move | median change, advice | random |",
);
console.log("|---|---|---|---|---|---|");
for (const kind of [...new Set(outcomes.map(({ kind }) => kind))].sort()) {
  console.log(row(kind, outcomes.filter((one) => one.kind === kind)));
}
console.log(row("all", outcomes));
const wins = outcomes.filter((o) => o.advised < o.random).length;
const losses = outcomes.filter((o) => o.advised > o.random).length;
console.log(
  `\nAdvice beats the random move in ${wins} of ${
    wins + losses
  } pairs (sign test: p = ${signTest(wins, losses).toPrecision(2)}).`,
);

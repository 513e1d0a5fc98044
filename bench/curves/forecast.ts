/**
 * `deno run -A bench/curves/forecast.ts`: how good forecasts of learning curves
 * are, and how often their bands cover, with bootstrap intervals.
 *
 * Thresholds and defaults were set on the groups (tasks, data sets) with an even
 * number; what is printed is of those with an odd number only.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  type CurveAxis,
  type CurvePrior,
  curvePrior,
  type FinishedCurve,
  forecastCurve,
} from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import {
  type BenchCurve,
  lcbenchCurves,
  lcdbCurves,
  syntheticCurves,
} from "./curve_sets.ts";
import { pow4 } from "./pow4.ts";
import { reportForecasts, type Score, scoreOf } from "./forecast_scores.ts";

const usage = `deno run -A bench/curves/forecast.ts
  --data FOLDER     where the curves are (default: ../shared/data)
  --only LIST       lcbench, synthetic, lcdb, speed (default: all)
  --part            report or develop: which half of the groups (default: report)
  --configurations  random configurations a task of LCBench (default: 60)`;

const shares = [0.3, 0.5, 0.8];
/** Groups with an odd number are reported, those with an even one were developed on. */
let part = 1;

/** Groups by the order in which they come: the odd ones are reported. */
function numberOf(curves: readonly BenchCurve[]): (one: BenchCurve) => number {
  const names = [...new Set(curves.map(({ group }) => group))];
  const numbers = new Map(names.map((name, index) => [name, index]));
  return ({ group }) => numbers.get(group)!;
}

function finished(curves: readonly BenchCurve[]): FinishedCurve[] {
  return curves.map(({ curve, group, kind }) => ({
    ...curve,
    group,
    ...(kind === undefined ? {} : { kind }),
  }));
}

/** Scores of curves, each with the prior that is meant for it. */
function score(
  curves: readonly BenchCurve[],
  axis: CurveAxis,
  priorFor: (one: BenchCurve, index: number) => CurvePrior | null,
): Score[] {
  return curves.flatMap((one, index) =>
    shares.flatMap((share) => {
      const found = scoreOf(one, share, axis, priorFor(one, index));
      return found === null ? [] : [found];
    })
  );
}

/** The prior of the fold that leaves a group out: made once a fold. */
function leavingOut(
  all: readonly BenchCurve[],
  axis: CurveAxis,
  folds: number,
): (one: BenchCurve) => CurvePrior {
  const number = numberOf(all);
  // Neighbors have both parities, so that each fold holds reported groups.
  const fold = (one: BenchCurve) => Math.floor(number(one) / 2) % folds;
  const priors = new Map<number, CurvePrior>();
  return (one) => {
    const key = fold(one);
    const known = priors.get(key);
    if (known !== undefined) return known;
    const prior = curvePrior(
      finished(all.filter((other) => fold(other) !== key)),
      { direction: one.direction, axis },
    );
    priors.set(key, prior);
    return prior;
  };
}

async function lcbench(data: string, configurations: number): Promise<void> {
  for (const metric of ["val_accuracy", "val_cross_entropy"] as const) {
    const all = await lcbenchCurves(data, metric, configurations);
    const number = numberOf(all);
    const tested = all.filter((one) => number(one) % 2 === part);
    reportForecasts(
      `LCBench ${metric}, epochs, no prior`,
      score(tested, "linear", () => null),
    );
    const siblings = studyPriors(tested, 30);
    reportForecasts(
      `LCBench ${metric}, prior: 30 finished trials of the same task`,
      score(siblings.rest, "linear", siblings.priorFor),
    );
    const others = curvePrior(
      finished(all.filter((one) => number(one) % 2 !== part)),
      { direction: all[0]!.direction },
    );
    reportForecasts(
      `LCBench ${metric}, prior: ${others.curves} curves of the other half of the tasks`,
      score(tested, "linear", () => others),
    );
  }
}

/** As in a study: the first trials of each task are finished, the rest is forecast. */
function studyPriors(curves: readonly BenchCurve[], count: number): {
  rest: BenchCurve[];
  priorFor: (one: BenchCurve) => CurvePrior;
} {
  const byGroup = new Map<string, BenchCurve[]>();
  for (const one of curves) {
    byGroup.set(one.group, [...byGroup.get(one.group) ?? [], one]);
  }
  const priors = new Map<string, CurvePrior>();
  const rest: BenchCurve[] = [];
  for (const [group, list] of byGroup) {
    priors.set(
      group,
      curvePrior(list.slice(0, count).map(({ curve }) => curve), {
        direction: list[0]!.direction,
      }),
    );
    rest.push(...list.slice(count));
  }
  return { rest, priorFor: ({ group }) => priors.get(group)! };
}

async function synthetic(data: string): Promise<void> {
  const all = await syntheticCurves(data);
  const number = numberOf(all);
  const tested = all.filter((one) => number(one) % 2 === part);
  reportForecasts(
    "synthetic validation loss, the second task, no prior",
    score(tested, "linear", () => null),
  );
  const healthy = (one: BenchCurve) =>
    ["healthy", "too_few_epochs", "noisy_validation", "lr_small", "underfit"]
      .includes(one.curve.name);
  reportForecasts(
    "the same, without those that go wrong",
    score(tested.filter(healthy), "linear", () => null),
  );
  const order = randomStream("synthetic order").shuffle(tested);
  const prior = curvePrior(
    finished(order.slice(0, 40)).map((one) => ({
      ...one,
      group: undefined,
    })),
    { direction: "minimize" },
  );
  reportForecasts(
    "synthetic, prior: 40 finished runs of the same task",
    score(order.slice(40), "linear", () => prior),
  );
}

async function lcdb(data: string): Promise<void> {
  const all = (await lcdbCurves(data))
    .filter(({ curve }) => curve.name !== "learner 23"); // the dummy
  const number = numberOf(all);
  const tested = all.filter((one) => number(one) % 2 === part);
  reportForecasts(
    "LCDB 1.1 error rate, sample sizes, no prior",
    score(tested, "log", () => null),
  );
  reportYardstick(tested);
  const priorFor = leavingOut(all, "log", 5);
  reportForecasts(
    "LCDB 1.1, prior: curves of the other data sets (5 folds)",
    score(tested, "log", priorFor),
  );
}

/** The median error of pow4 on the same curves. */
function reportYardstick(curves: readonly BenchCurve[]): void {
  const errors = shares.map((share) => {
    const found = curves.flatMap(({ curve: { steps, values } }) => {
      const n = values.length;
      const tail = Math.max(1, Math.round(n / 20));
      const truth = values.slice(-tail).reduce((a, b) => a + b) / tail;
      const range = Math.max(...values) - Math.min(...values);
      if (!(range > 1e-9)) return [];
      const count = Math.round(n * share);
      const value = pow4(
        steps.slice(0, count),
        values.slice(0, count),
        steps.at(-1)!,
      );
      return [Math.abs(value - truth) / range];
    }).sort((a, b) => a - b);
    return `${Math.round(100 * share)} %: ${
      found[found.length >> 1]!.toFixed(3)
    }`;
  });
  console.log(`\npow4 alone, median error: ${errors.join(", ")}`);
}

function speed(): void {
  const steps = Array.from({ length: 100 }, (_, i) => i + 1);
  const noise = randomStream("speed");
  const curve = (k: number) => ({
    name: "loss",
    steps,
    values: steps.map((t) =>
      0.2 + Math.exp(-t / (5 + k)) + 0.01 * noise.normal()
    ),
  });
  const prior = curvePrior(Array.from({ length: 50 }, (_, k) => curve(k)), {
    direction: "minimize",
  });
  for (const [name, given] of [["no prior", null], ["prior", prior]] as const) {
    const times = Array.from({ length: 200 }, (_, k) => {
      // Other steps each time, so that nothing is remembered.
      const one = curve(k % 40);
      const moved = { ...one, steps: steps.map((t) => t + k / 1000) };
      const from = performance.now();
      forecastCurve(moved, {
        direction: "minimize",
        at: 200,
        prior: given,
      });
      return performance.now() - from;
    }).sort((a, b) => a - b);
    console.log(
      `a forecast from 100 epochs, ${name}: ${
        times[100]!.toFixed(2)
      } ms (median), ${times[190]!.toFixed(2)} ms (95 %)`,
    );
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      data: { type: "string", default: "../shared/data" },
      only: { type: "string", default: "speed,synthetic,lcbench,lcdb" },
      configurations: { type: "string", default: "60" },
      part: { type: "string", default: "report" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    Deno.exit(0);
  }
  part = values.part === "develop" ? 0 : 1;
  const only = values.only.split(",");
  if (only.includes("speed")) speed();
  if (only.includes("synthetic")) await synthetic(values.data);
  if (only.includes("lcbench")) {
    await lcbench(values.data, Number(values.configurations));
  }
  if (only.includes("lcdb")) await lcdb(values.data);
}

/**
 * Every decision of Optuna's pruners on the histories of
 * `golden/optuna_pruners.json`, made again by ours.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  hyperbandPruner,
  medianPruner,
  patiencePruner,
  percentilePruner,
  type Pruner,
  successiveHalvingPruner,
  thresholdPruner,
  wilcoxonPruner,
} from "../../lib/pruners/mod.ts";
import {
  type Curve,
  maximize,
  minimize,
  type TrialRecord,
  type TrialState,
} from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { trialOf } from "../support/views.ts";
import golden from "./golden/optuna_pruners.json" with { type: "json" };

type Event =
  | readonly [number: number, step: number, value: number | null, stop: boolean]
  | readonly [number: number, state: TrialState, value: number | null];

interface Case {
  readonly pruner: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly direction: "minimize" | "maximize";
  readonly study: string;
  readonly events: readonly Event[];
}

const makers: Readonly<Record<string, (options: never) => Pruner>> = {
  median: medianPruner,
  percentile: percentilePruner,
  successiveHalving: successiveHalvingPruner,
  hyperband: hyperbandPruner,
  threshold: thresholdPruner,
  patience: (options: Readonly<Record<string, number>>) =>
    "pruner" in options
      ? patiencePruner({
        ...options,
        pruner: medianPruner({ startupTrials: 1 }),
      })
      : patiencePruner(options),
  wilcoxon: wilcoxonPruner,
};

/** Runs a case; gives our decisions and Optuna's. */
function replay(
  { pruner: kind, options, direction, study: name, events }: Case,
): { ours: string[]; theirs: string[]; stops: number } {
  const pruner = makers[kind]!(options as never);
  const searched = space({ x: float(0, 1) }) as unknown as Space;
  const objective = direction === "minimize"
    ? minimize("loss")
    : maximize("loss");
  const trials: TrialRecord[] = [];
  const points = new Map<number, { steps: number[]; values: number[] }>();
  const curvesOf = (number: number): ReadonlyMap<string, Curve> => {
    const found = points.get(number);
    return new Map(
      found === undefined ? [] : [["loss", {
        name: "loss",
        steps: [...found.steps],
        values: [...found.values],
      }]],
    );
  };
  const put = (number: number, state: TrialState, value: number | null) => {
    while (trials.length <= number) {
      trials.push(trialOf(trials.length, {}, { state: "running" }));
    }
    trials[number] = Object.freeze({
      ...trialOf(number, {}, { state, ...(value === null ? {} : { value }) }),
      curves: curvesOf(number),
    });
  };
  const ours: string[] = [];
  const theirs: string[] = [];
  let stops = 0;
  for (const event of events) {
    if (event.length === 3) {
      put(...event);
      continue;
    }
    const [number, step, value, stop] = event;
    if (!points.has(number)) points.set(number, { steps: [], values: [] });
    points.get(number)!.steps.push(step);
    points.get(number)!.values.push(value ?? NaN);
    put(number, "running", null);
    const judgement = pruner.judge({
      curve: trials[number]!.curves.get("loss")!,
      number,
      study: {
        name,
        objectives: [objective],
        space: searched,
        trials: Object.freeze([...trials]),
      },
    });
    const at = `trial ${number}, step ${step}`;
    ours.push(`${at}: ${judgement.stop}`);
    theirs.push(`${at}: ${stop}`);
    if (stop) stops++;
  }
  return { ours, theirs, stops };
}

describe("pruners decide as those of Optuna 5.0.0", () => {
  for (const one of golden.cases as unknown as readonly Case[]) {
    const { pruner, options, direction } = one;
    it(`${pruner} ${JSON.stringify(options)}, ${direction}`, () => {
      const { ours, theirs, stops } = replay(one);
      expect(theirs.length).toBeGreaterThan(50);
      expect(stops).toBeGreaterThan(0);
      const different = theirs.filter((decision, i) => decision !== ours[i]);
      expect(different).toEqual([]);
    });
  }
});

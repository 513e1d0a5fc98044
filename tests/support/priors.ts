/** Priors out of made-up studies, for the tests of samplers. */

import { makePrior, mapSpace, type PriorStudy } from "../../lib/library/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { minimize, priorWeightKey } from "../../lib/records/mod.ts";
import type { StudyView, TrialRecord } from "../../lib/records/mod.ts";
import type { Sampler, Suggestion } from "../../lib/samplers/mod.ts";
import type { Configuration, Space } from "../../lib/space/mod.ts";
import type { Prior } from "../../lib/surrogates/mod.ts";
import { requestOf, trialOf, withTrials } from "./views.ts";

/** A study of 40 random configurations with the values of a function. */
export function studyOf(
  name: string,
  space: Space,
  f: (params: Configuration) => number,
): PriorStudy {
  const random = randomStream("prior study", name);
  return {
    name,
    weight: 0.8,
    objective: minimize(),
    isComparable: true,
    mapping: mapSpace(space, space),
    trials: Array.from({ length: 40 }, (_, i) => {
      const params = space.sample(random.uniform);
      return trialOf(i, params, { value: f(params) });
    }),
  };
}

/** A bowl around a point: Σ (x − center)² over the numbers. */
export function bowlAt(
  center: number,
): (params: Configuration) => number {
  return (params) =>
    Object.values(params).reduce<number>(
      (sum, x) => sum + (typeof x === "number" ? (x - center) ** 2 : 0),
      0,
    );
}

/** What three studies say whose optima lie around a point. */
export function bowlPrior(space: Space, center: number): Prior {
  return makePrior(
    [-0.03, 0, 0.03].map((shift, i) =>
      studyOf(`bowl ${i}`, space, bowlAt(center + shift))
    ),
    space,
  )!;
}

/** Runs a sampler with a prior up to so many trials, as a study does. */
export async function growWith(
  sampler: Sampler,
  view: StudyView,
  { prior, trials, value, seed = "seed" }: {
    readonly prior?: Prior;
    readonly trials: number;
    readonly value: (params: Configuration) => number;
    readonly seed?: string;
  },
): Promise<StudyView> {
  for (let n = view.trials.length; n < trials; n++) {
    const { params, reason, priorWeight } = await sampler.suggest({
      ...requestOf(view, { number: n, seed }),
      ...(prior === undefined ? {} : { prior }),
    }) as Suggestion;
    view = withTrials(
      view,
      trialOf(n, params, {
        value: value(params),
        reason,
        attributes: priorWeight === undefined
          ? {}
          : { [priorWeightKey]: priorWeight },
      } as Partial<Omit<TrialRecord, "curves">>),
    );
  }
  return view;
}

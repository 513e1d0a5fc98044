import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hypervolume } from "../../lib/math/mod.ts";
import {
  maximize,
  minimize,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import {
  autoSampler,
  gpSampler,
  randomSampler,
  type Sampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import { goodTrials } from "../../lib/samplers/_tpe_fronts.ts";
import { type Configuration, float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { requestOf, trialOf, viewOf, withTrials } from "../support/views.ts";

/** A second value of every trial: it hangs on the configuration, and is NaN now and then. */
function secondValue({ number, params }: TrialRecord): number {
  if (number % 9 === 8) return NaN;
  return Object.values(params as Configuration).reduce<number>(
    (sum, value) => sum + Number(typeof value === "number" ? value : 1),
    0,
  );
}

/** A sampler that sees two objectives, or more, where the study has one. */
function seeing(count: number, sampler: Sampler): Sampler {
  const several = new WeakMap<TrialRecord, TrialRecord>();
  const study = <C>(view: StudyView<C>): StudyView<C> => ({
    ...view,
    objectives: [
      minimize("loss"),
      maximize("speed"),
      ...Array.from({ length: count - 2 }, (_, k) => minimize(`more ${k}`)),
    ],
    trials: view.trials.map((trial) => {
      const known = trial as unknown as TrialRecord;
      if (trial.value === null) return trial;
      const second = secondValue(known);
      const values = [
        trial.value,
        second,
        ...Array.from({ length: count - 2 }, (_, k) => Math.sin(second + k)),
      ];
      const made = several.get(known) ?? { ...known, values };
      several.set(known, made);
      return made as unknown as TrialRecord<C>;
    }),
  });
  return {
    ...sampler,
    suggest: (request) =>
      sampler.suggest({ ...request, study: study(request.study) }),
  };
}

samplerConformance(
  "gpSampler() of two objectives",
  () => seeing(2, gpSampler({ initialTrials: 2 })),
  { runs: 8, manyTrials: 600 },
);
samplerConformance(
  "tpeSampler() of three objectives",
  () => seeing(3, tpeSampler({ initialTrials: 2 })),
  { runs: 20 },
);

import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  preferredAttribute,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import { preferenceSampler, type Sampler } from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";

/** The study as if each trial but each third had been said to be better than the one before it. */
function told<C>(study: StudyView<C>): StudyView<C> {
  const trials = study.trials.map((trial): TrialRecord<C> => {
    const { number } = trial;
    if (number % 3 === 0 || number > 60) return trial;
    return { ...trial, attributes: { [preferredAttribute]: [number - 1] } };
  });
  return { ...study, trials };
}

function seeing(sampler: Sampler): Sampler {
  return {
    ...sampler,
    suggest: (request) =>
      sampler.suggest({ ...request, study: told(request.study) }),
  };
}

samplerConformance(
  "preferenceSampler()",
  () => seeing(preferenceSampler({ initialTrials: 2 })),
  { runs: 10, manyTrials: 300 },
);

describe("preferenceSampler()", () => {
  it("refuses a number of initial trials that makes no sense", () => {
    for (const initialTrials of [1, 2.5, NaN]) {
      expect(() => preferenceSampler({ initialTrials })).toThrow(RangeError);
    }
  });
});

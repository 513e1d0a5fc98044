import { randomStream } from "../math/mod.ts";
import {
  plainTrial,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { autoSampler, type Sampler } from "../samplers/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { fitSurrogate } from "../surrogates/mod.ts";

/** Options of {@linkcode simulateColdStart}. */
export interface SimulateColdStartOptions {
  /** How many cold runs, 1 to 100. Defaults to `5`. */
  readonly runs?: number;
  /** How many trials each, 1 to 200. Defaults to as many as the study has, at most 25. */
  readonly trials?: number;
  /** Who chooses. Defaults to `autoSampler()`. */
  readonly sampler?: Sampler;
  /** Where the random numbers start. Defaults to the study's name. */
  readonly seed?: string;
}

/**
 * What a cold start would have found: the sampler searches anew, without prior
 * studies, and each of its trials gets the value that a surrogate of the study's
 * own trials expects there. Nothing is trained.
 *
 * It is a guess: where the study has no trials the surrogate knows little, and
 * expects what is usual; nothing better than near the study's best can be found.
 * So it says how long a cold start takes to get there, not whether it would have
 * found something better.
 *
 * @param view The study, with at least 3 complete trials.
 * @returns The runs' values, `[runs][trials]`, in the objective's units.
 * @throws {RangeError} If a number is out of range, or there are fewer than 3 complete trials.
 *
 * @example
 * ```ts
 * import { createStudy, float, simulateColdStart, space } from "@etude/etude";
 * const study = await createStudy({ name: "bowl", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize(({ params }) => (params.x - 0.3) ** 2, { trials: 6, progress: false });
 * const cold = await simulateColdStart(study, { runs: 2, trials: 4 });
 * cold.map(({ length }) => length); // [4, 4]
 * ```
 */
export async function simulateColdStart<C>(
  view: StudyView<C>,
  options: SimulateColdStartOptions = {},
): Promise<readonly (readonly number[])[]> {
  const { name, objectives } = view;
  const space = view.space as unknown as StudyView["space"];
  const done =
    view.trials.filter(({ state, value }) =>
      state === "complete" && Number.isFinite(value)
    ).length;
  const {
    runs = 5,
    trials = Math.min(25, Math.max(1, view.trials.length)),
    sampler = autoSampler(),
    seed = name,
  } = options;
  for (
    const [what, value, most] of [["runs", runs, 100], [
      "trials",
      trials,
      200,
    ]] as const
  ) {
    if (!(Number.isInteger(value) && value >= 1 && value <= most)) {
      throw new RangeError(
        `Cannot simulate a cold start: ${what} is ${value}, expected a whole number from 1 to ${most}`,
      );
    }
  }
  if (done < 3) {
    throw new RangeError(
      `Cannot simulate a cold start: the study has ${done} complete trials, expected at least 3 to learn from`,
    );
  }
  const surrogate = fitSurrogate(view);
  const found: number[][] = [];
  for (let run = 0; run < runs; run++) {
    const imagined: TrialRecord[] = [];
    for (let number = 0; number < trials; number++) {
      const suggestion = await sampler.suggest<Configuration>({
        study: { name, objectives, space, trials: imagined },
        number,
        seed: `${seed} cold ${run}`,
        random: randomStream(seed, "cold", run, number),
        fixed: {},
      });
      if (suggestion === null) break;
      const { params, reason } = suggestion;
      const { mean } = surrogate.predict(params as C);
      imagined.push(plainTrial(number, params, mean, { reason }));
    }
    found.push(imagined.map(({ value }) => value!));
  }
  return found;
}

import {
  type Configuration,
  float,
  gpSampler,
  minimize,
  randomStream,
  type Space,
  space,
  type StudyView,
  type TrialRecord,
} from "../../mod.ts";
import { type Measurement, median, spread } from "./measurement.ts";

/** Milliseconds that a suggestion may take, by the number of trials before it. */
const targets: Readonly<Record<number, number>> = {
  50: 15,
  200: 60,
  500: 200,
  1000: 500,
};

/**
 * What a suggestion of the Gaussian process costs in 10 dimensions: of histories
 * that it has not seen, fits included; and once the trials before were suggested
 * by the same process, so that only what is new is worked out.
 */
export async function measureGP(): Promise<Measurement[]> {
  const box: Space = space(
    Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`x${i}`, float(-5, 5)]),
    ),
  );
  await suggest(historyOf(box, 60, "warm up"));
  const measurements: Measurement[] = [];
  for (const [count, target] of Object.entries(targets)) {
    const first: number[] = [];
    const next: number[] = [];
    for (let round = 0; round < (Number(count) < 500 ? 9 : 5); round++) {
      const view = historyOf(box, Number(count) + 1, `round ${round}`);
      first.push(await suggest({ ...view, trials: view.trials.slice(0, -1) }));
      next.push(await suggest(view));
    }
    measurements.push({
      what:
        `a suggestion of the Gaussian process after ${count} trials, fitted anew`,
      target: `≤ ${target} ms`,
      found: `${spread(first)} ms`,
      reached: median(first) <= target,
    }, {
      what: `the same after one trial more`,
      target: "",
      found: `${spread(next)} ms`,
      reached: null,
    });
  }
  return measurements;
}

/** Milliseconds to the answer of a sampler that knows nothing but the view. */
async function suggest(study: StudyView): Promise<number> {
  const number = study.trials.length;
  const sampler = gpSampler();
  const start = performance.now();
  await sampler.suggest({
    study,
    number,
    seed: "seed",
    random: randomStream("seed", number, "sampler"),
    fixed: {},
  });
  return performance.now() - start;
}

/** Random trials of a bowl that is bent along its axes. */
function historyOf(box: Space, count: number, seed: string): StudyView {
  const { uniform } = randomStream(seed);
  const trials = Array.from({ length: count }, (_, number): TrialRecord => {
    const params: Configuration = box.sample(uniform);
    const value = Object.values(params).reduce<number>(
      (sum, x, i) => sum + Math.abs(Number(x) - i / 3) ** 1.5,
      0,
    );
    return {
      number,
      state: "complete",
      params,
      value,
      values: [value],
      curves: new Map(),
      startedAt: null,
      finishedAt: null,
      durationMs: null,
      error: null,
      origin: "sampler",
      reason: null,
      attributes: {},
      forecast: null,
    };
  });
  return { name: "speed", objectives: [minimize()], space: box, trials };
}

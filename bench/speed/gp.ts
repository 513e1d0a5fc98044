import {
  type Configuration,
  float,
  gpSampler,
  minimize,
  plainTrial,
  randomStream,
  type Space,
  space,
  type StudyView,
  type TrialRecord,
} from "../../mod.ts";
import { peerVariables, preparePeers } from "../quality/peers/environments.ts";
import { type Measurement, median, spread } from "./measurement.ts";
import { optunaMs } from "./_optuna.ts";

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
    const rounds = Number(count) < 500 ? 9 : 5;
    const first: number[] = [];
    for (let round = 0; round < rounds; round++) {
      first.push(
        (await suggest(historyOf(box, Number(count), `round ${round}`))).ms,
      );
    }
    const running = await oneByOne(box, Number(count), 12);
    measurements.push({
      what:
        `a suggestion of the Gaussian process after ${count} trials, of a history that it has not seen: all fits made anew`,
      target: `≤ ${target} ms`,
      found: `${spread(first)} ms`,
      reached: median(first) <= target,
    }, {
      what:
        `the same in a study that runs, 12 in a row, fits where they are due`,
      target: "",
      found: `${spread(running)} ms`,
      reached: null,
    });
    const theirs = await optuna(Number(count));
    const ratio = median(theirs) / median(running);
    measurements.push({
      what: `the same in Optuna 5's GPSampler, one thread, in turn with ours`,
      target: "≥ 20 × ours",
      found: `${spread(theirs)} ms, ${ratio.toFixed(0)} ×`,
      reached: ratio >= 20,
    });
  }
  return measurements;
}

/** Optuna's, after that many trials; it fits at each suggestion. */
async function optuna(count: number): Promise<number[]> {
  const warmUp = 1;
  const times = await optunaMs({
    // Its Gaussian process needs PyTorch, which only the peers' environment has.
    python: await preparePeers("main"),
    variables: peerVariables,
    sampler: "optuna.samplers.GPSampler(seed=1, deterministic_objective=True)",
    dimensions: 10,
    count,
    rounds: warmUp + (count < 500 ? 5 : 3),
  });
  return times.slice(warmUp);
}

/** The answer of a sampler that knows nothing but the view, and its milliseconds. */
async function suggest(
  study: StudyView,
): Promise<{ ms: number; params: Configuration }> {
  const number = study.trials.length;
  const sampler = gpSampler();
  const start = performance.now();
  const suggestion = await sampler.suggest<Configuration>({
    study,
    number,
    seed: "seed",
    random: randomStream("seed", number, "sampler"),
    fixed: {},
  });
  return { ms: performance.now() - start, params: suggestion!.params };
}

/** Milliseconds of suggestions told one by one, the first, which makes all fits anew, left out. */
async function oneByOne(
  box: Space,
  count: number,
  rounds: number,
): Promise<number[]> {
  let view = historyOf(box, count, "running");
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { ms, params } = await suggest(view);
    if (round > 0) times.push(ms);
    view = {
      ...view,
      trials: [...view.trials, trialOf(view.trials.length, params)],
    };
  }
  return times;
}

/** Random trials of a bowl that is bent along its axes. */
function historyOf(box: Space, count: number, seed: string): StudyView {
  const { uniform } = randomStream(seed);
  const trials = Array.from(
    { length: count },
    (_, number) => trialOf(number, box.sample(uniform)),
  );
  return { name: "speed", objectives: [minimize()], space: box, trials };
}

function trialOf(number: number, params: Configuration): TrialRecord {
  const value = Object.values(params).reduce<number>(
    (sum, x, i) => sum + Math.abs(Number(x) - i / 3) ** 1.5,
    0,
  );
  return plainTrial(number, params, value);
}

import { setTimeout as sleep } from "node:timers/promises";
import {
  createStudy,
  float,
  gpSampler,
  MemoryStorage,
  minimize,
  randomSampler,
  type Sampler,
  type Space,
  space,
  type Trial,
} from "../../mod.ts";
import { type Measurement, median, spread } from "./measurement.ts";

/** Numbers of trials after which hyperparameters are fitted anew. */
const counts = [50, 202, 531, 1038];
const rounds = 5;
/** Long enough for the other thread. */
const trialMs = 1000;

/**
 * From a trial's end to the next one's start, in 10 dimensions, where a fit is
 * due (beyond 40 trials it is after each tenth more): with the fit made while the
 * trial ran, and without. And whether that slows an objective that keeps the
 * processor busy. In turn, on the same histories.
 */
export async function measurePreparation(): Promise<Measurement[]> {
  const prepared = gpSampler();
  const unprepared: Sampler = { ...prepared, prepare: undefined };
  const measurements: Measurement[] = [];
  await hotPath(prepared, 50, "warm up");
  for (const count of counts) {
    const with_: number[] = [];
    const without: number[] = [];
    for (let round = 0; round < rounds; round++) {
      with_.push(await hotPath(prepared, count, `${round}`));
      without.push(await hotPath(unprepared, count, `${round}`));
    }
    measurements.push({
      what:
        `from tell to the next trial after ${count} trials, where a fit is due: prepared, and not`,
      target: "less",
      found: `${spread(with_)} ms, and ${spread(without)} ms`,
      reached: median(with_) < median(without),
    });
  }
  const ratios: number[] = [];
  await busySeconds(prepared, "warm up");
  for (let round = 0; round < rounds; round++) {
    const without = await busySeconds(unprepared, `${round}`);
    ratios.push(await busySeconds(prepared, `${round}`) / without);
  }
  measurements.push({
    what:
      "epochs of 20 ms of arithmetic that never yield, 10 a trial, trials 30 to 50: time with preparation, as a share of that without",
    target: "≤ 1.02",
    found: spread(ratios, 3),
    reached: median(ratios) <= 1.02,
  });
  return measurements;
}

/** A study of random trials, opened anew with a sampler that knows nothing of it. */
async function studyOf(sampler: Sampler, count: number, seed: string) {
  const storage = new MemoryStorage();
  const box: Space = space(
    Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`x${i}`, float(-5, 5)]),
    ),
  );
  const open = (sampler: Sampler) =>
    createStudy({
      name: "speed",
      space: box,
      objective: minimize("loss"),
      sampler,
      storage,
      library: false,
      seed,
    });
  if (count > 0) {
    await (await open(randomSampler())).optimize(bowl, {
      trials: count,
      progress: false,
    });
  }
  return await open(sampler);
}

/** A bowl that is bent along its axes. */
function bowl({ params }: Trial): number {
  return Object.values(params).reduce<number>(
    (sum, x, i) => sum + Math.abs(Number(x) - i / 3) ** 1.5,
    0,
  );
}

/** Milliseconds from the end of trial `count - 1` to the start of the next. */
async function hotPath(
  sampler: Sampler,
  count: number,
  seed: string,
): Promise<number> {
  const study = await studyOf(sampler, count - 2, seed);
  // A trial that lasts: what it needs is fitted before, and the next is prepared while it runs.
  for (const result of [1, 2]) {
    const trial = await study.ask();
    await sleep(trialMs);
    await study.tell(trial, bowl(trial) + result);
  }
  const start = performance.now();
  await study.ask();
  return performance.now() - start;
}

/** Seconds that the objective itself takes: 20 trials of 10 epochs. */
async function busySeconds(sampler: Sampler, seed: string): Promise<number> {
  const study = await studyOf(sampler, 30, seed);
  let seconds = 0;
  let sink = 0;
  await study.optimize((trial) => {
    const start = performance.now();
    for (let epoch = 0; epoch < 10; epoch++) {
      for (let i = 0; i < 700_000; i++) sink += Math.sin(i);
    }
    seconds += (performance.now() - start) / 1000;
    return bowl(trial) + (Number.isFinite(sink) ? 0 : 1);
  }, { trials: 20, progress: false });
  return seconds;
}

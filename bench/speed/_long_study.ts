/**
 * `deno run -A bench/speed/_long_study.ts FILE TRIALS`: brings the study in an
 * SQLite file to so many trials, and prints what it costs then as JSON. `FILE 0`: opens the study, and says what that costs.
 *
 * @module
 */

import process from "node:process";
import {
  autoSampler,
  type Chart,
  cmaEsSampler,
  createStudy,
  float,
  forestSampler,
  geneticSampler,
  gpSampler,
  minimize,
  randomSampler,
  randomStream,
  type Sampler,
  space,
  StudyCharts,
  type StudyView,
  type Suggestion,
  tpeSampler,
} from "../../mod.ts";
import type { LongRunPoint } from "./long_run.ts";

/** What takes longer is measured once, in milliseconds. */
const patienceMs = 5000;

const [file, most] = [Deno.args[0]!, Number(Deno.args[1])];

const samplers: readonly Sampler[] = [
  randomSampler(),
  autoSampler(),
  tpeSampler(),
  cmaEsSampler(),
  geneticSampler(),
  forestSampler(),
  gpSampler(),
];

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The least of some times of the processor, in milliseconds. */
async function leastMs(
  rounds: number,
  work: (round: number) => unknown,
): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = processorMs();
    await work(round);
    least = Math.min(least, processorMs() - start);
    if (least > patienceMs) break;
  }
  return least;
}

/** So many trials before each size are the default sampler's own; those before them, above 1,000, are random. */
const ownTrials = 200;

const study = await openStudy(autoSampler());

function openStudy(sampler: Sampler) {
  return createStudy({
    sampler,
    name: "long",
    space: space(
      Object.fromEntries(
        Array.from({ length: 10 }, (_, i) => [`x${i}`, float(0, 1)]),
      ),
    ),
    objective: minimize("loss"),
    storage: file,
    library: false,
    seed: 1,
  });
}

/** Each sampler's time for one more suggestion; the second is with what it remembers of the first. */
async function suggestionMs(): Promise<Record<string, number>> {
  const view = study.view() as unknown as StudyView;
  const found: Record<string, number> = {};
  for (const sampler of samplers) {
    found[sampler.name] = await leastMs(3, (round) =>
      sampler.suggest({
        study: view,
        number: view.trials.length,
        seed: "1",
        random: randomStream("long run", view.trials.length, round),
        fixed: {},
      }) as Suggestion | Promise<Suggestion>);
  }
  return found;
}

async function chartMs(): Promise<Record<string, number>> {
  const view = study.view() as unknown as StudyView;
  const charts = new StudyCharts(() => view);
  const found: Record<string, number> = {};
  for (const name of Object.getOwnPropertyNames(StudyCharts.prototype)) {
    if (name === "constructor" || name === "savings") continue;
    const make = (charts as unknown as Record<string, () => Chart>)[name]!;
    found[name] = await leastMs(2, () => make.call(charts));
  }
  return found;
}

async function fileBytes(): Promise<number> {
  let bytes = 0;
  for (const suffix of ["", "-wal"]) {
    bytes += (await Deno.stat(file + suffix).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

function loss(params: Readonly<Record<string, unknown>>): number {
  let sum = 0;
  for (const x of Object.values(params)) sum += (Number(x) - 0.3) ** 2;
  return sum;
}

if (most === 0) {
  const { rss } = Deno.memoryUsage();
  console.log(JSON.stringify({ openMs: processorMs(), openBytes: rss }));
} else {
  if (most > 1000) {
    const filled = await openStudy(randomSampler());
    await filled.optimize((trial) => loss(trial.params), {
      trials: most - ownTrials - filled.trials.length,
      progress: false,
    });
    await study.refresh();
  }
  const before = study.trials.length;
  const start = processorMs();
  const clock = performance.now();
  await study.optimize((trial) => loss(trial.params), {
    trials: most - before,
    progress: false,
  });
  const point: Omit<LongRunPoint, "openMs" | "openBytes"> = {
    trials: most,
    trialMs: (processorMs() - start) / (most - before),
    clockMs: (performance.now() - clock) / (most - before),
    residentBytes: Deno.memoryUsage().rss,
    fileBytes: await fileBytes(),
    suggestionMs: await suggestionMs(),
    chartMs: await chartMs(),
  };
  console.log(JSON.stringify(point));
}
await study.close();

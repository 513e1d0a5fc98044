/**
 * How long prior studies take: compiling them once, and each suggestion.
 *
 *     deno run -A bench/library/prior_speed.ts
 *
 * Made-up sources of seven parameters; least and median milliseconds of CPU of
 * seven histories, each seen for the first time; then the same with the other
 * strategies, of 34 sources.
 *
 * @module
 */

import process from "node:process";
import {
  makePrior,
  mapSpace,
  packPrior,
  type PriorStudy,
  unpackPrior,
} from "../../lib/library/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import {
  minimize,
  plainTrial,
  priorWeightKey,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import { gpSampler } from "../../lib/samplers/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";

/** Milliseconds of CPU, so that other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const dimension = 7;
const target = space(Object.fromEntries(
  Array.from({ length: dimension }, (_, i) => [`x${i}`, float(0, 1)]),
)) as unknown as Space;

function trialsOf(seed: number, count: number): TrialRecord[] {
  const random = randomStream("speed", seed);
  const optimum = Array.from(
    { length: dimension },
    () => 0.5 + 0.15 * random.normal(),
  );
  return Array.from({ length: count }, (_, number) => {
    const place = optimum.map(() => random.uniform());
    const value = place.reduce(
      (sum, x, i) => sum + (x - optimum[i]!) ** 2 + 0.1 * Math.sin(9 * x),
      0,
    );
    return plainTrial(
      number,
      Object.fromEntries(place.map((x, i) => [`x${i}`, x])),
      value,
    );
  });
}

const median = (times: number[]) =>
  times.sort((a, b) => a - b)[times.length >> 1]!;

console.log(
  "| sources × trials, strategy | compile | bytes kept | read again | n = 5 | n = 15 | n = 30 | n = 50 |",
);
console.log("|---|---|---|---|---|---|---|---|");
for (
  const [sources, trials, strategy] of [
    [34, 100, "transfer"],
    [34, 100, "rgpe"],
    [34, 100, "copula"],
    [500, 200, "transfer"],
  ] as const
) {
  const studies = Array.from({ length: sources }, (_, s): PriorStudy => ({
    name: `source ${s}`,
    weight: 0.5,
    objective: minimize("loss"),
    isComparable: true,
    mapping: mapSpace(target, target),
    trials: trialsOf(s, trials),
  }));
  let before = cpuMs();
  const made = makePrior(studies, target, { maxSources: sources, strategy })!;
  const compile = cpuMs() - before;
  const text = JSON.stringify(packPrior(made, target));
  before = cpuMs();
  const prior = unpackPrior(JSON.parse(text), target)!;
  const reading = cpuMs() - before;
  const cells: string[] = [];
  for (const n of [5, 15, 30, 50]) {
    const times: number[] = [];
    for (let repeat = 0; repeat < 7; repeat++) {
      const study = {
        name: "speed",
        space: target,
        objectives: [minimize("loss")],
        // Their turn: the trials have just had theirs.
        trials: trialsOf(10_000 + repeat, n).map((trial) =>
          trial.number < n - 1 ? trial : {
            ...trial,
            attributes: {
              [priorWeightKey]: { weight: 1, chosenBy: "trials", voices: [] },
            },
          }
        ),
      } as unknown as StudyView;
      const begun = cpuMs();
      await gpSampler().suggest({
        study,
        number: n,
        seed: "speed",
        random: randomStream("speed", repeat, n),
        fixed: {},
        prior,
      });
      times.push(cpuMs() - begun);
    }
    cells.push(`${Math.min(...times).toFixed(0)}–${median(times).toFixed(0)}`);
  }
  console.log(
    `| ${sources} × ${trials}, ${strategy} | ${
      compile.toFixed(0)
    } | ${text.length} | ${reading.toFixed(1)} | ${cells.join(" | ")} |`,
  );
}

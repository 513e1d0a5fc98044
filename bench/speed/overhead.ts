import { KernelSession, textOf } from "../../tests/support/kernel.ts";
import { type Measurement, median, spread } from "./measurement.ts";

const setUp = `
import { createStudy, float, maximize, randomSampler, space } from "@etude/etude";
`;

/**
 * In the real kernel, with the live view on, SQLite, and three series an
 * epoch: epochs of 2 ms of arithmetic, bare and within a study, in turn.
 */
const measure = `
const study = await createStudy({
  name: "overhead " + crypto.randomUUID(),
  space: space({ rate: float(1e-4, 1, { log: true }), a: float(0, 1) }),
  objective: maximize("validation accuracy"),
  sampler: randomSampler(),
  storage: "overhead.db",
});
let sink = 0;
const work = (n) => { for (let i = 0; i < n; i++) sink += Math.sin(i); };
for (let i = 0; i < 300; i++) work(20000);
const least = (n) => Math.min(...Array.from({ length: 9 }, () => { const start = performance.now(); work(n); return performance.now() - start; }));
let size = 1000;
while (least(size) < 2) size = Math.ceil(size * 1.05);
for (let i = 0; i < 500; i++) work(size);
const epochs = 250;
const bare = [], studied = [], ratios = [];
const alone = () => { const start = performance.now(); for (let e = 1; e <= epochs; e++) work(size); return performance.now() - start; };
for (let round = 0; round < 12; round++) {
  const before = alone();
  let inside = 0;
  await study.optimize(async (trial) => {
    const start = performance.now();
    for (let e = 1; e <= epochs; e++) {
      work(size);
      await trial.report(e, { train: { loss: 1 / e }, validation: { loss: 2 / e, accuracy: 1 - 1 / e } });
      if (trial.shouldStop()) break;
    }
    inside = performance.now() - start;
    return trial.best();
  }, { trials: 1, progress: PROGRESS });
  const after = alone();
  if (round < 2) continue;
  ratios.push(100 * (inside / ((before + after) / 2) - 1));
  bare.push((before + after) / 2 / epochs);
}
console.log("RESULT " + JSON.stringify({ ratios, bare, sink: Number.isFinite(sink) }));
`;

async function inKernel(
  progress: boolean,
): Promise<{ ratios: number[]; bare: number[] }> {
  const cwd = await Deno.makeTempDir({
    dir: new URL("../../out", import.meta.url).pathname,
  });
  try {
    await using kernel = await KernelSession.start({ cwd });
    await kernel.execute(setUp);
    const { outputs, error } = await kernel.execute(
      measure.replace("PROGRESS", String(progress)),
      { timeoutMs: 120_000 },
    );
    const found = /RESULT (.*)/.exec(textOf(outputs));
    if (found === null) {
      throw new Error(
        `the kernel gave no result: ${JSON.stringify(error)} ${
          textOf(outputs)
        }`,
      );
    }
    return JSON.parse(found[1]!);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/** What a study adds to a training loop of 2 ms epochs. */
export async function measureOverhead(): Promise<Measurement[]> {
  const live = await inKernel(true);
  const quiet = await inKernel(false);
  return [
    {
      what: `overhead on a loop of 2 ms epochs (${
        median(live.bare).toFixed(2)
      } ms bare), three series an epoch, SQLite, live view, in the real kernel`,
      target: "≤ 2 %",
      found: `${spread(live.ratios, 2)} %`,
      reached: median(live.ratios) <= 2,
    },
    {
      what: "the same without the live view",
      target: "",
      found: `${spread(quiet.ratios, 2)} %`,
      reached: null,
    },
  ];
}

import {
  createStudy,
  float,
  int,
  maximize,
  randomSampler,
  space,
} from "../../mod.ts";
import { bundleOf } from "../../lib/notebook/_jupyter.ts";
import { LiveView } from "../../lib/notebook/live_view.ts";
import { type Measurement, median, spread } from "./measurement.ts";

/** What the live view costs at 1,000 trials of 30 epochs. */
export async function measureLiveUpdate(): Promise<Measurement[]> {
  const study = await createStudy({
    name: "digits-mlp",
    space: space({
      rate: float(1e-4, 1, { log: true }),
      units: int(1, 512, { log: true }),
      a: float(0, 1),
      b: float(0, 1),
      c: float(0, 1),
    }),
    objective: maximize("validation accuracy"),
    sampler: randomSampler(),
    storage: "memory",
  });
  const epochs = (
    report: (epoch: number, accuracy: number) => void,
    skill: number,
  ) => {
    for (let epoch = 1; epoch <= 30; epoch++) {
      report(epoch, skill * (1 - Math.exp(-epoch / 8)));
    }
  };
  await study.optimize((trial) => {
    epochs((epoch, accuracy) => {
      trial.report(epoch, {
        train: { loss: 1 - accuracy },
        validation: { loss: 1.1 - accuracy, accuracy },
      });
    }, trial.params.a);
    return trial.best();
  }, { trials: 1000, progress: false });

  const times: number[] = [];
  let bytes = 0;
  const run = study.start(async (trial) => {
    epochs((epoch, accuracy) => {
      trial.report(epoch, {
        train: { loss: 1 - accuracy },
        validation: { loss: 1.1 - accuracy, accuracy },
      });
    }, trial.params.a);
    const view = new LiveView(study as never, run);
    for (let frame = 0; frame < 30; frame++) {
      const start = performance.now();
      const { html, text } = view.frame();
      times.push(performance.now() - start);
      bytes = new TextEncoder().encode(html + text).length;
    }
    await view.end();
    return 1;
  }, { trials: 1, progress: false });
  await run.done;

  const { progressChart } = await import("../../mod.ts");
  const finals: number[] = [];
  let finalBytes = 0;
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    const bundle = await bundleOf(progressChart(study.view(), {
      title: "Best 0.9",
      subtitle: ["one", "two"],
    }));
    finals.push(performance.now() - start);
    finalBytes = new TextEncoder().encode(JSON.stringify(bundle)).length;
  }
  return [
    {
      what: "a live update at 1,000 trials: time",
      target: "≤ 50 ms",
      found: `${spread(times.slice(5))} ms`,
      reached: median(times) <= 50,
    },
    {
      what: "a live update at 1,000 trials: size",
      target: "≤ 300 kB",
      found: `${(bytes / 1000).toFixed(0)} kB`,
      reached: bytes <= 300_000,
    },
    {
      what:
        "the last, interactive frame at 1,000 trials, with its picture: time",
      target: "",
      found: `${spread(finals, 0)} ms`,
      reached: null,
    },
    {
      what: "the last frame at 1,000 trials, spec and picture: size",
      target: "≤ 300 kB",
      found: `${(finalBytes / 1000).toFixed(0)} kB`,
      reached: finalBytes <= 300_000,
    },
  ];
}

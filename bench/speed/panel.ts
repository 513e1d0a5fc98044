import {
  boolean,
  choice,
  createStudy,
  float,
  int,
  maximize,
  randomSampler,
  space,
  type Study,
  type Trial,
} from "../../mod.ts";
import { tuner } from "../../lib/tuner/mod.ts";
import { PanelClient } from "../../tests/support/panel_client.ts";
import { type Measurement, median, spread } from "./measurement.ts";

const searched = space({
  learningRate: float(1e-4, 1e-1, { log: true }),
  units: int(16, 512, { log: true }),
  dropout: float(0, 0.6),
  weightDecay: float(1e-6, 1e-1, { log: true }),
  optimizer: choice(["adam", "sgd", "rmsprop"]),
  momentum: float(0.5, 0.99).when({ optimizer: "sgd" }),
  batchNorm: boolean(),
  warmup: int(0, 10),
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A training of epochs in no time. */
function quick(trial: Trial, epochs = 30): number {
  const { learningRate, dropout } = trial.params;
  const skill = 1 - 0.03 * (Math.log10(Number(learningRate)) + 2.5) ** 2 -
    0.2 * Math.abs(Number(dropout) - 0.2);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const accuracy = skill * (1 - Math.exp(-epoch / 6));
    trial.report(epoch, {
      train: { loss: 1 - accuracy },
      validation: { loss: 1.1 - accuracy, accuracy },
    });
  }
  return trial.best();
}

async function studyOf(trials: number): Promise<Study> {
  const study = await createStudy({
    name: `panel ${trials}`,
    space: searched,
    objective: maximize("validation accuracy"),
    sampler: randomSampler(),
    storage: "memory",
  }) as unknown as Study;
  await study.optimize((trial) => quick(trial), { trials, progress: false });
  return study;
}

/** What the panel costs: from a movement to its number, streaming, memory. */
export async function measurePanel(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const trials of [25, 200, 1000]) {
    measurements.push(...await measureLooks(trials));
  }
  measurements.push(...await measureStream(), ...await measureMemory());
  return measurements;
}

async function measureLooks(trials: number): Promise<Measurement[]> {
  const study = await studyOf(trials);
  const panel = await tuner(study, (trial) => quick(trial));
  const start = performance.now();
  const client = await PanelClient.open(panel.url);
  const opened = performance.now() - start;
  const numbers: number[] = [];
  const pictures: number[] = [];
  for (let n = 0; n < 40; n++) {
    const seen = client.of("slices").length;
    const start = performance.now();
    await client.ask({
      type: "look",
      params: {
        learningRate: 10 ** (-4 + 3 * (n / 40)),
        units: 64,
        dropout: 0.1,
        weightDecay: 1e-4,
        optimizer: "adam",
        batchNorm: true,
        warmup: 3,
      },
    });
    numbers.push(performance.now() - start);
    await client.until(() => client.of("slices").length > seen);
    pictures.push(performance.now() - start);
  }
  await client.close();
  await panel.close();
  const [first] = numbers;
  const warm = numbers.slice(5);
  return [
    {
      what: `panel: from a movement to its number, ${trials} trials`,
      target: trials === 200 ? "≤ 50 ms" : "",
      found: `${spread(warm)} ms (the first, with its fit: ${
        first!.toFixed(0)
      } ms)`,
      reached: trials === 200 ? median(warm) <= 50 : null,
    },
    {
      what:
        `panel: until the hills of 7 controls are there too, ${trials} trials`,
      target: "",
      found: `${spread(pictures.slice(5))} ms`,
      reached: null,
    },
    {
      what: `panel: opening it, ${trials} trials`,
      target: "",
      found: `${opened.toFixed(0)} ms`,
      reached: null,
    },
  ];
}

/** An objective that reports 100 times a second, and how long the panel's answers take meanwhile. */
async function measureStream(): Promise<Measurement[]> {
  const study = await studyOf(50);
  const panel = await tuner(study, async (trial) => {
    const begun = performance.now();
    for (let step = 1; step <= 500; step++) {
      await trial.report(step, {
        train: { loss: 1 / step },
        validation: { loss: 1.1 / step, accuracy: 1 - 1 / step },
      });
      if (trial.shouldStop()) break;
      // A timer that comes late is caught up with.
      const late = performance.now() - begun - 10 * step;
      if (late < 0) await wait(-late);
    }
    return trial.best();
  });
  const client = await PanelClient.open(panel.url);
  const params = study.space.sample(() => 0.5) as Record<string, number>;
  await client.ask({
    type: "run",
    candidate: { params, chosenBy: "manual", reason: null },
  });
  const times: number[] = [];
  const start = performance.now();
  while (study.runs.length > 0 && performance.now() - start < 4000) {
    const start = performance.now();
    await client.ask({ type: "look", params });
    times.push(performance.now() - start);
    await wait(20);
  }
  const seconds = (performance.now() - start) / 1000;
  const messages = client.of("live").length / seconds;
  const points =
    (study.trials.at(-1)!.curves.get("train loss")?.steps.length ?? 0) /
    seconds;
  study.stop();
  await client.until(() => study.runs.length === 0);
  await client.close();
  await panel.close();
  return [{
    what: `panel: messages a second at ${points.toFixed(0)} reports a second`,
    target: "≤ 25",
    found: messages.toFixed(1),
    reached: messages <= 25,
  }, {
    what: "panel: from a movement to its number meanwhile",
    target: "≤ 50 ms",
    found: `${spread(times)} ms`,
    reached: median(times) <= 50,
  }];
}

/** What a thousand trials, watched, leave in the kernel's memory. */
async function measureMemory(): Promise<Measurement[]> {
  const gc = (globalThis as { gc?: () => void }).gc;
  const used = async () => {
    gc?.();
    await wait(100);
    gc?.();
    return Deno.memoryUsage().heapUsed / 1e6;
  };
  const grow = async (watched: boolean) => {
    const study = await studyOf(2);
    const panel = watched ? await tuner(study, (trial) => quick(trial)) : null;
    const client = panel === null ? null : await PanelClient.open(panel.url);
    const before = await used();
    let half = 0;
    for (let part = 0; part < 2; part++) {
      await study.optimize((trial) => quick(trial), {
        trials: 500,
        progress: false,
      });
      // A client keeps all that it is told; a page does not.
      client?.messages.splice(1);
      if (part === 0) half = await used() - before;
    }
    const after = await used() - before;
    await client?.close();
    await panel?.close();
    return { half, after };
  };
  const alone = await grow(false);
  const watched = await grow(true);
  return [{
    what:
      "panel: memory of 1,000 trials of 30 epochs, watched, beyond that of the study itself",
    target: "steady",
    found: gc === undefined
      ? `${
        (watched.after - alone.after).toFixed(1)
      } MB (garbage included: run with --v8-flags=--expose-gc)`
      : `${(watched.after - alone.after).toFixed(1)} MB (after 500: ${
        (watched.half - alone.half).toFixed(1)
      } MB)`,
    reached: watched.after - alone.after <= 20,
  }];
}

if (import.meta.main) {
  for (const { what, target, found, reached } of await measurePanel()) {
    console.log(`| ${what} | ${target} | ${found} | ${reached ?? ""} |`);
  }
  Deno.exit();
}

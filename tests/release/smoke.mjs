// What a person does with a study, in whatever runtime runs this: what came of it is
// written to found.json. Its argument is the folder for it. No word of it is Deno's.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process, { execPath } from "node:process";
import {
  autoSampler,
  cmaEsSampler,
  createStudy,
  float,
  forestSampler,
  gpSampler,
  int,
  medianPruner,
  minimize,
  randomSampler,
  space,
  tpeSampler,
} from "@etude/etude";
import { verdict } from "@etude/etude/ensembles";
import { exportStudy, importStudies } from "@etude/etude/interop";
import { report } from "@etude/etude/report";
import { fitTrial, loadTensorFlow } from "@etude/etude/tensorflow";
import { tuner } from "@etude/etude/tuner";
import { command } from "@etude/etude/workers";

const folder = process.argv[2];
const found = {};
const at = (name) => join(folder, name);
const plain = { progress: false };

const box = () => space({ x: float(1e-3, 10, { log: true }), n: int(1, 8) });
const objective = async (trial) => {
  const { x, n } = trial.params;
  const value = Math.log10(x) ** 2 + (n - 3) ** 2 / 10;
  for (let step = 1; step <= 5; step++) {
    await trial.report(step, value + 1 / step);
    if (trial.shouldStop()) break;
  }
  return value;
};

// Each sampler's best, beside random search.
found.best = {};
for (
  const sampler of [
    randomSampler(),
    autoSampler(),
    gpSampler(),
    tpeSampler(),
    forestSampler(),
    cmaEsSampler(),
  ]
) {
  const study = await createStudy({
    name: "smoke",
    space: box(),
    objective: minimize("loss"),
    storage: "memory",
    sampler,
    seed: 7,
  });
  await study.optimize(objective, { trials: 30, ...plain });
  found.best[sampler.name] = study.best.value;
}

// A study in a file goes on where it was left.
const open = () =>
  createStudy({
    name: "kept",
    space: box(),
    objective: minimize("loss"),
    storage: at("studies.db"),
    pruner: medianPruner(),
    seed: 7,
  });
const first = await open();
await first.optimize(objective, { trials: 12, ...plain });
await first.close();
const study = await open();
await study.optimize(objective, { trials: 12, ...plain });
found.trials = study.trials.length;
found.pruned = study.trials.some(({ state }) => state === "pruned");
found.inspected = String(study) !== "" &&
  typeof study[Symbol.for("nodejs.util.inspect.custom")]() === "string";
found.diagnosis = String(study.diagnose()).length > 0;

// What is drawn and written.
found.svg = (await study.charts.optimizationHistory().toSVG()).startsWith(
  "<svg",
);
found.png = (await study.charts.slice().toPNG()).length > 1000;
await report(study, at("report.html"));
await exportStudy(study, at("study.csv"));
await exportStudy(study, at("study.arrow"));
const [imported] = await importStudies(at("study.csv"));
found.imported = imported.trials.length;

// The rooms beside it.
found.verdict = Number.isFinite(verdict(study, { noise: 0.1 }).estimate);
const commanded = await createStudy({
  name: "commanded",
  space: space({ x: float(-1, 1) }),
  objective: minimize("loss"),
  storage: "memory",
});
const program =
  "console.log(JSON.stringify({ loss: Number(process.argv.at(-1)) ** 2 }))";
await commanded.optimize(
  command([execPath, "-e", program, "--", "{x}"], { logs: false }),
  { trials: 2, ...plain },
);
found.commanded = commanded.trials.map(({ state }) => state).join(" ");
const { tf, backend } = await loadTensorFlow({ prefer: "cpu", only: true });
found.backend = backend;
const xs = tf.linspace(-1, 1, 100).reshape([100, 1]);
const model = tf.sequential({
  layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
});
model.compile({ optimizer: tf.train.sgd(0.5), loss: "meanSquaredError" });
const fitted = await fitTrial(
  { number: 0, report: () => Promise.resolve(), shouldStop: () => false },
  model,
  { train: { x: xs, y: xs.mul(3) } },
  { epochs: 5, validationSplit: 0.2 },
);
found.fitted = fitted.best.validation.loss < 0.1;
try {
  const panel = await tuner(commanded);
  await panel.close();
  found.panel = "opened";
} catch (error) {
  found.panel = error.message;
}
await study.close();
await writeFile(at("found.json"), JSON.stringify(found));

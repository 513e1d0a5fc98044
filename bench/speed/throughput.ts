import {
  createStudy,
  float,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { type Measurement, median, spread } from "./measurement.ts";

/** Five parameters in [0, 1]. */
export const five = space({
  a: float(0, 1),
  b: float(0, 1),
  c: float(0, 1),
  d: float(0, 1),
  e: float(0, 1),
});

async function ours(trials: number): Promise<number> {
  const folder = await Deno.makeTempDir();
  const study = await createStudy({
    name: "s",
    space: five,
    objective: minimize("loss"),
    sampler: randomSampler(),
    storage: `${folder}/studies.db`,
  });
  const start = performance.now();
  await study.optimize(({ params }) => params.a + params.b, {
    trials,
    progress: false,
  });
  const seconds = (performance.now() - start) / 1000;
  await study.close();
  await Deno.remove(folder, { recursive: true });
  return trials / seconds;
}

const python = `
import sys, tempfile, time, optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
n = int(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    study = optuna.create_study(storage=f"sqlite:///{folder}/studies.db", sampler=optuna.samplers.RandomSampler(seed=1))
    start = time.perf_counter()
    study.optimize(lambda t: sum(t.suggest_float(name, 0, 1) for name in "abcde"), n_trials=n)
    print(n / (time.perf_counter() - start))
`;

async function optuna(trials: number): Promise<number> {
  const environment = await preparePythonEnvironment();
  const { stdout } = await new Deno.Command(environment.python, {
    args: ["-c", python, String(trials)],
    env: { ...environment.variables },
    stderr: "inherit",
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

/** Trials a second on SQLite with the random sampler, beside Optuna. */
export async function measureThroughput(): Promise<Measurement[]> {
  const [mine, theirs, ratios]: number[][] = [[], [], []];
  await ours(200);
  for (let round = 0; round < 5; round++) {
    mine!.push(await ours(2000));
    theirs!.push(await optuna(100));
    ratios!.push(mine!.at(-1)! / theirs!.at(-1)!);
  }
  return [
    {
      what: "random sampler on SQLite, 5 parameters: trials a second",
      target: "≥ 1,000",
      found: spread(mine!, 0),
      reached: median(mine!) >= 1000,
    },
    {
      what: "the same in Optuna 5, in turn with ours",
      target: "",
      found: spread(theirs!, 0),
      reached: null,
    },
    {
      what: "ratio, round by round",
      target: "",
      found: `${spread(ratios!, 0)} ×`,
      reached: null,
    },
  ];
}

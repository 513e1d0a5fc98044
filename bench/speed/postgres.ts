/**
 * Trials a second on a PostgreSQL server, beside Optuna on the same server:
 * `deno run -A bench/speed/postgres.ts`.
 *
 * @module
 */

import {
  createStudy,
  minimize,
  PostgresStorage,
  randomSampler,
} from "../../mod.ts";
import { TestPostgres } from "../../tests/support/postgres.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { type Measurement, median, spread } from "./measurement.ts";
import { five } from "./throughput.ts";

const python = `
import sys, time, optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.create_study(storage=sys.argv[1], sampler=optuna.samplers.RandomSampler(seed=1))
def objective(t):
    value = sum(t.suggest_float(name, 0, 1) for name in "abcde")
    for step in range(3):
        t.report(value, step)
    return value
n = int(sys.argv[2])
study.optimize(objective, n_trials=5)
start = time.perf_counter()
study.optimize(objective, n_trials=n)
print(n / (time.perf_counter() - start))
`;

async function ours(url: string, trials: number): Promise<number> {
  const storage = new PostgresStorage(url);
  const study = await createStudy({
    name: "ours",
    storage,
    space: five,
    objective: minimize("loss"),
    sampler: randomSampler(),
  });
  const run = (count: number) =>
    study.optimize(async (trial) => {
      const value = trial.params.a + trial.params.b;
      for (let step = 0; step < 3; step++) await trial.report(step, value);
      return value;
    }, { trials: count, progress: false });
  await run(5);
  const start = performance.now();
  await run(trials);
  const seconds = (performance.now() - start) / 1000;
  await storage.close();
  return trials / seconds;
}

async function optuna(url: string, trials: number): Promise<number> {
  const environment = await preparePythonEnvironment();
  const { stdout } = await new Deno.Command(environment.python, {
    args: [
      "-c",
      python,
      url.replace("postgres:", "postgresql+psycopg2:"),
      String(trials),
    ],
    env: { ...environment.variables },
    stderr: "inherit",
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

/** Trials a second on PostgreSQL with the random sampler and three reports, beside Optuna. */
export async function measurePostgres(): Promise<Measurement[]> {
  const server = TestPostgres.start({ isDurable: true });
  try {
    const [mine, theirs, ratios]: number[][] = [[], [], []];
    for (let round = 0; round < 5; round++) {
      mine!.push(await ours(server.freshDatabase(), 400));
      theirs!.push(await optuna(server.freshDatabase(), 60));
      ratios!.push(mine!.at(-1)! / theirs!.at(-1)!);
    }
    return [
      {
        what:
          "random sampler on PostgreSQL over loopback, 5 parameters, 3 reports: trials a second",
        target: "",
        found: spread(mine!, 0),
        reached: null,
      },
      {
        what: "the same in Optuna 5 on the same server, in turn with ours",
        target: "",
        found: spread(theirs!, 0),
        reached: null,
      },
      {
        what: "ratio, round by round",
        target: "≥ 10 ×",
        found: `${spread(ratios!, 1)} ×`,
        reached: median(ratios!) >= 10,
      },
    ];
  } finally {
    server.close();
  }
}

if (import.meta.main) console.table(await measurePostgres());

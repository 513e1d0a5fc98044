import { inProject } from "../../tools/project.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { type Measurement, spread } from "./measurement.ts";

/** How many parameters, all floats. */
const parameters = 40;
/** Numbers of trials, and how often each is measured. */
const sizes: readonly (readonly [trials: number, rounds: number])[] = [
  [1000, 3],
  [10_000, 3],
  [100_000, 1],
];

const kinds = [
  { name: "cmaEs", label: "CMA-ES", optuna: "CmaEsSampler(seed=1)" },
  { name: "nsga2", label: "NSGA-II", optuna: "NSGAIISampler(seed=1)" },
] as const;

const python = `
import sys, time, warnings, optuna
warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
trials, parameters, sampler = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
is_many = sampler.startswith("NSGA")
study = optuna.create_study(directions=["minimize"] * (2 if is_many else 1), sampler=eval("optuna.samplers." + sampler))
def objective(trial):
    values = [trial.suggest_float(f"x{j}", -5, 5) for j in range(parameters)]
    near = lambda center: sum((x - center) ** 2 for x in values)
    return (near(0), near(2)) if is_many else near(0)
start = time.process_time()
study.optimize(objective, n_trials=trials)
print(time.process_time() - start)
`;

async function output(command: string, args: readonly string[]) {
  const { stdout, success } = await new Deno.Command(command, {
    args: [...args],
    env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot measure ${command}: see above`);
  return new TextDecoder().decode(stdout).trim();
}

/** Seconds of a processor that a study of ours takes, in a process of its own. */
async function ours(name: string, trials: number): Promise<number> {
  const script = inProject("bench", "speed", "_evolution_study.ts");
  const text = await output(Deno.execPath(), [
    "run",
    "-A",
    script,
    name,
    String(trials),
    String(parameters),
  ]);
  return (JSON.parse(text) as { processor: number }).processor;
}

/** Evolutionary samplers in memory, beside Optuna's at 10,000 trials. */
export async function measureEvolution(): Promise<Measurement[]> {
  const environment = await preparePythonEnvironment();
  const measurements: Measurement[] = [];
  for (const { name, label, optuna } of kinds) {
    for (const [trials, rounds] of sizes) {
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round++) {
        seconds.push(await ours(name, trials));
      }
      const isAim = trials === 10_000;
      const theirs = isAim
        ? Number(
          await output(environment.python, [
            "-c",
            python,
            String(trials),
            String(parameters),
            optuna,
          ]),
        )
        : null;
      const least = Math.min(...seconds);
      measurements.push({
        what:
          `${label}, ${parameters} parameters, ${trials} trials in memory, processor time`,
        target: isAim ? "≤ 1 s" : "",
        found: `${spread(seconds, 2)} s${
          theirs === null
            ? ""
            : `; Optuna ${theirs.toFixed(1)} s, ${
              (theirs / least).toFixed(0)
            } × as long`
        }`,
        reached: isAim ? least <= 1 : null,
      });
    }
  }
  return measurements;
}

if (import.meta.main) console.log(await measureEvolution());

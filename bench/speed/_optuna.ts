/**
 * What Optuna takes for a suggestion: to be measured in turn with ours.
 *
 * @module
 */

/** What {@linkcode optunaMs} measures. */
export interface OptunaTiming {
  /** The path of a Python that has Optuna. */
  readonly python: string;
  /** Variables for it. */
  readonly variables: Readonly<Record<string, string>>;
  /** The sampler, as Python makes it. */
  readonly sampler: string;
  /** How many parameters, all floats. */
  readonly dimensions: number;
  /** How many trials stand before the first suggestion. */
  readonly count: number;
  /** How many suggestions, told one by one. */
  readonly rounds: number;
  /** The time that passes, or what the process uses of a processor. Defaults to `"wall"`. */
  readonly clock?: "wall" | "processor";
}

// Optuna draws its numbers when a trial is asked for a value, so both are timed.
const script = `
import sys, time, warnings, random, optuna
warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
sampler, dimensions, count, rounds = sys.argv[1], *map(int, sys.argv[2:5])
clock = time.process_time if sys.argv[5] == "processor" else time.perf_counter
names = [f"x{i}" for i in range(dimensions)]
floats = {name: optuna.distributions.FloatDistribution(0, 1) for name in names}
loss = lambda params: sum((x - 0.3) ** 2 for x in params.values())
random.seed(1)
study = optuna.create_study(sampler=eval(sampler))
for _ in range(count):
    params = {name: random.random() for name in names}
    study.add_trial(optuna.create_trial(params=params, distributions=floats, value=loss(params)))
for _ in range(rounds):
    start = clock()
    trial = study.ask()
    params = {name: trial.suggest_float(name, 0, 1) for name in names}
    print((clock() - start) * 1000)
    study.tell(trial, loss(params))
`;

/** Milliseconds of each of the suggestions. */
export async function optunaMs(timing: OptunaTiming): Promise<number[]> {
  const { python, variables, sampler, dimensions, count, rounds } = timing;
  const { clock = "wall" } = timing;
  const { stdout, success } = await new Deno.Command(python, {
    args: [
      "-c",
      script,
      sampler,
      ...[dimensions, count, rounds].map(String),
      clock,
    ],
    env: { ...variables },
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot time Optuna's ${sampler}: see above`);
  return new TextDecoder().decode(stdout).trim().split("\n").map(Number);
}

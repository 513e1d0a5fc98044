/**
 * What `optuna.visualization` takes for a chart of the same study: to be measured
 * beside ours.
 *
 * @module
 */

import type { StudyView } from "../../lib/records/mod.ts";

/** What a chart of Optuna's took. */
export interface PlotlyTiming {
  /** Milliseconds of the processor to make the figure and its JSON, the least of several. */
  readonly ms: number;
  /** The size of that JSON: what a notebook is given. */
  readonly bytes: number;
}

// Figure and JSON: a Plotly figure shows itself as JSON.
const script = `
import json, sys, time, warnings, optuna
import optuna.visualization as v
warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
given, rounds = json.load(sys.stdin), int(sys.argv[1])
floats = {n: optuna.distributions.FloatDistribution(0, 1) for n in given["names"]}
study = optuna.create_study()
study.add_trials([optuna.create_trial(params=dict(zip(given["names"], p)), distributions=floats, value=x) for p, x in zip(given["params"], given["values"])])
ped = optuna.importance.PedAnovaImportanceEvaluator()
two = given["names"][:2]
charts = {
  "optimizationHistory": lambda: v.plot_optimization_history(study),
  "parallelCoordinates": lambda: v.plot_parallel_coordinate(study),
  "slice": lambda: v.plot_slice(study),
  "contour": lambda: v.plot_contour(study, params=two),
  "distribution": lambda: v.plot_edf(study),
  "rank": lambda: v.plot_rank(study, params=two),
  "timeline": lambda: v.plot_timeline(study),
  "importance": lambda: v.plot_param_importances(study, evaluator=ped),
}
found = {}
for name, draw in charts.items():
  times = []
  for _ in range(rounds):
    start = time.process_time()
    text = draw().to_json()
    times.append((time.process_time() - start) * 1000)
  found[name] = {"ms": min(times), "bytes": len(text)}
print(json.dumps(found))
`;

/** Timings of Optuna's charts by the names of ours, of a study of floats in [0, 1]. */
export async function plotlyTimings(
  view: StudyView,
  { python, rounds }: { readonly python: string; readonly rounds: number },
): Promise<Readonly<Record<string, PlotlyTiming>>> {
  const { names } = view.space;
  const process = new Deno.Command(python, {
    args: ["-c", script, String(rounds)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify({
    names,
    params: view.trials.map(({ params }) => names.map((name) => params[name])),
    values: view.trials.map(({ value }) => value),
  })));
  await writer.close();
  const { success, stdout } = await process.output();
  if (!success) throw new Error("Cannot time Optuna's charts: see above");
  return JSON.parse(new TextDecoder().decode(stdout));
}

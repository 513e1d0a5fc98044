/**
 * The story of a study as one file that opens without a network: the best and
 * how sure we are of it, the charts that matter, the diagnosis, the trials, and
 * how to do it again.
 *
 * From a notebook: `await report(study, "report.html")`. From a shell, for any
 * study file, Optuna's included:
 *
 *     deno run -A jsr:@etude/etude/report studies.db --study digits --out digits.html
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { reportHTML } from "@etude/etude/report";
 * const study = await createStudy({
 *   name: "told", space: space({ x: float(0, 1) }), objective: minimize("loss"), storage: "memory",
 * });
 * await study.optimize((trial) => trial.params.x, { trials: 3, progress: false });
 * (await reportHTML(study)).startsWith("<!"); // true
 * ```
 *
 * @module
 */

import { runCommand } from "./_command.ts";

export * from "./report.ts";
export * from "./source.ts";

if (import.meta.main) await runCommand();

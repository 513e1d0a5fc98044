/**
 * Étude: tuning hyperparameters in a Jupyter notebook that runs on the Deno
 * kernel. By hand and by algorithm, with learning curves drawn as they form.
 *
 * ```ts
 * import { createStudy, float, int, minimize, space } from "@etude/etude";
 *
 * const study = await createStudy({
 *   name: "first",
 *   space: space({ x: float(-5, 5), n: int(1, 8) }),
 *   objective: minimize("loss"),
 *   storage: "memory",
 * });
 * await study.optimize((trial) => (trial.params.x - 2) ** 2 + trial.params.n, { trials: 30 });
 * console.log(study.best!.params);
 * ```
 *
 * @module
 */

import { attachNotebook } from "./lib/notebook/mod.ts";
import { observeStudies } from "./lib/study/mod.ts";

export * from "./lib/charts/mod.ts";
export * from "./lib/curves/mod.ts";
export * from "./lib/evolution/mod.ts";
export * from "./lib/library/mod.ts";
export * from "./lib/math/mod.ts";
export * from "./lib/notebook/mod.ts";
export * from "./lib/pruners/mod.ts";
export * from "./lib/records/mod.ts";
export * from "./lib/samplers/mod.ts";
export * from "./lib/space/mod.ts";
export * from "./lib/storage/mod.ts";
export * from "./lib/study/mod.ts";
export * from "./lib/surrogates/mod.ts";

// A study knows nothing of notebooks: here is where it comes to its live view.
observeStudies((study) => void attachNotebook(study));

/** Which values are better: smaller or larger ones. */
export type Direction = "minimize" | "maximize";

/** What a study optimizes: a named value and which way is better. */
export interface Objective {
  /** The name, shown on charts; the curve of the same name is what pruners see. */
  readonly name: string;
  /** Which values are better. */
  readonly direction: Direction;
}

function objective(name: unknown, direction: Direction): Objective {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(
      `Cannot make the objective: the name is ${
        JSON.stringify(name) ?? String(name)
      }, expected a text such as "validation loss"`,
    );
  }
  return Object.freeze({ name, direction });
}

/**
 * An objective of which smaller values are better.
 *
 * @param name What it is, e.g. `"validation loss"`. Defaults to `"value"`.
 *
 * @example
 * ```ts
 * import { minimize } from "@etude/etude";
 * minimize("validation loss"); // { name: "validation loss", direction: "minimize" }
 * ```
 */
export function minimize(name = "value"): Objective {
  return objective(name, "minimize");
}

/**
 * An objective of which larger values are better.
 *
 * @param name What it is, e.g. `"validation accuracy"`. Defaults to `"value"`.
 *
 * @example
 * ```ts
 * import { maximize } from "@etude/etude";
 * maximize("validation accuracy").direction; // "maximize"
 * ```
 */
export function maximize(name = "value"): Objective {
  return objective(name, "maximize");
}

/**
 * Whether value `a` is better than value `b`; NaN is never better.
 *
 * @example
 * ```ts
 * import { isBetter } from "@etude/etude";
 * isBetter(0.9, 0.8, "maximize"); // true
 * isBetter(NaN, 0.8, "maximize"); // false
 * ```
 */
export function isBetter(a: number, b: number, direction: Direction): boolean {
  return direction === "minimize" ? a < b : a > b;
}

/**
 * Guesses from a curve's name which values are better: losses and errors are
 * minimized, accuracies and scores maximized; null if the name does not tell.
 *
 * @example
 * ```ts
 * import { guessDirection } from "@etude/etude";
 * guessDirection("validation loss"); // "minimize"
 * guessDirection("validation F1"); // "maximize"
 * guessDirection("temperature"); // null
 * ```
 */
export function guessDirection(name: string): Direction | null {
  if (/loss|error|mse|mae|perplexity|deviance/i.test(name)) return "minimize";
  return /acc|auc|f1|r2|score|precision|recall|reward|iou|bleu/i.test(name)
    ? "maximize"
    : null;
}

import type { ObjectiveFunction, OptimizeOptions } from "./run.ts";

const known = [
  "trials",
  "epochs",
  "checkpoints",
  "timeoutMs",
  "parallel",
  "callbacks",
  "signal",
  "fixed",
  "within",
  "stopOnError",
  "progress",
];

/** Throws if what `optimize` was given makes no sense. Cells are not type-checked, so this is. */
export function checkOptimizeOptions<C>(
  objective: ObjectiveFunction<C>,
  options: OptimizeOptions<C>,
): void {
  const about = "Cannot start the study";
  if (typeof objective !== "function") {
    throw new TypeError(
      `${about}: the objective is ${
        JSON.stringify(objective) ?? String(objective)
      }, expected a function that takes a trial and gives back a number`,
    );
  }
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${about}: the options are ${
        JSON.stringify(options) ?? String(options)
      }, expected an object such as { trials: 50 }`,
    );
  }
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new TypeError(
      `${about}: there is no option ${
        unknown.map((key) => `"${key}"`).join(", ")
      }; there are ${known.join(", ")}`,
    );
  }
  for (const key of ["trials", "epochs", "parallel"] as const) {
    const value = options[key];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(
        `${about}: ${key} is ${
          JSON.stringify(value) ?? String(value)
        }, expected a whole number of at least 1`,
      );
    }
  }
  const { timeoutMs, callbacks, checkpoints } = options;
  if (
    checkpoints !== undefined &&
    !(typeof checkpoints?.save === "function" &&
      typeof checkpoints.load === "function")
  ) {
    throw new TypeError(
      `${about}: checkpoints is not an object with the methods save and load`,
    );
  }
  if (
    timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs > 0)
  ) {
    throw new RangeError(
      `${about}: timeoutMs is ${
        JSON.stringify(timeoutMs) ?? String(timeoutMs)
      }, expected a number of milliseconds above 0`,
    );
  }
  if (
    callbacks !== undefined &&
    !(Array.isArray(callbacks) &&
      callbacks.every((callback) => typeof callback === "function"))
  ) {
    throw new TypeError(`${about}: callbacks is not an array of functions`);
  }
}

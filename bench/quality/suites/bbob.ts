import {
  type Configuration,
  float,
  type Space,
  space,
} from "../../../lib/space/mod.ts";
import {
  bbobCount,
  type BBOBFunction,
  bbobFunction,
} from "./bbob_functions.ts";
import type { Suite } from "./suite.ts";

/**
 * BBOB's functions as a suite: `f01-2d` to `f24-10d`, each with one instance;
 * `f01-2d-i7` names another.
 *
 * @param dimensions Which dimensions. Defaults to 2, 5 and 10.
 */
export function bbobSuite(dimensions: readonly number[] = [2, 5, 10]): Suite {
  const functions = new Map<string, BBOBFunction>();
  const spaces = new Map<number, Space>();
  const read = (task: string) => {
    const found = /^f(\d\d)-(\d+)d(?:-i(\d+))?$/.exec(task);
    if (found === null) {
      throw new RangeError(
        `Cannot find the task ${
          JSON.stringify(task)
        }, expected one such as f01-5d or f01-5d-i7`,
      );
    }
    return found.slice(1).map((part) => Number(part ?? 1)) as [
      number,
      number,
      number,
    ];
  };
  const functionOf = (task: string): BBOBFunction => {
    const known = functions.get(task) ?? bbobFunction(...read(task));
    functions.set(task, known);
    return known;
  };
  const valueAt = (task: string, configuration: Configuration) =>
    functionOf(task).at(
      Float64Array.from(Object.values(configuration) as number[]),
    );
  return {
    name: dimensions.length === 1 ? `bbob-${dimensions[0]}d` : "bbob",
    metrics: [{ name: "value", direction: "minimize" }],
    noise: "none",
    fidelities: {},
    referenceBudget: { random: 1000, local: 0 },
    tasks: () =>
      dimensions.flatMap((d) =>
        Array.from(
          { length: bbobCount },
          (_, i) => `f${String(i + 1).padStart(2, "0")}-${d}d`,
        )
      ),
    space: (task) => {
      const [, d] = read(task);
      const known = spaces.get(d) ?? space(Object.fromEntries(
        Array.from({ length: d }, (_, i) => [`x${i + 1}`, float(-5, 5)]),
      ));
      spaces.set(d, known);
      return known;
    },
    evaluate: (task, configurations) =>
      Promise.resolve(
        configurations.map((one) => ({ value: valueAt(task, one) })),
      ),
    optimum: (task) => functionOf(task).best,
    close: () => Promise.resolve(),
  };
}

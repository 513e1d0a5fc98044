import type { Curve } from "../records/mod.ts";
import type { Report } from "../storage/mod.ts";

interface Points {
  readonly steps: number[];
  readonly values: number[];
}

/** The curves of a running trial as they grow. */
export class LiveCurves {
  readonly #curves = new Map<string, Points>();
  #snapshot: ReadonlyMap<string, Curve> | null = null;

  /** Adds values; a value for a step that has one already replaces it. */
  add(reports: readonly Report[]): void {
    this.#snapshot = null;
    for (const { name, step, value } of reports) {
      let points = this.#curves.get(name);
      if (points === undefined) {
        this.#curves.set(name, points = { steps: [], values: [] });
      }
      const { steps, values } = points;
      const last = steps.at(-1);
      if (last === undefined || step > last) {
        steps.push(step);
        values.push(value);
        continue;
      }
      const index = steps.findIndex((other) => other >= step);
      if (steps[index] === step) values[index] = value;
      else {
        steps.splice(index, 0, step);
        values.splice(index, 0, value);
      }
    }
  }

  /** The names of the curves. */
  get names(): readonly string[] {
    return [...this.#curves.keys()];
  }

  /** One curve as it is now, without a copy; it goes on growing. Null if there is none of that name. */
  peek(name: string): Curve | null {
    const points = this.#curves.get(name);
    return points === undefined ? null : { name, ...points };
  }

  /** All curves, frozen as they are now. */
  snapshot(): ReadonlyMap<string, Curve> {
    this.#snapshot ??= new Map(
      [...this.#curves].map(([name, { steps, values }]) => [
        name,
        Object.freeze({
          name,
          steps: Object.freeze([...steps]),
          values: Object.freeze([...values]),
        }),
      ]),
    );
    return this.#snapshot;
  }
}

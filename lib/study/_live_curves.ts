import type { Curve } from "../records/mod.ts";
import type { Report } from "../storage/mod.ts";

interface Points {
  readonly steps: number[];
  readonly values: number[];
  /** Whether some came out of their order, or twice: sorted once they are looked at. */
  isMixed: boolean;
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
        points = { steps: [], values: [], isMixed: false };
        this.#curves.set(name, points);
      }
      const { steps, values } = points;
      const last = steps.at(-1);
      if (step === last) values[values.length - 1] = value;
      else {
        points.isMixed ||= last !== undefined && step < last;
        steps.push(step);
        values.push(value);
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
    if (points === undefined) return null;
    const { steps, values } = inOrder(points);
    return { name, steps, values };
  }

  /** All curves, frozen as they are now. */
  snapshot(): ReadonlyMap<string, Curve> {
    this.#snapshot ??= new Map(
      [...this.#curves].map(([name, points]) => {
        const { steps, values } = inOrder(points);
        return [
          name,
          Object.freeze({
            name,
            steps: Object.freeze(steps.slice()),
            values: Object.freeze(values.slice()),
          }),
        ];
      }),
    );
    return this.#snapshot;
  }
}

/** The points by step, the last value of each: the same lists, because someone may hold them. */
function inOrder(points: Points): Points {
  if (!points.isMixed) return points;
  const { steps, values } = points;
  const byStep = new Map(steps.map((step, i) => [step, values[i]!]));
  const sorted = Float64Array.from(byStep.keys()).sort();
  sorted.forEach((step, i) => {
    steps[i] = step;
    values[i] = byStep.get(step)!;
  });
  steps.length = values.length = sorted.length;
  points.isMixed = false;
  return points;
}

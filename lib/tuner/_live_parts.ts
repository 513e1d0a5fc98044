import type { TrialRecord } from "../records/mod.ts";
import { partOf } from "./_rows.ts";
import type { CurvePart } from "./protocol.ts";

/**
 * What of the running trials' curves has been sent, so that only what is new is.
 * All pages are sent the same; one that comes later is sent the whole first.
 */
export class LiveParts {
  readonly #sent = new Map<
    number,
    Map<string, { count: number; last: number }>
  >();

  /** What is new of a trial, its last point sent again: it may have been replaced. */
  news({ number, curves }: TrialRecord): CurvePart[] {
    let known = this.#sent.get(number);
    if (known === undefined) this.#sent.set(number, known = new Map());
    const parts: CurvePart[] = [];
    for (const curve of curves.values()) {
      const before = known.get(curve.name);
      const { length } = curve.steps;
      if (length === 0) continue;
      // A step that came out of order has moved the others.
      const inOrder = before !== undefined && before.count <= length &&
        curve.steps[before.count - 1] === before.last;
      const from = inOrder ? before.count - 1 : 0;
      if (!inOrder || before.count < length) {
        parts.push(partOf(number, curve, from));
      }
      known.set(curve.name, { count: length, last: curve.steps.at(-1)! });
    }
    return parts;
  }

  /** Lets a trial go. */
  drop(number: number): void {
    this.#sent.delete(number);
  }
}

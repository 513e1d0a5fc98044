import type { Report } from "../storage/mod.ts";
import { shown } from "./_shown.ts";

/**
 * What `trial.report` takes: the objective's value at this step, or numbers by
 * name, at most two levels deep: `{ train: { loss }, validation: { loss } }`
 * makes the curves `"train loss"` and `"validation loss"`.
 */
export type ReportValues =
  | number
  | Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/** The reports that the values stand for. */
export function reportsOf(
  step: number,
  values: ReportValues,
  objectiveName: string,
): Report[] {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(
      `Cannot report: the step is ${
        String(step)
      }, expected a whole number of at least 0, such as the epoch`,
    );
  }
  if (typeof values === "number") {
    return [{ name: objectiveName, step, value: values }];
  }
  if (typeof values !== "object" || values === null) throw wrong("", values);
  const reports: Report[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") reports.push({ name, step, value });
    else if (typeof value !== "object" || value === null) {
      throw wrong(` "${name}"`, value);
    } else {
      for (const [metric, inner] of Object.entries(value)) {
        if (typeof inner !== "number") {
          throw wrong(` "${name} ${metric}"`, inner);
        }
        reports.push({ name: `${name} ${metric}`, step, value: inner });
      }
    }
  }
  if (reports.length === 0) {
    throw new RangeError(
      `Cannot report at step ${step}: there are no values; give a number, or numbers by name such as { train: { loss: 0.1 } }`,
    );
  }
  return reports;
}

function wrong(what: string, value: unknown): TypeError {
  const found = typeof value === "object" && value !== null
    ? `a ${value.constructor?.name ?? "object"}`
    : shown(value);
  return new TypeError(
    `Cannot report${what}: found ${found}, expected a number, or numbers by name such as { train: { loss: 0.1 }, validation: { loss: 0.2 } }; of a tensor, await its data first`,
  );
}

import type { MetricReading } from "./metric_source.ts";

/** Names under which programs print the step. */
const stepNames = ["step", "epoch", "iteration", "global_step"];

/** Whether a column or key is the step. */
export function isStepName(name: string): boolean {
  return stepNames.includes(name.toLowerCase());
}

/** A reading of names and values; null if there is nothing in it. */
export function readingOf(
  entries: readonly (readonly [string, unknown])[],
): MetricReading | null {
  let step: number | null = null;
  const values: Record<string, number> = Object.create(null);
  for (const [name, value] of entries) {
    if (typeof value === "number") {
      if (
        step === null && isStepName(name) &&
        Number.isSafeInteger(value) && value >= 0
      ) step = value;
      else values[name] = value;
    } else if (typeof value === "object" && value !== null) {
      for (const [inner, number] of Object.entries(value)) {
        if (typeof number === "number") values[`${name} ${inner}`] = number;
      }
    }
  }
  return Object.keys(values).length === 0 ? null : { step, values };
}

/** A number as programs print it; null where it is none. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim().replace(/,$/, "");
  if (/^[+-]?nan$/i.test(trimmed)) return NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(trimmed);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  const percent = /^(\S+?)\s*%$/.exec(trimmed);
  const number = Number(percent?.[1] ?? trimmed);
  if (trimmed === "" || Number.isNaN(number)) return null;
  return percent === null ? number : number / 100;
}

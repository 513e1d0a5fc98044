import type { Parameter } from "./parameter.ts";

/** How a value is written in an error message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) {
    return `[${value.slice(0, 8).map(show).join(", ")}${
      value.length > 8 ? ", …" : ""
    }]`;
  }
  if (typeof value === "object" && value !== null) {
    try {
      const text = JSON.stringify(value);
      return text.length > 80 ? `${text.slice(0, 79)}…` : text;
    } catch {
      return "an object";
    }
  }
  return String(value);
}

/** Of longer names nobody mistypes a letter, and comparing takes long. */
const longestGuessed = 100;

/**
 * The candidate most like `name`, for "did you mean": at most two edits away,
 * in short names one, and never a whole other name.
 */
export function nearest(
  name: string,
  candidates: readonly string[],
): string | null {
  // Names read from a file may be anything, of any length.
  if (typeof name !== "string" || name.length > longestGuessed) return null;
  let best: string | null = null;
  let bestDistance = Math.min(3, Math.ceil(name.length / 3) + 1, name.length);
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours, each letter touched once. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(substitute, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, beforeLast[j - 2]! + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** A parameter's kind and range or values, in words. */
export function describeParameter(parameter: Parameter): string {
  switch (parameter.kind) {
    case "float":
    case "int": {
      const step = parameter.step === null ||
          parameter.kind === "int" && parameter.step === 1
        ? ""
        : `, step ${parameter.step}`;
      return `${parameter.kind} in [${parameter.low}, ${parameter.high}]${
        parameter.log ? ", log" : ""
      }${step}`;
    }
    case "boolean":
      return "boolean";
    default:
      return `${parameter.kind} of ${parameter.choices.map(show).join(", ")}`;
  }
}

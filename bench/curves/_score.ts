/**
 * Scores of a classification, with bootstrap intervals.
 *
 * @module
 */

import { randomStream } from "../../lib/math/mod.ts";

/** What was true and what was said, of one run. */
export interface Verdict {
  readonly truth: string;
  readonly said: string;
}

/** F1 of one class; 0 where the class was neither there nor said. */
export function f1(verdicts: readonly Verdict[], name: string): number {
  let both = 0;
  let either = 0;
  for (const { truth, said } of verdicts) {
    if (truth === name) either++;
    if (said === name) either++;
    if (truth === name && said === name) both++;
  }
  return either === 0 ? 0 : 2 * both / either;
}

/** The mean F1 of the classes that are there. */
export function macroF1(verdicts: readonly Verdict[]): number {
  const classes = [...new Set(verdicts.map(({ truth }) => truth))];
  return classes.reduce((sum, name) => sum + f1(verdicts, name), 0) /
    Math.max(1, classes.length);
}

/** A statistic with a 95 % interval over runs drawn again with replacement. */
export function withInterval<T>(
  items: readonly T[],
  statistic: (items: readonly T[]) => number,
  repetitions = 1000,
): { value: number; low: number; high: number } {
  const random = randomStream("bootstrap");
  const values = Array.from(
    { length: repetitions },
    () => statistic(items.map(() => items[random.int(items.length)]!)),
  ).sort((a, b) => a - b);
  return {
    value: statistic(items),
    low: values[Math.floor(0.025 * repetitions)]!,
    high: values[Math.floor(0.975 * repetitions)]!,
  };
}

/** A confusion matrix as a Markdown table: rows are true, columns are said. */
export function confusion(verdicts: readonly Verdict[]): string {
  const names = [
    ...new Set(verdicts.flatMap(({ truth, said }) => [truth, said])),
  ].sort();
  const rows = names.filter((name) =>
    verdicts.some(({ truth }) => truth === name)
  ).map((truth) => {
    const own = verdicts.filter((one) => one.truth === truth);
    const cells = names.map((said) =>
      own.filter((one) => one.said === said).length || ""
    );
    return `| ${truth} | ${cells.join(" | ")} | ${
      f1(verdicts, truth).toFixed(2)
    } |`;
  });
  return [
    `| true \\ said | ${names.join(" | ")} | F1 |`,
    `|---|${names.map(() => "---").join("|")}|---|`,
    ...rows,
  ].join("\n");
}

/** The chance of so one-sided a count, if both were alike (sign test, two sides). */
export function signTest(better: number, worse: number): number {
  const n = better + worse;
  let tail = 0;
  let term = 0.5 ** n;
  for (let k = 0; k <= n; k++) {
    if (k <= Math.min(better, worse)) tail += term;
    term *= (n - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

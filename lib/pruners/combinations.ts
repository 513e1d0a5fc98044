import { keep } from "./_judgement.ts";
import type { Judgement, JudgeRequest, Pruner } from "./pruner.ts";

function checkPruners(name: string, pruners: readonly unknown[]): void {
  if (pruners.length === 0) {
    throw new TypeError(
      `Cannot combine pruners: ${name}() was given none, expected at least one, such as medianPruner()`,
    );
  }
  for (const pruner of pruners) {
    if (typeof (pruner as Pruner | null)?.judge === "function") continue;
    throw new TypeError(
      `Cannot combine pruners: ${name}() was given ${
        typeof pruner === "function" ? "a function" : JSON.stringify(pruner)
      }, expected pruners such as medianPruner() (mind the brackets)`,
    );
  }
}

function labelled({ name }: Pruner, { reason }: Judgement): string {
  return `${reason.replace(/\.$/, "")} (${name}).`;
}

/**
 * Stops a trial when one of the pruners does; the first that does says why.
 *
 * @param pruners At least one.
 * @throws {TypeError} If there is none, or one is no pruner.
 *
 * @example
 * ```ts
 * import { anyOf, medianPruner, thresholdPruner } from "@etude/etude";
 * anyOf(thresholdPruner({ upper: 10 }), medianPruner()).name; // "threshold or median"
 * ```
 */
export function anyOf(...pruners: readonly Pruner[]): Pruner {
  checkPruners("anyOf", pruners);
  return Object.freeze<Pruner>({
    name: pruners.map(({ name }) => name).join(" or "),
    judge: (request) => {
      const kept: string[] = [];
      let audit: Judgement | null = null;
      for (const pruner of pruners) {
        const judgement = pruner.judge(request);
        if (judgement.stop) {
          return { stop: true, reason: labelled(pruner, judgement) };
        }
        if (judgement.audit !== undefined) audit ??= judgement;
        kept.push(judgement.reason);
      }
      return audit ?? keep(kept[0]!);
    },
  });
}

/**
 * Stops a trial when all of the pruners do.
 *
 * @param pruners At least one.
 * @throws {TypeError} If there is none, or one is no pruner.
 *
 * @example
 * ```ts
 * import { allOf, medianPruner, patiencePruner } from "@etude/etude";
 * allOf(medianPruner(), patiencePruner()).name; // "median and patience"
 * ```
 */
export function allOf(...pruners: readonly Pruner[]): Pruner {
  checkPruners("allOf", pruners);
  return Object.freeze<Pruner>({
    name: pruners.map(({ name }) => name).join(" and "),
    judge: (request) => {
      const reasons: string[] = [];
      for (const pruner of pruners) {
        const judgement = pruner.judge(request);
        if (!judgement.stop) return judgement;
        reasons.push(labelled(pruner, judgement));
      }
      return { stop: true, reason: reasons.join(" ") };
    },
  });
}

/**
 * Stops a trial when the pruner does not: for `allOf(a, not(b))`. By itself it
 * stops almost everything.
 *
 * @param pruner The pruner.
 * @throws {TypeError} If it is no pruner.
 *
 * @example
 * ```ts
 * import { allOf, medianPruner, not, patiencePruner } from "@etude/etude";
 * // Worse than the median, and not improving any more.
 * allOf(medianPruner(), patiencePruner({ patience: 3 }));
 * // Worse than the median although it has just stopped improving: hardly ever wanted.
 * allOf(medianPruner(), not(patiencePruner({ patience: 3 }))).name; // "median and not patience"
 * ```
 */
export function not(pruner: Pruner): Pruner {
  checkPruners("not", [pruner]);
  return Object.freeze<Pruner>({
    name: `not ${pruner.name}`,
    judge: (request: JudgeRequest) => {
      // Nothing is known of a trial that has not reported: nobody stops it.
      if (request.curve.steps.length === 0) return pruner.judge(request);
      const { stop, reason } = pruner.judge(request);
      return { stop: !stop, reason };
    },
  });
}

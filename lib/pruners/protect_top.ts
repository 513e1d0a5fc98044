import { checkNames, checkNumbers } from "./_check.ts";
import { historyOf } from "./_history.ts";
import { countOf, keep } from "./_judgement.ts";
import { bestOf, firstValueFrom, indexFrom } from "./_points.ts";
import type { Pruner } from "./pruner.ts";

/** Options of {@linkcode protectTop}. */
export interface ProtectTopOptions {
  /** The share of trials that is never stopped, above 0 and below 1. Defaults to `0.1`. */
  readonly share?: number;
  /** How many other trials must have come as far, at least 1. Defaults to `5`. */
  readonly minTrials?: number;
  /** The curve by which trials are ranked; smaller is better unless it is the objective's. Defaults to the objective's. */
  readonly curve?: string;
}

/**
 * Keeps a pruner from stopping trials that are among the best at their step:
 * a guard for rules that look at one curve alone.
 *
 * A trial's best value so far is compared with the best that the others had at
 * the same step, of those that came as far.
 *
 * Source: BTTackler (2024) protects the best tenth by training loss.
 *
 * @param pruner Whom to ask.
 * @param options How many are protected.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { patiencePruner, protectTop } from "@etude/etude";
 * protectTop(patiencePruner(), { share: 0.2 }).name; // "patience, best 20 % protected"
 * ```
 */
export function protectTop(
  pruner: Pruner,
  options: ProtectTopOptions = {},
): Pruner {
  checkNames("protecting", options, ["share", "minTrials", "curve"]);
  const { share = 0.1, minTrials = 5, curve: curveName } = options;
  checkNumbers("protecting", { share, minTrials }, {
    share: { least: Number.MIN_VALUE, most: 1 - Number.EPSILON },
    minTrials: { least: 1, whole: true },
  });
  return Object.freeze<Pruner>({
    name: `${pruner.name}, best ${
      Number((100 * share).toPrecision(3))
    } % protected`,
    judge: (request) => {
      const judgement = pruner.judge(request);
      if (!judgement.stop) return judgement;
      const { study, number } = request;
      const objective = study.objectives[0]!;
      const isObjective = curveName === undefined ||
        curveName === objective.name;
      const direction = isObjective ? objective.direction : "minimize";
      const curve = isObjective
        ? request.curve
        : study.trials[number]?.curves.get(curveName!);
      const step = curve?.steps.at(-1);
      if (curve === undefined || step === undefined) return judgement;
      const own = bestOf(curve.values, direction);
      if (Number.isNaN(own)) return judgement;
      const history = historyOf(study);
      const column = history.column(
        `best to ${step} ${curveName ?? ""}`,
        (objectiveCurve, trial) => {
          const other = isObjective
            ? objectiveCurve
            : trial.curves.get(curveName!);
          if (other === undefined) return undefined;
          if (firstValueFrom(other, step) === undefined) return undefined;
          const end = indexFrom(other.steps, step + 1);
          return bestOf(other.values.slice(0, end), direction);
        },
      );
      const size = column.sorted.length;
      if (size < minTrials) return judgement;
      const better = column.sorted.filter((other) =>
        direction === "minimize" ? other < own : other > own
      ).length;
      if (better >= share * (size + 1)) {
        return judgement;
      }
      return keep(
        `It is place ${better + 1} of ${
          countOf(size + 1, "trial")
        } at step ${step}, and so protected.`,
      );
    },
  });
}

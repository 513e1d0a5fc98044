import { randomStream } from "../math/mod.ts";
import type { TrialRecord } from "../records/mod.ts";
import { checkNames, checkNumbers } from "./_check.ts";
import type { Audit, Pruner } from "./pruner.ts";

/** Options of {@linkcode audited}. */
export interface AuditOptions {
  /** One in so many of the trials that the rule would stop runs on, at least 2. Defaults to `10`. */
  readonly oneIn?: number;
  /** What decides, with the trial's number, which ones. Defaults to `"audit"`. */
  readonly seed?: string | number;
}

/** The attribute under which a study keeps what {@linkcode audited} found of a trial. */
export const auditAttribute = "etude:pruning audit";

/** What is kept of a trial that a pruner would have stopped. */
export interface AuditNote extends Audit {
  /** The step at which it would have been stopped first. */
  readonly step: number;
}

/**
 * Lets one in N of the trials that a pruner would stop run on, to see what the
 * rule costs: `study.charts.pruning()` counts how many of them would have won.
 *
 * Which trials those are hangs on the trial's number and the seed alone. The
 * study keeps the step and the reason with the trial, as the attribute
 * {@linkcode auditAttribute}.
 *
 * @param pruner Whom to audit.
 * @param options One in how many.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { audited, medianPruner } from "@etude/etude";
 * audited(medianPruner(), { oneIn: 10 }).name; // "median, 1 in 10 audited"
 * ```
 */
export function audited(
  pruner: Pruner,
  options: AuditOptions = {},
): Pruner {
  checkNames("audited", options, ["oneIn", "seed"]);
  const { oneIn = 10, seed = "audit" } = options;
  checkNumbers("audited", { oneIn }, { oneIn: { least: 2, whole: true } });
  // A cache: which trials are drawn follows from their numbers.
  const drawn = new Map<number, boolean>();
  const isDrawn = (number: number) => {
    let found = drawn.get(number);
    if (found === undefined) {
      found = randomStream(String(seed), number, "audit").int(oneIn) === 0;
      drawn.set(number, found);
    }
    return found;
  };
  return Object.freeze<Pruner>({
    name: `${pruner.name}, 1 in ${oneIn} audited`,
    judge: (request) => {
      const judgement = pruner.judge(request);
      if (!judgement.stop || !isDrawn(request.number)) return judgement;
      return {
        stop: false,
        audit: { reason: judgement.reason, pruner: pruner.name, oneIn },
        reason:
          `It would be stopped, and runs on as one in ${oneIn} to see what the rule is worth: ${judgement.reason}`,
      };
    },
  });
}

/**
 * What is kept of a trial that ran on to audit a pruner; null if it did not.
 *
 * @example
 * ```ts
 * import { auditNote, createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 2, progress: false });
 * auditNote(study.trial(0)); // null
 * ```
 */
export function auditNote(trial: TrialRecord<unknown>): AuditNote | null {
  const note = trial.attributes[auditAttribute] as AuditNote | undefined;
  return typeof note === "object" && note !== null &&
      typeof note.step === "number"
    ? note
    : null;
}

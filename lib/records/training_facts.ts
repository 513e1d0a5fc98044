/** What a training says of itself once, beside its curves. All may be missing. */
export interface TrainingFacts {
  /** The loss of an answer that is always the same, in the loss's own unit; above 0. */
  readonly baseline?: number;
  /** How many examples a validation value is a mean over. */
  readonly nValidation?: number;
  /** Whether the training loss is a mean over the epoch, not measured after it. */
  readonly trainAveraged?: boolean;
}

/** The attribute of a trial that its {@linkcode TrainingFacts} are kept under. */
export const trainingFactsKey = "training facts";

/**
 * The facts among a trial's attributes; what is not of the right kind is left out.
 *
 * @param attributes A trial's attributes.
 *
 * @example
 * ```ts
 * import { trainingFactsOf } from "@etude/etude";
 * trainingFactsOf({ "training facts": { baseline: Math.log(10), nValidation: 360 } }).nValidation; // 360
 * ```
 */
export function trainingFactsOf(
  attributes: Readonly<Record<string, unknown>>,
): TrainingFacts {
  const told = attributes[trainingFactsKey];
  if (typeof told !== "object" || told === null) return {};
  const { baseline, nValidation, trainAveraged } = told as Record<
    string,
    unknown
  >;
  return {
    ...isPositive(baseline) ? { baseline } : {},
    ...isPositive(nValidation) ? { nValidation } : {},
    ...typeof trainAveraged === "boolean" ? { trainAveraged } : {},
  };
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

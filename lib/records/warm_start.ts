import type { Prediction } from "./prediction.ts";
import type { TrialRecord } from "./trial.ts";

/** The attribute of a study that keeps what it begins from. */
export const warmStartKey = "etude:warm_start";
/** The attribute of a study that keeps what prior studies say of its space, in numbers; large. */
export const warmStartModelKey = "etude:warm_start_model";
/** The attribute of a trial that keeps how much prior studies weighed in its choice. */
export const priorWeightKey = "etude:prior_weight";

/** A prior study, and its part in what the library says. */
export interface PriorShare {
  /** The study's name. */
  readonly name: string;
  /** Its part, in `[0, 1]`; the parts of all sum to 1. */
  readonly share: number;
}

/** How much prior studies weighed in the choice of a trial: the attribute {@linkcode priorWeightKey}. */
export interface PriorWeight {
  /** How far they were trusted then, in `[0, 1]`: 0, and the trials alone chose; 1, and they were taken at their word. */
  readonly weight: number;
  /** Whose turn it was: theirs, or that of the study's trials alone. By turns, as they are trusted. */
  readonly chosenBy: "prior studies" | "trials";
  /** Those with the largest shares, at most 8, the largest first. */
  readonly voices: readonly PriorShare[];
  /** What was expected with the prior studies, in the objective's units; null where their values are of other things and no trial had told the scale. */
  readonly expected: Prediction | null;
  /** What was expected from the study's trials alone; null while they were too few. */
  readonly without: Prediction | null;
}

/** A prior study that a study began from. */
export interface WarmStartSource {
  /** The study's name. */
  readonly name: string;
  /** The file or database that it was read from, in words. */
  readonly source: string;
  /** How many complete trials it had. */
  readonly trials: number;
  /** How alike it is, in `[0, 1]`. */
  readonly similarity: number;
}

/** What a study was to begin from and could not be read. */
export interface WarmStartSkip {
  /** The file, database or study. */
  readonly source: string;
  /** What was wrong with it, in words. */
  readonly reason: string;
}

/** A trial, how much prior studies weighed in it, and whether they were right. */
export interface PriorVerdict extends PriorWeight {
  /** The trial's number. */
  readonly number: number;
  /** Whether it is one of the configurations that the study began with. */
  readonly isStart: boolean;
  /** What came out; null if nothing (yet). */
  readonly value: number | null;
  /**
   * Whether prior studies were right: the logarithm of how much likelier they
   * made the value than the trials alone, above 0 for right, kept within ± 3;
   * null where either said nothing, or nothing came out.
   */
  readonly support: number | null;
}

/** What a study began from, and what came of it: `study.warmStart`. */
export interface WarmStartRecord {
  /** How its beginning was chosen, e.g. `"auto"`. */
  readonly strategy: string;
  /** The prior studies, the most similar first. */
  readonly sources: readonly WarmStartSource[];
  /** What could not be read: it was left out. */
  readonly skipped: readonly WarmStartSkip[];
  /** What a person should know besides, a sentence each: what could not be read, and what has become of it since the study began. */
  readonly remarks: readonly string[];
  /** How many configurations it was given to begin with. */
  readonly starts: number;
  /** How well the prior studies foretell one another, before any trial of this one: the mean logarithm of how much likelier twelve values of one are with the others than without; about 0 for chance, above 0 for better, mostly within ± 10; null if there are too few to say. */
  readonly coherence: number | null;
  /** The trials in whose choice prior studies had a say, by number. */
  readonly trials: readonly PriorVerdict[];
}

/** The largest support: one surprise does not decide all. */
const mostSupport = 3;

/**
 * What a study began from, read from its attributes and those of its trials;
 * null if it began cold, without anything to be said of it.
 *
 * @example
 * ```ts
 * import { warmStartOf } from "@etude/etude";
 * warmStartOf({ attributes: {}, trials: [] }); // null
 * ```
 */
export function warmStartOf(
  { attributes, trials }: {
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly trials: readonly TrialRecord<unknown>[];
  },
): WarmStartRecord | null {
  const kept = attributes[warmStartKey];
  if (typeof kept !== "object" || kept === null) return null;
  const { strategy, starts, coherence, ...lists } = kept as Record<
    string,
    unknown
  >;
  const sources = listOf<WarmStartSource>(lists.sources, isSource);
  const skipped = listOf<WarmStartSkip>(lists.skipped, isSkip);
  const remarks = listOf<string>(lists.remarks, isText);
  if (sources.length + skipped.length + remarks.length === 0) return null;
  const begun = new Set(
    listOf<{ params?: unknown }>(starts, isObject)
      .map(({ params }) => JSON.stringify(params)),
  );
  return Object.freeze<WarmStartRecord>({
    strategy: typeof strategy === "string" ? strategy : "auto",
    sources,
    skipped,
    remarks: Object.freeze([
      ...skipped.map(({ source, reason }) =>
        `Left out of the library: ${source} (${reason.replace(/\.$/, "")}).`
      ),
      ...remarks,
    ]),
    starts: begun.size,
    coherence: typeof coherence === "number" ? coherence : null,
    trials: Object.freeze(trials.flatMap((trial): PriorVerdict[] => {
      const weight = priorWeightOf(trial.attributes);
      if (weight === null) return [];
      const value = trial.state === "complete" ? trial.value : null;
      return [Object.freeze({
        ...weight,
        number: trial.number,
        isStart: begun.has(JSON.stringify(trial.params)),
        value,
        support: supportOf(weight, value),
      })];
    })),
  });
}

/** Of a list that was kept, those that are of their form: others may write into the same file. */
function listOf<T>(
  kept: unknown,
  is: (one: unknown) => boolean,
): readonly T[] {
  return Object.freeze(Array.isArray(kept) ? kept.filter(is) as T[] : []);
}

function isText(one: unknown): one is string {
  return typeof one === "string";
}

function isObject(one: unknown): one is Readonly<Record<string, unknown>> {
  return typeof one === "object" && one !== null;
}

function isSource(one: unknown): boolean {
  return isObject(one) && isText(one.name) && isText(one.source);
}

function isSkip(one: unknown): boolean {
  return isObject(one) && isText(one.source) && isText(one.reason);
}

function isShare(one: unknown): boolean {
  return isObject(one) && isText(one.name) && typeof one.share === "number";
}

/**
 * How much prior studies weighed in a trial's choice; null if they had no say.
 *
 * @example
 * ```ts
 * import { priorWeightOf } from "@etude/etude";
 * priorWeightOf({}); // null: prior studies had no say
 * ```
 */
export function priorWeightOf(
  attributes: Readonly<Record<string, unknown>>,
): PriorWeight | null {
  const kept = attributes[priorWeightKey];
  if (typeof kept !== "object" || kept === null) return null;
  const { weight, chosenBy, voices, expected, without } = kept as Record<
    string,
    unknown
  >;
  if (typeof weight !== "number" || !Array.isArray(voices)) return null;
  return {
    weight,
    chosenBy: chosenBy === "trials" ? "trials" : "prior studies",
    voices: listOf<PriorShare>(voices, isShare),
    expected: predictionOf(expected),
    without: predictionOf(without),
  };
}

function predictionOf(kept: unknown): Prediction | null {
  const { mean, sd } = (kept ?? {}) as Partial<Prediction>;
  return typeof mean === "number" && typeof sd === "number"
    ? { mean, sd }
    : null;
}

/**
 * The logarithm of how much likelier a value was with prior studies than by the trials alone, within ± 3; null where either said nothing.
 *
 * @example
 * ```ts
 * import { supportOf } from "@etude/etude";
 * const weight = {
 *   weight: 0.9, chosenBy: "prior studies", voices: [],
 *   expected: { mean: 0.2, sd: 0.1 }, without: { mean: 0.8, sd: 0.1 },
 * } as const;
 * supportOf(weight, 0.25); // 3: they foresaw it
 * ```
 */
export function supportOf(
  { expected, without }: PriorWeight,
  value: number | null,
): number | null {
  if (expected === null || without === null || value === null) return null;
  const support = logDensity(expected, value) - logDensity(without, value);
  return Number.isFinite(support)
    ? Math.max(-mostSupport, Math.min(mostSupport, support))
    : null;
}

/** Of a Student t with 4 degrees of freedom, up to a constant: outliers say less than under a normal. */
function logDensity({ mean, sd }: Prediction, value: number): number {
  const z = (value - mean) / sd;
  return -2.5 * Math.log1p(z * z / 4) - Math.log(sd);
}

import type { Objective, TrialRecord } from "../records/mod.ts";
import type { SimilarStudy } from "./similar_study.ts";
import type { SpaceMapping } from "./space_mapping.ts";

/** A prior study with its trials, ready to teach something of a new space. */
export interface PriorStudy {
  /** Its name. */
  readonly name: string;
  /** How much it has to say, above 0: its similarity. */
  readonly weight: number;
  /** What it optimized. */
  readonly objective: Objective;
  /** Whether its values are of the same thing as the new study's, so that they can be compared. Defaults to `false`. */
  readonly isComparable?: boolean;
  /** How its trials are read in the new space. */
  readonly mapping: SpaceMapping;
  /** Its complete trials. */
  readonly trials: readonly TrialRecord[];
}

/**
 * Reads the trials of similar studies. A study that cannot be read is left out.
 *
 * @param similar What `Library.similar` found.
 */
export async function readPriorStudies(
  similar: readonly SimilarStudy[],
): Promise<readonly PriorStudy[]> {
  const read = await Promise.all(
    similar.map(async ({ study, similarity, mapping, metric }) => {
      try {
        return [Object.freeze<PriorStudy>({
          name: study.name,
          weight: similarity,
          objective: study.objective,
          isComparable: metric === 1,
          mapping,
          trials: await study.read(),
        })];
      } catch {
        return [];
      }
    }),
  );
  return Object.freeze(read.flat());
}

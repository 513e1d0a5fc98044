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
 *
 * @example
 * ```ts
 * import { createStudy, float, MemoryStorage, openLibrary, readPriorStudies, space } from "@etude/etude";
 * const past = new MemoryStorage();
 * const old = await createStudy({ name: "old", space: space({ x: float(0, 1) }), storage: past, library: false });
 * await old.optimize(({ params }) => (params.x - 0.3) ** 2, { trials: 8, progress: false });
 * const now = space({ x: float(0, 1) });
 * const similar = await (await openLibrary([past])).similar(null, now);
 * (await readPriorStudies(similar))[0]?.trials.length; // 8
 * ```
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

import { isFeasible, type TrialRecord } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import { areCopies } from "./_copies.ts";
import { libraryHTML, libraryText } from "./_library_card.ts";
import { correctionKey, keptCorrections, standingOf } from "./_marks.ts";
import { familyLikeness, familyOf } from "./_family.ts";
import { metricLikeness } from "./_metric.ts";
import {
  type LibrarySource,
  mappingsKey,
  type SourceStudy,
  standingKey,
} from "./_source.ts";
import { LibraryCard } from "./library_card.ts";
import type { LibraryStudy, Standing } from "./library_study.ts";
import type {
  SimilarOptions,
  SimilarStudy,
  SkippedSource,
} from "./similar_study.ts";
import {
  type MappingCorrections,
  mapSpace,
  type SpaceMapping,
} from "./space_mapping.ts";
import { isTaskDescription, type TaskDescription } from "./task.ts";
import { taskLikeness } from "./task_likeness.ts";

interface Listed extends LibraryStudy {
  readonly id: number;
  readonly from: LibrarySource;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * Prior studies, from one or several files and databases, seen as a collection.
 * Every study with a complete trial is in it. Trials are read only when they are
 * asked for. Made by {@linkcode openLibrary}; as the last expression of a cell it
 * shows itself.
 *
 * @example
 * ```ts
 * import { createStudy, float, MemoryStorage, openLibrary, space } from "@etude/etude";
 * const storage = new MemoryStorage();
 * const old = await createStudy({ name: "old", space: space({ lr: float(0, 1) }), storage });
 * await old.optimize((trial) => trial.params.lr, { trials: 3, progress: false });
 * const library = await openLibrary([storage]);
 * (await library.studies())[0]?.name; // "old"
 * ```
 */
export class Library {
  /** Sources that could not be opened or read: they are left out, and named here. */
  readonly skipped: readonly SkippedSource[];
  readonly #skipped: SkippedSource[];
  readonly #sources: readonly LibrarySource[];
  #listed: readonly Listed[] = [];
  readonly #corrections = new Map<string, MappingCorrections>();
  readonly #mappings = new WeakMap<Space, WeakMap<Space, SpaceMapping>>();
  readonly #trials = new WeakMap<
    SourceStudy,
    Promise<readonly TrialRecord[]>
  >();

  /** Made by {@linkcode openLibrary}. */
  constructor(
    sources: readonly LibrarySource[],
    skipped: readonly SkippedSource[],
  ) {
    this.#sources = sources;
    this.#skipped = [...skipped];
    this.skipped = this.#skipped;
  }

  /** Reads what the sources list anew: studies that were finished or marked since. */
  async refresh(): Promise<void> {
    const listed: Listed[] = [];
    for (const source of this.#sources) {
      try {
        for (const study of await source.list()) {
          if (study.completeTrials > 0) {
            listed.push(this.#listing(source, study));
          }
        }
      } catch (error) {
        this.#skip(source.description, error);
      }
    }
    this.#listed = Object.freeze(listed);
  }

  #skip(source: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (!this.#skipped.some((one) => one.source === source)) {
      this.#skipped.push(Object.freeze({ source, reason }));
    }
  }

  #listing(source: LibrarySource, study: SourceStudy): Listed {
    const { standing, reason } = standingOf(study.attributes[standingKey]);
    return Object.freeze<Listed>({
      id: study.id,
      from: source,
      attributes: study.attributes,
      name: study.name,
      source: source.description,
      objective: study.objectives[0] ??
        { name: "value", direction: "minimize" },
      seed: study.seed,
      task: isTaskDescription(study.task) ? study.task : null,
      completeTrials: study.completeTrials,
      standing,
      standingReason: reason,
      origin: study.origin,
      space: () => study.space(),
      read: () => {
        const known = this.#trials.get(study);
        if (known !== undefined) return known;
        const reading = source.trials(study.id).then((trials) => {
          const space = study.space();
          return Object.freeze(
            trials.filter((trial) =>
              trial.state === "complete" && isFeasible(trial)
            ).map((trial) => {
              const params = space?.translate(trial.params) ?? trial.params;
              return params === trial.params
                ? trial
                : Object.freeze({ ...trial, params });
            }),
          );
        });
        this.#trials.set(study, reading);
        return reading;
      },
    });
  }

  /**
   * The studies in it, in the order of the sources, the oldest first.
   *
   * @param options Whether to list withdrawn ones too. Defaults to not.
   */
  studies(
    options: { readonly withdrawn?: boolean } = {},
  ): readonly LibraryStudy[] {
    return options.withdrawn
      ? this.#listed
      : this.#listed.filter(({ standing }) => standing !== "withdrawn");
  }

  /**
   * The prior studies that have most to say of a new one, the most similar
   * first, of equals the oldest. Studies whose space shares no parameter, and
   * those not to be trusted, are left out; so are copies of one another.
   *
   * @param task What is known of the new task; null for nothing.
   * @param space The space of the new study.
   *
   * @example
   * ```ts
   * import { createStudy, float, MemoryStorage, openLibrary, space } from "@etude/etude";
   * const storage = new MemoryStorage();
   * const study = await createStudy({ name: "old", space: space({ lr: float(0, 1) }), storage });
   * await study.optimize((trial) => trial.params.lr, { trials: 3, progress: false });
   * const library = await openLibrary([storage]);
   * const [nearest] = await library.similar(null, space({ learningRate: float(0, 2) }));
   * nearest!.mapping.links[0]!.from; // "lr"
   * ```
   */
  async similar<C>(
    task: TaskDescription | null,
    space: Space<C>,
    options: SimilarOptions = {},
  ): Promise<readonly SimilarStudy[]> {
    const { objective, limit = 50, exclude } = options;
    const ranked: SimilarStudy[] = [];
    const own = familyOf(space as unknown as Space);
    for (const study of this.#listed) {
      if (study.standing !== "trusted") continue;
      const mapping = this.#mappingOf(study, space as unknown as Space);
      if (mapping === null || mapping.coverage === 0) continue;
      const { value, traits } = taskLikeness(task, study.task);
      const metric = objective === undefined
        ? 1
        : metricLikeness(objective, study.objective);
      const { coverage } = mapping;
      const family = familyLikeness(familyOf(mapping.source), own);
      ranked.push(Object.freeze({
        study,
        similarity: value * metric * family * coverage,
        task: value,
        traits,
        metric,
        family,
        coverage,
        mapping,
      }));
    }
    ranked.sort((a, b) => b.similarity - a.similarity);
    const trials = (exclude?.trials ?? []).filter(({ state }) =>
      state === "complete"
    );
    return await this.#withoutCopies(ranked, limit, trials);
  }

  /** The first so many that can be read, without copies of the excluded study and of one another. */
  async #withoutCopies(
    ranked: readonly SimilarStudy[],
    limit: number,
    own: readonly TrialRecord[],
  ): Promise<readonly SimilarStudy[]> {
    const kept: { similar: SimilarStudy; trials: readonly TrialRecord[] }[] =
      [];
    for (const similar of ranked) {
      if (kept.length >= limit) break;
      try {
        const trials = await similar.study.read();
        const isCopy = areCopies(trials, own) ||
          kept.some((other) =>
            other.similar.study.completeTrials ===
              similar.study.completeTrials && areCopies(trials, other.trials)
          );
        if (!isCopy && trials.length > 0) kept.push({ similar, trials });
      } catch (error) {
        const { name, source } = similar.study;
        this.#skip(`study ${JSON.stringify(name)} of ${source}`, error);
      }
    }
    return Object.freeze(kept.map(({ similar }) => similar));
  }

  #mappingOf(study: Listed, target: Space): SpaceMapping | null {
    let source: Space | null;
    try {
      source = study.space();
    } catch (error) {
      this.#skip(
        `study ${JSON.stringify(study.name)} of ${study.source}`,
        error,
      );
      return null;
    }
    if (source === null) return null;
    const kept = keptCorrections(study.attributes[mappingsKey], target);
    if (kept !== null) return this.#corrected(mapSpace(source, target), kept);
    let bySource = this.#mappings.get(target);
    if (bySource === undefined) {
      this.#mappings.set(target, bySource = new WeakMap());
    }
    const known = bySource.get(source);
    if (known !== undefined) return known;
    const mapping = this.#corrected(mapSpace(source, target), {});
    bySource.set(source, mapping);
    return mapping;
  }

  #corrected(found: SpaceMapping, kept: MappingCorrections): SpaceMapping {
    const said = this.#corrections.get(correctionKey(found)) ?? kept;
    const usable = Object.entries(said).filter(([to]) => found.target.has(to));
    if (usable.length === 0) return found;
    try {
      return found.with(Object.fromEntries(usable));
    } catch {
      // Said of a space that has changed since.
      return found;
    }
  }

  /**
   * Keeps a corrected mapping: from now on trials of all studies with the
   * source's space are read by it. It is written to those studies whose files
   * can be written, so that it is there the next time.
   *
   * @returns How many studies it was written to.
   */
  async correct(mapping: SpaceMapping): Promise<number> {
    this.#corrections.set(correctionKey(mapping), mapping.corrections);
    const targetKey = Object.keys(mapping.corrections);
    let written = 0;
    for (const study of this.#listed) {
      const space = study.space();
      if (space === null || mapSpace(space, space).key !== mapping.key) {
        continue;
      }
      const before = (study.attributes[mappingsKey] ?? []) as unknown[];
      const others = Array.isArray(before)
        ? before.filter((one) =>
          JSON.stringify(
            Object.keys((one as { links?: object })?.links ?? {}),
          ) !==
            JSON.stringify(targetKey)
        )
        : [];
      const value = [...others, { links: mapping.corrections }];
      if (await this.#write(study, mappingsKey, value)) written++;
    }
    await this.refresh();
    return written;
  }

  /**
   * Says of a study that it is not to be used, e.g. because its data leaked. It
   * stays listed.
   *
   * @param study The study, from {@linkcode Library.studies}.
   * @param reason Why, in words.
   * @throws {RangeError} If its file cannot be written.
   */
  distrust(study: LibraryStudy, reason: string | null = null): Promise<void> {
    return this.#mark(study, "untrusted", reason);
  }

  /**
   * Takes a study out of the library. Its trials stay in their file.
   *
   * @param study The study.
   * @param reason Why, in words.
   * @throws {RangeError} If its file cannot be written.
   */
  withdraw(study: LibraryStudy, reason: string | null = null): Promise<void> {
    return this.#mark(study, "withdrawn", reason);
  }

  /** Trusts a study again, or takes a withdrawn one back. */
  restore(study: LibraryStudy): Promise<void> {
    return this.#mark(study, "trusted", null);
  }

  async #mark(
    study: LibraryStudy,
    standing: Standing,
    reason: string | null,
  ): Promise<void> {
    const listed = this.#listed.find((one) =>
      one.source === study.source && one.name === study.name
    );
    const value = standing === "trusted" ? undefined : { standing, reason };
    if (
      listed === undefined || !(await this.#write(listed, standingKey, value))
    ) {
      throw new RangeError(
        `Cannot mark the study ${JSON.stringify(study.name)}: ${study.source} ${
          listed === undefined ? "is not in this library" : "cannot be written"
        }; open the library without it`,
      );
    }
    await this.refresh();
  }

  async #write(study: Listed, key: string, value: unknown): Promise<boolean> {
    if (study.from.setAttribute === undefined) return false;
    try {
      await study.from.setAttribute(study.id, key, value);
      return true;
    } catch {
      return false;
    }
  }

  /** Closes the files that it opened. */
  async close(): Promise<void> {
    for (const source of this.#sources) await source.close();
  }

  /** An overview: how many studies of what, from where. */
  card(): LibraryCard {
    return new LibraryCard(this);
  }

  /** The overview as plain text. */
  toString(): string {
    return libraryText(this);
  }

  /** What a Jupyter notebook shows: the overview. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": libraryHTML(this), "text/plain": this.toString() };
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

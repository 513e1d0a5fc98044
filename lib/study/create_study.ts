import type { Pruner } from "../pruners/mod.ts";
import {
  type ConstraintBounds,
  constraintValues,
  isFinished,
  minimize,
  type Objective,
  type OutcomeConstraint,
  outcomeConstraints,
} from "../records/mod.ts";
import { autoSampler, type Sampler } from "../samplers/mod.ts";
import {
  type Configuration,
  Space,
  type SuccessorOptions,
} from "../space/mod.ts";
import {
  openStorage,
  type StoredStudy,
  type StudyStorage,
} from "../storage/mod.ts";
import {
  inferredSpaceDifferences,
  objectiveDifference,
  successor,
} from "./_compatible.ts";
import { definedByRunKey } from "./_suggested.ts";
import { begin, curvesFor } from "./_warm_start.ts";
import { announceStudy } from "./observers.ts";
import { Study } from "./study.ts";
import type { LibraryOption } from "./study_options.ts";

/** Options of {@linkcode createStudy}. */
export interface StudyOptions<C = Configuration> {
  /** The name, unique in its storage, at most 512 characters. */
  readonly name: string;
  /**
   * What to search. May be left out when the study exists, or when its trials
   * say what they search (`trial.suggestFloat(…)`), as in Optuna. An existing study
   * may go on with a space that has changed: its earlier trials are read in the
   * words of the new one, and every sampler learns from them.
   */
  readonly space?: Space<C>;
  /**
   * What cannot be seen from a changed space: what new parameters were until now,
   * and which ones were dropped or renamed. Defaults to nothing.
   */
  readonly changes?: SuccessorOptions;
  /** What to optimize, made with `minimize(…)` or `maximize(…)`. Defaults to the stored one, for a new study to `minimize()`. */
  readonly objective?: Objective;
  /**
   * Several objectives at once, in place of `objective`: the study then looks for
   * the trade-offs between them. Defaults to the one objective.
   */
  readonly objectives?: readonly Objective[];
  /**
   * What trials must keep to, by the name of what they measure: `{ "memory GB": {
   * max: 8 } }`. The objective says `trial.measure("memory GB", 7.3)`; a curve of
   * that name (its last value) or an objective will do as well. A trial that does
   * not say counts as not feasible. `study.best` and `study.front` are of feasible
   * trials only, and samplers look for such. An existing study may go on with
   * other constraints: its trials are judged anew by what they measured. Defaults
   * to the stored ones, for a new study to none.
   */
  readonly constraints?: Readonly<Record<string, ConstraintBounds>>;
  /** Chooses configurations. Defaults to `autoSampler()`. */
  readonly sampler?: Sampler;
  /** Stops trials that are not worth going on with. Defaults to none. */
  readonly pruner?: Pruner;
  /** Where to keep it: the path of an SQLite file or of a journal (`.log`), a PostgreSQL address, `"memory"`, or a storage. Defaults to `"studies.db"`. */
  readonly storage?: string | StudyStorage;
  /** The seed of every random stream of the study. Defaults to the name. */
  readonly seed?: string | number;
  /** A description of the task, from `describeTask(…)`, for finding similar studies, now and later. Defaults to none. */
  readonly task?: unknown;
  /**
   * Prior studies to learn from: `["studies.db", "built-in"]`, or a library, or
   * with a way to learn `{ from: ["studies.db"], strategy: "rgpe" }`; false for
   * none. A new study begins with what did best on similar ones; its Gaussian
   * process, TPE or CMA-ES takes what they say as a prior, as far as their
   * predictions and what they propose prove right, for its first 80 trials; each
   * suggestion says how much they weighed. What they say is read once and kept with
   * the study, and read in the words of a space that changes later. What could not
   * be read is named by `study.warmStart` and the study's card. A grid stays a grid.
   * Defaults to the study's own storage and the built-in library, for samplers that
   * ask prior studies (`autoSampler()`, `gpSampler()`, `tpeSampler()`, the
   * evolutionary ones), and to none for others (`randomSampler()`, `sobolSampler()`,
   * …), which begin with what did best before only where a library is given.
   */
  readonly library?: LibraryOption;
}

const known = [
  "name",
  "space",
  "changes",
  "objective",
  "objectives",
  "constraints",
  "sampler",
  "pruner",
  "storage",
  "seed",
  "task",
  "library",
];
const longestName = 512;

/**
 * Makes a study, or reopens the one of that name with all its trials. Trials
 * that were running in a process that has died are failed, with a word on it
 * in their error text.
 *
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If an existing study was made with another objective or seed, or its space has changed in a way that has to be said.
 * @throws {StorageError} If the storage cannot be used.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "parabola",
 *   space: space({ x: float(-5, 5) }),
 *   objective: minimize("loss"),
 *   storage: "memory",
 * });
 * await study.optimize((trial) => (trial.params.x - 2) ** 2, { trials: 20 });
 * study.best!.params.x; // near 2
 * ```
 */
export async function createStudy<C = Configuration>(
  options: StudyOptions<C>,
): Promise<Study<C>> {
  checkOptions(options);
  const owned = typeof options.storage !== "object";
  const storage = openStorage(options.storage ?? "studies.db");
  try {
    const found = await storage.findStudy(options.name);
    const opened = found === null
      ? await makeStudy(storage, options)
      : await reopen(storage, found, options);
    const sampler = options.sampler ?? autoSampler();
    const { stored, starts, prior } = await begin(
      storage,
      opened,
      // What does not ask prior studies should be what its name says, unless told.
      // Of a space that is not known yet they know nothing.
      opened.space.dimension === 0
        ? false
        : options.library ?? (sampler.asksPrior === true ? "usual" : false),
    );
    const study = new Study<C>({
      // Its own: the space may grow.
      stored: { ...stored },
      storage,
      starts,
      prior,
      curves: options.library === false ? null : await curvesFor(stored),
      sampler,
      pruner: options.pruner ?? null,
    });
    await storage.failAbandoned(stored.id);
    await study.refresh();
    announceStudy(study as unknown as Study);
    return study;
  } catch (error) {
    if (owned) await storage.close();
    throw error;
  }
}

type Stored = StoredStudy & { readonly space: Space };

async function makeStudy<C>(
  storage: StudyStorage,
  options: StudyOptions<C>,
): Promise<Stored> {
  try {
    const made = await storage.createStudy({
      name: options.name,
      objectives: objectivesOf(options) ?? [minimize()],
      ...options.constraints === undefined
        ? {}
        : { constraints: outcomeConstraints(options.constraints) },
      // Without one, the trials say what they search: trial.suggestFloat(…).
      space: options.space as unknown as Space | undefined ?? Space.open(),
      seed: String(options.seed ?? options.name),
      task: options.task ?? null,
    }) as Stored;
    if (options.space !== undefined) return made;
    await storage.setStudyAttribute(made.id, definedByRunKey, true);
    return markedOpen(made);
  } catch (error) {
    // Another process may have made it a moment ago.
    const found = error instanceof RangeError
      ? await storage.findStudy(options.name)
      : null;
    if (found === null) throw error;
    return await reopen(storage, found, options);
  }
}

/** The objectives in their one form; undefined if none were given. */
function objectivesOf<C>(
  { objective, objectives }: StudyOptions<C>,
): readonly Objective[] | undefined {
  return objectives ?? (objective === undefined ? undefined : [objective]);
}

async function reopen<C>(
  storage: StudyStorage,
  stored: StoredStudy,
  options: StudyOptions<C>,
): Promise<Stored> {
  const about = `Cannot reopen the study ${
    JSON.stringify(stored.name)
  } of the ${storage.description}`;
  const mend =
    "Leave the option out to go on with the study as it is, or choose another name for a new one";
  const objectives = objectivesOf(options);
  if (objectives !== undefined) {
    const difference = objectiveDifference(stored.objectives, objectives);
    if (difference !== null) {
      throw new RangeError(`${about}: ${difference}. ${mend}`);
    }
  }
  if (options.seed !== undefined && String(options.seed) !== stored.seed) {
    throw new RangeError(
      `${about}: it was made with the seed ${
        JSON.stringify(stored.seed)
      }, and is now given ${JSON.stringify(options.seed)}. ${mend}`,
    );
  }
  const given = options.space as unknown as Space | undefined;
  const space = given === undefined
    ? stored.space
    : stored.space === null
    ? given
    : spaceOnwards(stored, given, options.changes ?? {}, (text) => {
      throw new RangeError(`${about}: its space is another one: ${text}`);
    });
  if (space === null) {
    throw new RangeError(
      `${about}: another program made it and has run no trial yet, so its space is not known; say space: space({ … })`,
    );
  }
  const changed = stored.spaceInferred ||
    JSON.stringify(space) !== JSON.stringify(stored.space);
  if (changed || options.task !== undefined) {
    await storage.updateStudy(stored.id, {
      space,
      ...(options.task === undefined ? {} : { task: options.task }),
    });
  }
  const constraints = options.constraints === undefined
    ? stored.constraints
    : await constrainAnew(
      storage,
      stored,
      outcomeConstraints(options.constraints),
    );
  const task = options.task ?? stored.task;
  const reopened = { ...stored, constraints, space, task };
  const isMarked = Object.hasOwn(stored.attributes, definedByRunKey);
  if (isMarked || given !== undefined || space.dimension > 0) return reopened;
  // Whoever made it was ended before it could say that its trials say what they search.
  await storage.setStudyAttribute(stored.id, definedByRunKey, true)
    // A file that is only looked at stays as it is.
    .catch(() => {});
  return markedOpen(reopened);
}

/** A study whose trials say what they search. */
function markedOpen(stored: Stored): Stored {
  const attributes = { ...stored.attributes, [definedByRunKey]: true };
  return { ...stored, attributes };
}

/** Gives a study other constraints, and its trials their values of them for other programs to see. */
async function constrainAnew(
  storage: StudyStorage,
  { id, name, constraints: before = [], objectives }: StoredStudy,
  constraints: readonly OutcomeConstraint[],
): Promise<readonly OutcomeConstraint[]> {
  if (JSON.stringify(before) === JSON.stringify(constraints)) return before;
  const trials = await storage.readTrials(id);
  const isForeign = trials.some((trial) => {
    const measured = constraintValues(before, objectives, trial);
    return trial.constraints?.some((value, c) =>
      value !== null && measured[c] === null
    );
  });
  if (isForeign) {
    throw new RangeError(
      `Cannot reopen the study ${
        JSON.stringify(name)
      } with other constraints: another program has told how trials stand to its own, ${
        before.map((one) => one.name).join(", ")
      }, and that would be lost. Leave the option out to go on with them`,
    );
  }
  await storage.updateStudy(id, { constraints });
  for (const trial of trials) {
    if (!isFinished(trial.state)) continue;
    await storage.setTrialConstraints?.(
      id,
      trial.number,
      constraintValues(constraints, objectives, trial),
    );
  }
  return constraints;
}

/** The space that a study goes on with. */
function spaceOnwards(
  { space, spaceInferred }: StoredStudy,
  given: Space,
  changes: SuccessorOptions,
  refuse: (text: string) => never,
): Space {
  if (spaceInferred) {
    const differences = inferredSpaceDifferences(space!, given);
    return differences.length === 0 ? given : refuse(
      `${
        differences.join("; ")
      }. Leave the option out to go on with the study as it is, or choose another name for a new one`,
    );
  }
  try {
    return successor(space!, given, changes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const text = error.message.replace(/^Cannot change the space: /, "");
    return refuse(
      `${text}. Say it with changes: { … }, or choose another name for a new study`,
    );
  }
}

/**
 * Deletes a study with all its trials. There is no way back.
 *
 * @param name The study's name.
 * @param storage Where it is kept, as in `createStudy`. Defaults to `"studies.db"`.
 * @returns Whether there was one.
 *
 * @example
 * ```ts
 * import { createStudy, deleteStudy, float, MemoryStorage, space } from "@etude/etude";
 * const storage = new MemoryStorage();
 * await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage });
 * await deleteStudy("s", storage); // true
 * ```
 */
export async function deleteStudy(
  name: string,
  storage: string | StudyStorage = "studies.db",
): Promise<boolean> {
  const opened = openStorage(storage);
  try {
    const found = await opened.findStudy(name);
    if (found !== null) await opened.deleteStudy(found.id);
    return found !== null;
  } finally {
    if (typeof storage !== "object") await opened.close();
  }
}

function checkOptions<C>(options: StudyOptions<C>): void {
  const about = "Cannot make the study";
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${about}: found ${
        found(options)
      }, expected an object such as { name, space, objective }`,
    );
  }
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new TypeError(
      `${about}: there is no option ${
        unknown.map((key) => `"${key}"`).join(", ")
      }; there are ${known.join(", ")}`,
    );
  }
  const { name, space, objective, objectives, sampler, pruner, seed } = options;
  if (typeof name !== "string" || name === "" || name.length > longestName) {
    throw new TypeError(
      `${about}: the name is ${
        found(name)
      }, expected a text of 1 to ${longestName} characters`,
    );
  }
  if (space !== undefined && !(space instanceof Space)) {
    throw new TypeError(
      `${about}: the space is ${
        found(space)
      }, expected one made with space({ … })`,
    );
  }
  if (objective !== undefined) checkObjective(about, objective);
  if (objectives !== undefined) checkObjectives(about, options);
  if (options.constraints !== undefined) {
    outcomeConstraints(options.constraints);
  }
  if (sampler !== undefined && typeof sampler?.suggest !== "function") {
    throw new TypeError(
      `${about}: the sampler is ${
        found(sampler)
      }, expected one such as randomSampler() (mind the brackets)`,
    );
  }
  if (pruner !== undefined && typeof pruner?.judge !== "function") {
    throw new TypeError(
      `${about}: the pruner is ${
        found(pruner)
      }, expected an object with a judge method`,
    );
  }
  if (
    seed !== undefined && typeof seed !== "string" &&
    !(typeof seed === "number" && Number.isFinite(seed))
  ) {
    throw new TypeError(
      `${about}: the seed is ${found(seed)}, expected a text or a number`,
    );
  }
}

function found(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function checkObjective(about: string, objective: unknown): void {
  const { name, direction } = (objective ?? {}) as Partial<Objective>;
  const isKnown = direction === "minimize" || direction === "maximize";
  if (typeof name === "string" && isKnown) return;
  throw new TypeError(
    `${about}: the objective is ${
      found(objective)
    }, expected minimize("…") or maximize("…")`,
  );
}

function checkObjectives<C>(
  about: string,
  { objective, objectives }: StudyOptions<C>,
): void {
  if (objective !== undefined) {
    throw new TypeError(
      `${about}: it has both objective and objectives; give one of them`,
    );
  }
  if (!Array.isArray(objectives) || objectives.length === 0) {
    throw new TypeError(
      `${about}: the objectives are ${
        found(objectives)
      }, expected a list such as [minimize("loss"), minimize("seconds")]`,
    );
  }
  for (const one of objectives) checkObjective(about, one);
  const names = objectives.map((one: Objective) => one.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new RangeError(
      `${about}: the objective ${
        JSON.stringify(twice)
      } stands twice; each needs a name of its own, e.g. minimize("loss")`,
    );
  }
}

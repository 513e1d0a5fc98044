import {
  builtInCurvePrior,
  isTaskDescription,
  Library,
  type LibraryStrategy,
  makePrior,
  openLibrary,
  packPrior,
  readPriorStudies,
  type Start,
  strategyParts,
  unpackPrior,
  unpackPriorFor,
} from "../library/mod.ts";
import {
  bestTrial,
  isFinished,
  type PriorWeight,
  type StudyView,
  warmStartKey,
  warmStartModelKey,
} from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import {
  readFileBytes,
  type StoredStudy,
  type StudyStorage,
} from "../storage/mod.ts";
import { type Prior, trustAtFirst } from "../surrogates/mod.ts";
import type {
  LibraryChoice,
  LibraryCurvePrior,
  LibraryOption,
  LibrarySource,
} from "./study_options.ts";

/** The attribute that keeps what a study begins with, so that it is the same when it is resumed. */
const key = warmStartKey;
const modelKey = warmStartModelKey;
/** The most configurations from a library that a study begins with. */
const mostStarts = 5;

type Stored = StoredStudy & { readonly space: Space };

/** A study and what it begins with. */
interface Begun {
  readonly stored: Stored;
  readonly starts: readonly Start[];
  readonly prior: Prior | null;
}

/**
 * What a study begins with: what was kept when it was made, or for one that has
 * no trials yet what the library says now, which is kept then.
 */
export async function begin(
  storage: StudyStorage,
  stored: Stored,
  option: LibraryOption | "usual",
): Promise<Begun> {
  const kept = stored.attributes[key] as
    | { readonly starts?: readonly Start[] }
    | undefined;
  if (kept !== undefined) return await goOn(stored, kept, option);
  const none = { stored, starts: [], prior: null };
  if (option === false) return none;
  const { from, strategy = "auto" } = choiceOf(option);
  // Before anything is read: a wrong name is an error, whatever there is.
  strategyParts(strategy);
  const trials = await storage.readTrials(stored.id);
  if (trials.length > 0) return none;
  const source = from ?? [storage, "built-in"];
  if (option !== "usual") {
    return await beginFrom(storage, stored, { source, strategy });
  }
  try {
    return await beginFrom(storage, stored, { source, strategy });
  } catch {
    // Nobody asked for it: a study that can begin cold does.
    return none;
  }
}

function choiceOf(option: Exclude<LibraryOption, false> | "usual") {
  if (option === "usual") return {};
  return option instanceof Library || Array.isArray(option)
    ? { from: option as LibrarySource }
    : option as LibraryChoice;
}

/** What was kept when the study was made, in the words of its space as it is now, and what is to be said of it. */
async function goOn(
  stored: Stored,
  kept: { readonly starts?: readonly Start[] },
  option: LibraryOption | "usual",
): Promise<Begun> {
  const packed = stored.attributes[modelKey];
  const found = unpackPriorFor(packed, stored.space);
  const isLost = packed != null && found === null;
  const starts = isLost ? [] : keptStarts(kept.starts, stored.space);
  const begun = Array.isArray(kept.starts) ? kept.starts.length : 0;
  const remarks = [
    ...found?.isRemapped
      ? [
        "The space has changed since the study began: what prior studies said of the old one is read in the words of the new one.",
      ]
      : isLost
      ? [
        "Nothing is left of what prior studies said, since the space has changed too much: the study goes on without them.",
      ]
      : [],
    ...!isLost && starts.length < begun
      ? [
        `${
          begun - starts.length
        } of ${begun} configurations to begin with do not fit the space as it is now.`,
      ]
      : [],
    ...await goneSince(option),
  ];
  const attributes = remarks.length === 0 ? stored.attributes : Object.freeze({
    ...stored.attributes,
    // In today's words, so that trials that were begun with are known again.
    [key]: { ...kept, starts, remarks },
  });
  return {
    stored: { ...stored, attributes },
    starts,
    prior: found?.prior ?? null,
  };
}

/** Which files of the library cannot be read now, in sentences. */
async function goneSince(
  option: LibraryOption | "usual",
): Promise<readonly string[]> {
  const { from } = option === false ? {} : choiceOf(option);
  if (!Array.isArray(from)) return [];
  const remarks: string[] = [];
  for (const source of from) {
    const isFile = typeof source === "string" && source !== "built-in" &&
      !source.includes("://");
    if (!isFile) continue;
    try {
      await readFileBytes(source, 1);
    } catch {
      remarks.push(
        `${
          JSON.stringify(source)
        } cannot be read now: the study goes on with what it knew when the study began.`,
      );
    }
  }
  return remarks;
}

async function beginFrom(
  storage: StudyStorage,
  stored: Stored,
  { source, strategy }: {
    readonly source: LibrarySource;
    readonly strategy: LibraryStrategy;
  },
): Promise<Begun> {
  const owned = !(source instanceof Library);
  const library = owned ? await openLibrary(source) : source;
  try {
    const { found, packed } = await startsFrom(library, stored, strategy);
    if (packed !== null) {
      await storage.setStudyAttribute(stored.id, modelKey, packed);
    }
    await storage.setStudyAttribute(stored.id, key, found);
    const attributes = Object.freeze({ ...stored.attributes, [key]: found });
    // As it will be read again: so a resumed study goes on bit for bit.
    const prior = unpackPrior(packed, stored.space);
    return { stored: { ...stored, attributes }, starts: found.starts, prior };
  } finally {
    if (owned) await library.close();
  }
}

async function startsFrom(
  library: Library,
  { space, objectives, task }: Stored,
  strategy: LibraryStrategy,
) {
  const similar = await library.similar(
    isTaskDescription(task) ? task : null,
    space,
    { objective: objectives[0] },
  );
  const parts = strategyParts(strategy);
  const studies = await readPriorStudies(similar);
  const prior = parts.prior === null
    ? null
    : makePrior(studies, space, { strategy: parts.prior });
  const size = prior !== null && trustAtFirst(prior) < 0.5 ? 1 : mostStarts;
  const starts = parts.start.begin({ studies, space, size });
  const found = {
    strategy,
    starts,
    sources: similar.map(({ study, similarity }) => ({
      name: study.name,
      source: study.source,
      trials: study.completeTrials,
      similarity,
    })),
    coherence: prior?.coherence ?? null,
    skipped: library.skipped,
  };
  return { found, packed: prior === null ? null : packPrior(prior, space) };
}

/** What the built-in library's curves teach a study's forecasts; null where they are of other things. */
export async function curvesFor(
  { objectives, task }: Stored,
): Promise<LibraryCurvePrior | null> {
  // All that it has are of scores.
  if (objectives[0]!.direction !== "maximize") return null;
  try {
    return {
      prior: await builtInCurvePrior(),
      kind: isTaskDescription(task) ? task.model?.kind ?? null : null,
    };
  } catch {
    // Nobody asked for it.
    return null;
  }
}

/** What is told of the prior studies' part in a start: all of it. */
export function startWeight(
  { voices = [], expected }: Start,
  prior: Prior | null,
): PriorWeight {
  return {
    weight: prior === null ? 1 : trustAtFirst(prior),
    chosenBy: "prior studies",
    voices,
    expected: expected ?? null,
    without: null,
  };
}

/** Those that the space, which may have changed, still has. */
function keptStarts(
  starts: readonly Start[] | undefined,
  space: Space,
): readonly Start[] {
  return (Array.isArray(starts) ? starts as Start[] : []).flatMap(
    ({ params, ...rest }) => {
      try {
        const now = space.validate(space.translate(params));
        return [Object.freeze({ ...rest, params: now })];
      } catch {
        return [];
      }
    },
  );
}

/** After so many starts without success the others are not tried. */
const patience = 2;
/** A value so many standard deviations worse than expected is a surprise. */
const surprise = 3;

/**
 * The first start that no trial has; null if all have been tried, or if the
 * library misleads: one was far worse than prior studies expected, or of two or
 * more all failed or did worse than another trial of the study.
 */
export function nextStart(
  starts: readonly Start[],
  { trials, objectives }: StudyView,
): Start | null {
  // The trials that have them are mostly the first ones: they are found at once.
  const tried = starts.map(({ params }) =>
    trials.find((trial) => areEqual(trial.params, params))
  );
  const next = tried.indexOf(undefined);
  if (next < 0) return null;
  const sign = objectives[0]!.direction === "minimize" ? 1 : -1;
  const isSurprising = starts.some(({ expected }, index) => {
    const trial = tried[index];
    return expected !== undefined && trial?.state === "complete" &&
      sign * (trial.value! - expected.mean) > surprise * expected.sd;
  });
  if (isSurprising) return null;
  const ended = tried.filter((trial) =>
    trial !== undefined && isFinished(trial.state)
  );
  if (ended.length >= patience) {
    const best = bestTrial({ trials, objectives });
    if (best === null || !ended.includes(best)) return null;
  }
  return starts[next]!;
}

function areEqual(a: Configuration, b: Configuration): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

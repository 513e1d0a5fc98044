import { type RandomStream, randomStream } from "../math/mod.ts";
import { type Labels, readLabels, type Samples, shown } from "./_data.ts";

/** One split of the samples. */
export interface Fold {
  /** Its place among all, from 0. */
  readonly index: number;
  /** Which repetition it belongs to, from 0. */
  readonly repeat: number;
  /** Which samples to train on, rising. */
  readonly train: readonly number[];
  /** Which samples to measure on, rising; none of them is in `train`. */
  readonly test: readonly number[];
}

/** A split of the samples with splits of its training part: see {@linkcode nestedFolds}. */
export interface NestedFold extends Fold {
  /** Splits of `train` alone, to tune on; their indices are those of all samples. */
  readonly inner: readonly Fold[];
}

/** How samples are divided. */
export type FoldKind = "k-fold" | "stratified" | "grouped" | "time series";

/** Options of {@linkcode folds}. */
export interface FoldOptions {
  /**
   * How they are divided. `"k-fold"`: at random. `"stratified"`: each fold has
   * each class's share. `"grouped"`: what belongs together stays together.
   * `"time series"`: samples are in order of time, and none is trained on that is
   * later than those measured on. Defaults to `"grouped"` if there are groups,
   * to `"stratified"` if the labels are texts, booleans, or at most 20 different
   * whole numbers that come twice or more on average, else to `"k-fold"`.
   */
  readonly kind?: FoldKind;
  /** How many folds, at least 2. Defaults to `5`. */
  readonly count?: number;
  /** How often all of it is repeated with another division, at least 1. Defaults to `1`. */
  readonly repeats?: number;
  /** What each sample belongs to, `[n]`: e.g. a patient. Defaults to none. */
  readonly groups?: Labels;
  /** Of a time series, how many samples between training and measuring are left out, at least 0. Defaults to `0`. */
  readonly gap?: number;
  /** What the division hangs on. Defaults to `"folds"`. */
  readonly seed?: string;
}

const known = ["kind", "count", "repeats", "groups", "gap", "seed"];
const kinds: readonly FoldKind[] = [
  "k-fold",
  "stratified",
  "grouped",
  "time series",
];
const about = "Cannot make folds";

type Label = number | string | boolean;

/**
 * Divides samples into folds: index arrays, so that it works on data of any kind
 * ({@linkcode rowsOf} takes the rows). Sizes differ by one at most, but for
 * groups, which are put one after the other, the largest first, where there is
 * most room.
 *
 * @param samples How many samples there are, or the label of each, `[n]`: an
 * array, a tensor, an Arrow vector; of an Arrow table its number of rows counts.
 * @param options How to divide them. Random numbers come from the seed alone.
 * @returns `count` × `repeats` folds, repetition after repetition.
 * @throws {TypeError} If an option is unknown, or samples or groups are of another kind.
 * @throws {RangeError} If there are fewer samples, groups or members of a class
 * than folds; if a class of texts or booleans would be measured that is not
 * trained on; or an option is out of its range.
 *
 * @example
 * ```ts
 * import { folds } from "@etude/etude/ensembles";
 * folds(["a", "b", "a", "b"], { count: 2 }).map((fold) => fold.test.length); // [2, 2]
 * ```
 */
export function folds(
  samples: Samples,
  options: FoldOptions = {},
): readonly Fold[] {
  const plan = read(samples, options);
  const { n, count, repeats, kind, labels } = plan;
  const all: Fold[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    if (kind === "time series") {
      for (const [train, test] of inTime(n, count, options.gap ?? 0)) {
        all.push(foldOf(all.length, repeat, train, test));
      }
      continue;
    }
    const random = randomStream(options.seed ?? "folds", "folds", repeat);
    const part = partsOf(plan, random);
    for (let k = 0; k < count; k++) {
      const [train, test]: [number[], number[]] = [[], []];
      part.forEach((at, i) => (at === k ? test : train).push(i));
      all.push(foldOf(all.length, repeat, train, test));
    }
  }
  if (labels !== null) checkClasses(all, labels, kind);
  return Object.freeze(all);
}

/** Options of {@linkcode nestedFolds}. */
export interface NestedFoldOptions extends FoldOptions {
  /** How the training part of each fold is divided again. Defaults to the options of the outer folds, once. */
  readonly inner?: FoldOptions;
}

/**
 * Folds whose training parts are divided again: tune on `inner`, measure what was
 * chosen on `test`. What comes out is the worth of the tuning, not of one
 * configuration, and no search has seen what it is measured on.
 *
 * @param samples As for {@linkcode folds}.
 * @param options As for {@linkcode folds}.
 * @throws {TypeError} As {@linkcode folds}.
 * @throws {RangeError} As {@linkcode folds}.
 *
 * @example
 * ```ts
 * import { nestedFolds } from "@etude/etude/ensembles";
 * nestedFolds(60, { count: 3, inner: { count: 4 } })[0]!.inner.length; // 4
 * ```
 */
export function nestedFolds(
  samples: Samples,
  options: NestedFoldOptions = {},
): readonly NestedFold[] {
  const { inner = {}, ...outer } = options;
  const { labels, groups, kind, count } = read(samples, outer);
  return Object.freeze(
    folds(samples, outer).map((fold) => {
      const pick = (list: readonly Label[]) => fold.train.map((i) => list[i]!);
      const within = folds(
        labels === null ? fold.train.length : pick(labels),
        {
          kind,
          count,
          gap: outer.gap,
          ...inner,
          ...(groups === null ? {} : { groups: pick(groups) }),
          seed: `${inner.seed ?? outer.seed ?? "folds"} in ${fold.index}`,
        },
      );
      const back = (indices: readonly number[]) =>
        indices.map((i) => fold.train[i]!);
      return Object.freeze({
        ...fold,
        inner: Object.freeze(
          within.map(({ index, repeat, train, test }) =>
            foldOf(index, repeat, back(train), back(test))
          ),
        ),
      });
    }),
  );
}

function foldOf(
  index: number,
  repeat: number,
  train: number[],
  test: number[],
): Fold {
  return Object.freeze({
    index,
    repeat,
    train: Object.freeze(train),
    test: Object.freeze(test),
  });
}

interface Plan {
  readonly n: number;
  readonly kind: FoldKind;
  readonly count: number;
  readonly repeats: number;
  readonly labels: readonly Label[] | null;
  readonly groups: readonly Label[] | null;
}

function read(samples: Samples, options: FoldOptions): Plan {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${about}: the options are ${shown(options)}`);
  }
  const odd = Object.keys(options).find((key) => !known.includes(key));
  if (odd !== undefined) {
    throw new TypeError(
      `${about}: there is no option ${shown(odd)}; there are ${
        known.join(", ")
      }`,
    );
  }
  const { count = 5, repeats = 1, gap = 0 } = options;
  checkWhole("count", count, 2);
  checkWhole("repeats", repeats, 1);
  checkWhole("gap", gap, 0);
  const rows = typeof samples === "object" && samples !== null &&
      "numRows" in samples
    ? samples.numRows
    : samples;
  if (typeof rows === "number") checkWhole("the number of samples", rows, 0);
  const labels = typeof rows === "number"
    ? null
    : readLabels(about, "the labels", rows);
  const n = labels?.length ?? rows as number;
  const groups = options.groups === undefined
    ? null
    : readLabels(about, "groups", options.groups);
  if (groups !== null && groups.length !== n) {
    throw new RangeError(
      `${about}: there are ${groups.length} groups for ${n} samples, expected one a sample`,
    );
  }
  const kind = options.kind ??
    (groups !== null
      ? "grouped"
      : labels !== null && areClasses(labels)
      ? "stratified"
      : "k-fold");
  if (!kinds.includes(kind)) {
    throw new TypeError(
      `${about}: the kind is ${shown(kind)}, expected ${
        kinds.map(shown).join(", ")
      }`,
    );
  }
  const plan = { n, kind, count, repeats, labels, groups };
  checkSizes(plan, gap);
  return plan;
}

function checkSizes(
  { n, kind, count, repeats, labels, groups }: Plan,
  gap: number,
): void {
  const few = (found: string, mend: string) => {
    throw new RangeError(
      `${about}: there are ${found} for ${count} folds; ${mend}`,
    );
  };
  if (kind === "time series") {
    if (repeats > 1) {
      throw new RangeError(
        `${about}: a time series can be divided in one way only, found repeats: ${repeats}`,
      );
    }
    const size = Math.floor(n / (count + 1));
    if (size < 1 || n - count * size - gap < 1) {
      few(`${n} samples in time`, "ask for fewer folds, or a smaller gap");
    }
    return;
  }
  if (n < count) few(`${n} samples`, "ask for fewer folds");
  if (kind === "grouped") {
    if (groups === null) {
      throw new RangeError(
        `${about}: kind is "grouped", but no groups are given`,
      );
    }
    const found = new Set(groups).size;
    if (found < count) few(`${found} groups`, "ask for fewer folds");
  } else if (groups !== null) {
    throw new RangeError(
      `${about}: groups are given, but kind is "${kind}": groups are kept together by "grouped" alone`,
    );
  }
  if (kind === "stratified") {
    if (labels === null) {
      throw new RangeError(
        `${about}: kind is "stratified", expected a label a sample instead of their number`,
      );
    }
    for (const [label, members] of membersOf(labels)) {
      if (members.length < count) {
        few(
          `${members.length} samples of class ${shown(label)}`,
          'ask for fewer folds, or for kind: "k-fold"',
        );
      }
    }
  }
}

function checkWhole(name: string, value: unknown, least: number): void {
  if (Number.isInteger(value) && Number(value) >= least) return;
  throw new RangeError(
    `${about}: ${name} is ${
      shown(value)
    }, expected a whole number of at least ${least}`,
  );
}

function areClasses(labels: readonly Label[]): boolean {
  if (labels.length === 0) return false;
  const distinct = new Set(labels).size;
  return labels.every((label) => typeof label !== "number") ||
    labels.every(Number.isInteger) && distinct <= 20 &&
      labels.length >= 2 * distinct;
}

function membersOf(labels: readonly Label[]): Map<Label, number[]> {
  const members = new Map<Label, number[]>();
  labels.forEach((label, i) => {
    const list = members.get(label);
    if (list === undefined) members.set(label, [i]);
    else list.push(i);
  });
  return members;
}

/** The fold that each sample is measured in. */
function partsOf(plan: Plan, random: RandomStream): readonly number[] {
  const { n, kind, count, labels, groups } = plan;
  const part = new Array<number>(n);
  if (kind === "grouped") {
    const sizes = new Array<number>(count).fill(0);
    const ordered = random.shuffle([...membersOf(groups!).values()])
      .sort((a, b) => b.length - a.length);
    for (const members of ordered) {
      const roomiest = sizes.indexOf(Math.min(...sizes));
      sizes[roomiest]! += members.length;
      for (const i of members) part[i] = roomiest;
    }
    return part;
  }
  const order = kind === "stratified"
    ? [...membersOf(labels!).values()].flatMap((list) => random.shuffle(list))
    : random.shuffle(Array.from({ length: n }, (_, i) => i));
  order.forEach((i, place) => part[i] = place % count);
  return part;
}

/** Equal parts at the end, one after the other, each with all that is before it. */
function* inTime(
  n: number,
  count: number,
  gap: number,
): Iterable<[number[], number[]]> {
  const size = Math.floor(n / (count + 1));
  for (let k = 0; k < count; k++) {
    const start = n - (count - k) * size;
    yield [
      Array.from({ length: start - gap }, (_, i) => i),
      Array.from({ length: size }, (_, i) => start + i),
    ];
  }
}

/** Numbers may be a quantity, of which not each value need be trained on; texts are classes. */
function checkClasses(
  all: readonly Fold[],
  labels: readonly Label[],
  kind: FoldKind,
): void {
  if (kind === "stratified" || kind === "time series") return;
  if (!labels.every((label) => typeof label !== "number")) return;
  for (const { index, train, test } of all) {
    const trained = new Set(train.map((i) => labels[i]!));
    const alone = test.find((i) => !trained.has(labels[i]!));
    if (alone === undefined) continue;
    throw new RangeError(
      `${about}: class ${
        shown(labels[alone])
      } is in fold ${index} only, so that nothing of it is trained on; ${
        kind === "grouped"
          ? "divide it into more groups, or leave it out"
          : 'ask for kind: "stratified"'
      }`,
    );
  }
}

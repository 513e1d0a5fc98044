import {
  frontOf,
  isFeasible,
  preferencesOf,
  preferredAttribute,
  preferredTo,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import {
  expectedPreferenceGain,
  fitUtility,
  type Utility,
} from "../surrogates/mod.ts";
import type { MarksDesk } from "./_marks_desk.ts";
import type { TrialBook } from "./_trial_book.ts";
import { PreferencePair } from "./preference_pair.ts";

/** So many trials, those thought best, are looked at in pairs. */
const mostCompared = 60;

/** What a person has said of pairs of trials, and what follows. */
export class PreferenceDesk<C> {
  readonly #book: TrialBook<C>;
  readonly #marks: MarksDesk<C>;
  #known: { readonly key: string; readonly utility: Utility<C> } | null = null;

  /** The desk of one study. */
  constructor(book: TrialBook<C>, marks: MarksDesk<C>) {
    this.#book = book;
    this.#marks = marks;
  }

  /** `study.prefer`. */
  async prefer(better: TrialRecord<C>, worse: TrialRecord<C>): Promise<void> {
    if (better.number === worse.number) {
      throw new RangeError(
        `Cannot compare trial ${better.number} with itself, expected two trials`,
      );
    }
    for (const { number, state } of [better, worse]) {
      if (state === "complete") continue;
      throw new RangeError(
        `Cannot compare trial ${number}: it is ${state}, expected a complete one`,
      );
    }
    // Afresh, since another process may have said something of it.
    const kept = preferredTo(await this.#book.reread(better.number));
    await this.#marks.set(better, preferredAttribute, [...kept, worse.number]);
  }

  /** The trial of the highest expected utility; null where nobody has said anything. */
  best(): TrialRecord<C> | null {
    const view = this.#book.view();
    if (preferencesOf(view).length === 0) return null;
    const { process, pointsOf, trials } = this.#utility(view);
    const open = judged(view, trials);
    if (open.length === 0) return null;
    const { mean } = process.predict(pointsOf(open));
    let best = 0;
    mean.forEach((value, i) => {
      if (value > mean[best]!) best = i;
    });
    return open[best]!;
  }

  /** `study.nextPair`. */
  nextPair(): PreferencePair<C> | null {
    const view = this.#book.view();
    const { process, pointsOf, trials } = this.#utility(view);
    const open = judged(view, trials);
    if (open.length < 2) return null;
    const { mean } = process.predict(pointsOf(open));
    const said = preferencesOf(view);
    const compared = new Set(
      said.flatMap(({ better, worse }) => [better, worse]),
    );
    // What nobody has compared yet may be anything: it is looked at too.
    const ranked = [...open.keys()]
      .sort((a, b) =>
        Number(compared.has(open[a]!.number)) -
          Number(compared.has(open[b]!.number)) || mean[b]! - mean[a]! || a - b
      );
    const best = [...open.keys()].reduce((a, b) => mean[b]! > mean[a]! ? b : a);
    const chosen = [...new Set([best, ...ranked])].slice(0, mostCompared)
      .map((i) => open[i]!);
    const done = new Set(
      said.flatMap(({ better, worse }) => [
        `${better} ${worse}`,
        `${worse} ${better}`,
      ]),
    );
    const pair = bestPair(
      process,
      pointsOf(chosen),
      (a, b) => done.has(`${chosen[a]!.number} ${chosen[b]!.number}`),
    );
    if (pair === null) return null;
    const reason = said.length === 0
      ? "Nothing has been said yet, and these two differ most."
      : `After ${said.length} ${
        said.length === 1 ? "comparison" : "comparisons"
      } the better of these two is expected to be best.`;
    return new PreferencePair(
      view as unknown as StudyView,
      [chosen[pair[0]]!, chosen[pair[1]]!],
      reason,
    );
  }

  #utility(view: StudyView<C>): Utility<C> {
    const complete = view.trials.filter(({ state }) => state === "complete");
    const key = JSON.stringify([
      complete.map(({ number }) => number),
      preferencesOf(view),
    ]);
    if (this.#known?.key === key) return this.#known.utility;
    const utility = fitUtility(view);
    this.#known = { key, utility };
    return utility;
  }
}

/** The feasible trials that can be the best: of several objectives those of the front. */
function judged<C>(
  view: StudyView<C>,
  trials: readonly TrialRecord<C>[],
): readonly TrialRecord<C>[] {
  if (view.objectives.length === 1) return trials.filter(isFeasible);
  const front = new Set(frontOf(view).map(({ number }) => number));
  return trials.filter(({ number }) => front.has(number));
}

/** The two whose better one is expected to be best, that have not been compared; the better first. */
function bestPair(
  process: Utility["process"],
  points: Float64Array,
  isDone: (a: number, b: number) => boolean,
): [number, number] | null {
  const { mean } = process.predict(points);
  const between = process.differences(points, points);
  const n = mean.length;
  let best: [number, number] | null = null;
  let most = -Infinity;
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      if (isDone(a, b)) continue;
      const worth = mean[b]! +
        expectedPreferenceGain(
          between.mean[a * n + b]!,
          between.sd[a * n + b]!,
        );
      if (worth > most) {
        most = worth;
        best = mean[b]! > mean[a]! ? [b, a] : [a, b];
      }
    }
  }
  return best;
}

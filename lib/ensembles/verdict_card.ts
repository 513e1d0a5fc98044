import { escapeMarkdown } from "../curves/mod.ts";
import { cleanText, type Objective, type TrialRecord } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { NoiseSource } from "./_noise.ts";

/** What to do next. */
export type VerdictAdvice = "stop" | "re-evaluate" | "search on";

/** A configuration that may be the best, in the objective's units and direction. */
export interface VerdictCandidate<C = Configuration> {
  /** The trial; of a configuration tried several times the first. */
  readonly trial: TrialRecord<C>;
  /** What was measured; the mean of several tries. */
  readonly value: number;
  /** Its standard error, without what all trials have in common. */
  readonly error: number;
  /** What it is probably worth: shrunk. */
  readonly estimate: number;
  /** The 90 % interval of that, without what all trials have in common. */
  readonly interval: readonly [number, number];
  /** The probability that it is truly the best of all tried, from 0 to 1. */
  readonly probability: number;
}

/** What a {@linkcode Verdict} is made of. */
export interface VerdictParts<C = Configuration> {
  /** The study's name. */
  readonly study: string;
  /** Its objective. */
  readonly objective: Objective;
  /** How many trials it has, also those that did not end well. */
  readonly tried: number;
  /** All candidates, the one with the best estimate first. */
  readonly candidates: readonly VerdictCandidate<C>[];
  /** The one with the best value. */
  readonly luckiest: VerdictCandidate<C>;
  /** The 90 % interval of the winner's value, with what all trials have in common. */
  readonly interval: readonly [number, number];
  /** How much too good the best value looks, at least 0. */
  readonly optimism: number;
  /** Which share of its lead over the median trial is luck, from 0 to 1. */
  readonly luckShare: number;
  /** The standard error of the winner's value. */
  readonly noise: number;
  /** Where the standard errors come from. */
  readonly noiseSource: NoiseSource;
  /** How many folds; 0 if they do not come from folds. */
  readonly folds: number;
  /** Whether it is about new data. */
  readonly newData: boolean;
  /** Whether all values are equal. */
  readonly isFlat: boolean;
  /** By how much so many further trials, searched as before, can be expected to beat the winner. */
  readonly gain: number;
  /** How many further trials that is about. */
  readonly further: number;
  /** How much better than the winner the truly best of those tried is expected to be. */
  readonly loss: number;
  /** What would be worth while. */
  readonly leastGain: number;
  /** What to do next. */
  readonly advice: VerdictAdvice;
}

const sources: Readonly<Record<NoiseSource, string>> = {
  folds: "the folds",
  given: "the noise given",
  repeats: "configurations tried several times",
  surrogate: "a surrogate (a guess: cross-validate, or give the noise)",
};

/** What {@linkcode verdict} gives: numbers, and in words what they mean. In the objective's units and direction. */
export class Verdict<C = Configuration> {
  /** All numbers. */
  readonly parts: VerdictParts<C>;

  /** Made by {@linkcode verdict}. */
  constructor(parts: VerdictParts<C>) {
    this.parts = Object.freeze(parts);
    Object.freeze(this);
  }

  /** The trial to take: the one with the best estimate. */
  get winner(): TrialRecord<C> {
    return this.candidates[0]!.trial;
  }

  /** All candidates, the one with the best estimate first. */
  get candidates(): readonly VerdictCandidate<C>[] {
    return this.parts.candidates;
  }

  /** The best value as measured: too good, on average. */
  get naive(): number {
    return this.parts.luckiest.value;
  }

  /** What the winner is probably worth. */
  get estimate(): number {
    return this.candidates[0]!.estimate;
  }

  /** The 90 % interval of what the winner is worth. */
  get interval(): readonly [number, number] {
    return this.parts.interval;
  }

  /** The probability that the winner is truly the best of those tried. */
  get probability(): number {
    return this.candidates[0]!.probability;
  }

  /** How much too good the best value looks, at least 0. */
  get optimism(): number {
    return this.parts.optimism;
  }

  /** What to do next. */
  get advice(): VerdictAdvice {
    return this.parts.advice;
  }

  /** Why. */
  get reason(): string {
    const { advice, gain, loss, further, leastGain, isFlat } = this.parts;
    if (isFlat) {
      return "Stop: all trials brought the same value; the parameters searched do not matter, or the objective does not depend on them.";
    }
    const [more, again] = [gain, loss].map(show);
    const worth = `${show(leastGain)} would be worth while`;
    if (advice === "stop") {
      return `Stop: ${further} further trials can be expected to bring ${more}, and to find the best of those tried ${again}; ${worth}.`;
    }
    return advice === "re-evaluate"
      ? `Measure the first few again (recheck): the best of those tried may be ${again} better than the one chosen; ${further} further trials can be expected to bring ${more}.`
      : `Search on: ${further} further trials, chosen as those so far, can be expected to bring ${more}; ${worth}.`;
  }

  /** A sentence for a paper. */
  get sentence(): string {
    const { tried, folds, objective, isFlat, newData } = this.parts;
    const how = folds === 0 ? "" : `, each by ${folds}-fold cross-validation`;
    if (isFlat) {
      return `All ${tried} configurations tried${how} brought the same ${objective.name}, ${
        show(this.naive)
      }.`;
    }
    const [low, high] = this.interval.map(show);
    return `Of ${tried} configurations tried${how}, the best observed ${objective.name} was ${
      show(this.naive)
    }; corrected for the choice among them (empirical Bayes), that of the configuration chosen is estimated at ${
      show(this.estimate)
    } (90% interval ${low} to ${high}${
      newData ? ", corrected for overlapping training sets" : ""
    }; probability of being the best of those tried ${
      this.probability.toFixed(2)
    }).`;
  }

  /** The verdict as text. */
  toString(): string {
    return [
      `Verdict on ${this.parts.study}: trial ${this.winner.number}`,
      this.sentence,
      ...this.#luck(),
      this.reason,
      "",
      ...this.candidates.slice(0, 5).map((one) =>
        `trial ${one.trial.number}: measured ${show(one.value)} ± ${
          show(one.error)
        }, probably ${show(one.estimate)} (${
          one.interval.map(show).join(" to ")
        }), the best with probability ${one.probability.toFixed(2)}`
      ),
    ].map(cleanText).join("\n");
  }

  #luck(): string[] {
    const { luckiest, luckShare, noiseSource, isFlat } = this.parts;
    if (isFlat) return [];
    return [
      `The best value looks ${show(this.optimism)} too good: ${
        Math.round(100 * luckShare)
      } % of its lead over the median trial is luck. Standard errors are from ${
        sources[noiseSource]
      }.`,
      ...(luckiest.trial.number === this.winner.number ? [] : [
        `Trial ${luckiest.trial.number} has the best value, but is noisier: probably ${
          show(luckiest.estimate)
        }.`,
      ]),
    ];
  }

  /** What a Jupyter notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const rows = this.candidates.slice(0, 5).map((one) =>
      `| ${one.trial.number} | ${show(one.value)} ± ${show(one.error)} | ${
        show(one.estimate)
      } | ${one.interval.map(show).join(" to ")} | ${
        one.probability.toFixed(2)
      } |`
    );
    return {
      "text/markdown": [
        `**Trial ${this.winner.number}.** ${escapeMarkdown(this.sentence)}`,
        ...this.#luck(),
        this.reason,
        [
          "| trial | measured | probably | 90 % interval | P(best) |",
          "|---|---|---|---|---|",
          ...rows,
        ].join("\n"),
      ].join("\n\n"),
      "text/plain": this.toString(),
    };
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}

import { cleanText, type Direction, type Prediction } from "../records/mod.ts";
import type { Configuration, ParameterValue, Space } from "../space/mod.ts";
import type { Finding } from "./diagnosis.ts";
import { adviceMarkdown } from "./_markdown.ts";

/** Another trial, to learn from. */
export interface AdviceSibling {
  /** Its number in the study. */
  readonly number: number;
  /** Its configuration. */
  readonly params: Configuration;
  /** What it reached, of the objective; null if nothing. */
  readonly value: number | null;
}

/** What advice is made from, beside the diagnosis. */
export interface AdviceContext {
  /** What may be moved. */
  readonly space: Space;
  /** The diagnosed configuration. */
  readonly params: Configuration;
  /** What it reached; null if nothing. */
  readonly value?: number | null;
  /** Which values are better. Defaults to `"minimize"`. */
  readonly direction?: Direction;
  /** The study's other trials. Defaults to none. */
  readonly siblings?: readonly AdviceSibling[];
  /** What a surrogate expects of a configuration; null where it cannot say. */
  readonly expects?: (params: Configuration) => Prediction | null;
}

/** One parameter to move. */
export interface Move {
  /** The parameter. */
  readonly parameter: string;
  /** Its value now. */
  readonly from: ParameterValue;
  /** The value to try. */
  readonly to: ParameterValue;
  /** A sentence: what to do, and what speaks for it or against it. */
  readonly sentence: string;
  /** How much speaks for it; moves are sorted by it. */
  readonly merit: number;
  /** What the surrogate expects of the moved configuration; null if none was asked. */
  readonly expected: Prediction | null;
  /** The trial nearby that tried such a move; null if there is none. */
  readonly sibling: number | null;
  /** The whole configuration to run. */
  readonly suggestion: Configuration;
}

/** What to do after a diagnosis. A value: `toString()` gives the sentence. */
export class Advice {
  /** The finding that it answers; null if there was none. */
  readonly finding: Finding | null;
  /** The moves, the most promising first; empty if no parameter helps. */
  readonly moves: readonly Move[];
  /** What to do, in a sentence or two. */
  readonly sentence: string;

  /** Made by {@linkcode adviseOn}. */
  constructor(
    finding: Finding | null,
    moves: readonly Move[],
    sentence: string,
  ) {
    this.finding = finding;
    this.moves = Object.freeze([...moves]);
    this.sentence = sentence;
    Object.freeze(this);
  }

  /** The whole configuration to try next, valid in the space; null if no move helps. */
  get suggestion(): Configuration | null {
    return this.moves[0]?.suggestion ?? null;
  }

  /** The sentence. */
  toString(): string {
    return cleanText(this.sentence);
  }

  /** The sentence and the moves that it chose among, as Markdown. */
  toMarkdown(): string {
    return adviceMarkdown(this);
  }

  /** What a notebook shows: the sentence, and the moves that it chose among. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return {
      "text/markdown": this.toMarkdown(),
      "text/plain": this.toString(),
    };
  }

  /** What the console shows: the sentence. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

import { cleanText } from "../records/mod.ts";
import { diagnosisMarkdown } from "./_markdown.ts";

/** What a training's curves can show. */
export type FindingKind =
  | "divergence"
  | "learning rate too large"
  | "learning rate too small"
  | "not converged"
  | "no learning"
  | "early plateau"
  | "overfitting"
  | "generalization gap"
  | "underfitting"
  | "noisy validation"
  | "late step noise"
  | "leakage"
  | "shift"
  | "early instability"
  | "overconfidence";

/** What a study's trials together can show. */
export type StudyFindingKind =
  | "edge of the space"
  | "instability across trials"
  | "budget too small"
  | "budget too large"
  | "failing region"
  | "noise above differences"
  | "common finding";

/**
 * How much it matters: `"critical"`: the training is lost; `"problem"`: it cost
 * quality; `"hint"`: worth knowing; `"question"`: only you can tell.
 */
export type Severity = "critical" | "problem" | "hint" | "question";

/** One number that a finding rests on. */
export interface Evidence {
  /** What was measured, in words, e.g. `"rise of the validation loss after its lowest point"`. */
  readonly statistic: string;
  /** The number. */
  readonly value: number;
  /** The unit, e.g. `"of the lowest value"`, `"standard deviations"`. */
  readonly unit: string;
  /** What it was compared with; null where it only describes. */
  readonly threshold: number | null;
  /** The probability of as much by chance, corrected for the number of tests made; null where it is no test. */
  readonly p: number | null;
}

/** One thing that curves show. `K` is the type of what can be shown. */
export interface Finding<K extends string = FindingKind> {
  /** What it is. */
  readonly kind: K;
  /** How much it matters. */
  readonly severity: Severity;
  /** A sentence with numbers, for a person. */
  readonly sentence: string;
  /** What it rests on. */
  readonly evidence: readonly Evidence[];
  /** From which to which step it shows; null where it is of no step. */
  readonly steps: { readonly from: number; readonly to: number } | null;
  /** Numbers of trials that it is about; empty for the training itself. */
  readonly trials: readonly number[];
}

/** A place on the curves that a picture of the diagnosis shows. */
export interface DiagnosisMark {
  /** What to write beside it. */
  readonly label: string;
  /** The step. */
  readonly step: number;
  /** Which curve it is on. */
  readonly curve: "train" | "validation";
  /** The curve's value there, of an end smoothed, in its own unit. */
  readonly value: number;
}

/** The parts of a {@linkcode Diagnosis}. */
export interface DiagnosisParts<K extends string> {
  /** What was diagnosed, e.g. `"Trial 7"`. */
  readonly subject: string;
  /** What was found, the most important first. */
  readonly findings: readonly Finding<K>[];
  /** What to know of the reading: values left out, a direction that was guessed. */
  readonly notes?: readonly string[];
  /** Places to mark on a picture. */
  readonly marks?: readonly DiagnosisMark[];
  /** What is said where nothing was found. */
  readonly nothing?: string;
}

/**
 * What curves show, with the evidence. "Nothing found" is an answer too.
 *
 * A value: frozen; `toString()` gives sentences, a notebook shows them.
 */
export class Diagnosis<K extends string = FindingKind> {
  /** What was diagnosed, e.g. `"Trial 7"`. */
  readonly subject: string;
  /** What was found, the most important first; empty if nothing was. */
  readonly findings: readonly Finding<K>[];
  /** What to know of the reading: values left out, a direction that was guessed. */
  readonly notes: readonly string[];
  /** Places to mark on a picture of the curves. */
  readonly marks: readonly DiagnosisMark[];
  readonly #nothing: string;

  /** Made by {@linkcode diagnose} and its like. */
  constructor(parts: DiagnosisParts<K>) {
    this.subject = parts.subject;
    this.findings = Object.freeze([...parts.findings]);
    this.notes = Object.freeze([...parts.notes ?? []]);
    this.marks = Object.freeze([...parts.marks ?? []]);
    this.#nothing = parts.nothing ?? "nothing wrong to be seen.";
    Object.freeze(this);
  }

  /** The most important finding, or null if there is none. */
  get main(): Finding<K> | null {
    return this.findings[0] ?? null;
  }

  /** The finding of a kind, or null. */
  find(kind: K): Finding<K> | null {
    return this.findings.find((finding) => finding.kind === kind) ?? null;
  }

  /** The findings as plain data. */
  toJSON(): {
    readonly subject: string;
    readonly findings: readonly Finding<K>[];
    readonly notes: readonly string[];
    readonly marks: readonly DiagnosisMark[];
  } {
    const { subject, findings, notes, marks } = this;
    return { subject, findings, notes, marks };
  }

  /** The findings in sentences, one a line. */
  toString(): string {
    const lines = this.findings.map(({ sentence }) => sentence);
    const head = lines.length === 0
      ? [`${this.subject}: ${this.#nothing}`]
      : lines.length === 1
      ? [`${this.subject}: ${lines[0]}`]
      : [`${this.subject}:`, ...lines.map((line) => `- ${line}`)];
    return [...head, ...this.notes.map((note) => `(${note})`)].map(cleanText)
      .join("\n");
  }

  /** The findings with their evidence, as Markdown. */
  toMarkdown(): string {
    return diagnosisMarkdown({
      subject: this.subject,
      findings: this.findings,
      notes: this.notes,
      nothing: this.#nothing,
    });
  }

  /** What a notebook shows: the findings with their evidence. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return {
      "text/markdown": this.toMarkdown(),
      "text/plain": this.toString(),
    };
  }

  /** What the console shows: the sentences. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

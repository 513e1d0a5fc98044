/**
 * What the panel's page and its kernel say to each other: JSON texts over one
 * socket, typed here, and checked at the kernel's door.
 *
 * Numbers that JSON does not have (NaN, infinities) are sent as `null`, with
 * their text beside them where a person is to see them.
 *
 * @module
 */

import type { Direction, TrialOrigin, TrialState } from "../records/mod.ts";
import type { ParameterValue, SpaceJSON } from "../space/mod.ts";

/** The version of this protocol; a page of another one reloads itself. */
export const protocolVersion = 1;

/** The longest message that the kernel takes, in characters. */
export const longestMessage = 65_536;

/** Values by parameter. */
export type Values = Readonly<Record<string, ParameterValue>>;

/** Narrowed ranges by parameter. */
export type RangesByName = Readonly<
  Record<string, readonly [low: number, high: number]>
>;

/** What the page keeps with the study, so that it is there again after a restart. */
export interface Draft {
  /** Where the controls stand, of parameters not used now too. */
  readonly params: Values;
  /** The parameters that the sampler leaves alone. */
  readonly pinned: readonly string[];
  /** Ranges narrowed for what comes next. */
  readonly ranges: RangesByName;
  /** The trials whose curves are laid over each other. */
  readonly compared: readonly number[];
}

/** A configuration that is to run, and who chose it. */
export interface Candidate {
  /** The whole configuration. */
  readonly params: Values;
  /** Who chose it. */
  readonly chosenBy: "manual" | "sampler";
  /** Why, in words. */
  readonly reason: string | null;
}

/** What the page asks for. Each is answered under its `id`, but for `draft`. */
export type PanelRequest =
  | { readonly type: "look"; readonly id: number; readonly params: Values }
  | { readonly type: "draft"; readonly draft: Draft }
  | {
    readonly type: "run";
    readonly id: number;
    readonly candidate: Candidate;
  }
  | {
    readonly type: "suggest";
    readonly id: number;
    readonly count: number;
    readonly fixed: Values;
    readonly ranges: RangesByName;
  }
  | {
    readonly type: "queue";
    readonly id: number;
    readonly candidates: readonly Candidate[];
  }
  | { readonly type: "run queue"; readonly id: number }
  | {
    readonly type: "auto";
    readonly id: number;
    readonly trials: number;
    readonly fixed: Values;
    readonly ranges: RangesByName;
  }
  | {
    readonly type: "stop";
    readonly id: number;
    readonly scope: "trial" | "run";
  }
  | { readonly type: "hold"; readonly id: number; readonly on: boolean }
  | { readonly type: "withdraw"; readonly id: number; readonly number: number }
  | { readonly type: "repeat"; readonly id: number; readonly number: number }
  | {
    readonly type: "note";
    readonly id: number;
    readonly number: number;
    readonly text: string;
  }
  | {
    readonly type: "favorite";
    readonly id: number;
    readonly number: number;
    readonly on: boolean;
  }
  | {
    readonly type: "judge";
    readonly id: number;
    readonly number: number;
    readonly verdict: "failed" | "discarded" | null;
    readonly reason: string;
  }
  | {
    readonly type: "curves";
    readonly id: number;
    readonly numbers: readonly number[];
  }
  | { readonly type: "diagnose"; readonly id: number; readonly number: number };

/** A trial as the page's table shows it. */
export interface TrialRow {
  /** Its number. */
  readonly number: number;
  /** Where it stands. */
  readonly state: TrialState;
  /** Its value if it is finite. */
  readonly value: number | null;
  /** Its value as a text. */
  readonly shown: string;
  /** Whether it keeps to the study's constraints. */
  readonly feasible: boolean;
  /** Its configuration. */
  readonly params: Values;
  /** Who chose it. */
  readonly origin: TrialOrigin;
  /** Why, or why it was stopped. */
  readonly reason: string | null;
  /** The first line of its error. */
  readonly error: string | null;
  /** What was expected of it. */
  readonly forecast: { readonly mean: number; readonly sd: number } | null;
  /** How long it ran, in milliseconds. */
  readonly durationMs: number | null;
  /** The person's note. */
  readonly note: string;
  /** Whether it is a favorite. */
  readonly favorite: boolean;
  /** What a person has said of it. */
  readonly verdict: "failed" | "discarded" | null;
  /** The objective's curve in at most 24 points. */
  readonly spark: readonly (number | null)[];
  /** The last step reported; null if there is none. */
  readonly step: number | null;
}

/** What goes on. */
export interface Activity {
  /** The trials that run in this process. */
  readonly running: readonly {
    readonly number: number;
    /** Whether it waits at its next report. */
    readonly held: boolean;
    /** Why it is stopping; null if it is not. */
    readonly stopping: string | null;
  }[];
  /** The run that is on, in this process; null if none is. */
  readonly run: {
    /** How many trials it is to run; null for no limit. */
    readonly target: number | null;
    /** How many have ended. */
    readonly finished: number;
    /** Whether it is held. */
    readonly held: boolean;
    /** Why it is stopping; null if it is not. */
    readonly stopping: string | null;
  } | null;
  /** The last step of the longest training so far; null if there is none. */
  readonly usualSteps: number | null;
}

/** How forecasts did, and each side. */
export interface Score {
  /** How many forecasts have come true or not. */
  readonly forecasts: number;
  /** How many values were within the 90 % interval. */
  readonly within90: number;
  /** Each side that chose. */
  readonly sides: readonly {
    readonly origin: TrialOrigin;
    readonly trials: number;
    readonly improvements: number;
    /** The mean share of the other trials that they beat; null if there are none. */
    readonly beaten: number | null;
  }[];
}

/** A curve, or a part of one from an index on. */
export interface CurvePart {
  /** The trial. */
  readonly number: number;
  /** The curve's name. */
  readonly name: string;
  /** Where it begins: what the page has from this index on is replaced. */
  readonly from: number;
  /** The steps. */
  readonly steps: readonly number[];
  /** The values. */
  readonly values: readonly (number | null)[];
}

/** What a trial's curves show, and what to do. */
export interface Reading {
  /** The trial. */
  readonly number: number;
  /** Whether it was still running. */
  readonly live: boolean;
  /** What was found, the most important first. */
  readonly findings: readonly {
    readonly kind: string;
    readonly severity: string;
    readonly sentence: string;
  }[];
  /** What is said where nothing was found. */
  readonly nothing: string;
  /** What to do; null where nothing was found. */
  readonly advice: {
    readonly sentence: string;
    readonly moves: readonly {
      readonly parameter: string;
      readonly to: ParameterValue;
      readonly sentence: string;
      readonly suggestion: Values;
    }[];
  } | null;
  /** Where its curves are going: those that the diagnosis reads, and the objective's. */
  readonly forecasts: readonly {
    /** The curve's name. */
    readonly curve: string;
    /** The step. */
    readonly at: number;
    /** The expected level there. */
    readonly value: number;
    /** The way: step, value, low, high. */
    readonly path: readonly (readonly [
      number,
      number | null,
      number | null,
      number | null,
    ])[];
    /** Of the objective's curve, the chance to end better than the best; else null. */
    readonly chance: number | null;
  }[];
  /** Places to mark on the curves. */
  readonly marks: readonly {
    readonly label: string;
    readonly step: number;
    readonly curve: string;
    readonly value: number | null;
  }[];
}

/** What is expected of a configuration. */
export interface Look {
  /** The expectation; null while there are too few trials, or the configuration is not valid. */
  readonly forecast: {
    readonly mean: number;
    readonly sd: number;
    readonly low: number;
    readonly high: number;
    /** The chance to beat the best, in `[0, 1]`. */
    readonly chance: number;
    readonly best: number | null;
  } | null;
  /** Why there is none. */
  readonly reason: string | null;
  /** The earlier trials most like it. */
  readonly nearest: readonly {
    readonly number: number;
    readonly distance: number;
    readonly value: number | null;
    readonly shown: string;
  }[];
}

/** What the surrogate expects along one parameter, the others staying where they are. */
export interface Slice {
  /** The expected values; of a number at evenly spaced places of its scale, from end to end, else one for each value. */
  readonly mean: readonly number[];
  /** The standard deviations of the function. */
  readonly sd: readonly number[];
}

/** The slices along all parameters in use. */
export interface Slices {
  /** By parameter. */
  readonly slices: Readonly<Record<string, Slice>>;
  /** The worst and the best value between which pictures are shaded. */
  readonly scale: { readonly worst: number; readonly best: number };
  /** The standard deviation of the function where nothing is known. */
  readonly unknownSd: number;
  /** The parameter that matters most from here; null if none does. */
  readonly most: {
    readonly name: string;
    readonly low: number;
    readonly high: number;
    readonly to: ParameterValue;
  } | null;
}

/** What the study is. */
export interface StudyFacts {
  /** The name. */
  readonly name: string;
  /** The objective's name. */
  readonly objective: string;
  /** Which values are better. */
  readonly direction: Direction;
  /** What is searched. */
  readonly space: SpaceJSON;
  /** Where it is kept. */
  readonly storage: string;
  /** The sampler's name. */
  readonly sampler: string;
  /** Whether trials can be run from here. */
  readonly canRun: boolean;
}

/** What changes with the trials. */
export interface Standing {
  /** What goes on. */
  readonly activity: Activity;
  /** How forecasts did. */
  readonly score: Score;
  /** How much each parameter matters, of the whole study: shares. */
  readonly importance: Readonly<Record<string, number>>;
}

/** What the kernel says. */
export type PanelMessage =
  | {
    readonly type: "state";
    readonly protocol: number;
    readonly study: StudyFacts;
    readonly draft: Draft | null;
    readonly rows: readonly TrialRow[];
    readonly curves: readonly CurvePart[];
    readonly standing: Standing;
  }
  | {
    readonly type: "rows";
    readonly rows: readonly TrialRow[];
    readonly standing: Standing;
  }
  | { readonly type: "activity"; readonly activity: Activity }
  | { readonly type: "live"; readonly parts: readonly CurvePart[] }
  | { readonly type: "reading"; readonly reading: Reading }
  | { readonly type: "slices"; readonly id: number; readonly slices: Slices }
  | {
    readonly type: "notice";
    readonly text: string;
    readonly isError: boolean;
  }
  | {
    readonly type: "answer";
    readonly id: number;
    readonly ok: true;
    readonly result: unknown;
  }
  | {
    readonly type: "answer";
    readonly id: number | null;
    readonly ok: false;
    readonly message: string;
  };

/**
 * Which knob to move after a diagnosis, where to, and why.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | x | `params` | the diagnosed configuration |
 * | x′ | `suggestion` | the same with one parameter moved |
 * | μ, s | `expects` | what a surrogate expects of a configuration: mean and sd |
 * | d | `distance` | of two configurations, in the unit cube, the moved parameter left out |
 *
 * A move's merit is the place of its remedy in the list for the finding
 * (1, 0.8, 0.6, …), plus what other trials on that side reached beside those on
 * this side, plus what the surrogate expects: each at most 0.6, up or down.
 *
 * @module
 */

import type { Direction, Prediction } from "../records/mod.ts";
import type { Configuration, ParameterValue, Space } from "../space/mod.ts";
import { toUnit } from "../space/mod.ts";
import type { Diagnosis, Finding, FindingKind } from "./diagnosis.ts";
import { otherwise, remedies, type Remedy } from "./_moves.ts";
import { targetsOf, withChange } from "./_targets.ts";
import { show, times } from "./_words.ts";

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
    return this.sentence;
  }

  /** What a notebook shows: the sentence. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": this.sentence };
  }

  /** What the console shows: the sentence. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.sentence;
  }
}

/**
 * Says which parameter of this space to move after a diagnosis, where to, how
 * far and why. One parameter at a time; never one that is inactive or at its
 * bound. Draws no random numbers.
 *
 * @param diagnosis What {@linkcode diagnose} said.
 * @param context The space, the configuration, and what else is known.
 * @throws {RangeError} If the configuration is not valid in the space.
 *
 * @example
 * ```ts
 * import { adviseOn, diagnose, float, space } from "@etude/etude";
 * const s = space({ weightDecay: float(1e-6, 1e-1, { log: true }) });
 * const train = [0.9, 0.7, 0.5, 0.4, 0.3, 0.24, 0.19, 0.15, 0.12, 0.1, 0.08, 0.06];
 * const validation = [0.92, 0.75, 0.6, 0.55, 0.53, 0.54, 0.57, 0.61, 0.66, 0.7, 0.76, 0.8];
 * const advice = adviseOn(diagnose({ train, validation }), { space: s, params: { weightDecay: 1e-4 } });
 * advice.suggestion; // { weightDecay: 0.0004 }
 * console.log(String(advice)); // "Overfitting since epoch 5 (…): raise weightDecay 4 ×, to 0.0004: …"
 * ```
 */
export function adviseOn(
  diagnosis: Diagnosis,
  context: AdviceContext,
): Advice {
  const space = context.space as Space;
  const params = space.validate(context.params) as Configuration;
  const finding =
    diagnosis.findings.find(({ kind, severity }) =>
      remedies[kind].length > 0 && severity !== "hint"
    ) ?? diagnosis.findings.find(({ kind }) => remedies[kind].length > 0) ??
      diagnosis.main;
  if (finding === null) {
    return new Advice(
      null,
      [],
      "Nothing to mend was seen: no parameter needs to move for it.",
    );
  }
  // Where the data are in question, no parameter is.
  const doubt = diagnosis.find("leakage") ?? diagnosis.find("shift");
  const asked = doubt ?? finding;
  const moves = remedies[asked.kind].flatMap((remedy, place) =>
    movesOf(asked, remedy, place, { ...context, space, params })
  ).sort((a, b) => b.merit - a.merit);
  const distinct = moves.filter((move, place) =>
    moves.findIndex(({ parameter }) => parameter === move.parameter) === place
  );
  const head = headline(asked);
  const [first, second] = distinct;
  if (first !== undefined) {
    return new Advice(
      asked,
      distinct,
      `${head}: ${first.sentence}${
        second === undefined
          ? ""
          : ` Or ${second.sentence.split(/[:.](?: |$)/)[0]}.`
      }`,
    );
  }
  const other = otherwise[asked.kind];
  return new Advice(
    asked,
    [],
    other !== undefined
      ? `${head}: ${other}.`
      : `${head}: no parameter of this space that would help has room to move; ${
        missing(asked.kind)
      }`,
  );
}

/** The finding in a few words, with its strongest number. */
function headline(finding: Finding): string {
  const name = finding.kind[0]!.toUpperCase() + finding.kind.slice(1);
  const z = finding.evidence.find(({ unit }) => unit === "σ");
  const since = finding.steps !== null && z !== undefined
    ? ` since epoch ${show(finding.steps.from)}`
    : "";
  const first = finding.evidence[0];
  const number = z !== undefined
    ? ` (z ${show(z.value)})`
    : first === undefined || !Number.isFinite(first.value)
    ? ""
    : ` (${first.statistic}: ${show(first.value)} ${first.unit})`;
  return `${name}${since}${number}`;
}

function missing(kind: FindingKind): string {
  const roles = [...new Set(remedies[kind].map(({ role }) => role))];
  return `one of these would: ${roles.join(", ")}.`;
}

interface Known extends AdviceContext {
  readonly params: Configuration;
}

function movesOf(
  finding: Finding,
  remedy: Remedy,
  place: number,
  known: Known,
): Move[] {
  const { space, params } = known;
  return space.parameters.flatMap((parameter) => {
    const from = params[parameter.name];
    if (parameter.role !== remedy.role || from === undefined) return [];
    const plain = parameter.name.toLowerCase().replace(/[^a-z0-9]/g, "");
    if (remedy.named !== undefined && !remedy.named.test(plain)) return [];
    // A schedule's shape or length is moved only where the remedy names it.
    if (parameter.role === "schedule" && remedy.named === undefined) return [];
    const sized = remedySize(finding, remedy);
    const targets = targetsOf(parameter, from, sized);
    const moves = targets.map((to, nth) =>
      moveTo(to, nth, parameter.name, from, sized, place, known)
    ).filter((move) => move !== null);
    return moves.sort((a, b) => b.merit - a.merit).slice(0, 1);
  });
}

/** A remedy as strong as the finding asks for. */
function remedySize(finding: Finding, remedy: Remedy): Remedy {
  const value = finding.evidence[0]?.value ?? 0;
  const strong = finding.kind === "overfitting" && value > 0.5 ||
    finding.kind === "underfitting" && value > 4 ||
    finding.kind === "divergence";
  return strong && remedy.way !== "any"
    ? {
      ...remedy,
      factor: remedy.factor ** 1.5,
      units: Math.min(1, 1.5 * remedy.units),
    }
    : remedy;
}

function moveTo(
  to: ParameterValue,
  nth: number,
  name: string,
  from: ParameterValue,
  remedy: Remedy,
  place: number,
  known: Known,
): Move | null {
  const { space, params, expects, direction = "minimize" } = known;
  const suggestion = withChange(space, params, name, to);
  if (suggestion === null) return null;
  const sign = direction === "minimize" ? 1 : -1;
  const tried = siblingEvidence(name, to, known);
  const expected = expects?.(suggestion) ?? null;
  const here = expects?.(params) ?? null;
  let merit = 1 - 0.2 * place - 0.1 * nth;
  const said: string[] = [];
  if (tried !== null) {
    merit += 0.6 * Math.tanh(tried.gain);
    said.push(tried.sentence);
  }
  if (expected !== null && here !== null && isUsable(expected)) {
    const gain = sign * (here.mean - expected.mean);
    const doubt = Math.hypot(expected.sd, here.sd) || 1e-12;
    merit += 0.6 * Math.tanh(gain / doubt);
    said.push(
      `The surrogate expects ${show(expected.mean)} ± ${
        show(expected.sd)
      } there, ${show(here.mean)} here${
        gain < -doubt ? ": it disagrees" : ""
      }.`,
    );
  }
  // Among values without an order something must speak for one.
  if (remedy.way === "any" && merit <= 1 - 0.2 * place + 0.05) return null;
  return Object.freeze({
    parameter: name,
    from,
    to,
    sentence: [`${instruction(name, from, to)}: it ${remedy.why}.`, ...said]
      .join(" "),
    merit,
    expected,
    sibling: tried?.number ?? null,
    suggestion,
  });
}

function isUsable({ mean, sd }: Prediction): boolean {
  return Number.isFinite(mean) && Number.isFinite(sd);
}

/** "raise weightDecay 3 ×, to 0.0003". */
function instruction(
  name: string,
  from: ParameterValue,
  to: ParameterValue,
): string {
  if (typeof from !== "number" || typeof to !== "number") {
    return `set ${name} to ${typeof to === "number" ? show(to) : String(to)}`;
  }
  const verb = to > from ? "raise" : "lower";
  const ratio = from > 0 && to > 0 ? Math.max(to / from, from / to) : NaN;
  return ratio >= 1.5 && Number.isFinite(ratio)
    ? `${verb} ${name} ${times(ratio)}, to ${show(to)}`
    : `${verb} ${name} from ${show(from)} to ${show(to)}`;
}

/** What other trials near the target reached, beside those near the present value. */
function siblingEvidence(
  name: string,
  to: ParameterValue,
  { space, params, siblings = [], direction = "minimize", value }: Known,
): { gain: number; number: number; sentence: string } | null {
  const parameter = space.parameter(name);
  const sign = direction === "minimize" ? 1 : -1;
  const own = space.encode(params);
  const target = toUnit(parameter, to);
  const present = toUnit(parameter, params[name]!);
  const axis = space.names.indexOf(name);
  const usable = siblings.filter((one) =>
    one.value !== null && Number.isFinite(one.value) &&
    one.params[name] !== undefined
  );
  if (usable.length === 0 || value === null || value === undefined) return null;
  let best: { distance: number; sibling: AdviceSibling } | null = null;
  for (const sibling of usable) {
    let place: Float64Array;
    try {
      place = space.encode(space.validate(sibling.params));
    } catch {
      continue;
    }
    const moved = (place[axis]! - present) * (target - present);
    const reach = Math.abs(target - present);
    const off = Math.abs(place[axis]! - target);
    if (!(moved > 0) || off > Math.max(0.15, 0.7 * reach)) continue;
    let sum = 0;
    for (let i = 0; i < place.length; i++) {
      if (i === axis) continue;
      const [a, b] = [own[i]!, place[i]!];
      sum += Number.isNaN(a) !== Number.isNaN(b)
        ? 1
        : Number.isNaN(a)
        ? 0
        : (a - b) ** 2;
    }
    const distance = Math.sqrt(sum) + off;
    if (distance > 0.6 || best !== null && distance >= best.distance) continue;
    best = { distance, sibling };
  }
  if (best === null) return null;
  const { sibling, distance } = best;
  const values = usable.map((one) => one.value!);
  const spread = Math.max(
    1e-12,
    Math.abs(value) * 0.02,
    spreadOf([...values, value]),
  );
  const gain = sign * (value - sibling.value!) / spread * (1 - distance);
  return {
    gain,
    number: sibling.number,
    sentence: `Trial ${sibling.number}, with ${name} ${
      typeof sibling.params[name] === "number"
        ? show(sibling.params[name])
        : String(sibling.params[name])
    } and else ${distance < 0.1 ? "the same" : "much the same"}, reached ${
      show(sibling.value!)
    } (this one ${show(value)}).`,
  };
}

/** Half the distance between the quartiles. */
function spreadOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number) => sorted[Math.round(p * (sorted.length - 1))]!;
  return (at(0.75) - at(0.25)) / 2;
}

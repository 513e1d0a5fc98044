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
 * (1, 0.8, 0.6, …), plus whether it goes toward where the better third of the
 * other trials is (at most 0.5, up or down), what a trial near the target reached,
 * and what the surrogate expects (each at most 0.6, up or down).
 *
 * @module
 */

import type { Prediction } from "../records/mod.ts";
import {
  choicesOf,
  type Configuration,
  type Parameter,
  type ParameterValue,
  type Space,
  toUnit,
} from "../space/mod.ts";
import { Advice, type AdviceContext, type Move } from "./advice.ts";
import type { Diagnosis, Finding, FindingKind } from "./diagnosis.ts";
import { otherwise, remedies, type Remedy } from "./_moves.ts";
import { goodPlace, isAmongTheGood } from "./_good_values.ts";
import { siblingEvidence } from "./_sibling_evidence.ts";
import { farther, targetsOf, withChange } from "./_targets.ts";
import { percent, show, times } from "./_words.ts";

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
  const params = space.validate(context.params, {
    rules: false,
  }) as Configuration;
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
  if (asked.kind === "no learning" && isAmongTheGood(space, params, context)) {
    return new Advice(
      asked,
      [],
      `${
        headline(asked)
      }: trials with parameters like these learn well, so it may be bad luck of the first weights: run it again with another seed.`,
    );
  }
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
    : ` (${first.statistic}: ${
      first.unit.startsWith("of ") ? percent(first.value) : show(first.value)
    } ${first.unit.replace("the baseline", "a constant answer's loss")})`;
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
    const from = Object.hasOwn(params, parameter.name)
      ? params[parameter.name]
      : undefined;
    if (parameter.role !== remedy.role || from === undefined) return [];
    const plain = parameter.name.toLowerCase().replace(/[^a-z0-9]/g, "");
    if (remedy.named !== undefined && !remedy.named.test(plain)) return [];
    // A schedule's shape or length is moved only where the remedy names it.
    if (parameter.role === "schedule" && remedy.named === undefined) return [];
    const sized = remedySize(finding, remedy);
    const targets = targetsOf(parameter, from, sized);
    const [nearest] = targets;
    if (nearest === undefined) return [];
    const good = goodPlace(parameter, known);
    if (remedy.towardGood && !isFarBeyond(good, parameter, from, nearest)) {
      return [];
    }
    const beyond = good === null
      ? null
      : farther(parameter, from, nearest, good);
    const start = merit(place, finding, parameter, from, nearest, good);
    const moves = (beyond === null ? targets : [beyond, ...targets]).map((
      to,
      nth,
    ) => moveTo(to, parameter.name, from, sized, start - 0.1 * nth, known))
      .filter((move) => move !== null);
    return moves.sort((a, b) => b.merit - a.merit).slice(0, 1);
  });
}

/** Whether the better trials are well beyond, on the way to the target. */
function isFarBeyond(
  good: number | null,
  parameter: Parameter,
  from: ParameterValue,
  to: ParameterValue,
): boolean {
  const here = toUnit(parameter, from);
  return good !== null &&
    (good - here) * Math.sign(toUnit(parameter, to) - here) > 0.12;
}

/** What speaks for a parameter before siblings nearby and the surrogate are heard. */
function merit(
  place: number,
  finding: Finding,
  parameter: Parameter,
  from: ParameterValue,
  to: ParameterValue,
  good: number | null,
): number {
  const here = toUnit(parameter, from);
  // A penalty on the weights that is next to nothing has the most to give.
  const unused = (finding.kind === "overfitting" ||
    finding.kind === "generalization gap") &&
    parameter.role === "regularization" && !/drop/i.test(parameter.name) &&
    here < 0.3;
  const prior = 1 - 0.2 * place + (unused ? 0.1 : 0);
  if (good !== null && choicesOf(parameter) === null) {
    // Toward where the better trials are, or away from it.
    const toward = (good - here) * Math.sign(toUnit(parameter, to) - here);
    return prior +
      (toward > 0.1
        ? 0.3 + Math.min(0.5, toward)
        : toward < -0.1
        ? -0.5
        : -0.15);
  }
  // What is weak already has little left to give.
  const weak = finding.kind === "underfitting" &&
    parameter.role === "regularization" && here < 0.5;
  return weak ? prior - 0.3 : prior;
}

/** A remedy as strong as the finding asks for. */
function remedySize(finding: Finding, remedy: Remedy): Remedy {
  const value = finding.evidence[0]?.value ?? 0;
  const strong = finding.kind === "overfitting" && value > 0.5 ||
    finding.kind === "underfitting" && value > 4 ||
    finding.kind === "learning rate too large" && value > 2 ||
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
  name: string,
  from: ParameterValue,
  remedy: Remedy,
  start: number,
  known: Known,
): Move | null {
  const { space, params, expects, direction = "minimize" } = known;
  const suggestion = withChange(space, params, name, to);
  if (suggestion === null) return null;
  const sign = direction === "minimize" ? 1 : -1;
  const tried = siblingEvidence(name, to, known);
  const expected = expects?.(suggestion) ?? null;
  const here = expects?.(params) ?? null;
  let merit = start;
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
  // Among values without an order a trial must speak for one: a surrogate knows
  // too little of what one choice does under the other's learning rate.
  if (remedy.way === "any" && !(tried !== null && merit > start + 0.05)) {
    return null;
  }
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

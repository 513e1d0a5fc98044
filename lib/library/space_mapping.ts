import {
  choicesOf,
  type Configuration,
  fromUnit,
  locate,
  type Parameter,
  type ParameterValue,
  Space,
} from "../space/mod.ts";
import { mappingHTML, mappingText } from "./_mapping_card.ts";
import {
  canCorrespond,
  fingerprint,
  matchParameters,
  overlap,
} from "./_match.ts";
import { sameChoice } from "./_names.ts";
import type { ParameterLink } from "./parameter_link.ts";

/**
 * What a person says of a mapping, by the target's names: the source's name,
 * null for none, or `{ from, choices, constant }` with pairs of values and the
 * constant that the source's code had.
 */
export type MappingCorrections = Readonly<
  Record<
    string,
    | string
    | null
    | {
      /** The source's name; null for none. Defaults to what was found. */
      readonly from?: string | null;
      /** Pairs of a source's value and the target's that it becomes. Defaults to what was found. */
      readonly choices?: readonly (readonly [ParameterValue, ParameterValue])[];
      /** What the parameter was in the source's trials. Defaults to nothing. */
      readonly constant?: ParameterValue | null;
    }
  >
>;

/** Options of {@linkcode SpaceMapping.mapTrial}. */
export interface MapTrialOptions {
  /**
   * What becomes of values outside of the target's ranges: `"drop"` the trial,
   * or `"move"` them to the nearest value allowed. Defaults to `"drop"`.
   */
  readonly outside?: "drop" | "move";
  /**
   * What becomes of parameters that the source does not have: `"default"`, the
   * constant that was said, else the target's default, else the middle of its
   * range; or `"open"`, left out. Defaults to `"default"`.
   */
  readonly missing?: "default" | "open";
}

/**
 * How trials of one space are read as trials of another. Immutable; it shows
 * itself as a table, and can be corrected with {@linkcode SpaceMapping.with}.
 */
export class SpaceMapping {
  /** The space that trials come from. */
  readonly source: Space;
  /** The space that they are read in. */
  readonly target: Space;
  /** A link for each parameter of the target, in its order. */
  readonly links: readonly ParameterLink[];
  /** The names of the source's parameters that have no counterpart. */
  readonly unused: readonly string[];
  /** What was said by hand. */
  readonly corrections: MappingCorrections;

  /** Made by {@linkcode mapSpace}. */
  constructor(
    source: Space,
    target: Space,
    corrections: MappingCorrections = {},
  ) {
    this.source = source;
    this.target = target;
    this.corrections = Object.freeze({ ...corrections });
    this.links = Object.freeze(linksOf(source, target, corrections));
    const used = new Set(this.links.map(({ from }) => from));
    this.unused = Object.freeze(
      source.names.filter((name) => !used.has(name)),
    );
    Object.freeze(this);
  }

  /** The axes of the target that the source knows, rising. */
  get shared(): readonly number[] {
    return this.links.flatMap(({ from }, axis) => from === null ? [] : [axis]);
  }

  /**
   * How much of the target space the source has searched, in `[0, 1]`: the mean
   * overlap of the target's parameters. 0 if no parameter is the same. A budget
   * (epochs, trees) counts half at least: what is good for few epochs is a good
   * guess for many.
   */
  get coverage(): number {
    const shares = this.links.map(({ overlap, from }, axis) =>
      from !== null && this.target.parameters[axis]!.role === "budget"
        ? Math.max(overlap, otherBudget)
        : overlap
    );
    if (this.links.every(({ overlap }) => overlap === 0)) return 0;
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  }

  /** What tells the source's space from others: corrections are kept under it. */
  get key(): string {
    return fingerprint(this.source);
  }

  /**
   * The mapping with some links set by hand; what was not said is found anew.
   *
   * @throws {RangeError} If a name is not in its space.
   *
   * @example
   * ```ts
   * import { float, mapSpace, space } from "@etude/etude";
   * const mapping = mapSpace(space({ speed: float(0, 1) }), space({ learningRate: float(0, 1) }));
   * mapping.links[0]!.from; // null
   * mapping.with({ learningRate: "speed" }).links[0]!.from; // "speed"
   * ```
   */
  with(corrections: MappingCorrections): SpaceMapping {
    return new SpaceMapping(this.source, this.target, {
      ...this.corrections,
      ...corrections,
    });
  }

  /**
   * A configuration of the source in the target's terms, not yet valid: values
   * may lie outside of ranges, and parameters that the source does not have are
   * left out unless a constant was said.
   */
  translate(params: Configuration): Configuration {
    const values: Record<string, ParameterValue> = {};
    this.links.forEach((link, axis) => {
      const value = valueOf(link, this.target.parameters[axis]!, params);
      if (value !== undefined) values[link.to] = value;
    });
    return values;
  }

  /**
   * The place of a source's configuration in the target's unit cube.
   *
   * @returns `[dimension]`; outside of `[0, 1]` for values outside of the
   * target's range, NaN where the parameter is inactive, or the source does not
   * have it and no constant was said: whoever learns from it leaves these axes
   * out.
   */
  toUnit(params: Configuration): Float64Array {
    return this.target.locate(this.translate(params));
  }

  /**
   * The source's configuration as one that the target could run.
   *
   * @returns A configuration valid for the target, or with `missing: "open"` a
   * part of one; null if a value is outside of its range and was not to be moved.
   */
  mapTrial(
    params: Configuration,
    options: MapTrialOptions = {},
  ): Configuration | null {
    const { outside = "drop", missing = "default" } = options;
    const given = this.translate(params);
    const values: Record<string, ParameterValue> = {};
    for (const parameter of this.target.ordered) {
      const { name } = parameter;
      if (!this.target.isActive(name, values)) continue;
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value === undefined) {
        if (missing === "default") {
          values[name] = parameter.default ?? fromUnit(parameter, 0.5);
        }
        continue;
      }
      const place = locate(parameter, value);
      // A hair outside is the noise of binary fractions.
      const isOutside = !(place >= -1e-9 && place <= 1 + 1e-9);
      if (isOutside && (outside === "drop" || Number.isNaN(place))) {
        return null;
      }
      values[name] = parameter.kind === "float" && parameter.step === null
        ? Math.min(parameter.high, Math.max(parameter.low, value as number))
        : fromUnit(parameter, place);
    }
    return this.target.arrange(values);
  }

  /** The mapping as plain JSON: the two spaces and what was said by hand. */
  toJSON(): unknown {
    const { source, target, corrections } = this;
    return { version: 1, source, target, corrections };
  }

  /**
   * Reads what {@linkcode SpaceMapping.toJSON} made.
   *
   * @throws {SyntaxError} If it is of another form.
   */
  static fromJSON(json: unknown): SpaceMapping {
    const { version, source, target, corrections } = (json ?? {}) as Record<
      string,
      unknown
    >;
    if (
      version !== 1 || !areCorrections(corrections)
    ) {
      throw new SyntaxError(
        "Cannot read the mapping: expected { version: 1, source, target, corrections }",
      );
    }
    return new SpaceMapping(
      Space.fromJSON(source),
      Space.fromJSON(target),
      corrections,
    );
  }

  /** The mapping as a table in plain text. */
  toString(): string {
    return mappingText(this);
  }

  /** What a Jupyter notebook shows: a table. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": mappingHTML(this), "text/plain": this.toString() };
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** How much of a budget's range is known from other budgets. */
const otherBudget = 0.5;

/**
 * Finds how trials of one space can be read as trials of another: parameters by
 * name, by names that mean the same (`lr`, `learning_rate`, `optimizer.lr`), and
 * by role and scale where only one on each side has the role; values of lists by
 * name. Ranges need only overlap, and the scale may differ.
 *
 * @param source The space that trials come from.
 * @param target The space to read them in.
 * @param corrections What is known better by hand. Defaults to nothing.
 * @throws {RangeError} If a correction names what is not there.
 *
 * @example
 * ```ts
 * import { choice, float, mapSpace, space } from "@etude/etude";
 * const mapping = mapSpace(
 *   space({ lr: float(1e-5, 1e-1, { log: true }), opt: choice(["Adam", "SGD"]) }),
 *   space({ learningRate: float(1e-4, 1, { log: true }), optimizer: choice(["adam", "sgd", "lion"]) }),
 * );
 * mapping.mapTrial({ lr: 0.01, opt: "Adam" }, { missing: "open" }); // { learningRate: 0.01 }
 * mapping.with({ optimizer: "opt" }).mapTrial({ lr: 0.01, opt: "Adam" }); // { learningRate: 0.01, optimizer: "adam" }
 * ```
 */
export function mapSpace<A, B>(
  source: Space<A>,
  target: Space<B>,
  corrections: MappingCorrections = {},
): SpaceMapping {
  return new SpaceMapping(
    source as unknown as Space,
    target as unknown as Space,
    corrections,
  );
}

/** Whether what was read can be said of a mapping. */
function areCorrections(json: unknown): json is MappingCorrections {
  const isObject = (one: unknown) => typeof one === "object" && one !== null;
  return isObject(json) && !Array.isArray(json) &&
    Object.values(json as object).every((one) => {
      if (one === null || typeof one === "string") return true;
      if (!isObject(one)) return false;
      const { choices, from = null } = one as Record<string, unknown>;
      return (from === null || typeof from === "string") &&
        (choices === undefined ||
          Array.isArray(choices) && choices.every(Array.isArray));
    });
}

function linksOf(
  source: Space,
  target: Space,
  corrections: MappingCorrections,
): ParameterLink[] {
  const said = Object.entries(corrections).map(([to, correction]) => {
    target.parameter(to);
    const isName = typeof correction === "string" || correction === null;
    const { from, choices, constant } = isName
      ? { from: correction, choices: undefined, constant: undefined }
      : correction;
    if (typeof from === "string") source.parameter(from);
    return { to, from, choices, constant };
  });
  const fixed = said.filter(({ from }) => from !== undefined);
  const found = matchParameters(
    source.parameters.filter(({ name }) =>
      !fixed.some(({ from }) => from === name)
    ),
    target.parameters.filter(({ name }) =>
      !fixed.some(({ to }) => to === name)
    ),
  );
  return target.parameters.map((parameter) => {
    const { name } = parameter;
    const correction = said.find(({ to }) => to === name);
    const match = found.find(({ to }) => to === name);
    const from = correction?.from !== undefined
      ? correction.from
      : match?.from ?? null;
    const origin = from === null ? null : source.parameter(from);
    const constant = correction?.constant ?? null;
    return Object.freeze({
      to: name,
      from,
      by: from === null
        ? null
        : correction?.from !== undefined
        ? "by hand"
        : match!.by,
      overlap: origin === null ||
          !canCorrespondAtAll(origin, parameter, correction?.choices)
        ? 0
        : correction?.choices === undefined
        ? overlap(origin, parameter)
        : new Set(correction.choices.map(([, value]) => value)).size /
          (choicesOf(parameter)?.length ?? 1),
      choices: origin === null
        ? []
        : correction?.choices ?? choicePairs(origin, parameter),
      constant,
    });
  });
}

function canCorrespondAtAll(
  source: Parameter,
  target: Parameter,
  pairs: ParameterLink["choices"] | undefined,
): boolean {
  return (pairs !== undefined && pairs.length > 0) ||
    canCorrespond(source, target);
}

function choicePairs(
  source: Parameter,
  target: Parameter,
): (readonly [ParameterValue, ParameterValue])[] {
  const [before, now] = [choicesOf(source), choicesOf(target)];
  if (before === null || now === null) return [];
  return before.flatMap((value) => {
    const same = now.find((other) => other === value) ??
      now.find((other) => sameChoice(value, other));
    return same === undefined ? [] : [[value, same] as const];
  });
}

/** What a link makes of a source's configuration; undefined if the source says nothing. */
function valueOf(
  link: ParameterLink,
  parameter: Parameter,
  params: Configuration,
): ParameterValue | undefined {
  if (link.from === null || !Object.hasOwn(params, link.from)) {
    return link.from === null ? link.constant ?? undefined : undefined;
  }
  const value = params[link.from];
  if (value === undefined || link.choices.length === 0) return value;
  const pair = link.choices.find(([before]) => before === value);
  // A value that the target does not have: there, and yet in no place.
  return pair === undefined
    ? choicesOf(parameter) === null ? value : `${String(value)} (unknown)`
    : pair[1];
}

import { show } from "./_show.ts";
import type { ParameterValue, Requirement } from "./parameter.ts";

/** How messages speak of what was given. */
interface Words {
  /** What it is: `"the condition"`. */
  readonly what: string;
  /** What it may look like. */
  readonly example: string;
}

const condition: Words = {
  what: "the condition",
  example: '{ optimizer: "sgd" }',
};

/**
 * The canonical form of what a person writes as a condition, or as a forbidden
 * combination: for each parameter a value, several, or a range.
 *
 * @throws {TypeError} If it is of another form.
 * @throws {RangeError} If it is empty.
 */
export function requirementsOf(
  given: unknown,
  { what, example }: Words = condition,
): Requirement[] {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TypeError(
      `Cannot read ${what}: found ${
        show(given)
      }, expected an object such as ${example}`,
    );
  }
  const entries = Object.entries(given);
  if (entries.length === 0) {
    throw new RangeError(
      `Cannot read ${what}: it names no parameter, expected an object such as ${example}`,
    );
  }
  return entries.map(([parent, wanted]) => requirementOf(parent, wanted, what));
}

function requirementOf(
  parent: string,
  wanted: unknown,
  what: string,
): Requirement {
  if (Array.isArray(wanted)) {
    if (wanted.length === 0) {
      throw new RangeError(
        `Cannot read ${what} on ${
          show(parent)
        }: the list of values is empty, so it would never hold`,
      );
    }
    return Object.freeze({ parent, values: Object.freeze([...wanted]) });
  }
  if (typeof wanted === "object" && wanted !== null) {
    const { min, max, ...rest } = wanted as Record<string, unknown>;
    const bad = [min, max].some((bound) =>
      bound !== undefined &&
      (typeof bound !== "number" || !Number.isFinite(bound))
    );
    if (
      Object.keys(rest).length > 0 || bad ||
      (min === undefined && max === undefined)
    ) {
      throw new TypeError(
        `Cannot read ${what} on ${show(parent)}: found ${
          show(wanted)
        }, expected a value, an array of values, or a range { min, max } of finite numbers`,
      );
    }
    return Object.freeze({
      parent,
      ...(min === undefined ? {} : { min: min as number }),
      ...(max === undefined ? {} : { max: max as number }),
    });
  }
  if (
    wanted === undefined || typeof wanted === "function" ||
    typeof wanted === "symbol" || typeof wanted === "bigint"
  ) {
    throw new TypeError(
      `Cannot read ${what} on ${show(parent)}: found ${
        show(wanted)
      }, expected a value, an array of values, or a range { min, max }`,
    );
  }
  return Object.freeze({
    parent,
    values: Object.freeze([wanted as ParameterValue]),
  });
}

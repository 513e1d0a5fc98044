import { normalizeParameter } from "./_normalize.ts";
import { ownValue } from "./_own_value.ts";
import { show } from "./_show.ts";
import type { ParameterDraft } from "./builders.ts";
import type { SpaceEdit } from "./edit.ts";
import type { Parameter, Requirement } from "./parameter.ts";

/** Reads the parameters of a space's JSON; see `Space.fromJSON`. */
export function readParameters(json: unknown): Parameter[] {
  const { version, parameters } = (json ?? {}) as {
    version?: unknown;
    parameters?: unknown;
  };
  if (version !== 1 || !Array.isArray(parameters)) {
    throw new SyntaxError(
      `Cannot read the space: found ${
        show(json)
      }, expected { version: 1, parameters: [...] }`,
    );
  }
  return parameters.map((parameter: unknown) => {
    const { name, conditions, ...draft } = (parameter ?? {}) as
      & Omit<ParameterDraft, "conditions">
      & { name: unknown; conditions: unknown };
    if (typeof name !== "string" || !Array.isArray(conditions)) {
      throw new SyntaxError(
        `Cannot read the space: found the parameter ${
          show(parameter)
        }, expected an object with a name and conditions`,
      );
    }
    return normalizeParameter(name, {
      ...draft,
      conditions: conditions.map((one) => readRequirement(name, one)),
    });
  });
}

/** Reads what is asked of a parent, of a parameter or a rule of that name. */
export function readRequirement(name: string, json: unknown): Requirement {
  const { parent, values, min, max } = (json ?? {}) as Record<string, unknown>;
  const isBound = (bound: unknown) =>
    bound === undefined || typeof bound === "number";
  if (typeof parent === "string") {
    if (Array.isArray(values) && values.length > 0) {
      return Object.freeze({ parent, values: Object.freeze([...values]) });
    }
    if (
      values === undefined && isBound(min) && isBound(max) &&
      (min !== undefined || max !== undefined)
    ) return Object.freeze({ ...json as Requirement });
  }
  throw new SyntaxError(
    `Cannot read the space: found the condition ${show(json)} of ${
      show(name)
    }, expected { parent, values: [...] } or { parent, min, max }`,
  );
}

const editKeys: Readonly<Record<string, readonly string[]>> = {
  "add": ["name", "value"],
  "drop": ["name"],
  "rename": ["from", "to"],
  "rename choice": ["name", "from", "to"],
};

/** Reads the edits of a space's JSON; see `Space.fromJSON`. */
export function readEdits(json: unknown): SpaceEdit[] {
  const { edits = [] } = (json ?? {}) as { edits?: unknown };
  if (!Array.isArray(edits)) {
    throw new SyntaxError(
      `Cannot read the space: found the edits ${show(edits)}, expected a list`,
    );
  }
  return edits.map((edit: unknown) => {
    const action = String((edit as { action?: unknown } | null)?.action);
    const keys = ownValue(editKeys, action);
    if (
      keys === undefined ||
      !keys.every((key) => Object.hasOwn(edit as object, key))
    ) {
      throw new SyntaxError(
        `Cannot read the space: found the edit ${
          show(edit)
        }, expected { action: ${
          Object.keys(editKeys).map(show).join(" | ")
        }, … }`,
      );
    }
    return Object.freeze({ ...edit as SpaceEdit });
  });
}

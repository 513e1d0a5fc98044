import type { Objective } from "../records/mod.ts";
import {
  choicesOf,
  type Parameter,
  type Space,
  type SuccessorOptions,
} from "../space/mod.ts";

/**
 * The space of a study that goes on with a given one: the given one, with the
 * edits through which the trials so far are read.
 *
 * @throws {RangeError} If the given space does not say what became of a
 * parameter, or what a new one was.
 */
export function successor(
  stored: Space,
  given: Space,
  changes: SuccessorOptions,
): Space {
  const [before, now] = [stored, given].map(({ edits }) =>
    edits.map((edit) => JSON.stringify(edit))
  ) as [string[], string[]];
  if (now.length === 0) return given.after(stored, changes);
  // Made of the study's own space with `edit` or `after`: the edits lead from one to the other.
  const names = new Set(stored.names);
  for (const edit of given.edits.slice(before.length)) {
    if (edit.action === "add") names.add(edit.name);
    else if (edit.action === "drop") names.delete(edit.name);
    else if (edit.action === "rename" && names.delete(edit.from)) {
      names.add(edit.to);
    }
  }
  const leadsThere = names.size === given.dimension &&
    given.names.every((name) => names.has(name));
  if (leadsThere && before.every((edit, index) => edit === now[index])) {
    return given;
  }
  throw new RangeError(
    "Cannot change the space: it was made from another one with edit(…) or after(…); make it from study.space",
  );
}

/**
 * What keeps a study whose space was read from another program's trials from
 * going on with the given one, in words, one a difference; empty if nothing
 * does. Such a space knows
 * no conditions and no kinds of list, and nothing of parameters not yet tried.
 * What must not change is what Optuna would refuse.
 */
export function inferredSpaceDifferences(
  inferred: Space,
  given: Space,
): string[] {
  return given.parameters.filter(({ name }) => inferred.has(name)).flatMap(
    (parameter) => {
      const before = inferred.parameter(parameter.name);
      const bothLists = choicesOf(before) !== null &&
        choicesOf(parameter) !== null;
      return parameterDifferences({
        ...before,
        ...(bothLists ? { kind: parameter.kind } : {}),
        ...(bothLists && parameter.kind !== "boolean"
          ? { choices: choicesOf(before) }
          : {}),
        conditions: parameter.conditions,
      } as Parameter, parameter);
    },
  );
}

function parameterDifferences(stored: Parameter, given: Parameter): string[] {
  const name = JSON.stringify(given.name);
  if (stored.kind !== given.kind) {
    return [`${name} was a ${stored.kind} and is a ${given.kind}`];
  }
  const differences: string[] = [];
  if ("log" in stored && "log" in given && stored.log !== given.log) {
    differences.push(
      `the scale of ${name} was ${
        stored.log ? "logarithmic" : "linear"
      } and is ${given.log ? "logarithmic" : "linear"}`,
    );
  }
  const [before, now] = [
    JSON.stringify(choicesOf(stored)),
    JSON.stringify(choicesOf(given)),
  ];
  if (before !== now) {
    differences.push(`the choices of ${name} were ${before} and are ${now}`);
  }
  if (JSON.stringify(stored.conditions) !== JSON.stringify(given.conditions)) {
    differences.push(`the conditions of ${name} have changed`);
  }
  return differences;
}

/** What keeps a study with the stored objectives from going on with the given ones, in words, or null. */
export function objectiveDifference(
  stored: readonly Objective[],
  given: readonly Objective[],
): string | null {
  const [before, now] = [stored, given].map((list) =>
    list.map(({ name, direction }) => `${direction} ${JSON.stringify(name)}`)
      .join(", ")
  );
  return before === now
    ? null
    : `it was made to ${before}, and is now asked to ${now}`;
}

import type { Objective } from "../records/mod.ts";
import { choicesOf, type Parameter, type Space } from "../space/mod.ts";

/**
 * What keeps a study with the stored space from going on with the given one,
 * in words, one a difference; empty if nothing does. Ranges, steps, defaults
 * and roles may change: earlier trials stay valid.
 */
export function spaceDifferences(stored: Space, given: Space): string[] {
  const differences: string[] = [];
  for (const parameter of given.parameters) {
    if (!stored.has(parameter.name)) {
      differences.push(`${JSON.stringify(parameter.name)} is new`);
    } else {differences.push(
        ...parameterDifferences(stored.parameter(parameter.name), parameter),
      );}
  }
  for (const { name } of stored.parameters) {
    if (!given.has(name)) differences.push(`${JSON.stringify(name)} is gone`);
  }
  return differences;
}

/**
 * The same for a space that was read from another program's trials: it knows
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

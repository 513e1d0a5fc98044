import { nearest, show } from "./_show.ts";
import type { Configuration, Parameter, ParameterValue } from "./parameter.ts";

/** The parameters of a space, in every order in which they are looked up. */
export interface ParameterTable {
  /** In the order given. */
  readonly parameters: readonly Parameter[];
  /** So that each stands after those it depends on. */
  readonly ordered: readonly Parameter[];
  /** By name. */
  readonly byName: ReadonlyMap<string, Parameter>;
}

/** The parameter of that name; throws a RangeError if there is none. */
export function findParameter(table: ParameterTable, name: string): Parameter {
  const found = table.byName.get(name);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot find the parameter ${show(name)}: ${unknownName(table, name)}`,
  );
}

/** What the space has, and what may have been meant, for an unknown name. */
export function unknownName(table: ParameterTable, name: string): string {
  const names = [...table.byName.keys()];
  const guess = nearest(name, names);
  return `the space has ${names.map(show).join(", ")}${
    guess === null ? "" : `; did you mean ${show(guess)}?`
  }`;
}

/** The same values, frozen, in the space's order, without names it does not have. */
export function arrange(
  table: ParameterTable,
  values: Configuration,
): Configuration {
  const arranged: Record<string, ParameterValue> = {};
  for (const { name } of table.parameters) {
    if (!Object.hasOwn(values, name)) continue;
    const value = values[name];
    if (value !== undefined) arranged[name] = value;
  }
  return Object.freeze(arranged);
}

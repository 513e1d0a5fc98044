import type { Objective } from "../records/mod.ts";
import { shown } from "./_shown.ts";

/** What an objective function gives: a number; of several objectives, numbers in their order or by their names. */
export type ObjectiveValue =
  | number
  | readonly number[]
  | Readonly<Record<string, number>>;

/** The values in the order of the objectives, or in words what was found and what is expected. */
export function readValues(
  found: unknown,
  objectives: readonly Objective[],
): { readonly values: readonly number[] } | {
  readonly problem: { readonly found: string; readonly expected: string };
} {
  const names = objectives.map(({ name }) => name);
  const isOne = names.length === 1;
  const wrong = (text: string) => ({
    problem: {
      found: text,
      expected: isOne
        ? "a number"
        : `${names.length} numbers, in a list or by name: { ${
          names.map((name) => `${JSON.stringify(name)}: …`).join(", ")
        } }`,
    },
  });
  if (typeof found === "number") {
    return isOne ? { values: [found] } : wrong("one number");
  }
  if (found === undefined) return wrong("nothing");
  if (typeof found !== "object" || found === null || isOne) {
    return wrong(
      typeof found === "object" && found !== null ? "an object" : shown(found),
    );
  }
  const list: readonly unknown[] | string = Array.isArray(found)
    ? found
    : byName(found as Readonly<Record<string, unknown>>, names);
  if (typeof list === "string") return wrong(list);
  if (list.length !== names.length) return wrong(`${list.length} values`);
  const odd = list.findIndex((value) => typeof value !== "number");
  if (odd >= 0) {
    return wrong(
      `${list[odd] === undefined ? "nothing" : shown(list[odd])} for ${
        JSON.stringify(names[odd])
      }`,
    );
  }
  return { values: list as readonly number[] };
}

function byName(
  found: Readonly<Record<string, unknown>>,
  names: readonly string[],
): readonly unknown[] | string {
  const unknown = Object.keys(found).filter((key) => !names.includes(key));
  if (unknown.length > 0) {
    return `a value for ${
      unknown.map((key) => JSON.stringify(key)).join(", ")
    }`;
  }
  return names.map((name) =>
    Object.hasOwn(found, name) ? found[name] : undefined
  );
}

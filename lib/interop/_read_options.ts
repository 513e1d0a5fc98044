import { Space } from "../space/mod.ts";
import { allowed } from "./_recognize.ts";
import type { ReadOptions } from "./read_options.ts";

/** The names of the options. */
export const readOptions: readonly string[] = [
  "name",
  "objective",
  "objectives",
  "params",
  "space",
];

/** Throws if a path or what is said of the file is none that can be meant. */
export function checkReadOptions(
  path: unknown,
  options: ReadOptions,
  known: readonly string[] = readOptions,
): void {
  if (typeof path !== "string" || path === "") {
    throw new TypeError(
      `Cannot import studies: the path is ${
        JSON.stringify(path) ?? String(path)
      }, expected ${allowed}`,
    );
  }
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new TypeError(
      `Cannot import studies: there is no option ${
        unknown.map((key) => JSON.stringify(key)).join(", ")
      }; there are ${known.join(", ")}`,
    );
  }
  const { objective, objectives, space } = options;
  if (objective !== undefined && objectives !== undefined) {
    throw new TypeError(
      "Cannot import studies: there are both objective and objectives; give one of them",
    );
  }
  for (const one of objectives ?? (objective ? [objective] : [])) {
    if (
      typeof one?.name !== "string" || !/^(min|max)imize$/.test(one.direction)
    ) {
      throw new TypeError(
        `Cannot import studies: an objective is ${
          JSON.stringify(one)
        }, expected minimize("…") or maximize("…")`,
      );
    }
  }
  if (space !== undefined && !(space instanceof Space)) {
    throw new TypeError(
      "Cannot import studies: the space is none made with space({ … })",
    );
  }
}

import { guessDirection, type Objective } from "../records/mod.ts";
import { unreadable } from "./_files.ts";

/** What a caller has said of what is to be read. */
export interface ReadingOptions {
  /** What was optimized, where the file does not say it. */
  readonly objectives: readonly Objective[] | null;
  /** The study's name, where it is given. */
  readonly name: string | null;
  /** Which columns of a plain table are parameters, where it is given. */
  readonly params: readonly string[] | null;
}

/**
 * What was optimized, of measures by name: what the caller says, else what the
 * tool says, else the only one whose name tells which way is better.
 */
export function chooseObjectives(
  path: string,
  measures: readonly string[],
  { objectives }: ReadingOptions,
  said: readonly Objective[] | null = null,
): readonly Objective[] {
  const chosen = objectives ?? said;
  if (chosen !== null) {
    const missing = chosen.find(({ name }) => !measures.includes(name));
    if (missing === undefined) return chosen;
    throw unreadable(
      path,
      `it has nothing called ${JSON.stringify(missing.name)}`,
      `an objective among ${listed(measures)}`,
    );
  }
  const telling = measures.flatMap((name) => {
    const direction = guessDirection(name);
    return direction === null ? [] : [{ name, direction }];
  });
  const validating = telling.filter(({ name }) => /val|test/i.test(name));
  const [only] = telling.length === 1 ? telling : validating;
  if (only !== undefined && (telling.length === 1 || validating.length === 1)) {
    return [only];
  }
  throw unreadable(
    path,
    `it does not say what was optimized; it has ${listed(measures)}`,
    `to be told: importStudies(path, { objective: minimize(${
      JSON.stringify(measures[0] ?? "loss")
    }) })`,
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => JSON.stringify(name));
  return `${shown.join(", ") || "nothing"}${
    names.length > shown.length
      ? ` and ${names.length - shown.length} more`
      : ""
  }`;
}

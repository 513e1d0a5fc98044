/** The bounds of a number, and whether it has to be whole. */
export interface NumberRule {
  readonly least: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/** Throws unless every number of a pruner's options is within its bounds. */
export function checkNumbers(
  pruner: string,
  values: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, NumberRule>>,
): void {
  for (const [name, { least, most, whole }] of Object.entries(rules)) {
    const value = values[name];
    const fits = typeof value === "number" && value >= least &&
      value <= (most ?? Number.MAX_VALUE) &&
      (whole !== true || Number.isInteger(value));
    if (fits) continue;
    const kind = whole === true ? "a whole number" : "a number";
    throw new RangeError(
      `Cannot make the ${pruner} pruner: ${name} is ${
        String(value)
      }, expected ${
        most === undefined
          ? `${kind} of at least ${least}`
          : `${kind} from ${least} to ${most}`
      }`,
    );
  }
}

/** Throws if an option is none that there is: cells of a notebook are not type-checked. */
export function checkNames(
  pruner: string,
  options: unknown,
  known: readonly string[],
): void {
  const cannot = `Cannot make the ${pruner} pruner:`;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${cannot} the options are ${String(options)}, expected an object with ${
        known.join(", ")
      }`,
    );
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${cannot} there is no option ${JSON.stringify(unknown)}; there are ${
      known.join(", ")
    }`,
  );
}

import { ownValue } from "./_own_value.ts";
import { type BrokenRule, describeBroken } from "./_rule_tests.ts";
import { show } from "./_show.ts";
import type { Configuration } from "./parameter.ts";
import type { Rule } from "./rule.ts";

/** Throws if nothing is allowed, beside fixed values if there are any. */
export function checkPossible(
  contradiction: Rule | "several" | null,
  fixed: Configuration = {},
): void {
  if (contradiction === null) return;
  const beside = Object.keys(fixed).length === 0
    ? ""
    : ` with ${JSON.stringify(fixed)}`;
  throw new RangeError(
    `Cannot keep to the rules${beside}: ${
      contradiction === "several"
        ? "together they allow nothing"
        : `${
          show(contradiction.name)
        } leaves nothing, beside the others and the ranges`
    }; loosen one`,
  );
}

/** Throws if rules are broken, and says how to mend that. */
export function checkKept(
  broken: readonly BrokenRule[],
  { values, mend }: {
    readonly values: Configuration;
    /** The nearest configuration that is allowed; null where it is not known. */
    readonly mend: () => Configuration | null;
  },
): void {
  if (broken.length === 0) return;
  const mended = mend();
  throw new RangeError(
    `Cannot take the configuration: it breaks the rule${
      broken.length === 1 ? "" : "s"
    } ${broken.map(describeBroken).join(" and ")}${
      mended === null
        ? ""
        : `; the nearest that is allowed has ${differences(values, mended)}`
    }`,
  );
}

/** The values in which one configuration differs from another: `{ units: 212 }`. */
function differences(from: Configuration, to: Configuration): string {
  const names = [...new Set([...Object.keys(to), ...Object.keys(from)])]
    .filter((name) => ownValue(from, name) !== ownValue(to, name));
  return `{ ${
    names.map((name) => `${name}: ${show(ownValue(to, name))}`).join(", ")
  } }`;
}

/**
 * A study as the code that makes it again.
 *
 * @module
 */

import type { Objective } from "../records/mod.ts";
import type {
  Configuration,
  Parameter,
  Requirement,
  Rule,
  Space,
} from "../space/mod.ts";

/** A value as TypeScript. */
function literal(value: unknown): string {
  return Object.is(value, -0)
    ? "-0"
    : typeof value === "number" && !Number.isFinite(value)
    ? String(value)
    : JSON.stringify(value);
}

/** A property's name as TypeScript. */
function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__"
    ? name
    : name === "__proto__"
    ? `["__proto__"]`
    : JSON.stringify(name);
}

function objectOf(entries: readonly (readonly [string, unknown])[]): string {
  return `{ ${
    entries.map(([name, value]) => `${property(name)}: ${literal(value)}`)
      .join(", ")
  } }`;
}

function builder(parameter: Parameter): string {
  const start: readonly (readonly [string, unknown])[] =
    parameter.default === undefined ? [] : [["default", parameter.default]];
  const call = (first: string, options: typeof start) =>
    `${parameter.kind}(${
      [first, options.length === 0 ? "" : objectOf(options)]
        .filter((part) => part !== "").join(", ")
    })`;
  switch (parameter.kind) {
    case "float":
    case "int": {
      const { kind, low, high, log, step } = parameter;
      return call(`${literal(low)}, ${literal(high)}`, [
        ...(log ? [["log", true] as const] : []),
        ...(step === null || (kind === "int" && step === 1)
          ? []
          : [["step", step] as const]),
        ...start,
      ]);
    }
    case "boolean":
      return call("", start);
    default:
      return call(`[${parameter.choices.map(literal).join(", ")}]`, start);
  }
}

function condition({ parent, values, min, max }: Requirement): string {
  const wanted = values === undefined
    ? objectOf([
      ...(min === undefined ? [] : [["min", min] as const]),
      ...(max === undefined ? [] : [["max", max] as const]),
    ])
    : values.length === 1
    ? literal(values[0])
    : `[${values.map(literal).join(", ")}]`;
  return `${property(parent)}: ${wanted}`;
}

/** What {@linkcode studyCode} writes down. */
export interface StudyCode {
  readonly name: string;
  readonly objectives: readonly Objective[];
  readonly space: Space;
  readonly seed?: string;
}

/** The code that makes a study. */
export function studyCode(
  { name, objectives, space, seed }: StudyCode,
): string {
  const objective = objectives[0]!;
  const imports = new Set([
    "createStudy",
    "space",
    objective.direction,
    ...space.parameters.map(({ kind }) => kind),
  ]);
  const lines = space.parameters.map((parameter) => {
    const { conditions } = parameter;
    const when = conditions.length === 0
      ? ""
      : `.when({ ${conditions.map(condition).join(", ")} })`;
    return `    ${property(parameter.name)}: ${builder(parameter)}${when},`;
  });
  return [
    `import { ${[...imports].sort().join(", ")} } from "@etude/etude";`,
    "",
    "const study = await createStudy({",
    `  name: ${literal(`${name} again`)},`,
    "  space: space({",
    ...lines,
    `  })${space.rules.map(ruleCode).join("")},`,
    `  objective: ${objective.direction}(${literal(objective.name)}),`,
    ...(seed === undefined ? [] : [`  seed: ${literal(seed)},`]),
    "});",
  ].join("\n");
}

/** A rule as code; of a function only its place is known. */
function ruleCode(rule: Rule): string {
  switch (rule.kind) {
    case "linear": {
      const { weights, min, max, inactive } = rule;
      const sum = `{ ${
        Object.entries(weights).map(([name, weight]) =>
          `${property(name)}: ${weight}`
        ).join(", ")
      } }`;
      const options = inactive === undefined
        ? ""
        : `, { inactive: ${inactive} }`;
      return [["atLeast", min] as const, ["atMost", max] as const]
        .flatMap(([method, bound]) =>
          bound === undefined
            ? []
            : `\n    .${method}(${sum}, ${bound}${options})`
        ).join("");
    }
    case "forbidden":
      return `\n    .forbid({ ${rule.where.map(condition).join(", ")} })`;
    case "predicate":
      return `\n    .require(${
        literal(rule.name)
      }, () => true /* the rule's function goes here */)`;
  }
}

/** The code that runs one configuration in that study. */
export function trialCode(params: Configuration): string {
  const entries = Object.entries(params).filter(([, value]) =>
    value !== undefined
  );
  return [
    "await study.try({",
    ...entries.map(([name, value]) =>
      `  ${property(name)}: ${literal(value)},`
    ),
    "}, train);",
  ].join("\n");
}

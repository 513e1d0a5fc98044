/**
 * A study as the code that makes it again.
 *
 * @module
 */

import type { Objective, OutcomeConstraint } from "../records/mod.ts";
import type {
  Configuration,
  Parameter,
  Requirement,
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
  readonly constraints?: readonly OutcomeConstraint[];
  readonly space: Space;
  readonly seed?: string;
}

/** The code that makes a study. */
export function studyCode(
  { name, objectives, constraints = [], space, seed }: StudyCode,
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
    "  }),",
    `  objective: ${objective.direction}(${literal(objective.name)}),`,
    ...constraintLines(constraints),
    ...(seed === undefined ? [] : [`  seed: ${literal(seed)},`]),
    "});",
  ].join("\n");
}

function constraintLines(
  constraints: readonly OutcomeConstraint[],
): readonly string[] {
  if (constraints.length === 0) return [];
  const measures = [...new Set(constraints.map(({ measure }) => measure))];
  return [
    "  constraints: {",
    ...measures.map((measure) =>
      `    ${property(measure)}: { ${
        constraints.filter((one) => one.measure === measure)
          .map(({ side, bound }) => `${side}: ${bound}`).join(", ")
      } },`
    ),
    "  },",
  ];
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

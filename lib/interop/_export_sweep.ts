import type { StudyView } from "../records/mod.ts";
import { choicesOf, type Parameter } from "../space/mod.ts";

/** A study's space as a W&B sweep, and what it could not say. */
export async function sweepText(
  study: Pick<StudyView, "name" | "objectives" | "space">,
): Promise<{ readonly text: string; readonly notes: readonly string[] }> {
  const { stringify } = await import("yaml");
  const { objectives, space } = study;
  const notes: string[] = [];
  const conditional = space.parameters.filter(({ conditions }) =>
    conditions.length > 0
  );
  if (conditional.length > 0) {
    notes.push(
      `A sweep has no conditions: ${
        conditional.map(({ name }) => JSON.stringify(name)).join(", ")
      } will be drawn always.`,
    );
  }
  const metrics = objectives.map(({ name, direction }) => ({
    name,
    goal: direction,
  }));
  const sweep = {
    name: study.name,
    method: metrics.length > 1 ? "custom" : "bayes",
    ...metrics.length > 1 ? { metrics } : { metric: metrics[0] },
    parameters: Object.fromEntries(
      space.parameters.map((parameter) => {
        if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(parameter.name)) {
          notes.push(
            `W&B does not take the name ${JSON.stringify(parameter.name)}.`,
          );
        }
        return [parameter.name, sweepParameter(parameter, notes)];
      }),
    ),
  };
  return { text: stringify(sweep), notes };
}

/** A grid of more values is not written as a list. */
const mostListed = 1000;

function sweepParameter(
  parameter: Parameter,
  notes: string[],
): Record<string, unknown> {
  const choices = choicesOf(parameter);
  if (choices !== null) {
    return choices.length === 1 ? { value: choices[0] } : { values: choices };
  }
  const { name, kind, low: min, high: max, log, step } = parameter as Extract<
    Parameter,
    { kind: "float" | "int" }
  >;
  // A range without extent is refused.
  if (min === max) return { value: min };
  if (log) {
    return kind === "int"
      ? { distribution: "q_log_uniform_values", q: 1, min, max }
      : { distribution: "log_uniform_values", min, max };
  }
  if (kind === "int" && step === 1) {
    return { distribution: "int_uniform", min, max };
  }
  if (step === null) return { distribution: "uniform", min, max };
  // W&B's grids go through 0, ours begin at the least value.
  const isThroughZero = Math.abs(min / step - Math.round(min / step)) < 1e-9;
  const count = Math.floor((max - min) / step + 1e-9) + 1;
  if (isThroughZero || count > mostListed) {
    if (!isThroughZero) {
      notes.push(
        `W&B's grids go through 0: the values of ${
          JSON.stringify(name)
        } will be others.`,
      );
    }
    return { distribution: "q_uniform", q: step, min, max };
  }
  return {
    values: Array.from(
      { length: count },
      (_, i) => Number((min + i * step).toPrecision(15)),
    ),
  };
}

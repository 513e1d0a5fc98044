/**
 * Parameters that a trial asks for while it runs, as in Optuna.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import {
  choicesOf,
  type Configuration,
  type Parameter,
  type ParameterBuilder,
  type ParameterValue,
  type Space,
  space as makeSpace,
} from "../space/mod.ts";

/** The attribute of a study whose trials say what they search. */
export const definedByRunKey = "etude:defined_by_run";

/** A value that was asked for. */
export interface Suggested {
  /** The value. */
  readonly value: ParameterValue;
  /** The parameter as the study's space should have it; null if it has it so. */
  readonly grown: Parameter | null;
}

/**
 * The value of a parameter that a trial asks for: what the sampler planned,
 * where it is one of those asked for; else drawn evenly.
 *
 * @param known The parameter in the study's space; null if it is new.
 * @param planned What was chosen before the trial began.
 * @throws {RangeError} If it is of another kind than before.
 */
export function suggested(
  name: string,
  builder: ParameterBuilder<ParameterValue>,
  { known, planned, random }: {
    readonly known: Parameter | null;
    readonly planned: Configuration;
    readonly random: () => RandomStream;
  },
): Suggested {
  const asked = makeSpace({ [name]: builder }) as unknown as Space;
  const parameter = asked.parameter(name);
  if (known !== null) checkLikeness(name, known, parameter);
  const isAllowed = (value: ParameterValue) => {
    try {
      asked.checkValue(name, value);
      return true;
    } catch {
      return false;
    }
  };
  const plan = planned[name];
  const stream = random();
  const value = plan !== undefined && isAllowed(plan)
    ? plan
    : asked.sample(() => stream.uniform())[name]!;
  return { value, grown: grownOf(known, parameter) };
}

/** The known parameter widened to the asked one; null if that is in it. */
function grownOf(known: Parameter | null, asked: Parameter): Parameter | null {
  if (known === null) return asked;
  if (!("low" in known) || !("low" in asked)) return null;
  const low = Math.min(known.low, asked.low);
  const high = Math.max(known.high, asked.high);
  return low === known.low && high === known.high
    ? null
    : Object.freeze({ ...known, low, high }) as Parameter;
}

/** Ranges may change from trial to trial; what the values are may not, as in Optuna. */
function checkLikeness(name: string, known: Parameter, asked: Parameter): void {
  const isSame = "low" in known && "low" in asked
    ? known.kind === asked.kind && known.log === asked.log &&
      known.step === asked.step
    : JSON.stringify(choicesOf(known)) === JSON.stringify(choicesOf(asked));
  if (isSame) return;
  throw new RangeError(
    `Cannot suggest ${JSON.stringify(name)}: it is ${inWords(asked)} now, and ${
      inWords(known)
    } in the study so far; only the range of a number may change from trial to trial. Give it another name, or make a study of another name`,
  );
}

function inWords(parameter: Parameter): string {
  if (!("low" in parameter)) {
    return `one of ${JSON.stringify(choicesOf(parameter))}`;
  }
  const { kind, log, step } = parameter;
  return `${kind === "int" ? "an int" : "a float"}${
    log ? " on a logarithmic scale" : ""
  }${
    step === null || (kind === "int" && step === 1)
      ? ""
      : ` in steps of ${step}`
  }`;
}

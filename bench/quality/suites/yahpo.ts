import { basename, join } from "node:path";
import type { Configuration, Space } from "../../../lib/space/mod.ts";
import {
  checkFidelity,
  type EvaluationOptions,
  type Metrics,
  type Suite,
} from "./suite.ts";
import {
  fits,
  knownLayouts,
  readLayout,
  type YahpoLayout,
} from "./yahpo_layouts.ts";
import { loadModel, type YahpoModel } from "./yahpo_model.ts";
import {
  type ConfigSpaceJSON,
  type ConfigSpaceParameter,
  spaceOfConfigSpace,
} from "./yahpo_space.ts";

/** Codes of categorical values, by parameter and value. */
export type YahpoEncoding = Readonly<
  Record<string, Readonly<Record<string, number>>>
>;

/** The most configurations that go through the model at once. */
const batchSize = 1000;

/**
 * The inputs of a model for configurations: inactive numbers are 0, inactive
 * categories `#na#`.
 *
 * @returns `continuous` `[n * layout.continuous.length]`, `categorical` `[n * layout.categorical.length]`.
 * @throws {RangeError} If a value has no code.
 */
export function modelInputs(
  layout: YahpoLayout,
  encoding: YahpoEncoding,
  configurations: readonly Configuration[],
): { continuous: Float32Array; categorical: Int32Array } {
  const code = (name: string, value: unknown) => {
    const found = encoding[name]?.[String(value ?? "#na#")];
    if (found === undefined) {
      throw new RangeError(
        `Cannot encode ${name}: encoding.json has no code for ${
          String(value ?? "#na#")
        }`,
      );
    }
    return found;
  };
  return {
    continuous: Float32Array.from(
      configurations.flatMap((one) =>
        layout.continuous.map((name) => Number(one[name] ?? 0))
      ),
    ),
    categorical: Int32Array.from(
      configurations.flatMap((one) =>
        layout.categorical.map((name) => code(name, one[name]))
      ),
    ),
  };
}

/**
 * A folder in YAHPO's format as a suite: `model.onnx`, `config_space.json`,
 * `encoding.json`, and for scenarios that are not YAHPO's own a `layout.json`.
 *
 * @param folder Where it is.
 * @throws {RangeError} If the scenario is unknown and there is no `layout.json`.
 */
export async function yahpoSuite(folder: string): Promise<Suite> {
  const read = async (name: string) =>
    parseJSON(await Deno.readTextFile(join(folder, name)));
  const json = await read("config_space.json") as ConfigSpaceJSON;
  const encoding = await read("encoding.json") as YahpoEncoding;
  let model: Promise<YahpoModel> | null = null;
  const theModel = () => model ??= loadModel(join(folder, "model.onnx"));
  const layout = await layoutOf(folder, json, theModel);
  const byName = new Map(json.hyperparameters.map((one) => [one.name, one]));
  const { instance } = layout;
  const unused = unusedOf(layout, json);
  const tasks = instance === null
    ? unused.length === 1 ? choicesOf(unused[0]!) : ["only"]
    : choicesOf(byName.get(instance)!)
      .filter((task) => encoding[instance]?.[task] !== undefined);
  const space = spaceOfConfigSpace(
    json,
    new Set([
      ...layout.fidelities,
      ...instance === null ? [] : [instance],
      ...unused.map(({ name }) => name),
    ]),
  );
  const fidelities = Object.fromEntries(layout.fidelities.map((name) => {
    const parameter = byName.get(name)!;
    // In later data a category of numbers.
    const { lower: low, upper: high } = parameter.choices === undefined
      ? parameter
      : numericRange(parameter.choices.map(Number));
    return [name, { low: low!, high: high! }];
  }));
  const largest = Object.fromEntries(
    Object.entries(fidelities).map(([name, { high }]) => [name, high]),
  );
  const first = layout.outputs.find(({ name }) => name === layout.metric)!;

  const evaluate = async (
    task: string,
    configurations: readonly Configuration[],
    options: EvaluationOptions = {},
  ): Promise<readonly Metrics[]> => {
    checkTask(tasks, task);
    const fidelity = checkFidelity(fidelities, options.fidelity ?? {});
    const { run, shape } = await theModel();
    if (!fits(layout, shape)) {
      throw new RangeError(
        `Cannot use the model of ${folder}: it takes ${shape.continuous} numbers and ${shape.categorical} categories and gives ${shape.outputs} values, expected ${layout.continuous.length}, ${layout.categorical.length} and ${layout.outputs.length} by its layout`,
      );
    }
    const results: Metrics[] = [];
    for (let from = 0; from < configurations.length; from += batchSize) {
      const batch = configurations.slice(from, from + batchSize).map((one) => ({
        ...one,
        ...largest,
        ...fidelity,
        ...instance === null ? {} : { [instance]: task },
      }));
      const inputs = modelInputs(layout, encoding, batch);
      const values = await run(inputs, batch.length);
      batch.forEach((_, row) => {
        const start = row * layout.outputs.length;
        results.push(Object.fromEntries(
          layout.outputs.map(({ name }, i) => [name, values[start + i]!]),
        ));
      });
    }
    return results;
  };

  return {
    name: basename(folder),
    metrics: [first, ...layout.outputs.filter((one) => one !== first)],
    noise: "none",
    fidelities,
    referenceBudget: { random: 20_000, local: 20_000 },
    tasks: () => tasks,
    space: (task): Space => {
      checkTask(tasks, task);
      return space;
    },
    evaluate,
    optimum: () => null,
    close: async () => await (await model)?.release(),
  };
}

async function layoutOf(
  folder: string,
  json: ConfigSpaceJSON,
  model: () => Promise<YahpoModel>,
): Promise<YahpoLayout> {
  const own = await Deno.readTextFile(join(folder, "layout.json"))
    .catch((error) => {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    });
  if (own !== null) return readLayout(JSON.parse(own));
  const known = layoutsOf(json);
  if (known.length === 0) {
    throw new RangeError(
      `Cannot use the folder ${folder}: its parameters are those of no YAHPO scenario that we know; put a layout.json into it (bench/README.md says how)`,
    );
  }
  if (known.length === 1) return known[0]!;
  const { shape } = await model();
  return known.find((layout) => fits(layout, shape)) ?? known[0]!;
}

/** The known layouts; a parameter of one value need not be among theirs. */
function layoutsOf(json: ConfigSpaceJSON): readonly YahpoLayout[] {
  const names = json.hyperparameters.map(({ name }) => name);
  const exact = knownLayouts(names);
  if (exact.length > 0) return exact;
  return knownLayouts(
    json.hyperparameters.filter((one) => !hasOneValue(one))
      .map(({ name }) => name),
  );
}

function hasOneValue(parameter: ConfigSpaceParameter): boolean {
  return parameter.type === "constant" || parameter.choices?.length === 1;
}

/** The parameters that the model is not fed: nb301 names its only data set so. */
function unusedOf(
  layout: YahpoLayout,
  json: ConfigSpaceJSON,
): ConfigSpaceParameter[] {
  const used = new Set([...layout.continuous, ...layout.categorical]);
  return json.hyperparameters.filter((one) =>
    !used.has(one.name) && hasOneValue(one)
  );
}

function choicesOf({ choices, value }: ConfigSpaceParameter): string[] {
  return (choices ?? [value]).map(String);
}

function numericRange(
  values: readonly number[],
): { lower: number; upper: number } {
  return { lower: Math.min(...values), upper: Math.max(...values) };
}

/** JSON, also with the commas before a bracket that some of YAHPO's files have. */
function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replaceAll(/,(?=\s*[}\]])/g, ""));
  }
}

function checkTask(tasks: readonly string[], task: string): void {
  if (!tasks.includes(task)) {
    throw new RangeError(
      `Cannot find the task ${task}: there are ${tasks.join(", ")}`,
    );
  }
}

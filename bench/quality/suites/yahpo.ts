import { basename, join } from "node:path";
import type { InferenceSession } from "onnxruntime-web";
import type { Configuration, Space } from "../../../lib/space/mod.ts";
import type { EvaluationOptions, Metrics, Suite } from "./suite.ts";
import { knownLayout, readLayout, type YahpoLayout } from "./yahpo_layouts.ts";
import { type ConfigSpaceJSON, spaceOfConfigSpace } from "./yahpo_space.ts";

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
    JSON.parse(await Deno.readTextFile(join(folder, name)));
  const json: ConfigSpaceJSON = await read("config_space.json");
  const encoding: YahpoEncoding = await read("encoding.json");
  const layout = await layoutOf(folder, json);
  const byName = new Map(json.hyperparameters.map((one) => [one.name, one]));
  const { instance } = layout;
  const tasks = instance === null
    ? ["only"]
    : byName.get(instance)!.choices!.map(String);
  const space = spaceOfConfigSpace(
    json,
    new Set([...layout.fidelities, ...instance === null ? [] : [instance]]),
  );
  const fidelities = Object.fromEntries(layout.fidelities.map((name) => {
    const { lower, upper } = byName.get(name)!;
    return [name, { low: lower!, high: upper! }];
  }));
  const largest = Object.fromEntries(
    Object.entries(fidelities).map(([name, { high }]) => [name, high]),
  );
  const first = layout.outputs.find(({ name }) => name === layout.metric)!;
  let model: Promise<Model> | null = null;

  const evaluate = async (
    task: string,
    configurations: readonly Configuration[],
    options: EvaluationOptions = {},
  ): Promise<readonly Metrics[]> => {
    checkTask(tasks, task);
    const fidelity = checkFidelity(fidelities, options.fidelity ?? {});
    model ??= loadModel(join(folder, "model.onnx"));
    const { run } = await model;
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
): Promise<YahpoLayout> {
  const own = await Deno.readTextFile(join(folder, "layout.json"))
    .catch((error) => {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    });
  if (own !== null) return readLayout(JSON.parse(own));
  const known = knownLayout(json.hyperparameters.map(({ name }) => name));
  if (known === null) {
    throw new RangeError(
      `Cannot use the folder ${folder}: its parameters are those of no YAHPO scenario that we know; put a layout.json into it (bench/README.md says how)`,
    );
  }
  return known;
}

function checkTask(tasks: readonly string[], task: string): void {
  if (!tasks.includes(task)) {
    throw new RangeError(
      `Cannot find the task ${task}: there are ${tasks.join(", ")}`,
    );
  }
}

function checkFidelity(
  known: Suite["fidelities"],
  given: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  for (const [name, value] of Object.entries(given)) {
    const range = known[name];
    if (range === undefined || !(value >= range.low && value <= range.high)) {
      throw new RangeError(
        `Cannot evaluate at ${name} = ${value}, expected ${
          Object.entries(known).map(([key, { low, high }]) =>
            `${key} in ${low} to ${high}`
          ).join(", ") || "no fidelity"
        }`,
      );
    }
  }
  return given;
}

interface Model {
  readonly run: (
    inputs: { continuous: Float32Array; categorical: Int32Array },
    rows: number,
  ) => Promise<Float32Array>;
  readonly release: () => Promise<void>;
}

async function loadModel(path: string): Promise<Model> {
  const { env, InferenceSession, Tensor } = await import("onnxruntime-web");
  env.wasm.numThreads = 1;
  const session: InferenceSession = await InferenceSession.create(
    await Deno.readFile(path),
  );
  // YAHPO's own reader goes by position too: categories first, then numbers.
  const [categorical, continuous] = session.inputNames as [string, string];
  const [output] = session.outputNames as [string];
  return {
    run: async (inputs, rows) => {
      const shape = (length: number) => [rows, length / rows];
      const results = await session.run({
        [categorical]: new Tensor(
          "int32",
          inputs.categorical,
          shape(inputs.categorical.length),
        ),
        [continuous]: new Tensor(
          "float32",
          inputs.continuous,
          shape(inputs.continuous.length),
        ),
      });
      return results[output]!.data as Float32Array;
    },
    release: () => session.release(),
  };
}

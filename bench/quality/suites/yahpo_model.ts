import type { InferenceSession } from "onnxruntime-web";
import type { ModelShape } from "./yahpo_layouts.ts";

/** The inputs of a model, row by row. */
export interface ModelInputs {
  /** The numbers, `[rows * shape.continuous]`. */
  readonly continuous: Float32Array;
  /** The categories' codes, `[rows * shape.categorical]`. */
  readonly categorical: Int32Array;
}

/** A surrogate in ONNX. */
export interface YahpoModel {
  /** How many inputs and outputs it has. */
  readonly shape: ModelShape;
  /** The outputs, `[rows * shape.outputs]`. */
  readonly run: (inputs: ModelInputs, rows: number) => Promise<Float32Array>;
  /** Frees it. */
  readonly release: () => Promise<void>;
}

/**
 * Loads a model: its whole-numbered input takes the categories, the other the
 * numbers; its only output is a row a configuration.
 *
 * @param path The ONNX file.
 * @throws {RangeError} If the model is of another form.
 */
export async function loadModel(path: string): Promise<YahpoModel> {
  const { env, InferenceSession, Tensor } = await import("onnxruntime-web");
  env.wasm.numThreads = 1;
  const session: InferenceSession = await InferenceSession.create(
    await Deno.readFile(path),
  );
  const tensors = (list: readonly InferenceSession.ValueMetadata[]) =>
    list.flatMap((one) => one.isTensor ? [one] : []);
  const inputs = tensors(session.inputMetadata);
  const numbers = inputs.find(({ type }) => type === "float32");
  const codes = inputs.find(({ type }) => type === "int32" || type === "int64");
  const [output] = tensors(session.outputMetadata);
  if (
    output === undefined ||
    inputs.some((one) => one !== numbers && one !== codes)
  ) {
    throw new RangeError(
      `Cannot use the model ${path}: its inputs are ${
        inputs.map(({ name, type }) => `${name} (${type})`).join(", ")
      }, expected codes (int32) and numbers (float32)`,
    );
  }
  const width = (one: typeof numbers) => Number(one?.shape.at(-1) ?? 0);
  return {
    shape: {
      continuous: width(numbers),
      categorical: width(codes),
      outputs: width(output),
    },
    run: async ({ continuous, categorical }, rows) => {
      const feeds: Record<string, InstanceType<typeof Tensor>> = {};
      if (numbers !== undefined) {
        feeds[numbers.name] = new Tensor("float32", continuous, [
          rows,
          continuous.length / rows,
        ]);
      }
      if (codes !== undefined) {
        const shape = [rows, categorical.length / rows];
        feeds[codes.name] = codes.type === "int32"
          ? new Tensor("int32", categorical, shape)
          : new Tensor(
            "int64",
            BigInt64Array.from(categorical, BigInt),
            shape,
          );
      }
      const results = await session.run(feeds);
      return results[output.name]!.data as Float32Array;
    },
    release: () => session.release(),
  };
}

import { type Backend, messageOf } from "./_backend.ts";
import { nodeBackend } from "./_node_backend.ts";
import { quietly } from "./_quietly.ts";
import { wasmBackend } from "./_wasm_backend.ts";
import { webgpuBackend } from "./_webgpu_backend.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** All backends, in the order in which they are tried. */
export const BACKENDS: readonly Backend[] = Object.freeze([
  nodeBackend("node-gpu", "@tensorflow/tfjs-node-gpu"),
  nodeBackend("node", "@tensorflow/tfjs-node"),
  webgpuBackend,
  wasmBackend,
  { name: "cpu", tfjsName: "cpu", prepare: () => Promise.resolve(null) },
]);

/** The known product that every backend has to get right. */
const PRODUCT = [58, 64, 139, 154];

/**
 * Makes tfjs compute on a backend and checks that it can.
 *
 * @param isPreferred Whether the user asked for this one.
 * @returns A remark for the report, or null.
 * @throws {NotTried} If there is nothing to try.
 * @throws {Error} If it does not start or computes wrongly; the message says
 * what happened.
 */
export async function start(
  tf: TensorFlow,
  backend: Backend,
  isPreferred = false,
): Promise<string | null> {
  const remark = await backend.prepare(tf, isPreferred);
  const started = await quietly(tf, () => tf.setBackend(backend.tfjsName));
  if (!started) throw await startError(tf, backend.tfjsName);
  const found = await quietly(tf, async () => {
    const product = tf.tidy(() =>
      tf.matMul([[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 10], [11, 12]])
    );
    const values = await product.data();
    product.dispose();
    return Array.from(values);
  }).catch((error) => {
    throw new Error(
      `it starts, but cannot multiply two small matrices: ${messageOf(error)}`,
      { cause: error },
    );
  });
  if (PRODUCT.some((value, index) => value !== found[index])) {
    throw new Error(
      `it computes wrongly: a product of two small matrices gave ${
        found.join(", ")
      }, expected ${PRODUCT.join(", ")}`,
    );
  }
  return remark;
}

/** Why a backend did not start: tfjs keeps it to itself, so we start it once more by hand. */
async function startError(tf: TensorFlow, tfjsName: string): Promise<Error> {
  const factory = tf.findBackendFactory(tfjsName) as (() => unknown) | null;
  if (factory === null) return new Error("tfjs does not know it");
  try {
    await factory();
    return new Error("tfjs could not start it");
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}

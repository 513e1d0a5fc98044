import type { BackendName } from "./backend_report.ts";
import { quietly } from "./_quietly.ts";
import { mendWasmKernels } from "./_wasm_kernels.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** A way to compute. */
export interface Backend {
  /** What we call it. */
  readonly name: BackendName;
  /** What tfjs calls it. */
  readonly tfjsName: string;
  /**
   * Makes it known to tfjs.
   *
   * @returns A remark for the report, or null.
   * @throws {NotTried} If there is nothing to try.
   */
  prepare(tf: TensorFlow): Promise<string | null>;
}

/** Says that a backend was left alone, and why. */
export class NotTried extends Error {
  override readonly name = "NotTried";
}

/** All backends, in the order in which they are tried. */
export const BACKENDS: readonly Backend[] = Object.freeze([
  nodeBackend("node-gpu", "@tensorflow/tfjs-node-gpu"),
  nodeBackend("node", "@tensorflow/tfjs-node"),
  {
    name: "webgpu",
    tfjsName: "webgpu",
    prepare: () => Promise.reject(new NotTried("Étude cannot use it yet")),
  },
  {
    name: "wasm",
    tfjsName: "wasm",
    prepare: async (tf) => {
      await import("@tensorflow/tfjs-backend-wasm");
      mendWasmKernels(tf);
      return await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")
        ? "with SIMD"
        : "without SIMD";
    },
  },
  { name: "cpu", tfjsName: "cpu", prepare: () => Promise.resolve(null) },
]);

/**
 * The binding of Node to TensorFlow's own library. It is the user's to
 * install: the name is put together here so that neither the type check nor
 * the lock file nor the registry takes it for a package that we need.
 */
function nodeBackend(name: BackendName, specifier: string): Backend {
  return {
    name,
    tfjsName: "tensorflow",
    prepare: async (tf) => {
      try {
        import.meta.resolve(specifier);
      } catch {
        throw new NotTried(`${specifier} is not installed`);
      }
      await restoreIsNullOrUndefined();
      await import(specifier);
      const found = tf.findBackend("tensorflow") as
        | { isUsingGpuDevice?: boolean }
        | null;
      return found?.isUsingGpuDevice
        ? "on the graphics card"
        : "on the processor";
    },
  };
}

/**
 * tfjs-node calls `util.isNullOrUndefined`, which Node 23 and Deno no longer
 * have (tensorflow/tfjs#8609).
 */
async function restoreIsNullOrUndefined(): Promise<void> {
  const { default: util } = await import("node:util") as unknown as {
    default: { isNullOrUndefined?: (value: unknown) => boolean };
  };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/** The known product that every backend has to get right. */
const PRODUCT = [58, 64, 139, 154];

/**
 * Makes tfjs compute on a backend and checks that it can.
 *
 * @returns A remark for the report, or null.
 * @throws {NotTried} If there is nothing to try.
 * @throws {Error} If it does not start or computes wrongly; the message says
 * what happened.
 */
export async function start(
  tf: TensorFlow,
  backend: Backend,
): Promise<string | null> {
  const remark = await backend.prepare(tf);
  const started = await quietly(tf, () => tf.setBackend(backend.tfjsName));
  if (!started) throw await startError(tf, backend.tfjsName);
  const found = await quietly(tf, async () => {
    const product = tf.tidy(() =>
      tf.matMul([[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 10], [11, 12]])
    );
    const values = await product.data();
    product.dispose();
    return Array.from(values);
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
    return error instanceof Error ? error : new Error(
      (error as { message?: string } | null)?.message ?? String(error),
    );
  }
}

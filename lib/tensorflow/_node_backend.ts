import { type Backend, messageOf, NotTried } from "./_backend.ts";
import type { TensorFlow } from "./tensorflow.ts";

/**
 * The binding of Node to TensorFlow's own library. It is the user's to
 * install: the name is put together here so that neither the type check nor
 * the lock file nor the registry takes it for a package that we need.
 *
 * Both packages bring the same backend. One of them loads one library, and
 * that library says whether it computes on a graphics card.
 */
export function nodeBackend(
  name: "node-gpu" | "node",
  specifier: string,
): Backend {
  return Object.freeze({
    name,
    tfjsName: "tensorflow",
    prepare: async (tf: TensorFlow) => {
      const loaded = nativeBackend(tf);
      if (loaded === null) await load(specifier);
      const found = nativeBackend(tf);
      if (found === null) {
        throw new Error(
          `${specifier} brought a TensorFlow.js of its own; name it and @tensorflow/tfjs in the same version, ${tf.version.tfjs}`,
        );
      }
      const version = found.binding?.TF_Version;
      if (name === "node-gpu" && found.isUsingGpuDevice !== true) {
        throw new Error(
          `TensorFlow${
            version === undefined ? "" : ` ${version}`
          } finds no graphics card with CUDA`,
        );
      }
      return version === undefined ? null : `version ${version}`;
    },
  });
}

/** What we use of tfjs-node's backend, and tfjs does not type. */
interface NativeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version: string };
}

function nativeBackend(tf: TensorFlow): NativeBackend | null {
  if (tf.findBackendFactory("tensorflow") === null) return null;
  return tf.findBackend("tensorflow") as NativeBackend | null;
}

async function load(specifier: string): Promise<void> {
  try {
    import.meta.resolve(specifier);
  } catch {
    throw new NotTried(`${specifier} is not installed`);
  }
  await restoreIsNullOrUndefined();
  try {
    await import(specifier);
  } catch (error) {
    if (!/native addon module.*can ?not be found/s.test(messageOf(error))) {
      throw error;
    }
    throw new Error(
      `${specifier} is installed, but not its native addon: see docs/tensorflow-backends.md, or let its install script fetch it with: deno install --allow-scripts=npm:${specifier}`,
      { cause: error },
    );
  }
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

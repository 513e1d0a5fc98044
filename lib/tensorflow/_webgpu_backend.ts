import { type Backend, NotTried } from "./_backend.ts";

/**
 * WebGPU, on the graphics card. It is taken only where it is asked for: Deno
 * cannot wait for a graphics card within a call, so that `dataSync()` and
 * `arraySync()`, which work on all other backends, fail on this one.
 */
export const webgpuBackend: Backend = {
  name: "webgpu",
  tfjsName: "webgpu",
  prepare: async (_tf, isPreferred) => {
    if (!isPreferred) {
      throw new NotTried(
        'it has to be asked for with { prefer: "webgpu" }: tensor.dataSync() fails on it',
      );
    }
    const gpu = globalThis.navigator?.gpu;
    if (gpu === undefined) throw new NotTried("there is no WebGPU here");
    const adapter = await gpu.requestAdapter();
    if (adapter === null) {
      throw new NotTried(
        "WebGPU finds no graphics card; on Linux it needs a Vulkan driver",
      );
    }
    const { description, vendor, isFallbackAdapter } = adapter.info;
    const device = description || vendor || "a card without a name";
    const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
    explainReadSync(WebGPUBackend.prototype);
    return `on ${device}${
      isFallbackAdapter ? ", which imitates a graphics card" : ""
    }`;
  },
};

/** Reads what a tensor holds, without waiting. */
interface SyncReader {
  readSync(dataId: object): unknown;
}

/** What has been explained already, so that it is not wrapped twice. */
const explained = new WeakSet<SyncReader>();

/** Has a read that fails say what to do, in place of "Cannot read properties of null". */
function explainReadSync(backend: SyncReader): void {
  if (explained.has(backend)) return;
  explained.add(backend);
  const { readSync } = backend;
  backend.readSync = function (this: SyncReader, dataId) {
    try {
      return readSync.call(this, dataId);
    } catch (error) {
      throw new Error(
        "Cannot read a tensor at once on the backend webgpu: dataSync() and arraySync() need what only a browser has; use await tensor.data() or await tensor.array(), and for data of another backend make the tensor anew",
        { cause: error },
      );
    }
  };
}

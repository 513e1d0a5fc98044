import type { Backend } from "./_backend.ts";
import { mendWasmKernels } from "./_wasm_kernels.ts";

/** WebAssembly, on the processor. */
export const wasmBackend: Backend = {
  name: "wasm",
  tfjsName: "wasm",
  prepare: async (tf) => {
    await import("@tensorflow/tfjs-backend-wasm");
    mendWasmKernels(tf);
    const [simd, threads] = await Promise.all([
      tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"),
      // tfjs says no in Deno and Node: the file that its threads would run is
      // an address that only a browser can open (tensorflow/tfjs#3830).
      tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT"),
    ]);
    const workers = simd && threads ? "several threads" : "one thread";
    return `${simd ? "with" : "without"} SIMD, on ${workers}`;
  },
};

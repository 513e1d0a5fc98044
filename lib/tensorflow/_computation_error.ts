import { backendNameOf, messageOf } from "./_backend.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** What the backends say where memory has run out. */
const outOfMemory =
  /out of memory|OOM|allocat|Aborted\(|memory access out of bounds|Invalid (typed )?array length/i;

/**
 * Does a piece of computing; an error says on which backend it happened, in
 * which operation, and what helps where the memory has run out.
 *
 * @param what What is being done, as in "Cannot … on the backend wasm".
 * @throws {Error} In place of what `work` throws, which is the error's `cause`.
 */
export async function computing<T>(
  tf: TensorFlow,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const backend = backendNameOf(tf);
    const message = messageOf(error);
    const operation = operationOf(error);
    const parts = [
      `Cannot ${what} on the backend ${backend}: `,
      operation === null ? "" : `in ${operation}: `,
      message.replace(/\.?\s*$/, ""),
      outOfMemory.test(message) ? memoryAdvice(tf, backend) : "",
    ];
    throw new Error(parts.join(""), { cause: error });
  }
}

/** The kernel in which it happened, as the error's trace has it; null if it has none. */
function operationOf(error: unknown): string | null {
  const { stack = "" } = error instanceof Error ? error : {};
  for (const line of stack.split("\n")) {
    const found = line.match(/at (?:\w+\.)?(\w+) \[as kernelFunc\]/) ??
      line.match(/\/kernels\/(\w+)\.js/);
    if (found !== null && found[1] !== "kernelFunc") return found[1]!;
  }
  return null;
}

function memoryAdvice(tf: TensorFlow, backend: string): string {
  const { numTensors, numBytes } = tf.memory();
  const held = `${numTensors} tensors hold ${Math.round(numBytes / 1e6)} MB`;
  const after = backend === "wasm"
    ? " WebAssembly has 4 GB and does not recover: restart the kernel; the study goes on from what it has stored."
    : "";
  return `. It has probably run out of memory (${held}): a smaller batchSize or model, or tensors that are disposed, help.${after}`;
}

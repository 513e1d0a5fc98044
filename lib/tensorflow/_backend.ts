import type { BackendName } from "./backend_report.ts";
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
   * @param isPreferred Whether the user asked for this one: then it is tried
   * also where another would be faster.
   * @returns A remark for the report, or null.
   * @throws {NotTried} If there is nothing to try.
   */
  prepare(tf: TensorFlow, isPreferred: boolean): Promise<string | null>;
}

/** Says that a backend was left alone, and why. */
export class NotTried extends Error {
  override readonly name = "NotTried";
}

/** What an error says; tfjs rejects with objects that are no errors. */
export function messageOf(error: unknown): string {
  return (error as { message?: string } | null)?.message ?? String(error);
}

/** What we call the backend that tfjs computes on now. */
export function backendNameOf(tf: TensorFlow): string {
  const name = tf.getBackend();
  if (name !== "tensorflow") return name;
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
  return isUsingGpuDevice === true ? "node-gpu" : "node";
}

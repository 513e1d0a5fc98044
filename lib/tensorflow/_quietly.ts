import type { TensorFlow } from "./tensorflow.ts";

/**
 * Does something without tfjs's advice on the console: the banner that its
 * JavaScript backend prints at its first use, among others. tfjs prints no
 * advice in production mode, and that mode changes nothing else.
 */
export function quietly<T>(tf: TensorFlow, work: () => T): T {
  const before = tf.env().getBool("PROD");
  tf.env().set("PROD", true);
  const after = () => tf.env().set("PROD", before);
  let result: T;
  try {
    result = work();
  } catch (error) {
    after();
    throw error;
  }
  if (result instanceof Promise) return result.finally(after) as T;
  after();
  return result;
}

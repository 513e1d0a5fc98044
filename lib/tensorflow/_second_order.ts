/**
 * Gradients of gradients, which tfjs 4.22 gets wrong for operations whose derivative is
 * made of their result (exp, tanh, sigmoid, softmax and others): what the result owes to
 * the input is lost on the way, or all of it if there is no other way.
 *
 * tfjs saves the result for the derivative as a copy. On its tape the copy is noted
 * before the operation itself, so that walking back, the operation has had its turn
 * before what goes through the copy arrives. And within `customGrad` nothing is noted.
 * Here the derivative is made of the inputs instead, the result computed anew, and a
 * custom gradient gives way to that of the operations within.
 *
 * Source: github.com/tensorflow/tfjs/issues/3252 names the symptom.
 */

import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { TensorFlow } from "./tensorflow.ts";

/** The kernels whose derivative is made of the result, and what their inputs are called. */
const byResult: Readonly<Record<string, readonly string[]>> = {
  Elu: ["x"],
  Exp: ["x"],
  LogSoftmax: ["logits"],
  Max: ["x"],
  MaxPool: ["x"],
  MaxPool3D: ["x"],
  Min: ["x"],
  Pow: ["a", "b"],
  Sigmoid: ["x"],
  Softmax: ["logits"],
  Tanh: ["x"],
};

/** Kernels that step from one truth to another, with the derivative 0 that tfjs does not know. */
const truths: Readonly<Record<string, readonly string[]>> = {
  Equal: ["a", "b"],
  Greater: ["a", "b"],
  Less: ["a", "b"],
  LessEqual: ["a", "b"],
  LogicalAnd: ["a", "b"],
  LogicalNot: ["x"],
  LogicalOr: ["a", "b"],
  NotEqual: ["a", "b"],
};

/** What of tfjs's engine is replaced for a while. */
interface CustomGradients {
  customGrad?: (
    f: (...inputs: unknown[]) => { value: Tensor },
  ) => (...inputs: Tensor[]) => Tensor;
}

let depth = 0;

/**
 * Does something at once (not later) in which gradients can be taken of gradients.
 * Afterwards tfjs is as it was.
 */
export function withGradientsOfGradients<T>(
  tf: TensorFlow,
  work: () => T,
): T {
  if (depth > 0) return work();
  const engine = tf.engine() as unknown as CustomGradients;
  const before = new Map<string, GradConfig | undefined>();
  const replace = (config: GradConfig) => {
    before.set(config.kernelName, tf.getGradient(config.kernelName));
    tf.registerGradient(config);
  };
  depth++;
  try {
    for (const [kernelName, inputs] of Object.entries(byResult)) {
      const original = tf.getGradient(kernelName);
      if (original !== undefined) replace(ofInputs(tf, original, inputs));
    }
    for (const [kernelName, inputs] of Object.entries(truths)) {
      if (tf.getGradient(kernelName) !== undefined) continue;
      replace(ofTruth(tf, kernelName, inputs));
    }
    engine.customGrad = (f) => (...inputs) => f(...inputs, () => {}).value;
    return work();
  } finally {
    depth--;
    delete engine.customGrad;
    for (const [kernelName, config] of before) {
      if (config === undefined) tf.unregisterGradient(kernelName);
      else tf.registerGradient(config);
    }
  }
}

/** A derivative made of the inputs. */
function ofInputs(
  tf: TensorFlow,
  original: GradConfig,
  names: readonly string[],
): GradConfig {
  const { kernelName, gradFunc, inputsToSave = [] } = original;
  return {
    kernelName,
    inputsToSave: [...names],
    gradFunc: (dy, saved, attrs) => {
      const inputs = Object.fromEntries(
        names.map((name, i) => [name, saved[i]!]),
      );
      const result = tf.engine().runKernel(
        kernelName,
        inputs,
        attrs as NamedAttrMap,
      ) as Tensor;
      return gradFunc(
        dy,
        [...inputsToSave.map((name) => inputs[name]!), result],
        attrs,
      );
    },
  };
}

/** The derivative of a truth: 0. */
function ofTruth(
  tf: TensorFlow,
  kernelName: string,
  names: readonly string[],
): GradConfig {
  return {
    kernelName,
    inputsToSave: [...names],
    gradFunc: (_dy, saved) =>
      Object.fromEntries(
        names.map((name, i) => [name, () => tf.zeros(saved[i]!.shape)]),
      ),
  };
}

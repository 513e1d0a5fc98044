import { type Backend, messageOf, NotTried } from "./_backend.ts";
import { BACKENDS, start } from "./_backends.ts";
import {
  attemptLine,
  type BackendAttempt,
  type BackendName,
  reportMarkdown,
  reportText,
} from "./backend_report.ts";
import { importTensorFlow, type TensorFlow } from "./tensorflow.ts";

/** Options of {@linkcode loadTensorFlow}. */
export interface LoadTensorFlowOptions {
  /**
   * The backend to try first. Defaults to the order `"node-gpu"`, `"node"`,
   * `"wasm"`, `"cpu"`; `"webgpu"` is tried only where it is named here.
   */
  readonly prefer?: BackendName;
  /** Whether to fail where the preferred backend does not work, in place of trying the others. Defaults to `false`. */
  readonly only?: boolean;
  /** Gets each line of the report as it is found, e.g. `console.log`. Defaults to nothing. */
  readonly log?: (line: string) => void;
}

/**
 * TensorFlow.js, ready to compute. As the last expression of a notebook cell
 * it shows the backend and why it is that one.
 */
export interface LoadedTensorFlow {
  /** TensorFlow.js; the same at each call. */
  readonly tf: TensorFlow;
  /** What it computes on. */
  readonly backend: BackendName;
  /** What was tried, in order, the chosen one last. */
  readonly report: readonly BackendAttempt[];
  /** The report as text, a line a backend. */
  toString(): string;
}

/** What {@linkcode loadTensorFlow} gives: shows itself in notebooks and consoles. */
class Loaded implements LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly backend: BackendName;
  readonly report: readonly BackendAttempt[];

  constructor(
    tf: TensorFlow,
    backend: BackendName,
    report: readonly BackendAttempt[],
  ) {
    this.tf = tf;
    this.backend = backend;
    this.report = Object.freeze(report);
    Object.freeze(this);
  }

  toString(): string {
    return reportText(this.tf.version.tfjs, this.report);
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return {
      "text/plain": this.toString(),
      "text/markdown": reportMarkdown(this.tf.version.tfjs, this.report),
    };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** The last call's outcome, which the next call waits for. */
let last: Promise<LoadedTensorFlow | null> = Promise.resolve(null);

/**
 * Loads TensorFlow.js and chooses what it computes on: the first backend that
 * starts and gets a small matrix product right. Nothing is installed: the
 * bindings `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node` are used
 * where the user's own `deno.json` names them.
 *
 * Called again, it gives the same `tf`, and the same backend unless `prefer`
 * names another. For the `"wasm"` backend it adds the gradients that tfjs
 * lacks there (convolutions, embeddings) and mends that of max pooling, which
 * is wrong where a window holds no positive value.
 *
 * WebGPU has to be asked for: on it `tensor.dataSync()` fails in Deno, and
 * values are read with `await tensor.data()`. Tensors belong to the backend
 * that they were made on: choose before you make some.
 *
 * @throws {RangeError} If `prefer` names no backend.
 * @throws {Error} If no backend works, or with `only` the preferred one does
 * not; the message is the report. What worked before goes on working.
 *
 * @example
 * ```ts
 * import { loadTensorFlow } from "@etude/etude/tensorflow";
 * const tensorflow = await loadTensorFlow();
 * console.log(String(tensorflow)); // which backend, and why
 * const { tf } = tensorflow;
 * tf.tidy(() => tf.add(1, 2).dataSync()[0]); // 3
 * ```
 */
export async function loadTensorFlow(
  options: LoadTensorFlowOptions = {},
): Promise<LoadedTensorFlow> {
  const { prefer, only = false, log = () => {} } = options;
  const order = only ? inOrder(prefer).slice(0, 1) : inOrder(prefer);
  const before = last;
  const loading = before.then(async (loaded) => {
    if (loaded !== null && [undefined, loaded.backend].includes(prefer)) {
      return loaded;
    }
    const tf = loaded?.tf ?? await importTensorFlow();
    return await choose(tf, order, log, prefer);
  });
  last = loading.catch(() => before);
  return await loading;
}

/**
 * Tries backends in order.
 *
 * @throws {Error} If none works.
 */
export async function choose(
  tf: TensorFlow,
  backends: readonly Backend[],
  log: (line: string) => void,
  prefer?: BackendName,
): Promise<LoadedTensorFlow> {
  const before = tf.getBackend() as string | undefined;
  const report: BackendAttempt[] = [];
  const note = (attempt: BackendAttempt) => {
    report.push(Object.freeze(attempt));
    log(attemptLine(attempt));
  };
  for (const backend of backends) {
    const { name } = backend;
    try {
      const remark = await start(tf, backend, name === prefer);
      const reason = remark === null ? "it works" : `it works, ${remark}`;
      note({ backend: name, outcome: "chosen", reason });
      return new Loaded(tf, name, report);
    } catch (error) {
      const outcome = error instanceof NotTried ? "not tried" : "passed over";
      note({ backend: name, outcome, reason: firstLine(error) });
    }
  }
  if (before !== undefined) await tf.setBackend(before);
  const lines = report.map(attemptLine).join("\n");
  throw new Error(
    backends.length === 1
      ? `Cannot compute on the backend that was asked for\n${lines}`
      : `Cannot compute: no backend of TensorFlow.js works here\n${lines}`,
  );
}

function inOrder(prefer: BackendName | undefined): readonly Backend[] {
  if (prefer === undefined) return BACKENDS;
  const first = BACKENDS.find(({ name }) => name === prefer);
  if (first === undefined) {
    throw new RangeError(
      `Cannot prefer the backend ${
        JSON.stringify(prefer) ?? String(prefer)
      }: ` +
        `there is none of that name, expected one of ${
          BACKENDS.map(({ name }) => `"${name}"`).join(", ")
        }`,
    );
  }
  return [first, ...BACKENDS.filter((backend) => backend !== first)];
}

function firstLine(error: unknown): string {
  return messageOf(error).split("\n")[0]!.replace(/\.$/, "");
}

import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { TrialRecord } from "../records/mod.ts";
import {
  type ObjectiveFunction,
  StudyStopped,
  type Trial,
  TrialPruned,
} from "../study/mod.ts";
import { moduleURL } from "./_module_url.ts";
import type { FromThread, ToThread } from "./_thread_messages.ts";

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  /** The trial that it runs; null while it has nothing to do. */
  trial: Trial | null;
}

/**
 * An objective that runs in a thread of its own, so that computing leaves the
 * notebook, the panel and the ■ button their turn. The thread is kept for the
 * next trial; where one does not stop when it is asked, it is ended once the next
 * trial begins.
 *
 * The module's default export is the objective. It is given a trial like any
 * other, without `diagnose()`.
 *
 * @param module The path or URL of the module; a path is one from the working folder.
 *
 * @example
 * ```ts
 * import { workerObjective } from "@etude/etude/tuner";
 * const objective = workerObjective(new URL("data:application/typescript,export default (trial) => trial.params.x"));
 * typeof objective; // "function"
 * ```
 */
export function workerObjective<C>(
  module: string | URL,
): ObjectiveFunction<C> {
  const url = moduleURL(module);
  const threads: Thread[] = [];
  return async (typed) => {
    const trial = typed as unknown as Trial;
    for (const thread of [...threads]) {
      // It was told to stop, and its trial has been given up.
      if (thread.trial?.signal.aborted) end(thread, threads);
    }
    let thread = threads.find((one) => one.trial === null);
    if (thread === undefined) threads.push(thread = begin());
    thread.trial = trial;
    try {
      return await runIn(thread, trial, url, () => end(thread, threads));
    } finally {
      thread.trial = null;
    }
  };
}

/**
 * The thread's module, beside this one, whatever it was compiled to. From a package
 * registry it is reached by a small one: threads begin with files and data alone.
 */
function threadURL(): URL {
  const own = import.meta.url;
  const url = new URL(
    `./_objective_thread${own.slice(own.lastIndexOf("."))}`,
    own,
  );
  return url.protocol === "file:" ? url : new URL(
    `data:application/javascript,${
      encodeURIComponent(`import ${JSON.stringify(url.href)};`)
    }`,
  );
}

function begin(): Thread {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(threadURL(), {
    workerData: port2,
    transferList: [port2],
  });
  worker.unref();
  return { worker, port: port1, trial: null };
}

function end(thread: Thread, threads: Thread[]): void {
  threads.splice(threads.indexOf(thread), 1);
  thread.port.close();
  thread.worker.terminate().catch(() => {});
}

function runIn(
  { worker, port }: Thread,
  trial: Trial,
  module: string,
  giveUp: () => void,
): Promise<number> {
  const say = (message: ToThread) => port.postMessage(message);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let held = false;
  const look = setInterval(() => {
    if (trial.isHeld !== held) say({ type: "hold", on: held = trial.isHeld });
  }, 50);
  const stop = () =>
    say({ type: "stop", reason: trial.stopReason ?? "stopped" });
  const onMessage = (message: FromThread) => {
    switch (message.type) {
      case "reports":
        for (const { name, step, value } of message.reports) {
          try {
            trial.report(step, { [name]: value }).catch(() => {});
          } catch (error) {
            // The thread is told by the signal.
            if (!(error instanceof StudyStopped)) return reject(error);
          }
        }
        // The pruner's word.
        if (trial.shouldStop()) stop();
        return;
      case "measure":
        return trial.measure(message.name, message.value);
      case "attribute":
        trial.setAttribute(message.key, message.value).then(
          () => say({ type: "kept", id: message.id, error: null }),
          (error) =>
            say({ type: "kept", id: message.id, error: String(error) }),
        );
        return;
      case "done":
        return resolve(message.value as number);
      case "pruned":
        return reject(new TrialPruned(message.reason));
      case "failed": {
        const error = new Error(message.message.split("\n")[0]);
        error.stack = message.message;
        return reject(error);
      }
    }
  };
  const onError = (error: unknown) => {
    giveUp();
    reject(error);
  };
  port.on("message", onMessage);
  const onExit = (code: number) =>
    onError(
      new Error(
        `The objective's thread ended with code ${code} before it gave back a value; does the module call Deno.exit or process.exit?`,
      ),
    );
  worker.on("error", onError);
  worker.on("exit", onExit);
  trial.signal.addEventListener("abort", stop);
  say({
    type: "run",
    record: structuredClone({ ...trial.record() }) as TrialRecord,
    studyName: trial.studyName,
    parameterNames: trial.parameterNames,
    seed: trial.studySeed,
    objectives: trial.objectives,
    module,
  });
  return promise.finally(() => {
    clearInterval(look);
    trial.signal.removeEventListener("abort", stop);
    port.off("message", onMessage);
    worker.off("error", onError);
    worker.off("exit", onExit);
    // A port that is listened to keeps the process alive.
    port.unref();
  });
}

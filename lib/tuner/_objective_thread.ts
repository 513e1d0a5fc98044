/**
 * The thread that an objective runs in: real trials whose host is the other
 * thread. What that one says is read whenever the objective reports or asks, so
 * that a loop that never awaits can be stopped too.
 */

import { clearInterval, setInterval } from "node:timers";
import {
  type MessagePort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import type { Report } from "../storage/mod.ts";
import { StudyStopped, Trial, TrialPruned } from "../study/mod.ts";
import type { FromThread, ToThread } from "./_thread_messages.ts";

const port = workerData as MessagePort;
/** What comes in is looked at so often while nothing is reported. */
const lookEveryMs = 20;

let running: Trial | null = null;
let lastId = 0;
const keeping = new Map<number, PromiseWithResolvers<void>>();

function tell(message: FromThread): void {
  port.postMessage(message);
}

function listen(): void {
  let received: { message: ToThread } | undefined;
  while (
    (received = receiveMessageOnPort(port) as { message: ToThread } | undefined)
  ) {
    const { message } = received;
    switch (message.type) {
      case "run":
        void run(message);
        break;
      case "stop":
        running?.requestStop(message.reason);
        break;
      case "hold":
        if (message.on) running?.hold();
        else running?.release();
        break;
      case "kept": {
        const waiting = keeping.get(message.id);
        keeping.delete(message.id);
        if (message.error === null) waiting?.resolve();
        else waiting?.reject(new Error(message.error));
      }
    }
  }
}

async function run(
  { record, seed, objectives, module }: ToThread & { type: "run" },
): Promise<void> {
  const sent: Report[] = [];
  const trial: Trial = new Trial(record, {
    seed,
    objectives,
    store: () => Promise.resolve(),
    announce: (self, step) => {
      listen();
      const reports = sent.splice(0);
      for (const curve of self.record().curves.values()) {
        const at = curve.steps.lastIndexOf(step);
        if (at >= 0) {
          reports.push({ name: curve.name, step, value: curve.values[at]! });
        }
      }
      tell({ type: "reports", reports });
    },
    judge: () => {
      listen();
      return running?.stopReason ?? null;
    },
    diagnose: () => {
      throw new RangeError(
        "Cannot diagnose here: the objective runs in a thread of its own and does not know the study; ask study.diagnose(number)",
      );
    },
    measured: (name, value) => tell({ type: "measure", name, value }),
    setAttribute: (_number, key, value) => {
      const id = ++lastId;
      const waiting = Promise.withResolvers<void>();
      keeping.set(id, waiting);
      tell({ type: "attribute", id, key, value });
      return waiting.promise;
    },
  });
  running = trial;
  try {
    const { default: objective } = await import(module);
    if (typeof objective !== "function") {
      throw new TypeError(
        `Cannot run the module ${module}: its default export is no function; write export default async (trial) => …`,
      );
    }
    tell({ type: "done", value: await objective(trial) });
  } catch (error) {
    if (error instanceof TrialPruned || error instanceof StudyStopped) {
      tell({ type: "pruned", reason: error.message });
    } else {
      const message = error instanceof Error
        ? error.stack ?? String(error)
        : String(error);
      tell({ type: "failed", message });
    }
  } finally {
    running = null;
  }
}

const timer = setInterval(listen, lookEveryMs);
port.on("close", () => clearInterval(timer));
listen();

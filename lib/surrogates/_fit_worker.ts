/**
 * The thread that fits: answers each job that comes over its port. It holds
 * nothing from one job to the next.
 */

import { type MessagePort, workerData } from "node:worker_threads";
import { doJob, type FitJob } from "./_fit_job.ts";

const port = workerData as MessagePort;
port.on("message", (job: FitJob) => port.postMessage(doJob(job)));

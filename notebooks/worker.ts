/**
 * A worker on a study as a process, from this checkout. Elsewhere it is
 * `deno run -A jsr:@etude/etude/worker …`.
 *
 * @module
 */

import { runWorkerCommand } from "@etude/etude/worker";

await runWorkerCommand();

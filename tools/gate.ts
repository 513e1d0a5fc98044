/**
 * `deno task ok`: everything that has to be in order before a commit.
 *
 * @module
 */

import { staticChecks } from "./static_checks.ts";
import { runTests, summarize } from "./test.ts";

const seconds = (start: number) =>
  `${((performance.now() - start) / 1000).toFixed(1)} s`;

const results: string[] = [];
let allWell = true;
for (const { name, run } of staticChecks) {
  const start = performance.now();
  const problem = await run();
  const line = `${problem === null ? "ok    " : "FAILED"} ${name} (${
    seconds(start)
  })`;
  console.log(problem === null ? line : `${line}\n${problem}`);
  results.push(line);
  allWell &&= problem === null;
}
const start = performance.now();
const tests = await runTests([], { gate: false });
console.log(`\n${results.join("\n")}\ntests and examples (${seconds(start)}):`);
allWell = summarize(tests) && allWell;
Deno.exit(allWell ? 0 : 1);

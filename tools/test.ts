/**
 * `deno task test`: all tests and documentation examples. Its last line is `N passed, N failed`.
 *
 * With paths, only the tests there: `deno task test tests/space`. Options go to `deno test`.
 *
 * @module
 */

import { join, relative, resolve } from "node:path";
import { preparePythonEnvironment } from "./python_environment.ts";
import {
  exists,
  freshFolder,
  inProject,
  outFolder,
  projectFolder,
} from "./project.ts";
import {
  countTests,
  describeCounts,
  filesThatFailed,
  innermostTests,
  readJUnit,
  type ReportedTest,
} from "./test_report.ts";

/** Tests that start kernels, browsers, servers or compilers: one file at a time, after the others. */
const heavyTests = [
  "tests/attacks/command_test.ts",
  "tests/attacks/outputs_test.ts",
  "tests/browser/",
  "tests/interop/",
  "tests/notebook/",
  "tests/postgres/",
  "tests/release/",
  "tests/tensorflow/",
];

/** The tutorials, and what else waits and computes by turns: one file at a time, beside the former. */
const besideTests = [
  "tests/faults/",
  "tests/notebooks/",
  "tests/workers/",
];

/** The static checks, as tests. */
const gateTest = "tests/gate_test.ts";

/** Where documentation has examples. */
const documented = ["mod.ts", "lib", "docs", "README.md"];

/** One call of `deno test`. */
interface TestGroup {
  readonly title: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** What runs beside it; its output comes after. */
  readonly beside?: TestGroup;
}

/** Options of {@linkcode runTests}. */
export interface TestOptions {
  /** Whether the static checks are among the tests. Defaults to `true`. */
  gate?: boolean;
}

/** Runs all tests, or those of some paths; returns them as they ended. */
export async function runTests(
  args: readonly string[] = [],
  options: TestOptions = {},
): Promise<ReportedTest[]> {
  await preparePythonEnvironment();
  const flags = args.filter((arg) => arg.startsWith("-"));
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const groups = paths.length > 0
    ? [{ title: paths.join(" "), args: paths }]
    : await allGroups(options.gate ?? true);
  const tests: ReportedTest[] = [];
  for (const group of groups) {
    const beside = group.beside === undefined
      ? null
      : runGroup(group.beside, flags, { isShown: false });
    // Whoever waits hears of it.
    beside?.catch(() => {});
    const own = await runGroup(group, flags);
    const others = await beside;
    if (others !== null) console.log(others.output);
    tests.push(...own.tests, ...others?.tests ?? []);
  }
  return tests;
}

async function allGroups(gate: boolean): Promise<TestGroup[]> {
  const files = (await testFiles("tests")).sort();
  const within = (folders: readonly string[]) =>
    files.filter((file) => folders.some((folder) => file.startsWith(folder)));
  const heavy = within(heavyTests);
  const beside = within(besideTests);
  const slow = new Set([...heavy, ...beside, gateTest]);
  const light = files.filter((file) => !slow.has(file));
  const examples: string[] = [];
  for (const path of documented) {
    if (await exists(inProject(path))) examples.push(inProject(path));
  }
  return [
    {
      title: "static checks",
      args: gate && files.includes(gateTest) ? [gateTest] : [],
    },
    { title: "tests", args: light.length > 0 ? ["--parallel", ...light] : [] },
    {
      title: "documentation examples",
      args: [
        "--doc",
        "--parallel",
        `--config=${inProject("deno.json")}`,
        ...examples,
      ],
      // Examples keep their studies in the working folder.
      cwd: await freshFolder(join(outFolder, "examples")),
    },
    {
      title: "tests with kernels, browsers and servers",
      args: heavy,
      beside: {
        title: "the tutorials, faults and workers",
        args: beside,
      },
    },
  ].filter((group) => group.args.length > 0);
}

async function testFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(inProject(folder))) {
    if (isDirectory) files.push(...await testFiles(`${folder}/${name}`));
    else if (name.endsWith("_test.ts")) files.push(`${folder}/${name}`);
  }
  return files;
}

/** Types are one of the static checks: here a wrong one would keep all tests from running. */
async function runGroup(
  group: TestGroup,
  flags: readonly string[],
  { isShown = true }: { readonly isShown?: boolean } = {},
): Promise<{
  readonly tests: readonly ReportedTest[];
  /** What was not shown while it ran. */
  readonly output: string;
}> {
  const heading = `\n== ${group.title} ==`;
  if (isShown) console.log(heading);
  const cwd = group.cwd ?? projectFolder;
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "-A",
        "--no-check",
        `--junit-path=${report}`,
        ...flags,
        ...group.args,
      ],
      cwd,
      env: Deno.stdout.isTerminal() && !Deno.noColor
        ? { FORCE_COLOR: "1" }
        : { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const output = await keep(child.stdout, isShown);
    const { success } = await child.status;
    const tests: ReportedTest[] = innermostTests(
      readJUnit(await Deno.readTextFile(report)),
    );
    for (const file of filesThatFailed(output)) {
      tests.push(failure(relative(projectFolder, resolve(cwd, file))));
    }
    if (!success && !tests.some((test) => test.status === "failed")) {
      tests.push(failure(group.title));
    }
    return { tests, output: isShown ? "" : `${heading}\n${output}` };
  } finally {
    await Deno.remove(report);
  }
}

function failure(name: string): ReportedTest {
  return {
    name: `${name} (outside of any test)`,
    status: "failed",
    message: "",
  };
}

async function keep(
  stream: ReadableStream<Uint8Array>,
  isShown: boolean,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    if (isShown) await writeAll(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await Deno.stdout.write(bytes.subarray(written));
  }
}

/** Prints what did not pass, and as the last line the counts. Returns whether all went well. */
export function summarize(tests: readonly ReportedTest[]): boolean {
  for (const status of ["skipped", "failed"] as const) {
    const names = tests.filter((test) => test.status === status).map((test) =>
      test.name
    );
    if (names.length > 0) {
      console.log(`\n${status}:\n${names.map((n) => `  ${n}`).join("\n")}`);
    }
  }
  const counts = countTests(tests);
  console.log(`\n${describeCounts(counts)}`);
  return counts.failed === 0 && counts.passed > 0;
}

if (import.meta.main) {
  let tests: ReportedTest[];
  try {
    tests = await runTests(Deno.args);
  } catch (error) {
    console.error((error as Error).message);
    tests = [failure("the tests could not be run")];
  }
  Deno.exit(summarize(tests) ? 0 : 1);
}

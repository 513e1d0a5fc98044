/**
 * What a run of `deno test` came to, read from its JUnit report.
 *
 * @module
 */

/** How many tests ended how. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One test or step of a report. */
export interface ReportedTest {
  /** Its name, and before it those of the suites around it, joined by ` > `. */
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  /** Why it failed. */
  readonly message: string;
}

/** Reads a JUnit report as `deno test --junit-path` writes it. */
export function readJUnit(xml: string): ReportedTest[] {
  const cases = xml.matchAll(
    /<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  );
  return [...cases].map(([, name = "", body = ""]) => {
    const failure = body.match(/<failure message="([^"]*)"/);
    return {
      name: unescape(name),
      status: failure
        ? "failed"
        : body.includes("<skipped")
        ? "skipped"
        : "passed",
      message: unescape(failure?.[1] ?? ""),
    };
  });
}

/**
 * The tests proper: the innermost ones. Deno reports a suite (`describe`) as a test and its tests
 * as steps; a suite counts only if it failed by itself, as when a hook of its own threw.
 */
export function innermostTests(tests: readonly ReportedTest[]): ReportedTest[] {
  const suites = new Set<string>();
  for (const { name } of tests) {
    const parts = name.split(" > ");
    for (let n = 1; n < parts.length; n++) {
      suites.add(parts.slice(0, n).join(" > "));
    }
  }
  return tests.filter(({ name, status, message }) =>
    !suites.has(name) ||
    (status === "failed" && !/^\d+ test steps? failed$/.test(message))
  );
}

/** Counts tests by their ends. */
export function countTests(tests: readonly ReportedTest[]): TestCounts {
  const count = (status: ReportedTest["status"]) =>
    tests.filter((test) => test.status === status).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
  };
}

/** The files that failed outside of any test, named by what `deno test` prints only. */
export function filesThatFailed(output: string): string[] {
  // deno-lint-ignore no-control-regex
  const plain = output.replaceAll(/\x1b\[[0-9;]*m/g, "");
  return [...plain.matchAll(/^Uncaught error from (.+) FAILED$/gm)].map((
    [, file = ""],
  ) => file);
}

/** A line such as `12 passed, 0 failed, 1 skipped`. */
export function describeCounts(
  { passed, failed, skipped }: TestCounts,
): string {
  return `${passed} passed, ${failed} failed` +
    (skipped > 0 ? `, ${skipped} skipped` : "");
}

function unescape(text: string): string {
  const characters: Record<string, string> = {
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    amp: "&",
  };
  return text.replaceAll(
    /&(lt|gt|quot|apos|amp);/g,
    (_, name: string) => characters[name] ?? "",
  );
}

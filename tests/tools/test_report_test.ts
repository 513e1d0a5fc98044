import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  countTests,
  describeCounts,
  filesThatFailed,
  innermostTests,
  readJUnit,
} from "../../tools/test_report.ts";

/** As Deno 2.9.6 writes it for a suite of node:test. */
const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="17" failures="4" errors="0" time="0.135">
    <testsuite name="./a_test.ts" tests="8" disabled="1" errors="0" failures="1">
        <testcase name="outer" classname="./a_test.ts" time="0.006" line="2" col="1">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="top" classname="./a_test.ts" time="0.000" line="7" col="1">
        </testcase>
        <testcase name="skipped suite" classname="./a_test.ts" time="0.000" line="8" col="10">
            <skipped/>
        </testcase>
        <testcase name="hooks" classname="./a_test.ts" time="0.000" line="9" col="1">
            <failure message="Uncaught Error: no server">Error: no server</failure>
        </testcase>
    </testsuite>
    <testsuite name="ext:deno_node/testing.ts" tests="8" disabled="2" errors="0" failures="2">
        <testcase name="outer &gt; two &gt; sub" classname="./a_test.ts" time="0.001">
        </testcase>
        <testcase name="outer &gt; two" classname="ext:deno_node/testing.ts" time="0.001">
        </testcase>
        <testcase name="outer &gt; &quot;three&quot; &amp; more" classname="ext:deno_node/testing.ts">
            <failure message="Uncaught Error: boom &amp; &lt;x&gt;">Error: boom
    at x &lt;testcase name=&quot;no&quot;&gt;</failure>
        </testcase>
        <testcase name="hooks &gt; one" classname="ext:deno_node/testing.ts">
            <skipped/>
        </testcase>
    </testsuite>
</testsuites>`;

describe("readJUnit()", () => {
  it("finds no tests in an empty report", () => {
    expect(readJUnit("<testsuites></testsuites>")).toEqual([]);
  });

  it("reads names, ends and messages", () => {
    const tests = readJUnit(report);
    expect(tests.length).toBe(8);
    expect(tests[6]).toEqual({
      name: 'outer > "three" & more',
      status: "failed",
      message: "Uncaught Error: boom & <x>",
    });
  });
});

describe("innermostTests()", () => {
  const tests = innermostTests(readJUnit(report));

  it("leaves out suites, whose tests count", () => {
    expect(tests.map((test) => test.name)).not.toContain("outer");
    expect(tests.map((test) => test.name)).not.toContain("outer > two");
  });

  it("counts each test once, and a suite whose hook failed", () => {
    expect(countTests(tests)).toEqual({ passed: 2, failed: 2, skipped: 2 });
  });
});

describe("filesThatFailed()", () => {
  it("finds a file that threw while it was loaded, which no report mentions", () => {
    expect(
      filesThatFailed(
        "a ok\nUncaught error from ./b_test.ts \x1b[31mFAILED\x1b[0m\n",
      ),
    )
      .toEqual(["./b_test.ts"]);
  });
});

describe("describeCounts()", () => {
  it("speaks of skipped tests only if there are some", () => {
    expect(describeCounts({ passed: 3, failed: 0, skipped: 0 })).toBe(
      "3 passed, 0 failed",
    );
    expect(describeCounts({ passed: 3, failed: 1, skipped: 2 }))
      .toBe("3 passed, 1 failed, 2 skipped");
  });
});

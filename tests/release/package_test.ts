import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { parse } from "yaml";
import { openLibrary } from "../../lib/library/mod.ts";
import { releaseProblems } from "../../tools/check_release.ts";
import { exists, inProject } from "../../tools/project.ts";

const read = (...parts: string[]) => Deno.readTextFile(inProject(...parts));
const configuration = JSON.parse(await read("deno.json"));

describe("The package", () => {
  it("says what the registry's score asks for: description, license, runtimes' entry points with a word and an example each", async () => {
    expect(configuration.description.length).toBeGreaterThan(20);
    expect(configuration.description.length).toBeLessThanOrEqual(250);
    expect(configuration.license).toBe("MIT");
    const entries = Object.values<string>(configuration.exports);
    for (const entry of entries) {
      const [comment] = (await read(entry)).split("*/");
      expect([entry, comment]).toEqual([
        entry,
        expect.stringMatching(/^\/\*\*\n \* [A-ZÉ]/),
      ]);
      expect([entry, comment]).toEqual([
        entry,
        expect.stringContaining("@module"),
      ]);
      expect([entry, comment]).toEqual([
        entry,
        expect.stringMatching(/```(ts|sh)\n/),
      ]);
    }
    expect(await read("README.md")).toContain("```ts\n");
  });

  it("carries its license, the others' and the changelog, and no tests", () => {
    const { include } = configuration.publish;
    for (
      const file of ["LICENSE", "THIRD_PARTY.md", "README.md", "CHANGELOG.md"]
    ) {
      expect(include).toContain(file);
    }
    expect(include).not.toContain("tests");
  });

  it("names the origin and the license of every study in the built-in library", async () => {
    // A table's cells are one line each; the text is wrapped.
    const text = (await read("THIRD_PARTY.md")).replaceAll(/\s+/g, " ");
    const library = await openLibrary(["built-in"]);
    const origins = new Set(library.studies().map(({ origin }) => origin));
    expect(origins.size).toBeGreaterThan(5);
    for (const origin of origins) {
      const [work, data] = (origin ?? "").split("; data: ");
      const [license] =
        work!.match(/(Apache-2\.0|BSD-3-Clause|MIT|CC BY 4\.0)$/) ?? [];
      expect([origin, license]).toEqual([origin, expect.any(String)]);
      const named = work!.slice(0, -license!.length).replace(/, $/, "");
      expect(text).toMatch(
        new RegExp(
          `\\| ${RegExp.escape(named)} \\| ${RegExp.escape(license!)}[^|]*\\|`,
        ),
      );
      if (data !== undefined) {
        expect(text).toContain(data.split(/[\s,]/).at(0)!);
      }
    }
  });
});

describe("The workflows", () => {
  for (const name of ["test", "publish"]) {
    it(`${name}.yml is YAML, asks for no more rights than it needs, and runs what is here`, async () => {
      const workflow = parse(await read(".github", "workflows", `${name}.yml`));
      expect(workflow.permissions).toEqual({ contents: "read" });
      const jobs = Object.entries<Record<string, unknown>>(workflow.jobs);
      for (const [job, { permissions = workflow.permissions, steps }] of jobs) {
        expect(permissions).toEqual(
          job === "publish"
            ? { contents: "read", "id-token": "write" }
            : { contents: "read" },
        );
        for (const { run } of steps as { run?: string }[]) {
          for (const [path] of run?.matchAll(/(\.ci|tools)\/[\w.]+/g) ?? []) {
            expect([path, await exists(inProject(path))]).toEqual([path, true]);
          }
        }
      }
    });
  }

  it("publish only after the tests", async () => {
    const { jobs } = parse(await read(".github", "workflows", "publish.yml"));
    expect(jobs.publish.needs).toBe("test");
  });
});

describe("releaseProblems()", () => {
  const changelog = "# Changelog\n\n## 0.2.0 (2027-01-31)\n\n- All.\n";

  it("finds nothing where tag, version and changelog agree", () => {
    expect(releaseProblems({ tag: "v0.2.0", version: "0.2.0", changelog }))
      .toEqual([]);
  });

  it("says what does not agree", () => {
    expect(
      releaseProblems({ tag: "v0.3.0", version: "0.2.0", changelog }).join(),
    ).toMatch(/expected the tag v0\.2\.0/);
    expect(releaseProblems({ tag: "v0.2", version: "0.2", changelog }).join())
      .toMatch(/no section on 0\.2:/);
    const early = changelog.replace("(2027-01-31)", "(unreleased)");
    expect(
      releaseProblems({ tag: "v0.2.0", version: "0.2.0", changelog: early })
        .join(),
    ).toMatch(/expected the day/);
  });
});

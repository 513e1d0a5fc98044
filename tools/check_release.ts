/**
 * Whether a tag, `deno.json` and the changelog speak of the same version:
 *
 *     deno run --allow-read tools/check_release.ts v0.1.0
 *
 * @module
 */

import { inProject } from "./project.ts";

/** What a release is checked by. */
export interface ReleaseFacts {
  /** The tag, `v` and the version. */
  readonly tag: string;
  /** The version in `deno.json`. */
  readonly version: string;
  /** The text of `CHANGELOG.md`. */
  readonly changelog: string;
}

/** What is wrong with a release, a sentence each; nothing if it can go out. */
export function releaseProblems(
  { tag, version, changelog }: ReleaseFacts,
): string[] {
  const problems: string[] = [];
  if (tag !== `v${version}`) {
    problems.push(
      `The tag is ${tag} and the version in deno.json ${version}: expected the tag v${version}`,
    );
  }
  const heading = changelog.split("\n").find((line) =>
    line === `## ${version}` || line.startsWith(`## ${version} `)
  );
  if (heading === undefined) {
    problems.push(
      `CHANGELOG.md has no section on ${version}: expected a line "## ${version} (YYYY-MM-DD)"`,
    );
  } else if (!/\(\d{4}-\d{2}-\d{2}\)$/.test(heading)) {
    problems.push(
      `CHANGELOG.md says "${heading}": expected the day, "## ${version} (YYYY-MM-DD)"`,
    );
  }
  return problems;
}

if (import.meta.main) {
  const { version } = JSON.parse(
    await Deno.readTextFile(inProject("deno.json")),
  ) as { version: string };
  const problems = releaseProblems({
    tag: Deno.args[0] ?? "",
    version,
    changelog: await Deno.readTextFile(inProject("CHANGELOG.md")),
  });
  for (const problem of problems) console.error(problem);
  Deno.exit(problems.length === 0 ? 0 : 1);
}

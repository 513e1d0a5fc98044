/**
 * Tests of what may be missing from a machine: skipped there with a loud notice, but failed where
 * everything has to be present (`CI` or `ETUDE_REQUIRE_ALL` is set).
 *
 * @module
 */

import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { tfjsNodeFolder } from "../../tools/tfjs_node.ts";

/** Something that tests need and a machine may lack. */
export interface Requirement {
  /** What it is. */
  readonly name: string;
  /** Where it is, or `null` if it was not found. */
  readonly path: string | null;
  /** How to get it. */
  readonly remedy: string;
}

/** Chromium or a relative of it. */
export const chromium: Requirement = {
  name: "Chromium",
  path: firstFile([
    Deno.env.get("ETUDE_CHROMIUM"),
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ]),
  remedy:
    "On Debian: sudo apt-get install chromium. Elsewhere: name its file in ETUDE_CHROMIUM.",
};

/** TensorFlow's own library for TensorFlow.js. */
export const tfjsNode: Requirement = {
  name: "tfjs-node",
  path: firstFile([join(tfjsNodeFolder(), "stamp.txt")]),
  remedy:
    "On Linux: deno run -A tools/tfjs_node.ts builds it in half a minute.",
};

/** A PostgreSQL server's programs. */
export const postgresServer: Requirement = {
  name: "a PostgreSQL server",
  path: firstFile(
    postgresFolders().map((folder) => `${folder}/initdb`),
  ),
  remedy: "On Debian: sudo apt-get install postgresql.",
};

/** Debian's Python with its Optuna, an old one. */
export const debianOptuna: Requirement = {
  name: "Debian's Optuna",
  path: firstFile(["/usr/lib/python3/dist-packages/optuna/version.py"]),
  remedy: "On Debian: sudo apt-get install python3-optuna.",
};

/** A program of Debian's own, wherever the PATH has it. */
export function program(name: string): Requirement {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return {
    name: `the program ${name}`,
    path: firstFile(folders.map((folder) => `${folder}/${name}`)),
    remedy: "On Debian: sudo apt-get install bsdutils util-linux.",
  };
}

/** A suite of tests that need something: `describe` where it is found. */
export function describeWith(
  requirement: Requirement,
  name: string,
  suite: () => void,
): void {
  if (requirement.path !== null) {
    describe(name, suite);
  } else if (isEverythingRequired()) {
    describe(name, () => {
      it(`finds ${requirement.name}`, () => {
        throw new Error(
          `Cannot find ${requirement.name}. ${requirement.remedy}`,
        );
      });
    });
  } else {
    console.warn(
      `\n!!! SKIPPED: "${name}" needs ${requirement.name}, which was not found.\n` +
        `!!! ${requirement.remedy}\n`,
    );
    describe.skip(name, suite);
  }
}

/** Whether a missing requirement is a failure. */
export function isEverythingRequired(): boolean {
  return ["CI", "ETUDE_REQUIRE_ALL"].some((name) =>
    !["", "0", "false", undefined].includes(Deno.env.get(name))
  );
}

/** Where Debian keeps them, the newest version first, and the PATH. */
function postgresFolders(): string[] {
  let versions: string[] = [];
  try {
    versions = [...Deno.readDirSync("/usr/lib/postgresql")].map(({ name }) =>
      name
    );
  } catch {
    // Not Debian.
  }
  return [
    ...versions.sort((a, b) => Number(b) - Number(a))
      .map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...(Deno.env.get("PATH") ?? "").split(":"),
  ];
}

function firstFile(candidates: readonly (string | undefined)[]): string | null {
  for (const path of candidates) {
    try {
      if (path !== undefined && Deno.statSync(path).isFile) return path;
    } catch {
      // Not this one.
    }
  }
  return null;
}

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { executeTutorial, tutorialNames } from "../../tools/tutorials.ts";
import { workFolder } from "../support/kernel.ts";

// The first one is the demo's.
const names = (await tutorialNames()).filter((name) => !name.startsWith("01-"));

describe("the other tutorials, in the real kernel", () => {
  for (const name of names) {
    it(`${name} runs to its end and shows charts`, async () => {
      const notebook = await executeTutorial(name, {
        folder: await workFolder(`tutorial ${name}`),
      });
      const bundles = notebook.cells.flatMap((cell) => cell.outputs ?? [])
        .flatMap((output) => "data" in output ? [output.data] : []);
      expect(
        bundles.filter((data) => "application/vnd.vegalite.v5+json" in data)
          .length,
      ).toBeGreaterThan(1);
    });
  }
});

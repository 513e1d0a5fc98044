import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { demonstrate } from "../../tools/demo.ts";

describe("deno task demo", () => {
  it("runs the first tutorial, shows its charts and finds a good trial", async () => {
    const { best, charts, page } = await demonstrate((line) =>
      console.log(line)
    );
    expect(charts).toBeGreaterThan(0);
    expect(best.value).toBeGreaterThan(0.9);
    expect(await Deno.readTextFile(page)).toContain(
      "data:image/svg+xml;base64,",
    );
  });
});

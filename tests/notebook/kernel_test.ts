import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { inProject } from "../../tools/project.ts";
import {
  bundlesOf,
  KernelSession,
  textOf,
  workFolder,
} from "../support/kernel.ts";

const hasNext = (n: number) => (outputs: readonly unknown[]) =>
  outputs.length >= n;

describe("the Deno kernel", () => {
  it("shows a cell's result, prints, and errors", async () => {
    await using kernel = await KernelSession.start();
    expect((await kernel.execute("6 * 7")).outputs).toEqual([{
      output_type: "execute_result",
      data: { "text/plain": "42" },
      metadata: {},
      execution_count: 1,
    }]);
    expect(
      textOf(
        (await kernel.execute("console.log('a'); console.log('b')")).outputs,
      ),
    )
      .toBe("a\nb\n");
    const { status, error } = await kernel.execute(
      "throw new RangeError('too much')",
    );
    expect(status).toBe("error");
    expect(error).toMatchObject({ name: "RangeError", message: "too much" });
    expect(await kernel.isAlive()).toBe(true);
  });

  it("finds @etude/etude in notebooks/ and in folders under out/", async () => {
    for (
      const cwd of [inProject("notebooks"), await workFolder("kernel resolves")]
    ) {
      await using kernel = await KernelSession.start({ cwd });
      const { outputs } = await kernel.execute(
        `import { float } from "@etude/etude"; console.log(typeof float, Deno.cwd());`,
      );
      expect(textOf(outputs)).toBe(`function ${cwd}\n`);
    }
  });

  it("shows updates in the cell that made the display", async () => {
    await using kernel = await KernelSession.start();
    const show = (type: string, text: string) =>
      `await Deno.jupyter.broadcast("${type}", { data: { "text/plain": "${text}" }, metadata: {}, ` +
      `transient: { display_id: "live" } });`;
    const first = kernel.begin(show("display_data", "before"));
    expect(textOf((await first.done).outputs)).toBe("before\n");
    await kernel.execute(show("update_display_data", "after"));
    expect(bundlesOf(await first.outputs())).toEqual([{
      "text/plain": "after",
    }]);
  });

  it("misses none of many outputs that come after the cell's end", async () => {
    await using kernel = await KernelSession.start();
    for (let n = 0; n < 20; n++) {
      const { outputs } = await kernel.execute(
        `console.log("print", ${n}); ${n}`,
        { drainMs: 300 },
      );
      expect(textOf(outputs)).toBe(`print ${n}\n${n}\n`);
    }
  });

  it("survives the ■ button while the code listens for SIGINT", async () => {
    await using kernel = await KernelSession.start();
    const cell = kernel.begin(`
      let stopped = false;
      Deno.addSignalListener("SIGINT", () => stopped = true);
      console.log("running");
      while (!stopped) await new Promise((resolve) => setTimeout(resolve, 10));
      "stopped";
    `);
    await cell.waitFor(hasNext(1));
    await kernel.interrupt();
    expect(textOf((await cell.done).outputs)).toBe('running\n"stopped"\n');
    expect(await kernel.isAlive()).toBe(true);
    expect(textOf((await kernel.execute("stopped")).outputs)).toBe("true\n");
  });

  it("gives up on a cell that takes too long", async () => {
    await using kernel = await KernelSession.start();
    const endless = kernel.execute(
      "await new Promise(() => setInterval(() => {}, 1000))",
      {
        timeoutMs: 500,
      },
    );
    await expect(endless).rejects.toThrow("still runs after 0.5 s");
  });

  it("notices that the kernel has died", async () => {
    await using kernel = await KernelSession.start();
    const cell = kernel.begin("Deno.exit(3)");
    await expect(cell.done).rejects.toThrow("died");
    expect(await kernel.isAlive()).toBe(false);
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { type Backend, NotTried } from "../../lib/tensorflow/_backend.ts";
import { choose } from "../../lib/tensorflow/load_tensorflow.ts";
import { type BackendName, loadTensorFlow } from "../../lib/tensorflow/mod.ts";
import { importTensorFlow } from "../../lib/tensorflow/tensorflow.ts";

const display = Symbol.for("Jupyter.display");

/** What the console was given while something ran. */
async function printedDuring(work: () => Promise<unknown>): Promise<string> {
  const { warn, log, error } = console;
  const lines: unknown[] = [];
  console.warn = console.log = console.error = (...args: unknown[]) =>
    void lines.push(...args);
  try {
    await work();
  } finally {
    Object.assign(console, { warn, log, error });
  }
  return lines.join("\n");
}

/** A backend that fails in some way, or the cpu backend under another name. */
function backend(
  name: BackendName,
  prepare: Backend["prepare"],
  tfjsName = "cpu",
): Backend {
  return { name, tfjsName, prepare };
}

const works = () => Promise.resolve(null);
const fails = (error: unknown) => () => Promise.reject(error);

describe("loadTensorFlow()", () => {
  it("chooses wasm where no binding of Node is installed", async () => {
    const lines: string[] = [];
    const { tf, backend, report } = await loadTensorFlow({
      log: (line) => lines.push(line),
    });
    expect(backend).toBe("wasm");
    expect(tf.getBackend()).toBe("wasm");
    expect(report.map(({ backend, outcome }) => [backend, outcome])).toEqual([
      ["node-gpu", "not tried"],
      ["node", "not tried"],
      ["webgpu", "not tried"],
      ["wasm", "chosen"],
    ]);
    expect(lines).toEqual([
      "node-gpu: not tried: @tensorflow/tfjs-node-gpu is not installed",
      "node: not tried: @tensorflow/tfjs-node is not installed",
      'webgpu: not tried: it has to be asked for with { prefer: "webgpu" }: tensor.dataSync() fails on it',
      "wasm: chosen: it works, with SIMD, on one thread",
    ]);
  });

  it("gives the same at the second call, without trying again", async () => {
    const lines: string[] = [];
    const first = await loadTensorFlow();
    const second = await loadTensorFlow({ log: (line) => lines.push(line) });
    expect(second).toBe(first);
    expect(lines).toEqual([]);
  });

  it("loads once for calls at the same time", async () => {
    const [a, b] = await Promise.all([loadTensorFlow(), loadTensorFlow()]);
    expect(a).toBe(b);
  });

  it("moves to the preferred backend, with the same tf, and prints no banner", async () => {
    const { tf } = await loadTensorFlow();
    const printed = await printedDuring(async () => {
      const cpu = await loadTensorFlow({ prefer: "cpu" });
      expect(cpu.backend).toBe("cpu");
      expect(cpu.tf).toBe(tf);
      expect(cpu.report.length).toBe(1);
      tf.tidy(() => tf.add(1, 2).dataSync());
    });
    expect(printed).toBe("");
    expect((await loadTensorFlow()).backend).toBe("cpu");
    expect((await loadTensorFlow({ prefer: "wasm" })).backend).toBe("wasm");
  });

  it("says that a preferred backend cannot be had, and takes the next", async () => {
    await loadTensorFlow({ prefer: "cpu" });
    const { backend, report } = await loadTensorFlow({ prefer: "node-gpu" });
    expect(backend).toBe("wasm");
    expect(report[0]).toEqual({
      backend: "node-gpu",
      outcome: "not tried",
      reason: "@tensorflow/tfjs-node-gpu is not installed",
    });
  });

  it("fails where only the preferred will do, and leaves what works", async () => {
    const { tf } = await loadTensorFlow({ prefer: "wasm" });
    await expect(loadTensorFlow({ prefer: "node-gpu", only: true })).rejects
      .toThrow(
        "Cannot compute on the backend that was asked for\nnode-gpu: not tried: @tensorflow/tfjs-node-gpu is not installed",
      );
    expect(tf.getBackend()).toBe("wasm");
    expect((await loadTensorFlow()).backend).toBe("wasm");
  });

  it("refuses a backend that does not exist, and names those that do", async () => {
    const load = () => loadTensorFlow({ prefer: "gpu" as BackendName });
    await expect(load()).rejects.toThrow(RangeError);
    await expect(load()).rejects.toThrow(
      'Cannot prefer the backend "gpu": there is none of that name, expected one of "node-gpu", "node", "webgpu", "wasm", "cpu"',
    );
    expect((await loadTensorFlow()).backend).toBe("wasm");
  });

  it("leaves no tensors behind", async () => {
    const { tf } = await loadTensorFlow();
    const before = tf.memory().numTensors;
    await loadTensorFlow({ prefer: "cpu" });
    await loadTensorFlow({ prefer: "wasm" });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("shows itself as text and as Markdown", async () => {
    const loaded = await loadTensorFlow({ prefer: "wasm" });
    const bundle =
      (loaded as unknown as Record<symbol, () => Record<string, string>>)[
        display
      ]!();
    expect(Object.keys(bundle)).toEqual(["text/plain", "text/markdown"]);
    expect(bundle["text/plain"]).toBe(String(loaded));
    expect(Deno.inspect(loaded)).toBe(String(loaded));
    expect(String(loaded).split("\n")[0]).toBe(
      "TensorFlow.js 4.22.0 computes on wasm: WebAssembly, on the processor (it works, with SIMD, on one thread)",
    );
    expect(bundle["text/markdown"]).toMatch(/computes on \*\*wasm\*\*/);
  });
});

describe("choose()", () => {
  const silent = () => {};

  it("passes over what throws, with the first line of its message", async () => {
    const tf = await importTensorFlow();
    const { backend: chosen, report } = await choose(tf, [
      backend("node-gpu", fails(new Error("no library.\n  at somewhere"))),
      backend("node", fails(new NotTried("nobody asked"))),
      backend("webgpu", works, "unheard of"),
      backend("cpu", works),
    ], silent);
    expect(chosen).toBe("cpu");
    expect(report).toEqual([
      { backend: "node-gpu", outcome: "passed over", reason: "no library" },
      { backend: "node", outcome: "not tried", reason: "nobody asked" },
      {
        backend: "webgpu",
        outcome: "passed over",
        reason: "Backend name 'unheard of' not found in registry",
      },
      { backend: "cpu", outcome: "chosen", reason: "it works" },
    ]);
  });

  it("passes over what does not start, and says why", async () => {
    const tf = await importTensorFlow();
    tf.registerBackend("broken", () => Promise.reject({ message: "no file" }));
    const { report } = await choose(tf, [
      backend("node", works, "broken"),
      backend("cpu", works),
    ], silent);
    tf.removeBackend("broken");
    expect(report[0]!.reason).toBe("no file");
  });

  it("passes over what computes wrongly", async () => {
    const tf = await importTensorFlow();
    tf.registerBackend("wrong", () => tf.findBackend("cpu"));
    tf.copyRegisteredKernels("cpu", "wrong");
    tf.unregisterKernel("BatchMatMul", "wrong");
    tf.registerKernel({
      kernelName: "BatchMatMul",
      backendName: "wrong",
      kernelFunc: () => tf.ones([2, 2]),
    });
    const { report } = await choose(tf, [
      backend("node", works, "wrong"),
      backend("cpu", works),
    ], silent);
    tf.removeBackend("wrong");
    expect(report[0]!.reason).toBe(
      "it computes wrongly: a product of two small matrices gave 1, 1, 1, 1, expected 58, 64, 139, 154",
    );
  });

  it("gives the whole report where nothing works", async () => {
    const tf = await importTensorFlow();
    const load = choose(tf, [
      backend("wasm", fails(new Error("no memory"))),
      backend("cpu", fails("no luck")),
    ], silent);
    await expect(load).rejects.toThrow(
      "Cannot compute: no backend of TensorFlow.js works here\nwasm: passed over: no memory\ncpu: passed over: no luck",
    );
  });
});

describe("the bindings of Node", () => {
  /** What a program that names bindings in its import map is told. */
  async function reportWith(
    bindings: Readonly<Record<string, string>>,
  ): Promise<string[]> {
    const folder = await Deno.makeTempDir();
    try {
      const { default: { imports } } = await import("../../deno.json", {
        with: { type: "json" },
      });
      const urls = Object.entries(bindings).map(([name, source]) => [
        name,
        `data:text/javascript,${encodeURIComponent(source)}`,
      ]);
      await Deno.writeTextFile(
        `${folder}/deno.json`,
        JSON.stringify({
          imports: { ...imports, ...Object.fromEntries(urls) },
        }),
      );
      const room = new URL("../../lib/tensorflow/mod.ts", import.meta.url).href;
      await Deno.writeTextFile(
        `${folder}/main.ts`,
        `import { loadTensorFlow } from "${room}";
         await loadTensorFlow({ log: console.log });`,
      );
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-lock", "main.ts"],
        cwd: folder,
        env: { NO_COLOR: "1" },
      }).output();
      const decoder = new TextDecoder();
      const lines = decoder.decode(stdout).trim().split("\n");
      if (lines[0] === "") throw new Error(decoder.decode(stderr));
      return lines;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }

  const working = `
    import * as tf from "npm:@tensorflow/tfjs@4.22.0";
    import { createRequire } from "node:module";
    const { isNullOrUndefined } = createRequire("file:///x.js")("util");
    if (!isNullOrUndefined(null) || isNullOrUndefined(0)) throw new Error("no guard");
    tf.registerBackend("tensorflow", () => tf.findBackend("cpu"));
    tf.copyRegisteredKernels("cpu", "tensorflow");`;

  it("are used where the user's deno.json names them", async () => {
    expect(await reportWith({ "@tensorflow/tfjs-node": working })).toEqual([
      "node-gpu: not tried: @tensorflow/tfjs-node-gpu is not installed",
      "node: chosen: it works",
    ]);
  });

  it("are passed over where they cannot be loaded", async () => {
    const broken = 'throw new Error("no libtensorflow.\\nmore")';
    const lines = await reportWith({
      "@tensorflow/tfjs-node-gpu": broken,
      "@tensorflow/tfjs-node": broken,
    });
    expect(lines.slice(0, 2)).toEqual([
      "node-gpu: passed over: no libtensorflow",
      "node: passed over: no libtensorflow",
    ]);
    expect(lines.at(-1)).toMatch(/^wasm: chosen: /);
  });

  it("are passed over where the native addon is missing, with the mend", async () => {
    const missing =
      'throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: /x.\\nPlease run")';
    const [, node] = await reportWith({ "@tensorflow/tfjs-node": missing });
    expect(node).toBe(
      "node: passed over: @tensorflow/tfjs-node is installed, but not its native addon: see docs/tensorflow-backends.md, or let its install script fetch it with: deno install --allow-scripts=npm:@tensorflow/tfjs-node",
    );
  });

  it("are passed over as a graphics card where there is none", async () => {
    const [gpu, node] = await reportWith({
      "@tensorflow/tfjs-node-gpu": working,
    });
    expect(gpu).toBe(
      "node-gpu: passed over: TensorFlow finds no graphics card with CUDA",
    );
    expect(node).toBe("node: chosen: it works");
  });

  it("are passed over where they bring another copy of TensorFlow.js", async () => {
    const [, node] = await reportWith({ "@tensorflow/tfjs-node": "" });
    expect(node).toBe(
      "node: passed over: @tensorflow/tfjs-node brought a TensorFlow.js of its own; name it and @tensorflow/tfjs in the same version, 4.22.0",
    );
  });
});

import { join } from "node:path";
import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { inProject } from "../../tools/project.ts";
import { isTfjsNodeReady, tfjsNodeFolder } from "../../tools/tfjs_node.ts";
import { capture } from "../../tools/process.ts";
import { bundlesOf, KernelSession, textOf } from "../support/kernel.ts";
import { describeWith, tfjsNode } from "../support/require.ts";

const folder = tfjsNodeFolder();

/** Trains the digits on each backend named in `backends`, the same network. */
const trainDigits = `
  const digits = await loadDigits();
  const losses = {};
  for (const prefer of backends) {
    const { tf, backend } = await loadTensorFlow({ prefer, only: true });
    const data = {
      train: toTensors(tf, digits.train, "picture"),
      validation: toTensors(tf, digits.validation, "picture"),
    };
    const kernelInitializer = tf.initializers.heNormal({ seed: 1 });
    const model = tf.sequential({ layers: [
      tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [8, 8, 1], kernelInitializer }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: 0.1 }),
      tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer }),
    ] });
    model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const trial = { number: 0, report: async () => {}, shouldStop: () => false };
    await fitTrial(trial, model, data, { epochs: 1 });
    const before = tf.memory().numTensors;
    const { best } = await fitTrial(trial, model, data, { epochs: 3, batchSize: 64 });
    losses[backend] = { ...best.validation, leaked: tf.memory().numTensors - before };
  }`;

const imports = `
  import { fitTrial, loadTensorFlow } from "@etude/etude/tensorflow";
  import { loadDigits, toTensors } from ${
  JSON.stringify(`file://${inProject("notebooks", "digits.ts")}`)
};`;

describeWith(tfjsNode, "tfjs-node, built by tools/tfjs_node.ts", () => {
  it("is of the versions that the tool names", async () => {
    expect(await isTfjsNodeReady()).toBe(true);
  });

  it("is found in Deno, and trains the digits to the same loss as wasm", async () => {
    const file = join(folder, "train_digits.ts");
    await Deno.writeTextFile(
      file,
      `${imports}
       console.log(String(await loadTensorFlow()));
       const backends = ["node", "wasm"];
       ${trainDigits}
       console.log(JSON.stringify(losses));`,
    );
    const { stdout, stderr, code } = await capture(
      Deno.execPath(),
      ["run", "-A", "--no-check", file],
      { cwd: folder, env: { NO_COLOR: "1" } },
    );
    if (code !== 0) throw new Error(stderr);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toMatch(
      /^TensorFlow\.js 4\.22\.0 computes on node: TensorFlow's own library, on the processor \(it works, version 2\./,
    );
    const { node, wasm } = JSON.parse(lines.at(-1)!);
    expect(node.accuracy).toBeGreaterThan(0.9);
    expect(Math.abs(node.loss - wasm.loss)).toBeLessThan(1e-3);
    expect([node.leaked, wasm.leaked]).toEqual([0, 0]);
  });

  it("is found in the Deno kernel, shows its card there, and trains the digits", async () => {
    await using kernel = await KernelSession.start({ cwd: folder });
    const card = await kernel.execute(`${imports} await loadTensorFlow()`);
    expect(card.error ?? null).toBe(null);
    const [bundle] = bundlesOf(card.outputs);
    expect(bundle!["text/markdown"]).toContain("computes on **node**");
    const { outputs, error } = await kernel.execute(
      `const backends = ["node"];${trainDigits} losses.node.accuracy`,
    );
    expect(error ?? null).toBe(null);
    expect(Number(textOf(outputs).match(/0\.\d+/)![0])).toBeGreaterThan(0.9);
    expect(await kernel.isAlive()).toBe(true);
  });
});

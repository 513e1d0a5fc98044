import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { fitTrial, loadTensorFlow } from "../../lib/tensorflow/mod.ts";
import { describeWith } from "../support/require.ts";
import { loadDigits, toTensors } from "../../notebooks/digits.ts";
import { digitsModel, free, trialOf } from "./fixtures.ts";

const adapter = await navigator.gpu?.requestAdapter() ?? null;

describeWith(
  {
    name: "a graphics card for WebGPU",
    path: adapter?.info.description ?? null,
    remedy: "On Debian: sudo apt-get install mesa-vulkan-drivers imitates one.",
  },
  "WebGPU",
  () => {
    it("has to be asked for", async () => {
      const lines: string[] = [];
      await loadTensorFlow({ prefer: "cpu" });
      const { backend, report } = await loadTensorFlow({
        prefer: "webgpu",
        only: true,
        log: (line) => lines.push(line),
      });
      expect(backend).toBe("webgpu");
      expect(report[0]!.reason).toContain(adapter!.info.description);
      expect(lines.length).toBe(1);
    });

    it("says what to do where a tensor is read at once", async () => {
      const { tf } = await loadTensorFlow({ prefer: "webgpu", only: true });
      // Small ones tfjs computes on the processor.
      const sum = tf.tidy(() => tf.add(tf.ones([5000]), 3));
      expect(() => sum.dataSync()).toThrow(
        "Cannot read a tensor at once on the backend webgpu",
      );
      expect((await sum.data()).slice(0, 2)).toEqual(new Float32Array([4, 4]));
      sum.dispose();
    });

    it("trains the digits to the same loss as wasm, and leaves no tensors", async () => {
      const digits = await loadDigits();
      const losses: number[] = [];
      for (const prefer of ["webgpu", "wasm"] as const) {
        const { tf } = await loadTensorFlow({ prefer, only: true });
        const part = {
          train: toTensors(tf, digits.train),
          validation: toTensors(tf, digits.validation),
        };
        const model = digitsModel({ dropout: 0.2 });
        const options = { epochs: 2, batchSize: 128 };
        await fitTrial(trialOf(), model, part, { ...options, epochs: 1 });
        const before = tf.memory().numTensors;
        const { best } = await fitTrial(trialOf(), model, part, options);
        expect(tf.memory().numTensors).toBe(before);
        losses.push(best!.validation!["loss"]!);
        free(model);
        for (const { x, y } of Object.values(part)) tf.dispose([x, y]);
      }
      expect(Math.abs(losses[0]! - losses[1]!)).toBeLessThan(1e-3);
    });
  },
);

/**
 * What the language model's benches share: one training, its price, and a file of results.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { float, type Sampler, space, type Trial } from "../../mod.ts";
import {
  type LayerSettings,
  loadTensorFlow,
  type ReportingTrial,
} from "../../lib/tensorflow/mod.ts";
import { LanguageModel, type Scaling } from "../../notebooks/language_model.ts";
import { loadText, shareOf } from "../../notebooks/paradise_lost.ts";
import {
  bitsPerCharacter,
  trainLanguageModel,
} from "../../notebooks/train_language_model.ts";

/** TensorFlow's own library where the program runs with `out/tfjs-node/deno.json`. */
export const { tf, backend } = await loadTensorFlow({ prefer: "node" });
export const text = await loadText();

/** How often a training is reported, and the steps between two reports. */
export const reports = 10;
export const stepsPerReport = 12;
const batch = 8;
const context = 32;

/** What the studies search. */
export const searchSpace = space({
  learningRate: float(1e-3, 0.3, { log: true }),
  warmup: float(0.02, 0.5),
  forget: float(0.003, 0.3, { log: true }),
});

/** A configuration; what is missing is at its default. */
export interface Params {
  readonly learningRate: number;
  readonly warmup?: number;
  /** 1 − β₂. */
  readonly forget?: number;
}

/** What is trained, apart from its configuration. */
export interface Setting {
  readonly width: number;
  readonly depth?: number;
  readonly scaling?: Scaling;
  readonly seed: string;
  readonly share?: number;
  readonly reports?: number;
  readonly layers?: LayerSettings;
}

/** What a training came to. */
export interface Outcome {
  /** Validation losses by report, bits per character. */
  readonly curve: readonly number[];
  /** The last of them; infinite where it is no number. */
  readonly loss: number;
  /** On the test part; null if nobody asked. */
  readonly test: number | null;
  /** Seconds of the processor. */
  readonly seconds: number;
  /** Multiplications and additions of matrices, forth and back: 6 a weight and character. */
  readonly flops: number;
}

/** Trains, and says what came of it. The trial's own model, if it goes on, is kept with it. */
export async function train(
  params: Params,
  setting: Setting,
  { trial = null, measureTest = false }: {
    trial?: Trial<never> | null;
    measureTest?: boolean;
  } = {},
): Promise<Outcome> {
  const begin = processorSeconds();
  const { width, depth = 2, scaling, seed, share = 1, layers } = setting;
  const size = { width, depth, context, vocabulary: text.characters.length };
  const resumed = trial?.resumeFrom as LanguageModel | undefined;
  const model = resumed ?? new LanguageModel(tf, size, {
    scaling,
    seed,
    beta2: 1 - (params.forget ?? 0.02),
  });
  const before = model.steps;
  const curve: number[] = [];
  const told: ReportingTrial = {
    number: trial?.number ?? 0,
    startStep: trial?.startStep,
    async report(step, values) {
      curve.push((values as { validation: { loss: number } }).validation.loss);
      await trial?.report(step, values);
    },
    shouldStop: () => trial?.shouldStop() ?? false,
  };
  const part = share === 1 ? text : shareOf(text, share);
  await trainLanguageModel(tf, told, model, part, {
    reports: setting.reports ?? reports,
    stepsPerReport,
    batch,
    seed,
    learningRate: params.learningRate,
    warmup: params.warmup,
    layers,
  });
  const seconds = processorSeconds() - begin;
  const flops = 6 * model.count * (model.steps - before) * batch * context;
  const test = measureTest
    ? await bitsPerCharacter(tf, model, text.test)
    : null;
  if (trial !== null && Number.isFinite(trial.budget)) {
    await trial.checkpoint(model);
  } else model.dispose();
  const last = curve.at(-1) ?? NaN;
  return {
    curve,
    loss: Number.isFinite(last) ? last : Infinity,
    test,
    seconds,
    flops,
  };
}

/** Seconds that this process has used, all threads together. */
export function processorSeconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
}

const folder = new URL("../../out/language/", import.meta.url);

/** A file of results in `out/language/`, a line each; done ones are not done again. */
export async function resultsFile(name: string) {
  await Deno.mkdir(folder, { recursive: true });
  const url = new URL(`${name}.jsonl`, folder);
  const done = new Map<string, unknown>();
  const text = await Deno.readTextFile(url).catch(() => "");
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const { key, result } = JSON.parse(line);
    done.set(key, result);
  }
  return {
    done,
    /** What a key came to: out of the file, or made now. */
    async of<T>(key: string, make: () => Promise<T>): Promise<T> {
      if (!done.has(key)) {
        const result = await make();
        await Deno.writeTextFile(url, JSON.stringify({ key, result }) + "\n", {
          append: true,
        });
        done.set(key, result);
        console.log(key, JSON.stringify(result).slice(0, 160));
      }
      return done.get(key) as T;
    },
  };
}

export type { Sampler };

import { join } from "node:path";
import { randomStream } from "../../lib/math/mod.ts";
import type { Curve, Direction } from "../../lib/records/mod.ts";
import { fromUnit } from "../../lib/space/mod.ts";
import { yahpoSuite } from "../quality/suites/yahpo.ts";

/** A finished curve of a bench: where it comes from, and the whole of it. */
export interface BenchCurve {
  /** The task or data set: curves of one group are never on both sides of a split. */
  readonly group: string;
  /** What kind of tasks it belongs to. */
  readonly family: string;
  /** What made it, where that is known: the learner. */
  readonly kind?: string;
  /** Which values are better. */
  readonly direction: Direction;
  /** The values that are possible. */
  readonly bounds: readonly [low: number, high: number];
  /** The curve. */
  readonly curve: Curve;
}

async function* jsonLines(path: string): AsyncGenerator<unknown> {
  const file = await Deno.open(path);
  const text = await new Response(
    file.readable.pipeThrough(new DecompressionStream("gzip")),
  ).text();
  for (const line of text.split("\n")) if (line !== "") yield JSON.parse(line);
}

/** LCDB 1.1: validation error over the sample size, at least 40 anchors, as in research/metalearning.md. */
export async function lcdbCurves(data: string): Promise<BenchCurve[]> {
  const curves: BenchCurve[] = [];
  let anchors: number[] = [];
  for await (
    const line of jsonLines(join(data, "curves/lcdb11_er_compact.jsonl.gz"))
  ) {
    const row = line as {
      meta?: { anchors: number[] };
      d: number;
      l: number;
      val: (number | null)[];
    };
    if (row.meta !== undefined) {
      anchors = row.meta.anchors;
      continue;
    }
    const kept = row.val.flatMap((value, i) => value === null ? [] : [i]);
    if (kept.length < 40) continue;
    curves.push({
      group: `${row.d}`,
      family: "LCDB",
      kind: `learner ${row.l}`,
      direction: "minimize",
      bounds: [0, 1],
      curve: {
        name: `learner ${row.l}`,
        steps: kept.map((i) => anchors[i]!),
        values: kept.map((i) => row.val[i]!),
      },
    });
  }
  return curves;
}

/** The synthetic runs with their validation losses, over epochs. */
export async function syntheticCurves(data: string): Promise<BenchCurve[]> {
  const curves: BenchCurve[] = [];
  for await (
    const line of jsonLines(join(data, "curves/synthetic_causes.jsonl.gz"))
  ) {
    const row = line as { task: string; cause: string; val: number[] };
    curves.push({
      group: row.task,
      family: "synthetic",
      direction: "minimize",
      bounds: [0, Infinity],
      curve: {
        name: row.cause,
        steps: row.val.map((_, i) => i + 1),
        values: row.val.map((value) => value ?? NaN),
      },
    });
  }
  return curves;
}

/** LCBench through its surrogate: random configurations of every task at all 52 epochs. */
export async function lcbenchCurves(
  data: string,
  metric: "val_accuracy" | "val_cross_entropy",
  configurations = 60,
): Promise<BenchCurve[]> {
  const suite = await yahpoSuite(join(data, "yahpo/lcbench"));
  const curves: BenchCurve[] = [];
  const epochs = Array.from({ length: 52 }, (_, i) => i + 1);
  for (const task of suite.tasks()) {
    const { parameters } = suite.space(task);
    const random = randomStream("forecast bench", task);
    const asked = Array.from(
      { length: configurations },
      () =>
        Object.fromEntries(
          parameters.map((one) => [one.name, fromUnit(one, random.uniform())]),
        ),
    );
    const columns: number[][] = asked.map(() => []);
    for (const epoch of epochs) {
      const values = await suite.evaluate(task, asked, {
        fidelity: { epoch },
      });
      values.forEach((one, i) => columns[i]!.push(one[metric]!));
    }
    columns.forEach((values) =>
      curves.push({
        group: task,
        family: "LCBench",
        direction: metric === "val_accuracy" ? "maximize" : "minimize",
        bounds: [0, metric === "val_accuracy" ? 100 : Infinity],
        curve: { name: metric, steps: epochs, values },
      })
    );
  }
  await suite.close();
  return curves;
}

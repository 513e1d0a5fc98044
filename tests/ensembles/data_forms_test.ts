import * as tf from "@tensorflow/tfjs";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { tableFromArrays } from "apache-arrow";
import {
  blend,
  crossValidate,
  folds,
  foldScoresOf,
  predictionsOf,
  rowsOf,
} from "../../lib/ensembles/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

const n = 24;
const x = Array.from({ length: n }, (_, i) => i / n);
const y = x.map((value) => Number(value >= 0.5));
const table = tableFromArrays({
  x: Float64Array.from(x),
  y: Int32Array.from(y),
});
const tensors = {
  x: tf.tensor2d(x.map((v) => [v])),
  y: tf.tensor1d(y, "int32"),
};

async function scoresOf(
  labels: Parameters<typeof folds>[0],
  read: (rows: readonly number[]) => readonly number[],
) {
  const study = await createStudy({
    name: "forms",
    space: space({ slope: float(0, 1) }),
    objective: minimize("error"),
    storage: "memory",
  });
  const run = crossValidate(study, ({ params }, { test }) => {
    const predictions = read(test).map((value) => value * params.slope);
    return {
      score: predictions.reduce((sum, p) => sum + p / test.length, 0),
      predictions,
    };
  }, { folds: folds(labels, { kind: "stratified", count: 4 }) });
  const trial = await study.try({ slope: 1 }, run, { progress: false });
  return { trial, folds: foldScoresOf(trial)! };
}

describe("arrays, tensors of tfjs and tables of Arrow", () => {
  it("are divided, cross-validated and blended alike", async () => {
    const plain = await scoresOf(y, (rows) => rowsOf(x, rows));
    const ofTensors = await scoresOf(
      tensors.y,
      (rows) => {
        const part = rowsOf(tensors.x, rows) as tf.Tensor;
        const values = [...part.dataSync()];
        part.dispose();
        return values;
      },
    );
    const ofTable = await scoresOf(
      table.getChild("y")!,
      (rows) => rowsOf(table, rows).map((row) => Number(row!.x)),
    );
    expect(ofTable.folds).toEqual(plain.folds);
    // Tensors hold 32 bits.
    ofTensors.folds.scores.forEach((score, i) =>
      expect(score).toBeCloseTo(plain.folds.scores[i]!, 6)
    );
    expect(predictionsOf(ofTable.trial)).toEqual(predictionsOf(plain.trial));
    const members = [
      { name: "a", predictions: x },
      { name: "b", predictions: x.map((v) => v / 2) },
    ];
    const of = (labels: Parameters<typeof folds>[0]) =>
      blend(members, { labels: labels as number[], method: "average" })
        .toString();
    expect(of(tensors.y)).toBe(of(y));
    expect(of(table.getChild("y")!)).toBe(of(y));
  });

  it("a table says how many samples there are", () => {
    expect(folds(table, { count: 4 }).map(({ test }) => test))
      .toEqual(folds(n, { count: 4 }).map(({ test }) => test));
  });
});

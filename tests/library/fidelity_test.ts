/**
 * Prior studies at another fidelity: a part of the data, a smaller model, fewer
 * epochs. They are found, weighed, and read.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  describeTask,
  mapSpace,
  openLibrary,
  packLibrary,
  portfolio,
  readPriorStudies,
  type TaskDescription,
} from "../../lib/library/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { maximize } from "../../lib/records/mod.ts";
import {
  type Configuration,
  float,
  int,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { trialOf } from "../support/views.ts";

const objective = maximize("validation accuracy");
const rate = space({
  learningRate: float(1e-4, 1, { log: true }),
}) as unknown as Space;

/** Two classes in a cloud: the same cloud for a name, the first rows of it. */
async function cloud(
  name: string,
  rows: number,
  { columns = 12, parameters }: {
    readonly columns?: number;
    readonly parameters?: number;
  } = {},
): Promise<TaskDescription> {
  const random = randomStream("cloud", name);
  const skew = random.uniform();
  const x = Array.from({ length: rows }, () => {
    const common = random.normal();
    return Array.from(
      { length: columns },
      () => skew * common + Math.exp(skew * random.normal()),
    );
  });
  return await describeTask(
    { x, y: x.map(([a, b]) => a! > (skew + 1) * b! ? "yes" : "no") },
    parameters === undefined ? {} : { model: { kind: "mlp", parameters } },
  );
}

/** A study that is best at a learning rate, the better the more epochs. */
function studyOf(
  name: string,
  best: number,
  task: TaskDescription | null,
  searched: Space = rate,
) {
  const random = randomStream("fidelity", name);
  return {
    name,
    task,
    objective,
    space: searched,
    origin: "test",
    trials: Array.from({ length: 30 }, (_, i) => {
      const params = searched.sample(random.uniform) as Configuration;
      const far = Math.log10(params.learningRate as number) - Math.log10(best);
      const epochs = params.epochs as number | undefined ?? 10;
      return trialOf(i, params, {
        value: 0.9 - 0.15 * far ** 2 - 0.3 / epochs,
      });
    }),
  };
}

describe("a subset of the data", () => {
  it("is nearer to the whole than other data sets are, and speaks first", async () => {
    const own = await cloud("ours", 800);
    const library = await openLibrary([packLibrary([
      studyOf("other", 0.5, await cloud("other", 800, { columns: 40 })),
      studyOf("a quarter of ours", 0.003, await cloud("ours", 200)),
    ])]);
    const similar = await library.similar(own, rate, { objective });
    expect(similar[0]!.study.name).toBe("a quarter of ours");
    const [first] = portfolio(await readPriorStudies(similar), rate, {
      size: 1,
    });
    const learningRate = first!.params.learningRate as number;
    expect(Math.abs(Math.log10(learningRate / 0.003))).toBeLessThan(0.5);
  });

  it("weighs the less the smaller it is", async () => {
    const own = await cloud("ours", 1600);
    const parts = await Promise.all(
      [800, 200, 50].map(async (rows) =>
        studyOf(`${rows} rows`, 0.01, await cloud("ours", rows))
      ),
    );
    const library = await openLibrary([packLibrary(parts)]);
    const similar = await library.similar(own, rate, { objective });
    expect(similar.map(({ study }) => study.name)).toEqual([
      "800 rows",
      "200 rows",
      "50 rows",
    ]);
  });
});

describe("a smaller model", () => {
  it("of the same data is nearer than a model of the same size of other data", async () => {
    const own = await cloud("ours", 400, { parameters: 1e6 });
    const library = await openLibrary([packLibrary([
      studyOf(
        "large, other data",
        0.5,
        await cloud("other", 400, { columns: 60, parameters: 1e6 }),
      ),
      studyOf(
        "small, our data",
        0.01,
        await cloud("ours", 400, { parameters: 1e4 }),
      ),
    ])]);
    const [first] = await library.similar(own, rate, { objective });
    expect(first!.study.name).toBe("small, our data");
    expect(first!.traits.map(({ trait }) => trait)).toContain(
      "model's parameters",
    );
    expect(first!.task).toBeLessThan(1);
  });

  it("whose range ends below the new one's still says what it knows", () => {
    const mapping = mapSpace(
      space({ units: int(8, 64, { log: true }) }),
      space({ units: int(32, 512, { log: true }) }),
    );
    expect(mapping.links[0]!.overlap).toBeCloseTo(0.25, 1);
    expect(mapping.toUnit({ units: 16 })[0]).toBeLessThan(0);
    expect(mapping.mapTrial({ units: 16 }, { outside: "move" })).toEqual({
      units: 32,
    });
  });
});

describe("few epochs", () => {
  const few = space({
    learningRate: float(1e-4, 1, { log: true }),
    epochs: int(2, 10),
  }) as unknown as Space;
  const many = space({
    learningRate: float(1e-4, 1, { log: true }),
    epochs: int(20, 200),
  }) as unknown as Space;

  it("are found for many, and weigh less than the same number", async () => {
    const library = await openLibrary([packLibrary([
      studyOf("few", 0.01, null, few),
      studyOf("many", 0.01, null, many),
    ])]);
    const similar = await library.similar(null, many, { objective });
    expect(similar.map(({ study, coverage }) => [study.name, coverage]))
      .toEqual([["many", 1], ["few", 0.75]]);
  });

  it("say which learning rate is good, and nothing of more epochs than they had", async () => {
    const library = await openLibrary([packLibrary([
      studyOf("few", 0.01, null, few),
    ])]);
    const studies = await readPriorStudies(
      await library.similar(null, many, { objective }),
    );
    const [first] = portfolio(studies, many, { size: 1 });
    const { learningRate, epochs } = first!.params;
    expect(Math.abs(Math.log10(learningRate as number / 0.01)))
      .toBeLessThan(0.4);
    expect(epochs).toBeGreaterThanOrEqual(20);
    // No promise beyond what was seen: in standard deviations over the space.
    expect(first!.z).toBeGreaterThan(-4);
    expect(first!.z).toBeLessThan(0);
  });

  it("alone, with nothing else in common, say nothing", () => {
    const mapping = mapSpace(
      space({ epochs: int(2, 10) }),
      space({ epochs: int(20, 200), width: int(1, 9) }),
    );
    expect(mapping.coverage).toBe(0);
  });
});

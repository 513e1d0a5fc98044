/**
 * Families of tasks that share a space, and what one of them may teach of another.
 */

import { randomStream } from "../../lib/math/mod.ts";
import { maximize, minimize, type Objective } from "../../lib/records/mod.ts";
import {
  choice,
  type Configuration,
  float,
  ordinal,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { yahpoSuite } from "../quality/suites/yahpo.ts";

/** A configuration and its value. */
export type Trial = readonly [Configuration, number];

/** A task to tune. */
export interface Task {
  readonly name: string;
  /** The value of a configuration. */
  readonly evaluate: (params: Configuration) => number | Promise<number>;
  /** Another quantity of the same configuration, e.g. the time it takes. */
  readonly other: (params: Configuration) => number | Promise<number>;
  /** The best known value, and the median of random configurations. */
  readonly best: number;
  readonly median: number;
}

/** Tasks of one space and objective. */
export interface Family {
  readonly space: Space;
  readonly objective: Objective;
  readonly tasks: readonly Task[];
}

type Table = Readonly<Record<string, number>>;
type Axis = readonly [string, readonly (number | string)[]];

function tableFamily(
  tables: Readonly<Record<string, Table>>,
  others: Readonly<Record<string, Table>>,
  { axes, objective }: { axes: readonly Axis[]; objective: Objective },
): Family {
  // As in the tables: a value that is not in them is not tried.
  const target = space(Object.fromEntries(
    axes.map(([name, values]) => [
      name,
      typeof values[0] === "string" ? choice(values) : ordinal(values),
    ]),
  )) as unknown as Space;
  const keyOf = (params: Configuration) =>
    axes.map(([name, values]) => values.indexOf(params[name] as number))
      .join("");
  const sign = objective.direction === "minimize" ? 1 : -1;
  return {
    space: target,
    objective,
    tasks: Object.entries(tables).map(([name, table]) => {
      const sorted = Object.values(table).map((v) => sign * v)
        .sort((a, b) => a - b);
      return {
        name,
        evaluate: (params) => table[keyOf(params)]!,
        other: (params) => others[name]![keyOf(params)]!,
        best: sign * sorted[0]!,
        median: sign * sorted[sorted.length >> 1]!,
      };
    }),
  };
}

const read = async (path: string) =>
  JSON.parse(await Deno.readTextFile(path)) as Record<string, Table>;

/** HPOBench's MLP: 8 tasks, 5 parameters, validation accuracy. */
async function hpobench(folder: string): Promise<Family> {
  return tableFamily(
    await read(`${folder}/hpobench.json`),
    await read(`${folder}/hpobench_time.json`),
    {
      axes: [
        ["alpha", [
          1e-8,
          7.742637e-8,
          5.994842e-7,
          4.641589e-6,
          3.5938137e-5,
          2.7825593e-4,
          2.1544348e-3,
          1.6681006e-2,
          1.2915497e-1,
          1,
        ]],
        ["batch_size", [4, 6, 10, 16, 25, 40, 64, 101, 161, 256]],
        ["depth", [1, 2, 3]],
        ["learning_rate_init", [
          1e-5,
          3.5938137e-5,
          1.2915497e-4,
          4.641589e-4,
          1.6681006e-3,
          5.9948424e-3,
          2.1544347e-2,
          7.742637e-2,
          2.7825594e-1,
          1,
        ]],
        ["width", [16, 25, 40, 64, 101, 161, 256, 406, 645, 1024]],
      ],
      objective: maximize("validation accuracy"),
    },
  );
}

/** FCNet/HPOLib: 4 tasks, 9 parameters, validation error. */
async function fcnet(folder: string): Promise<Family> {
  return tableFamily(
    await read(`${folder}/fcnet.json`),
    await read(`${folder}/fcnet_time.json`),
    {
      axes: [
        ["activation_fn_1", ["relu", "tanh"]],
        ["activation_fn_2", ["relu", "tanh"]],
        ["batch_size", [8, 16, 32, 64]],
        ["dropout_1", [0, 0.3, 0.6]],
        ["dropout_2", [0, 0.3, 0.6]],
        ["init_lr", [5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 1e-1]],
        ["lr_schedule", ["cosine", "const"]],
        ["n_units_1", [16, 32, 64, 128, 256, 512]],
        ["n_units_2", [16, 32, 64, 128, 256, 512]],
      ],
      objective: minimize("log validation error"),
    },
  );
}

/** LCBench's surrogate: 34 tasks, 7 parameters. */
async function lcbench(data: string): Promise<Family> {
  const suite = await yahpoSuite(`${data}/yahpo/lcbench`);
  const tasks: Task[] = [];
  for (const name of suite.tasks()) {
    const { best, median } = JSON.parse(
      await Deno.readTextFile(
        `out/quality/references/lcbench/${name}.val_accuracy.json`,
      ),
    );
    const metric = async (key: string, params: Configuration) =>
      (await suite.evaluate(name, [params]))[0]![key]!;
    tasks.push({
      name,
      best,
      median,
      evaluate: (params) => metric("val_accuracy", params),
      other: (params) => metric("time", params),
    });
  }
  return {
    space: suite.space(suite.tasks()[0]!),
    objective: maximize("validation accuracy"),
    tasks,
  };
}

/**
 * Made-up functions, for choosing thresholds: a bowl with a cliff on one axis and
 * ripples of all lengths, its optimum, lengths, level and size drawn anew for each task around
 * the family's own.
 */
function madeUp(family: number, dimension: number, count = 12): Family {
  const own = randomStream("made up", family);
  const center = Array.from({ length: dimension }, () => own.uniform());
  const steep = Array.from({ length: dimension }, () => 3 ** own.normal());
  const cliff = own.int(dimension);
  const apart = [0.08, 0.15, 0.25][family % 3]!;
  const target = space(Object.fromEntries(
    Array.from(
      { length: dimension },
      (_, i) =>
        i % 2 === 0
          ? [`x${i}`, float(1e-4, 1, { log: true })]
          : [`x${i}`, float(0, 1)],
    ),
  )) as unknown as Space;
  const tasks = Array.from({ length: count }, (_, t): Task => {
    const random = randomStream("made up", family, t);
    const optimum = center.map((c) => {
      const at = c + apart * random.normal();
      return at < 0 ? 0 : at > 1 ? 1 : at;
    });
    const weights = steep.map((s) => s * 1.5 ** random.normal());
    const level = random.normal();
    const size = Math.exp(0.7 * random.normal());
    const edge = optimum[cliff]! + 0.15 + 0.2 * random.uniform();
    const waves = Array.from({ length: 6 }, () => ({
      way: Array.from({ length: dimension }, () => random.normal()),
      speed: 3 + 12 * random.uniform(),
      phase: 6.3 * random.uniform(),
    }));
    const value = (params: Configuration) => {
      const u = target.encode(params as ReturnType<Space["validate"]>);
      let sum = 0;
      u.forEach((x, i) => {
        const far = Math.abs(x - optimum[i]!);
        const next = u[(i + 1) % dimension]! - optimum[(i + 1) % dimension]!;
        sum += weights[i]! * (far ** 1.5 + 0.5 * far * Math.abs(next));
      });
      const ripple = waves.reduce((all, { way, speed, phase }) =>
        all + Math.sin(
          phase + speed * way.reduce((s, w, i) =>
                s + w * u[i]!, 0) /
              Math.sqrt(dimension),
        ), 0) / 6;
      const over = u[cliff]! - edge;
      const bad = 1 - Math.exp(-sum) + 0.12 * ripple +
        (over > 0 ? 0.5 * Math.tanh(8 * over) : 0);
      return level + size * bad;
    };
    const other = (params: Configuration) => {
      const u = target.encode(params as ReturnType<Space["validate"]>);
      return u.reduce((sum, x, i) => sum + (i % 3 === 0 ? x : -x / 2), 0);
    };
    const draws = Array.from(
      { length: 1000 },
      () => value(target.sample(random.uniform)),
    ).sort((a, b) => a - b);
    // The best is looked for, as the ripples move it.
    let place = target.encode(target.decode(optimum));
    let best = value(target.decode(place) as Configuration);
    for (let i = 0; i < 4000; i++) {
      const width = 0.2 * 0.999 ** i + 1e-3;
      const near = place.map((x) =>
        Math.min(1, Math.max(0, x + width * random.normal()))
      );
      const reached = value(target.decode(near) as Configuration);
      if (reached < best) [best, place] = [reached, near];
    }
    return {
      name: `made up ${family} ${t}`,
      evaluate: value,
      other,
      best: Math.min(best, draws[0]!),
      median: draws[500]!,
    };
  });
  return { space: target, objective: minimize("loss"), tasks };
}

/**
 * Made-up functions of a conditional space: three kinds of model, each with two
 * or three parameters of its own, a bowl over them and over the one that they
 * share; which kind is best, and where, is drawn anew for each task around the
 * family's own.
 */
function madeUpBranches(family: number, count = 12): Family {
  const kinds = ["a", "b", "c"] as const;
  const widths = [2, 3, 2];
  const own = randomStream("made-up branches", family);
  const target = space({
    kind: choice(kinds),
    rate: float(1e-4, 1, { log: true }),
    ...Object.fromEntries(
      kinds.flatMap((kind, k) =>
        Array.from({ length: widths[k]! }, (_, i) => [
          `${kind}${i}`,
          float(0, 1).when({ kind }),
        ])
      ),
    ),
  }) as unknown as Space;
  const centers = target.parameters.map(() => own.uniform());
  const levels = kinds.map(() => 0.4 * own.normal());
  const tasks = Array.from({ length: count }, (_, t): Task => {
    const random = randomStream("made-up branches", family, t);
    const optimum = centers.map((c) =>
      Math.min(1, Math.max(0, c + 0.12 * random.normal()))
    );
    const weights = centers.map(() => 2 ** random.normal());
    const level = levels.map((l) => l + 0.15 * random.normal());
    const value = (params: Configuration) => {
      const u = target.encode(params as ReturnType<Space["validate"]>);
      let sum = 0;
      u.forEach((x, axis) => {
        if (axis === 0 || Number.isNaN(x)) return;
        const far = Math.abs(x - optimum[axis]!);
        sum += weights[axis]! * (far ** 1.5 + 0.1 * Math.sin(15 * far) ** 2);
      });
      const kind = kinds.indexOf(params.kind as typeof kinds[number]);
      return level[kind]! + 1 - Math.exp(-1.5 * sum);
    };
    const draws = Array.from(
      { length: 1000 },
      () => value(target.sample(random.uniform)),
    ).sort((a, b) => a - b);
    return {
      name: `made-up branches ${family} ${t}`,
      evaluate: value,
      other: (params) => Object.keys(params).length,
      best: Math.min(...level),
      median: draws[500]!,
    };
  });
  return { space: target, objective: minimize("loss"), tasks };
}

/** The family of that name. */
export function familyOf(
  name: string,
  folder = "out/library",
): Promise<Family> | Family {
  if (name === "hpobench") return hpobench(folder);
  if (name === "fcnet") return fcnet(folder);
  if (name === "lcbench") return lcbench("../shared/data");
  const branches = /^branches(\d+)$/.exec(name);
  if (branches !== null) return madeUpBranches(Number(branches[1]));
  const found = /^madeup(\d+)$/.exec(name);
  if (found !== null) {
    const number = Number(found[1]);
    return madeUp(number, 3 + (number % 4));
  }
  throw new RangeError(
    `Cannot find the family ${name}: there are hpobench, fcnet, lcbench, madeup0, madeup1, …, branches0, branches1, …`,
  );
}

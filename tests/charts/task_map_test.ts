import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { taskMapChart, taskMapRows } from "../../lib/charts/mod.ts";
import { openLibrary, type TaskDescription } from "../../lib/library/mod.ts";
import { describeTask, packLibrary } from "../../lib/library/mod.ts";
import { maximize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { trialOf } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

/** A data set of so many rows and columns, drawn at random. */
async function task(rows: number, columns: number): Promise<TaskDescription> {
  const random = randomStream("tasks", rows, columns);
  const x = Array.from(
    { length: rows },
    () => Array.from({ length: columns }, () => random.normal()),
  );
  return await describeTask({
    x,
    y: x.map(([first]) => first! > 0 ? "a" : "b"),
  });
}

async function similarOf(
  own: TaskDescription | null,
  others: readonly (readonly [string, TaskDescription | null])[],
) {
  const library = await openLibrary([packLibrary(
    others.map(([name, task], i) => ({
      name,
      task,
      space: line,
      objective: maximize("accuracy"),
      origin: "test",
      trials: [
        trialOf(0, { x: 0.1 }, { value: i }),
        trialOf(1, { x: 0.2 }, { value: i + 1 }),
      ],
    })),
  )]);
  return await library.similar(own, line);
}

describe("taskMapRows()", () => {
  it("of no study has no points", () => {
    const { points, own, unknown } = taskMapRows(null, []);
    expect([points, own, unknown]).toEqual([[], [], 0]);
  });

  it("places what is alike near the new task", async () => {
    const own = await task(60, 4);
    const similar = await similarOf(own, [
      ["near", await task(64, 4)],
      ["far", await task(400, 40)],
    ]);
    const { points, own: [star] } = taskMapRows(own, similar);
    const distance = (name: string) => {
      const point = points.find(({ t }) => t === name)!;
      return Math.hypot(
        Number(point.x) - Number(star!.x),
        Number(point.y) - Number(star!.y),
      );
    };
    expect(distance("near")).toBeLessThan(distance("far"));
  });

  it("makes one point of the studies of a data set, and leaves out tasks that nobody described", async () => {
    const same = await task(60, 4);
    const similar = await similarOf(same, [
      ["a", same],
      ["b", same],
      ["c", null],
    ]);
    const { points, unknown } = taskMapRows(same, similar);
    expect(points.map(({ c, n }) => [c, n])).toEqual([[2, 4]]);
    expect(unknown).toBe(1);
  });

  it("gives no two names the same place", async () => {
    const same = await task(60, 4);
    const similar = await similarOf(
      same,
      await Promise.all(Array.from(
        { length: 12 },
        async (_, i) => [`study ${i}`, await task(60 + i, 4)] as const,
      )),
    );
    const { points } = taskMapRows(same, similar);
    const shown = points.filter(({ d }) => d !== "");
    expect(shown.length).toBeLessThanOrEqual(12);
    expect(new Set(shown.map(({ x, y, a }) => `${x} ${y} ${a}`)).size)
      .toBe(shown.length);
  });
});

describe("taskMapChart()", () => {
  it("draws, with a task and without, of one study and of none", async () => {
    const own = await task(60, 4);
    for (const given of [own, null]) {
      const similar = await similarOf(given, [["one", await task(30, 3)]]);
      await drawCleanly(taskMapChart(given, similar));
      await drawCleanly(taskMapChart(given, []));
      await drawCleanly(
        taskMapChart(given, await similarOf(given, [["bare", null]])),
      );
    }
  });
});

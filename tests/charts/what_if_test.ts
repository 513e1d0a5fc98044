import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { whatIfChart, whatIfRows } from "../../lib/charts/mod.ts";
import { maximize } from "../../lib/records/mod.ts";
import { choice, float, int, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

async function study(trials: number) {
  const made = await createStudy({
    name: 'what </script> "if" 常数',
    space: space({
      "a.b[0]": float(1e-4, 1, { log: true }),
      n: int(1, 9),
      o: choice(["x", "y"]),
      m: float(0, 1).when({ o: "y" }),
    }),
    objective: maximize("score"),
    storage: "memory",
  });
  await made.optimize(({ params }) => params.n + Math.log10(params["a.b[0]"]), {
    trials,
    progress: false,
  });
  return made;
}

describe("whatIfChart()", () => {
  it("says plainly that there is nothing to show before two trials have a value", async () => {
    for (const trials of [0, 1]) {
      const view = (trials === 0 ? await study(1) : await study(1)).view();
      const chart = whatIfChart({
        ...view,
        trials: view.trials.slice(0, trials),
      });
      expect(chart.text).toMatch(/fewer than two trials/);
    }
  });

  it("follows the objective along each parameter, and the interval holds the mean", async () => {
    const { panels, params } = whatIfRows((await study(25)).view());
    const byName = new Map(panels.map((panel) => [panel.name, panel]));
    const means = (name: string) =>
      byName.get(name)!.rows.map(({ m }) => Number(m));
    expect(means("n").length).toBe(9);
    expect(means("n").at(-1)! - means("n")[0]!).toBeGreaterThan(3);
    expect(byName.get("n")!.here).toBe(params!.n);
    for (const { rows } of panels) {
      for (const { l, m, h } of rows) {
        expect(Number(l)).toBeLessThanOrEqual(Number(m));
        expect(Number(h)).toBeGreaterThanOrEqual(Number(m));
      }
    }
  });

  it("a parameter that is not used in the configuration has no rows", async () => {
    const view = (await study(10)).view();
    const { panels } = whatIfRows(view, {
      params: { "a.b[0]": 0.1, n: 3, o: "x" },
    });
    expect(panels.map(({ name, here }) => [name, here === null])).toEqual([
      ["a.b[0]", false],
      ["n", false],
      ["o", false],
      ["m", true],
    ]);
  });

  it("draws with names that hold anything, and refuses options that are none", async () => {
    const made = await study(10);
    const svg = await made.charts.whatIf().toSVG();
    expect(svg).toContain("常数");
    expect(svg).not.toContain("</script>");
    expect(() => made.charts.whatIf({ parameters: ["nope"] })).toThrow(
      RangeError,
    );
    expect(() => made.charts.whatIf({ params: { n: 99 } })).toThrow(RangeError);
    expect(() => made.charts.whatIf({ hight: 3 } as object)).toThrow(TypeError);
  });
});

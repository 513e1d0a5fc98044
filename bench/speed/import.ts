import { type Measurement, median, spread } from "./measurement.ts";

const door = new URL("../../mod.ts", import.meta.url).href;

/** Runs a script in a fresh process and gives the numbers it prints. */
async function fresh(script: string): Promise<number[]> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, script);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `--config=${config}`, path],
      stderr: "inherit",
    }).output();
    return JSON.parse(
      new TextDecoder().decode(stdout).trim().split("\n").at(-1)!,
    );
  } finally {
    await Deno.remove(path);
  }
}

const script = (pauseMs: number) => `
const start = performance.now();
const { createStudy, float, int, space, minimize, preloadImages } = await import(${
  JSON.stringify(door)
});
const imported = performance.now();
// As a notebook does once the module is there: pictures are made ready while the first study is.
preloadImages();
const study = await createStudy({ name: "s", space: space({ x: float(0, 1), n: int(1, 9) }), objective: minimize("loss"), storage: "memory" });
for (let i = 0; i < 20; i++) { const trial = await study.ask(); await study.tell(trial, trial.params.x); }
await new Promise((resolve) => setTimeout(resolve, ${pauseMs}));
const ready = performance.now();
const chart = study.charts.optimizationHistory();
JSON.stringify(chart.spec);
const spec = performance.now();
const bundle = await chart[Symbol.for("Jupyter.display")]();
const shown = performance.now();
const again = performance.now();
await study.charts.slice()[Symbol.for("Jupyter.display")]();
const second = performance.now();
if (!("application/vnd.vegalite.v5+json" in bundle)) throw new Error("no chart");
console.log(JSON.stringify([imported - start, spec - ready, shown - imported, second - again, shown - ready]));
`;

/** Importing the public door, and the first chart after it. */
export async function measureImport(): Promise<Measurement[]> {
  const runs: number[][] = [];
  const later: number[] = [];
  await fresh(script(0));
  for (let run = 0; run < 9; run++) {
    runs.push(await fresh(script(0)));
    later.push((await fresh(script(600)))[4]!);
  }
  const column = (index: number) => runs.map((numbers) => numbers[index]!);
  const [imports, specs, firsts, seconds] = [0, 1, 2, 3].map(column);
  return [
    {
      what: "importing `.`, in a fresh process",
      target: "≤ 150 ms",
      found: `${spread(imports!, 0)} ms`,
      reached: median(imports!) <= 150,
    },
    {
      what:
        "first chart after import: its spec, which is what JupyterLab and VS Code draw",
      target: "≤ 50 ms",
      found: `${spread(specs!)} ms`,
      reached: median(specs!) <= 50,
    },
    {
      what:
        "first chart in a later cell (Vega loaded meanwhile): spec, picture and text",
      target: "≤ 50 ms",
      found: `${spread(later, 0)} ms`,
      reached: median(later) <= 50,
    },
    {
      what:
        "from import to the whole first bundle: study, 20 trials, spec, and the picture for GitHub (loads Vega)",
      target: "",
      found: `${spread(firsts!, 0)} ms`,
      reached: null,
    },
    {
      what: "a later chart, with its picture",
      target: "",
      found: `${spread(seconds!, 0)} ms`,
      reached: null,
    },
  ];
}

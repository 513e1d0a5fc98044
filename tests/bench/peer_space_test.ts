import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  boolean,
  choice,
  float,
  int,
  ordinal,
  space,
} from "../../lib/space/mod.ts";
import { capture } from "../../tools/process.ts";
import { inProject } from "../../tools/project.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";

const everything = space({
  rate: float(1e-4, 1e-1, { log: true }),
  drop: float(0, 0.5, { step: 0.1 }),
  units: int(16, 64, { step: 16 }),
  layers: int(1, 4),
  size: ordinal([8, 32, 128]),
  kind: choice(["a", 2, null, true]),
  flag: boolean(),
  one: choice(["only"]),
  deep: float(0, 1).when({ layers: { min: 3 } }),
  deeper: float(0, 1).when({ flag: true, deep: { max: 0.5 } }),
});

/** What the Python side makes of raw values of a peer. */
async function configurations(raw: readonly unknown[]): Promise<unknown[]> {
  const { python } = await preparePythonEnvironment();
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from space import Space
space = Space(json.loads(sys.argv[2]))
print(json.dumps([space.configuration(raw) for raw in json.loads(sys.argv[3])]))
`;
  const { code, stdout, stderr } = await capture(python, [
    "-c",
    program,
    inProject("bench", "quality", "peers"),
    JSON.stringify(everything.ordered),
    JSON.stringify(raw),
  ]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("the space as the peers see it", () => {
  it("is decoded to configurations that our space takes", async () => {
    const raw = {
      rate: 0.01,
      drop: 3,
      units: 3,
      layers: 2.0,
      size: 1,
      kind: "c2",
      flag: "c1",
      deep: 0.2,
      deeper: 0.9,
    };
    const found = await configurations([
      raw,
      { ...raw, layers: 3, kind: "c3", rate: 0.1000001 },
      { ...raw, layers: 4, deep: 0.7, kind: "c1" },
    ]);
    const base = {
      rate: 0.01,
      drop: 0.3,
      units: 64,
      layers: 2,
      size: 32,
      kind: null,
      flag: true,
      one: "only",
    };
    const both = { deep: 0.2, deeper: 0.9 };
    const checked = found.map((one) => everything.validate(one));
    expect(checked).toEqual([
      base,
      { ...base, layers: 3, kind: true, rate: 0.1, ...both },
      { ...base, layers: 4, kind: 2, deep: 0.7 },
    ]);
  });
});

/**
 * Spaces with rules, by what these are: for suites that run over all of them.
 *
 * @module
 */

import {
  boolean,
  choice,
  float,
  int,
  ordinal,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { floats } from "./spaces.ts";

/** Spaces of which rules allow some configurations only; all can be stored. */
export const ruledSpaces: Readonly<Record<string, Space>> = {
  "a linear rule": space({
    units1: int(8, 512, { log: true }),
    units2: int(8, 512),
    rate: float(1e-4, 1, { log: true }),
  }).atMost({ units1: 1, units2: 1 }, 400) as unknown as Space,
  "linear rules with steps, orders and booleans": space({
    dropout: float(0, 0.5, { step: 0.1 }),
    batch: ordinal([16, 32, 64, 128]),
    augment: boolean(),
    epochs: int(5, 50, { step: 5 }),
    warmup: int(0, 20),
  }).atLeast({ epochs: 1, warmup: -2 }, 0)
    .atMost({ dropout: 2, augment: 1 }, 1.4)
    .atMost({ batch: 1, epochs: 2 }, 150) as unknown as Space,
  "forbidden combinations": space({
    optimizer: choice(["adam", "sgd", "lion"]),
    schedule: choice(["none", "cosine"]),
    rate: float(1e-4, 1, { log: true }),
    layers: int(1, 6),
  }).forbid({ optimizer: "sgd", schedule: "none" })
    .forbid({ optimizer: ["adam", "lion"], rate: { min: 0.01 } })
    .forbid({ layers: [2, 3, 4] }) as unknown as Space,
  "rules over conditional parameters": space({
    layers: int(1, 3),
    units1: int(1, 100),
    units2: int(1, 100).when({ layers: { min: 2 } }),
    units3: int(1, 100).when({ layers: 3 }),
    optimizer: choice(["adam", "sgd"]),
    momentum: float(0, 1).when({ optimizer: "sgd" }),
    decay: float(0, 1),
  }).atMost({ units1: 1, units2: 1, units3: 1 }, 60, { inactive: 0 })
    .atMost({ momentum: 1, decay: 1 }, 0.5)
    .forbid({ momentum: { max: 0.1 }, layers: 1 }) as unknown as Space,
  // The volume of the corner is 0.4^5 / 5! = 8.5e-5.
  "a linear rule that allows next to nothing": floats(5)
    .atMost({ x0: 1, x1: 1, x2: 1, x3: 1, x4: 1 }, 0.4),
  "an equation": floats(3)
    .atMost({ x0: 1, x1: 1, x2: 1 }, 1)
    .atLeast({ x0: 1, x1: 1, x2: 1 }, 1),
};

/** Spaces with rules in code, which cannot be stored. */
export const codedSpaces: Readonly<Record<string, Space>> = {
  "a predicate": space({
    heads: int(1, 8),
    width: int(16, 256),
    rate: float(1e-4, 1, { log: true }),
  }).require(
    "width a multiple of heads",
    ({ heads, width }) => width % heads === 0,
  ) as unknown as Space,
  "all kinds of rules": space({
    warmup: int(0, 50),
    epochs: int(1, 100),
    optimizer: choice(["adam", "sgd"]),
    momentum: float(0, 1).when({ optimizer: "sgd" }),
    rate: float(1e-4, 1, { log: true }),
  }).require("warmup shorter than training", (c) => c.warmup < c.epochs)
    .require(
      "momentum with small rates",
      ({ momentum, rate }) => rate * (1 + (momentum ?? 0)) < 0.1,
      { of: ["momentum"] },
    )
    .atMost({ epochs: 1 }, 80)
    .forbid({ optimizer: "adam", warmup: 0 }) as unknown as Space,
  // A band of width 1e-4 around the diagonal: 1e-4 of the volume.
  "a predicate that allows next to nothing": space({
    x: float(0, 1),
    y: float(0, 1),
  }).require(
    "x is y",
    ({ x, y }) => Math.abs(x - y) < 5e-5,
  ) as unknown as Space,
};

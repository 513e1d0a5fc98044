/**
 * Spaces of every kind, by what they are: for suites that run over all of them.
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
  when,
} from "../../lib/space/mod.ts";

/** A space of `count` real numbers in `[0, 1]`: x0, x1, … */
export function floats(count: number): Space {
  return space(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`x${i}`, float(0, 1)]),
    ),
  );
}

/** A space such as people tune, with conditions: 8 parameters. */
export function networkSpace(): Space {
  return space({
    learningRate: float(1e-5, 1e-1, { log: true }),
    units: int(16, 512, { log: true }),
    dropout: float(0, 0.5, { step: 0.1 }),
    batchSize: ordinal([16, 32, 64, 128]),
    optimizer: choice(["adam", "sgd"]),
    ...when({ optimizer: "sgd" }, {
      momentum: float(0.5, 0.99),
      nesterov: boolean(),
    }),
    beta1: float(0.8, 0.999).when({ optimizer: "adam" }),
  });
}

/** Spaces by what they are. */
export const spacesByKind: Readonly<Record<string, Space>> = {
  "a real range": floats(1),
  "a range of negative numbers": space({ x: float(-3, -1) }),
  "a logarithmic range": space({ x: float(1e-6, 1, { log: true }) }),
  "real steps": space({ x: float(0, 1, { step: 0.1 }) }),
  "whole numbers": space({ x: int(-5, 5) }),
  "whole steps": space({ x: int(0, 100, { step: 7 }) }),
  "logarithmic whole numbers": space({
    x: int(1, 1000, { log: true }),
  }),
  "one point": space({ x: float(2, 2) }),
  "one choice": space({ x: choice(["only"]) }),
  "choices of every type": space({ x: choice(["a", 2, null, false]) }),
  "an order": space({ x: ordinal(["low", "medium", "high"]) }),
  "a boolean": space({ x: boolean() }),
  "a condition": space({
    kind: choice(["a", "b"]),
    x: float(0, 1).when({ kind: "a" }),
    y: int(1, 9).when({ kind: "b" }),
  }),
  "conditions in conditions": space({
    a: boolean(),
    b: int(1, 4).when({ a: true }),
    c: float(0, 1).when({ b: { min: 2 } }),
    d: choice(["x", "y"]).when({ c: { max: 0.5 } }),
  }),
  "a child before its parent": space({
    child: float(0, 1).when({ parent: [1, 2] }),
    parent: int(0, 3),
  }),
  "a network": networkSpace(),
};

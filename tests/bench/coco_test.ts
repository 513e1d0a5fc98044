import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { bbobFunctionOf } from "../../bench/quality/suites/bbob_functions.ts";
import { cocoDraw } from "./coco_draws.ts";
import golden from "./golden/coco.json" with { type: "json" };

const numbers = Array.from({ length: 24 }, (_, i) => i + 1);

describe("BBOB's functions, drawn as COCO draws them", () => {
  for (const number of numbers) {
    it(`number ${number} has COCO's values in 2, 5 and 20 dimensions`, () => {
      for (
        const { dimension, instance, points, values } of golden.filter(
          ({ task }) => task === number,
        )
      ) {
        const { draw, best } = cocoDraw(number, dimension, instance);
        const { at } = bbobFunctionOf(number, draw);
        points.forEach((point, i) => {
          const found = at(Float64Array.from(point)) + best;
          expect(Math.abs(found / values[i]! - 1)).toBeLessThan(1e-9);
        });
      }
    });
  }
});

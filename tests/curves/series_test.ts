import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { seriesOf } from "../../lib/curves/mod.ts";

const one = (name: string) => {
  const { quantity, split } = seriesOf([name]).get(name)!;
  return `${split}: ${quantity}`;
};

describe("seriesOf()", () => {
  it("reads on which data a curve was measured from its name", () => {
    expect(one("train loss")).toBe("train: loss");
    expect(one("validation accuracy")).toBe("validation: accuracy");
    expect(one("val_loss")).toBe("validation: loss");
    expect(one("Test-F1 score")).toBe("test: F1 score");
    expect(one("loss/train")).toBe("train: loss");
    expect(one("loss (val)")).toBe("validation: loss");
  });

  it("takes other names as they are", () => {
    for (const name of ["loss", "training", "validator", "test", "trainloss"]) {
      expect(one(name)).toBe(`reported: ${name}`);
    }
  });

  it("takes a bare name for the train curve beside one of validation, as in Keras", () => {
    const all = seriesOf(["loss", "val_loss", "mae"]);
    expect(all.get("loss")).toEqual({ quantity: "loss", split: "train" });
    expect(all.get("mae")).toEqual({ quantity: "mae", split: "reported" });
  });
});

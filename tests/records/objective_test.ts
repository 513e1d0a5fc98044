import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { guessDirection, isBetter } from "../../lib/records/mod.ts";

describe("guessDirection()", () => {
  it("minimizes losses and errors", () => {
    for (const name of ["validation loss", "train MSE", "error rate"]) {
      expect(guessDirection(name)).toBe("minimize");
    }
  });

  it("maximizes accuracies and scores", () => {
    for (const name of ["validation accuracy", "val_acc", "ROC AUC", "R2"]) {
      expect(guessDirection(name)).toBe("maximize");
    }
  });

  it("does not guess where the name does not tell", () => {
    expect(guessDirection("")).toBe(null);
    expect(guessDirection("temperature")).toBe(null);
  });
});

describe("isBetter()", () => {
  it("never says so of NaN, nor of equals", () => {
    for (const direction of ["minimize", "maximize"] as const) {
      expect(isBetter(NaN, 1, direction)).toBe(false);
      expect(isBetter(1, NaN, direction)).toBe(false);
      expect(isBetter(1, 1, direction)).toBe(false);
    }
  });
});

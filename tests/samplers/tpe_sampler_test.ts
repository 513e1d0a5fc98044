import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { samplerConformance } from "../conformance/sampler.ts";
import { tpeSampler } from "../../lib/samplers/mod.ts";
samplerConformance("tpeSampler()", () => tpeSampler());
samplerConformance(
  "tpeSampler({ startupTrials: 1 })",
  () => tpeSampler({ startupTrials: 1 }),
);
samplerConformance(
  "tpeSampler({ multivariate: false })",
  () => tpeSampler({ startupTrials: 2, multivariate: false }),
  { runs: 20 },
);

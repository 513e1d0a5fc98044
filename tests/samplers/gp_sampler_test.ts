import { gpSampler } from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";

samplerConformance("gpSampler()", () => gpSampler(), {
  runs: 20,
  manyTrials: 2000,
});
samplerConformance(
  "gpSampler({ initialTrials: 2 })",
  () => gpSampler({ initialTrials: 2 }),
  {
    runs: 20,
    manyTrials: 1000,
  },
);

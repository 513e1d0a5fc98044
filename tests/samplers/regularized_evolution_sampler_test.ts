import { regularizedEvolutionSampler } from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";

samplerConformance(
  "regularizedEvolutionSampler()",
  () => regularizedEvolutionSampler(),
  { runs: 30 },
);

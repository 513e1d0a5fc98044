import { differentialEvolutionSampler } from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";

samplerConformance(
  "differentialEvolutionSampler()",
  () => differentialEvolutionSampler(),
  { runs: 30 },
);

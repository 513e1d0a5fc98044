import { particleSwarmSampler } from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";

samplerConformance("particleSwarmSampler()", () => particleSwarmSampler(), {
  runs: 30,
});

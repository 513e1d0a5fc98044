import { cmaEsSampler } from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";

samplerConformance("cmaEsSampler()", () => cmaEsSampler(), { runs: 30 });

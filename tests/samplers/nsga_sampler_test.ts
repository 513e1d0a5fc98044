import { nsga2Sampler, nsga3Sampler } from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";

samplerConformance("nsga2Sampler()", () => nsga2Sampler(), { runs: 20 });
samplerConformance("nsga3Sampler()", () => nsga3Sampler(), { runs: 20 });

import { geneticSampler } from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";

samplerConformance("geneticSampler()", () => geneticSampler(), { runs: 30 });

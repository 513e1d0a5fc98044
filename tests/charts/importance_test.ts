import { importanceChart } from "../../lib/charts/mod.ts";
import { chartConformance } from "../support/chart_conformance.ts";

chartConformance("importanceChart", importanceChart);

import {
  allOf,
  anyOf,
  audited,
  criticalDiagnosis,
  diagnosisPruner,
  forecastPruner,
  hyperbandPruner,
  medianPruner,
  not,
  patiencePruner,
  percentilePruner,
  protectTop,
  successiveHalvingPruner,
  thresholdPruner,
  wilcoxonPruner,
} from "../../lib/pruners/mod.ts";
import { prunerConformance } from "../conformance/pruner.ts";

prunerConformance("medianPruner()", () => medianPruner());
prunerConformance(
  "medianPruner({ startupTrials: 0, intervalSteps: 3 })",
  () => medianPruner({ startupTrials: 0, intervalSteps: 3 }),
);
prunerConformance(
  "percentilePruner()",
  () => percentilePruner({ percentile: 25, startupTrials: 1 }),
);
prunerConformance(
  "successiveHalvingPruner()",
  () => successiveHalvingPruner(),
);
prunerConformance(
  "successiveHalvingPruner({ minResource: 2 })",
  () => successiveHalvingPruner({ minResource: 2, reductionFactor: 2 }),
);
prunerConformance("hyperbandPruner()", () => hyperbandPruner());
prunerConformance(
  "hyperbandPruner({ maxResource: 27 })",
  () => hyperbandPruner({ maxResource: 27 }),
);
prunerConformance(
  "thresholdPruner()",
  () => thresholdPruner({ lower: -2, upper: 2 }),
);
prunerConformance("patiencePruner()", () => patiencePruner({ patience: 3 }));
prunerConformance(
  "patiencePruner({ minDelta: 0.1 })",
  () => patiencePruner({ patience: 2, minDelta: 0.1, pruner: medianPruner() }),
);
prunerConformance("wilcoxonPruner()", () => wilcoxonPruner());
prunerConformance("diagnosisPruner()", () => diagnosisPruner());
prunerConformance(
  "diagnosisPruner({ finding: criticalDiagnosis() })",
  () => diagnosisPruner({ finding: criticalDiagnosis() }),
  { mostMs: 20 },
);
prunerConformance("forecastPruner()", () =>
  forecastPruner({
    startupTrials: 1,
    forecaster: ({ curve, best, direction }) => {
      const last = curve.values.at(-1)!;
      return (direction === "minimize" ? last < 2 * best : last > 2 * best)
        ? 1
        : 0;
    },
  }));
prunerConformance(
  "anyOf()",
  () => anyOf(thresholdPruner({ lower: -3, upper: 3 }), medianPruner()),
);
prunerConformance("allOf()", () => allOf(medianPruner(), patiencePruner()));
prunerConformance("not()", () => not(medianPruner({ startupTrials: 1 })));
prunerConformance(
  "protectTop()",
  () => protectTop(medianPruner({ startupTrials: 1 }), { share: 0.3 }),
);
prunerConformance(
  "audited()",
  () => audited(medianPruner({ startupTrials: 1 }), { oneIn: 2 }),
);

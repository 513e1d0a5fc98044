import { gradientLegend } from "./_encodings.ts";
import { chartColors } from "./theme.ts";

/** The color of a trial's rank, field `r`, from 0, the worst, to 1, the best. */
export const rankColor = {
  field: "r",
  type: "quantitative",
  title: "rank",
  scale: { domain: [0, 1], range: chartColors.ramp },
  legend: {
    ...gradientLegend,
    values: [0, 1],
    labelExpr: "datum.value === 0 ? 'worst' : 'best'",
  },
} as const;

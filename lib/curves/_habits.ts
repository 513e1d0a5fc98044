import type { Configuration, Space } from "../space/mod.ts";
import type { DiagnosisContext } from "./context.ts";
import { roleOf } from "./_siblings.ts";

/** What a configuration says of how its training loss was measured. */
export function trainingHabits(
  params: Configuration,
  space: Space | undefined,
): Pick<DiagnosisContext, "trainHandicapped" | "penaltyInTrainLoss"> {
  let trainHandicapped = false;
  let penaltyInTrainLoss = false;
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || !value || value === "none") continue;
    const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
    const role = roleOf(name, space);
    if (role === "augmentation" || /dropout|smoothing|mixup/.test(plain)) {
      trainHandicapped = true;
    }
    // A penalty called l1 or l2 is part of the loss; weight decay is not.
    if (role === "regularization" && /l[12]/.test(plain)) {
      penaltyInTrainLoss = true;
    }
  }
  return { trainHandicapped, penaltyInTrainLoss };
}

import {
  createStudy,
  float,
  minimize,
  randomSampler,
  space,
  type Study,
} from "../../mod.ts";
import type { Place } from "./_kinds.ts";

/** A study of one parameter in a place: made there, or opened again. */
export function smallStudy(
  { storage }: Pick<Place, "storage">,
  name = "small",
): Promise<Study<{ x: number }>> {
  return createStudy({
    name,
    space: space({ x: float(0, 1) }),
    objective: minimize("loss"),
    sampler: randomSampler(),
    storage,
  });
}

/** A study of trials that are read anew, as another process does. */
export async function readAnew(
  place: Pick<Place, "storage">,
  name = "small",
): Promise<Study<{ x: number }>["trials"]> {
  const study = await smallStudy(place, name);
  const { trials } = study;
  await study.close();
  return trials;
}

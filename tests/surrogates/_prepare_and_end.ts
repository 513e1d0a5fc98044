/** Begins to prepare a fit, says whether it could, and ends: run by prepare_surrogate_test.ts. */

import { prepareSurrogate } from "../../lib/surrogates/mod.ts";
import { floats } from "../support/spaces.ts";
import { trialOf, viewOf } from "../support/views.ts";

const trials = Array.from(
  { length: 31 },
  (_, number) =>
    trialOf(number, { x0: number / 31 }, {
      state: number < 30 ? "complete" : "running",
      ...(number < 30 ? { value: Math.sin(number) } : {}),
    }),
);
const view = viewOf(floats(1), trials);
console.log(prepareSurrogate(view), prepareSurrogate(view));

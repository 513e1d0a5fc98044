/**
 * What may help against what: the roles of parameters to move, which way and how
 * far, in the order in which a person would try.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | f | `factor` | what a logarithmic parameter, or a positive one, is multiplied by (or divided) |
 * | u | `units` | how far any other goes, as a share of its range |
 *
 * Source: the orders are those of Google's Deep Learning Tuning Playbook and of
 * AUTOTRAINER's repairs (Zhang et al., ICSE 2021); the sizes are ours.
 *
 * @module
 */

import type { Role } from "../space/mod.ts";
import type { FindingKind } from "./diagnosis.ts";

/** One kind of move. */
export interface Remedy {
  /** The role of the parameter to move. */
  readonly role: Role;
  /** Only parameters whose plain name matches (lower case, letters and digits). */
  readonly named?: RegExp;
  /** Up or down; "any" for a choice among values without order. */
  readonly way: "up" | "down" | "any";
  /** Whether only a move toward where the better trials are is one. */
  readonly towardGood?: boolean;
  /** f, above 1. */
  readonly factor: number;
  /** u, in (0, 1]. */
  readonly units: number;
  /** Why, after "it". */
  readonly why: string;
}

const up = (
  role: Role,
  factor: number,
  units: number,
  why: string,
  named?: RegExp,
): Remedy => ({ role, way: "up", factor, units, why, named });

const down = (
  role: Role,
  factor: number,
  units: number,
  why: string,
  named?: RegExp,
): Remedy => ({ role, way: "down", factor, units, why, named });

const smallerSteps: readonly Remedy[] = [
  down("learning rate", 5, 0.3, "makes the steps smaller"),
  up("schedule", 3, 0.25, "lets the steps grow slowly at first", /warm/),
  down("momentum", 2, 0.3, "makes the steps smaller"),
  up("batch size", 2, 0.2, "makes the steps less noisy"),
  {
    role: "optimizer",
    way: "any",
    factor: 1,
    units: 1,
    why: "scales the steps otherwise",
  },
];

const lessMemory: readonly Remedy[] = [
  {
    ...down("learning rate", 3, 0.2, "learns by heart less quickly"),
    towardGood: true,
  },
  up("regularization", 4, 0.25, "holds the weights back from memorizing"),
  up("augmentation", 2, 0.3, "shows the model more than it can memorize"),
  down("capacity", 2, 0.2, "leaves less room to memorize"),
  up("learning rate", 2, 0.15, "keeps it out of narrow minima"),
  down("batch size", 2, 0.2, "adds noise that works against memorizing"),
];

/** What may help against a finding; empty where no parameter does. */
export const remedies: Readonly<Record<FindingKind, readonly Remedy[]>> = {
  "divergence": smallerSteps,
  "learning rate too large": smallerSteps,
  "early instability": [
    up("schedule", 3, 0.25, "lets the steps grow slowly at first", /warm/),
    down("learning rate", 2, 0.15, "makes the steps smaller"),
  ],
  "learning rate too small": [
    up("learning rate", 5, 0.3, "makes the steps larger"),
    up("budget", 2, 0.3, "gives it more steps"),
    up("momentum", 2, 0.3, "adds the steps up"),
    down("batch size", 2, 0.2, "makes more steps an epoch"),
  ],
  "not converged": [
    up("budget", 2, 0.3, "gives it the steps it still uses"),
    up("learning rate", 2.5, 0.2, "gets farther in as many steps"),
    down("batch size", 2, 0.2, "makes more steps an epoch"),
    up("momentum", 2, 0.2, "adds the steps up"),
  ],
  "no learning": [
    up("learning rate", 10, 0.4, "may get it off its plateau"),
    down(
      "learning rate",
      10,
      0.4,
      "may have been so large that units died at once",
    ),
    {
      role: "optimizer",
      way: "any",
      factor: 1,
      units: 1,
      why: "scales the steps otherwise",
    },
    up("capacity", 2, 0.2, "leaves more units alive"),
    down("regularization", 10, 0.4, "lets the weights move"),
  ],
  "early plateau": [],
  "overfitting": lessMemory,
  "generalization gap": lessMemory,
  "overconfidence": [
    up("regularization", 3, 0.15, "holds the weights back from being too sure"),
  ],
  "underfitting": [
    down("regularization", 10, 0.4, "lets the model fit more"),
    up("capacity", 2.5, 0.25, "gives the model more to fit with"),
    down("augmentation", 2, 0.3, "makes the data easier to fit"),
    up("learning rate", 2, 0.15, "gets farther in as many steps"),
    up("budget", 2, 0.3, "gives it more steps"),
  ],
  "noisy validation": [],
  "late step noise": [
    down("learning rate", 4, 0.25, "makes the last steps smaller"),
    up("batch size", 2, 0.25, "makes the steps less noisy"),
    down("momentum", 1.5, 0.2, "makes the steps smaller"),
  ],
  "leakage": [],
  "shift": [],
};

/** What to do where no parameter helps. */
export const otherwise: Partial<Record<FindingKind, string>> = {
  "early plateau": "shorter trainings would do as well",
  "noisy validation":
    "validate on more data, or average over folds or epochs, and leave the parameters alone",
  "leakage":
    "compare the rows of both parts, and look for an input that contains the answer, before tuning on",
  "shift":
    "check how the data were split and that both parts are prepared alike, before tuning on",
};

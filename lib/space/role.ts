import type { Role } from "./parameter.ts";

/**
 * For each role, what is looked for in the name run together, and whole words
 * (in the name run together they would be found in others: "l1" in "pool1").
 */
const patterns: readonly (readonly [RegExp, RegExp | null, Role])[] = [
  [/seed|randomstate/, null, "seed"],
  [
    /warmup|schedul|decaysteps|ratedecay|lrdecay|cosine|anneal|gamma$/,
    null,
    "schedule",
  ],
  [/augment|mixup|cutmix|crop|jitter/, null, "augmentation"],
  [
    /weightdecay|dropout|regular|penalty|alpha$|lambda$|labelsmooth|^l[12]/,
    /\b(l[12]|wd|c)\b/,
    "regularization",
  ],
  [
    /learningrate|steplength|stepsize|^lr|lr$/,
    /\b(lr\d*|eta)\b/,
    "learning rate",
  ],
  [/batch/, null, "batch size"],
  [/momentum|beta1|nesterov/, null, "momentum"],
  [
    /epoch|iteration|budget|boostround|estimators|^(max|num|n|train|training|total)?steps$/,
    /\brounds?\b/,
    "budget",
  ],
  [/optimi[sz]er|solver/, null, "optimizer"],
  [
    /units|hidden|width|depth|layers|filters|channels|heads|embed|leaves|neurons|size$|dim$/,
    null,
    "capacity",
  ],
];

/**
 * Guesses from a parameter's name what the knob does. Upper and lower case,
 * underscores, dots and dashes make no difference, save that they part words.
 * Of a name with dots or slashes the last part decides, if it tells.
 *
 * @example
 * ```ts
 * import { guessRole } from "@etude/etude";
 * guessRole("optimizer.lr"); // "learning rate"
 * guessRole("weight_decay"); // "regularization"
 * guessRole("flavour"); // "other"
 * ```
 */
export function guessRole(name: string): Role {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase()
    .replace(/[^a-z0-9./]+/g, " ");
  for (const part of [words.split(/[./]/).at(-1)!, words]) {
    const plain = part.replace(/[^a-z0-9]/g, "");
    const spaced = part.replace(/[./]/g, " ");
    for (const [inside, word, role] of patterns) {
      if (inside.test(plain) || word?.test(spaced)) return role;
    }
  }
  return "other";
}

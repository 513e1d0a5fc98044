import type { Role } from "./parameter.ts";

const patterns: readonly (readonly [RegExp, Role])[] = [
  [/seed|randomstate/, "seed"],
  [/warmup|schedul|decaysteps|gamma$|cosine|anneal/, "schedule"],
  [
    /weightdecay|wd$|l1|l2|dropout|regular|penalty|alpha$|lambda$|labelsmooth|^c$/,
    "regularization",
  ],
  [/learningrate|steplength|^lr|lr$|^eta$/, "learning rate"],
  [/batch/, "batch size"],
  [/momentum|beta1|nesterov/, "momentum"],
  [/epoch|iteration|^steps$|budget|rounds|estimators/, "budget"],
  [/optimi[sz]er|solver/, "optimizer"],
  [/augment|mixup|cutmix|crop|jitter/, "augmentation"],
  [
    /units|hidden|width|depth|layers|filters|channels|heads|embed|leaves|neurons|size$|dim$/,
    "capacity",
  ],
];

/**
 * Guesses from a parameter's name what the knob does. Upper and lower case,
 * underscores, dots and dashes make no difference.
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
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const last = name.toLowerCase().split(/[./]/).at(-1)!.replace(
    /[^a-z0-9]/g,
    "",
  );
  for (const text of [last, plain]) {
    for (const [pattern, role] of patterns) if (pattern.test(text)) return role;
  }
  return "other";
}

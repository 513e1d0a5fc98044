import type { Parameter } from "../space/mod.ts";

/**
 * Words for the same knob: on each line the first is what the others become.
 * Compared in lower case, without what parts words.
 */
const synonyms: readonly (readonly string[])[] = [
  [
    "learningrate",
    "lr",
    "eta",
    "alpha0",
    "learningrateinit",
    "initiallr",
    "baselr",
    "stepsize",
    "lrinit",
    "eta0",
  ],
  [
    "batchsize",
    "batch",
    "bs",
    "minibatch",
    "minibatchsize",
    "minibatches",
    "trainbatchsize",
    "perdevicetrainbatchsize",
  ],
  [
    "weightdecay",
    "alpha",
    "wd",
    "l2",
    "l2penalty",
    "l2regularization",
    "decay",
    "reglambda",
    "lambdal2",
    "lambda",
    "l2reg",
  ],
  ["l1", "l1penalty", "l1regularization", "lambdal1", "regalpha", "l1reg"],
  [
    "dropout",
    "dropoutrate",
    "droprate",
    "dropoutprob",
    "dropoutprobability",
    "pdrop",
    "maxdropout",
  ],
  ["momentum", "beta1", "sgdmomentum", "adambeta1"],
  ["beta2", "adambeta2"],
  [
    "units",
    "hiddenunits",
    "hiddensize",
    "width",
    "nunits",
    "numunits",
    "hiddendim",
    "hidden",
    "nhidden",
    "neurons",
    "maxunits",
    "hiddenlayersize",
    "dmodel",
  ],
  [
    "layers",
    "numlayers",
    "nlayers",
    "depth",
    "hiddenlayers",
    "numhiddenlayers",
    "nhiddenlayers",
  ],
  ["maxdepth", "treedepth"],
  [
    "epochs",
    "numepochs",
    "nepochs",
    "maxepochs",
    "maxiter",
    "iterations",
    "numiterations",
    "niter",
  ],
  [
    "estimators",
    "nestimators",
    "numestimators",
    "trees",
    "ntrees",
    "numtrees",
    "numboostround",
    "rounds",
    "maxrounds",
    "nrounds",
  ],
  ["optimizer", "optimiser", "optim", "solver"],
  ["activation", "activationfunction", "act", "nonlinearity"],
  [
    "subsample",
    "bagging",
    "baggingfraction",
    "rowsample",
    "samplerate",
    "subsampleratio",
  ],
  [
    "columnsample",
    "colsamplebytree",
    "featurefraction",
    "maxfeatures",
    "colsample",
  ],
  [
    "minchildweight",
    "minsamplesleaf",
    "mindatainleaf",
    "minchildsamples",
    "minleaf",
  ],
  ["leaves", "numleaves", "maxleaves", "maxleafnodes"],
  ["neighbors", "nneighbors", "k", "numneighbors", "neighbours"],
  ["c", "cost", "inverseregularization"],
  ["gamma", "kernelwidth", "kernelcoefficient"],
  ["kernel", "kerneltype"],
  ["warmup", "warmupsteps", "warmupepochs"],
  ["warmupratio", "warmupfraction"],
  ["seed", "randomstate", "randomseed"],
];

const canonical = new Map(
  synonyms.flatMap(([first, ...others]) =>
    [first!, ...others].map((word) => [word, first!] as const)
  ),
);

/** A name's letters and digits, lower case: "learning_rate" and "learningRate" are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "");
}

/** The last part of a name with dots, slashes or double underscores: "lr" of "optimizer.lr" and "sgd__lr". */
function lastPart(name: string): string {
  return name.split(/[./:]|__/).at(-1) ?? name;
}

/** The word for the knob that a name stands for. */
export function knobOf(name: string): string {
  const whole = plainName(name);
  const last = plainName(lastPart(name));
  return canonical.get(whole) ?? canonical.get(last) ?? last;
}

/** Whether a name stands for a knob that is known: two of these are the same or they are not. */
export function isKnownKnob(name: string): boolean {
  return canonical.has(plainName(name)) ||
    canonical.has(plainName(lastPart(name)));
}

/** How sure two names are the same knob: 1 the same letters, 0.9 a synonym, 0 neither. */
export function nameLikeness(a: string, b: string): number {
  if (a === b || plainName(a) === plainName(b)) return 1;
  return knobOf(a) === knobOf(b) ? 0.9 : 0;
}

/** The same for two values of lists. */
export function sameChoice(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === "boolean" || typeof b === "boolean") {
    return String(a) === String(b).toLowerCase() ||
      String(b) === String(a).toLowerCase();
  }
  const [x, y] = [plainName(String(a)), plainName(String(b))];
  return x !== "" && x === y;
}

/** Whether a parameter is a number. */
export function isNumber(
  parameter: Parameter,
): parameter is Parameter & { kind: "float" | "int" } {
  return parameter.kind === "float" || parameter.kind === "int";
}

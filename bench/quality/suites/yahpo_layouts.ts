/**
 * What a YAHPO folder does not say of itself: the order of the model's inputs
 * and outputs, which parameter is the task, which are fidelities.
 *
 * Several versions of YAHPO's data are about: in the second, `repl` is a
 * category, and two outputs of `rbv2_…` are gone. Which one a folder is of, its
 * model tells by how many inputs and outputs it has.
 *
 * Source: the scenario definitions of YAHPO Gym 1.0.2 and of its main branch
 * (slds-lmu/yahpo_gym).
 *
 * @module
 */

import type { MetricInfo } from "./suite.ts";

/** How a YAHPO model is fed and read. */
export interface YahpoLayout {
  /** The numeric inputs in the order of `x_cont`. */
  readonly continuous: readonly string[];
  /** The categorical inputs in the order of `x_cat`. */
  readonly categorical: readonly string[];
  /** The model's outputs in their order. */
  readonly outputs: readonly MetricInfo[];
  /** The output that is tuned unless another is asked for. */
  readonly metric: string;
  /** The categorical parameter that names the task; null if there is one task only. */
  readonly instance: string | null;
  /** The parameters that are no hyperparameters but budgets. */
  readonly fidelities: readonly string[];
}

/** How many numbers and categories a model takes, and how many values it gives; NaN where it does not say. */
export interface ModelShape {
  /** Numeric inputs. */
  readonly continuous: number;
  /** Categorical inputs. */
  readonly categorical: number;
  /** Outputs. */
  readonly outputs: number;
}

/** Outputs from a list of names; `+` before a name: larger is better. */
function outputs(list: string): MetricInfo[] {
  return list.split(" ").map((name) =>
    name.startsWith("+")
      ? { name: name.slice(1), direction: "maximize" }
      : { name, direction: "minimize" }
  );
}

const words = (list: string) => list === "" ? [] : list.split(" ");

const rbv2Outputs = outputs(
  "+acc +bac +auc brier +f1 logloss timetrain timepredict memory",
);
const rbv2LaterOutputs = outputs(
  "+acc +bac +auc brier logloss timetrain timepredict",
);
const fairOutputs = outputs(
  "mmce +f1 feo fpredp facc ftpr ffomr ffnr timetrain",
);
const iamlOutputs = outputs(
  "mmce +f1 +auc logloss ramtrain rammodel rampredict timetrain timepredict mec ias nf",
);

function rbv2(continuous: string, categorical: string): YahpoLayout[] {
  const about = {
    metric: "acc",
    instance: "task_id",
    fidelities: ["trainsize", "repl"],
  };
  const categories = [
    "task_id",
    ...words(categorical),
    "num.impute.selected.cpo",
  ];
  return [
    {
      continuous: [...words(continuous), "trainsize", "repl"],
      categorical: categories,
      outputs: rbv2Outputs,
      ...about,
    },
    {
      continuous: [...words(continuous), "trainsize"],
      categorical: [...categories, "repl"],
      outputs: rbv2LaterOutputs,
      ...about,
    },
  ];
}

function iaml(continuous: string, categorical: string): YahpoLayout[] {
  return [{
    continuous: [...words(continuous), "trainsize"],
    categorical: ["task_id", ...words(categorical)],
    outputs: iamlOutputs,
    metric: "mmce",
    instance: "task_id",
    fidelities: ["trainsize"],
  }];
}

function fair(continuous: string, categorical: string): YahpoLayout[] {
  return [{
    continuous: [...words(continuous), "trainsize"],
    categorical: words(categorical),
    outputs: fairOutputs,
    metric: "mmce",
    instance: "task_id",
    fidelities: ["trainsize"],
  }];
}

const svm = "cost gamma tolerance degree";
const glmnet = "alpha s";
const rpart = "cp maxdepth minbucket minsplit";
const ranger = (mtry: string) =>
  `num.trees sample.fraction mtry.${mtry} min.node.size num.random.splits`;
const aknn = "k M ef ef_construction";
const xgboost =
  "nrounds eta gamma lambda alpha subsample max_depth min_child_weight " +
  "colsample_bytree colsample_bylevel rate_drop skip_drop";
const prefixed = (prefix: string, list: string) =>
  words(list).map((name) => `${prefix}.${name}`).join(" ");

const darts = (part: string) =>
  `NetworkSelectorDatasetInfo_COLON_darts_COLON_${part}`;

const fairBoosting =
  "nrounds eta gamma lambda alpha subsample max_depth min_child_weight " +
  "colsample_bytree colsample_bylevel";
const fairRanger =
  "min.node.size mtry.ratio num.random.splits num.trees sample.fraction";
const debiasing = "reweighing_os_alpha EoD_alpha";

const nb301: YahpoLayout = {
  continuous: ["epoch"],
  categorical: [
    ...["normal", "reduce"].flatMap((cell) =>
      Array.from({ length: 14 }, (_, i) => darts(`edge_${cell}_${i}`))
    ),
    ...["normal", "reduce"].flatMap((cell) =>
      [3, 4, 5].map((node) => darts(`inputs_node_${cell}_${node}`))
    ),
  ],
  outputs: outputs("+val_accuracy runtime"),
  metric: "val_accuracy",
  instance: null,
  fidelities: ["epoch"],
};

/** The scenarios whose layout is known, with its versions. */
const layouts: Readonly<Record<string, readonly YahpoLayout[]>> = {
  lcbench: [{
    continuous: words(
      "epoch batch_size learning_rate momentum weight_decay num_layers max_units max_dropout",
    ),
    categorical: ["OpenML_task_id"],
    outputs: outputs(
      "time +val_accuracy val_cross_entropy +val_balanced_accuracy test_cross_entropy +test_balanced_accuracy",
    ),
    metric: "val_accuracy",
    instance: "OpenML_task_id",
    fidelities: ["epoch"],
  }],
  rbv2_svm: rbv2(svm, "kernel"),
  rbv2_glmnet: rbv2(glmnet, ""),
  rbv2_rpart: rbv2(rpart, ""),
  rbv2_ranger: rbv2(ranger("power"), "respect.unordered.factors splitrule"),
  rbv2_aknn: rbv2(aknn, "distance"),
  rbv2_xgboost: rbv2(xgboost, "booster"),
  rbv2_super: rbv2(
    [
      prefixed("svm", svm),
      prefixed("glmnet", glmnet),
      prefixed("rpart", rpart),
      prefixed("ranger", ranger("power")),
      prefixed("aknn", aknn),
      prefixed("xgboost", xgboost),
    ].join(" "),
    "learner_id svm.kernel ranger.respect.unordered.factors ranger.splitrule aknn.distance xgboost.booster",
  ),
  iaml_glmnet: iaml(glmnet, ""),
  iaml_rpart: iaml(rpart, ""),
  iaml_ranger: iaml(
    ranger("ratio"),
    "replace respect.unordered.factors splitrule",
  ),
  iaml_xgboost: iaml(xgboost, "booster"),
  iaml_super: iaml(
    [
      prefixed("ranger", ranger("ratio")),
      prefixed("rpart", rpart),
      prefixed("glmnet", glmnet),
      prefixed("xgboost", xgboost),
    ].join(" "),
    "learner ranger.replace ranger.respect.unordered.factors ranger.splitrule xgboost.booster",
  ),
  fair_fgrrm: fair("lambda unfairness", "task_id definition"),
  fair_rpart: fair(`${rpart} ${debiasing}`, "task_id pre_post"),
  fair_ranger: fair(
    `${fairRanger} ${debiasing}`,
    "replace respect.unordered.factors splitrule task_id pre_post",
  ),
  fair_xgboost: fair(
    `${fairBoosting} ${debiasing}`,
    "booster task_id pre_post",
  ),
  fair_super: fair(
    [
      "fgrrm.lambda fgrrm.unfairness",
      prefixed("rpart", rpart),
      prefixed("ranger", fairRanger),
      prefixed("xgboost", fairBoosting),
      debiasing,
    ].join(" "),
    "fgrrm.definition ranger.replace ranger.respect.unordered.factors ranger.splitrule xgboost.booster learner task_id pre_post",
  ),
  nb301: [nb301, {
    ...nb301,
    outputs: outputs(
      "+val_accuracy val_cross_entropy runtime runtime_increase",
    ),
  }],
  fcnet: [{
    continuous: words(
      "epoch replication batch_size dropout_1 dropout_2 init_lr n_units_1 n_units_2",
    ),
    categorical: words("task activation_fn_1 activation_fn_2 lr_schedule"),
    outputs: outputs("valid_loss valid_mse runtime n_params"),
    metric: "valid_loss",
    instance: "task",
    fidelities: ["epoch", "replication"],
  }],
  taskset: [{
    continuous: words(
      "epoch replication learning_rate beta1 beta2 epsilon l1 l2 linear_decay exponential_decay",
    ),
    categorical: words("task_name optimizer"),
    outputs: outputs("train valid1 valid2 test"),
    metric: "valid1",
    instance: "task_name",
    fidelities: ["epoch", "replication"],
  }],
  pd1: [{
    continuous: words(
      "epoch lr_initial_value lr_decay_steps_factor lr_power one_minus_momentum",
    ),
    categorical: ["task"],
    outputs: outputs("valid_error test_error eval_time eval_time_increase"),
    metric: "valid_error",
    instance: "task",
    fidelities: ["epoch"],
  }],
};

/**
 * The layouts of the scenario that has these parameters, by its versions;
 * empty if none is known.
 *
 * @param names The parameters' names, in any order.
 */
export function knownLayouts(names: readonly string[]): readonly YahpoLayout[] {
  const wanted = sortedText(names);
  return Object.values(layouts).find(([layout]) =>
    sortedText([...layout!.continuous, ...layout!.categorical]) === wanted
  ) ?? [];
}

const sortedText = (names: readonly string[]) => [...names].sort().join(" ");

/** Whether a model has as many inputs and outputs as a layout says; NaN: it does not say. */
export function fits(layout: YahpoLayout, shape: ModelShape): boolean {
  const agree = (expected: number, found: number) =>
    Number.isNaN(found) || found === expected;
  return agree(layout.continuous.length, shape.continuous) &&
    agree(layout.categorical.length, shape.categorical) &&
    agree(layout.outputs.length, shape.outputs);
}

/**
 * Reads a `layout.json`, for scenarios of one's own: the members of
 * {@linkcode YahpoLayout}.
 *
 * @throws {SyntaxError} If a member is missing or of another form.
 */
export function readLayout(json: unknown): YahpoLayout {
  const { continuous, categorical, outputs, metric, instance, fidelities } =
    (json ?? {}) as Partial<YahpoLayout>;
  const isNames = (value: unknown) =>
    Array.isArray(value) && value.every((one) => typeof one === "string");
  const isOutputs = Array.isArray(outputs) && outputs.length > 0 &&
    outputs.every((one) =>
      typeof one?.name === "string" &&
      (one.direction === "minimize" || one.direction === "maximize")
    );
  const names = isOutputs ? outputs.map((one) => one.name) : [];
  if (
    !isNames(continuous) || !isNames(categorical) || !isOutputs ||
    !names.includes(metric!) || !isNames(fidelities) ||
    !(instance === null || typeof instance === "string")
  ) {
    throw new SyntaxError(
      "Cannot read layout.json: expected { continuous: [names], categorical: [names], " +
        'outputs: [{ name, direction: "minimize" | "maximize" }], metric: one of the outputs, ' +
        "instance: a name or null, fidelities: [names] }",
    );
  }
  return {
    continuous: continuous!,
    categorical: categorical!,
    outputs: outputs!,
    metric: metric!,
    instance,
    fidelities: fidelities!,
  };
}

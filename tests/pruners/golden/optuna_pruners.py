"""Writes optuna_pruners.json, which optuna_test.ts compares with, from Optuna.

Run: python optuna_pruners.py     (made with Optuna 5.0.0, SciPy 1.17.1)

Each case is a study with a pruner of Optuna's. Several trials run side by side,
reports are asked about one by one, and what `should_prune` says is kept. Mostly
the trial is then ended as pruned; now and then it runs on.

A case: {pruner, options, direction, events}, an event one of
  [number, step, value, stop]   a report and the decision (null stands for NaN)
  [number, state, value]        the trial's end: "complete", "pruned" or "failed"
"""

import json
import math
import os
import warnings

import numpy as np
import optuna
import scipy
from optuna.trial import TrialState

HERE = os.path.dirname(os.path.abspath(__file__))
optuna.logging.set_verbosity(optuna.logging.CRITICAL)
warnings.filterwarnings("ignore")

P = optuna.pruners
CASES = [
    ("median", {}, lambda: P.MedianPruner()),
    (
        "median",
        {"startupTrials": 2, "warmupSteps": 3, "intervalSteps": 3, "minTrials": 2},
        lambda: P.MedianPruner(2, 3, 3, n_min_trials=2),
    ),
    ("percentile", {"percentile": 25}, lambda: P.PercentilePruner(25.0)),
    (
        "percentile",
        {"percentile": 70, "startupTrials": 0, "intervalSteps": 2},
        lambda: P.PercentilePruner(70.0, 0, 0, 2),
    ),
    ("successiveHalving", {"minResource": 1}, lambda: P.SuccessiveHalvingPruner(1)),
    (
        "successiveHalving",
        {"minResource": 1, "reductionFactor": 2},
        lambda: P.SuccessiveHalvingPruner(1, 2),
    ),
    (
        "successiveHalving",
        {
            "minResource": 2,
            "reductionFactor": 2,
            "minEarlyStoppingRate": 1,
            "bootstrapTrials": 3,
        },
        lambda: P.SuccessiveHalvingPruner(2, 2, 1, 3),
    ),
    (
        "hyperband",
        {"minResource": 1, "maxResource": 12, "reductionFactor": 2},
        lambda: P.HyperbandPruner(1, 12, 2),
    ),
    ("hyperband", {"maxResource": 9}, lambda: P.HyperbandPruner(1, 9)),
    (
        "threshold",
        {"lower": -0.8, "upper": 0.8, "warmupSteps": 2, "intervalSteps": 2},
        lambda: P.ThresholdPruner(-0.8, 0.8, 2, 2),
    ),
    ("patience", {"patience": 2, "minDelta": 0}, lambda: P.PatientPruner(None, 2)),
    (
        "patience",
        {"patience": 1, "minDelta": 0.05, "pruner": "median"},
        lambda: P.PatientPruner(P.MedianPruner(1), 1, 0.05),
    ),
    ("wilcoxon", {}, lambda: P.WilcoxonPruner()),
    (
        "wilcoxon",
        {"pThreshold": 0.3, "startupSteps": 4},
        lambda: P.WilcoxonPruner(p_threshold=0.3, n_startup_steps=4),
    ),
]
TRIALS = 22
STEPS = 12


def steps_of(kind, rng):
    """Which steps a trial reports: all, or an irregular choice.

    Halving sees every step: over two rungs at once a report leaps differently, since Optuna keeps
    with a trial at which rungs it was judged, and we read it from the curve. For the same reason no
    case leaves the resources to "auto": of the trials before they are known, Optuna has no rungs.
    """
    halves = kind in ("successiveHalving", "hyperband")
    first = 1 if halves or kind == "wilcoxon" else int(rng.integers(0, 2))
    steps = list(range(first, first + STEPS))
    if rng.random() < 0.3 and not halves:
        steps = [s for s in steps if rng.random() < 0.8] or steps[:1]
    return steps


def curve(kind, steps, rng):
    level, gain, speed = rng.uniform(0.3, 0.8), rng.uniform(0, 0.6), rng.uniform(0.1, 0.6)
    noise = rng.choice([0.0, 0.01, 0.05])
    values = [
        round(level + gain * math.exp(-speed * s) + noise * rng.normal(), 3 if rng.random() < 0.7 else 1)
        for s in steps
    ]
    if kind != "wilcoxon" or rng.random() < 0.1:
        values = [math.nan if rng.random() < 0.03 else v for v in values]
        if rng.random() < 0.05:
            values = [math.nan] * len(values)
    return values


def plain(value):
    return None if math.isnan(value) else value


def run(kind, pruner, direction, seed):
    rng = np.random.default_rng(seed)
    study = optuna.create_study(
        study_name=f"golden {seed}", direction=direction, pruner=pruner, sampler=optuna.samplers.RandomSampler(seed=0)
    )
    events, running, asked = [], [], 0
    while asked < TRIALS or running:
        if asked < TRIALS and (not running or (len(running) < 4 and rng.random() < 0.2)):
            trial = study.ask()
            steps = steps_of(kind, rng)
            sign = 1 if direction == "minimize" else -1
            values = [sign * v for v in curve(kind, steps, rng)]
            running.append([trial, list(zip(steps, values)), rng.random() < 0.15])
            asked += 1
            continue
        index = int(rng.integers(len(running)))
        trial, left, stubborn = running[index]
        if left and rng.random() > 0.005:
            step, value = left.pop(0)
            trial.report(value, step)
            stop = bool(trial.should_prune())
            events.append([trial.number, step, plain(value), stop])
            if not stop or stubborn:
                continue
            state, result = TrialState.PRUNED, None
        elif left:
            state, result = TrialState.FAIL, None
        else:
            reported = list(study.trials[trial.number].intermediate_values.values())
            result = np.mean(reported) if kind == "wilcoxon" else reported[-1]
            state = TrialState.FAIL if math.isnan(result) else TrialState.COMPLETE
            result = None if math.isnan(result) else float(result)
        study.tell(trial, result if state == TrialState.COMPLETE else None, state)
        ended = study.trials[trial.number]
        names = {"COMPLETE": "complete", "PRUNED": "pruned", "FAIL": "failed"}
        events.append([trial.number, names[ended.state.name], ended.value])
        running.pop(index)
    return {"study": study.study_name, "events": events}


cases = []
seed = 0
for kind, options, make in CASES:
    for direction in ["minimize", "maximize"]:
        seed += 1
        cases.append(
            {"pruner": kind, "options": options, "direction": direction, **run(kind, make(), direction, seed)}
        )
        stops = sum(e[3] for e in cases[-1]["events"] if len(e) == 4)
        total = sum(len(e) == 4 for e in cases[-1]["events"])
        print(kind, options, direction, f"{stops} of {total} stopped")

with open(os.path.join(HERE, "optuna_pruners.json"), "w") as file:
    file.write(
        json.dumps(
            {"versions": {"optuna": optuna.__version__, "scipy": scipy.__version__}, "cases": cases},
            separators=(",", ":"),
        )
        + "\n"
    )

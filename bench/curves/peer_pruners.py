"""Optuna's pruners on given curves, for bench/curves/pruning.ts: JSON lines over standard input and output.

  {"pruner": "asha", "study": "name", "budget": 2600, "curves": [[...], ...]}
    -> {"best": 0.9, "epochs": 2611, "lengths": [1, 52, ...], "version": "5.0.0"}

Trial n has curve n. Trials run one after the other until the budget of epochs is used; the best is
that of the complete ones (larger is better; null if there is none).
"""

import json
import os
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.CRITICAL)

PRUNERS = {
    "none": optuna.pruners.NopPruner,
    "median": optuna.pruners.MedianPruner,
    "asha": lambda: optuna.pruners.SuccessiveHalvingPruner(min_resource=1),
    "hyperband": lambda: optuna.pruners.HyperbandPruner(min_resource=1, max_resource=52),
}


def run(request):
    study = optuna.create_study(
        study_name=request["study"],
        direction="maximize",
        pruner=PRUNERS[request["pruner"]](),
        sampler=optuna.samplers.RandomSampler(seed=0),
    )
    epochs, lengths, best = 0, [], None
    for curve in request["curves"]:
        if epochs >= request["budget"]:
            break
        trial = study.ask()
        length = 0
        for epoch, value in enumerate(curve, start=1):
            trial.report(value, epoch)
            length = epoch
            if trial.should_prune():
                break
        epochs += length
        lengths.append(length)
        if length == len(curve):
            study.tell(trial, curve[-1])
            best = curve[-1] if best is None else max(best, curve[-1])
        else:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
    return {"best": best, "epochs": epochs, "lengths": lengths, "version": optuna.__version__}


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(run(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

"""Optuna's samplers on a problem with constraints: a JSON line for each answer.

In come {"start": {"sampler", "seed", "axes"}}, {"ask": true} and {"tell": {"value", "constraints"}}.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def constraints(trial):
    return trial.user_attrs["c"]


SAMPLERS = {
    "optuna-gp": lambda seed: optuna.samplers.GPSampler(
        seed=seed, deterministic_objective=True, constraints_func=constraints
    ),
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed, constraints_func=constraints),
    "optuna-nsga2": lambda seed: optuna.samplers.NSGAIISampler(seed=seed, constraints_func=constraints),
}

study, axes, trial = None, [], None
for line in sys.stdin:
    request = json.loads(line)
    if "start" in request:
        start = request["start"]
        axes = start["axes"]
        study = optuna.create_study(sampler=SAMPLERS[start["sampler"]](start["seed"]))
        answer = {"version": optuna.__version__}
    elif "ask" in request:
        trial = study.ask()
        answer = [
            (trial.suggest_int if axis["kind"] == "int" else trial.suggest_float)(
                axis["name"], axis["low"], axis["high"]
            )
            for axis in axes
        ]
    else:
        trial.set_user_attr("c", request["tell"]["constraints"])
        study.tell(trial, request["tell"]["value"])
        answer = {}
    print(json.dumps(answer), flush=True)

"""Runs other people's optimizers for `deno task bench:quality`: JSON lines over standard input and output.

One process serves one optimizer and many studies, one after the other:

  {"start": {"space": [parameters], "seed": 0, "trials": 50}} -> {"version": "5.0.0"}
  {"ask": true}                                               -> {"params": {...}, "ms": 1.5}
  {"tell": 0.25}                                              -> {"ms": 0.1}

The milliseconds are those of the processor: the machine may be busy with others. What is told is to
be minimized. An error is answered with {"error": "..."}. Whatever the packages
print goes to standard error.
"""

import importlib
import json
import logging
import os
import sys
import time
import traceback
import warnings

from space import Space

OPTIMIZERS = {
    "optuna-tpe": ("peer_optuna", "TPE"),
    "optuna-gp": ("peer_optuna", "GP"),
    "optuna-cmaes": ("peer_optuna", "CMAES"),
    "optuna-random": ("peer_optuna", "Random"),
    "smac": ("peer_smac", "Forest"),
    "smac-each": ("peer_smac", "ForestOfEach"),
    "smac-gp": ("peer_smac", "GaussianProcess"),
    "hebo": ("peer_hebo", "HEBOPeer"),
    "ax": ("peer_ax", "AxPeer"),
    "vizier": ("peer_vizier", "VizierPeer"),
    "skopt": ("peer_skopt", "SkoptPeer"),
    "hyperopt": ("peer_hyperopt", "HyperoptPeer"),
    "synetune-bore": ("peer_synetune", "BOREPeer"),
    "synetune-botorch": ("peer_synetune", "BOTorchPeer"),
}


def main():
    # The packages may print; the answers have a channel of their own.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    module, name = OPTIMIZERS[sys.argv[1]]
    peer = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {}
            start = time.process_time()
            if "start" in request:
                options = request["start"]
                kind = getattr(importlib.import_module(module), name)
                space = Space(options["space"])
                peer = kind(space, seed=options["seed"], trials=options["trials"])
                answer["version"] = peer.version
            elif "ask" in request:
                raw = peer.ask()
                answer["ms"] = 1000 * (time.process_time() - start)
                answer["params"] = space.configuration(raw)
            else:
                peer.tell(request["tell"])
                answer["ms"] = 1000 * (time.process_time() - start)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

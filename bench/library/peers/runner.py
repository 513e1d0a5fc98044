"""Runs other people's warm starts for bench/library/peers.ts: JSON lines in and out.

  {"start": {"space": [parameters], "sources": [[[params, value], ...], ...], "seed": 0}} -> {"version": "0.16.0"}
  {"ask": true}                                                                          -> {"params": {...}}
  {"tell": 0.25}                                                                         -> {}

Smaller is better. An error is answered with {"error": "..."}.
"""

import importlib
import json
import logging
import os
import sys
import traceback
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "quality" / "peers"))
sys.path.insert(0, str(Path(__file__).parent))

from space import Space  # noqa: E402

PEERS = {
    "synetune-zeroshot": ("transfer_synetune", "ZeroShot"),
    "synetune-quantile": ("transfer_synetune", "Quantile"),
    "synetune-box": ("transfer_synetune", "BoundingBox"),
    "optuna-warm-cmaes": ("transfer_optuna", "WarmCMAES"),
    "openbox-rgpe": ("transfer_openbox", "RGPE"),
}


def raw_of(space, params):
    """A configuration in the peers' terms: an order by its index, a category by its code."""
    raw = {}
    for p in space.free:
        value = params[p.name]
        if p.kind == "category":
            raw[p.name] = p.codes[p.values.index(value)]
        elif p.values:
            raw[p.name] = min(range(len(p.values)), key=lambda i: abs(p.values[i] - value))
        else:
            raw[p.name] = value
    return raw


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    module, name = PEERS[sys.argv[1]]
    kind, peer, space = getattr(importlib.import_module(module), name), None, None
    for line in sys.stdin:
        request = json.loads(line)
        answer = {}
        try:
            if "start" in request:
                options = request["start"]
                space = Space(options["space"])
                sources = [[(raw_of(space, params), value) for params, value in s] for s in options["sources"]]
                peer = kind(space, sources, options["seed"])
                answer["version"] = peer.version
            elif "ask" in request:
                answer["params"] = space.configuration(peer.ask())
            else:
                peer.tell(request["tell"])
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

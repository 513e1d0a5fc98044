"""HEBO with its defaults; conditions flattened."""

from importlib.metadata import version

import numpy as np
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO


def item(parameter):
    if parameter.kind == "category":
        return {"name": parameter.name, "type": "cat", "categories": parameter.codes}
    kind = {
        ("float", False): "num",
        ("float", True): "pow",
        ("int", False): "int",
        ("int", True): "pow_int",
    }[parameter.kind, parameter.log]
    extra = {"base": 10} if kind == "pow" else {}
    return {
        "name": parameter.name,
        "type": kind,
        "lb": parameter.low,
        "ub": parameter.high,
        **extra,
    }


class HEBOPeer:
    version = version("HEBO")

    def __init__(self, space, seed, trials):
        np.random.seed(seed)
        torch.manual_seed(seed)
        self.optimizer = HEBO(
            DesignSpace().parse([item(parameter) for parameter in space.free]),
            scramble_seed=seed,
        )

    def ask(self):
        self.suggestion = self.optimizer.suggest(n_suggestions=1)
        return self.suggestion.iloc[0].to_dict()

    def tell(self, value):
        self.optimizer.observe(self.suggestion, np.array([[value]]))

"""Hyperopt's TPE; conditions on categories are nested choices, others flattened."""

from importlib.metadata import version

import numpy as np
from hyperopt import STATUS_OK, Trials, hp, tpe
from hyperopt.base import JOB_STATE_DONE, Domain


def leaf(parameter):
    name = parameter.name
    if parameter.kind == "float":
        if parameter.log:
            return hp.loguniform(name, np.log(parameter.low), np.log(parameter.high))
        return hp.uniform(name, parameter.low, parameter.high)
    if parameter.log:
        low, high = np.log(parameter.low - 0.5), np.log(parameter.high + 0.5)
        return hp.qloguniform(name, low, high, 1)
    return hp.quniform(name, parameter.low - 0.5, parameter.high + 0.5, 1)


def tree(space):
    """Each parameter below the one category that it hangs on, if there is just one."""
    below = {}
    for parameter in space.free:
        parents = {
            requirement["parent"]: space.allowed(requirement)
            for requirement in parameter.conditions
            if not space.by_name[requirement["parent"]].is_constant
        }
        categories = [name for name in parents if space.by_name[name].kind == "category"]
        # The innermost parent carries the outer ones.
        inner = max(categories, key=lambda name: depth(space, name), default=None)
        below.setdefault(inner, []).append((parameter, parents.get(inner)))
    nodes = {}

    def node(parameter):
        if parameter.name not in nodes:
            nodes[parameter.name] = (
                hp.choice(
                    parameter.name,
                    [
                        {"code": code, **group(parameter.name, code)}
                        for code in parameter.codes
                    ],
                )
                if parameter.kind == "category"
                else leaf(parameter)
            )
        return nodes[parameter.name]

    def group(parent, code):
        return {
            f"child {parameter.name}": node(parameter)
            for parameter, codes in below.get(parent, [])
            if codes is None or code in codes
        }

    return group(None, None)


def depth(space, name):
    parents = [requirement["parent"] for requirement in space.by_name[name].conditions]
    return 1 + max((depth(space, parent) for parent in parents), default=0)


class HyperoptPeer:
    version = version("hyperopt")

    def __init__(self, space, seed, trials):
        self.space = space
        self.random = np.random.default_rng(seed)
        self.trials = Trials()
        self.domain = Domain(lambda configuration: 0.0, tree(space))

    def ask(self):
        ids = self.trials.new_trial_ids(1)
        seed = int(self.random.integers(2**31 - 1))
        (self.document,) = tpe.suggest(ids, self.domain, self.trials, seed, verbose=False)
        raw = {}
        for name, values in self.document["misc"]["vals"].items():
            if len(values) == 0:
                continue
            parameter = self.space.by_name[name]
            raw[name] = (
                parameter.codes[int(values[0])] if parameter.kind == "category" else values[0]
            )
        return raw

    def tell(self, value):
        self.document["result"] = {"status": STATUS_OK, "loss": value}
        self.document["state"] = JOB_STATE_DONE
        self.trials.insert_trial_docs([self.document])
        self.trials.refresh()

"""SMAC3's facades, with ConfigSpace's conditions."""

import math
import shutil
import tempfile
from importlib.metadata import version

import ConfigSpace as cs
from smac import BlackBoxFacade, HyperparameterOptimizationFacade, Scenario
from smac.runhistory.dataclasses import TrialValue


def hyperparameter(parameter):
    if parameter.kind == "category":
        return cs.CategoricalHyperparameter(parameter.name, parameter.codes)
    kind = (
        cs.UniformIntegerHyperparameter
        if parameter.kind == "int"
        else cs.UniformFloatHyperparameter
    )
    return kind(parameter.name, parameter.low, parameter.high, log=parameter.log)


def condition(space, nodes, child, requirement):
    parent = nodes[requirement["parent"]]
    allowed = space.allowed(requirement)
    if isinstance(allowed, list):
        return [cs.InCondition(child, parent, allowed)]
    low, high = allowed
    parts = []
    if low > parent.lower:
        parts.append(cs.GreaterThanCondition(child, parent, math.nextafter(low, -math.inf)))
    if high < parent.upper:
        parts.append(cs.LessThanCondition(child, parent, math.nextafter(high, math.inf)))
    return parts


class SMACPeer:
    version = version("smac")

    def __init__(self, space, seed, trials):
        configuration_space = cs.ConfigurationSpace(seed=seed)
        nodes = {parameter.name: hyperparameter(parameter) for parameter in space.free}
        configuration_space.add(*nodes.values())
        for parameter in space.free:
            child = nodes[parameter.name]
            parts = [
                part
                for requirement in parameter.conditions
                if requirement["parent"] in nodes
                for part in condition(space, nodes, child, requirement)
            ]
            if len(parts) == 1:
                configuration_space.add(parts[0])
            elif parts:
                configuration_space.add(cs.AndConjunction(*parts))
        self.folder = tempfile.mkdtemp(prefix="smac-")
        scenario = Scenario(
            configuration_space,
            deterministic=True,
            n_trials=trials,
            seed=seed,
            output_directory=self.folder,
        )
        self.smac = self.facade(
            scenario,
            lambda configuration, seed=0: 0.0,
            config_selector=self.facade.get_config_selector(
                scenario, retrain_after=self.retrain_after
            ),
            overwrite=True,
            logging_level=False,
        )

    def ask(self):
        self.info = self.smac.ask()
        return dict(self.info.config)

    def tell(self, value):
        self.smac.tell(self.info, TrialValue(cost=value))

    def __del__(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Forest(SMACPeer):
    """The facade for hyperparameters as it comes: its forest learns from every eighth value."""

    facade = HyperparameterOptimizationFacade
    retrain_after = 8


class ForestOfEach(SMACPeer):
    """The same, but its forest learns from each value, which takes it eight times as long."""

    facade = HyperparameterOptimizationFacade
    retrain_after = 1


class GaussianProcess(SMACPeer):
    facade = BlackBoxFacade
    retrain_after = 1

"""Ax's client with its default strategy (BoTorch below it); conditions flattened."""

from importlib.metadata import version

import torch
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig

torch.set_num_threads(1)


def config(parameter, name):
    if parameter.kind == "category":
        return ChoiceParameterConfig(
            name=name, parameter_type="str", values=parameter.codes, is_ordered=False
        )
    return RangeParameterConfig(
        name=name,
        parameter_type=parameter.kind,
        bounds=(parameter.low, parameter.high),
        scaling="log" if parameter.log else "linear",
    )


class AxPeer:
    version = version("ax-platform")

    def __init__(self, space, seed, trials):
        # Ax takes only names that could stand in a formula.
        self.names = {f"p{i}": parameter.name for i, parameter in enumerate(space.free)}
        self.client = Client(random_seed=seed)
        self.client.configure_experiment(
            parameters=[config(parameter, f"p{i}") for i, parameter in enumerate(space.free)]
        )
        self.client.configure_optimization(objective="-loss")

    def ask(self):
        ((self.index, raw),) = self.client.get_next_trials(max_trials=1).items()
        return {self.names[name]: value for name, value in raw.items()}

    def tell(self, value):
        self.client.complete_trial(trial_index=self.index, raw_data={"loss": value})

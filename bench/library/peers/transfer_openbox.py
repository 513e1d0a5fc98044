"""OpenBox's warm start, by ask and tell; smaller is better.

A source is a list of (raw values by parameter, value); see ../../quality/peers/space.py.
"""

from importlib.metadata import version


class RGPE:
    """OpenBox's: a Gaussian process a source, weighed by ranks."""

    def __init__(self, space, sources, seed):
        from openbox import Advisor, History, Observation
        from openbox import space as sp

        self.version = version("openbox")
        self.observation = Observation
        self.space = sp.Space()
        for p in space.free:
            if p.kind == "category":
                self.space.add_variable(sp.Categorical(p.name, p.codes))
            else:
                kind = sp.Int if p.kind == "int" else sp.Real
                self.space.add_variable(kind(p.name, p.low, p.high, log=p.log))
        histories = []
        for i, source in enumerate(sources):
            history = History(task_id=f"task {i}", config_space=self.space)
            for raw, value in source:
                history.update_observation(Observation(config=sp.Configuration(self.space, values=raw), objectives=[value]))
            histories.append(history)
        self.advisor = Advisor(
            config_space=self.space, num_objectives=1, surrogate_type="tlbo_rgpe_gp",
            transfer_learning_history=histories, initial_trials=3, random_state=seed, task_id="target", output_dir="out/openbox_logs")

    def ask(self):
        self.config = self.advisor.get_suggestion()
        return self.config.get_dictionary()

    def tell(self, value):
        self.advisor.update_observation(self.observation(config=self.config, objectives=[value]))

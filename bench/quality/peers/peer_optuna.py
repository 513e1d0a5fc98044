"""Optuna's samplers, define-by-run: conditions are the program's own."""

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


class OptunaPeer:
    version = optuna.__version__

    def __init__(self, space, seed, trials):
        self.space = space
        self.study = optuna.create_study(sampler=self.sampler(seed))

    def ask(self):
        self.trial = self.study.ask()
        raw, values = {}, {}
        for parameter in self.space.parameters:
            if not self.space.is_active(parameter, values):
                continue
            if not parameter.is_constant:
                raw[parameter.name] = self.suggest(parameter)
            values[parameter.name] = parameter.decode(raw.get(parameter.name))
        return raw

    def suggest(self, parameter):
        if parameter.kind == "category":
            return self.trial.suggest_categorical(parameter.name, parameter.codes)
        suggest = self.trial.suggest_int if parameter.kind == "int" else self.trial.suggest_float
        return suggest(parameter.name, parameter.low, parameter.high, log=parameter.log)

    def tell(self, value):
        self.study.tell(self.trial, value)


class TPE(OptunaPeer):
    def sampler(self, seed):
        return optuna.samplers.TPESampler(seed=seed)


class GP(OptunaPeer):
    def sampler(self, seed):
        return optuna.samplers.GPSampler(seed=seed, deterministic_objective=True)


class CMAES(OptunaPeer):
    def sampler(self, seed):
        return optuna.samplers.CmaEsSampler(seed=seed)


class Random(OptunaPeer):
    def sampler(self, seed):
        return optuna.samplers.RandomSampler(seed=seed)

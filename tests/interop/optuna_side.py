"""What Python's Optuna sees in a study file, and what it does to it: JSON on stdout.

A storage is the path of an SQLite file, an address, or `journal:PATH`; with `journal+open:PATH` the
lock is Optuna's other one. Runs under Optuna 5 and under Debian's 3.1.
"""

import json
import math
import sys
import warnings

warnings.filterwarnings("ignore")

import optuna
from optuna.trial import TrialState

optuna.logging.set_verbosity(optuna.logging.ERROR)


def number(value):
    """Numbers that JSON lacks, as texts."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def plain(value):
    """A JSON value without the numbers that JSON lacks."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else number(value)


def opened(place):
    """The storage of a place."""
    kind, _, path = place.partition(":")
    if kind.startswith("journal"):
        try:
            from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock, JournalFileSymlinkLock
        except ImportError:
            from optuna.storages import JournalFileOpenLock, JournalFileSymlinkLock
            from optuna.storages import JournalFileStorage as JournalFileBackend
        lock = (JournalFileOpenLock if kind == "journal+open" else JournalFileSymlinkLock)(path)
        return optuna.storages.JournalStorage(JournalFileBackend(path, lock_obj=lock))
    return optuna.storages.RDBStorage(
        place if "://" in place else f"sqlite:///{place}",
        # 3.1 has the same tables, but for an index, under an older number.
        skip_compatibility_check=optuna.__version__.startswith("3.") or command == "upgrade",
    )


def names(storage):
    return [one.study_name for one in optuna.get_all_study_summaries(storage)]


def show(study):
    return {
        "name": study.study_name,
        "directions": [direction.name for direction in study.directions],
        "metric_names": getattr(study, "metric_names", None),
        "user_attrs": plain(study.user_attrs),
        "best": study.best_trial.number
        if any(t.state == TrialState.COMPLETE for t in study.get_trials(deepcopy=False))
        else None,
        "trials": [
            {
                "number": trial.number,
                "state": trial.state.name,
                "params": trial.params,
                "values": None if trial.values is None else [number(v) for v in trial.values],
                "intermediate": {step: number(v) for step, v in trial.intermediate_values.items()},
                "user_attrs": plain(trial.user_attrs),
                "fixed": trial.system_attrs.get("fixed_params"),
                "constraints": [number(value) for value in getattr(trial, "constraints", {}).values()],
                "seconds": None if trial.duration is None else trial.duration.total_seconds(),
            }
            for trial in study.get_trials()
        ],
    }


def objective(trial):
    rate = trial.suggest_float("rate", 1e-4, 1.0, log=True)
    units = trial.suggest_int("units", 1, 512, log=True)
    optimizer = trial.suggest_categorical("optimizer", ["adam", "sgd"])
    trial.suggest_categorical("flag", [False, True])
    trial.suggest_float("half", 0.0, 1.0, step=0.5)
    if optimizer == "sgd":
        trial.suggest_float("momentum", 0.0, 0.99)
    for step in range(1, 4):
        trial.report(rate / step, step)
    trial.set_user_attr("made by", "Optuna")
    if trial.number % 5 == 4:
        raise optuna.TrialPruned()
    return rate + units / 512


command, path, name = sys.argv[1:4]
storage = opened(path)
if command == "show":
    print(json.dumps(show(optuna.load_study(study_name=name, storage=storage))))
elif command == "go on":
    study = optuna.load_study(study_name=name, storage=storage)
    study.optimize(objective, n_trials=int(sys.argv[4]))
    print(json.dumps(show(study)))
elif command == "create":
    study = optuna.create_study(
        study_name=name, storage=storage, direction="maximize", sampler=optuna.samplers.RandomSampler(seed=1)
    )
    study.set_user_attr("note", {"a": float("nan"), "b": "NaN"})
    study.enqueue_trial({"rate": 0.5, "units": 4, "optimizer": "sgd"})
    study.optimize(objective, n_trials=int(sys.argv[4]))
    study.enqueue_trial({"rate": 0.25, "unknown": 3})
    print(json.dumps(show(study)))
elif command == "trade-offs":
    study = optuna.create_study(study_name=name, storage=storage, directions=["minimize", "maximize"])
    study.set_metric_names(["loss", "speed"])
    for loss, speed in [(0.5, 2.0), (0.2, 1.0), (0.6, 1.5), (0.4, 3.0)]:
        distributions = {"x": optuna.distributions.FloatDistribution(0, 1)}
        study.add_trial(
            optuna.create_trial(values=[loss, speed], params={"x": loss}, distributions=distributions)
        )
    print(json.dumps([trial.number for trial in study.best_trials]))
elif command == "constrain":
    # The first two by the list of all versions, the others by name as since Optuna 5.
    study = optuna.create_study(study_name=name, storage=storage, directions=["minimize", "minimize"])
    distributions = {"x": optuna.distributions.FloatDistribution(0, 1)}
    for memory, error in [(0.5, 0.1), (-0.5, 0.4)]:
        study.add_trial(
            optuna.create_trial(
                values=[memory, error],
                params={"x": error},
                distributions=distributions,
                system_attrs={"constraints": [memory, -1.0]},
            )
        )
    print(json.dumps({"front": [trial.number for trial in study.best_trials]}))
elif command == "named":
    study = optuna.create_study(study_name=name, storage=storage)
    for memory in [0.5, -0.5]:
        trial = study.ask({"x": optuna.distributions.FloatDistribution(0, 1)})
        trial.set_constraint("memory", memory)
        study.tell(trial, memory)
    print(json.dumps(show(study)))
elif command == "constrained":
    # Its own samplers see what was stored here: which trials are on its front, and that it goes on.
    study = optuna.load_study(
        study_name=name,
        storage=storage,
        sampler=optuna.samplers.NSGAIISampler(constraints_func=lambda trial: [-1.0], seed=1),
    )
    from optuna.visualization._pareto_front import _get_pareto_front_info

    info = _get_pareto_front_info(study)
    print(
        json.dumps(
            {
                "front": [trial.number for trial in study.best_trials],
                "plotted": [trial.number for trial, _ in info.best_trials_with_values],
                "infeasible": [trial.number for trial, _ in info.infeasible_trials_with_values],
                "constraints": [[number(value) for value in trial.constraints.values()] for trial in study.get_trials()],
            }
        )
    )
elif command == "copy":
    # All studies of a place, to the place that is named.
    target = opened(name)
    for one in names(storage):
        optuna.copy_study(from_study_name=one, from_storage=storage, to_storage=target)
    print(json.dumps(optuna.__version__))
elif command == "upgrade":
    storage.upgrade()
    print(json.dumps(show(optuna.load_study(study_name=name, storage=f"sqlite:///{path}"))))
elif command == "refused":
    # As 3.1 does without being told to look away.
    try:
        optuna.storages.RDBStorage(f"sqlite:///{path}")
        print("null")
    except RuntimeError as error:
        print(json.dumps(str(error)))
elif command == "notes":
    # What its dashboard reads, and then what it writes over it: twice, the second time shorter.
    from optuna_dashboard._note import get_note_from_system_attrs, save_note_with_version

    study = optuna.load_study(study_name=name, storage=storage)
    seen = []
    for trial_id in [None, *(trial._trial_id for trial in study.get_trials())]:
        attributes = storage.get_study_system_attrs(study._study_id)
        note = get_note_from_system_attrs(attributes, trial_id)
        seen.append(note["body"])
        for more, text in enumerate([note["body"] * 2, note["body"][::-1]], 1):
            save_note_with_version(storage, study._study_id, trial_id, note["version"] + more, text)
    print(json.dumps(seen))
elif command == "delete":
    optuna.delete_study(study_name=name, storage=storage)
    print(json.dumps(names(storage)))
elif command == "draw":
    # The second study of the file is the one with two objectives.
    one = optuna.load_study(study_name=name, storage=storage)
    two = optuna.load_study(study_name="two", storage=storage)
    drawn = {}
    import optuna.visualization

    for function in sorted(optuna.visualization.__all__):
        if not function.startswith("plot_"):
            continue
        plot = getattr(optuna.visualization, function)
        if function == "plot_pareto_front":
            figure = plot(two)
        elif function == "plot_hypervolume_history":
            figure = plot(two, reference_point=[2.0, 0.0])
        elif function == "plot_terminator_improvement":
            # Its usual evaluators want PyTorch, a gigabyte for one picture.
            from optuna.terminator import BestValueStagnationEvaluator, StaticErrorEvaluator

            figure = plot(
                one,
                plot_error=True,
                improvement_evaluator=BestValueStagnationEvaluator(),
                error_evaluator=StaticErrorEvaluator(0.1),
            )
        else:
            figure = plot(one)
        drawn[function] = len(figure.data)
    print(json.dumps(drawn))

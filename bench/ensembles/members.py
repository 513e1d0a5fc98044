"""Members for bench/ensembles/members.ts, and scikit-learn's ensembles of them.

    out/peers/main/bin/python bench/ensembles/members.py FOLDER [splits]

writes a file of JSON lines a data set: of each random split into halves what each
member predicts out of fold (5 folds of the one half) and of the other half, and
what VotingClassifier, StackingClassifier and their regressors predict of that
half. These get the same members, trained on the same folds: what a member
predicts after training on some samples is kept, so that nothing is trained twice.
"""

import json
import os
import sys
import warnings

import numpy as np
from sklearn import datasets
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingRegressor,
    RandomForestClassifier, RandomForestRegressor, StackingClassifier,
    StackingRegressor, VotingClassifier, VotingRegressor,
)
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.filterwarnings("ignore")


def scaled(model):
    return make_pipeline(StandardScaler(), model)


CLASSIFIERS = {
    "logistic": lambda: scaled(LogisticRegression(C=0.1, max_iter=300)),
    "support vectors": lambda: scaled(SVC(C=3, probability=True, random_state=0)),
    "forest": lambda: RandomForestClassifier(60, random_state=0),
    "extra trees": lambda: ExtraTreesClassifier(60, random_state=0),
    "5 neighbors": lambda: scaled(KNeighborsClassifier(5)),
    "bayes": lambda: scaled(GaussianNB(var_smoothing=1e-2)),
    "discriminant": lambda: scaled(LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.2)),
    "tree": lambda: DecisionTreeClassifier(random_state=0),
}
REGRESSORS = {
    "ridge": lambda: scaled(Ridge(30)),
    "lasso": lambda: scaled(Lasso(2)),
    "support vectors": lambda: scaled(SVR(C=30)),
    "forest": lambda: RandomForestRegressor(60, min_samples_leaf=5, random_state=0),
    "extra trees": lambda: ExtraTreesRegressor(60, min_samples_leaf=5, random_state=0),
    "boosting": lambda: GradientBoostingRegressor(n_estimators=60, max_depth=2, random_state=0),
    "15 neighbors": lambda: scaled(KNeighborsRegressor(15)),
    "tree": lambda: DecisionTreeRegressor(random_state=0),
}

X, Y = None, None
KEPT = {}


class Kept(BaseEstimator):
    """A member: its samples are rows of X by number, so that what it says can be kept."""

    def __init__(self, name=""):
        self.name = name

    def fit(self, numbers, y):
        rows = np.asarray(numbers).ravel()
        key = (self.name, rows.tobytes())
        if key not in KEPT:
            # Voting and stacking number the classes; so are ours already.
            model = self.models[self.name]().fit(X[rows], Y[rows])
            KEPT[key] = self.says(model)
        self.all_ = KEPT[key]
        self.classes_ = np.unique(y)
        return self


class KeptClassifier(ClassifierMixin, Kept):
    models = CLASSIFIERS

    def says(self, model):
        return model.predict_proba(X)

    def predict_proba(self, numbers):
        return self.all_[np.asarray(numbers).ravel()]

    def predict(self, numbers):
        return self.classes_[self.predict_proba(numbers).argmax(1)]


class KeptRegressor(RegressorMixin, Kept):
    models = REGRESSORS

    def says(self, model):
        return model.predict(X)

    def predict(self, numbers):
        return self.all_[np.asarray(numbers).ravel()]


def short(table):
    return np.round(table, 6).tolist()


def split(number, is_classes):
    KEPT.clear()
    all_rows = np.arange(len(Y))
    train, test = train_test_split(
        all_rows, test_size=0.5, random_state=number, stratify=Y if is_classes else None
    )
    folds = (StratifiedKFold if is_classes else KFold)(5, shuffle=True, random_state=number)
    parts = list(folds.split(train, Y[train]))
    kind = KeptClassifier if is_classes else KeptRegressor
    names = list(CLASSIFIERS if is_classes else REGRESSORS)
    say = (lambda m, rows: m.predict_proba(rows)) if is_classes else (lambda m, rows: m.predict(rows))
    members = []
    for name in names:
        whole = kind(name).fit(train, Y[train])
        first = say(whole, test)
        out = np.zeros((len(train),) + first.shape[1:])
        for inside, outside in parts:
            out[outside] = say(kind(name).fit(train[inside], Y[train[inside]]), train[outside])
        members.append({"name": name, "outOfFold": short(out), "test": short(first)})
    pairs = [(name, kind(name)) for name in names]
    column = train.reshape(-1, 1)
    if is_classes:
        soft = VotingClassifier(pairs, voting="soft").fit(column, Y[train])
        hard = VotingClassifier(pairs, voting="hard").fit(column, Y[train])
        stack = StackingClassifier(pairs, LogisticRegression(max_iter=1000), cv=parts).fit(column, Y[train])
        peers = {
            "soft voting": soft.predict(test), "hard voting": hard.predict(test),
            "stacking": stack.predict(test),
        }
    else:
        mean = VotingRegressor(pairs).fit(column, Y[train])
        stack = StackingRegressor(pairs, cv=parts).fit(column, Y[train])
        peers = {"soft voting": mean.predict(test), "stacking": stack.predict(test)}
    return {
        "train": Y[train].tolist(), "test": Y[test].tolist(), "members": members,
        "peers": {name: short(found) for name, found in peers.items()},
    }


if __name__ == "__main__":
    folder, splits = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
    os.makedirs(folder, exist_ok=True)
    for name, load in {
        "wine": datasets.load_wine, "breast cancer": datasets.load_breast_cancer,
        "diabetes": datasets.load_diabetes, "digits": datasets.load_digits,
    }.items():
        X, Y = load(return_X_y=True)
        with open(os.path.join(folder, name.replace(" ", "_") + ".jsonl"), "w") as file:
            for number in range(splits):
                file.write(json.dumps(split(number, name != "diabetes")) + "\n")
        print(name, flush=True)

"""Real trainings that choose the learner first, as YAHPO's rbv2_super and iaml_super do."""

from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from trainings_conditional import (
    CLASSIFICATION_TREES,
    FORESTS,
    LINEAR_CLASSIFIER,
    LINEAR_REGRESSION,
    NEIGHBORS,
    REGRESSION_FORESTS,
    REGRESSION_TREES,
    SUPPORT_VECTOR_REGRESSION,
    TREE,
    linear_classifier,
    linear_regression,
    neighbors,
    support_vector_regression,
    tree,
    trees,
)
from trainings_parameters import choice, floating, when, whole
from trainings_plain import BOOSTING, boosting


def platt(p):
    """A support vector machine that gives probabilities, so that its loss compares with others'."""
    return make_pipeline(
        StandardScaler(),
        SVC(
            C=p["cost"],
            kernel=p["kernel"],
            gamma=p.get("gamma", "scale"),
            degree=p.get("degree", 3),
            probability=True,
            max_iter=5_000,
            random_state=0,
        ),
    )


def bayes(p):
    return make_pipeline(StandardScaler(), GaussianNB(var_smoothing=p["smoothing"]))


PLATT = {
    "cost": floating(1e-3, 1e4, True),
    "kernel": choice("linear", "poly", "rbf"),
    "gamma": when(floating(1e-5, 1e1, True), kernel=["poly", "rbf"]),
    "degree": when(whole(2, 5), kernel="poly"),
}
BAYES = {"smoothing": floating(1e-9, 1e1, True)}


def choose(learners):
    """A space and a builder: `learner`, and below it each one's parameters as `learner.name`."""
    space = {"learner": choice(*learners)}
    for learner, (parts, _) in learners.items():
        for name, spec in parts.items():
            conditions = [
                {**one, "parent": f"{learner}.{one['parent']}"} for one in spec["conditions"]
            ]
            conditions.append({"parent": "learner", "values": [learner]})
            space[f"{learner}.{name}"] = {**spec, "conditions": conditions}

    def model(p):
        learner = p["learner"]
        own = {
            name.removeprefix(f"{learner}."): value
            for name, value in p.items()
            if name.startswith(f"{learner}.")
        }
        return learners[learner][1](own)

    return space, model


CLASSIFIERS = {
    "svm": (PLATT, platt),
    "linear": (LINEAR_CLASSIFIER, linear_classifier),
    "neighbors": (NEIGHBORS, neighbors(KNeighborsClassifier)),
    "tree": (TREE, tree(DecisionTreeClassifier)),
    "trees": (CLASSIFICATION_TREES, trees(FORESTS)),
    "bayes": (BAYES, bayes),
}
REGRESSORS = {
    "svm": (SUPPORT_VECTOR_REGRESSION, support_vector_regression),
    "linear": (LINEAR_REGRESSION, linear_regression),
    "neighbors": (NEIGHBORS, neighbors(KNeighborsRegressor)),
    "trees": (REGRESSION_TREES, trees(REGRESSION_FORESTS)),
    "boosting": (BOOSTING, boosting(GradientBoostingRegressor)),
}
SMALL_CLASSIFIERS = {
    **{name: CLASSIFIERS[name] for name in ("svm", "trees")},
    "boosting": (BOOSTING, boosting(GradientBoostingClassifier)),
}

SUPER_TASKS = {
    "super-blobs": ("blobs", *choose(CLASSIFIERS)),
    "super-iris": ("iris", *choose(CLASSIFIERS)),
    "super-friedman": ("friedman", *choose(REGRESSORS)),
    "super-moons": ("moons", *choose(SMALL_CLASSIFIERS)),
}

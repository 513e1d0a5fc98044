"""Real trainings whose spaces depend on themselves: parameters of kernels, penalties, solvers."""

from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import ElasticNet, Lasso, Ridge, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from trainings_parameters import choice, flag, floating, ordered, when, whole

SCALERS = {"standard": StandardScaler, "range": MinMaxScaler, "none": lambda: "passthrough"}


def support_vector_regression(p):
    return make_pipeline(
        StandardScaler(),
        SVR(
            C=p["cost"],
            epsilon=p["epsilon"],
            kernel=p["kernel"],
            gamma=p.get("gamma", "scale"),
            degree=p.get("degree", 3),
            coef0=p.get("coef0", 0.0),
            # Some never converge otherwise.
            max_iter=10_000,
        ),
    )


def linear_classifier(p):
    return make_pipeline(
        SCALERS[p["scaling"]](),
        SGDClassifier(
            loss=p["loss"],
            penalty=p["penalty"],
            alpha=p["alpha"],
            l1_ratio=p.get("l1_ratio", 0.15),
            learning_rate=p["schedule"],
            eta0=p.get("rate", 0.01),
            power_t=p.get("power", 0.5),
            average=p["average"],
            max_iter=p["epochs"],
            tol=None,
            random_state=0,
        ),
    )


def linear_regression(p):
    model = {
        "ridge": lambda: Ridge(alpha=p["alpha"]),
        "lasso": lambda: Lasso(alpha=p["alpha"], max_iter=300),
        "both": lambda: ElasticNet(alpha=p["alpha"], l1_ratio=p["l1_ratio"], max_iter=300),
    }[p["penalty"]]()
    steps = [StandardScaler()]
    if p["powers"]:
        steps += [
            PolynomialFeatures(2, interaction_only=p["interactions"], include_bias=False),
            StandardScaler(),
        ]
    return make_pipeline(*steps, model)


def trees(classes):
    def model(p):
        kind = classes[p["kind"]]
        return kind(
            n_estimators=p["trees"],
            criterion=p["criterion"],
            max_depth=p.get("depth"),
            max_features=p["features"],
            min_samples_leaf=p["leaf"],
            bootstrap=p["bootstrap"],
            max_samples=p.get("share"),
            random_state=0,
        )

    return model


def histogram_boosting(p):
    return HistGradientBoostingClassifier(
        learning_rate=p["learning_rate"],
        max_iter=p["rounds"],
        max_leaf_nodes=p["leaves"],
        max_bins=p["bins"],
        min_samples_leaf=p["leaf"],
        l2_regularization=p["l2"],
        max_features=p["features"],
        early_stopping=p["stop_early"],
        validation_fraction=p.get("held_out", 0.1),
        n_iter_no_change=p.get("patience", 10),
        random_state=0,
    )


def neighbors(kind):
    def model(p):
        steps = [SCALERS[p["scaling"]]()]
        if p["reduce"]:
            steps.append(PCA(p["components"], random_state=0))
        return make_pipeline(
            *steps,
            kind(
                n_neighbors=p["neighbors"],
                weights=p["weights"],
                metric=p["metric"],
                p=p.get("power", 2),
                algorithm="brute",
            ),
        )

    return model


def network(p):
    return make_pipeline(
        StandardScaler(),
        MLPClassifier(
            hidden_layer_sizes=tuple(p[f"units_{i}"] for i in range(1, p["layers"] + 1)),
            activation=p["activation"],
            solver=p["solver"],
            alpha=p["weight_decay"],
            learning_rate_init=p.get("learning_rate", 0.001),
            batch_size=p.get("batch_size", "auto"),
            momentum=p.get("momentum", 0.9),
            nesterovs_momentum=p.get("nesterov", True),
            learning_rate=p.get("schedule", "constant"),
            beta_1=p.get("beta_1", 0.9),
            early_stopping=p.get("stop_early", False),
            n_iter_no_change=p.get("patience", 10),
            max_iter=15,
            random_state=0,
        ),
    )


def tree(kind):
    def model(p):
        return kind(
            criterion=p["criterion"],
            splitter=p["splitter"],
            max_depth=p["depth"],
            min_samples_split=p["split"],
            min_samples_leaf=p["leaf"],
            max_features=p["features"],
            ccp_alpha=p.get("pruning_strength", 0.0),
            random_state=0,
        )

    return model


SUPPORT_VECTOR_REGRESSION = {
    "cost": floating(1e-3, 1e3, True),
    "epsilon": floating(1e-3, 1e0, True),
    "kernel": choice("linear", "poly", "rbf", "sigmoid"),
    "gamma": when(floating(1e-5, 1e1, True), kernel=["poly", "rbf", "sigmoid"]),
    "degree": when(whole(2, 5), kernel="poly"),
    "coef0": when(floating(-1, 1), kernel=["poly", "sigmoid"]),
}
LINEAR_CLASSIFIER = {
    "loss": choice("log_loss", "modified_huber"),
    "scaling": choice("standard", "range", "none"),
    "penalty": choice("l1", "l2", "elasticnet"),
    "alpha": floating(1e-6, 1e0, True),
    "l1_ratio": when(floating(0, 1), penalty="elasticnet"),
    "schedule": choice("optimal", "constant", "invscaling", "adaptive"),
    "rate": when(floating(1e-5, 1e0, True), schedule=["constant", "invscaling", "adaptive"]),
    "power": when(floating(0.1, 1), schedule="invscaling"),
    "average": flag(),
    "epochs": whole(1, 40, True),
}
LINEAR_REGRESSION = {
    "penalty": choice("ridge", "lasso", "both"),
    "alpha": floating(1e-5, 1e3, True),
    "l1_ratio": when(floating(0, 1), penalty="both"),
    "powers": flag(),
    "interactions": when(flag(), powers=True),
}
TREES = {
    "kind": choice("forest", "extra"),
    "trees": whole(2, 24, True),
    "limit": flag(),
    "depth": when(whole(1, 20), limit=True),
    "features": floating(0.05, 1),
    "leaf": whole(1, 50, True),
    "bootstrap": flag(),
    "share": when(floating(0.1, 1), bootstrap=True),
}
REGRESSION_TREES = {"criterion": choice("squared_error", "friedman_mse"), **TREES}
CLASSIFICATION_TREES = {"criterion": choice("gini", "entropy"), **TREES}
HISTOGRAM_BOOSTING = {
    "learning_rate": floating(1e-3, 1e0, True),
    "rounds": whole(3, 40, True),
    "leaves": whole(2, 24, True),
    "bins": ordered(4, 8, 16, 32, 64, 128, 255),
    "leaf": whole(1, 50, True),
    "l2": floating(1e-6, 1e2, True),
    "features": floating(0.1, 1),
    "stop_early": flag(),
    "held_out": when(floating(0.05, 0.4), stop_early=True),
    "patience": when(whole(1, 20, True), stop_early=True),
}
NEIGHBORS = {
    "scaling": choice("standard", "range", "none"),
    "reduce": flag(),
    "components": when(whole(2, 40, True), reduce=True),
    "neighbors": whole(1, 60, True),
    "weights": choice("uniform", "distance"),
    "metric": choice("minkowski", "chebyshev", "cosine"),
    "power": when(floating(1, 5), metric="minkowski"),
}
NETWORK = {
    "layers": whole(1, 2),
    "units_1": whole(2, 64, True),
    "units_2": {**whole(2, 64, True), "conditions": [{"parent": "layers", "min": 2}]},
    "activation": choice("relu", "tanh", "logistic"),
    "weight_decay": floating(1e-7, 1e0, True),
    "solver": choice("adam", "sgd", "lbfgs"),
    "learning_rate": when(floating(1e-4, 1e0, True), solver=["adam", "sgd"]),
    "batch_size": when(ordered(16, 32, 64, 128), solver=["adam", "sgd"]),
    "beta_1": when(floating(0.5, 0.99), solver="adam"),
    "momentum": when(floating(0, 0.99), solver="sgd"),
    "nesterov": when(flag(), solver="sgd"),
    "schedule": when(choice("constant", "invscaling", "adaptive"), solver="sgd"),
    "stop_early": when(flag(), solver=["adam", "sgd"]),
    "patience": when(whole(1, 20, True), solver=["adam", "sgd"], stop_early=True),
}
TREE = {
    "criterion": choice("gini", "entropy"),
    "splitter": choice("best", "random"),
    "depth": whole(1, 30, True),
    "split": whole(2, 60, True),
    "leaf": whole(1, 60, True),
    "features": floating(0.05, 1),
    "prune": flag(),
    "pruning_strength": when(floating(1e-5, 1e-1, True), prune=True),
}

FORESTS = {"forest": RandomForestClassifier, "extra": ExtraTreesClassifier}
REGRESSION_FORESTS = {"forest": RandomForestRegressor, "extra": ExtraTreesRegressor}

CONDITIONAL_TASKS = {
    "svr-diabetes": ("diabetes", SUPPORT_VECTOR_REGRESSION, support_vector_regression),
    "linear-sparse": ("sparse", LINEAR_CLASSIFIER, linear_classifier),
    "linear-low_rank": ("low_rank", LINEAR_REGRESSION, linear_regression),
    "trees-friedman": ("friedman", REGRESSION_TREES, trees(REGRESSION_FORESTS)),
    "trees-small_digits": ("small_digits", CLASSIFICATION_TREES, trees(FORESTS)),
    "histogram-boosting-hastie": ("hastie", HISTOGRAM_BOOSTING, histogram_boosting),
    "neighbors-small_digits": ("small_digits", NEIGHBORS, neighbors(KNeighborsClassifier)),
    "network-moons": ("moons", NETWORK, network),
    "tree-blobs": ("blobs", TREE, tree(DecisionTreeClassifier)),
}

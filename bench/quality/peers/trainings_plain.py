"""Real trainings with plain or lightly conditional spaces."""

from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC

from trainings_parameters import choice, floating, when, whole


def ridge(p):
    return make_pipeline(
        StandardScaler(),
        PolynomialFeatures(p["degree"], include_bias=False),
        StandardScaler(),
        Ridge(alpha=p["alpha"]),
    )


def kernel_ridge(p):
    return make_pipeline(
        StandardScaler(),
        KernelRidge(
            alpha=p["alpha"],
            kernel=p["kernel"],
            gamma=p.get("gamma"),
            degree=p.get("degree", 3),
        ),
    )


def svm(p):
    return make_pipeline(
        StandardScaler(),
        SVC(
            C=p["cost"],
            kernel=p["kernel"],
            gamma=p.get("gamma", "scale"),
            degree=p.get("degree", 3),
            coef0=p.get("coef0", 0.0),
            # Some never converge otherwise.
            max_iter=20_000,
        ),
    )


def mlp(p):
    return make_pipeline(
        StandardScaler(),
        MLPClassifier(
            hidden_layer_sizes=(p["units"],) * p["layers"],
            activation=p["activation"],
            solver=p["solver"],
            learning_rate_init=p["learning_rate"],
            alpha=p["weight_decay"],
            batch_size=p["batch_size"],
            momentum=p.get("momentum", 0.9),
            max_iter=20,
            random_state=0,
        ),
    )


def boosting(kind):
    def model(p):
        return kind(
            learning_rate=p["learning_rate"],
            n_estimators=p["trees"],
            max_depth=p["depth"],
            subsample=p["subsample"],
            min_samples_leaf=p["leaf"],
            max_features=p["features"],
            random_state=0,
        )

    return model


def any_classifier(p):
    if p["model"] == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression(C=p["cost"], max_iter=200))
    if p["model"] == "neighbors":
        return make_pipeline(
            StandardScaler(),
            KNeighborsClassifier(n_neighbors=p["neighbors"], weights=p["weights"]),
        )
    if p["model"] == "boosting":
        return boosting(GradientBoostingClassifier)(p)
    return mlp({**p, "layers": 1, "activation": "relu", "solver": "adam", "batch_size": 32})


RIDGE = {"alpha": floating(1e-4, 1e5, True), "degree": whole(1, 3)}
KERNEL_RIDGE = {
    "alpha": floating(1e-5, 1e2, True),
    "kernel": choice("rbf", "laplacian", "polynomial"),
    "gamma": floating(1e-5, 1e1, True),
    "degree": when(whole(2, 4), kernel="polynomial"),
}
SVM = {
    "cost": floating(1e-3, 1e4, True),
    "kernel": choice("linear", "poly", "rbf", "sigmoid"),
    "gamma": when(floating(1e-5, 1e1, True), kernel=["poly", "rbf", "sigmoid"]),
    "degree": when(whole(2, 5), kernel="poly"),
    "coef0": when(floating(-1, 1), kernel=["poly", "sigmoid"]),
}
MLP = {
    "layers": whole(1, 3),
    "units": whole(8, 128, True),
    "activation": choice("relu", "tanh", "logistic"),
    "solver": choice("adam", "sgd"),
    "learning_rate": floating(1e-4, 1e-1, True),
    "momentum": when(floating(0, 0.99), solver="sgd"),
    "weight_decay": floating(1e-6, 1e0, True),
    "batch_size": whole(8, 128, True),
}
BOOSTING = {
    "learning_rate": floating(1e-3, 1e0, True),
    "trees": whole(5, 100, True),
    "depth": whole(1, 8),
    "subsample": floating(0.3, 1),
    "leaf": whole(1, 30, True),
    "features": floating(0.1, 1),
}
ANY = {
    "model": choice("logistic", "neighbors", "boosting", "network"),
    "cost": when(floating(1e-4, 1e3, True), model="logistic"),
    "neighbors": when(whole(1, 50, True), model="neighbors"),
    "weights": when(choice("uniform", "distance"), model="neighbors"),
    **{name: when(spec, model="boosting") for name, spec in BOOSTING.items() if name != "learning_rate"},
    "learning_rate": when(floating(1e-4, 1e0, True), model=["boosting", "network"]),
    "units": when(whole(8, 128, True), model="network"),
    "weight_decay": when(floating(1e-6, 1e0, True), model="network"),
}

PLAIN_TASKS = {
    "ridge-diabetes": ("diabetes", RIDGE, ridge),
    "kernel-ridge-diabetes": ("diabetes", KERNEL_RIDGE, kernel_ridge),
    "svm-digits": ("digits", SVM, svm),
    "svm-breast_cancer": ("breast_cancer", SVM, svm),
    "mlp-digits": ("digits", MLP, mlp),
    "mlp-wine": ("wine", MLP, mlp),
    "boosting-diabetes": ("diabetes", BOOSTING, boosting(GradientBoostingRegressor)),
    "boosting-breast_cancer": ("breast_cancer", BOOSTING, boosting(GradientBoostingClassifier)),
    "any-breast_cancer": ("breast_cancer", ANY, any_classifier),
    "any-wine": ("wine", ANY, any_classifier),
}

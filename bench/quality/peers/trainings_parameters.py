"""Parameters, in the form of `Space.fromJSON`."""


def floating(low, high, log=False):
    return {"kind": "float", "low": low, "high": high, "log": log, "step": None, "conditions": []}


def whole(low, high, log=False):
    return {"kind": "int", "low": low, "high": high, "log": log, "step": 1, "conditions": []}


def choice(*values):
    return {"kind": "choice", "choices": values, "conditions": []}


def when(parameter, **parents):
    conditions = [
        {"parent": parent, "values": values if isinstance(values, list) else [values]}
        for parent, values in parents.items()
    ]
    return {**parameter, "conditions": conditions}


def ordered(*values):
    return {"kind": "ordinal", "choices": values, "conditions": []}


def flag():
    return {"kind": "boolean", "conditions": []}

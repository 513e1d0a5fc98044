"""The search space as the peers see it.

Every parameter is brought to one of three kinds that all peers have: a real number, a whole
number, or a category. Steps and orders become whole numbers (their index), categories become the
codes "c0", "c1", ... Parameters with one value are left out and filled in again.
"""

import math


class Parameter:
    def __init__(self, spec):
        self.name = spec["name"]
        self.conditions = spec["conditions"]
        self.values = None
        self.log = bool(spec.get("log", False))
        kind = spec["kind"]
        if kind == "boolean":
            spec = {**spec, "choices": [False, True]}
        if kind in ("choice", "boolean"):
            self.kind = "category"
            self.values = spec["choices"]
            self.codes = [f"c{i}" for i in range(len(self.values))]
        elif kind == "ordinal":
            self.kind = "int"
            self.values = spec["choices"]
        elif spec.get("step") is not None and not (kind == "int" and spec["step"] == 1):
            self.kind = "int"
            count = round((spec["high"] - spec["low"]) / spec["step"])
            self.values = [
                min(spec["low"] + i * spec["step"], spec["high"]) for i in range(count + 1)
            ]
        else:
            self.kind = kind
        if self.kind != "category":
            self.low = 0 if self.values else spec["low"]
            self.high = len(self.values) - 1 if self.values else spec["high"]
        self.is_constant = (
            len(self.values) == 1 if self.kind == "category" else self.low == self.high
        )
        self.constant = None
        if self.is_constant:
            self.constant = self.values[0] if self.values else self.low

    def decode(self, raw):
        """The value that a peer's value stands for."""
        if self.is_constant:
            return self.constant
        if self.kind == "category":
            return self.values[self.codes.index(str(raw))]
        raw = min(max(float(raw), self.low), self.high)
        if self.kind == "int":
            raw = round(raw)
            return self.values[raw] if self.values else raw
        return raw


def satisfies(requirement, value):
    if "values" in requirement:
        return any(type(one) is type(value) and one == value for one in requirement["values"]) or (
            not isinstance(value, bool) and value in requirement["values"]
        )
    low, high = requirement.get("min", -math.inf), requirement.get("max", math.inf)
    return low <= value <= high


class Space:
    """The parameters, so that each stands after those it depends on."""

    def __init__(self, specs):
        self.parameters = [Parameter(spec) for spec in specs]
        self.by_name = {parameter.name: parameter for parameter in self.parameters}
        self.free = [parameter for parameter in self.parameters if not parameter.is_constant]
        self.is_conditional = any(parameter.conditions for parameter in self.parameters)

    def is_active(self, parameter, values):
        return all(
            requirement["parent"] in values
            and satisfies(requirement, values[requirement["parent"]])
            for requirement in parameter.conditions
        )

    def configuration(self, raw):
        """The configuration for a peer's values: decoded, inactive ones dropped."""
        values = {}
        for parameter in self.parameters:
            if self.is_active(parameter, values):
                values[parameter.name] = parameter.decode(raw.get(parameter.name))
        return values

    def allowed(self, requirement):
        """The raw values of a parent that satisfy a requirement: a list, or a range (low, high)."""
        parent = self.by_name[requirement["parent"]]
        if parent.kind == "category":
            return [
                code
                for code, value in zip(parent.codes, parent.values)
                if satisfies(requirement, value)
            ]
        if parent.kind == "int":
            return [
                raw
                for raw in range(int(parent.low), int(parent.high) + 1)
                if satisfies(requirement, parent.decode(raw))
            ]
        return (requirement.get("min", parent.low), requirement.get("max", parent.high))

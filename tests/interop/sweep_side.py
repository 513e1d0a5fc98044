"""Says what W&B's own schema finds wrong with a sweep: a list of texts as JSON."""

import json
import sys

import jsonschema
import yaml

with open(sys.argv[1]) as file:
    schema = json.load(file)
checker = jsonschema.FormatChecker()
# As sweeps/config/schema.py has them.
checker.checks("float")(lambda value: isinstance(value, float))
checker.checks("integer")(lambda value: isinstance(value, int))
with open(sys.argv[2]) as file:
    sweep = yaml.safe_load(file)
found = [
    f"{list(error.absolute_path)}: {error.message}"
    for error in jsonschema.Draft7Validator(schema, format_checker=checker).iter_errors(sweep)
]
# What it asks beyond the schema.
for name, one in sweep["parameters"].items():
    if "min" in one and "max" in one and one["min"] >= one["max"]:
        found.append(f"{name}: min is not less than max")
print(json.dumps(found))

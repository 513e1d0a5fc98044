"""What Python's Optuna sees in a journal, after it has gone on with each study in it: JSON on stdout."""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

optuna.logging.set_verbosity(optuna.logging.ERROR)
from optuna_dashboard._note import get_note_from_system_attrs

storage = JournalStorage(JournalFileBackend(sys.argv[1]))
seen = []
for name in optuna.get_all_study_names(storage):
    study = optuna.load_study(study_name=name, storage=storage)
    trials = [
        {
            "state": t.state.name,
            "params": t.params,
            "values": t.values and [repr(v) for v in t.values],
            "intermediate": {step: repr(v) for step, v in t.intermediate_values.items()},
            "fixed": t.system_attrs.get("fixed_params"),
            "seconds": t.duration and t.duration.total_seconds(),
        }
        for t in study.get_trials()
    ]
    attributes = storage.get_study_system_attrs(study._study_id)
    ids = [None, *(t._trial_id for t in study.get_trials())]
    notes = [get_note_from_system_attrs(attributes, trial_id)["body"] for trial_id in ids]
    trial = study.ask()
    trial.suggest_float("rate", 1e-5, 1.0, log=True)
    study.tell(trial, [1.0] * len(study.directions))
    seen.append({"name": name, "metric_names": study.metric_names, "directions": [d.name for d in study.directions], "notes": notes, "trials": trials})
print(json.dumps(seen))

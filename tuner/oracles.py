"""keras-tuner's oracles, with a journal of what they proposed and were told.

Their own files are not relied on: they are not written whole, and what they hold is less than
what happened. An oracle is a function of its seed and of the events so far; so a search is resumed
by telling a fresh one the same events in the same order.
"""

import tempfile

from keras_mnist.errors import StoreError
from tuner.journal import Journal
from tuner.quietly import kt
from tuner.space import Space

_KINDS = {
    "random": kt.oracles.RandomSearchOracle,
    "bayesian": kt.oracles.BayesianOptimizationOracle,
    "hyperband": kt.oracles.HyperbandOracle,
    "grid": kt.oracles.GridSearchOracle,
}
_FAILED = f"{kt.errors.FailedTrialError.__module__}.FailedTrialError: "  # before its reason
_NEVER = 10**9  # failed trials in a row that end a search: failure is data


class _Journaled:
    """Writes what happens into `journal`, an attribute set after construction."""

    journal: Journal | None = None

    @kt.synchronized
    def create_trial(self, tuner_id):
        """Return the next trial of the tuner `tuner_id`, or the one it left unfinished."""
        known = set(self.trials)
        trial = super().create_trial(tuner_id)
        if self.journal is not None and trial.trial_id in self.trials.keys() - known:
            values = dict(trial.hyperparameters.values)
            self.journal.append({"event": "created", "tuner": tuner_id, "values": values})
        return trial

    @kt.synchronized
    def end_trial(self, trial):
        """Take a finished trial's result."""
        super().end_trial(trial)
        if self.journal is not None:
            ended = self.trials[trial.trial_id]
            names = ended.metrics.metrics
            metrics = {name: ended.metrics.get_best_value(name) for name in names}
            number = self.start_order.index(trial.trial_id)
            event = {"event": "ended", "trial": number, "status": ended.status}
            message = (ended.message or "").strip().rpartition("\n")[2]  # of a traceback
            message = message.removeprefix(_FAILED)
            self.journal.append({**event, "metrics": metrics, "message": message})


def make_oracle(kind: str, objective: str, space: Space, trials: int, seed: int, epochs: int):
    """Return an oracle of a kind that knows `space`.

    Args:
        kind: `random`, `bayesian`, `hyperband` or `grid`.
        objective: `val_accuracy` or `val_loss`.
        space: what is searched.
        trials: how many at most; Hyperband has its own schedule, cut there.
        seed: of its random choices, from 1.
        epochs: of a whole training; Hyperband's first trials have fewer.
    """
    hyperparameters = kt.HyperParameters()
    space.declare(hyperparameters)
    direction = "max" if objective.endswith("accuracy") else "min"
    options = {"max_epochs": epochs} if kind == "hyperband" else {"max_trials": trials}
    oracle = type("Journaled" + kind.title(), (_Journaled, _KINDS[kind]), {})(
        objective=kt.Objective(objective, direction),
        seed=seed,
        hyperparameters=hyperparameters,
        tune_new_entries=True,
        max_consecutive_failed_trials=_NEVER,
        **options,
    )
    oracle.max_trials = trials
    oracle.verbose = 0
    oracle.scratch = tempfile.TemporaryDirectory()  # for keras-tuner's files, which nobody reads
    oracle._set_project_dir(oracle.scratch.name, "search")
    return oracle


def replay(oracle, journal: Journal) -> None:
    """Tell a fresh oracle what the journal says, then let it write there.

    Trials that were begun and not ended are begun again.

    Raises:
        StoreError: the oracle now proposes something else than it did.
    """
    for event in journal.events:
        if event["event"] == "created":
            values = dict(oracle.create_trial(event["tuner"]).hyperparameters.values)
            if values != event["values"]:
                raise StoreError(
                    "a search must be resumed with the versions it was begun with",
                    f"{values} where there was {event['values']}",
                    "Start anew with --fresh: stored runs are kept",
                )
        else:
            trial = oracle.trials[oracle.start_order[event["trial"]]]
            if event["metrics"]:
                oracle.update_trial(trial.trial_id, event["metrics"])
            trial.status, trial.message = event["status"], event["message"]
            oracle.end_trial(trial)
    begun = [trial.trial_id for trial in oracle.ongoing_trials.values()]
    oracle.ongoing_trials.clear()
    oracle._retry_queue.extend(reversed(begun))  # taken from its end
    oracle.journal = journal

"""keras-tuner's oracles, with a journal of what they proposed and were told.

Their own files are not relied on: they are not written whole, and what they hold is less than
what happened. An oracle is a function of its seed and of the events so far; so a search is resumed
by telling a fresh one the same events in the same order. Which tuner has a trial decides nothing.
"""

import copy
from collections.abc import Callable
from typing import Any

from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.base.metrics import more_is_better
from tuner.journal import REMEDY, Journal
from tuner.quietly import kt
from tuner.space import Space

_KINDS = {
    "random": kt.oracles.RandomSearchOracle,
    "bayesian": kt.oracles.BayesianOptimizationOracle,
    "hyperband": kt.oracles.HyperbandOracle,
    "grid": kt.oracles.GridSearchOracle,
}
_NEVER = 10**9  # failed trials in a row that end a search: failure is data


# What an oracle moves on while it looks for a proposal, even if it finds none.
_MOVED = ("_seed_state", "_populate_next", "_brackets", "_current_bracket", "_current_iteration")
_PROMOTED = "tuner/trial_id"  # a value of Hyperband's: the trial that is to be trained for longer


class Journaled(kt.Oracle):
    """Writes what happens into `journal`, an attribute set after construction.

    Attributes:
        journal: `None` as long as it is read.
        failure: why it could not be written. What it holds is then no longer what happened, so
            every further call raises this.
        max_trials: how many it may propose; always set here.
    """

    max_trials: int
    journal: Journal | None = None
    failure: StoreError | None = None

    def save(self):
        """Write nothing: nobody reads keras-tuner's files."""

    def _save_trial(self, trial):
        pass

    def populate_space(self, trial_id):
        """Propose values; where there are none now, be as if never asked.

        How often tuners ask in vain depends on time alone, and no replay could repeat it.
        """
        before = {name: copy.deepcopy(vars(self)[name]) for name in _MOVED if name in vars(self)}
        response = super().populate_space(trial_id)
        if response["status"] != "RUNNING":
            vars(self).update(before)
        elif "_populate_next" in before:  # the grid's: it would wait for what a trial declares anew
            vars(self)["_populate_next"].append(trial_id)
        return response

    @kt.synchronized
    def create_trial(self, tuner_id):
        """Return the next trial of the tuner `tuner_id`, or the one it left unfinished."""
        if self.failure:
            raise self.failure
        begun = len(self.start_order)
        trial = super().create_trial(tuner_id)
        if len(self.start_order) > begun:
            values = dict(trial.hyperparameters.values)
            self._note({"event": "created", "tuner": tuner_id, "values": values})
        return trial

    @kt.synchronized
    def end_trial(self, trial):
        """Take a finished trial's result; where two tuners trained it, the first one's.

        After a resume a trial that was begun is given to whoever asks first, and the tuner that
        had it, on another machine, may still be at it.
        """
        if self.failure:
            raise self.failure
        if trial.trial_id in self.end_order:
            return
        if trial.trial_id in self._retry_queue:
            self._retry_queue.remove(trial.trial_id)
        super().end_trial(trial)
        ended = self.trials[trial.trial_id]
        names = ended.metrics.metrics
        metrics = {name: ended.metrics.get_best_value(name) for name in names}
        number = self.start_order.index(trial.trial_id)
        event = {"event": "ended", "trial": number, "status": ended.status}
        message = (ended.message or "").strip().rpartition("\n")[2]  # of a traceback
        self._note({**event, "metrics": metrics, "message": message})

    def _note(self, event: dict) -> None:
        if self.journal is None:
            return
        try:
            self.journal.append(event)
        except StoreError as error:
            self.failure = error
            raise


def make_oracle(
    kind: str, objective: str, space: Space, trials: int, seed: int, epochs: int
) -> Journaled:
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
    direction = "max" if more_is_better(objective) else "min"
    options: dict[str, Any] = (
        {"max_epochs": epochs} if kind == "hyperband" else {"max_trials": trials}
    )
    oracle = type("Journaled" + kind.title(), (Journaled, _KINDS[kind]), {})(
        objective=kt.Objective(objective, direction),
        seed=seed,
        hyperparameters=hyperparameters,
        tune_new_entries=True,
        max_consecutive_failed_trials=_NEVER,
        **options,
    )
    oracle.max_trials = trials
    oracle.verbose = 0
    return oracle


def replay(
    oracle: Journaled,
    journal: Journal,
    require: Callable[[int, dict, float], None] = lambda number, values, score: None,
) -> None:
    """Tell a fresh oracle what the journal says, then let it write there.

    Trials that were begun and not ended are begun again, by whichever tuners ask first. Until
    they all are, nothing new is proposed; so at each proposal the trials at work were those begun
    and not ended, and the journal need not say who had them.

    Args:
        oracle: from `make_oracle`.
        journal: of the search.
        require: called with each completed trial's number, from 1, values and score, before the
            oracle is told of it; it raises where these cannot be.

    Raises:
        ExperimentError: the oracle may not propose as many trials as were begun.
        StoreError: it now proposes something else than it did, or the journal is damaged.
    """
    events = journal.checked(oracle.objective.name)
    begun = sum(event["event"] == "created" for event in events)
    if begun > oracle.max_trials:
        raise ExperimentError(
            "--trials must be at least as many as the search has begun",
            f"{oracle.max_trials}, {begun} begun",
            f"Ask for --trials {begun}, or start anew with --fresh",
        )
    for event in events:
        if event["event"] == "created":
            _propose(oracle, event["values"])
        else:
            _end(oracle, event, require)
    oracle.ongoing_trials.clear()
    oracle.tuner_ids.clear()  # else a chief waits until all of them have come back
    left = [name for name in oracle.start_order if name not in oracle.end_order]
    oracle._retry_queue.extend(reversed(left))  # taken from its end
    oracle.journal = journal


def _propose(oracle: Journaled, expected: dict) -> None:
    # A tuner of its own for each trial: one that has a trial would be given that again.
    trial = oracle.create_trial(f"of trial {len(oracle.start_order)}")
    values = dict(trial.hyperparameters.values)
    if _unpadded(values) != _unpadded(expected):
        raise StoreError(
            "a search must be resumed with the versions it was begun with",
            f"{values} where there was {expected}",
            REMEDY,
        )


def _unpadded(values: dict) -> dict:
    """Return values that do not tell 7 from 007: the zeros come from the number of trials."""
    if _PROMOTED not in values:
        return values
    return {**values, _PROMOTED: str(values[_PROMOTED]).lstrip("0")}


def _end(oracle: Journaled, event: dict, require: Callable) -> None:
    trial = oracle.trials[oracle.start_order[event["trial"]]]
    if event["status"] == "COMPLETED" and trial.trial_id not in oracle.end_order:
        score = event["metrics"][oracle.objective.name]
        require(event["trial"] + 1, dict(trial.hyperparameters.values), score)
    if event["metrics"]:
        oracle.update_trial(trial.trial_id, event["metrics"])
    trial.status, trial.message = event["status"], event["message"]
    oracle.end_trial(trial)

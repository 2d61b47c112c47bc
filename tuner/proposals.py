"""What an oracle proposes, trained: any number of trials at once, over one executor of runs."""

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from keras_mnist.base.errors import Unbuildable
from keras_mnist.reporting.announce import say
from keras_mnist.reporting.console import told_aside
from keras_mnist.runs import RunRecord
from keras_mnist.runs.plan import Plan, Run
from keras_mnist.runs.run_all import Watcher, run_all
from keras_mnist.runs.trial import Trial
from tuner.cluster import GIVE_UP
from tuner.trials import Setting, trial_of

ALONE = ("tuner0",)  # what the oracle knows one trial at a time as
_POLL = 0.2  # seconds


@dataclass
class _Begun:
    """A trial that has begun: keras-tuner's, and its runs, or why it has none."""

    theirs: Any
    runs: list[Run] = field(default_factory=list)
    failure: str = ""

    @property
    def values(self) -> dict:
        """What the oracle proposed."""
        return dict(self.theirs.hyperparameters.values)


class Proposals(Watcher):
    """Begins trials as others end, so that as many are at work as there are tuners.

    Trials are ended in the order in which they began, and after each end, and at no other time, the
    next is asked for. So what an oracle knows when it proposes depends on how many are at once, and
    not on which runs happen to be faster.

    Args:
        oracle: from `make_oracle`, after `replay`; or the way to a chief's.
        setting: of the search.
        plan: of no runs; it grows.
        tell: called with each finished `Trial`.
        tuners: by which names the oracle knows the trials at work.
    """

    def __init__(
        self,
        oracle,
        setting: Setting,
        plan: Plan,
        tell: Callable[[Trial], object],
        tuners: Sequence[str],
    ):
        self._oracle, self._setting, self._plan, self._tell = oracle, setting, plan, tell
        self._tuners = deque(tuners)  # first the one whose trial, if it has any, began first
        self._at_work: deque[_Begun] = deque()
        self._over = False  # all trials have begun
        self._waits = False  # or no other may, until one has ended
        # Those at work have none. A run that two trials share is done once.
        self._records: dict[Run, RunRecord | None] = {}

    def told(self, message: str) -> None:
        """Show what a person should know of the workers."""
        say([message], told_aside())

    def finished(self, run: Run, record: RunRecord, output: str) -> None:
        """Take in a stored record."""
        self._records[run] = record

    def following(self) -> list[Run]:
        """End what can be ended, begin others in their place, and return the runs of these."""
        missing: list[Run] = []
        while True:
            if not self._waits and len(self._at_work) < len(self._tuners):
                missing += self._ask()
            elif self._at_work and all(map(self._records.get, self._at_work[0].runs)):
                self._end(self._at_work.popleft())
                self._waits = self._over
            elif self._at_work or self._over:
                return missing
            else:  # the oracle waits for the trials of other workers
                time.sleep(_POLL)
                self._waits = False

    def _ask(self) -> list[Run]:
        trial = self._oracle.create_trial(self._tuners[0])
        self._over = trial.status == "STOPPED"
        self._waits = trial.status in ("STOPPED", "IDLE")
        if self._waits:
            return []
        self._tuners.rotate(-1)
        return self._begin(trial)

    def _begin(self, trial) -> list[Run]:
        begun = _Begun(trial)
        self._at_work.append(begun)
        if os.environ.pop(GIVE_UP, ""):
            begun.failure = "its worker died over it again and again"
            return []
        try:
            experiment = self._setting.learned(begun.values)
        except Unbuildable as error:  # the trial's fault alone
            begun.failure = str(error)
            return []
        begun.runs = [(experiment, seed) for seed in self._setting.seeds]
        new = [run for run in begun.runs if run not in self._records]
        missing = self._plan.want(experiment, experiment.name, [seed for _, seed in new])
        self._records |= {run: self._plan.stored.get(run) for run in new}
        return missing

    def _end(self, begun: _Begun) -> None:
        trial, number = begun.theirs, int(begun.theirs.trial_id) + 1
        records = [record for run in begun.runs if (record := self._records[run])]
        result = trial_of(self._setting, number, begun.values, records, begun.failure)
        self._tell(result)
        if result.scores:
            objective = {self._setting.objective: result.summary.mean}
            self._oracle.update_trial(trial.trial_id, objective)
            trial.status = "COMPLETED"
        else:
            trial.status, trial.message = "FAILED", result.reason
        self._oracle.end_trial(trial)


def search(
    oracle,
    setting: Setting,
    tell: Callable[[Trial], object] = lambda trial: None,
    tuners: Sequence[str] = ALONE,
) -> None:
    """Run the trials that are left.

    Args:
        oracle, setting, tell, tuners: as of `Proposals`.

    Raises:
        KerasMnistError: what is no trial's fault, such as a full disk.
    """
    plan = setting.plan()
    proposals = Proposals(oracle, setting, plan, tell, tuners)
    if proposals.following():  # the plan has them
        run_all(plan, proposals)

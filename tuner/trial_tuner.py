"""keras-tuner's side of a search: its tuner, which asks the oracle and has trials trained."""

import os
from collections.abc import Callable

from keras_mnist.base.errors import Unbuildable
from keras_mnist.experiment import Experiment
from keras_mnist.runs.trial import Trial
from tuner.cluster import GIVE_UP
from tuner.quietly import kt
from tuner.trials import Setting, trial_of


class _Proposals(kt.HyperModel):
    """What keras-tuner calls a hypermodel; ours builds experiments, which train themselves."""

    def __init__(self, setting: Setting):
        super().__init__()
        self._setting = setting

    def build(self, hp) -> Experiment:
        """Return the experiment that `hp` stands for."""
        self._setting.space.declare(hp)
        return self._setting.experiment(hp.values)


class TrialTuner(kt.engine.base_tuner.BaseTuner):
    """Runs an oracle's trials.

    Stock tuners train one network a trial through `fit`, keep the mean of repetitions alone, and
    import TensorBoard. This one takes explicit seeds and keeps every run.

    Args:
        oracle: from `make_oracle`, after `replay`.
        setting: of the search.
        tell: called with each finished `Trial`.
    """

    def __init__(self, oracle, setting: Setting, tell: Callable[[Trial], object]):
        self._setting, self._tell, self._proposals = setting, tell, _Proposals(setting)
        super().__init__(oracle, self._proposals, oracle.scratch.name, "search")

    def run_trial(self, trial, *args, **kwargs) -> dict:
        """Train a trial and return the objective.

        Raises:
            FailedTrialError: a run did not complete.
            FatalError: anything else; its cause ends the search.
        """
        if os.environ.pop(GIVE_UP, ""):
            raise kt.errors.FailedTrialError("its worker died over it again and again")
        number, values = int(trial.trial_id) + 1, dict(trial.hyperparameters.values)
        try:
            experiment = self._proposals.build(trial.hyperparameters)
            reason, records = "", []
            try:
                records = self._setting.records(experiment)
            except Unbuildable as error:  # the trial's fault alone
                reason = str(error)
            result = trial_of(self._setting, number, values, records, reason)
            self._tell(result)
        except Exception as error:  # a full disk, say: keras-tuner would call the trial invalid
            raise kt.errors.FatalError(str(error)) from error
        if not result.scores:
            raise kt.errors.FailedTrialError(result.reason)
        return {self._setting.objective: result.summary.mean}


def search(oracle, setting: Setting, tell: Callable[[Trial], object] = lambda trial: None) -> None:
    """Run the trials that are left.

    Args:
        oracle, setting, tell: as of `TrialTuner`.

    Raises:
        KerasMnistError: what is no trial's fault, such as a full disk.
    """
    try:
        TrialTuner(oracle, setting, tell).search()
    except kt.errors.FatalError as error:
        raise (error.__cause__ or error) from None

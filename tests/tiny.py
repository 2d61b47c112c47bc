"""The smallest study, of four runs, and a task that takes the place of training it."""

import time
from functools import partial

from keras_mnist import Experiment, Study
from keras_mnist.runs import RunRecord
from keras_mnist.runs.executors import task

TINY = Experiment().change(width=16, epochs=2, batch_size=32)
STUDY = Study.of(TINY, {"dropout": [0.0]}, seeds=(0, 1))
WILD = 1000.0  # a learning rate at which a run diverges


def wanted(study, dataset) -> dict:
    """What a plan takes of a study."""
    study = study.on(dataset)
    return {experiment: (label, study.seeds) for experiment, label in study.labels.items()}


def stand_in(experiment, seed, pause=0.0) -> RunRecord:
    """What becomes of a run matters, not its bits: nothing is compiled."""
    emit, dataset = task._state["emit"], task._state["dataset"]
    losses = [1 / epoch for epoch in range(1, experiment.fit.epochs + 1)]
    for epoch, loss in enumerate(losses, 1):
        emit((epoch, {"train_loss": loss, "val_loss": loss}))
        time.sleep(pause)
    wild, last = experiment.fit.learning_rate == WILD, losses[-1]
    return RunRecord(
        experiment,
        seed,
        dataset.identity,
        "diverged" if wild else "completed",
        "the training loss was not finite in the last epoch" if wild else "",
        metrics={"train_loss": last, "val_loss": last, "gap": 0.0, "test_accuracy": 0.5},
        history={"train_loss": losses, "val_loss": losses},
        parameters=experiment.parameters,
    )


slow = partial(stand_in, pause=0.5)  # long enough to be killed meanwhile

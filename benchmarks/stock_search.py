"""The search over width and dropout as keras-tuner's guide has it: `RandomSearch` through `fit`.

What `search_time.py` holds against `python -m tuner.search`: one process, all threads, Keras's
defaults. It needs the package `tensorboard`, which `RandomSearch` imports for every trial.
"""

import argparse
import json
import tempfile
from pathlib import Path

from plain_models import plain_mlp, scaled


def build(hp):
    """Return the compiled MLP that keras-tuner's `hp` stands for."""
    width = hp.Int("width", 32, 2048, sampling="log")
    return plain_mlp(width=width, dropout=hp.Float("dropout", 0.0, 0.6, step=0.01))


def main() -> None:
    """Search and write each trial's values."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, required=True, metavar="N")
    parser.add_argument("--seeds", type=int, required=True, metavar="N", help="runs a trial")
    parser.add_argument("--epochs", type=int, required=True, metavar="N")
    parser.add_argument("--json", type=Path, required=True, metavar="PATH")
    options = parser.parse_args()

    import keras_tuner

    from keras_mnist.data import find_data

    data = find_data("mnist")
    with tempfile.TemporaryDirectory() as folder:
        tuner = keras_tuner.RandomSearch(
            build,
            objective="val_accuracy",
            max_trials=options.trials,
            executions_per_trial=options.seeds,
            seed=1,
            directory=folder,
        )
        tuner.search(
            scaled(data.x_train),
            data.y_train,
            batch_size=128,
            epochs=options.epochs,
            validation_split=0.2,
            verbose=0,
        )
    trials = [tuner.oracle.trials[name] for name in tuner.oracle.start_order]
    done = [trial for trial in trials if trial.status == "COMPLETED"]
    options.json.write_text(json.dumps([trial.hyperparameters.values for trial in done]))


if __name__ == "__main__":
    main()

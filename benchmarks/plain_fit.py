"""The ablation of the activation as a plain script: eight runs, one after another, by `fit`.

What `cold_start.py` holds against `python -m keras_mnist.ablate --no-relu`: one process, all
threads, Keras's defaults.
"""

from plain_models import plain_mlp, scaled
from plain_script import asked, leave


def main() -> None:
    """Train, print the test accuracies and write them."""
    options = asked(__doc__)

    import keras

    from keras_mnist.data import find_data

    data = find_data("mnist")
    x_train, x_test = scaled(data.x_train), scaled(data.x_test)
    accuracies = {}
    for activation in ("relu", "linear"):
        for seed in range(options.seeds):
            keras.utils.set_random_seed(seed)
            model = plain_mlp(activation)
            model.fit(
                x_train,
                data.y_train,
                batch_size=128,
                epochs=options.epochs,
                validation_split=0.2,
                verbose=0,
            )
            _, accuracy = model.evaluate(x_test, data.y_test, verbose=0)
            accuracies.setdefault(activation, []).append(accuracy)
    leave(accuracies, options.json)


if __name__ == "__main__":
    main()

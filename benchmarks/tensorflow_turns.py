"""What the workers of `throughput.py` do in TensorFlow: the package, Keras's `fit`.

Each function takes the arguments of `contestants.work` from `model` on and returns a turn.
"""

from contestants import EXPERIMENTS, TEST_BATCH
from plain_models import PLAIN_MODELS, scaled


def tensorflow(threads: int) -> dict:
    """Keep TensorFlow to one thread if that is asked for; return the environment."""
    from keras_mnist.training.environment import environment
    from keras_mnist.training.run import use_one_thread

    if threads == 1:
        use_one_thread()
    return environment()


def ours(model: str, dataset, epochs: int):
    """Return a turn of the package's own trainer; its value is the training accuracy."""
    from keras_mnist.training.trainer import Trainer

    trainer = Trainer(EXPERIMENTS[model].change(epochs=epochs), dataset)
    return lambda seed, gate: trainer.run(seed, gate).history["train_accuracy"][-1]


def fit(model: str, dataset, epochs: int, steps_per_execution: int):
    """Return a turn of Keras's `fit`; its value is the training accuracy."""
    import keras

    experiment = EXPERIMENTS[model]
    form = experiment.pixels.normalize, experiment.pixels.side
    train = scaled(dataset.x_train, *form), dataset.y_train.astype("int32")
    test = scaled(dataset.x_test, *form), dataset.y_test.astype("int32")
    network = PLAIN_MODELS[model](steps_per_execution=steps_per_execution)
    network.optimizer.build(network.trainable_variables)
    variables = network.variables + network.optimizer.variables
    start = [variable.numpy() for variable in variables]

    def turn(seed, gate):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        callback = keras.callbacks.Callback()
        callback.on_epoch_end = lambda epoch, logs=None: gate(epoch + 1)
        history = network.fit(
            *train,
            batch_size=experiment.fit.batch_size,
            epochs=epochs,
            verbose=0,
            callbacks=[callback],
            validation_data=test,  # measured before the callback is called
            validation_batch_size=TEST_BATCH,
        )
        return history.history["accuracy"][-1]

    return turn

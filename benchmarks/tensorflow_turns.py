"""What the workers of `throughput.py` do in TensorFlow: the package, Keras's `fit`.

Each function takes the arguments of `processes.take_turns` from `case` on and returns a turn.
"""

from cases import CASES, TEST_BATCH
from plain_models import inputs_of, plain_network


def tensorflow(threads: int) -> dict:
    """Keep TensorFlow to one thread if that is asked for; return the environment."""
    from keras_mnist.training.environment import environment
    from keras_mnist.training.run import use_one_thread

    if threads == 1:
        use_one_thread()
    return environment()


def ours(name: str, dataset, epochs: int):
    """Return a turn of the package's own trainer; its value is the training accuracy."""
    from keras_mnist.training import trainer

    if CASES[name].ordinary:
        trainer.build = plainly_built(name)
    trained = trainer.Trainer(CASES[name].experiment.change(epochs=epochs), dataset)
    return lambda seed, gate: trained.run(seed, gate).history["train_accuracy"][-1]


def plainly_built(name: str):
    """Return what stands in for the package's `build`, so that it trains a plain network."""
    from keras_mnist.base.backend import keras

    def build(experiment, seed: int, precision: str = "float32"):
        keras.utils.set_random_seed(seed)
        return plain_network(name)

    return build


def keras_loss(experiment):
    """Return the experiment's loss as `compile` takes it."""
    from keras_mnist.base.backend import tf
    from keras_mnist.training.losses import LOSSES

    kind = experiment.value("loss")
    if kind == "crossentropy":
        return "sparse_categorical_crossentropy"
    # Keras hands labels over as floats.
    return lambda labels, said: LOSSES[kind](tf.cast(tf.reshape(labels, [-1]), tf.int32), said)


def fit(name: str, dataset, epochs: int, steps_per_execution: int, jit_compile: bool):
    """Return a turn of Keras's `fit`; its value is the training accuracy."""
    import keras

    from keras_mnist.training.optimizers import make_optimizer

    experiment = CASES[name].experiment
    train = inputs_of(experiment, dataset.x_train), dataset.y_train.astype("int32")
    test = inputs_of(experiment, dataset.x_test), dataset.y_test.astype("int32")
    network = plain_network(name)
    network.compile(
        optimizer=make_optimizer(experiment.fit),
        loss=keras_loss(experiment),
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
        jit_compile=jit_compile,
    )
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
            batch_size=experiment.value("batch_size"),
            epochs=epochs,
            verbose=0,
            callbacks=[callback],
            validation_data=test,  # measured before the callback is called
            validation_batch_size=TEST_BATCH,
        )
        return history.history["accuracy"][-1]

    return turn

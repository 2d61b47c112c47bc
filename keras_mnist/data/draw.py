"""A test part drawn from data that have none, once, by a seed that every record holds."""

from dataclasses import replace

from keras_mnist.base.checks import as_python, number
from keras_mnist.base.errors import DataError
from keras_mnist.data.found import Found
from keras_mnist.experiment.order import stratified_order

SEED = 0


def with_test_part(found: Found, share: float | None, origin: str) -> Found:
    """Return four arrays: those that were found or, where no test part was, one drawn from them.

    Each class keeps its share in both parts. What is left to train on is in the order that was
    drawn, so that its last part, which is held out, shows every class too.

    Args:
        found: arrays with or without a test part.
        share: of the examples in the test part, in (0, 1); `None`: draw none.
        origin: whose they are, for messages.

    Raises:
        DataError: there is no test part and no share, or both.
        ExperimentError: the share is no such number.
    """
    if not found.missing:
        if share is not None:
            raise DataError(
                "--test-split must go with data that have no test part",
                f"{origin}, which has one",
                "Leave it out: that part is taken",
            )
        return found
    if share is None:
        raise DataError(
            f"{origin} must hold a test part, x_test and y_test",
            "only examples to train on",
            "Have one drawn, the same for every run: --test-split 0.2 (from Python: "
            "as_dataset(..., test_split=0.2))",
        )
    share = as_python(share)
    number("--test-split", share, 0, 1, "()")
    x, y = found.arrays["x_train"], found.arrays["y_train"]
    if len(x) != len(y):
        arrays = {**found.arrays, "x_test": x[:1], "y_test": y[:1]}  # refused with the rest
        return replace(found, arrays=arrays)
    count = round(len(x) * share)
    if not 0 < count < len(x):
        raise DataError(
            f"both parts of {origin} must keep at least one example",
            f"{len(x):,} of them, with --test-split {share:g}",
        )
    rows = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.reshape(len(y))
    order = stratified_order(rows, SEED)
    train, test = order[:-count], order[-count:]
    arrays = {"x_train": x[train], "y_train": y[train], "x_test": x[test], "y_test": y[test]}
    told = f"{count:,} test examples drawn by seed {SEED}, {share:g} of each class"
    return replace(found, arrays=arrays, told=[*found.told, told])

"""Whether a record's figures agree with one another, and with what it says of itself.

A record that was edited, or put together from two, is not a run's: nobody may rest on it.
"""

from keras_mnist.experiment.stopping import best_of, end_of
from keras_mnist.runs.said import unpacked

# Of the canonical MNIST, for records that do not yet say how many images their figures are of.
CANONICAL_IMAGES = {"train": 60_000, "test": 10_000}
LARGEST_COUNT = 2**40


def require_consistent(record) -> None:
    """Check that a record's figures are those of its own history.

    Args:
        record: whose numbers are known to be numbers in their ranges.

    Raises:
        ValueError: the history is not of every epoch; the last epoch's figures, or the best one's,
            are not those of the history; the best epoch is none of the history's, or not the best;
            an accuracy is no multiple of one image; there are more class names than classes; what
            was said of the test images is not what the accuracy counts.
    """
    if (names := record.data.get("class_names")) and len(names) != record.experiment.data.classes:
        raise ValueError(f"{len(names)} class names")
    metrics, history = record.metrics, record.history
    epochs = _epochs(record)
    if epochs:
        _same("the last epoch's", metrics, history, _end(record))
    best = metrics.get("best_epoch")
    if best is not None:
        if best not in range(1, epochs + 1):
            raise ValueError(f"a best epoch of {best!r}")
        losses = history.get("val_loss", [])
        if any(loss is not None for loss in losses) and best_of(losses) != int(best) - 1:
            raise ValueError(f"a best epoch, {int(best)}, that is not the best")
        chosen = {
            name.removeprefix("best_"): value
            for name, value in metrics.items()
            if name.startswith("best_")
        }
        _same("the best epoch's", chosen, history, int(best) - 1)
    counts = _counts(record)
    for name, values in {**{n: [v] for n, v in metrics.items()}, **history}.items():
        split = name.removeprefix("best_").removeprefix("plain_").removesuffix("_accuracy")
        if name.endswith("_accuracy") and split in counts:
            _whole(name, values, counts[split])
    if record.said:
        _require_said(record, counts)


def _require_said(record, counts: dict[str, int]) -> None:
    """Raise unless what was said of the test images is of so many, and of so many right ones."""
    beyond = unpacked(record.said)
    if beyond.max(initial=0) >= record.experiment.data.classes:
        raise ValueError("an answer of no class")
    if len(beyond) != counts.get("test"):
        raise ValueError(f"answers to {len(beyond):,} test images")
    right = int((beyond == 0).sum())
    if round(record.metrics.get("test_accuracy", -1) * len(beyond)) != right:
        raise ValueError(f"{right:,} right answers of {len(beyond):,}, another accuracy")


def _epochs(record) -> int:
    """Return how many epochs the history is of.

    All of them, or as many as patience lasted; fewer if the run diverged.
    """
    asked, lengths = record.experiment.fit.epochs, {len(s) for s in record.history.values()}
    (epochs,) = lengths if len(lengths) == 1 else (0,)
    end = end_of(record.experiment.fit.patience, record.history.get("val_loss", [])) or asked
    if len(lengths) > 1 or epochs > end or end > asked or (record.completed and epochs != end):
        raise ValueError(f"a history of {sorted(lengths)} of {min(end, asked)} epochs")
    return epochs


def _end(record) -> int:
    """Return the index of the epoch whose figures are the run's: the last, or the one restored."""
    restored = record.completed and record.experiment.fit.restores
    return int(record.metrics["best_epoch"]) - 1 if restored else -1


def _same(whose: str, metrics: dict, history: dict, epoch: int) -> None:
    for name, series in history.items():
        if name in metrics and metrics[name] != series[epoch]:
            raise ValueError(f"{whose} {name} is {metrics[name]!r}, not {series[epoch]!r}")
    val, train = metrics.get("val_loss"), metrics.get("train_loss")
    if val is not None and train is not None:
        gap = val - train
        if metrics.get("gap", gap) != gap:
            raise ValueError(f"{whose} gap is {metrics['gap']!r}, not {gap!r}")


def _counts(record) -> dict[str, int]:
    """Return how many images each accuracy is a share of, as far as that is known."""
    images = record.data.get("images")
    if images is None and record.data.get("canonical") is True:
        images = CANONICAL_IMAGES
    if images is None:
        return {}
    for name in ("train", "test"):
        if type(images[name]) is not int or not 0 < images[name] < LARGEST_COUNT:
            raise ValueError(f"{images[name]!r:.40} {name} images")
    train, held_out = record.experiment.data.split(images["train"])
    return {"train": train, "val": held_out, "test": images["test"]}


def _whole(name: str, values: list, count: int) -> None:
    for value in values:
        if value is not None and round(value * count) / count != value:
            raise ValueError(f"a {name} of {value!r} is no whole number of {count:,} images")

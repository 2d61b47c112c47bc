"""A network and the card that lies beside it: they must be of one another."""

from pathlib import Path

from keras_mnist.base.checksum import sha256_of
from keras_mnist.base.errors import StoreError, shown
from keras_mnist.serving.card import FILE, Card, card_beside, network_files
from keras_mnist.serving.classifier import Classifier, load_classifier
from keras_mnist.serving.formats import FILES


def load_with_card(path: Path) -> tuple[Classifier, Card | None]:
    """Load an exported network, and the card that lies beside it if one does.

    Args:
        path: as `load_classifier` takes it.

    Raises:
        StoreError: there is no such network; what lies there as its card is none, or another's.
        ExperimentError: the format's package is not installed.
    """
    card = card_beside(path)
    if card is None:
        return load_classifier(path), None
    require_files(card, path if path.is_dir() else path.parent)
    classifier = load_classifier(path)
    name = path.name if path.is_file() else FILES[classifier.format]
    if card.files and name not in card.files:
        raise _apart(path, f"{name}, none of its {shown(', '.join(card.files))}")
    data = card.record.experiment.data
    for what, ours, theirs in (
        ("classes", classifier.classes, data.classes),
        ("shape", classifier.shape, data.shape),
        ("dtype", classifier.dtype, data.dtype),
    ):
        if ours != theirs:
            raise _apart(path, f"a network whose {what} is {ours}, {theirs} on the card")
    return classifier, card


def require_files(card: Card, folder: Path) -> None:
    """Check that the files of a card's folder are those that it is of, as far as they are there.

    Raises:
        StoreError: one of them is another.
    """
    there = network_files(folder)
    for name in sorted(there.keys() & card.files.keys()):
        if there[name] != card.files[name]:
            told = f"{there[name]:,} bytes, {card.files[name]:,} on the card"
            raise _apart(folder / name, told)
        try:
            digest = sha256_of(folder / name) if name in card.sha256 else None
        except OSError as error:
            raise _apart(folder / name, error) from None
        if digest != card.sha256.get(name):
            raise _apart(folder / name, "a file with another SHA-256")


def _apart(path: Path, received: object) -> StoreError:
    remedy = f"Export it anew, or move the {FILE} away, with what it says of classes and columns"
    return StoreError(f"{path} must be what the {FILE} beside it is of", received, remedy)

"""What people call their arrays and files: which of the four one is, as far as its name says."""

import re

from keras_mnist.base.errors import DataError

ROLES = {
    **dict.fromkeys(("x", "images", "image", "imgs", "img", "data", "features", "inputs"), "x"),
    **dict.fromkeys(("y", "labels", "label", "targets", "target", "classes", "class"), "y"),
}
PARTS = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("test", "testing", "t10k", "te"), "test"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
}

_OF_FORM = re.compile(r"idx\d|ubyte|byte|int|gz")


def part_of(name: str) -> str | None:
    """Return `train`, `test` or `val` where a name says one of them, and no other."""
    found = {PARTS[word] for word in _words(name) if word in PARTS}
    return found.pop() if len(found) == 1 else None


def array_of(name: str) -> str | None:
    """Return `x_train`, `y_test`, ... for a name that says that; `train-images`: `x_train`.

    Where it says no part, it is of the training part.
    """
    words = _words(name)
    roles = {ROLES[word] for word in words if word in ROLES}
    parts = {PARTS[word] for word in words if word in PARTS}
    if len(roles) != 1 or len(parts) > 1:
        return None
    return f"{roles.pop()}_{parts.pop() if parts else 'train'}"


def sorted_out(
    names, whose, remedy: str = "Leave one of them out"
) -> tuple[dict[str, str], list[str]]:
    """Return by array which of the names it has, and the names that are of none.

    Args:
        names: of arrays or files.
        whose: what they lie in, for messages.
        remedy: what to do where two are the same.

    Raises:
        DataError: two say that they are the same.
    """
    found: dict[str, str] = {}
    others = []
    for name in names:
        array = array_of(name)
        if array is None or array.endswith("val"):
            others.append(name)
        elif array in found:
            raise DataError(
                f"{whose} must hold one {array}",
                f"{found[array]} and {name}",
                remedy,
            )
        else:
            found[array] = name
    return found, others


def told_apart_by(name: str) -> frozenset[str]:
    """Return what a name of an IDX file says besides which array it is: of EMNIST's, the set."""
    rest = {word for word in _words(name) if word not in ROLES and word not in PARTS}
    return frozenset(word for word in rest if not _OF_FORM.fullmatch(word))


def _words(name: str) -> list[str]:
    """Return the words of a name: `X_train`, `xTrain`, `train-x` and `xtrain` have two."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    found = []
    for word in re.split(r"[^a-z0-9]+", name.lower()):
        for role in ("x", "y"):
            if word.removeprefix(role) in PARTS and word not in PARTS:
                found += [role, word.removeprefix(role)]
                break
            if word.removesuffix(role) in PARTS and word not in PARTS:
                found += [word.removesuffix(role), role]
                break
        else:
            found.append(word)
    return found

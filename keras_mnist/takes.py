"""What an argument of a command takes, as its metavar says: names, files, folders, addresses."""

import argparse
import re
from collections.abc import Callable, Iterable

# By what may stand in a metavar, in capitals: what is given there.
_PLACES = {
    "address": {"HOST", "URI", "URL"},
    "folder": {"DIR"},
    "file": {"FILE", "PATH", "RUN", "RESULTS", "WHAT", "DOCUMENT"},
}


class Named(str):
    """A metavar of what may be given by name: it knows the names, and is asked only if need be.

    Args:
        text: as help shows it.
        names: returns them.
    """

    names: Callable[[], Iterable[str]]

    def __new__(cls, text: str, names: Callable[[], Iterable[str]]):
        """Return the text, with the function beside it."""
        found = super().__new__(cls, text)
        found.names = names
        return found


def names_for(action: argparse.Action) -> list[str]:
    """Return the names that an argument takes, be it among others."""
    if action.choices is not None:
        return [str(choice) for choice in action.choices]
    if isinstance(action.metavar, Named):
        return list(action.metavar.names())
    listed = re.match(r"\{(.*)\}", str(action.metavar or ""))
    parts = listed[1].split(",") if listed else []
    return [part for part in parts if re.fullmatch(r"[a-z0-9_.-]+", part)]


def place_for(action: argparse.Action) -> str:
    """Return what an argument names: a `file`, a `folder`, an `address`; empty: nothing such."""
    words = set(re.findall(r"[A-Z]{2,}", str(action.metavar or "")))
    return next((place for place, said in _PLACES.items() if words & said), "")


def networks() -> list[str]:
    """Return the names of the published networks."""
    from keras_mnist.documents import published

    return list(published())


def documents() -> list[str]:
    """Return the names of the documents that come along."""
    from keras_mnist import documents

    return [document.name for document in documents.documents()]


def claims() -> list[str]:
    """Return the names of their claims."""
    from keras_mnist import documents

    return [d.claim_id(claim) for d in documents.documents() for claim in d.claims]


def exported() -> list[str]:
    """Return the names of the exported networks that `predict` finds."""
    from keras_mnist.serving.shelf import shelved

    return list(dict.fromkeys(name for name, _, _ in shelved()))


def formats() -> list[str]:
    """Return the formats in which a network leaves."""
    from keras_mnist.serving.formats import FILES

    return list(FILES)


def given(arguments: list[str], flag: str, otherwise: str) -> str:
    """Return the value of a flag before all flags are known: what they are may depend on it."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument(flag, default=otherwise, dest="value")
    return first.parse_known_args(arguments)[0].value

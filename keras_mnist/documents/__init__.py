"""The published documents as data, one module each.

A module of this package that has a `SOURCE` is a source; nothing else needs to know of it.
"""

import pkgutil
from functools import cache
from importlib import import_module

from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.documents.claims import Claim, Count, Number, Statement, Time
from keras_mnist.documents.document import Contrast, Highlight, Reading, Source
from keras_mnist.experiment import Experiment


@cache
def sources() -> tuple[Source, ...]:
    """Return every source, in the order of their documents' file names."""
    modules = [
        import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
        if not found.ispkg
    ]
    found = [module.SOURCE for module in modules if hasattr(module, "SOURCE")]
    return tuple(sorted(found, key=lambda source: source.document))


def numbers_about(experiment: Experiment) -> list[tuple[Source, Number]]:
    """Return every published final figure about this very experiment, with its source."""
    return [(s, number) for s in sources() for number in s.numbers_about(experiment)]


def source_named(name: str) -> Source:
    """Return the source of that name, or whose document has it.

    Raises:
        ExperimentError: there is none; near names are told.
    """
    by_name = {source.name: source for source in sources()}
    by_name |= {source.document: source for source in sources()}
    if name not in by_name:
        known = [source.name for source in sources()]
        raise ExperimentError(f"{name} must be a source", None, nearest(name, known))
    return by_name[name]


def claim_named(name: str) -> tuple[Source, Claim]:
    """Return the claim of that name, with its source.

    Raises:
        ExperimentError: there is none; near names are told.
    """
    by_name = {s.claim_id(claim): (s, claim) for s in sources() for claim in s.claims}
    if name not in by_name:
        hint = f"{nearest(name, by_name, 'There are many')}; see reproduce --list SOURCE"
        raise ExperimentError(f"{name} must be a claim", None, hint)
    return by_name[name]


def chosen(names: list[str], claim_names: list[str] | None) -> dict[Source, tuple | None]:
    """Return the sources that are named, each with the claims asked for; `None` is all of them.

    Args:
        names: of sources; none, and no claim: all sources.
        claim_names: of single claims.

    Raises:
        ExperimentError: an unknown name; near ones are told.
    """
    if not names and not claim_names:
        return dict.fromkeys(sources())
    if names and claim_names:
        raise ExperimentError(
            "sources and --only must not be given together", None, "A claim names its source"
        )
    if names:
        return {source_named(name): None for name in names}
    picked = {}
    for source, claim in dict.fromkeys(map(claim_named, claim_names)):
        picked[source] = (*picked.get(source, ()), claim)
    return picked


def models() -> dict[str, tuple[Source, Experiment]]:
    """Return the published networks by name: where each comes from and what it stands in.

    Raises:
        ExperimentError: two sources have one of the same name.
    """
    found = {}
    for source in sources():
        for name, experiment in (source.models or {}).items():
            if name in found:
                raise ExperimentError(
                    f"the model {name} must be of one source",
                    f"{found[name][0].document} and {source.document}",
                    "Rename it in one of them",
                )
            found[name] = source, source.experiment(experiment)
    return found


def model_named(name: str) -> tuple[Source, Experiment]:
    """Return the source of a published network and the experiment that it stands in.

    Raises:
        ExperimentError: there is none of that name; near names are told.
    """
    if name not in models():
        raise ExperimentError(f"{name} must be a model", None, nearest(name, models()))
    return models()[name]


__all__ = [
    "Claim",
    "Contrast",
    "Count",
    "Highlight",
    "Number",
    "Reading",
    "Source",
    "Statement",
    "Time",
    "chosen",
    "claim_named",
    "model_named",
    "models",
    "numbers_about",
    "source_named",
    "sources",
]

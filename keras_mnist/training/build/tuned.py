"""A keras-tuner function, `build(hp)`: what its `hp` calls declare are its arguments."""

from collections.abc import Callable
from typing import Any

import keras_tuner

from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.ranges import Range, Values
from keras_mnist.networks.argument import HP, RESERVED, Argument, Signature
from keras_mnist.networks.code import Code
from keras_mnist.training.build.code import told

_USUAL = {"shape": (28, 28), "classes": 10}  # for which a function is asked what it declares


def declared(function: Callable, code: Code, signature: Signature) -> Signature:
    """Return the signature of a keras-tuner function with the arguments that it declares.

    What it declares for some values of others alone is found by giving each of these its other
    values, one at a time; of a range, its ends.

    Raises:
        ExperimentError: it raises, declares nothing, or declares one name under two conditions.
    """
    given = {name: _USUAL[name] for name in signature.given if name in _USUAL}

    def asked(values: dict) -> list:
        hp = chosen(values)
        try:
            function(**{HP: hp}, **given)
        except (Exception, SystemExit) as error:
            if values:  # these go together badly: what was declared before is known
                return hp.space
            raise ExperimentError(
                f"{code.name} must build a network from keras-tuner's hp",
                f"an exception:\n{told(error, code)}",
            ) from None
        return hp.space

    found = _explored(asked, code).values()
    # What the function fixes by other values is for it to say each time.
    arguments = [_argument(one, same) for one, same in found if same or not _is_fixed(one)]
    if not arguments:
        raise ExperimentError(
            f"{code.name} must ask hp for something", "nothing", 'hp.Int("units", 16, 512), say'
        )
    return Signature((*signature.arguments, *arguments), signature.given)


def _explored(asked: Callable[[dict], list], code: Code) -> dict[str, tuple[Any, bool]]:
    """Return each hyperparameter by its name, and whether its range is always the same."""
    found: dict[str, tuple[Any, bool]] = {}
    waiting: list[dict] = [{}]
    while waiting:
        values = waiting.pop(0)
        for one in asked(values):
            known, settled = found.get(one.name, (None, True))
            if known is None:
                found[one.name] = one, True
                beside = values | {parent.name: parent.values[0] for parent in one.conditions}
                waiting += [beside | {one.name: other} for other in _others(one)]
            elif known.conditions != one.conditions:
                raise ExperimentError(
                    f"{code.name} must ask hp for each name under one condition alone",
                    f"{one.name} under several",
                    f'Give it a name under each: "{one.name}_a", "{one.name}_b", say',
                )
            else:
                found[one.name] = known, settled and _range(known) == _range(one)
    return found


def _others(one: Any) -> list:
    """Return values of a hyperparameter besides its default: all of a few, else the ends."""
    if _is_fixed(one):
        return []
    ends = (one.min_value, one.max_value) if hasattr(one, "min_value") else one.values
    return [value for value in ends if value != one.default]


def _is_fixed(one: Any) -> bool:
    return type(one).__name__ == "Fixed"


def _range(one: Any) -> dict:
    """Return what a hyperparameter goes through."""
    return {n: v for n, v in one.get_config().items() if n not in ("default", "conditions")}


def chosen(values: dict) -> keras_tuner.HyperParameters:
    """Return what a keras-tuner function is called with for these values of what it asks."""
    hp = keras_tuner.HyperParameters()
    hp.values |= values
    return hp


def _argument(one: Any, settled: bool) -> Argument:
    """Return a hyperparameter of keras-tuner's as an argument."""
    kinds = {bool: "bool", int: "int", float: "float", str: "str"}
    kind = kinds[type(one.default)]
    words = tuple(map(str, one.values)) if type(one).__name__ == "Choice" and kind == "str" else ()
    return Argument(
        _named(one.name),
        one.default,
        "word" if words else kind,
        words,
        called=one.name,
        search=_search(one, kind) if settled else Values(()),
        when=tuple((_named(parent.name), tuple(parent.values)) for parent in one.conditions),
    )


def _named(called: str) -> str:
    """Return what an argument is called, in code, that keras-tuner's function calls otherwise."""
    name = "".join(c if c.isalnum() else "_" for c in called)
    name = name if name[:1].isalpha() else f"hp_{name}"
    return f"{name}_" if name in RESERVED else name


def _search(one: Any, kind: str) -> Range | Values | None:
    """Return what a search of a hyperparameter goes through."""
    if _is_fixed(one):
        return None
    if kind == "bool":
        return Values((False, True))
    if type(one).__name__ == "Choice":
        return Values(tuple(one.values))
    number = int if kind == "int" else float
    step = one.step if one.step not in (None, 1) and one.sampling == "linear" else None
    return Range(number(one.min_value), number(one.max_value), step, one.sampling != "linear")

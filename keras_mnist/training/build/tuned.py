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

    What it declares only for some values of others is not seen, but for that of the defaults.

    Raises:
        ExperimentError: it raises, or declares nothing.
    """
    hp = keras_tuner.HyperParameters()
    given = {name: _USUAL[name] for name in signature.given if name in _USUAL}
    try:
        function(**{HP: hp}, **given)
    except Exception as error:
        raise ExperimentError(
            f"{code.name} must build a network from keras-tuner's hp",
            f"an exception:\n{told(error, code)}",
        ) from None
    found = {one.name: one for one in hp.space if one.name in hp.values}
    if not found:
        raise ExperimentError(
            f"{code.name} must ask hp for something", "nothing", 'hp.Int("units", 16, 512), say'
        )
    arguments = [_argument(one) for one in found.values()]
    return Signature((*signature.arguments, *arguments), signature.given)


def chosen(values: dict) -> keras_tuner.HyperParameters:
    """Return what a keras-tuner function is called with for these values of what it asks."""
    hp = keras_tuner.HyperParameters()
    hp.values |= values
    return hp


def _argument(one: Any) -> Argument:
    """Return a hyperparameter of keras-tuner's as an argument."""
    name = "".join(c if c.isalnum() else "_" for c in one.name)
    name = name if name[:1].isalpha() else f"hp_{name}"
    name = f"{name}_" if name in RESERVED else name
    kinds = {bool: "bool", int: "int", float: "float", str: "str"}
    kind, default = kinds[type(one.default)], one.default
    if type(one).__name__ == "Fixed":
        return Argument(name, default, kind, called=one.name)
    values = one.values if type(one).__name__ == "Choice" else None
    if kind == "bool":
        return Argument(name, default, kind, called=one.name, search=Values((False, True)))
    if values is not None:
        words = tuple(map(str, values)) if kind == "str" else ()
        kind = "word" if words else kind
        return Argument(name, default, kind, words, called=one.name, search=Values(tuple(values)))
    number = int if kind == "int" else float
    step = one.step if one.step not in (None, 1) and one.sampling == "linear" else None
    span = Range(number(one.min_value), number(one.max_value), step, one.sampling != "linear")
    return Argument(name, default, kind, called=one.name, search=span)

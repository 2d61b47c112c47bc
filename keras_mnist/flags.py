"""Flags: a choice's way onto the command line, derived from what is declared of it."""

import argparse
from functools import cache
from typing import Any, NamedTuple

from keras_mnist.base.choice import Switch
from keras_mnist.experiment.known import known_choices

TAKEN = object()  # the value of a flag that takes one


class Flag(NamedTuple):
    """A flag that changes a choice.

    Attributes:
        name: as it is typed: `--no-relu`.
        field: the choice.
        options: of the argument: help; where it takes a value, its type and metavar; where it
            stands for one value, that.
    """

    name: str
    field: str
    options: dict

    @property
    def plainly(self) -> dict:
        """The options of an argument that keeps one value, not what is to be changed."""
        rest = dict(self.options)
        value = rest.pop("value", TAKEN)
        return rest if value is TAKEN else {**rest, "action": "store_const", "const": value}


@cache
def flags(network: type | None = None) -> tuple[Flag, ...]:
    """Return the flags of every choice there is: first those that stand for a value.

    Args:
        network: of a person's own, whose arguments stand in place of the built-in ones' choices.
    """
    choices = {name: one for name, one in known_choices(network).items() if one.flag}
    alone, valued = {}, []
    for name, choice in choices.items():
        words = name.strip("_").replace("_", "-")
        word = f"--{words}"
        if choice.off is not None:
            flag = f"--{choice.off.phrase.replace(' ', '-')}"
            alone[flag] = Flag(
                flag, name, {"value": choice.off.value, "help": _plain(choice.off.help)}
            )
        check: Any = choice.check  # those with a `parse` have a `metavar`
        if isinstance(check, Switch):
            alone[word] = Flag(word, name, {"value": True, "help": _plain(choice.help)})
            off = f"--no-{words}"
            no = Flag(off, name, {"value": False, "help": f"without {_plain(choice.help)}"})
            alone.setdefault(off, no)
        elif parse := getattr(check, "parse", None):
            metavar = choice.metavar or check.metavar
            if getattr(check, "several", False) and not choice.common:
                parse = _separated
            valued.append(
                Flag(word, name, {"type": parse, "metavar": metavar, "help": _plain(choice.help)})
            )
    return (*alone.values(), *valued)


def _plain(text: str) -> str:
    """Return a help text as argparse prints it as it stands."""
    return text.replace("%", "%%")


def _separated(text: str) -> list[str]:
    """Return the values that a text names: `init,order` are two."""
    return text.split(",")


class Change(argparse.Action):
    """Collect a flag's field and value, in the order in which flags are given."""

    asks = True  # for a variant, which nothing but a line does

    def __init__(self, option_strings, dest, field=None, value=TAKEN, **options):
        super().__init__(option_strings, dest, nargs=None if value is TAKEN else 0, **options)
        self._field, self._value = field, value

    def __call__(self, parser, namespace, values, option_string=None):
        """Add what a flag asks for."""
        found = values if self._value is TAKEN else self._value
        kept = namespace.changes.setdefault(self._field, [])
        kept += found if isinstance(found, list) else [found]
        namespace.flags.append(self.option_strings[0])


def common(network: type | None = None) -> list[str]:
    """Return the choices that are set for all variants alike; `network` as in `flags`."""
    return [name for name, choice in known_choices(network).items() if choice.common]

"""Choices named by a person as texts: `width=64`, `normalize=true`."""

from keras_mnist.base.choice import Choice, Switch
from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.experiment.experiment import Experiment

_SWITCHED = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def choice_named(experiment: Experiment, name: str, flag: str) -> tuple[str, Choice]:
    """Return a choice that a person may change, by the name it has here and by what it is.

    Args:
        experiment: whose choice it is.
        name: as it was typed.
        flag: of the command, for messages.

    Raises:
        ExperimentError: the experiment has no such choice.
    """
    name = name.strip().replace("-", "_")
    choice = experiment.choices.get(name)
    if choice is None or not choice.flag:
        known = [known for known, one in experiment.choices.items() if one.flag]
        raise ExperimentError(
            f"{flag} {name} must name a choice of the experiment",
            None,
            nearest(name, known, "ablate --help shows them"),
        )
    return name, choice


def value_of(choice: Choice, word: str):
    """Return a word as the choice takes it; `ValueError` where it is none."""
    if isinstance(choice.check, Switch):
        if word.lower() not in _SWITCHED:
            raise ValueError
        return _SWITCHED[word.lower()]
    parse = getattr(choice.check, "parse", None)
    if parse is None:
        raise ValueError
    return parse(word)


def with_named(experiment: Experiment, texts: list[str], flag: str) -> Experiment:
    """Return an experiment with choices as texts say.

    Args:
        experiment: to be changed.
        texts: `NAME=VALUE` each; of a switch, the name alone stands for `true`.
        flag: of the command, for messages.

    Raises:
        ExperimentError: one names no choice of the experiment, or no value of it.
    """
    changes = {}
    for text in texts:
        typed, given, word = text.partition("=")
        name, choice = choice_named(experiment, typed, flag)
        switch = isinstance(choice.check, Switch)
        try:
            if not given and not switch:
                raise ValueError
            changes[name] = value_of(choice, word.strip()) if given else True
        except ValueError:
            wanted = f"{name}=true or {name}=false" if switch else f"{name}=VALUE"
            raise ExperimentError(f"{flag} {name} must be {wanted}", repr(text)) from None
    return experiment.change(**changes)

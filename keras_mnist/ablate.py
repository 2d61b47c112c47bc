"""`python -m keras_mnist.ablate`: change a choice of a network and learn what changed."""

import argparse
import sys
from functools import cache
from typing import Any, NamedTuple

from keras_mnist.base.choice import Switch
from keras_mnist.base.errors import ExperimentError
from keras_mnist.command import add_run_options, guarded, how_to_run, seeds_of, stores_runs
from keras_mnist.documents import published, published_named


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


@cache
def flags() -> tuple[Flag, ...]:
    """Return the flags of every choice there is: first those that stand for a value."""
    from keras_mnist.experiment.known import known_choices

    choices = {name: choice for name, choice in known_choices().items() if choice.flag}
    alone, valued = {}, []
    for name, choice in choices.items():
        word = f"--{name.replace('_', '-')}"
        if choice.off is not None:
            flag = f"--{choice.off.phrase.replace(' ', '-')}"
            alone[flag] = Flag(flag, name, {"value": choice.off.value, "help": choice.off.help})
        check: Any = choice.check  # those with a `parse` have a `metavar`
        if isinstance(check, Switch):
            alone[word] = Flag(word, name, {"value": True, "help": choice.help})
            off = f"--no-{name.replace('_', '-')}"
            no = Flag(off, name, {"value": False, "help": f"without {choice.help}"})
            alone.setdefault(off, no)
        elif parse := getattr(check, "parse", None):
            metavar = choice.metavar or check.metavar
            valued.append(
                Flag(word, name, {"type": parse, "metavar": metavar, "help": choice.help})
            )
    return (*alone.values(), *valued)


class _Change(argparse.Action):
    """Collect a flag's field and value, in the order in which flags are given."""

    def __init__(self, option_strings, dest, field=None, value=None, **options):
        super().__init__(option_strings, dest, nargs=None if value is None else 0, **options)
        self._field, self._value = field, value

    def __call__(self, parser, namespace, values, option_string=None):
        changes = namespace.changes
        changes.setdefault(self._field, []).append(values if self._value is None else self._value)
        namespace.flags.append(self.option_strings[0])


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    top = argparse.ArgumentParser(
        prog="python -m keras_mnist.ablate",
        description="Change a choice of a network, train many seeds, and learn what changed: the "
        "effect on test accuracy with its interval, beside what was published.",
        epilog="A flag with a value may be repeated, each value a variant. Flags for several "
        "choices give each alone and all together.",
    )
    top.set_defaults(changes={}, flags=[])
    top.add_argument(
        "--model",
        default="mlp",
        metavar="NAME",
        help="a published network with its training: "
        + ", ".join(published())
        + " (default %(default)s)",
    )
    top.add_argument(
        "--experiment", metavar="FILE", help="a JSON file's experiment instead, such as a search's"
    )
    choices = top.add_argument_group("choices to change (at least one)")
    common = top.add_argument_group("for every variant alike")
    for flag in flags():
        if flag.field in _common():
            common.add_argument(flag.name, dest=flag.field, **flag.options)
        else:
            choices.add_argument(flag.name, action=_Change, field=flag.field, **flag.options)
    choices.add_argument("--factorial", action="store_true", help="every combination of them")
    choices.add_argument(
        "--all", action="store_true", help="the whole study of the document behind --model"
    )
    add_run_options(top)
    output = top.add_argument_group("results")
    output.add_argument(
        "--out", metavar="DIR", help="for the table and figures (default studies/NAME)"
    )
    output.add_argument("--json", metavar="PATH", help="write everything as data")
    return top


def study_of(options: argparse.Namespace):
    """Return the study that the options ask for.

    Raises:
        ExperimentError: a value out of range, or options that contradict each other.
    """
    from keras_mnist.experiment.file import read_experiment
    from keras_mnist.experiment.study import Study

    seeds = seeds_of(options.seeds)
    common = {f: getattr(options, f) for f in _common() if getattr(options, f) is not None}
    document, baseline = published_named(options.model)
    if options.experiment:
        baseline = read_experiment(options.experiment)
    for flag in options.flags:
        _check_fits(flag, options.experiment or f"--model {options.model}", baseline)
    if not options.all:
        return Study.of(baseline.change(**common), options.changes, options.factorial, seeds)
    if options.changes or options.factorial:
        raise ExperimentError(
            "--all must stand without other changes", None, "Leave them out, or leave --all out"
        )
    return Study(document.baseline.change(**common), document.combinations, seeds)


def _common() -> list[str]:
    """Return the choices that are set for all variants alike."""
    from keras_mnist.experiment.known import known_choices

    return [name for name, choice in known_choices().items() if choice.common]


def _check_fits(flag: str, model: str, baseline) -> None:
    """Raise `ExperimentError` unless the model has what `flag` changes."""
    changed = {f.name: f.field for f in flags() if f.field not in _common()}
    if not baseline.has(changed[flag]):
        fitting = ", ".join(name for name, field in changed.items() if baseline.has(field))
        raise ExperimentError(
            f"{flag} must be a choice that {model} has", None, f"It has {fitting}"
        )


@stores_runs
def main(arguments=None) -> int:
    """Run the command and return its exit code: 0, or 1 if any run did not complete."""
    options = parser().parse_args(arguments)
    study = study_of(options)

    from rich.console import Console

    from keras_mnist.reporting.announce import announce
    from keras_mnist.reporting.wording import count
    from keras_mnist.runs.workbench import carry_out, plan_study

    console = Console(stderr=True)
    study, plan = plan_study(study, **how_to_run(options))
    variants = count(len(study.variants) - 1, "variant")
    what = f"the baseline and {variants}, {count(len(study.seeds), 'seed')} each"
    announce(plan, what, console)
    if options.plan:
        return 0
    from keras_mnist.reporting.outputs import check_writable, present

    name = "all" if options.all else study.name
    folder = options.out or f"studies/{name}"
    check_writable(folder, options.json)
    result = carry_out(study, plan, console, options.quiet, options.fail_fast)
    present(result, folder, options.json)
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(guarded(main))

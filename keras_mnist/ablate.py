"""`python -m keras_mnist.ablate`: change a choice of the MLP and learn what changed."""

import argparse
import sys

from keras_mnist.command import add_run_options, guarded, seeds_of
from keras_mnist.errors import ExperimentError

# flag: (field, the value of a flag that takes none, or its type, help)
_SWITCHES = {
    "--no-relu": ("activation", "linear", "no activation between the layers"),
    "--no-dropout": ("dropout", 0.0, "no dropout"),
    "--no-rescale": ("rescale", False, "pixels as they are, 0-255, instead of / 255"),
}
_VALUES = {
    "--dropout": ("dropout", float, "P", "share of activations dropped"),
    "--width": ("width", int, "N", "units of each hidden layer"),
    "--hidden-layers": ("hidden_layers", int, "N", "how many hidden layers"),
    "--optimizer": ("optimizer", str, "NAME", "rmsprop, sgd, adam, rmsprop_keras2"),
    "--learning-rate": ("learning_rate", float, "X", "of the optimizer"),
    "--batch-size": ("batch_size", int, "N", "images a step"),
    "--loss": (
        "loss",
        str,
        "{crossentropy,clipped}",
        "clipped: the logarithm of the clipped softmax output, as Keras took it in 2020",
    ),
}
_COMMON = {
    "--epochs": ("epochs", int, "N", "passes over the training images (default 10)"),
    "--validation-split": (
        "validation_split",
        float,
        "X",
        "share of the training images, the last ones, held out (default 0.2)",
    ),
    "--train-size": ("train_size", int, "N", "use only the first N training images"),
}


class _Change(argparse.Action):
    """Collect a flag's field and value, in the order in which flags are given."""

    def __init__(self, option_strings, dest, field=None, value=None, **options):
        super().__init__(option_strings, dest, nargs=None if value is None else 0, **options)
        self._field, self._value = field, value

    def __call__(self, parser, namespace, values, option_string=None):
        changes = namespace.changes
        changes.setdefault(self._field, []).append(values if self._value is None else self._value)


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    top = argparse.ArgumentParser(
        prog="python -m keras_mnist.ablate",
        description="Change a choice of the MLP, train many seeds, and learn what changed: the "
        "effect on test accuracy with its interval, beside what was published.",
        epilog="A flag with a value may be repeated, each value a variant. Flags for several "
        "choices give each alone and all together.",
    )
    top.set_defaults(changes={})
    choices = top.add_argument_group("choices to change (at least one)")
    for flag, (field, value, text) in _SWITCHES.items():
        choices.add_argument(flag, action=_Change, field=field, value=value, help=text)
    for flag, (field, kind, metavar, text) in _VALUES.items():
        choices.add_argument(
            flag, action=_Change, field=field, type=kind, metavar=metavar, help=text
        )
    choices.add_argument("--factorial", action="store_true", help="every combination of them")
    choices.add_argument("--all", action="store_true", help="the blog's whole study")
    common = top.add_argument_group("for every variant alike")
    for flag, (field, kind, metavar, text) in _COMMON.items():
        common.add_argument(flag, dest=field, type=kind, metavar=metavar, help=text)
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
    from keras_mnist.experiment import Experiment
    from keras_mnist.published import MLP_ABLATION
    from keras_mnist.study import Study

    seeds = seeds_of(options.seeds)
    fields = [field for field, *_ in _COMMON.values()]
    common = {f: getattr(options, f) for f in fields if getattr(options, f) is not None}
    if not options.all:
        baseline = Experiment().change(**common)
        return Study.of(baseline, options.changes, options.factorial, seeds)
    if options.changes or options.factorial:
        raise ExperimentError(
            "--all must stand without other changes", None, "Leave them out, or leave --all out"
        )
    return Study(MLP_ABLATION.baseline.change(**common), MLP_ABLATION.combinations, seeds)


def main(arguments=None) -> int:
    """Run the command and return its exit code: 0, or 1 if any run did not complete."""
    options = parser().parse_args(arguments)
    study = study_of(options)

    from rich.console import Console

    from keras_mnist.reporting.announce import announce
    from keras_mnist.reporting.wording import count
    from keras_mnist.workbench import carry_out, plan_study

    console = Console(stderr=True)
    study, plan = plan_study(study, options.data, options.runs, options.jobs, options.retry_failed)
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

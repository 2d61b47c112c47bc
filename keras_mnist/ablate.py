"""`python -m keras_mnist.ablate`: change a choice of a network and learn what changed."""

import argparse
import sys

from keras_mnist.base.errors import ExperimentError
from keras_mnist.command import add_run_options, guarded, how_to_run, seeds_of, stores_runs
from keras_mnist.documents import model_named, models
from keras_mnist.experiment.augmentation import Augmentation

# flag: (field or whole part, the value of a flag that takes none, help)
_SWITCHES = {
    "--no-relu": ("activation", "linear", "no activation between the layers"),
    "--no-dropout": ("dropout", 0.0, "no dropout"),
    "--no-rescale": ("rescale", False, "pixels as they are, 0-255, instead of / 255"),
    "--no-normalize": ("normalize", False, "pixels neither centred nor scaled after / 255"),
    "--no-batchnorm": ("batchnorm", False, "no batch normalization"),
    "--no-augmentation": ("augmentation", Augmentation(), "images as they are"),
    "--no-shift": ("shift", 0.0, "no shift in the augmentation"),
    "--no-rotation": ("rotation", 0.0, "no rotation in it"),
    "--no-blur": ("blur", 0.0, "no blur in it"),
    "--no-weight-decay": ("weight_decay", 0.0, "no penalty on the parameters"),
    "--pool-last": ("pool_last", True, "pool after the 1 x 1 convolutions"),
}
# flag: (field, type, metavar, help)
_VALUES = {
    "--activation": ("activation", str, "{relu,tanh,linear}", "between the layers"),
    "--dropout": ("dropout", float, "P", "share of activations dropped"),
    "--dropout-after": ("dropout_after", str, "{f6,dense,everywhere}", "where dropout sits"),
    "--width": ("width", int, "N", "units of each hidden layer"),
    "--hidden-layers": ("hidden_layers", int, "N", "how many hidden layers"),
    "--pool": ("pool", str, "{max,average}", "kind of pooling"),
    "--init": ("init", str, "{keras,pytorch}", "whose first weights"),
    "--shift": ("shift", float, "X", "greatest shift, as a share of the side"),
    "--rotation": ("rotation", float, "DEGREES", "greatest rotation"),
    "--blur": ("blur", float, "PIXELS", "greatest standard deviation of the blur"),
    "--optimizer": ("optimizer", str, "NAME", "rmsprop, sgd, adam, rmsprop_keras2"),
    "--learning-rate": ("learning_rate", float, "X", "of the optimizer"),
    "--momentum": ("momentum", float, "X", "of sgd"),
    "--weight-decay": ("weight_decay", float, "X", "penalty on the parameters, as PyTorch's"),
    "--batch-size": ("batch_size", int, "N", "images a step"),
    "--loss": (
        "loss",
        str,
        "{crossentropy,clipped,softmax_twice}",
        "clipped: the logarithm of the clipped softmax output, as Keras took it in 2020",
    ),
    "--precision": ("precision", str, "{float32,bfloat16}", "in which hidden dense layers compute"),
}
_COMMON = {
    "--epochs": ("epochs", int, "N", "passes over the training images"),
    "--validation-split": (
        "validation_split",
        float,
        "X",
        "share of the training images, the last ones, held out",
    ),
    "--train-size": ("train_size", int, "N", "use only the first N training images"),
}
_FIELDS = {flag: field for flag, (field, *_) in {**_SWITCHES, **_VALUES}.items()}


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
        + ", ".join(models())
        + " (default %(default)s)",
    )
    top.add_argument(
        "--experiment", metavar="FILE", help="a JSON file's experiment instead, such as a search's"
    )
    choices = top.add_argument_group("choices to change (at least one)")
    for flag, (field, value, text) in _SWITCHES.items():
        choices.add_argument(flag, action=_Change, field=field, value=value, help=text)
    for flag, (field, kind, metavar, text) in _VALUES.items():
        choices.add_argument(
            flag, action=_Change, field=field, type=kind, metavar=metavar, help=text
        )
    choices.add_argument("--factorial", action="store_true", help="every combination of them")
    choices.add_argument(
        "--all", action="store_true", help="the whole study of the document behind --model"
    )
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
    from keras_mnist.experiment.study import Study

    seeds = seeds_of(options.seeds)
    fields = [field for field, *_ in _COMMON.values()]
    common = {f: getattr(options, f) for f in fields if getattr(options, f) is not None}
    source, baseline = model_named(options.model)
    if options.experiment:
        baseline = Experiment.read(options.experiment)
    for flag in options.flags:
        _check_fits(flag, options.experiment or f"--model {options.model}", baseline)
    if not options.all:
        return Study.of(baseline.change(**common), options.changes, options.factorial, seeds)
    if options.changes or options.factorial:
        raise ExperimentError(
            "--all must stand without other changes", None, "Leave them out, or leave --all out"
        )
    return Study(source.baseline.change(**common), source.combinations, seeds)


def _check_fits(flag: str, model: str, baseline) -> None:
    """Raise `ExperimentError` unless the model has what `flag` changes."""
    if not baseline.has(_FIELDS[flag]):
        fitting = ", ".join(name for name, field in _FIELDS.items() if baseline.has(field))
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

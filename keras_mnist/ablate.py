"""`python -m keras_mnist.ablate`: change a choice of a network and learn what changed."""

import argparse
import re
import sys
from dataclasses import fields

from keras_mnist.asking import add_question_options, asked
from keras_mnist.base.errors import ExperimentError
from keras_mnist.command import Parser, guarded, stores_runs
from keras_mnist.documents import published, published_named
from keras_mnist.flags import Change, common, flags
from keras_mnist.options import add_baseline_option, add_run_options, how_to_run
from keras_mnist.takes import Named, given

_USUAL = "mlp"  # the network where none is named


def parser(network: type | None = None) -> Parser:
    """Return the command's parser.

    Args:
        network: of a person's own, as in `flags`.
    """
    top = Parser(
        prog="python -m keras_mnist.ablate",
        description="Change a choice of a network, train many seeds, and learn what changed: the "
        "effect on test accuracy with its interval, beside what was published.",
        epilog="A flag with a value may be repeated, each value a variant. Flags for several "
        "choices give each alone and all together.",
    )
    top.set_defaults(changes={}, flags=[])
    top.apart("model", "experiment")
    top.add_argument(
        "--model",
        metavar=Named("NAME|FILE.py[:FUNCTION]", published),
        help="a published network with its training: "
        + ", ".join(published())
        + ", or a function of a file of yours that returns a Keras model (default mlp)",
    )
    top.add_argument(
        "--experiment", metavar="FILE", help="a JSON file's experiment instead, such as a search's"
    )
    choices = top.add_argument_group("choices to change (at least one)")
    for_all = top.add_argument_group("for every variant alike")
    for flag in flags(network):
        if flag.field in common(network):
            for_all.add_argument(flag.name, dest=flag.field, **flag.plainly)
        else:
            choices.add_argument(flag.name, action=Change, field=flag.field, **flag.options)
    add_baseline_option(for_all)
    choices.add_argument("--factorial", action="store_true", help="every combination of them")
    choices.add_argument(
        "--each",
        action="store_true",
        help="every choice of the network that has an off, one at a time",
    )
    choices.add_argument(
        "--all", action="store_true", help="the whole study of the document behind --model"
    )
    add_run_options(top)
    add_question_options(top)
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
    from keras_mnist.experiment.named import with_named
    from keras_mnist.experiment.study import Study, one_at_a_time

    seeds, _ = asked(options)
    document, baseline = _baseline(options)
    network = _own(baseline)
    names = common(network)
    for_all = {f: getattr(options, f) for f in names if getattr(options, f) is not None}
    baseline = with_named(baseline, options.baseline, "--baseline").change(**for_all)
    for flag in options.flags:
        _check_fits(flag, options.experiment or f"--model {options.model or _USUAL}", baseline)
    changes = {**(_offs(baseline) if options.each else {}), **options.changes}
    if not options.all:
        if options.each and not options.factorial:
            return Study(baseline, one_at_a_time(changes), seeds)
        return Study.of(baseline, changes, options.factorial, seeds)
    if changes or options.factorial:
        raise ExperimentError(
            "--all must stand without other changes", None, "Leave them out, or leave --all out"
        )
    if document is None:
        raise ExperimentError(
            "--all must be of a published network", options.model, "Of your own: --each"
        )
    return Study(baseline, document.combinations, seeds)


def _baseline(options: argparse.Namespace) -> tuple:
    """Return the document of the options' network, if it has one, and the baseline."""
    from keras_mnist.experiment.file import read_experiment
    from keras_mnist.runs.baseline import baseline_named, names_a_file, with_code

    if not options.experiment:
        return baseline_named(options.model or _USUAL, options.runs)
    baseline = read_experiment(options.experiment)
    if not options.model:
        return published_named(_USUAL)[0], baseline
    if not names_a_file(options.model):
        raise ExperimentError(
            "--experiment and --model must not be given together",
            options.model,
            "--model beside it is for the code of a network of your own",
        )
    return None, with_code(baseline, options.model, options.runs)


def _own(baseline) -> type | None:
    """Return the class of a baseline's network if it is a person's own."""
    from keras_mnist.networks.own import Own

    return type(baseline.network) if isinstance(baseline.network, Own) else None


def _offs(baseline) -> dict:
    """Return the changes that take each choice of the network out of play."""
    from keras_mnist.base.choice import choices_of

    network = baseline.network
    found = {
        name: [choice.off.value]
        for name, choice in choices_of(network).items()
        if choice.off and getattr(network, name) != choice.off.value and name not in network.idle
    }
    if not found:
        raise ExperimentError(
            "--each must find a choice that has an off", f"none of {baseline.kind}'s"
        )
    return found


def _check_fits(flag: str, model: str, baseline) -> None:
    """Raise `ExperimentError` unless the model has what `flag` changes."""
    network = _own(baseline)
    changed = {f.name: f.field for f in flags(network) if f.field not in common(network)}
    if not baseline.has(changed[flag]):
        own = {f.name for f in fields(baseline.network)}
        fitting = ", ".join(name for name, field in changed.items() if field in own)
        raise ExperimentError(
            f"{flag} must be a choice that {model} has", None, f"Its network has {fitting}"
        )


def parser_for(arguments: list[str]) -> Parser:
    """Return the parser of arguments, which may name a network of a person's own.

    Raises:
        ExperimentError: the file that they name has no such network.
    """
    from keras_mnist.runs.baseline import names_a_file, own_named

    model = given(arguments, "--model", "")
    if not names_a_file(model):
        return parser()
    try:
        return parser(type(own_named(model, given(arguments, "--runs", "runs"))))
    except argparse.ArgumentError as error:
        raise ExperimentError(
            f"no argument of {model} may be called like an option of this command",
            error.message,
            "Call it otherwise",
        ) from None


def _folder(whole: bool, study, dataset) -> str:
    """Return a name for the study's folder: other networks and other data have their own."""
    network = study.variants[0].experiment.kind
    parts = [network] * (network != _USUAL) + ["all" if whole else study.name]
    parts += [dataset.name] * (not dataset.canonical)
    return re.sub(r"[^\w.+-]", "_", "-".join(parts))


@stores_runs
def main(arguments=None) -> int:
    """Run the command and return its exit code: 0, or 1 if any run did not complete."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser_for(arguments).parse_args(arguments)
    study, (_, question) = study_of(options), asked(options)

    from keras_mnist.reporting.announce import announce, say, tell_notes
    from keras_mnist.reporting.console import told_aside
    from keras_mnist.reporting.foresight import about_answers, about_idle, about_variants
    from keras_mnist.reporting.wording import count
    from keras_mnist.runs.workbench import carry_out, plan_study

    console = told_aside()
    study, plan = plan_study(study, **how_to_run(options))
    variants = count(len(study.variants) - 1, "variant")
    at_most = "at most " if question and len(question.looks) > 1 else ""
    what = f"the baseline and {variants}, {at_most}{count(len(study.seeds), 'seed')} each"
    announce(plan, what, console)
    tell_notes(about_idle(study), console)
    say(about_answers(study, plan, question), console)
    if options.plan:
        say(about_variants(study), console)
        return 0
    from keras_mnist.reporting.outputs import check_writable, present

    folder = options.out or f"studies/{_folder(options.all, study, plan.dataset)}"
    check_writable(folder, options.json)
    how = options.quiet, options.fail_fast, question, options.track
    result = carry_out(study, plan, console, *how)
    present(result, folder, options.json)
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(guarded(main))

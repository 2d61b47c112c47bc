"""`python -m keras_mnist.export WHAT`: a trained network as a SavedModel and in other formats."""

import re
import sys
from pathlib import Path

from keras_mnist.base.checks import LARGEST_SEED, integer
from keras_mnist.base.errors import ExperimentError, StoreError, nearest, printable
from keras_mnist.base.names import as_line
from keras_mnist.base.reading import parse_json, read_text
from keras_mnist.command import Parser, guarded
from keras_mnist.options import add_code_option, add_data_options, data_of
from keras_mnist.takes import Named, formats, networks


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="python -m keras_mnist.export",
        description="Train a run and write its network, preprocessing included, to "
        "OUT/NAME/VERSION. Each format is loaded in a process of its own and must say of every "
        "test image what the trained network said; otherwise nothing is written.",
    )
    top.add_argument(
        "what",
        metavar=Named("WHAT", networks),
        help="a run record, an experiment's JSON file (a search's best.json), the name of a "
        "network: mlp, lenet5, lenet5_reg..., or a file of yours: mine.py",
    )
    top.add_argument(
        "--format",
        metavar=Named("NAME,...", formats),
        help="keras, litert, onnx, numpy besides the SavedModel (default: numpy, where it can hold "
        "the network: predict starts at once with it)",
    )
    top.add_argument("--out", default="saved_models", metavar="DIR", help="default %(default)s")
    top.add_argument("--name", metavar="NAME", help="of the network (default: what WHAT says)")
    top.add_argument(
        "--license",
        default="",
        metavar="ID",
        help="of the network, for its card, as model hubs write it: mit, cc-by-4.0 (default: none)",
    )
    top.add_argument("--seed", type=int, metavar="N", help="default: the record's, else 0")
    top.add_argument(
        "--runs", default="runs", metavar="DIR", help="where its record is looked for, and kept"
    )
    add_code_option(top)
    add_data_options(top)
    return top


def asked(what: str, runs: str) -> tuple:
    """Return the experiment that WHAT stands for, the run's record if it is one, and a name.

    Args:
        what: as it was typed.
        runs: the folder of stored runs.

    Raises:
        KerasMnistError: it is neither a file of this package's nor a network's name.
    """
    from keras_mnist.documents import published
    from keras_mnist.experiment.file import read_experiment
    from keras_mnist.runs import RunRecord
    from keras_mnist.runs.baseline import baseline_named, names_a_file

    path = Path(what)
    if names_a_file(what):
        experiment = baseline_named(what, runs)[1]
        return experiment, None, experiment.name
    if not path.exists():
        if what not in published():
            raise ExperimentError(
                f"{what} must be a file or the name of a network",
                "neither",
                nearest(what, published()),
            )
        return baseline_named(what, runs)[1], None, what
    try:
        text = read_text(path)
        is_record = "weights_sha256" in parse_json(text)
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{what} must be a JSON file of a run or an experiment", error) from None
    record = RunRecord.from_json(text) if is_record else None
    experiment = record.experiment if record else read_experiment(path)
    return experiment, record, experiment.name


def main(arguments=None) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)

    from keras_mnist.experiment.compiled import as_compiled, chosen
    from keras_mnist.reporting.announce import about_data, say
    from keras_mnist.reporting.console import told_aside
    from keras_mnist.runs import Store
    from keras_mnist.runs.baseline import with_code
    from keras_mnist.runs.described import learn_networks
    from keras_mnist.serving.formats import checked_formats
    from keras_mnist.serving.release import release
    from keras_mnist.serving.shelf import checked_name

    experiment, record, name = asked(options.what, options.runs)
    if options.model:
        experiment = with_code(experiment, options.model, options.runs)
    name = checked_name(name if options.name is None else options.name)
    formats = checked_formats(options.format)
    if options.license and not re.fullmatch(r"[a-z0-9][a-z0-9.+-]{0,59}", options.license):
        raise ExperimentError("--license must be an identifier", options.license, "Such as mit")
    seed = options.seed if options.seed is not None else record.seed if record else 0
    integer("--seed", seed, 0, LARGEST_SEED)
    dataset = data_of(options)
    experiment = experiment.on(dataset)
    learn_networks([experiment], options.runs)
    if record is None:
        experiment = as_compiled(experiment, chosen(experiment))
    store = Store(options.runs)
    stored = record if record and record.seed == seed else None
    stored = stored or store.load(experiment, dataset.digest, seed)
    command = as_line(["python", "-m", "keras_mnist.export", *options.line])
    console = told_aside()
    say(about_data(dataset), console)
    run, place = (experiment, seed), (Path(options.out), name)
    beside = Store(Path(options.what).absolute().parent.parent) if record else store
    how = {"quiet": options.quiet, "spared": options.format is None, "license": options.license}
    how["seeds"] = list(beside.seeds(experiment, dataset.digest))
    folder, card = release(run, stored, dataset, formats, place, [command], console, **how)
    if stored is None:
        store.save(card.record)
    if card.note:
        print(printable(card.note), file=sys.stderr)
    print(f"test accuracy {100 * card.accuracy:.2f} %, {card.bytes:,} bytes")
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))

"""`python -m tuner.search`: search hidden width and dropout, resume, and say what was gained."""

import os
import sys
from functools import partial

from keras_mnist.base.checks import integer, one_of
from keras_mnist.base.errors import ExperimentError
from keras_mnist.command import Parser, guarded, stores_runs
from keras_mnist.options import (
    add_baseline_option,
    add_executor_option,
    add_runs_option,
    add_track_option,
    add_training_options,
    data_of,
    seeds_of,
)
from keras_mnist.takes import Named, networks
from tuner.cluster import ID, client, follow_parent, role, run_here, serve

OBJECTIVES = ("val_accuracy", "val_loss")
ORACLES = ("random", "bayesian", "hyperband", "grid")
HEEDING = ("bayesian", "hyperband")  # what they propose depends on which trials have ended


def parser() -> Parser:
    """Return the command's parser."""
    from tuner.space import searchable

    top = Parser(
        prog="python -m tuner.search",
        description="Search a network's dense width and dropout with keras-tuner, every trial "
        "trained with several seeds, and hold the best against the baseline on fresh seeds. The "
        "same command goes on where it was left.",
    )
    search = top.add_argument_group("search")
    search.add_argument(
        "--model",
        default="mlp",
        metavar=Named("NAME|FILE[:FUNCTION]", networks),
        help="mlp, lenet5, lenet5_reg..., a file of yours, or its keras-tuner function build(hp)",
    )
    search.add_argument(
        "--oracle",
        default="random",
        metavar="{random,bayesian,hyperband,grid}",
        help="how to search",
    )
    search.add_argument("--trials", type=int, default=40, metavar="N", help="default %(default)s")
    search.add_argument(
        "--search",
        action="append",
        default=[],
        metavar="NAME=LOW:HIGH[:log]|NAME=A,B,C",
        help="search this choice, and no others than those named so; repeatable",
    )
    search.add_argument("--width", metavar="LOW:HIGH", help="units, searched evenly in log2")
    search.add_argument("--dropout", metavar="LOW:HIGH", help="share dropped")
    search.add_argument(
        "--also",
        default="",
        metavar=Named("FIELD,...", searchable),
        help=", ".join(searchable()),
    )
    search.add_argument(
        "--objective", default="val_accuracy", metavar="{val_accuracy,val_loss}", help="mean of it"
    )
    add_baseline_option(search)
    search.add_argument("--epochs", type=int, metavar="N", help="of every run")
    search.add_argument("--train-size", type=int, metavar="N", help="use only the first N images")
    search.add_argument(
        "--shuffle-split", action="store_const", const=True, help="hold out a part drawn at random"
    )
    search.add_argument(
        "--search-seed", type=int, default=1, metavar="N", help="of the oracle's choices, from 1"
    )
    search.add_argument(
        "--directory", default="search", metavar="DIR", help="of this search (default search)"
    )
    search.add_argument("--fresh", action="store_true", help="forget the search in --directory")
    search.add_argument("--json", metavar="PATH", help="write everything as data")
    search.add_argument("--tensorboard", metavar="DIR", help="the same as --track tensorboard:DIR")
    search.add_argument(
        "--workers", type=int, metavar="N", help="start a chief and N worker processes here"
    )
    runs = top.add_argument_group("runs")
    runs.add_argument("--seeds", default="3", metavar="N|A,B,C", help="of a trial (default 3)")
    add_training_options(runs)
    add_executor_option(runs)
    add_track_option(runs)
    runs.add_argument(
        "--at-once",
        type=int,
        metavar="N",
        help="trials at once (default: as many as workers; of bayesian and hyperband, whose "
        "proposals depend on it, 1 on this machine)",
    )
    add_runs_option(runs)
    return top


def setting_of(options):
    """Return what the options ask for: the setting of the search.

    Raises:
        KerasMnistError: a bad value, or data that cannot be had.
    """
    from keras_mnist.experiment.named import with_named
    from keras_mnist.runs.baseline import baseline_named
    from keras_mnist.runs.described import learn_networks
    from keras_mnist.runs.executors.chosen import LOCAL, chosen_executor
    from tuner.space import space_of
    from tuner.spans import pair
    from tuner.trials import Setting

    integer("--trials", options.trials, 1, 100_000)
    integer("--search-seed", options.search_seed, 1, 2**31 - 1)
    one_of("--objective", options.objective, OBJECTIVES)
    one_of("--oracle", options.oracle, ORACLES)
    if options.at_once is not None:
        integer("--at-once", options.at_once, 1, 1024)
    several = options.workers or role()  # each with the runs of one trial, and one at a time
    if several and (options.executor != LOCAL or options.at_once):
        raise ExperimentError(
            "a chief's workers must do without --executor and --at-once",
            None,
            "Leave these out, or leave --workers out",
        )
    _, baseline = baseline_named(options.model, options.runs)
    baseline = with_named(baseline, options.baseline, "--baseline")
    names = ("epochs", "train_size", "shuffle_split")
    common = {name: getattr(options, name) for name in names}
    baseline = baseline.change(**{name: v for name, v in common.items() if v is not None})
    if not baseline.data.validation_split:
        baseline = baseline.change(validation_split=0.2)  # the test set must choose nothing
    width, dropout = pair(options.width, "--width", int), pair(options.dropout, "--dropout", float)
    also = [name for name in options.also.split(",") if name]
    space = space_of(baseline, width, dropout, also, options.oracle == "grid", options.search)
    if space.grid and space.size > options.trials:
        raise ExperimentError(
            "--trials must be at least the points of the grid",
            f"{options.trials} trials, {space.size} points",
            f"Ask for --trials {space.size}, or for narrower ranges",
        )
    seeds, dataset = seeds_of(options.seeds), data_of(options)
    baseline = baseline.on(dataset)
    learn_networks([baseline], options.runs)
    jobs = 1 if options.workers and options.jobs is None else options.jobs
    places = chosen_executor(options.executor, jobs, options.stalled_after)
    return Setting(baseline, space, options.objective, seeds, dataset, options.runs, *places)


def trials_at_once(options, jobs: int) -> int:
    """Return how many trials are at work at a time, where `jobs` runs go on side by side."""
    alone = options.oracle in HEEDING and options.executor == "local"
    return options.at_once or (1 if alone else jobs)


@stores_runs
def main(arguments=None) -> int:
    """Run the command and return its exit code: 0, or 1 if any trial had no result."""
    options, part = parser().parse_args(arguments), role()
    follow_parent()
    setting = setting_of(options)
    if options.workers and not part:
        integer("--workers", options.workers, 1, 1024)
        return run_here(options.line, options.workers)

    from keras_mnist.base.files import require_writable
    from tuner.oracles import make_oracle, replay
    from tuner.proposals import search
    from tuner.report import announce, present, teller
    from tuner.tracked import track, tracked
    from tuner.trials import finished, require_measured

    require_writable(setting.runs, "--runs")
    oracle = make_oracle(
        options.oracle,
        setting.objective,
        setting.space,
        options.trials,
        options.search_seed,
        setting.baseline.fit.epochs,
    )
    if part == "worker":
        with client(oracle) as chief:
            search(chief, setting, teller(setting, options), [os.environ[ID]])
        return 0
    from keras_mnist.runs.trial import ranked
    from keras_mnist.tracking.told import summary_of
    from tuner.answer import conclude
    from tuner.folder import asked, open_folder

    wanted = asked(setting, options.oracle, options.search_seed)
    journal = open_folder(options.directory, wanted, options.fresh, setting.runs)
    replay(oracle, journal, partial(require_measured, setting))
    at_once = 1 if part else trials_at_once(options, setting.jobs)
    announce(setting, oracle, options, at_once)
    with tracked(setting, wanted, options) as told:
        if part == "chief":
            serve(oracle)
        else:
            names = [f"tuner{n}" for n in range(at_once)]
            search(oracle, setting, teller(setting, options, told), names)
        trials = ranked(finished(setting, journal.events), setting.objective)
        for trial in trials:  # those that ended in an earlier call, or were others' to train
            track(trial, setting, told)
        how = options.jobs, options.quiet, options.executor, options.stalled_after
        record, result = conclude(wanted, setting, trials, *how)
        told.summary(summary_of(result) if result else {})
    failed = present(record, result, setting, options)
    return 1 if failed or (result and result.failed) else 0


if __name__ == "__main__":
    sys.exit(guarded(main))

"""What a search tells: before, while and after it."""

import json
import sys
from pathlib import Path

from rich.console import Console

from keras_mnist.base.errors import StoreError
from keras_mnist.base.files import finite
from keras_mnist.reporting import wording
from keras_mnist.reporting.announce import about_data, say
from keras_mnist.reporting.figures import save
from keras_mnist.reporting.grids import markdown_table, print_notes, terminal_table
from keras_mnist.reporting.outputs import finish, wide_console
from keras_mnist.reporting.study_data import as_data as study_as_data
from keras_mnist.reporting.tables import as_markdown, print_tables
from keras_mnist.runs.workbench import carry_out, plan_study
from keras_mnist.site.search import RESULT
from tuner import leaderboard
from tuner.answer import final_study, in_words
from tuner.figures import FIGURES
from tuner.folder import ASKED, BEST, LEADERBOARD, write
from tuner.quietly import kt
from tuner.tensorboard import Logs
from tuner.trials import Setting, Trial, TrialTuner, finished


def announce(setting: Setting, oracle, options) -> None:
    """Say what is searched on which data, and how much of it is done."""
    lines = [
        *about_data(setting.dataset),
        f"search: {', '.join(setting.space.fields)}; {options.oracle}, at most "
        f"{wording.count(options.trials, 'trial')} of {wording.count(len(setting.seeds), 'seed')}; "
        f"{len(oracle.end_order)} done before",
    ]
    say(lines, Console(stderr=True))


def search(oracle, setting: Setting, options) -> None:
    """Run the trials that are left, a line each."""
    console = Console(stderr=True)
    logs = Logs(options.tensorboard, setting) if options.tensorboard else None

    def tell(trial: Trial) -> None:
        if logs:
            logs.write(trial)
        values = ", ".join(
            f"{name.replace('_', ' ')} {value:.4g}"
            if isinstance(value, float)
            else f"{name} {value}"
            for name, value in trial.values.items()
        )
        score = wording.spread(setting.objective, trial.summary) if trial.scores else trial.reason
        text = f"trial {trial.number}: {values}: {wording.heading(setting.objective)} {score}"
        if not options.quiet or not trial.scores:
            say([text], console)

    try:
        TrialTuner(oracle, setting, tell).search()
    except kt.errors.FatalError as error:
        raise error.__cause__ from None


def conclude(setting: Setting, journal, options) -> int:
    """Print and write leaderboard, figures, the best experiment and the answer.

    Returns:
        The exit code: 1 if any trial or any run of the answer did not complete.
    """
    trials = leaderboard.ranked(finished(setting, journal.events), setting.objective)
    folder, console = Path(options.directory), wide_console()
    headings = leaderboard.headings(trials, setting.objective)
    rows = leaderboard.rows(trials, setting.objective)
    console.print(terminal_table("Leaderboard", headings, rows[:20]))
    if len(rows) > 20:
        print_notes([f"{len(rows) - 20} more in {folder / LEADERBOARD}"], console)
    if not trials or not trials[0].scores:
        raise StoreError("a search must have a trial that completed", f"{len(trials)} that did not")
    best = trials[0]
    study = final_study(setting, best)
    result = None
    if study is not None:
        planned = plan_study(study, setting.dataset, setting.runs, options.jobs)
        result = carry_out(*planned, Console(stderr=True), options.quiet)
        print_tables(result, console)
    print(in_words(result))
    sections = [markdown_table("Leaderboard", headings, rows), in_words(result)]
    sections += [as_markdown(result)] if result else []
    written = [
        write(folder, LEADERBOARD, "\n\n".join(sections).rstrip() + "\n"),
        write(folder, BEST, {"experiment": best.experiment.to_dict()}),
        *save({name: draw(trials, setting) for name, draw in FIGURES.items()}, folder),
    ]
    content = {
        "search": json.loads((folder / ASKED).read_text()),
        "trials": leaderboard.as_data(trials),
        "best": best.experiment.to_dict(),
        "answer": in_words(result),
        "study": result and study_as_data(result),
    }
    written.append(write(folder, RESULT, content))
    if options.tensorboard:
        Logs(options.tensorboard, setting).complete(trials)
    finish(written, options.json, finite(content))
    failed = sum(not trial.scores for trial in trials)
    if failed:
        print(f"{wording.count(failed, 'trial')} without a result", file=sys.stderr)
    return 1 if failed or (result and result.failed) else 0

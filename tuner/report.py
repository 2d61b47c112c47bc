"""What a search tells: before, while and after it."""

import sys
from collections.abc import Callable
from pathlib import Path

from keras_mnist.reporting import leaderboard, wording
from keras_mnist.reporting.announce import about_data, say
from keras_mnist.reporting.console import told_aside
from keras_mnist.reporting.files import save
from keras_mnist.reporting.grids import print_notes
from keras_mnist.reporting.outputs import finish, wide_console
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.reporting.tables import as_markdown, print_tables
from keras_mnist.reporting.terminal import TerminalTable
from keras_mnist.runs.search_record import RESULT, SearchRecord
from keras_mnist.runs.trial import Trial
from keras_mnist.tracking.tracking import Tracking
from tuner.figures import FIGURES
from tuner.folder import BEST, LEADERBOARD, write
from tuner.tracked import track
from tuner.trials import Setting

_SHOWN = 20  # trials on the terminal


def announce(setting: Setting, oracle, options, at_once: int = 1) -> None:
    """Say what is searched on which data, how much of it is done, how much is done at a time."""
    several = f", {at_once} at once" if at_once > 1 else ""
    lines = [
        *about_data(setting.dataset),
        f"search: {', '.join(setting.space.fields)}; {options.oracle}, at most "
        f"{wording.count(options.trials, 'trial')} of {wording.count(len(setting.seeds), 'seed')}"
        f"{several}; "
        f"{len(oracle.end_order)} done before",
    ]
    say(lines, told_aside())


def teller(setting: Setting, options, told: Tracking | None = None) -> Callable[[Trial], None]:
    """Return what tells of each trial when it has ended: a line, and trackers of its runs."""
    console = told_aside()

    def tell(trial: Trial) -> None:
        if told:
            track(trial, setting, told)
        values = ", ".join(
            f"{name.replace('_', ' ')} {leaderboard.in_words(value)}"
            for name, value in trial.values.items()
        )
        score = leaderboard.score(trial, setting.objective)
        text = f"trial {trial.number}: {values}: {wording.heading(setting.objective)} {score}"
        if not options.quiet or not trial.scores:
            say([text], console)

    return tell


def show(trials: list[Trial], objective: str, folder: Path | str) -> None:
    """Print the leaderboard's upper end; the folder of the search holds the rest."""
    console, columns = wide_console(), leaderboard.columns(trials, objective)
    rows = leaderboard.rows(trials)
    console.print(TerminalTable.of(leaderboard.TITLE, columns, rows[:_SHOWN]))
    if len(rows) > _SHOWN:
        print_notes([f"{len(rows) - _SHOWN} more in {Path(folder) / LEADERBOARD}"], console)


def present(
    record: SearchRecord, result: StudyResult | None, setting: Setting, options
) -> list[Trial]:
    """Write everything, print it, and return the trials that did not complete.

    Args:
        record: of the search.
        result: of its final study, if there was one.
        setting: of the search.
        options: of the command.
    """
    trials, folder = list(record.trials), Path(options.directory)
    sections = [leaderboard.as_markdown(trials, setting.objective), record.answer]
    sections += [as_markdown(result)] if result is not None else []
    written = [
        write(folder, LEADERBOARD, "\n\n".join(sections).rstrip() + "\n"),
        write(folder, BEST, {"experiment": trials[0].experiment.to_dict()}),
        *save({name: draw(trials, setting) for name, draw in FIGURES.items()}, folder),
        write(folder, RESULT, record.to_json()),
    ]

    def tables() -> None:
        show(trials, setting.objective, folder)
        if result is not None:
            print_tables(result, wide_console())
        print(record.answer)

    finish(written, options.json, record.to_dict(), tables)
    failed = [trial for trial in trials if not trial.scores]
    if failed:
        print(f"{wording.count(len(failed), 'trial')} without a result", file=sys.stderr)
    return failed

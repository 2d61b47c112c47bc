"""From a run to an exported network: train, write, compare with the training, put on the shelf."""

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np

from keras_mnist.base.checksum import sha256_of
from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.base.files import write_whole
from keras_mnist.data import Dataset
from keras_mnist.reporting.progress import progress_for
from keras_mnist.runs import RunRecord
from keras_mnist.runs.described import require_code
from keras_mnist.runs.executors.task import train_here
from keras_mnist.runs.plan import Run
from keras_mnist.runs.run_all import run_all
from keras_mnist.runs.verification import Verification, plan_anew, require_data
from keras_mnist.serving.card import FILE, Card, confusion_of, network_files
from keras_mnist.serving.parity import require_parity
from keras_mnist.serving.shelf import publish, unfinished
from keras_mnist.serving.task import LEFT_OUT, REFERENCE, train_and_write


def release(
    run: Run,
    stored: RunRecord | None,
    dataset: Dataset,
    formats: list[str],
    place: tuple[Path, str],
    commands: list[str],
    console,
    quiet: bool = False,
    spared: bool = False,
    seeds: Iterable[RunRecord] = (),
    license: str = "",
) -> tuple[Path, Card]:
    """Train a run, export its network and return the version's folder and its card.

    Nothing appears on the shelf unless every format agrees with the trained network.

    Args:
        run: experiment and seed.
        stored: the run's stored record, if there is one, whose weights must come out again.
        dataset: to train on.
        formats: from `checked_formats`.
        place: the shelf's folder and the network's name there.
        commands: to be named on the card.
        console: where progress is shown.
        quiet: show none.
        spared: leave out a format that cannot hold the network, with a word.
        seeds: stored records of the same experiment, of whatever seeds.
        license: under which the network is passed on, if that is to be named.

    Raises:
        ExperimentError: the run computes in less than single precision; a format cannot hold its
            network. Nothing has been trained by then.
        DataError: the record is of other data.
        StoreError: the run did not complete, or not with the stored weights though nothing that
            can change them differs; a format does not agree; the folder cannot be written.
    """
    precision = run[0].fit.precision
    if precision != "float32":  # which the formats do not have, or round otherwise
        raise ExperimentError(
            "a run must be trained in float32 to be exported",
            precision,
            "Train it with `precision` float32: another network, with an accuracy of its own",
        )
    if stored:
        require_data([stored], dataset)
    require_code([run[0]])
    with unfinished(*place) as scratch:
        version = scratch / "version"
        task = partial(train_and_write, folder=version, formats=formats, spared=spared)
        record, left_out = _trained(run, dataset, version, task, console, quiet)
        note = _compared(stored, record) if stored and stored.weights_sha256 else ""
        reference = np.load(version / REFERENCE)
        (version / REFERENCE).unlink()
        parities = []
        for name in formats:
            if name in left_out:
                console.print(f"{name} is left out: {left_out[name][1]}", highlight=False)
                continue
            if not quiet:
                console.print(f"{name}: asked for {len(reference):,} examples", highlight=False)
            parities.append(require_parity(version, name, dataset.x_test, reference))
        confusion = confusion_of(dataset.y_test, reference.argmax(axis=1), dataset.classes)
        files = network_files(version)
        known = {r.seed: r.metrics["test_accuracy"] for r in seeds if r.completed}
        digests = {name: sha256_of(version / name) for name in files}
        about = dataset.columns, known, license, digests
        card = Card(record, parities, confusion, commands, note, files, *about)
        _describe(card, place[1], version)
        return publish(version, *place), card


def _trained(run: Run, dataset, folder, task, console, quiet) -> tuple[RunRecord, dict]:
    """Train in a worker, which writes the network, too; return the record and what is left out."""
    plan = plan_anew([run], dataset, folder.parent / "runs", jobs=1)
    with progress_for(plan, console, quiet) as progress:
        (record,) = run_all(plan, progress, task=partial(train_here, train=task)).values()
    left_out = {}
    if (folder / LEFT_OUT).exists():
        left_out = json.loads((folder / LEFT_OUT).read_text())
        (folder / LEFT_OUT).unlink()
    if record.completed:
        return record, left_out
    if left_out:
        raise ExperimentError(*next(iter(left_out.values())))
    raise StoreError("a run must complete to be exported", f"{record.status}: {record.reason}")


def _compared(stored: RunRecord, record: RunRecord) -> str:
    """Return what a reader must know about the weights; mostly nothing."""
    found = Verification(stored, record)
    if found.same_weights:
        if found.other_figures:
            raise StoreError(
                "the figures must be those of the stored run", "; ".join(found.other_figures[:3])
            )
        return ""
    if not found.causes:
        raise StoreError(
            f"the weights must be those of the stored run, {stored.weights_sha256[:12]}",
            f"{record.weights_sha256[:12]}, where nothing differs that can change them",
        )
    return (
        f"Not the weights of the stored record of this run, {stored.weights_sha256[:12]}: "
        f"{'; '.join(found.causes)}."
    )


def _describe(card: Card, name: str, folder: Path) -> None:
    from keras_mnist.reporting.files import save
    from keras_mnist.reporting.model_card import as_markdown, confusion_figure

    write_whole(folder / FILE, card.to_json())
    write_whole(folder / "card.md", as_markdown(name, card))
    save({"confusion": confusion_figure(card)}, folder)

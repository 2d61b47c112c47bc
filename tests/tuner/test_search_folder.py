"""The folder of a search: what --fresh may remove, and that it may be cut off anywhere."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from keras_mnist import Experiment
from keras_mnist.base.errors import ExperimentError, StoreError
from tuner.folder import OWN, asked, open_folder, write
from tuner.space import space_of
from tuner.trials import Setting

EVENTS = [{"event": "created", "values": {"width": width}} for width in (8, 9)]


@pytest.fixture
def wanted(small):
    base = Experiment().on(small)
    setting = Setting(base, space_of(base), "val_accuracy", (0, 1), small, "runs", 1)
    return asked(setting, "random", 1)


@pytest.fixture
def folder(wanted, tmp_path):
    """That of a search that has run to its end, and in it what others have put there."""
    path = tmp_path / "s"
    journal = open_folder(path, wanted)
    for event in EVENTS:
        journal.append(event)
    for name in set(OWN) - {"search.json", "journal.jsonl"}:
        write(path, name, "x")
    (path / "runs" / "mlp").mkdir(parents=True)
    for other in ("notes.md", "runs/mlp/seed-0.json", "map.pdf", "journal.jsonl.old", ".git"):
        (path / other).write_text(f"{other} of somebody")
    return path


def files(folder):
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if not p.is_dir()}


def test_fresh_removes_the_search_and_nothing_else(folder, wanted):
    before = files(folder)
    assert before.keys() > set(OWN)
    other = replace(wanted, seed=2)
    assert open_folder(folder, other, fresh=True).events == []
    kept = {name: text for name, text in before.items() if name not in OWN}
    assert files(folder) == kept | {"search.json": json.dumps(other.to_dict(), indent=1) + "\n"}
    assert open_folder(folder, other).events == [], "and goes on without --fresh"
    with pytest.raises(ExperimentError, match="seed 2 then, 1 now"):
        open_folder(folder, wanted)


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("content", ["{torn", "[" * 100_000, "[]", "{}", '"x"', "lost key"])
def test_a_search_json_of_something_else_is_refused_by_name(content, fresh, folder, wanted):
    if content == "lost key":
        told = wanted.to_dict()
        content = json.dumps({key: told[key] for key in told if key != "space"})
    (folder / "search.json").write_text(content)
    before = files(folder)
    with pytest.raises(StoreError, match=r"search\.json must .* Name another --directory"):
        open_folder(folder, wanted, fresh)
    assert files(folder) == before


def test_fresh_needs_no_search_but_an_empty_folder(wanted, tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(StoreError, match=r"must be empty or hold a search.*thesis\.tex"):
        open_folder(tmp_path, wanted, fresh=True)
    assert files(tmp_path) == {"thesis.tex": "x"}
    for new in (tmp_path / "new", tmp_path / "new"):
        assert open_folder(new, wanted, fresh=True).events == []


def test_a_link_and_the_folder_one_is_in_are_folders(folder, wanted, tmp_path, monkeypatch):
    link = tmp_path / "link"
    link.symlink_to(folder, target_is_directory=True)
    assert open_folder(link, wanted, fresh=True).events == []
    assert link.is_symlink()
    assert (folder / "notes.md").exists()
    open_folder(folder, wanted).append(EVENTS[0])
    monkeypatch.chdir(folder)
    assert open_folder(".", wanted).events == EVENTS[:1]
    assert open_folder(".", wanted, fresh=True).events == []
    assert (folder / "notes.md").exists()
    link.unlink()
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="must be written"):
        open_folder(link, wanted)


class Killed(BaseException):
    pass


@pytest.mark.parametrize("question", ["the same", "another"])
def test_fresh_that_is_killed_anywhere_is_done_or_not_begun(
    question, folder, wanted, tmp_path, monkeypatch
):
    before, new = files(folder), wanted if question == "the same" else replace(wanted, seed=2)
    done = len(OWN)  # each file, and then the new question
    for steps in range(done + 1):
        for name, text in before.items():
            (folder / name).write_text(text)
        left = iter(range(steps))
        with monkeypatch.context() as patch:
            for owner, name in ((Path, "unlink"), (os, "replace")):
                patch.setattr(owner, name, dying(getattr(owner, name), left))
            if steps == done:
                open_folder(folder, new, fresh=True)
            else:
                with pytest.raises(Killed):
                    open_folder(folder, new, fresh=True)
        cut = files(folder)
        then = [json.loads(line) for line in cut.get("journal.jsonl", "").splitlines()]
        assert then in (EVENTS, [])
        if question == "the same" or steps == done:
            assert open_folder(folder, new).events == then
        else:
            assert open_folder(folder, wanted).events == then, "the old question stands"
        if not then:
            assert not set(cut) & (set(OWN) - {"search.json"}), "no results of what is forgotten"
        assert open_folder(folder, new, fresh=True).events == []
        assert files(folder).keys() == before.keys() - set(OWN) | {"search.json"}


def dying(function, left):
    def call(*args, **options):
        if next(left, None) is None:
            raise Killed
        return function(*args, **options)

    return call


def test_a_first_start_that_was_killed_leaves_a_folder_to_start_in(wanted, tmp_path):
    (tmp_path / "s" / ".search.json.partial").mkdir(parents=True)
    (tmp_path / "s" / ".search.json.partial" / "01234567").write_text("{")
    assert open_folder(tmp_path / "s", wanted).events == []
    assert list(files(tmp_path)) == ["s/search.json"]


def test_the_store_may_lie_in_the_folder(wanted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = Path("deep/runs")
    store.mkdir(parents=True)
    with pytest.raises(StoreError, match="must be empty"):
        open_folder(".", wanted, store="runs")
    assert open_folder(".", wanted, store=store).events == []


def test_a_file_that_fresh_would_not_know_is_not_written(tmp_path):
    with pytest.raises(ValueError, match=r"draft\.md must be in OWN"):
        write(tmp_path, "draft.md", "x")

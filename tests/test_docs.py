"""The pages: their commands are those of the package, their links lead somewhere.

A command stands in a block of bash. It is checked here as far as that goes without training, or
the line above its block says `<!-- not tested: WHY -->` or `<!-- tested by FILE::TEST -->`. The
flags of all of them are read by the commands' own parsers.
"""

import doctest
import glob
import inspect
import re
import shlex
from collections import Counter
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT

import keras_mnist
from keras_mnist import Experiment, Question, Study, ablate, find_data, run_study
from keras_mnist.cli import COMMANDS, home
from keras_mnist.data import Dataset
from keras_mnist.networks.own import Origin, network_of
from keras_mnist.networks.saved import saved_signature
from keras_mnist.reporting.study_result import StudyResult

DOCS = sorted(path for path in (ROOT / "docs").glob("*.md") if path.name != "claims.md")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]
BLOCK = re.compile(r"(?:^<!-- (.*?) -->\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OURS = re.compile(r"(?:python -m (?:keras_mnist|tuner)|keras-mnist)\b")


class Line(NamedTuple):
    """A command of a page: where it stands, what is said of it, and its words."""

    page: str
    mark: str
    words: list[str]

    @property
    def ours(self) -> tuple[str, list[str]] | None:
        """The command of this package and its arguments, if it is one."""
        words = self.words
        if words[:2] == ["python", "-m"]:
            package, _, name = words[2].partition(".")
            words = [package, *([name] if name else []), *words[3:]]
        if words[0] not in ("keras-mnist", "keras_mnist", "tuner") or len(words) < 2:
            return None
        return words[1], words[2:]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(language: str):
    for page in PAGES:
        for mark, kind, text in BLOCK.findall(page.read_text()):
            if kind == language:
                yield name_of(page), mark, text


def lines():
    for page, mark, text in blocks("bash"):
        for line in text.replace("\\\n", " ").splitlines():
            for part in line.split("&&"):
                part = re.sub(r" > \S+", "", part)  # where the output goes is the shell's
                if words := shlex.split(part.rstrip(" &"), comments=True):
                    yield Line(page, mark, words)


LINES = list(lines())
OUR_LINES = [line for line in LINES if line.ours]


def names(found):
    return [f"{line.page}: {' '.join(line.words)}" for line in found]


def prose(page: Path) -> str:
    """A page without its blocks."""
    return BLOCK.sub("", page.read_text())


def spans(page: Path) -> list[str]:
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose(page))]


def parser_of(command: str):
    return import_module(home(command)).parser()


def flags_of(command: str) -> set[str]:
    return {flag for action in parser_of(command)._actions for flag in action.option_strings}


@pytest.mark.parametrize("line", OUR_LINES, ids=names(OUR_LINES))
def test_a_command_has_the_flags_that_a_page_gives_it(line):
    command, arguments = line.ours
    assert command in COMMANDS
    model = dict(pairwise(arguments)).get("--model", "")
    path = ROOT / re.sub(r"\.py:.*", ".py", model)
    if command == "ablate" and path.suffix in (".py", ".keras") and not path.exists():
        pytest.skip("the flags are those of a file of the reader's")
    try:
        made = ablate.parser_for(arguments) if command == "ablate" else parser_of(command)
        made.parse_args(arguments)
    except SystemExit as end:
        assert end.code == 0, line  # --help


def test_commands_stand_in_blocks_and_their_names_and_flags_are_known():
    known = {command: flags_of(command) for command in COMMANDS}
    of_tests = re.findall(r'"(--[a-z-]+)"', (ROOT / "tests" / "conftest.py").read_text())
    of_saved = {flag.name for flag in ablate.flags(network_of(Origin("", saved_signature({}))))}
    flags = set().union(*known.values(), of_tests, of_saved, {"--version"})  # of no command's
    for page in PAGES:
        text = page.read_text()
        for _, kind, content in BLOCK.findall(text):
            assert kind == "bash" or not re.search(rf"^({OURS.pattern}|pip )", content, re.M), page
        for span in spans(page):
            words = span.split()
            loose = (len(words) > 1 and words[0] in ("pip", "dask")) or "python benchmarks" in span
            assert not loose, f"{page.name}: {span}: a command that belongs into a block"
            command, *arguments = words
            if ours := Line(page.name, "", words).ours:
                command, arguments = ours
            taken = known.get(command, flags if command.startswith("--") else set())
            for word in (command, *arguments):
                if taken and word.startswith("--"):
                    assert word in taken, f"{page.name}: {span}"


def test_marks_say_why_or_name_a_test():
    for line in LINES:
        if line.mark.startswith("tested by "):
            file, _, test = line.mark.removeprefix("tested by ").partition("::")
            assert f"def {test}(" in (ROOT / file).read_text(), line
        elif not line.ours:
            assert re.match("not tested: .{5}", line.mark), line
        else:
            assert not line.mark or re.match("not tested: .{5}", line.mark), line


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that has what the pages' commands name, and where they may write."""
    here = tmp_path_factory.mktemp("pages")
    (here / "docs").mkdir()
    (here / "docs" / "predict").symlink_to(ROOT / "docs" / "predict")
    (here / "search").symlink_to(ROOT / "results" / "search")
    for name in ("results", "saved_models", "examples"):
        (here / name).symlink_to(ROOT / name)
    return here


def _plan(command, arguments):
    assert command.main([*arguments, "--plan", "--data", "digits"]) == 0


def _run(command, arguments):
    assert command.main(arguments) == 0


def _search(command, arguments):
    command.setting_of(command.parser().parse_args([*arguments, "--data", "digits"]))


def _export(command, arguments):
    from keras_mnist.serving.formats import checked_formats

    options = command.parser().parse_args(arguments)
    assert command.asked(options.what, options.runs)
    assert checked_formats(options.format)


def _verify(command, arguments):
    for pattern in command.parser().parse_args(arguments).runs:
        found = glob.glob(pattern)
        assert found, pattern
        assert all(command.records_at(Path(path)) for path in found)


# What is done of each command: all of it, or what comes before it trains.
CHECKS = {
    "ablate": _plan,
    "reproduce": _plan,
    "report": _run,
    "page": _run,
    "table": _run,
    "exports": _run,
    "predict": _run,
    "search": _search,
    "export": _export,
    "new-document": _run,
    "verify": _verify,
}
HERE = [line for line in OUR_LINES if not line.mark]


@pytest.mark.parametrize("line", HERE, ids=names(HERE))
def test_a_command_of_a_page_works(line, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    monkeypatch.setattr("keras_mnist.reporting.claim_outputs.save", lambda figures, to: [])  # slow
    command, arguments = line.ours
    if "--help" not in arguments:
        CHECKS[command](import_module(home(command)), arguments)


PYTHON = [(page, text) for page, mark, text in blocks("python") if not mark]


@pytest.mark.parametrize("page, text", PYTHON, ids=[page for page, _ in PYTHON])
def test_lines_of_python_work_until_they_train(page, text):
    assert "run_study(" in text
    before, _, rest = text.partition(next(x for x in text.splitlines() if "run_study(" in x))
    scope: dict = {}
    exec(compile(before, page, "exec"), scope)
    called = []
    scope["run_study"] = lambda *a, **k: called.append(inspect.signature(run_study).bind(*a, **k))
    exec(compile(text[len(before) :].splitlines()[0], page, "exec"), scope)
    assert called
    methods = set(re.findall(r"^result\.(\w+)", rest, re.MULTILINE))
    assert all(hasattr(StudyResult, method) for method in methods)


WITH_EXAMPLES = [page for page in PAGES if ">>> " in page.read_text()]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=map(name_of, WITH_EXAMPLES))
def test_examples_give_what_a_page_says(page, folder, monkeypatch):
    """Those of one page go on from each other."""
    monkeypatch.chdir(folder)
    text = re.sub(r"^```.*$", "", page.read_text(), flags=re.MULTILINE)  # no output goes on there
    examples = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples, out=said.append)
    assert not said, "".join(said)


def public(kind) -> set[str]:
    """What a class has without an underscore; a dataclass's fields need not be attributes."""
    return {name for name in (*dir(kind), *vars(kind).get("__annotations__", ())) if name[0] != "_"}


def test_the_page_of_the_public_names_has_them_all():
    page = ROOT / "docs" / "api.md"
    sections = re.findall(r"^## `?(\w+)`?$", page.read_text(), re.MULTILINE)
    assert set(sections) == set(keras_mnist.__all__)
    words = set(re.findall(r"\w+", " ".join(spans(page))))
    for kind in (Experiment, Question, Study, Dataset, StudyResult):
        assert not public(kind) - words, kind.__name__


@pytest.mark.parametrize("function", [find_data, run_study, Study.of, Experiment.change])
def test_public_functions_say_what_they_take_and_raise(function):
    said = inspect.getdoc(function)
    arguments = said.partition("Args:")[2].partition("Raises:")[0]
    for name in inspect.signature(function).parameters:
        assert name == "self" or re.search(rf"^ +{name}: ", arguments, re.MULTILINE), name
    assert re.search(r"Raises:\n +\w+Error: ", said)


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_links_lead_somewhere():
    others = (ROOT / "CHANGELOG.md", ROOT / "benchmarks" / "README.md")
    for page in (*PAGES, *others):
        text = page.read_text()
        targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
        for target in targets:
            if target.startswith("http"):
                continue
            path, _, anchor = target.partition("#")
            there = (page.parent / path).resolve() if path else page
            assert there.exists(), f"{page.name}: {target}"
            assert ROOT in (there, *there.parents), f"{page.name}: {target}"
            headings = re.findall(r"^#+ (.+)$", there.read_text(), re.M) if anchor else []
            assert not anchor or anchor in map(slug, headings), f"{page.name}: {target}"


def test_every_page_is_reached_from_the_readme():
    readme = (ROOT / "README.md").read_text()
    for page in PAGES[1:]:
        assert f"]({name_of(page)})" in readme, page.name


def test_files_that_pages_name_are_there():
    homes = (ROOT, ROOT / "keras_mnist")
    for page in PAGES:
        for span in spans(page):
            home_of = [h for h in homes if (h / span.split("/")[0]).is_dir()]
            path = re.fullmatch(r"[\w.-]+(/[\w.-]+)+/?", span)
            if path and home_of and "NAME" not in span:
                assert any((h / span).exists() for h in home_of), f"{page.name}: {span}"


def tree(text: str):
    """Yield the paths of a drawn tree, and whether each says what it is and is a leaf."""
    rows = [re.match(r"( *)(\S+(?: \S+)*)(?:  +(\S.*))?$", row) for row in text.splitlines()]
    parents: list[str] = []
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        depth = len(row[1]) // 2
        leaf = after is None or len(after[1]) // 2 <= depth
        for name in row[2].split():
            yield "".join([*parents[:depth], name]), leaf, bool(row[3])
        parents[depth:] = [row[2]]


def test_the_drawn_tree_is_the_real_one():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    drawn = next(block for _, kind, block in BLOCK.findall(text) if block.startswith("keras_mnist"))
    named: Counter = Counter()
    for path, leaf, told in tree(drawn):
        assert (ROOT / path).exists(), path
        if leaf:
            assert told, f"{path}: no word of what it is"
            inside = (ROOT / path).rglob("*.py") if path.endswith("/") else [ROOT / path]
            named.update(name_of(module) for module in inside)
    modules = [m for part in ("keras_mnist", "tuner") for m in (ROOT / part).rglob("*.py")]
    there = {name_of(module) for module in modules if module.name != "__init__.py"}
    left_out = sorted(there - named.keys())
    assert not left_out
    twice = sorted(name for name in there if named[name] > 1)
    assert not twice
    ignored = {name.strip("/") for name in (ROOT / ".gitignore").read_text().split()}
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and p.name[0] not in "._"}
    drawn_folders = {path.split("/")[0] for path, _, _ in tree(drawn)}
    assert {f for f in folders - ignored if not f.endswith(".egg-info")} <= drawn_folders

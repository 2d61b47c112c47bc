"""Imports run downward only."""

import ast
from pathlib import Path

import pytest

import keras_mnist

ROOT = Path(keras_mnist.__file__).parent
LAYERS = [
    ("errors", "start"),
    ("checks", "files", "quiet", "extras", "backend"),
    ("parts",),
    ("experiment",),
    ("published", "study", "models", "data", "results", "images"),
    ("analysis", "training"),
    ("judging", "execution", "serving"),
    ("reporting",),
    ("workbench", "release"),
    ("command",),
    ("ablate", "reproduce", "report", "page", "verify", "export", "predict", "list_models"),
    ("cli",),
]
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
# What a place may not load, even inside a function that is called only sometimes.
HEAVY = {"tensorflow", "keras", "matplotlib", "pandas", "sklearn", "dask", "distributed"}
MAY_BE_HEAVY = {
    "backend",
    "execution/cluster",
    "execution/station",
    "models",
    "training",
    "serving/classifier",
    "serving/network",
    "serving/operations",
    "serving/simplify",
    "serving/write",
    "reporting/figures",
    "reporting/model_card",
    "reporting/seen",
    "reporting/bands",
    "reporting/claim_plot",
    "reporting/source_curves",
    "reporting/curves",
    "reporting/forest",
    "reporting/study_data",
    "data/digits",
}


def modules():
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).with_suffix("").as_posix(), path


def imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module
            if node.module == "keras_mnist":
                yield from (f"keras_mnist.{name.name}" for name in node.names)


def test_every_module_has_a_place():
    places = {name.split("/")[0] for name, _ in modules()} - {"__init__"}
    assert places == set(HEIGHT)


@pytest.mark.parametrize("name, path", list(modules()))
def test_imports_run_downward(name, path):
    place = name.split("/")[0]
    if place == "__init__":
        return  # the lazy front door
    for imported in imports(path):
        words = imported.split(".")
        if words[0] == "keras_mnist" and len(words) > 1 and words[1] in HEIGHT:
            below = HEIGHT[words[1]] < HEIGHT[place]
            assert below or words[1] == place, f"{name} imports {imported}"
        if words[0] in HEAVY or words[:2] == ["keras_mnist", "backend"]:
            allowed = place in MAY_BE_HEAVY or name in MAY_BE_HEAVY
            assert allowed, f"{name} imports {imported}"


def test_tensorflow_and_keras_come_from_one_place():
    """Imported by themselves, they compute with whatever the environment says."""
    for name, path in modules():
        direct = {"tensorflow", "keras"} & {imported.split(".")[0] for imported in imports(path)}
        # The second reads a file's format, in a process that has TensorFlow from the first.
        assert not direct or name in ("backend", "serving/operations"), f"{name} imports {direct}"


def test_nothing_imports_a_command():
    for name, path in modules():
        if name != "cli":
            commands = {f"keras_mnist.{command}" for command in LAYERS[-2]}
            assert not commands & set(imports(path))

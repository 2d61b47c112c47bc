"""Imports run downward only."""

import ast
from pathlib import Path

import pytest

import keras_mnist

ROOT = Path(keras_mnist.__file__).parent
COMMANDS = (
    *("ablate", "compare", "reproduce", "report", "page", "table"),
    *("verify", "export", "predict", "exports", "new_document", "doctor", "completion"),
)
# A place is a folder or a file; one inside another stands where it is named itself.
LAYERS = [
    ("start",),
    ("base",),
    ("networks",),
    ("experiment",),
    ("data",),
    ("runs/__init__", "runs/record", "runs/consistency", "runs/said", "runs/store"),
    ("training", "analysis", "serving/images"),
    ("runs",),
    ("reporting/wording",),  # what a claim says of itself, it says in the words of every table
    ("documents",),
    ("serving",),
    ("reporting",),
    ("tracking",),
    ("site",),
    ("runs/workbench", "runs/baseline", "serving/release"),
    ("commands", "flags", "takes"),
    ("options",),
    ("defaults",),
    ("command",),
    ("asking", "documented"),
    COMMANDS,
    ("cli",),
    ("__main__",),
]
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
# What a place may not load, even inside a function that is called only sometimes.
HEAVY = {
    *("tensorflow", "keras", "matplotlib", "pandas", "sklearn", "dask", "distributed"),
    *("mlflow", "wandb", "trackio", "tensorboard"),
}
DOORS = ("keras_mnist/base/backend", "keras_mnist/reporting/plots")
MAY_BE_HEAVY = {
    "base/backend",
    "runs/executors/connection",
    "runs/executors/pending",
    "runs/executors/station",
    "runs/executors/wire",
    "training",
    "serving/classifier",
    "serving/extent",
    "serving/flow",
    "serving/kinds",
    "serving/lists",
    "serving/network",
    "serving/operations",
    "serving/simplify",
    "serving/write",
    "reporting/plots",
    "reporting/figures",
    "reporting/files",
    "reporting/model_card",
    "reporting/seen",
    "reporting/bands",
    "reporting/claim_plot",
    "reporting/document_curves",
    "reporting/curves",
    "reporting/forest",
    "reporting/compared",
    "reporting/pictures",
    "reporting/shares_plot",
    "reporting/run_frame",
    "reporting/table_files",
    "tracking/to_mlflow",
    "tracking/to_tensorboard",
    "tracking/to_trackio",
    "tracking/to_wandb",
    "data/digits",
    "data/results",
    "data/small_tables",
    "data/table",
}


def modules():
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).with_suffix("").as_posix(), path


def place_of(module: str) -> str | None:
    """The place of a module, `runs/store`: of those in `HEIGHT`, the innermost."""
    words = module.split("/")
    ends = range(len(words), 0, -1)
    return next((p for p in ("/".join(words[:end]) for end in ends) if p in HEIGHT), None)


def imports(path: Path):
    """What a file imports, `keras_mnist/runs/store`; a name from a package as if it were a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.replace(".", "/") for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            home = node.module.replace(".", "/")
            folder = ROOT.parent / home
            files = [name.name for name in node.names if (folder / f"{name.name}.py").exists()]
            folders = [name.name for name in node.names if (folder / name.name).is_dir()]
            yield from (f"{home}/{name}" for name in (*files, *folders))
            if len(files) + len(folders) < len(node.names):
                yield f"{home}/__init__" if folder.is_dir() else home


def test_every_module_has_a_place():
    assert [name for name, _ in modules() if place_of(name) is None] == ["__init__"]


@pytest.mark.parametrize("name, path", list(modules()))
def test_imports_run_downward(name, path):
    place = place_of(name)
    if place is None:
        return  # the lazy front door
    for imported in imports(path):
        inside = imported.removeprefix("keras_mnist/")
        there = place_of(inside) if inside != imported else None
        if there is not None:
            neighbours = there.split("/")[0] == place.split("/")[0]
            reached = HEIGHT[there] < HEIGHT[place] + neighbours
            assert reached, f"{name} imports {imported}"
        if imported.split("/")[0] in HEAVY or imported in DOORS:
            allowed = place in MAY_BE_HEAVY or name in MAY_BE_HEAVY
            assert allowed, f"{name} imports {imported}"


def test_tensorflow_and_keras_come_from_one_place():
    """Imported by themselves, they compute with whatever the environment says."""
    for name, path in modules():
        direct = {"tensorflow", "keras"} & {imported.split("/")[0] for imported in imports(path)}
        # The others read a file's format and the registry, where TensorFlow is from the first.
        readers = ("serving/operations", "serving/kinds")
        assert not direct or name in ("base/backend", *readers), f"{name} imports {direct}"


def test_matplotlib_comes_from_one_place():
    """Imported by itself, it draws as any folder says."""
    for name, path in modules():
        direct = "matplotlib" in {imported.split("/")[0] for imported in imports(path)}
        assert direct == (name == "reporting/plots"), name


def test_nothing_imports_a_command():
    for name, path in modules():
        if name != "cli":
            commands = {f"keras_mnist/{command}" for command in COMMANDS}
            assert not commands & set(imports(path))

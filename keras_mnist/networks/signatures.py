"""Reading the signature of a person's function.

A file's function is read without running the file, where defaults are written out or are
constants of the file.
"""

import ast
import inspect
from collections import Counter
from collections.abc import Callable

from keras_mnist.base.errors import ExperimentError
from keras_mnist.networks.argument import GIVEN, RESERVED, Argument, Signature
from keras_mnist.networks.values import KINDS

_NONE = "None"
_PARTS = (int, float, str, type(None))  # of a tuple


def signature_in(tree: ast.Module, function: str, origin: str) -> Signature | None:
    """Return the signature of a file's function, or class; `None` where only a run tells it.

    Args:
        tree: the file, parsed.
        function: its name there.
        origin: what a person calls it, for errors.

    Raises:
        ExperimentError: an argument of a kind that no flag can have.
    """
    node = _definitions(tree)[function]
    doc = ast.get_docstring(node) or ""
    skipped = 0
    if isinstance(node, ast.ClassDef):
        methods = {m.name: m for m in node.body if isinstance(m, ast.FunctionDef)}
        if "__init__" not in methods:
            return Signature((), ())
        node, skipped = methods["__init__"], 1
        doc = ast.get_docstring(node) or doc
    parameters, constants = node.args, _constants(tree)
    named = [*parameters.posonlyargs, *parameters.args]
    defaults = [*[None] * (len(named) - len(parameters.defaults)), *parameters.defaults]
    pairs = [*zip(named, defaults, strict=True)][skipped:]
    pairs += zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
    try:
        found = [
            (
                one.arg,
                *((_literal(default, constants),) if default else ()),
                ast.unparse(one.annotation) if one.annotation else "",
            )
            for one, default in pairs
        ]
    except ValueError:
        return None
    return _signature([(n, rest[:-1], rest[-1]) for n, *rest in found], doc, origin)


def signature_of(function: Callable, origin: str) -> Signature:
    """Return the signature of a function that is at hand; errors as in `signature_in`."""
    empty = inspect.Parameter.empty
    found = []
    for name, one in inspect.signature(function).parameters.items():
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD):
            continue
        default = () if one.default is empty else (one.default,)
        annotation = "" if one.annotation is empty else inspect.formatannotation(one.annotation)
        found.append((name, default, annotation))
    whole = function.__init__ if inspect.isclass(function) else function
    return _signature(found, inspect.getdoc(whole) or inspect.getdoc(function) or "", origin)


def functions_in(tree: ast.Module) -> list[str]:
    """Return the names of a file's public functions and Keras models, in their order."""
    found = _definitions(tree).items()
    return [
        name
        for name, node in found
        if not name.startswith("_")
        and (
            isinstance(node, ast.FunctionDef) or any("Model" in ast.unparse(b) for b in node.bases)
        )
    ]


def _definitions(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    return {n.name: n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}


def _constants(tree: ast.Module) -> dict:
    """Return what a file's names stand for, as far as it is written out and set once."""
    found, again = {}, set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            again |= {name} & found.keys()
            try:
                found[name] = ast.literal_eval(node.value)
            except ValueError:
                again.add(name)
    return {name: value for name, value in found.items() if name not in again}


def _literal(node: ast.expr, constants: dict):
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    return ast.literal_eval(node)


def _signature(found: list, doc: str, origin: str) -> Signature:
    helps = _helps(doc)
    arguments, given = [], []
    for name, default, annotation in found:
        if name in GIVEN:
            given.append(name)
        elif not default:
            raise ExperimentError(
                f"each argument of {origin} but {', '.join(GIVEN)} must have a default",
                f"{name} without any",
                f"Write {name}=VALUE: the value that the baseline has",
            )
        else:
            kind, words = _kind(name, default[0], annotation, origin)
            value = tuple(default[0]) if isinstance(default[0], list) else default[0]
            if isinstance(value, tuple) and not all(isinstance(v, _PARTS) for v in value):
                raise ExperimentError(
                    f"the default of {name} in {origin} must hold numbers or texts",
                    repr(value)[:80],
                    "Make it flat, or set it inside the function",
                )
            if kind == "float" and isinstance(value, int):
                value = float(value)
            told, called = helps.get(name, ""), ""
            if name in RESERVED:
                name, called = f"{name}_", name
            arguments.append(Argument(name, value, kind, words, told, called=called))
    twice = [name for name, count in Counter(a.name for a in arguments).items() if count > 1]
    if twice:
        raise ExperimentError(
            f"the arguments of {origin} must differ by more than an underscore at the end",
            ", ".join(twice),
            "Call one of them otherwise",
        )
    return Signature(tuple(arguments), tuple(given))


def _kind(name: str, default, annotation: str, origin: str) -> tuple[str, tuple[str, ...]]:
    """Return the kind of an argument and, where it is a word, the words."""
    if annotation:
        words = _words(annotation)
        if words:
            return "word", words
        parts = {part.strip() for part in annotation.replace("typing.", "").split("|")}
        parts = {p.removeprefix("Optional[").rstrip("]") if "Optional" in p else p for p in parts}
        known = [part for part in KINDS if part in parts]
        if len(known) == 1 and (parts <= {known[0], _NONE}):
            return known[0], ()
    kind = "str" if default is None else type(default).__name__
    kind = "tuple" if kind == "list" else kind
    if kind not in KINDS:
        raise ExperimentError(
            f"the default of {name} in {origin} must be a number, a text, a boolean or a tuple",
            kind,
            "Make it one of these, or set it inside the function",
        )
    return kind, ()


def _words(annotation: str) -> tuple[str, ...]:
    """Return the texts of a `Literal[...]`, or nothing."""
    node = ast.parse(annotation, mode="eval").body
    if not (isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal")):
        return ()
    try:
        values = ast.literal_eval(node.slice)
    except ValueError:
        return ()
    values = values if isinstance(values, tuple) else (values,)
    return values if all(isinstance(value, str) for value in values) else ()


def _helps(doc: str) -> dict[str, str]:
    """Return what a Google docstring says of each argument, in one line each."""
    lines = inspect.cleandoc(doc).splitlines() if doc else []
    heads = [number for number, line in enumerate(lines) if line.strip() in ("Args:", "Arguments:")]
    found: dict[str, str] = {}
    name = ""
    for line in lines[heads[0] + 1 :] if heads else []:
        if line[:1].isupper() and line.rstrip().endswith(":"):  # another section
            break
        head, colon, text = line.strip().partition(":")
        word = head.partition(" ")[0]
        if colon and word.isidentifier() and (len(line) - len(line.lstrip())) <= 4:
            name, found[word] = word, text.strip()
        elif name and line.strip():
            found[name] += f" {line.strip()}"
    return found

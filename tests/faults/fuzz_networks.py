"""Targets of networks that come from others: `.keras` files, arrays for NumPy, SavedModels.

What TensorFlow and Keras would build is fuzzed at the stage where it is checked, before they do.
"""

import contextlib
import functools
import io
import json
import random
import zipfile
from pathlib import Path

import numpy as np
from fuzz_changes import changed_bytes
from fuzz_targets import JSON_WORDS, RESULTS, Target

from keras_mnist.base.errors import ExperimentError
from keras_mnist.networks.saved import CONFIG, code_of_saved, layers_of, taken_out
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.plain import save_plain

CODE = (
    *(
        "Lambda",
        "__lambda__",
        "function",
        "TFSMLayer",
        "TorchModuleWrapper",
        "JaxLayer",
        "FlaxLayer",
    ),
    *("os", "os.path", "subprocess", "builtins", "posix", "sys", "importlib", "pickle", "ctypes"),
    *("system", "Popen", "eval", "exec", "open", "getattr", "__import__", "import_module", "loads"),
    *("keras.utils", "get_file", "keras.saving", "load_model", "keras.export", "keras.src.utils"),
    *("keras_hub", "mine>Layer", "Custom>Lambda", "keras.src.utils.file_utils", "PyDataset"),
)
KERAS = ("Dense", "Conv2D", "Dropout", "Flatten", "LSTM", "Rescaling", "keras.layers", "Functional")
# What runs a person's code, whatever module says that it is its; and of Keras's, what reaches out.
RUNS, REACHES = {*CODE[:7]}, {"utils", "saving", "export"}
PLAIN = {"NoneType", "bool", "int", "float", "str", "slice", "list", "tuple", "set", "dict"}
PLAIN |= {"__keras_tensor__"}  # made by Keras itself, which asks no module for it


def runs_code(kind: str, module) -> bool:
    """Return whether a class of a configuration is code, or from elsewhere."""
    places = str(module or "keras").split(".") + kind.split(".")
    if places[0] == "builtins":
        return kind not in PLAIN
    return places[0] != "keras" or places[-1] in RUNS or bool(REACHES & {*places[:-1]})


class KerasFiles(Target):
    """A `.keras` file as a network: its configuration, checked before Keras builds anything."""

    forms = 2
    words = (*JSON_WORDS, *(word.encode() for word in (*CODE, *KERAS)), b"__keras_tensor__")
    tried = "configurations that name code or another package"

    def __init__(self, folder):
        super().__init__(folder)
        self._path = folder / "mine.keras"
        self.counts = {self.tried: 0, "of them accepted": 0}
        configs = [json.loads(text) for text in CONFIGS]
        files = (_keras_file(json.dumps(config).encode()) for config in configs)
        self.bases = (
            *(b"\1" + json.dumps(config).encode() for config in configs),
            *(b"\0" + content for content in files),
        )

    def changed(self, numbers: random.Random) -> bytes:
        """Return as others, or a configuration some of whose classes are others."""
        if numbers.random() < 0.5:
            return super().changed(numbers)
        config = json.loads(numbers.choice(CONFIGS))
        for _ in range(numbers.randint(1, 3)):
            part = numbers.choice([*_described(config)])
            key = numbers.choice(("class_name", "class_name", "module", "registered_name"))
            part[key] = numbers.choice((*CODE, *CODE, *KERAS))
            if numbers.random() < 0.3:
                part["module"] = numbers.choice(("builtins", "keras", None, "", *CODE))
            if numbers.random() < 0.2:
                inner = {"class_name": "function", "config": "os.system", "module": "builtins"}
                part["config"] = numbers.choice((inner, {"function": inner}, "os.system", [inner]))
        return b"\1" + json.dumps(config).encode()

    def _read(self, form, data):
        self._path.write_bytes(_keras_file(data) if form else data)
        self.counts[self.tried] += bool(form and any(runs_code(*one) for one in _named(data)))
        code, _ = code_of_saved(self._path)
        config = json.loads(code.files[0][2])
        for kind, module in _classes(config):
            if runs_code(kind, module):
                self.counts["of them accepted"] += 1
                raise AssertionError(f"{module}.{kind} was let through")
        for name in [*layers_of(config)][:2]:
            try:
                taken_out(config, name)
            except ExperimentError:
                continue
        return True


def _described(value):
    """Yield every part of a configuration that says what it is."""
    if isinstance(value, dict) and "class_name" in value:
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            yield from _described(inner)


def _named(data: bytes) -> list:
    """Return the classes and modules of a text, if it is a configuration."""
    try:
        return [*_classes(json.loads(data))]
    except (ValueError, RecursionError):
        return []


def _classes(value):
    """Yield the class and module of everything that a configuration would have made."""
    if isinstance(value, dict) and isinstance(kind := value.get("class_name"), str) and kind:
        yield kind, value.get("module")
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _classes(inner)


def _keras_file(config: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr(CONFIG, config)
        archive.writestr("model.weights.h5", b"\x89HDF")
    return buffer.getvalue()


def _layer(kind: str, module: str = "keras.layers", **config) -> dict:
    name = config.setdefault("name", kind.lower())
    found = {"module": module, "class_name": kind, "config": config, "registered_name": None}
    return {**found, "name": name}


def _tensor(layer: str) -> dict:
    config = {"shape": [None, 8], "dtype": "float32", "keras_history": [layer, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


_INIT = {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": None}}
_ALONE = [
    _layer("InputLayer", batch_shape=[None, 28, 28], dtype="float32"),
    _layer("Flatten", data_format="channels_last"),
    _layer("Dense", units=8, activation="relu", kernel_initializer=_INIT),
    _layer("Dropout", rate=0.5),
    _layer("Dense", name="dense_1", units=10, activation="softmax"),
]
_JOINED = [
    {**_layer("InputLayer", batch_shape=[None, 8]), "inbound_nodes": []},
    {
        **_layer("Dense", units=8),
        "inbound_nodes": [{"args": [_tensor("inputlayer")], "kwargs": {}}],
    },
    {
        **_layer("Add"),
        "inbound_nodes": [{"args": [[_tensor("inputlayer"), _tensor("dense")]], "kwargs": {}}],
    },
]
CONFIGS = (
    json.dumps(_layer("Sequential", "keras", trainable=True, layers=_ALONE)),
    json.dumps(
        _layer(
            "Functional",
            "keras.src.models.functional",
            layers=_JOINED,
            input_layers=[["inputlayer", 0, 0]],
            output_layers=[["add", 0, 0]],
        )
    ),
)


class Arrays(Target):
    """A network of arrays for NumPy, read and asked: its steps, or the whole file."""

    forms = 2
    words = (
        *JSON_WORDS,
        *(b"resize", b"scale", b"conv", b"dense", b"pool", b"activate", b"line", b"everywhere"),
        *(b"reshape", b"softmax", b"relu", b"same", b"k", b"b", b"shape", b"dtype", b"float32"),
    )
    most_memory = 1536  # a step may make 256 MiB of an example, on the way to which there is more

    def __init__(self, folder):
        super().__init__(folder)
        self._path, numbers = folder / "model.npz", np.random.default_rng(0)
        self._arrays = {
            "k": numbers.normal(size=(3, 3, 1, 2)).astype(np.float32),
            "b": np.zeros(2, np.float32),
            "d": numbers.normal(size=(32, 10)).astype(np.float32),
            "e": np.zeros(10, np.float32),
            "s": np.ones(2, np.float32),
        }
        steps = [
            {"kind": "resize", "side": 10, "shape": [28, 28], "dtype": "uint8"},
            {"kind": "scale", "divide": 255.0, "subtract": 0.1, "divide_again": [2.0]},
            {"kind": "conv", "kernel": "k", "bias": "b", "padding": "valid", "strides": [1, 1]},
            {"kind": "line", "scale": "s", "shift": "b"},
            {"kind": "activate", "by": "relu"},
            {"kind": "pool", "by": "max", "size": 2},
            {"kind": "reshape", "shape": [32]},
            {"kind": "dense", "kernel": "d", "bias": "e"},
            {"kind": "activate", "by": "softmax"},
        ]
        short = [
            {"kind": "everywhere", "by": "mean"},
            {"kind": "dense", "kernel": "w", "bias": "e"},
        ]
        conv = {**steps[2], "padding": "same", "shape": [9, 9], "dtype": "float32"}
        self._arrays["w"] = numbers.normal(size=(2, 10)).astype(np.float32)
        save_plain(self._path, steps, self._arrays)
        whole = self._path.read_bytes()
        several = (steps, [conv, *short, steps[-1]])
        self.bases = (*(b"\1" + json.dumps(one).encode() for one in several), b"\0" + whole)

    def _read(self, form, data):
        if form:
            content = {"steps": np.array(data.decode(errors="replace")), **self._arrays}
            np.savez(self._path, **content)
        else:
            self._path.write_bytes(data)
        with np.errstate(all="ignore"):
            classifier = load_classifier(self._path)
            said = classifier.ask(np.zeros((2, *classifier.shape), classifier.dtype))
        assert said.shape == (2, classifier.classes)
        return True


class Graphs(Target):
    """A SavedModel's graph: what of it may be loaded, and how much that would compute.

    An input that passes holds no operation that does more than compute, by a list apart from the
    package's own.
    """

    most_memory = 512
    tried = "graphs with an operation put in that does more than compute"
    through = "of them with such an operation in what may be loaded"

    def __init__(self, folder):
        super().__init__(folder)
        from acting import acts
        from tensorflow.core.framework.op_def_pb2 import OpList
        from tensorflow.core.protobuf.saved_model_pb2 import SavedModel
        from tensorflow.python.client import pywrap_tf_session

        every = OpList.FromString(
            pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList())
        )
        names = sorted(op.name for op in every.op)
        self._acts = functools.cache(acts)
        self._acting = [name for name in names if acts(name)]
        self._others = [name for name in names if not acts(name)]
        self._model, self._path = SavedModel, folder / "saved_model.pb"
        self.counts = {self.tried: 0, self.through: 0, "largest number of different ones": 0}
        self._used: set[str] = set()
        homes = (RESULTS.parents[1] / "saved_models", folder)
        _write_graphs(folder)
        found = sorted(path for home in homes for path in home.glob("*/**/saved_model.pb"))
        found = [path.read_bytes() for path in found]
        # The small ones far more often: what is checked is the same, in a tenth of the time.
        self._sound = [one for one in found for _ in range(20 if len(one) < 2**15 else 1)]
        self.bases = tuple(b"\0" + content for content in self._sound)

    def changed(self, numbers: random.Random) -> bytes:
        """Return a graph with other operations, calls, attributes, objects; or other bytes."""
        if numbers.random() < 0.2:
            return super().changed(numbers)
        model = self._model.FromString(numbers.choice(self._sound))
        for _ in range(numbers.randint(1, 3)):
            meta = model.meta_graphs[0]
            with contextlib.suppress(IndexError):  # there is nothing of the kind left
                numbers.choice(CHANGES)(self, numbers, model, meta)
        return b"\0" + model.SerializeToString()

    def operation(self, numbers: random.Random) -> str:
        """Return the name of an operation: mostly one that does more than compute."""
        return numbers.choice(self._acting if numbers.random() < 0.6 else self._others)

    def _read(self, form, data):
        from google.protobuf.message import DecodeError

        from keras_mnist.serving.extent import example_of, largest_batch
        from keras_mnist.serving.operations import answering_part

        try:
            given = _operations(self._model.FromString(data))
        except DecodeError:
            given = set()
        put_in = {name for name in given - self._own if self._acts(name)}
        self._used |= put_in
        self.counts[self.tried] += bool(put_in)
        self.counts["largest number of different ones"] = len(self._used)
        self._path.write_bytes(data)
        try:
            part = answering_part(self._path)
            self._require_harmless(part)
            largest_batch(part, 1)
            example_of(part)
        except Exception as error:
            raise _as_a_command_says(error) from None
        return True

    def _require_harmless(self, part) -> None:
        let = sorted(name for name in _operations(part) if self._acts(name))
        if let:
            self.counts[self.through] += 1
            raise LetThroughError(", ".join(let))

    @functools.cached_property
    def _own(self) -> set[str]:
        """The operations of the sound graphs, that of their savers included."""
        return set().union(*(_operations(self._model.FromString(one)) for one in {*self._sound}))


class LetThroughError(BaseException):
    """An operation that does more than compute, in what may be loaded."""


def _as_a_command_says(error: Exception) -> Exception:
    """Return what `load_classifier` makes of an error that is not the package's own."""
    from keras_mnist.base.errors import KerasMnistError, StoreError

    ours = isinstance(error, KerasMnistError)
    return (
        error if ours else StoreError("must be a whole network of this package", repr(error)[:200])
    )


def _operations(model) -> set[str]:
    return {node.op for meta in model.meta_graphs for node in _nodes(meta)}


def _nodes(meta) -> list:
    functions = meta.graph_def.library.function
    return [*meta.graph_def.node, *(node for one in functions for node in one.node_def)]


def _write_graphs(folder: Path) -> None:
    """Write small SavedModels: one of a product, one with a branch and a loop that counts."""
    from keras_mnist.base.backend import tf

    class Small(tf.Module):
        def __init__(self, loops):
            super().__init__()
            self.weights, self._loops = tf.Variable(tf.ones((16, 10)) / 16), loops

        @tf.function(input_signature=[tf.TensorSpec((None, 4, 4), tf.uint8, name="image")])
        def serve(self, image):
            x = tf.reshape(tf.cast(image, tf.float32), (-1, 16))
            if self._loops:
                _, x = tf.while_loop(lambda i, _: i < 3, lambda i, x: (i + 1, x * 0.5), (0, x))
                x = tf.cond(tf.reduce_all(image == 0), lambda: x + 1, lambda: tf.nn.relu(x))
            return {"probabilities": tf.nn.softmax(x @ self.weights)}

    for loops in (False, True):
        module = Small(loops)
        place = str(folder / f"small-{loops}" / "1")
        tf.saved_model.save(module, place, signatures=module.serve)


def _another_operation(target, numbers, model, meta) -> None:
    numbers.choice(_nodes(meta)).op = target.operation(numbers)


def _one_more_operation(target, numbers, model, meta) -> None:
    functions = [*meta.graph_def.library.function]
    place = numbers.choice([meta.graph_def.node, *(one.node_def for one in functions)])
    node = place.add(name=f"n{numbers.randrange(99)}", op=target.operation(numbers))
    if len(place) > 1 and numbers.random() < 0.5:
        node.input.append(numbers.choice(place).name + numbers.choice((":0", "", ":output:0")))
    if numbers.random() < 0.5:
        node.attr["T"].type = numbers.randrange(24)


def _another_call(target, numbers, model, meta) -> None:
    names = [one.signature.name for one in meta.graph_def.library.function]
    names += [target.operation(numbers), "nowhere", ""]
    calls = [a for n in _nodes(meta) for a in n.attr.values() if a.HasField("func")]
    if calls and numbers.random() < 0.7:
        numbers.choice(calls).func.name = numbers.choice(names)
    else:
        attribute = numbers.choice(_nodes(meta)).attr["f"]
        attribute.func.name = numbers.choice(names)


def _another_name(target, numbers, model, meta) -> None:
    function = numbers.choice(meta.graph_def.library.function)
    function.signature.name = numbers.choice((target.operation(numbers), "x", ""))


def _another_attribute(target, numbers, model, meta) -> None:
    nodes = [node for node in _nodes(meta) if node.attr]
    one, other = numbers.choice(nodes), numbers.choice(nodes)
    name = numbers.choice(list(one.attr))
    if numbers.random() < 0.5:
        one.attr[name].CopyFrom(other.attr[numbers.choice(list(other.attr))])
        return
    size = numbers.choice((-1, 0, 1, 2**31, 2**62, -(2**63)))
    attribute = one.attr[numbers.choice((name, "_x", "container", "shared_name", "value"))]
    act = numbers.randrange(5)
    if act == 0:
        attribute.i = size
    elif act == 1:
        attribute.type = numbers.randrange(30)
    elif act == 2:
        attribute.shape.dim.add().size = size
    elif act == 3:
        attribute.s = numbers.choice((b"/etc/passwd", b"", b"\xff", b"x" * 4000))
    else:
        attribute.tensor.dtype = numbers.randrange(24)
        attribute.tensor.tensor_shape.dim.add().size = size


def _another_object(target, numbers, model, meta) -> None:
    objects = meta.object_graph_def
    node, act = numbers.choice(objects.nodes), numbers.randrange(7)
    if act == 0:
        node.asset.asset_file_def_index = numbers.randrange(3)
    elif act == 1:
        node.resource.device = "/cpu:0"
    elif act == 2:
        node.registered_name = numbers.choice(("tf.StaticHashTable", "keras.layers.Lambda", "x"))
    elif act == 3 and node.children:
        words = ("_serialize_to_tensors", "_create_resource", "_initialize", "__call__", "x")
        numbers.choice(node.children).local_name = numbers.choice(words)
    elif act == 4:
        node.saveable_objects["x"].save_function = numbers.randrange(len(objects.nodes))
    elif act == 5:
        names = [one.signature.name for one in meta.graph_def.library.function]
        node.bare_concrete_function.concrete_function_name = numbers.choice((*names, "x"))
    elif node.children:
        numbers.choice(node.children).node_id = numbers.randrange(-2, len(objects.nodes) + 3)


def _another_saver(target, numbers, model, meta) -> None:
    names = [node.name for node in meta.graph_def.node]
    meta.saver_def.save_tensor_name = numbers.choice(names) + ":0"
    meta.saver_def.restore_op_name = numbers.choice(names)


def _an_initializer(target, numbers, model, meta) -> None:
    names = [node.name for node in meta.graph_def.node]
    key = numbers.choice(("saved_model_main_op", "legacy_init_op", "table_initializer"))
    meta.collection_def[key].node_list.value.append(numbers.choice(names))


def _another_graph(target, numbers, model, meta) -> None:
    if numbers.random() < 0.5:
        model.meta_graphs.add().CopyFrom(meta)
    else:
        meta.ClearField(numbers.choice(("object_graph_def", "signature_def", "saver_def")))


def _other_bytes_of_a_function(target, numbers, model, meta) -> None:
    from google.protobuf.message import DecodeError

    function = numbers.choice(meta.graph_def.library.function)
    try:
        function.ParseFromString(changed_bytes(numbers, function.SerializeToString()))
    except DecodeError:
        function.Clear()


def _other_inputs(target, numbers, model, meta) -> None:
    node = numbers.choice([node for node in _nodes(meta) if node.input])
    if numbers.random() < 0.3:
        del node.input[numbers.randrange(len(node.input))]
    else:
        other = numbers.choice(_nodes(meta))
        node.input[numbers.randrange(len(node.input))] = numbers.choice(
            (other.name, f"{other.name}:0", f"^{other.name}", node.name, *other.input[:1])
        )


CHANGES = (
    *(_another_operation, _another_operation, _one_more_operation, _one_more_operation),
    *(_another_call, _another_name, _another_attribute, _another_object, _another_saver),
    *(_an_initializer, _another_graph, _other_bytes_of_a_function, _other_inputs),
)

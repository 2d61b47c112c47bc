"""SavedModels that are programs: what may not run is refused, and nothing of it has run."""

import contextlib
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

from keras_mnist import Experiment
from keras_mnist.base.errors import StoreError
from keras_mnist.documents import published, published_named
from keras_mnist.serving import extent, shelf
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.operations import answering_part
from keras_mnist.serving.write import write
from keras_mnist.training.build import build

IMAGE = tf.TensorSpec((None, 28, 28), tf.uint8, name="image")
BLANK = np.zeros((2, 28, 28), np.uint8)
VARIANTS = {name: published_named(name)[1] for name in published()} | {
    "raw pixels": Experiment().change(rescale=False),
    "tanh, averages": published_named("lenet5")[1].change(activation="tanh", pool="average"),
}


def message(folder) -> SavedModel:
    return SavedModel.FromString((folder / "saved_model.pb").read_bytes())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """By variant, the folder of its SavedModel, with first weights."""
    folders = {name: tmp_path_factory.mktemp("written") for name in VARIANTS}
    for name, experiment in VARIANTS.items():
        write(experiment, build(experiment, 0).get_weights(), folders[name], ["saved_model"])
    return folders


# What leaves here comes back


@pytest.mark.parametrize("name", VARIANTS)
def test_every_network_that_is_exported_is_accepted(name, written):
    said = load_classifier(written[name], "saved_model")(BLANK)
    theirs = tf.saved_model.load(str(written[name])).signatures["serving_default"]
    np.testing.assert_array_equal(said, theirs(image=tf.constant(BLANK))["probabilities"])


@pytest.mark.parametrize("name", sorted({name for name, *_ in shelf.shelved(shelf.HOMES[1:])}))
def test_the_networks_that_come_with_the_package_are_accepted(name):
    for known, _, folder in shelf.shelved(shelf.HOMES[1:]):
        if known == name:
            assert load_classifier(folder, "saved_model")(BLANK).shape == (2, 10)


# Networks that do more than answer


def saved(serve, folder, **others) -> Path:
    """Save a function of images as a network, beside it others that nobody asks."""
    module = tf.Module()
    module.weights = tf.Variable(tf.ones((784, 10)) / 784)
    module.other = others
    module.serve = tf.function(
        lambda image: {"probabilities": serve(module, image)}, input_signature=[IMAGE]
    )
    tf.saved_model.save(module, str(folder), signatures=module.serve)
    return folder


def plain(module, image):
    return tf.reshape(tf.cast(image, tf.float32), (-1, 784)) @ module.weights


@pytest.fixture
def victim(tmp_path):
    """Another network's variables, and what a hostile one may not touch: all files there are."""
    saved(plain, tmp_path / "victim")
    return tmp_path / "victim" / "variables"


def contents(folder) -> dict:
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def assert_refused(folder, said, ask=True, acts=True):
    """Check that loading is refused and changes no file, which TensorFlow's own does change."""
    everything = folder.parent
    before = contents(everything)
    with pytest.raises(StoreError, match=said):
        load_classifier(folder, "saved_model")
    assert contents(everything) == before
    if acts:
        with contextlib.suppress(tf.errors.OpError):
            restored = tf.saved_model.load(str(folder))
            if ask:
                restored.signatures["serving_default"](image=tf.constant(BLANK))
        assert contents(everything) != before, "no hostile network"


def overwrite(prefix):
    """Write a checkpoint, and return 0 after that: TensorFlow would not wait for it by itself."""
    written = tf.raw_ops.SaveV2(
        prefix=str(prefix), tensor_names=["x"], shape_and_slices=[""], tensors=[tf.constant(0.0)]
    )
    with tf.control_dependencies([written]):
        return tf.constant(0.0)


def remove(prefix):
    tf.raw_ops.MergeV2Checkpoints(
        checkpoint_prefixes=[str(prefix)],
        destination_prefix=str(prefix.parents[2] / "elsewhere" / "gone"),
        delete_old_dirs=True,
    )
    return 0.0


def read(prefix):
    return tf.raw_ops.RestoreV2(
        prefix=str(prefix), tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32]
    )[0]


def write_file(prefix):
    tf.io.write_file(f"{prefix}.index", "x")
    return 0.0


ACTS = {
    "SaveV2": overwrite,
    "MergeV2Checkpoints": remove,
    "RestoreV2": read,
    "WriteFile": write_file,
}


@pytest.mark.parametrize("name", ACTS)
def test_a_network_that_uses_the_operations_of_a_saver_is_refused(name, victim, tmp_path):
    folder = saved(
        lambda module, image: plain(module, image) + ACTS[name](victim / "variables"),
        tmp_path / "hostile",
    )
    assert_refused(
        folder,
        rf"operations that compute, and no others.* {name} \(has state\)",
        acts=name != "RestoreV2",
    )


@pytest.mark.parametrize("way", ["called", "called by a called one", "in a branch", "in a loop"])
def test_no_call_hides_an_operation(way, victim, tmp_path):
    act = tf.function(lambda: overwrite(victim / "variables"))
    calling = tf.function(lambda: act() + 1)
    ways = {
        "called": lambda dark: act(),
        "called by a called one": lambda dark: calling(),
        "in a branch": lambda dark: tf.cond(dark, act, lambda: 1.0),
        "in a loop": lambda dark: tf.while_loop(lambda x: x < 1, lambda x: [x + 1 + act()], [0.0])[
            0
        ],
    }

    def serve(module, image):
        return plain(module, image) + ways[way](tf.reduce_all(image == 0))

    assert_refused(saved(serve, tmp_path / "hostile"), "SaveV2")


class Filled(tf.saved_model.experimental.TrackableResource):
    """A resource that loading creates and fills."""

    def __init__(self, act):
        super().__init__()
        self.act = act

    def _create_resource(self):
        return tf.raw_ops.MutableHashTableV2(key_dtype=tf.int64, value_dtype=tf.int64)

    def _initialize(self):
        self.act()


class Restored(tf.Module):
    """An object that loading restores by a function of its own."""

    def __init__(self, act):
        super().__init__()
        self.act = act

    def _serialize_to_tensors(self):
        return {"x": tf.constant(0.0)}

    def _restore_from_tensors(self, restored):
        self.act()


@pytest.mark.parametrize("kind", [Filled, Restored])
@pytest.mark.parametrize("acts", [True, False], ids=["acting", "idle"])
def test_what_loading_runs_by_itself_is_refused(kind, acts, victim, tmp_path):
    act = tf.function(lambda: write_file(victim / "variables") if acts else 0.0)
    folder = saved(plain, tmp_path / "hostile", other=kind(act))
    saved(plain, tmp_path / "victim")  # whole again: saving has run it, too
    assert_refused(folder, "objects for which loading runs nothing", ask=False, acts=acts)


# Files that no exporter writes


@pytest.fixture
def edited(written, tmp_path):
    """Returns a function that copies one of our networks and edits its message."""

    def edit(change, source=written["mlp"]):
        shutil.copytree(source, tmp_path / "hostile", dirs_exist_ok=True)
        model = message(source)
        change(model, model.meta_graphs[0])
        (tmp_path / "hostile" / "saved_model.pb").write_bytes(model.SerializeToString())
        return tmp_path / "hostile"

    return edit


def function(meta, part):
    """Return the function whose name has `part` in it."""
    return next(f for f in meta.graph_def.library.function if part in f.signature.name)


def call_as_operation(model, meta):
    for node in function(meta, "signature_wrapper").node_def:
        if node.op == "StatefulPartitionedCall":
            node.op = node.attr["f"].func.name


def name_like_an_operation(model, meta):
    known = function(meta, "serve")
    known.signature.name = "MatMul"


def add_a_function(model, meta):
    orphan = meta.graph_def.library.function.add()
    orphan.signature.name = "orphan"
    orphan.node_def.add(name="x", op="ReadFile")


def serve_the_saver(model, meta):
    for node in meta.object_graph_def.nodes:
        if node.WhichOneof("kind") == "bare_concrete_function":
            saver = function(meta, "traced_save").signature.name
            node.bare_concrete_function.concrete_function_name = saver


def name_the_saver_in_a_list(model, meta):
    node = function(meta, "signature_wrapper").node_def[0]
    node.attr["others"].list.func.add(name=function(meta, "traced_save").signature.name)


def name_the_saver_deep_down(model, meta):
    node = function(meta, "signature_wrapper").node_def[0]
    saver = function(meta, "traced_save").signature.name
    node.attr["f"].func.attr["g"].func.attr["h"].func.name = saver


def call_the_signature_the_saver(model, meta):
    meta.saver_def.save_tensor_name = "StatefulPartitionedCall:0"
    meta.saver_def.restore_op_name = "StatefulPartitionedCall_1"


def add_an_initializer(model, meta):
    meta.graph_def.node.add(name="initialize", op="MergeV2Checkpoints")
    meta.collection_def["saved_model_main_op"].node_list.value[:] = ["initialize"]


def add_a_graph(model, meta):
    model.meta_graphs.add().CopyFrom(meta)


def drop_the_objects(model, meta):
    meta.ClearField("object_graph_def")


def add_a_constant(model, meta):
    meta.object_graph_def.nodes.add().constant.operation = "nowhere"


def keep_a_constant(model, meta):
    """A constant that loading would expand to a trillion values."""
    made = meta.graph_def.node.add(name="huge", op="Const")
    made.attr["dtype"].type = tf.float32.as_datatype_enum
    made.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(0.0))
    made.attr["value"].tensor.tensor_shape.dim.add(size=10**12)
    meta.object_graph_def.nodes.add().constant.operation = "huge"


def keep_what_is_no_constant(model, meta):
    meta.graph_def.node.add(name="read", op="ReadFile")
    meta.object_graph_def.nodes.add().constant.operation = "read"


def add_an_asset(model, meta):
    meta.object_graph_def.nodes.add().asset.asset_file_def_index = 0


def register_an_object(model, meta):
    meta.object_graph_def.nodes[1].registered_name = "tf.StaticHashTable"


def replace_a_method(model, meta):
    for child in meta.object_graph_def.nodes[0].children:
        if child.local_name == "serve":
            child.local_name = "_serialize_to_tensors"


def hide_a_tensor(model, meta):
    for concrete in meta.object_graph_def.concrete_functions.values():
        concrete.output_signature.tensor_value.dtype = tf.float32.as_datatype_enum


@pytest.mark.parametrize(
    "change, said",
    [
        (call_as_operation, r"operations .* __inference_serve\w+ \(unknown to TensorFlow\)"),
        (name_like_an_operation, r"operations .* MatMul \(a function\)"),
        (add_a_function, r"operations .* ReadFile \(takes or gives texts\)"),
        (serve_the_saver, "operations .* MergeV2Checkpoints"),
        (name_the_saver_in_a_list, "operations .* MergeV2Checkpoints"),
        (name_the_saver_deep_down, "operations .* MergeV2Checkpoints"),
        (call_the_signature_the_saver, "operations .* MergeV2Checkpoints"),
        (add_an_initializer, "operations .* MergeV2Checkpoints"),
        (add_a_graph, "one graph with its objects"),
        (drop_the_objects, "one graph with its objects"),
        (add_a_constant, "must be a whole network"),
        (keep_a_constant, "GiB of results for a batch.*more with constants"),
        (keep_what_is_no_constant, r"operations .* ReadFile \(takes or gives texts\)"),
        (add_an_asset, "loading runs nothing.*asset"),
        (register_an_object, "loading runs nothing.*StaticHashTable"),
        (replace_a_method, "loading runs nothing.*_serialize_to_tensors"),
        (hide_a_tensor, "loading runs nothing.*a tensor"),
    ],
)
def test_what_no_exporter_writes_is_refused(change, said, edited):
    assert_refused(edited(change), said, acts=False)


def test_the_saver_of_a_file_is_not_its_loader(edited, written, victim):
    """Its prefix changed to that of other weights, TensorFlow's own restores what lies there."""

    def change(model, meta):
        restoring = function(meta, "traced_restore")
        (restore,) = (node for node in restoring.node_def if node.op == "RestoreV2")
        prefix = restoring.node_def.add(name="elsewhere", op="Const")
        prefix.attr["dtype"].type = tf.string.as_datatype_enum
        prefix.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(str(victim / "variables")))
        restore.input[0] = "elsewhere:output:0"

    said = load_classifier(edited(change), "saved_model")(BLANK)
    np.testing.assert_array_equal(said, load_classifier(written["mlp"], "saved_model")(BLANK))


def test_no_function_of_the_saver_takes_the_place_of_another(edited, victim, tmp_path):
    """TensorFlow calls, for a function that says what it implements, one that says the same."""

    def alike(device, act):
        attributes = {"api_implements": "same", "api_preferred_device": device}

        @tf.function(
            input_signature=[tf.TensorSpec((None, 10))], experimental_attributes=attributes
        )
        def called(x):
            return x + shift + act()

        return called

    shift = tf.Variable(0.1)  # whose use makes calls of the kind that is known; shares of a blank

    honest = alike("GPU", lambda: 0.0)
    evil = alike("CPU", lambda: overwrite(victim / "variables"))
    serve = lambda module, image: honest(plain(module, image))  # noqa: E731
    source = saved(serve, tmp_path / "source", evil=evil, shift=shift)

    def change(model, meta):
        objects = meta.object_graph_def
        (name,) = {
            f.signature.name
            for f in meta.graph_def.library.function
            if f.attr["api_preferred_device"].s == b"CPU"
        }
        del objects.concrete_functions[name]
        for node in objects.nodes:
            if name in node.function.concrete_functions or (
                node.bare_concrete_function.concrete_function_name == name
            ):
                node.user_object.identifier = "_generic_user_object"
        (restore,) = (n for n in meta.graph_def.node if n.name == meta.saver_def.restore_op_name)
        restore.attr["also"].func.name = name

    folder = edited(change, source)
    before = contents(tmp_path)
    classifier = load_classifier(folder, "saved_model")
    np.testing.assert_array_equal(classifier(BLANK), np.full((2, 10), np.float32(0.1)))
    assert contents(tmp_path) == before
    tf.saved_model.load(str(folder)).signatures["serving_default"](image=tf.constant(BLANK))
    assert contents(tmp_path) != before, "no hostile network"


# Networks that would fill the memory, or never end


def join(module, image):
    x = plain(module, image)
    for _ in range(40):
        x = tf.concat([x, x], 1)
    return x


def call_and_call(module, image):
    def twice(inner):
        return tf.function(lambda x: inner(inner(x)))

    called = tf.function(lambda x: x @ module.weights[:10])
    for _ in range(7):
        called = twice(called)
    return called(plain(module, image))


def let_the_image_say(module, image):
    return tf.reshape(plain(module, image), tf.cast(image[0, 0, :2], tf.int32))


def loop(until, step=1, grow=False, start=0):
    """A network with a loop, whose test and step are given."""

    def serve(module, image):
        x = plain(module, image)
        said = tf.while_loop(
            lambda i, x: until(i, x, image),
            lambda i, x: [i + step, tf.concat([x, x], 0) if grow else x + 1.0],
            [tf.constant(start), x],
            shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 10])],
        )
        return said[1]

    return serve


def a_list(count, dynamic=False):
    """A network with a list of tensors that is filled and stacked."""

    def serve(module, image):
        x = plain(module, image)
        array = tf.TensorArray(tf.float32, size=count(image), dynamic_size=dynamic)
        array = array.write(2, x[:1])
        return x + tf.reduce_sum(array.stack())

    return serve


def an_item_never_set(module, image):
    """What a list gives for it are zeros of the shape that was declared."""
    handle = tf.raw_ops.TensorListReserve(
        element_shape=[2**31 - 1], num_elements=1, element_dtype=tf.float32
    )
    item = tf.raw_ops.TensorListGetItem(
        input_handle=handle, index=0, element_shape=[-1], element_dtype=tf.float32
    )
    return plain(module, image) + tf.reduce_sum(item)


def an_item_of_any_shape(module, image):
    handle = tf.raw_ops.TensorListFromTensor(tensor=plain(module, image), element_shape=[-1])
    shape = tf.cast(image[0, 0, :1], tf.int32)
    item = tf.raw_ops.TensorListGetItem(
        input_handle=handle, index=0, element_shape=shape, element_dtype=tf.float32
    )
    return plain(module, image) + tf.reduce_sum(item)


def lists_in_a_loop(module, image):
    """A list of a list takes the place of the first, and grows so."""
    x = plain(module, image)
    handle = tf.raw_ops.TensorListFromTensor(tensor=x, element_shape=[-1])

    def longer(i, handle):
        stacked = tf.raw_ops.TensorListStack(
            input_handle=handle, element_shape=[-1], element_dtype=tf.float32
        )
        twice = tf.concat([stacked, stacked], 0)
        return i + 1, tf.raw_ops.TensorListFromTensor(tensor=twice, element_shape=[-1])

    _, handle = tf.while_loop(lambda i, handle: i < 30, longer, [tf.constant(0), handle])
    return x + tf.cast(tf.raw_ops.TensorListLength(input_handle=handle), tf.float32)


UNKNOWN = "must be known before it is asked, and how often its loops run"


@pytest.mark.parametrize(
    "serve, said",
    [
        (loop(lambda i, x, image: tf.reduce_sum(x) > -1), f"{UNKNOWN}.*While"),
        (loop(lambda i, x, image: True), f"{UNKNOWN}.*While"),
        (loop(lambda i, x, image: i < tf.cast(image[0, 0, 0], tf.int32)), f"{UNKNOWN}.*While"),
        (loop(lambda i, x, image: i < 9, step=0), f"{UNKNOWN}.*While"),
        (loop(lambda i, x, image: i < 9, step=-1), f"{UNKNOWN}.*While"),
        (loop(lambda i, x, image: i < 9, step=2**30 + 1), f"{UNKNOWN}.*While"),
        (loop(lambda i, x, image: i < 2**29), "1,000,000 operations.*more with StatelessWhile"),
        (loop(lambda i, x, image: i < 900, grow=True), f"{UNKNOWN}.*While"),
        (a_list(lambda image: 10**9), "GiB of results for a batch.*TensorListReserve"),
        (a_list(lambda image: 5, dynamic=True), f"{UNKNOWN}.*TensorListSetItem"),
        (a_list(lambda image: tf.cast(image[0, 0, 0], tf.int32)), f"{UNKNOWN}.*TensorListReserve"),
        (an_item_never_set, "GiB of results for a batch.*TensorListGetItem"),
        (an_item_of_any_shape, f"{UNKNOWN}.*TensorListGetItem"),
        (lists_in_a_loop, f"{UNKNOWN}.*While"),
    ],
    ids=lambda value: value if isinstance(value, str) else "serve",
)
def test_loops_and_lists_without_bounds_are_refused(serve, said, tmp_path):
    folder = saved(serve, tmp_path / "hostile")
    with pytest.raises(StoreError, match=said):
        load_classifier(folder, "saved_model")


@pytest.mark.parametrize(
    "until",
    [
        lambda i, x, image: i < 7,
        lambda i, x, image: i < tf.shape(image)[1] // 4,
        lambda i, x, image: tf.logical_and(tf.reduce_sum(x) > -1, i < 7),
    ],
)
def test_a_loop_that_counts_is_run(until, tmp_path):
    serve = loop(until)
    folder = saved(lambda m, image: tf.nn.softmax(serve(m, image)), tmp_path / "m")
    np.testing.assert_allclose(load_classifier(folder, "saved_model")(BLANK), np.full((2, 10), 0.1))


def test_a_loop_costs_what_its_passes_cost(tmp_path):
    def cost(times):
        folder = saved(loop(lambda i, x, image: i < times), tmp_path / str(times))
        return extent.require_bounded(answering_part(folder / "saved_model.pb"), 2)

    few, some, many = map(cost, (10, 20, 110))
    assert some - few > 0
    assert many - some == 9 * (some - few)


def test_a_branch_costs_what_the_dearer_costs(tmp_path):
    def serve(module, image):
        x, dark = plain(module, image), tf.reduce_all(image < 255)
        return tf.cond(
            dark, lambda: tf.nn.softmax(x), lambda: tf.reshape(join(module, image), [-1])[:20]
        )

    with pytest.raises(StoreError, match="GiB of results"):
        load_classifier(saved(serve, tmp_path / "hostile"), "saved_model")


def test_a_large_network_is_asked_in_smaller_batches(tmp_path, monkeypatch):
    classifier = load_classifier(saved(lambda m, i: tf.nn.softmax(plain(m, i)), tmp_path / "m"))
    part = answering_part(tmp_path / "m" / "saved_model.pb")
    images = np.zeros((50, 28, 28), np.uint8)
    monkeypatch.setattr(extent, "BYTES", extent.require_bounded(part, 7))
    assert extent.largest_batch(part, 50) == 7
    assert classifier(images).shape == (50, 10)


def test_a_loop_whose_written_shapes_are_false_is_refused(edited, tmp_path):
    """TensorFlow believes what a loop says its results' shapes are."""
    source = saved(loop(lambda i, x, image: i < 30, grow=True), tmp_path / "source")

    def change(model, meta):
        for one in meta.graph_def.library.function:
            for node in one.node_def:
                if "While" in node.op:
                    for shape in node.attr["output_shapes"].list.shape:
                        for side in shape.dim:
                            side.size = 10

    assert_refused(edited(change, source), UNKNOWN, acts=False)


def test_two_of_one_name_in_a_function_are_refused(edited):
    def change(model, meta):
        nodes = function(meta, "inference_serve").node_def
        nodes.add().CopyFrom(nodes[0])

    assert_refused(edited(change), "names of its own", acts=False)


@pytest.mark.parametrize(
    "serve, said",
    [
        (join, "GiB of results for a batch. Received: more with ConcatV2"),
        (call_and_call, "at most 100 operations.* more with StatefulPartitionedCall"),
        (let_the_image_say, "size of a network's results must be known .* Reshape"),
    ],
)
def test_a_network_without_bounds_is_refused(serve, said, tmp_path, monkeypatch):
    monkeypatch.setattr(extent, "OPERATIONS", 100)  # to make more takes TensorFlow long
    assert_refused(saved(serve, tmp_path / "hostile"), said, acts=False)


def test_a_constant_of_any_size_is_refused(edited):
    def change(model, meta):
        constants = (n for n in function(meta, "inference_serve").node_def if n.op == "Const")
        tensor = next(n.attr["value"].tensor for n in constants if n.attr["dtype"].type == 1)
        tensor.tensor_shape.dim.add(size=10**12)

    assert_refused(edited(change), "GiB of results .* more with Const", acts=False)


def test_a_function_that_calls_itself_is_refused(edited):
    def change(model, meta):
        wrapper = function(meta, "signature_wrapper")
        for node in wrapper.node_def:
            if node.op == "StatefulPartitionedCall":
                node.attr["f"].func.name = wrapper.signature.name

    assert_refused(edited(change), "must be a whole network", acts=False)


def test_a_batch_that_is_too_large_for_a_network_is_refused_when_it_is_asked(tmp_path):
    def serve(module, image):
        pixels = tf.reshape(tf.cast(image, tf.float32), (-1, 1))
        pairs = pixels + tf.reshape(pixels, (1, -1))
        return plain(module, image) + 0.1 + pairs[:1, :1]  # shares of a blank

    classifier = load_classifier(saved(serve, tmp_path / "m"), "saved_model")
    assert classifier(BLANK).shape == (2, 10)
    with pytest.raises(StoreError, match="GiB of results"):
        classifier(np.zeros((1000, 28, 28), np.uint8))

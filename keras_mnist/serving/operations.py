"""What answers in a SavedModel, taken out and looked at before any of it could run.

A SavedModel is a program: among the operations that TensorFlow has are some that read and write
files or call Python, and its own saver is made of such. A network that only answers has no use for
its saver, so that is left out; all else may hold operations that compute, and no others, whoever
wrote it and whatever lies beside it (`kinds`). What is then loaded is a copy of the functions that
the network's objects call, without the notes by which TensorFlow may put one in another's place or
believe a shape. Nothing else can run, whatever names it: it is not there.
"""

from collections.abc import Mapping
from pathlib import Path

from keras_mnist.base.errors import StoreError
from keras_mnist.base.reading import read_bytes
from keras_mnist.serving.kinds import definition, objection

# Of the graph around the functions, which makes their variables and is not loaded.
_AROUND = {"AssignVariableOp", "VarHandleOp", "VarIsInitializedOp"}
# The kinds of object for which loading runs nothing; the others are made or filled by functions or
# files of their own. A tensor that was captured is let go, as are the functions that take it.
_QUIET = {"user_object", "variable", "function", "bare_concrete_function"}
_QUIET |= {"constant", "captured_tensor"}
_CONSTANT = "tf.TrackableConstant"  # how TensorFlow registers it
# Of the process that saved it; and shapes that TensorFlow would believe.
_LARGEST = 2**28  # bytes of a graph, whose weights lie beside it
_NOTES = {"config", "config_proto", "executor_type", "output_shapes"}


def answering_part(file: Path):
    """Return, of the message in a `saved_model.pb`, the part that answers, fit to be loaded.

    Raises:
        StoreError: it is no such file, or has an operation or object that may do more than compute.
    """
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    try:
        model = SavedModel.FromString(read_bytes(file, _LARGEST))
    except (DecodeError, OSError) as error:
        raise StoreError(f"{file} must be a SavedModel", error) from None
    # Else TensorFlow would load it as in version 1: all of the graph, and run its initializers.
    if len(model.meta_graphs) != 1 or not model.meta_graphs[0].HasField("object_graph_def"):
        raise _foreign(file, "be one graph with its objects", f"{len(model.meta_graphs)} graphs")
    (meta,) = model.meta_graphs
    if loud := sorted(_loud(meta.object_graph_def)):
        raise _foreign(file, "hold objects for which loading runs nothing", ", ".join(loud[:5]))
    around, inside = operations(meta)
    unfit = {name: objection(name) for name in (around - _AROUND) | inside}
    # By the name of an operation a function could be called.
    unfit |= {name: "a function" for name in functions_of(meta) if definition(name)}
    told = [f"{name} ({why})" for name, why in sorted(unfit.items()) if why]
    if told:
        raise _foreign(file, "hold operations that compute, and no others", ", ".join(told[:5]))
    part = SavedModel()
    kept = part.meta_graphs.add()
    kept.object_graph_def.CopyFrom(_without_gradients(meta))
    kept.graph_def.node.extend(_constants(meta))
    for node in kept.graph_def.node:
        _clear_notes(node)
    kept.graph_def.versions.CopyFrom(meta.graph_def.versions)
    # Loading reads no signature from here; `extent` reads what an example is.
    kept.signature_def["serving_default"].CopyFrom(meta.signature_def["serving_default"])
    for function in _reached(meta, entrances(meta)).values():
        kept.graph_def.library.function.append(_plain(function))
    return part


def operations(meta) -> tuple[set[str], set[str]]:
    """Return the operations of a graph around its functions and within them, the saver's aside.

    The saver's are the two nodes that the graph says save and restore it, and the functions that
    they alone call.
    """
    ends = {meta.saver_def.save_tensor_name.split(":")[0], meta.saver_def.restore_op_name}
    around = [node for node in meta.graph_def.node if node.name not in ends]
    saver = _reached(meta, _called(node for node in meta.graph_def.node if node.name in ends))
    others = functions_of(meta).keys() - saver.keys()
    left = _reached(meta, others | _called(around) | entrances(meta)).values()
    return {n.op for n in around}, {n.op for function in left for n in function.node_def}


def entrances(meta) -> set[str]:
    """Return the names of the functions that a graph's objects are or have."""
    names = set()
    for node in meta.object_graph_def.nodes:
        names.update(node.function.concrete_functions)
        names.add(node.bare_concrete_function.concrete_function_name)
    return names - {""}


def _without_gradients(meta):
    """Return a graph's objects without the functions that only its training would call.

    They are those of no object, and take from the others what is in the middle of a computation.
    """
    objects = type(meta.object_graph_def)()
    objects.CopyFrom(meta.object_graph_def)
    for name in set(objects.concrete_functions) - entrances(meta):
        del objects.concrete_functions[name]
    for node in objects.nodes:
        if node.WhichOneof("kind") == "captured_tensor":
            node.user_object.identifier = "_generic_user_object"
    return objects


def _constants(meta) -> list:
    """Return the nodes of a graph that are constants of its objects."""
    kinds = (node for node in meta.object_graph_def.nodes if node.WhichOneof("kind") == "constant")
    names = {node.constant.operation for node in kinds}
    return [node for node in meta.graph_def.node if node.name in names and node.op == "Const"]


def functions_of(meta) -> dict:
    """Return the functions of a graph by name."""
    return {function.signature.name: function for function in meta.graph_def.library.function}


def _reached(meta, names: set[str]) -> dict:
    """Return, by name, the functions of these names and those that they call."""
    functions, found, waiting = functions_of(meta), {}, set(names)
    while waiting:
        name = waiting.pop()
        if name in functions and name not in found:
            found[name] = functions[name]
            waiting |= _called(functions[name].node_def)
    return found


def _called(nodes) -> set[str]:
    """Return the names by which nodes may call functions: as an operation, or in an attribute."""
    from tensorflow.core.framework.attr_value_pb2 import NameAttrList

    names = set()
    for node in nodes:
        parts = _within(node)
        names |= {node.op} | {part.name for part in parts if isinstance(part, NameAttrList)}
    return names


def _plain(function):
    """Return a copy of a function that has its operations, their settings, and nothing else."""
    plain = type(function)()
    plain.CopyFrom(function)
    plain.ClearField("attr")  # `api_implements` lets a function be called in place of another
    plain.ClearField("arg_attr")
    for argument in (*plain.signature.input_arg, *plain.signature.output_arg):
        argument.ClearField("handle_data")
    for node in plain.node_def:
        _clear_notes(node)
    return plain


def _clear_notes(node) -> None:
    for name in set(node.attr):
        if name.startswith("_") or name in _NOTES:
            del node.attr[name]
    node.ClearField("device")


def _loud(objects):
    """Yield what loading the objects would run, or expand in memory."""
    from tensorflow.core.framework.tensor_pb2 import TensorProto

    for node in objects.nodes:
        kind = node.WhichOneof("kind")
        registered = node.registered_name
        if kind not in _QUIET or (registered and (kind, registered) != ("constant", _CONSTANT)):
            yield registered or str(kind)
        if node.saveable_objects or node.registered_saver:
            yield "a function that restores"
        for child in node.children:
            is_function = "function" in str(objects.nodes[child.node_id].WhichOneof("kind"))
            if is_function and child.local_name.startswith("_"):
                yield f"{child.local_name}, in place of TensorFlow's method"
    if any(isinstance(part, TensorProto) for part in _within(objects)):
        yield "a tensor"


def _within(message):
    """Yield a message and all those in it."""
    from google.protobuf.message import Message

    yield message
    for field, value in message.ListFields():
        if field.message_type:  # of one, of several, or of a map, which may be of plain values
            values = value.values() if isinstance(value, Mapping) else value
            for part in [values] if isinstance(values, Message) else values:
                if isinstance(part, Message):
                    yield from _within(part)


def _foreign(file: Path, requirement: str, received: str) -> StoreError:
    remedy = "Load it with TensorFlow itself if you trust where it comes from"
    return StoreError(f"{file} must {requirement}", received, remedy)

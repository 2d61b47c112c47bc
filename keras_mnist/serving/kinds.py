"""Which operations only compute: decided by their kind, as TensorFlow's own registry tells it.

A network that answers needs arithmetic. An operation that does more needs a way out of it, and the
registry shows each: it has state; it is given a text, which may name a file, a server or a table,
as an input or in an attribute; it is given something that lives elsewhere; it calls functions; it
is made for another device than the processor. So no list of what networks happen to hold is kept,
only the few exceptions that a kind cannot tell: operations that call, whose functions are looked
at too, those that read a variable, and lists of tensors, which loops are made of.
"""

import functools

from keras_mnist.base.backend import tf  # set as it must be, before its registry is imported

# By operation that calls: the attributes that name the functions.
CALLS = {
    "PartitionedCall": ("f",),
    "StatefulPartitionedCall": ("f",),
    "If": ("then_branch", "else_branch"),
    "StatelessIf": ("then_branch", "else_branch"),
    "Case": ("branches",),
    "StatelessCase": ("branches",),
    "While": ("cond", "body"),
    "StatelessWhile": ("cond", "body"),
}
_READS = {"ReadVariableOp", "ResourceGather", "ResourceGatherNd"}
# Of tensors in a list, those whose size `lists` can tell before they are made.
_LISTS = {
    "TensorListReserve",
    "TensorListFromTensor",
    "TensorListGetItem",
    "TensorListSetItem",
    "TensorListStack",
    "TensorListLength",
}
# They change the numbers that they are given, which may be a variable's, and say nothing of it.
_IN_PLACE = {"InplaceAdd", "InplaceSub", "InplaceUpdate"}
# Of loops and branches as they were before there were functions: nobody could follow them.
_JUMPS = {"Switch", "Merge", "Exit", "NextIteration", "LoopCond", "ControlTrigger"}
# Texts that say how to compute, by the name of their attribute, where any text is allowed.
_HOW = {
    "bad_indices_policy",
    "data_format",
    "dst_format",
    "equation",
    "fill_mode",
    "interpolation",
    "kernel_type",
    "src_format",
}
# What is no number, or names something that is none.
_OUTSIDE = {
    tf.string.as_datatype_enum: "texts",
    tf.resource.as_datatype_enum: "what lives outside it",
    tf.variant.as_datatype_enum: "objects",
}


def definition(name: str):
    """Return how TensorFlow defines an operation; `None` where it knows none of this name."""
    from tensorflow.python.framework import op_def_registry

    return op_def_registry.get(name)


@functools.cache
def objection(name: str) -> str:
    """Return what an operation does or may do besides computing; nothing where it only computes."""
    found = definition(name)
    if found is None:
        return "unknown to TensorFlow"
    return "" if name in CALLS else next(_objections(found), "")


def _objections(found):
    name = found.name
    if name.startswith("_"):
        yield "TensorFlow's own"
    if found.is_stateful and name not in _READS:
        yield "has state"
    if name in _IN_PLACE or any(arg.is_ref for arg in (*found.input_arg, *found.output_arg)):
        yield "changes what it is given"
    if name in _JUMPS:
        yield "jumps"
    for kind in sorted(_kinds(found) & _OUTSIDE.keys()):
        known = _READS if kind == tf.resource.as_datatype_enum else _LISTS
        if name not in known:
            yield f"takes or gives {_OUTSIDE[kind]}"
    for attribute in found.attr:
        if "func" in attribute.type:
            yield "calls functions"
        free = not attribute.HasField("allowed_values") and attribute.name not in _HOW
        if "string" in attribute.type and free:
            yield f"is told a {attribute.name}"
    if not _on_processor(name):
        yield "is not for the processor"


def _kinds(found) -> set[int]:
    """Return the kinds that inputs and outputs always have, and those all of whose kinds are so."""
    arguments = (*found.input_arg, *found.output_arg)
    always = {arg.type for arg in arguments if arg.type}
    for attribute in found.attr:
        allowed = set(attribute.allowed_values.list.type)
        if allowed and allowed <= _OUTSIDE.keys():
            always |= allowed
    return always


def _on_processor(name: str) -> bool:
    from tensorflow.python.framework import kernels

    kinds = {kernel.device_type for kernel in kernels.get_registered_kernels_for_op(name).kernel}
    return bool(kinds & {"CPU", "DEFAULT"})

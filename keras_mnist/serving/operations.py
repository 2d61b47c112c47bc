"""A SavedModel's operations, looked at before any of them could run.

A SavedModel is a program: among the operations that TensorFlow has are some that read and write
files or call Python. One of ours has no use for them.
"""

from pathlib import Path

from keras_mnist.base.errors import StoreError

# What the exported networks of this package are made of (a test exports every one).
_NAMES = """
AddV2 ArgMax AssignVariableOp AvgPool BiasAdd Cast ConcatV2 Const Conv2D DisableCopyOnRead
Floor GatherV2 Identity MatMul MaxPool MergeV2Checkpoints Mul NoOp Pack
Placeholder Prod ReadVariableOp RealDiv Relu Reshape RestoreV2 Rsqrt SaveV2 Select Shape
ShardedFilename Softmax Squeeze StatefulPartitionedCall StaticRegexFullMatch StridedSlice
StringJoin Sub Tanh Transpose VarHandleOp VarIsInitializedOp
"""
KNOWN = frozenset(_NAMES.split())


def require_known_operations(file: Path) -> None:
    """Check `saved_model.pb` without loading it.

    Raises:
        StoreError: it is no such file, or has an operation that none of this package's has.
    """
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    try:
        model = SavedModel.FromString(file.read_bytes())
    except (DecodeError, OSError) as error:
        raise StoreError(f"{file} must be a SavedModel", error) from None
    unknown = sorted(operations(model) - KNOWN)
    if unknown:
        raise StoreError(
            f"{file} must hold the operations of this package's networks only",
            ", ".join(unknown[:5]),
            "Load it with TensorFlow itself if you trust where it comes from",
        )


def operations(model) -> set[str]:
    """Return the names of the operations in a SavedModel message, those of its functions too."""
    found = set()
    for meta in model.meta_graphs:
        graph = meta.graph_def
        found |= {node.op for node in graph.node}
        functions = {function.signature.name for function in graph.library.function}
        for function in graph.library.function:
            found |= {node.op for node in function.node_def} - functions
    return found

"""Which variables of a process's environment change the bits of a run, and whether records say so.

Each variable that TensorFlow, XLA, oneDNN, Eigen, the threads' libraries, NumPy, the C library and
Keras document, or read by name, is set in a process of its own, which trains tiny runs through a
worker as every command does. What the run's record says is asked as `verify` asks it.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from keras_mnist.base.errors import shown

NETWORKS = ("mlp", "lenet5", "conv1x1")
TRAIN_SIZE = 600
PATIENCE = 1800  # seconds that one variable may take
SAME, TOLD, UNTOLD, REFUSED = "same", "other, said", "other, NOT said", "refused"

TRIED = """
    TF_ENABLE_ONEDNN_OPTS=0
    TF_DETERMINISTIC_OPS=1
    TF_CUDNN_DETERMINISTIC=1
    TF_DETERMINISTIC_ORDER=1
    TF_DETERMINISTIC_ALLOCATOR=1
    TF_USE_DEEP_CONV2D=1
    TF_USE_DEFAULT_CONV_ALGO=1
    TF_USE_DETERMINISTIC_SEGMENT_REDUCTIONS=1
    TF_USE_EIGEN_PARALLEL_FOR_IN_WORK_SHARDER=1
    TF_USE_SINGLE_THREAD_MLIR_CONTEXT=1
    TF_DISABLE_JIT_KERNELS=1
    TF_DISABLE_SEGMENT_REDUCTION_OP_DETERMINISM_EXCEPTIONS=1
    TF_ENABLE_MAXPOOL_NANPROP=1
    TF_ENABLE_WINOGRAD_NONFUSED=0
    TF_ENABLE_ZENDNN_OPTS=1
    TF_ENABLE_ONEDNN_SPMM=1
    TF_ENABLE_FFT_TILING_FORWARD=1
    TF_ONEDNN_ASSUME_FROZEN_WEIGHTS=1
    TF_ONEDNN_THREADPOOL_USE_CALLER_THREAD=1
    TF_ONEDNN_USE_SYSTEM_ALLOCATOR=1
    TF_SET_ONEDNN_FPMATH_MODE=BF16
    TF_MKL_ALLOC_MAX_BYTES=1048576
    TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE=false
    TF_CPU_ALLOCATOR_USE_BFC=1
    TF_NUM_INTRAOP_THREADS=2
    TF_NUM_INTEROP_THREADS=2
    TF_OVERRIDE_GLOBAL_THREADPOOL=1
    TF_GRAPH_CACHING=0
    TF_SYNC_ON_FINISH=0
    TF_FP16_CONV_USE_FP32_COMPUTE=0
    TF_FP16_MATMUL_USE_FP32_COMPUTE=0
    TF_CONV2D_USE_FP16_ACCUMULATE=1
    TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_LEVEL=TREAT_INFER_AS_ALLOW
    TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_IGNORE_PERFORMANCE=1
    TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_EMULATE_FP16=1
    NVIDIA_TF32_OVERRIDE=0
    TF_XLA_FLAGS=--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit
    TF_XLA_FLAGS=--tf_xla_min_cluster_size=1
    TF_XLA_FLAGS=--tf_xla_always_defer_compilation=true
    XLA_FLAGS=--xla_cpu_enable_fast_math=true
    XLA_FLAGS=--xla_cpu_enable_fast_min_max=true
    XLA_FLAGS=--xla_cpu_use_thunk_runtime=false
    XLA_FLAGS=--xla_cpu_max_isa=SSE4_2
    XLA_FLAGS=--xla_cpu_prefer_vector_width=512
    XLA_FLAGS=--xla_backend_optimization_level=0
    XLA_FLAGS=--xla_allow_excess_precision=false
    XLA_FLAGS=--xla_disable_all_hlo_passes=true
    XLA_FLAGS=--xla_no_such_flag=1
    ONEDNN_MAX_CPU_ISA=AVX2
    ONEDNN_MAX_CPU_ISA=SSE41
    DNNL_MAX_CPU_ISA=AVX2
    ONEDNN_CPU_ISA_HINTS=PREFER_YMM
    ONEDNN_DEFAULT_FPMATH_MODE=BF16
    ONEDNN_DEFAULT_FPMATH_MODE=ANY
    DNNL_DEFAULT_FPMATH_MODE=BF16
    ONEDNN_PRIMITIVE_CACHE_CAPACITY=0
    OMP_NUM_THREADS=2
    MKL_NUM_THREADS=2
    MKL_CBWR=COMPATIBLE
    OPENBLAS_NUM_THREADS=2
    OPENBLAS_CORETYPE=Nehalem
    NPY_DISABLE_CPU_FEATURES=X86_V3 X86_V4
    GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-FMA,-FMA_Usable,-AVX512F
    GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-SSE4_1,-SSE4_2
    GLIBC_TUNABLES=glibc.cpu.x86_non_temporal_threshold=0x4040
    MALLOC_PERTURB_=170
    PYTHONHASHSEED=1
    KERAS_BACKEND=numpy
    KERAS_FLOATX=float64
    KERAS_HOME=/nowhere
    KERAS_NNX_ENABLED=1
    TF_USE_LEGACY_KERAS=1
    TF2_BEHAVIOR=0
"""


@dataclass(frozen=True)
class Variable:
    """One that is set, and to what."""

    name: str
    value: str

    @classmethod
    def all(cls) -> list["Variable"]:
        """Return those that are tried, in their order."""
        return [cls(*line.strip().split("=", 1)) for line in TRIED.strip().splitlines()]

    def __str__(self):
        return f"{self.name}={self.value}"


def train() -> dict[str, str]:
    """Return the records' JSON texts of one run of each network, trained in a worker."""
    from keras_mnist.data import find_data
    from keras_mnist.runs.baseline import baseline_named
    from keras_mnist.runs.executors.local import LocalExecutor
    from keras_mnist.runs.executors.task import prepare, train_here

    dataset = find_data("mnist")
    with LocalExecutor(1, prepare, (dataset,), lambda args, event: None) as executor:
        runs = {
            name: executor.submit(
                train_here,
                baseline_named(name)[1].change(train_size=TRAIN_SIZE, epochs=1).on(dataset),
                0,
            )
            for name in NETWORKS
        }
        return {name: run.result().to_json() for name, run in runs.items()}


def trained_with(variables: Sequence[Variable] = ()) -> dict | str:
    """Return the records of a process that has `variables` set; if it ended without, its last line.

    What else is tried is not set there, whatever the caller has.
    """
    without = {one.name for one in Variable.all()}
    given = {name: value for name, value in os.environ.items() if name not in without}
    given |= {variable.name: variable.value for variable in variables}
    line = [sys.executable, __file__, "--here"]
    try:
        done = subprocess.run(line, env=given, capture_output=True, text=True, timeout=PATIENCE)
        return json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return f"nothing for {PATIENCE} s"
    except (ValueError, IndexError):
        return shown((done.stderr.strip().splitlines() or [f"code {done.returncode}"])[-1], 100)


def outcome(variables: Sequence[Variable], before: dict, after: dict | str, network: str) -> str:
    """Say what variables made of a network's run.

    Args:
        variables: that were set for `after`.
        before: records' texts by network, with nothing set.
        after: the same, or why there are none.
        network: one of them.
    """
    from keras_mnist.runs import RunRecord
    from keras_mnist.runs.verification import Verification

    if isinstance(after, str):
        return REFUSED
    found = Verification(*(RunRecord.from_json(texts[network]) for texts in (before, after)))
    if found.same:
        return SAME
    told = any(one.name in cause for one in variables for cause in found.causes)
    return TOLD if told else UNTOLD


def main() -> int:
    """Try them, print a line each, and return 1 if one changes bits and no record says so."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--only", default="", metavar="REGEX", help="those whose NAME=VALUE it finds"
    )
    options.add_argument(
        "--together", action="store_true", help="set all of those at once: quick, where none counts"
    )
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.here:
        print(json.dumps(train()))
        return 0
    before = trained_with()
    if isinstance(before, str):
        raise SystemExit(f"runs must be trained with nothing set. Received: {before}")
    where = json.loads(before[NETWORKS[0]])["environment"]
    print(f"TensorFlow {where['tensorflow']}, {where['processor']}; {where['instructions']}\n")
    print(f"| variable | {' | '.join(NETWORKS)} |\n| --- |{' --- |' * len(NETWORKS)}")
    counts, why = Counter(), []
    chosen = [variable for variable in Variable.all() if re.search(asked.only, str(variable))]
    for variables in [chosen] if asked.together else [[one] for one in chosen]:
        after = trained_with(variables)
        found = [outcome(variables, before, after, network) for network in NETWORKS]
        name = ", ".join(f"`{variable}`" for variable in variables)
        why += [f"{name}: {after}"] if isinstance(after, str) else []
        counts.update(found)
        print(f"| {name} | {' | '.join(found)} |", flush=True)
    print("", *why, ", ".join(f"{n} {kind}" for kind, n in counts.items()), sep="\n")
    return int(UNTOLD in counts)


if __name__ == "__main__":
    sys.exit(main())

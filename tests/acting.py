"""Operations of TensorFlow that do more than compute, by what they do: written down by hand.

Patterns of whole names, apart from how the package decides which may be in a network, so that one
can be tried by the other.
"""

import re

NEVER = {
    "read and write files": r"(Read|Write)File|MatchingFiles|.*Checkpoints?V?2?|(Save|Restore).*"
    r"|ImmutableConst|LoadAndRemapMatrix|.*Reader.*|ShardedFile.*|RecordInput|.*Snapshot.*Dataset.*"
    r"|FileSystem.*",
    "run Python": r".*PyFunc.*|GeneratorDataset",
    "print": r"Print.*|_Print|Assert|.*Summary(?!V2).*",
    "report to a debugger": r"Debug(Identity|Nan).*|DebugNumericSummary|Copy(Host)?"
    r"|_?CheckNumerics.*",
    "talk to others": r"_?(Host)?(Send|Recv)|Rpc.*|.*Rpc|Collective.*|Nccl.*|DataService.*|Remote.*"
    r"|XlaHostCompute|_?Xla(Send|Recv).*|.*Outfeed.*|.*Infeed.*|DistributedSave",
    "run on other devices": r".*TPU.*|Xla(Call|Concat|Custom|Host|If|Launch|Recv|Send|SetBound).*"
    r"|Xla(Sparse|Split|While).*",
    "run what is written elsewhere": r"MlirPassthroughOp|XlaLaunch.*|SymbolicGradient|For"
    r"|MapDefun|XlaCustomCall.*|XlaCallModule",
    "end the process": r"Abort",
    "keep what they are given": r".*Queue.*|Barrier.*|.*Table.*|.*TensorArray.*|Stack(Push|Pop).*"
    r"|(Un)?[sS]tage.*|.*Session.*|(Ordered)?Map(Stage|Clear).*|.*Mutex.*|.*Accumulator.*",
    "go through data": r".*Dataset.*|.*Iterator.*|Optional.*",
    "change variables": r"Assign.*|Resource(Apply|Scatter|Sparse|Strided).*"
    r"|(Ref|Apply|Scatter)(Sub|Add|Update|Adam|GradientDescent).*"
    r"|.*Variable(V2)?|VarHandleOp|Destroy.*|Inplace.*|CountUpTo",
    "draw from a state": r"Random(Uniform|Standard|Gamma(?!Grad)|Poisson|Shuffle).*|Rng.*"
    r"|.*RandomSeed.*"
    r"|.*CandidateSampler|Multinomial|Stateful(Uniform|Random|Standard|Truncated).*",
    "take texts": r"String.*|.*Regex.*|Decode(Raw|Json|Proto|Jpeg|Png|CSV|Image|Wav).*|Parse.*"
    r"|Encode(Base64|Jpeg|Png|Proto).*|AsString|ReduceJoin|Unicode(?!Script).*|.*Fingerprint|.*ToHash.*",
    "jump": r"(Ref)?(Switch|Merge|Enter|Exit|NextIteration)|LoopCond|SwitchN|ControlTrigger",
    "are TensorFlow's own": r"_.*",
}

READING = {"ReadVariableOp"}  # that match, and only read what the network has itself


def acts(name: str) -> bool:
    """Return whether an operation does more than compute."""
    return name not in READING and any(re.fullmatch(one, name) for one in NEVER.values())

"""The commands there are, known before anything of them is imported."""

COMMANDS = {
    "ablate": "change a choice of a network and learn what changed",
    "reproduce": "every claim of the published documents, with a verdict",
    "new-document": "a document of your own, a file to begin with",
    "report": "the verdicts again, from stored runs alone",
    "page": "everything that stored runs say, as one HTML file",
    "table": "stored runs as one table, for pandas, a spreadsheet, a paper",
    "search": "search dense width and dropout with keras-tuner",
    "compare": "what each variant changes, of anybody's numbers",
    "verify": "train stored runs again and compare weights and figures",
    "export": "a trained network as a SavedModel, and in other formats",
    "exports": "the exported networks there are",
    "predict": "which digits pictures show",
    "doctor": "what there is on this machine, and what is missing",
    "completion": "what bash, zsh and fish need to complete all of this",
}
# Where a command is not a module of this package of the same name.
_HOMES = {"search": "tuner.search", "new-document": "keras_mnist.new_document"}


def home(command: str) -> str:
    """Return the module that a command is."""
    return _HOMES.get(command, f"keras_mnist.{command}")

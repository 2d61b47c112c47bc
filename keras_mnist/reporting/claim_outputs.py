"""Where verdicts on claims go: the terminal, a folder of tables and figures, a JSON file."""

from pathlib import Path

from keras_mnist.files import write_whole
from keras_mnist.published import Source
from keras_mnist.reporting.claim_plot import claim_plot
from keras_mnist.reporting.claim_tables import (
    claim_table,
    claims_as_csv,
    claims_as_data,
    claims_as_markdown,
    notes,
    summary,
)
from keras_mnist.reporting.claims import ClaimResult
from keras_mnist.reporting.figures import save
from keras_mnist.reporting.grids import print_notes
from keras_mnist.reporting.outputs import finish, wide_console


def present_claims(judged: dict[Source, list[ClaimResult]], data: dict, folder, json_path) -> None:
    """Print the claim tables, write tables, figures and data, and print their paths.

    Args:
        judged: verdicts by source.
        data: the data set's identity.
    """
    folder = Path(folder)
    markdown, figures = [], {}
    for source, results in judged.items():
        title = f"{source.document}: {source.title}"
        console = wide_console()
        console.print(claim_table(title, results))
        print_notes(notes(results), console)
        print(summary(results))
        markdown.append(claims_as_markdown(title, results))
        figures[source.name] = claim_plot(title, results)
    everything = [result for results in judged.values() for result in results]
    written = [
        write_whole(folder / "claims.md", "\n".join(markdown)),
        write_whole(folder / "claims.csv", claims_as_csv(everything)),
        *save(figures, folder),
    ]
    finish(written, json_path, claims_as_data(everything, data))

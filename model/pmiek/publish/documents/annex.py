"""The fiches behind the draft programme, as its annex."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docxcompose.composer import Composer

from pmiek.publish.documents.word import problems_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.errors import Problem


def append_fiches(document: Any, fiches: Sequence[Path]) -> list[Problem]:
    """Append Word fiches to a document, each on a page of its own.

    Parameters
    ----------
    document : docx.document.Document
        Changed in place: pages, pictures, lists and styles of the fiches are added.
    fiches : sequence of Path
        Files, in the order of the annex. What is not there yet is left out.

    Returns
    -------
    list of Problem
        Files that cannot be read; they are left out too.
    """
    composer, problems = Composer(document), []
    for path in (fiche for fiche in fiches if fiche.is_file()):
        unfit = problems_of(path, path.name)
        problems += unfit
        if not unfit:
            fiche = Document(str(path))
            for first in fiche.paragraphs[
                :1
            ]:  # a break of its own would leave an empty page behind a full one
                first.paragraph_format.page_break_before = True
            composer.append(fiche)
    return problems

"""Commands on one text: analyse, tokens, times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import Encoding, Kind, OneFile, Outlet, Published, as_json, documents, out, read_options, write
from kg.cli.profiles import At, Chosen, Model, ProfileName, ReviewDir, Settings

if TYPE_CHECKING:
    from kg.datamodel import Document, Sentence, Token


def analyse(
    file: OneFile,
    published: Published = "",
    outlet: Outlet = "",
    show: Annotated[bool, typer.Option("--show", help="Coloured text in the terminal instead of JSON.")] = False,
    kind: Kind = "auto",
    encoding: Encoding = "",
    profile: ProfileName = "rules",
    endpoint: At = "",
    model: Model = "",
    settings: Settings = [],  # noqa: B006 - typer copies it
    review: ReviewDir = None,
) -> None:
    """Print what one document says: entities, relations, events, times, as JSON or as coloured text.

    A file of several articles gives one JSON object a line. docs/models.md tells of the profiles.

    Example: [bold]kg analyse article.txt --published 2024-07-28 --show[/bold]
    """
    from kg.pipeline import to_gold

    options = read_options(kind, encoding, outlet=outlet, published=published)
    found = list(documents([file], options))
    chosen = Chosen(profile=profile, endpoint=endpoint, model=model, settings=settings, review=review)
    with chosen.running(lambda _: found) as analyse_document:
        for document in found:
            analysis = analyse_document(document)
            if show:
                from kg.cli.show import show_analysis

                show_analysis(analysis, out())
            else:
                write(as_json(to_gold(analysis), indent=1 if len(found) == 1 else None))


def _segmented(document: Document) -> tuple[tuple[Sentence, ...], tuple[Token, ...]]:
    from kg.language.arabic import FoldedText
    from kg.language.morphology import default_morphology
    from kg.text.segment import segment

    return segment(FoldedText.of(document.text), default_morphology())


def tokens(file: OneFile, kind: Kind = "auto", encoding: Encoding = "") -> None:
    """Print tokens as CoNLL-U: clitics, lemma, part of speech, features, offsets.

    Example: [bold]kg tokens article.txt[/bold]
    """
    from kg.text.conllu import to_conllu

    for document in documents([file], read_options(kind, encoding)):
        write("\n".join(to_conllu(document, *_segmented(document))))


def times(file: OneFile, published: Published = "", kind: Kind = "auto", encoding: Encoding = "") -> None:
    """Print time expressions: start, end, TimeML type, value, text, tab-separated.

    Example: [bold]kg times article.txt --published 2024-07-28[/bold]
    """
    from kg.language.arabic import FoldedText
    from kg.text.timex import find_times

    write("start\tend\ttype\tvalue\ttext")
    for document in documents([file], read_options(kind, encoding, published=published)):
        sentences, _ = _segmented(document)
        for time in find_times(FoldedText.of(document.text), sentences, document.published):
            words = " ".join(time.span.of(document.text).split())
            write(f"{time.span.start}\t{time.span.end}\t{time.type}\t{time.value}\t{words}")

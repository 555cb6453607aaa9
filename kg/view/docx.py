"""A report as DOCX: WordprocessingML written here, because real footnotes and right-to-left runs are wanted.

The same report and pictures give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

from kg.view.report import Line, Report
from kg.view.words import static_text

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def docx(content: Report, pictures: Sequence[bytes] = ()) -> bytes:
    """The report as a Word document with a footnote for every quotation; ``pictures`` are PNG, set at its head."""
    writer = _Writer(content, pictures)
    document = f"{_HEAD}<w:document {_NAMES}><w:body>{''.join(writer.body())}{_SECTION}</w:body></w:document>"
    parts = {
        "[Content_Types].xml": static_text("report", "docx-types.xml"),
        "_rels/.rels": static_text("report", "docx-rels.xml"),
        "word/_rels/document.xml.rels": _relations(len(pictures)),
        "word/styles.xml": static_text("report", "docx-styles.xml"),
        "word/settings.xml": static_text("report", "docx-settings.xml"),
        "word/document.xml": document,
        "word/footnotes.xml": writer.footnotes(),
        "docProps/core.xml": _core(content),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _FIRST_DAY), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
        for number, picture in enumerate(pictures, 1):
            archive.writestr(zipfile.ZipInfo(f"word/media/figure{number}.png", _FIRST_DAY), picture)
    return file.getvalue()


_SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
    'w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
)


_RAISED = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
_OPEN, _CLOSE = "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}", "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
_LTR = "\N{LEFT-TO-RIGHT MARK}"  # after Arabic letters 2024-07-23 would read 23-07-2024; Word knows no isolates
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_WIDTH = 6_120_000  # the text's width on the page: 17 cm in English Metric Units


def text_of(text: str) -> str:
    """Text that XML takes: no characters that it forbids, its marks escaped.

    >>> text_of("a\\x00<b>")
    'a&lt;b&gt;'
    """
    return escape(_NOT_XML.sub("", text), quote=False)


class _Writer:
    def __init__(self, content: Report, pictures: Sequence[bytes]) -> None:
        self.content = content
        self.pictures = pictures
        self.rtl = content.language == "ar"
        self.uses = 0
        self.placed: list[tuple[int, int]] = []

    def body(self) -> Iterable[str]:
        """The paragraphs and tables in order."""
        content, word = self.content, self.content.word
        yield self.paragraph(content.title, style="Title")
        yield self.table([Line(cells=pair, notes=()) for pair in content.facts])
        for number, picture in enumerate(self.pictures, 1):
            yield _drawing(number, picture, content.title)
        if content.names:
            yield self.paragraph(word("report:key-names"), style="Heading1")
            heads = ("report:name", "report:type", "report:mentions")
            yield self.table(content.names, head=[word(key) for key in heads])
        if content.events:
            yield self.paragraph(word("report:timeline"), style="Heading1")
            yield self.table(content.events, noted=1)
        if content.said:
            yield self.paragraph(word("report:said"), style="Heading1")
            for who, lines in content.said:
                yield self.paragraph(who, style="Heading2")
                yield self.table(lines)
        yield from self.contradictions()
        yield self.paragraph(word("report:made"))

    def contradictions(self) -> Iterable[str]:
        """Denials and conflicts, each with the notes of both sides."""
        content, word = self.content, self.content.word
        yield self.paragraph(word("report:contradictions"), style="Heading1")
        for claim, yes, no, notes in content.denials:
            yield self.paragraph(claim, notes=notes, bold=True)
            yield self.paragraph(f"{word('report:affirmed')}: {yes}")
            yield self.paragraph(f"{word('report:denied')}: {no}")
        for first, second, differ, notes in content.conflicts:
            yield self.paragraph(word("report:two-tellings"), notes=notes, bold=True)
            yield self.paragraph(f"{first} / {second}")
            yield self.paragraph(f"{word('report:differ')}: {differ}")
        if not content.denials and not content.conflicts:
            yield self.paragraph(word("report:no-contradictions"))

    def paragraph(self, text: str, *, style: str = "", notes: Iterable[int] = (), bold: bool = False) -> str:
        """One paragraph in the direction of the report."""
        look = (f'<w:pStyle w:val="{style}"/>' if style else "") + ("<w:bidi/>" if self.rtl else "")
        return f"<w:p><w:pPr>{look}</w:pPr>{self.run(text, bold=bold)}{self.marks(notes)}</w:p>"

    def run(self, text: str, *, bold: bool = False) -> str:
        """A run of text; Word needs to be told that it is Arabic."""
        look = ("<w:b/><w:bCs/>" if bold else "") + ("<w:rtl/>" if self.rtl else "")
        return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text_of(text)}</w:t></w:r>'

    def marks(self, notes: Iterable[int]) -> str:
        """References to footnotes; Word wants a footnote of its own for each."""
        drawn = []
        for note in notes:
            self.uses += 1
            self.placed.append((self.uses, note))
            drawn.append(f'<w:r>{_RAISED}<w:footnoteReference w:id="{self.uses}"/></w:r>')
        return "".join(drawn)

    def table(self, lines: Sequence[Line], *, head: Sequence[str] = (), noted: int = 0) -> str:
        """A table; the notes of a line stand in the cell ``noted``."""
        if not lines:
            return ""
        rows = [self.row([self.paragraph(text, bold=True) for text in head])] if head else []
        for line in lines:
            cells = enumerate(line.cells)
            rows.append(self.row([self.paragraph(c, notes=line.notes if i == noted else ()) for i, c in cells]))
        direction = "<w:bidiVisual/>" if self.rtl else ""
        look = f'<w:tblPr><w:tblStyle w:val="Lines"/>{direction}<w:tblW w:w="5000" w:type="pct"/></w:tblPr>'
        grid = "<w:gridCol/>" * len(lines[0].cells)
        return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl><w:p/>"

    def row(self, cells: Iterable[str]) -> str:
        """A row of ready paragraphs."""
        return "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    def footnotes(self) -> str:
        """The footnotes: the exact words, then where they stand."""
        notes = {note.number: note for note in self.content.notes}
        made = [
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
        ]
        look = '<w:pStyle w:val="FootnoteText"/>' + ("<w:bidi/>" if self.rtl else "")
        for identifier, number in self.placed:
            note = notes[number]
            day = f"{_LTR}{note.published}{_LTR}" if note.published else ""
            tail = [part for part in (note.outlet, day, note.title, note.url) if part]
            text = f" {_OPEN}{note.quote}{_CLOSE} " + " \N{MIDDLE DOT} ".join(tail)
            made.append(
                f'<w:footnote w:id="{identifier}"><w:p><w:pPr>{look}</w:pPr><w:r>{_RAISED}<w:footnoteRef/></w:r>'
                f"{self.run(text)}</w:p></w:footnote>"
            )
        return f"{_HEAD}<w:footnotes {_NAMES}>{''.join(made)}</w:footnotes>"


def _core(content: Report) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{text_of(content.title)}</dc:title>'
        f"<dc:creator>kg</dc:creator><dc:language>{content.language}</dc:language></cp:coreProperties>"
    )


def _relations(pictures: int) -> str:
    image = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    more = "".join(
        f'<Relationship Id="figure{number}" Type="{image}" Target="media/figure{number}.png"/>'
        for number in range(1, pictures + 1)
    )
    return static_text("report", "docx-document-rels.xml").replace("</Relationships>", f"{more}</Relationships>")


def _drawing(number: int, picture: bytes, title: str) -> str:
    """A picture as wide as the text; its size stands in the head of the PNG."""
    wide, high = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    size = f'cx="{_WIDTH}" cy="{_WIDTH * high // max(1, wide)}"'
    name = f'id="{number}" name="figure{number}" descr="{escape(_NOT_XML.sub("", title))}"'
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent {size}/>'
        f'<wp:docPr {name}/><a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="figure{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
